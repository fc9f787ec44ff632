"""Agreement with R's survey package, case by case (764 cases; the runner prints them by group)."""

from collections import Counter

import pytest

from tests.reference.runner import Result, run

GROUPS = (
    "agreement", "calibration", "contrasts", "domains", "lonely_psu", "models", "multistage",
    "pps", "proportion_ci", "psychometrics", "quantiles", "replicates", "tests",
    "totals_means_ratios",
)  # fmt: skip


@pytest.fixture(scope="module")
def results(shared) -> list[Result]:
    """The verdicts of all cases, computed once."""
    return list(run(shared / "reference"))


@pytest.mark.parametrize("group", GROUPS)
def test_every_case_agrees_with_r(results, group):
    of_group = [r for r in results if r.group == group]
    assert of_group
    wrong = [f"{r.case}: {r.why}" for r in of_group if r.verdict in ("disagree", "unsupported")]
    assert not wrong


def test_over_all_cases_nearly_all_agree(results):
    counts = Counter(r.verdict for r in results)
    assert counts["disagree"] == 0
    assert counts["agree"] >= 0.97 * (len(results) - counts["explained"])
    assert counts["explained"] <= 0.03 * len(results)
