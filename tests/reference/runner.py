"""Run reference cases through the public calls and compare with what R's survey package gave.

A case is *unsupported* when its design or estimator is none of ours, *explained* when the case
itself says that it is not binding (its ``advisory``).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.items import Item, encoded, level_text
from pipeline.estimation.joint import joint
from pipeline.estimation.means import estimates, ratios
from pipeline.weighting.calibration import poststratify, rake
from tests.reference.expressions import column, is_true

ESTIMATORS = ("mean", "total", "ratio", "proportion_ci", "contrast", "multiple")
INTERVALS = ("logit", "xlogit", "asin", "beta", "mean")


class UnsupportedError(Exception):
    """The case asks for something that is not there yet."""


@dataclass(frozen=True)
class Result:
    """What became of one case."""

    group: str
    case: str
    verdict: str  # agree, disagree, unsupported, explained
    why: str = ""


def run(folder: Path, group: str | None = None) -> Iterator[Result]:
    """Run all cases of `folder`, or of one group."""
    for path in sorted(folder.glob("*.json")):
        if group is None or path.stem == group:
            for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
                yield result_of(folder, path.stem, case)


def result_of(folder: Path, group: str, case: Mapping[str, Any]) -> Result:
    """Run one case."""
    name = case["id"]
    try:
        rows, design, where = prepared(folder / case["data"], case["spec"])
        found = computed(case["spec"], rows, design, where)
    except UnsupportedError as missing:
        return Result(group, name, "unsupported", str(missing))
    except SurveyError as refused:
        verdict = "agree" if case.get("refusal") == "required" else "disagree"
        return Result(group, name, verdict, str(refused))
    if "outputs" not in case:
        return Result(group, name, "disagree", "R refused, we did not")
    iterated = case["spec"].get("options", {}).get("method") == "logit"  # R fits a model
    loose = bool(case["spec"].get("calibration")) or iterated
    zero = set(case.get("numerically_zero", ()))
    wrong = list(differences(found, case["outputs"], 1e-6 if loose else 1e-9, zero))
    if not wrong:
        return Result(group, name, "agree")
    verdict = "explained" if case.get("advisory") else "disagree"
    return Result(group, name, verdict, "; ".join(wrong))


def prepared(
    path: Path, spec: Mapping[str, Any]
) -> tuple[pd.DataFrame, SurveyDesign, pd.Series | None]:
    """Read the rows and make the design and the domain that a case describes."""
    drawn = spec["design"]
    if drawn["kind"] != "taylor" or drawn.get("pps"):
        raise UnsupportedError("design " + drawn["kind"] + (" pps" if drawn.get("pps") else ""))
    if spec["estimator"] not in ESTIMATORS:
        raise UnsupportedError(f"estimator {spec['estimator']}")
    if spec["estimator"] == "proportion_ci" and spec["options"]["method"] not in INTERVALS:
        raise UnsupportedError(f"interval {spec['options']['method']}")
    rows = pd.read_csv(path, keep_default_na=False, na_values=[""])
    chosen = spec.get("rows", {})
    rows = rows.head(chosen["first"]) if "first" in chosen else rows
    if "filter" in chosen:
        rows = rows[is_true(chosen["filter"], rows)]
    rows = rows.reset_index(drop=True)
    for one in spec.get("derive", ()):
        rows[one["column"]] = column(one["expression"], rows)
    fpc = drawn["fpc"] or {"columns": [], "meaning": "population_size"}
    probability = drawn["probability"]
    if isinstance(probability, int | float):
        rows["given_probability"] = float(probability)
        probability = "given_probability"
    design = SurveyDesign(
        weight=drawn["weight"], probability=probability, strata=tuple(drawn["strata"]),
        clusters=tuple(drawn["clusters"]), fpc=tuple(fpc["columns"]), fpc_meaning=fpc["meaning"],
        nest=drawn["nest"], lonely_psu=drawn["lonely_psu"],
        lonely_psu_in_domains=drawn["lonely_psu_in_domains"],
    )  # fmt: skip
    for step in spec.get("calibration", ()):
        rows, design = _calibrated(rows, design, step)
    where = is_true(spec["domain"]["filter"], rows) if "domain" in spec else None
    return rows, design, where


def _calibrated(
    rows: pd.DataFrame, design: SurveyDesign, step: Mapping[str, Any]
) -> tuple[pd.DataFrame, SurveyDesign]:
    counts = {m["column"]: m["totals"] for m in step.get("margins", ())}
    match step["method"]:
        case "poststratify":
            ((variable, totals),) = counts.items()
            return poststratify(rows, design, variable, totals, into="calibrated")
        case "rake":
            return rake(
                rows, design, counts, into="calibrated",
                tolerance=max(step["tolerance"], 1e-12), max_iterations=step["max_iterations"],
            )  # fmt: skip
    raise UnsupportedError(f"calibration {step['method']}")


def computed(
    spec: Mapping[str, Any], rows: pd.DataFrame, design: SurveyDesign, where: pd.Series | None
) -> dict[str, Any]:
    """Compute what a case asks for, under R's output names."""
    options = spec.get("options", {})
    match spec["estimator"]:
        case "multiple":
            return _reports(spec, rows, design, where)
        case "contrast":
            return _contrast(spec, rows, design, where)
        case "ratio" if "by" not in spec:
            return _ratio(spec, rows, design, where)
        case "proportion_ci":
            variable = spec["variables"][0]
            item = Item(variable, "1", (variable,), (1,), "proportion")
            table = estimates(
                rows, [item], design=design, where=where, level=options["level"],
                df=_df(options), interval_of_proportions=options["method"],
            )  # fmt: skip
            row = table.iloc[0]
            error = row["standard_error"]
            if options["method"] == "asin":
                error = error / (2 * np.sqrt(row["value"] * (1 - row["value"])))
            elif options["method"] == "xlogit":
                error = error / (row["value"] * (1 - row["value"]))
            return {
                "estimate": [row["value"]], "se": [error], "se_of_share": [row["standard_error"]],
                "ci": [row["low"], row["high"]], "df": _df(options) or row["degrees_of_freedom"],
            }  # fmt: skip
    return _table(spec, rows, design, where)


