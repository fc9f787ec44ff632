"""Agreement with R's survey package, case by case (764 cases; the runner prints them by group)."""

from collections import Counter

import pytest

from tests.reference.runner import run

GROUPS = (
    "agreement", "calibration", "contrasts", "domains", "lonely_psu", "models", "multistage",
    "pps", "proportion_ci", "psychometrics", "quantiles", "replicates", "tests",
    "totals_means_ratios",
)  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_every_case_agrees_with_r(shared, group):
    results = list(run(shared / "reference", group))
    wrong = [f"{r.case}: {r.why}" for r in results if r.verdict in ("disagree", "unsupported")]
    assert not wrong
    counts = Counter(r.verdict for r in results)
    assert counts["agree"] >= 0.97 * (len(results) - counts["explained"])
    assert counts["explained"] <= 1
