"""Calibration steps of a case's `spec`, through the public verbs of weighting."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import INTERCEPT, SurveyDesign
from pipeline.totals.coding import level_text
from pipeline.weighting.calibration import poststratify, rake
from pipeline.weighting.generalised import calibrate
from pipeline.weighting.trimming import trim
from tests.reference.cases import UnsupportedError


def calibrated(
    rows: pd.DataFrame, design: SurveyDesign, step: Mapping[str, Any]
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Take one calibration step; its weights go into a column of their own."""
    into = "calibrated"
    while into in rows:
        into += "_again"
    asked = {key: value for key, value in step.items() if value is not None}
    margins = {
        one["column"]: _as_text(rows[one["column"]], one["totals"])
        for one in asked.get("margins", ())
    }
    match asked["method"]:
        case "poststratify":
            ((variable, totals),) = margins.items()
            return poststratify(rows, design, variable, totals, into=into)
        case "rake":
            return rake(
                rows, design, margins, into=into, tolerance=asked.get("tolerance", 1.0),
                max_iterations=asked.get("max_iterations", 10), until="cells_settled",
            )  # fmt: skip
        case "trim":
            return trim(
                rows, design, lower=_limit(asked.get("lower")), upper=_limit(asked.get("upper")),
                into=into, repeat_until_inside=asked.get("repeat_until_inside", False),
            )  # fmt: skip
        case "linear" | "raking" | "logit":
            return calibrate(
                rows, design, distance=asked["method"], into=into, bounds=_bounds(asked),
                terms=[_column(term) for term in asked["terms"]], totals=_totals(rows, asked),
                tolerance=asked.get("tolerance", 1e-7),
                max_iterations=asked.get("max_iterations", 50),
                equal_within_stage=asked.get("equal_within_stage"),
            )  # fmt: skip
    raise UnsupportedError(f"calibration {asked['method']}")


def _limit(given: Any) -> float | None:
    return None if given is None or np.isinf(float(given)) else float(given)


def _bounds(asked: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = (_limit(one) for one in asked.get("bounds", (None, None)))
    if low is None and high is None:
        return None
    return -np.inf if low is None else low, np.inf if high is None else high


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
        elif one.get("category") is not None:
            of = _as_text(rows[one["column"]], {one["category"]: one["total"]})
            totals.setdefault(one["column"], {}).update(of)
        else:
            totals[one["column"]] = one["total"]
    return totals


def _as_text(column: pd.Series, totals: Mapping[Any, float]) -> dict[str, float]:
    """Write categories as weighting does: true and false are 1 and 0, whole numbers whole."""
    answers = column.dropna()
    truths = answers.isin([0, 1]).all()
    numeric = pd.api.types.is_numeric_dtype(column)
    written = {}
    for category, total in totals.items():
        text = str(category)
        if truths and text.lower() in ("true", "false"):
            text = "1" if text.lower() == "true" else "0"
        elif numeric:
            text = level_text(float(text))
        written[text] = total
    return written
