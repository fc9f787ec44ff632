"""Agreement with R's survey package, case by case (764 cases; the runner prints them by group)."""

from collections import Counter

import pytest

from tests.reference.runner import run

COMPLETE = ("contrasts", "domains", "lonely_psu", "multistage")
AT_LEAST = {"totals_means_ratios": 40, "proportion_ci": 60, "calibration": 8, "pps": 1}


@pytest.mark.parametrize("group", [*COMPLETE, *AT_LEAST])
def test_no_case_disagrees_with_r(shared, group):
    results = list(run(shared / "reference", group))
    wrong = [f"{r.case}: {r.why}" for r in results if r.verdict == "disagree"]
    assert not wrong
    agree = Counter(r.verdict for r in results)["agree"]
    assert agree >= AT_LEAST.get(group, len(results))
