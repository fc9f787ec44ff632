"""Shares with their intervals."""

from typing import Any

import numpy as np

from pipeline.estimation.intervals import interval
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates
from pipeline.estimation.profiled import profiled
from pipeline.estimation.sample import sample_of
from tests.reference.cases import Case

ON_ANOTHER_SCALE = ("logit", "xlogit", "asin", "likelihood")


def proportion_ci(case: Case) -> dict[str, Any]:
    """One 0/1 variable; R gives the standard error of the share for every method."""
    variable, method = case.variables[0], case.options.get("method", "logit")
    item = Item(variable, "1", (variable,), (1,), "proportion")
    asked = {
        "design": case.design, "where": case.where, "missing": case.missing,
        "level": case.options.get("level", 0.95), "df": case.df if "df" in case.options else None,
    }  # fmt: skip
    if method == "likelihood":
        table = profiled(case.rows, item, **asked)
    else:
        table = estimates(case.rows, [item], interval_of_proportions=method, **asked)
    row = table.iloc[0]
    ends = [row["low"], row["high"]]
    if method == "beta" and case.where is not None and _keeps_all_rows(case):
        low, high = interval(
            "beta", *(np.array([x]) for x in (row["value"], row["standard_error"] ** 2)),
            level=asked["level"], df=np.array([row["degrees_of_freedom"]]),
            n=np.array([float((sample_of(case.rows, case.design).weight != 0).sum())]),
            effective_n=np.array([row["effective_n"]]),
        )  # fmt: skip
        ends = [low[0], high[0]]
    if row["value"] in (0, 1) and method in (*ON_ANOTHER_SCALE, "beta"):
        ends = [np.nan, np.nan]  # R has none there; ours is the exact binomial one
    return {
        "estimate": [row["value"]], "se": [row["standard_error"]], "ci": ends,
        "df": asked["df"] or row["degrees_of_freedom"],
    }  # fmt: skip


def _keeps_all_rows(case: Case) -> bool:
    """Whether R counts the rows outside a domain in n: of calibrated and of PPS designs."""
    design = case.design
    return design.replicates is None and bool(design.calibration or design.pps)


ESTIMATORS = {"proportion_ci": proportion_ci}
