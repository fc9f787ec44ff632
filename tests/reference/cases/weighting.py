"""Calibration steps of a case's `spec`, through the public verbs of weighting."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.design import INTERCEPT, SurveyDesign
from pipeline.weighting.calibration import poststratify, rake
from pipeline.weighting.generalised import calibrate
from pipeline.weighting.trimming import trim
from tests.reference.cases import UnsupportedError


def calibrated(
    rows: pd.DataFrame,
    design: SurveyDesign,
    step: Mapping[str, Any],
    categories: Mapping[str, Sequence[Any]],
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Take one calibration step; its weights go into a column of their own."""
    into = "calibrated"
    while into in rows:
        into += "_again"
    margins = {
        one["column"]: _as_text(rows[one["column"]], one["totals"])
        for one in step.get("margins", ())
    }
    match step["method"]:
        case "poststratify":
            ((variable, totals),) = margins.items()
            return poststratify(rows, design, variable, totals, into=into)
        case "rake":
            return rake(
                rows, design, margins, into=into, tolerance=step["tolerance"],
                max_iterations=step["max_iterations"], until="cells_settled",
            )  # fmt: skip
        case "trim":
            return trim(
                rows, design, lower=step["lower"], upper=step["upper"], into=into,
                repeat_until_inside=bool(step["repeat_until_inside"]),
            )  # fmt: skip
        case "linear" | "raking" | "logit":
            return calibrate(
                rows, design, distance=step["method"], into=into,
                terms=[_column(term) for term in step["terms"]], totals=_totals(rows, step),
                bounds=step["bounds"] and tuple(step["bounds"]), tolerance=step["tolerance"],
                max_iterations=step["max_iterations"],
                equal_within_stage=step.get("equal_within_stage"),
            )  # fmt: skip
    raise UnsupportedError(f"calibration {step['method']}")


def _column(term: Mapping[str, Any]) -> str:
    if term["kind"] == "interaction":
        raise UnsupportedError("calibration to an interaction")
    return str(term["column"])


def _totals(rows: pd.DataFrame, step: Mapping[str, Any]) -> dict[str, Any]:
    """Totals per column; R's formula has an intercept unless its total is not given."""
    totals: dict[str, Any] = {}
    for one in step["totals"]:
        if one.get("term") == "intercept":
            totals[INTERCEPT] = one["total"]
        elif "category" in one:
            of = _as_text(rows[one["column"]], {one["category"]: one["total"]})
            totals.setdefault(one["column"], {}).update(of)
        else:
            totals[one["column"]] = one["total"]
    return totals


def _as_text(column: pd.Series, totals: Mapping[Any, float]) -> dict[str, float]:
    """Write categories as weighting does: true and false are 1 and 0."""
    if not pd.api.types.is_bool_dtype(column) and pd.api.types.infer_dtype(column) != "boolean":
        return {str(category): total for category, total in totals.items()}
    return {
        {"true": "1", "false": "0"}.get(str(category).lower(), str(category)): total
        for category, total in totals.items()
    }
