"""Cross-tabulations and tests: independence, t and rank tests."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import Trim
from pipeline.estimation.hypotheses.crosstabs import crosstab
from pipeline.estimation.hypotheses.independence import independence
from pipeline.estimation.hypotheses.mean_tests import t_test
from pipeline.estimation.hypotheses.rank_tests import rank_test
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.sample import sample_of
from pipeline.totals.coding import level_text
from tests.reference.cases import Case

STATISTIC = {"rao_scott_f": "F", "rao_scott_chisq": "chisq"}
OF_PEARSON = ("rao_scott_chisq", "linear_combination", "saddlepoint")


def table(case: Case) -> dict[str, Any]:
    down, across = case.variables
    found = crosstab(
        _leveled(case), down, across, design=case.design, where=case.where, missing=case.missing,
        scale_to=case.options.get("scale_to"),
    )  # fmt: skip
    counts = found.counts.reindex(
        index=_texts(case, down, found.counts.index),
        columns=_texts(case, across, found.counts.columns),
    ).fillna(0.0)
    return {"table": {"values": counts.to_numpy().tolist()}}


def chisq(case: Case) -> dict[str, Any]:
    """R counts the rows and PSUs outside a domain where the design is calibrated or PPS, and takes
    no denominator for sums of chi-squareds under replicate weights."""
    asked = case.options.get("statistic", "rao_scott_f")
    statistic = STATISTIC.get(asked, asked)
    if asked == "linear_combination" and case.options.get("p_value_by") == "saddlepoint":
        statistic = "saddlepoint"
    df, size = None, 1.0
    if case.where is not None and _keeps_all_rows(case):
        df = sample_of(case.rows, case.design).degrees_of_freedom()
        size = len(case.rows) / case.where.sum()
    if case.design.replicates is not None and statistic in ("linear_combination", "saddlepoint"):
        df = np.inf
    test = independence(
        _leveled(case), *case.variables, design=case.design, where=case.where,
        missing=case.missing, statistic=statistic, df=df,
    )  # fmt: skip
    return _written(test, test.statistic * (size if asked in OF_PEARSON else 1.0))


def ttest(case: Case) -> dict[str, Any]:
    options = case.options
    two = options.get("kind", "two_sample" if "group" in options else "") == "two_sample"
    test = t_test(
        _leveled(case), case.variables[0], options["group"] if two else None,
        null_value=options.get("null_value") or 0.0, design=case.design, where=case.where,
        missing=case.missing, level=options.get("level", 0.95),
    )  # fmt: skip
    return _written(test, test.statistic)


def ranktest(case: Case) -> dict[str, Any]:
    test = rank_test(
        _leveled(case), case.variables[0], case.options["group"], 
        test=case.options.get("test", "wilcoxon"),
        design=case.design, where=case.where, missing=case.missing, ties="row_order",
    )  # fmt: skip
    if test.statistic_name == "F":
        groups = test.df[0]
        return {
            "statistic": [groups], "parameter": [test.statistic * groups],
            "p_value": [test.p_value], "method": test.method,
        }  # fmt: skip
    return _written(test, test.statistic)


def _written(test: Test, statistic: float) -> dict[str, Any]:
    return {
        "statistic": [statistic], "parameter": list(test.df), "p_value": [test.p_value],
        "method": test.method, "estimate": [test.estimate], "conf_int": list(test.conf_int or ()),
    }  # fmt: skip


def _keeps_all_rows(case: Case) -> bool:
    calibrated = any(not isinstance(step, Trim) for step in case.design.calibration)
    return case.design.replicates is None and (calibrated or case.design.pps is not None)


def _leveled(case: Case) -> pd.DataFrame:
    """Return the rows with the levels of categories in the case's order."""
    wanted = {*case.variables, case.options.get("group")}
    named = {
        name: pd.Categorical(case.rows[name], categories=levels, ordered=True)
        for name in wanted
        if name in case.rows and (levels := case.levels(name))
        and not all(isinstance(level, bool) for level in levels)
    }  # fmt: skip
    return case.rows.assign(**named)


def _texts(case: Case, column: str, occurring: pd.Index) -> list[str]:
    levels = case.levels(column)
    if levels is None:
        return list(occurring)
    return [
        level_text(float(level) if isinstance(level, bool | int | float) else level)
        for level in levels
    ]


ESTIMATORS = {"crosstab": table, "chisq": chisq, "ttest": ttest, "ranktest": ranktest}