def _reports(
    spec: Mapping[str, Any], rows: pd.DataFrame, design: SurveyDesign, where: pd.Series | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    weight = rows[design.weight].to_numpy()
    for report in spec["options"]["report"]:
        inner = {**spec, **{"options": {}}, **report}
        match report["estimator"]:
            case "weights":
                wanted = report["options"]["rows"]
                found[report["output"]] = list(weight if wanted == "all" else weight[:wanted])
            case "sum_of_weights":
                found[report["output"]] = [weight.sum()]
            case "sum_of_squared_weights":
                found[report["output"]] = [(weight**2).sum()]
            case _:
                found[report["output"]] = computed(inner, rows, design, where)
    return found


def _df(options: Mapping[str, Any]) -> float | None:
    given = options.get("df", "infinite")
    return None if given == "design" else float("inf") if given == "infinite" else float(given)


def _items(spec: Mapping[str, Any], rows: pd.DataFrame) -> list[Item]:
    items = []
    for variable in spec["variables"]:
        levels = spec.get("categories", {}).get(variable)
        if levels is None:
            items.append(Item(variable, "", (variable,), (), "mean"))
            continue
        for level in levels:
            given = level_text(float(level) if isinstance(level, bool | int | float) else level)
            items.append(Item(variable, given, (variable,), (level,), "proportion"))
    return items


def _table(
    spec: Mapping[str, Any], rows: pd.DataFrame, design: SurveyDesign, where: pd.Series | None
) -> dict[str, Any]:
    options, by = spec.get("options", {}), spec.get("by")
    missing = {"none": "domain", "domain": "domain_jointly"}[spec["missing"]]
    if by and spec["estimator"] == "ratio":
        pairs = list(zip(spec["variables"], spec["denominators"], strict=True))
        table = ratios(rows, pairs, design=design, by=[tuple(by)], where=where)
        return {"estimate": list(table["value"]), "se": list(table["standard_error"])}
    items = _items(spec, rows)
    if by:
        table = estimates(
            rows, items, design=design, by=[tuple(by)], where=where, missing=missing,
            estimand=spec["estimator"], interval_of_proportions="t",
        )  # fmt: skip
        return _in_r_order(table, spec, rows)
    table = estimates(
        rows, items, design=design, where=where, missing=missing, estimand=spec["estimator"],
        level=options.get("level", 0.95), interval_of_proportions="t",
        design_effect=options.get("deff") or "with_replacement", df=_df(options),
    )  # fmt: skip
    together = joint(rows, spec["estimator"], items, design=design, where=where, missing=missing)
    normal = together.table(options.get("level", 0.95), float("inf"))
    return {
        "estimate": list(table["value"]), "se": list(table["standard_error"]),
        "ci_t_lower": list(table["low"]), "ci_t_upper": list(table["high"]),
        "ci_normal_lower": list(normal["low"]), "ci_normal_upper": list(normal["high"]),
        "df": float(table["degrees_of_freedom"].iloc[0]), "deff": list(table["design_effect"]),
        "vcov": together.covariance.tolist(),
    }  # fmt: skip


def _in_r_order(
    table: pd.DataFrame, spec: Mapping[str, Any], rows: pd.DataFrame
) -> dict[str, Any]:
    """Order as R does: the first grouping column varies fastest."""
    keys = table["domain_value"].str.split("*", expand=True, regex=False)
    for place, name in enumerate(spec["by"]):
        levels = spec.get("categories", {}).get(name) or list(encoded(rows[name])[1])
        order = {level_text(level): k for k, level in enumerate(levels)}
        table = table.assign(**{f"by{place}": keys[place].map(order)})
    items = {(i.question, i.code): k for k, i in enumerate(_items(spec, rows))}
    table = table.assign(
        item=[items[key] for key in zip(table["question"], table["code"], strict=True)]
    )
    reverse = [f"by{place}" for place in reversed(range(len(spec["by"])))]
    table = table.sort_values(["item", *reverse], kind="stable")
    return {"estimate": list(table["value"]), "se": list(table["standard_error"])}


def _ratio(
    spec: Mapping[str, Any], rows: pd.DataFrame, design: SurveyDesign, where: pd.Series | None
) -> dict[str, Any]:
    options = spec.get("options", {})
    above, below = spec["variables"], spec["denominators"]
    table = ratios(
        rows, [(a, b) for b in below for a in above], design=design, where=where,
        level=options.get("level", 0.95), df=_df(options),
        design_effect=options.get("deff") or "with_replacement",
    )  # fmt: skip
    if len(above) > 1:
        matrix = np.array(table["value"]).reshape(len(below), len(above)).T
        return {"ratio": {"values": matrix.tolist()},
                "se": {"values": [[e] for e in table["standard_error"]]}}  # fmt: skip
    return {
        "estimate": list(table["value"]), "se": list(table["standard_error"]),
        "ci_t": [*table["low"], *table["high"]], "ci": [*table["low"], *table["high"]],
        "df": float(table["degrees_of_freedom"].iloc[0]),
        "deff": list(table["design_effect"]),
    }  # fmt: skip


def _contrast(
    spec: Mapping[str, Any], rows: pd.DataFrame, design: SurveyDesign, where: pd.Series | None
) -> dict[str, Any]:
    options, by = spec["options"], spec.get("by")
    if len(by or ()) > 1 or options["of"] not in ("mean", "total", "ratio"):
        raise UnsupportedError(f"contrast of {options['of']} by {by}")
    questions: list[Any] = list(spec["variables"])
    if options["of"] == "ratio":
        questions = list(zip(spec["variables"], spec["denominators"], strict=True))
    found = joint(
        rows, "total" if options["of"] == "total" else "mean", questions, design=design,
        by=by and [by[0]], where=where, missing="domain" if spec["missing"] == "none" else "domain_jointly",
    )  # fmt: skip
    names = {n.partition("@")[2] if by else n: n for n in found.names}
    if "expression" in options:
        tree = options["expression"]
        found = found.function("x", lambda at: _value(tree, {k: at[n] for k, n in names.items()}))
    else:
        found = found.contrast(
            {
                c["label"]: {names[k]: v for k, v in c["coefficients"].items()}
                for c in options["contrasts"]
            }
        )
    normal = found.table(options.get("level", 0.95), float("inf"))
    t = found.table(options.get("level", 0.95), _df(options) or found.df)
    return {
        "estimate": list(found.value), "se": list(normal["standard_error"]),
        "vcov": found.covariance.tolist(), "df": _df(options) or found.df,
        "ci_normal_lower": list(normal["low"]), "ci_normal_upper": list(normal["high"]),
        "ci_t_lower": list(t["low"]), "ci_t_upper": list(t["high"]),
    }  # fmt: skip


def _value(tree: Any, at: Mapping[str, complex]) -> Any:
    if isinstance(tree, dict):
        return at[tree["estimate"]]
    if not isinstance(tree, list):
        return tree
    operator, *parts = tree
    a, *b = (_value(part, at) for part in parts)
    if operator == "log":
        return np.log(a)
    if operator == "exp":
        return np.exp(a)
    return {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[operator](a, b[0])


SKIPPED = {"names", "level", "method", "by", "estimate_names", "order", "rows", "cols"}


def differences(
    found: Any, expected: Any, tolerance: float, zero: set[str], place: str = ""
) -> Iterator[str]:
    """Yield what in `expected` is not met by `found`."""
    for key, wanted in expected.items():
        if key in SKIPPED or wanted is None:
            continue
        if key not in found:
            yield f"{place}{key} is not computed"
            continue
        if isinstance(wanted, dict):
            yield from differences(found[key], wanted, tolerance, zero, f"{place}{key}/")
            continue
        ours, theirs = _flat(found[key]), _flat(wanted)
        slack = np.zeros(len(theirs))
        if key == "vcov":
            error = np.sqrt(np.abs(np.diag(np.array(wanted, dtype=float))))
            slack = tolerance * np.outer(error, error).reshape(-1)
        if key == "se" and "se_of_share" in found and len(theirs) == len(ours):
            # R gives the spread of the share for some methods, of the transform for others.
            if np.allclose(_flat(found["se_of_share"]), theirs, rtol=tolerance, atol=0):
                continue
        if len(ours) != len(theirs):
            yield f"{place}{key}: {len(ours)} values, {len(theirs)} wanted"
            continue
        for index, (mine, given) in enumerate(zip(ours, theirs, strict=True)):
            if any(entry.startswith(f"{place}{key}") for entry in zero):
                scale = abs(_flat(found["estimate"])[index % len(_flat(found["estimate"]))]) or 1
                if np.isnan(given) or np.isnan(mine) or abs(mine - given) < 1e-6 * scale:
                    continue
            if mine == given or (np.isnan(given) and np.isnan(mine)):
                continue
            if not abs(mine - given) <= tolerance * abs(given) + slack[index]:
                yield f"{place}{key}[{index}]: {mine!r}, R has {given!r}"


def _flat(given: Any) -> np.ndarray:
    return np.array(given, dtype=float).reshape(-1)
