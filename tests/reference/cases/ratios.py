"""Means, totals, ratios and contrasts of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from pipeline.estimation.items import Item, encoded
from pipeline.estimation.linear import estimates, ratios
from pipeline.estimation.together import joint
from pipeline.totals.coding import level_text
from tests.reference.cases import Case, UnsupportedError, listed


def items_of(case: Case) -> list[Item]:
    """Return one item per numeric variable, and one per level of a categorical one."""
    items = []
    for variable in case.variables:
        levels = case.levels(variable)
        if levels is None:
            items.append(Item(variable, "", (variable,), (), "mean"))
            continue
        for level in levels:
            given = level_text(float(level) if isinstance(level, bool | int | float) else level)
            items.append(Item(variable, given, (variable,), (level,), "proportion"))
    return items


def means(case: Case) -> dict[str, Any]:
    """A mean or total, overall or by groups."""
    options, by, items = case.options, case.by, items_of(case)
    estimand = case.spec["estimator"]
    if by:
        table = estimates(
            case.rows, items, design=case.design, by=[tuple(by)], where=case.where,
            missing=case.missing, estimand=estimand, interval_of_proportions="t",
        )  # fmt: skip
        return _in_r_order(table, case, items)
    table = estimates(
        case.rows, items, design=case.design, where=case.where, missing=case.missing,
        estimand=estimand, level=options.get("level", 0.95), interval_of_proportions="t",
        design_effect=options.get("deff") or "with_replacement", df=case.df,
    )  # fmt: skip
    together = joint(
        case.rows, estimand, items, design=case.design, where=case.where, missing=case.missing
    )
    normal = together.table(options.get("level", 0.95), float("inf"))
    return {
        "estimate": list(table["value"]), "se": list(table["standard_error"]),
        "ci_t_lower": list(table["low"]), "ci_t_upper": list(table["high"]),
        "ci_normal_lower": list(normal["low"]), "ci_normal_upper": list(normal["high"]),
        "df": float(table["degrees_of_freedom"].max()), "deff": list(table["design_effect"]),
        "vcov": together.covariance.tolist(),
    }  # fmt: skip


def _in_r_order(table: pd.DataFrame, case: Case, items: list[Item]) -> dict[str, Any]:
    """Order as R does: the first grouping column varies fastest."""
    keys = table["domain_value"].str.split("*", expand=True, regex=False)
    for place, name in enumerate(case.by):
        levels = case.levels(name) or list(encoded(case.rows[name])[1])
        order = {_text(level): k for k, level in enumerate(levels)}
        table = table.assign(**{f"by{place}": keys[place].map(order)})
    known = {(i.question, i.code): k for k, i in enumerate(items)}
    if items:
        places = [known[key] for key in zip(table["question"], table["code"], strict=True)]
        table = table.assign(item=places)
    else:
        table = table.assign(item=0)
    reverse = [f"by{place}" for place in reversed(range(len(case.by)))]
    table = table.sort_values(["item", *reverse], kind="stable")
    return {"estimate": list(table["value"]), "se": list(table["standard_error"])}


def _text(level: Any) -> str:
    return level_text(float(level) if isinstance(level, bool | int | float) else level)


def ratio(case: Case) -> dict[str, Any]:
    """Ratios of every variable to every denominator."""
    options, by = case.options, case.by
    above, below = case.variables, listed(case.spec["denominators"])
    if by:
        table = ratios(
            case.rows, [(a, b) for b in below for a in above], design=case.design,
            by=[tuple(by)], where=case.where, missing=case.missing,
        )  # fmt: skip
        return _in_r_order(
            table, case, [Item(a, b, (a, b), (), "mean") for b in below for a in above]
        )
    table = ratios(
        case.rows, [(a, b) for b in below for a in above], design=case.design, where=case.where,
        missing=case.missing, level=options.get("level", 0.95), df=case.df,
        design_effect=options.get("deff") or "with_replacement",
    )  # fmt: skip
    if len(above) > 1:
        matrix = np.array(table["value"]).reshape(len(below), len(above)).T
        return {"ratio": {"values": matrix.tolist()},
                "se": {"values": [[e] for e in table["standard_error"]]}}  # fmt: skip
    ends = [*table["low"], *table["high"]]
    return {
        "estimate": list(table["value"]), "se": list(table["standard_error"]), "ci_t": ends,
        "ci": ends, "df": float(table["degrees_of_freedom"].iloc[0]),
        "deff": list(table["design_effect"]),
    }  # fmt: skip


def contrast(case: Case) -> dict[str, Any]:
    """Linear combinations, or a smooth function, of means, totals or ratios."""
    options, by = case.options, case.by
    if len(by) > 1 or options["of"] not in ("mean", "total", "ratio"):
        raise UnsupportedError(f"contrast of {options['of']} by {by}")
    case = _with_truths(case)
    questions: list[Any] = items_of(case)
    if options["of"] == "ratio":
        questions = list(zip(case.variables, listed(case.spec["denominators"]), strict=True))
    found = joint(
        case.rows, "total" if options["of"] == "total" else "mean", questions,
        design=case.design, by=by or None, where=case.where, missing=case.missing,
    )  # fmt: skip
    names = _names(found.names, questions, case)
    if "expression" in options:
        tree = options["expression"]
        found = found.function(
            options.get("label", "contrast"),
            lambda at: _value(tree, {k: at[n] for k, n in names.items()}),
        )
    else:
        found = found.contrast(
            {
                c["label"]: {names[k]: v for k, v in c["coefficients"].items()}
                for c in options["contrasts"]
            }
        )
    normal = found.table(options.get("level", 0.95), float("inf"))
    t = found.table(options.get("level", 0.95), case.df or found.df)
    return {
        "estimate": list(found.value), "se": list(normal["standard_error"]),
        "vcov": found.covariance.tolist(), "df": case.df or found.df,
        "ci_normal_lower": list(normal["low"]), "ci_normal_upper": list(normal["high"]),
        "ci_t_lower": list(t["low"]), "ci_t_upper": list(t["high"]),
    }  # fmt: skip


def _with_truths(case: Case) -> Case:
    """Take a variable as one of two levels where a contrast names its TRUE or FALSE."""
    said, known = json.dumps(case.options), case.spec.get("labels") or {}
    truths = {
        v: [False, True]
        for v in case.variables
        if case.levels(v) is None
        and any(f'"{_quoted(name)}{level}"' in said for name in (v, known.get(v, v))
                for level in ("TRUE", "FALSE"))
    }  # fmt: skip
    categories = {**(case.spec.get("categories") or {}), **truths}
    return replace(case, spec={**case.spec, "categories": categories})


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def _names(found: Sequence[str], questions: Sequence[Any], case: Case) -> dict[str, str]:
    """Return our name of an estimate by the names a contrast may call it by: R's and ours."""
    labels = case.spec.get("labels") or {}
    called: dict[str, list[str]] = {}
    for one in questions:
        if isinstance(one, tuple):
            called["/".join(one)] = ["/".join(one), "/".join(labels.get(c, c) for c in one)]
            continue
        written = _as_in_r(case.levels(one.question), one.code)
        name = f"{one.question}={one.code}" if one.code else one.question
        called[name] = [
            title + code
            for title in (one.question, labels.get(one.question, one.question))
            for code in written
        ]
    names: dict[str, str] = {}
    for full in found:
        name, _, group = full.partition("@")
        if not case.by:
            names.update(dict.fromkeys(called[name], full))
            continue
        for level in _as_in_r(case.levels(case.by[0]), group):
            names.update({f"{level}:{one}": full for one in called[name]})
            if len(questions) == 1:
                names[level] = full
    return names


def _as_in_r(levels: Sequence[Any] | None, code: str) -> list[str]:
    """Return a level as we write it and, if it is true or false, as R does."""
    if levels and all(isinstance(level, bool) for level in levels) and code in ("0", "1"):
        return [code, "TRUE" if code == "1" else "FALSE"]
    return [{"True": "TRUE", "False": "FALSE"}.get(code, code), code]


def _value(tree: Any, at: Mapping[str, complex]) -> Any:
    if isinstance(tree, dict):
        return at[tree["estimate"]]
    if not isinstance(tree, list):
        return tree
    operator, *parts = tree
    a, *b = (_value(part, at) for part in parts)
    if operator in ("log", "exp", "sqrt"):
        return {"log": np.log, "exp": np.exp, "sqrt": np.sqrt}[operator](a)
    if operator == "-" and not b:
        return -a
    take = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}
    return reduce(take[operator], b, a)


ESTIMATORS = {"mean": means, "total": means, "ratio": ratio, "contrast": contrast}
