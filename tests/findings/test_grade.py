"""The grades exactly as defined, one piece of evidence changed at a time."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.findings.grade import (
    LARGEST_GAP,
    LARGEST_ITEM_NONRESPONSE,
    Evidence,
    grade,
    nonresponse_faults,
)

BEST = Evidence(
    survey=True, probability_sample=True, rules_passed=True, nonresponse_faults=(), agreeing=3,
    agreeing_sites=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "A"),
        ({"nonresponse_faults": ("gap_large",)}, "B"),
        ({"agreeing": 0, "agreeing_sites": 0}, "B"),
        ({"agreeing_sites": 1}, "B"),
        ({"contradicting": 1}, "C"),
        ({"contradicting": 2, "explained": 1}, "C"),
        ({"contradicting": 2, "explained": 2}, "A"),
        ({"exploratory": True}, "C"),
        ({"probability_sample": False}, "C"),
        ({"survey": False}, "C"),
        ({"survey": False, "agreeing_sites": 1}, "D"),
        ({"survey": False, "agreeing": 1, "agreeing_sites": 1}, "D"),
        ({"rules_passed": False, "agreeing": 0, "agreeing_sites": 0}, "D"),
    ],
)
def test_grade(changed: dict[str, Any], expected: str) -> None:
    letter, reason = grade(replace(BEST, **changed))
    assert letter == expected
    assert reason.zh
    assert reason.en


@pytest.mark.parametrize(
    ("rate", "gap", "item", "faults"),
    [
        (0.3, LARGEST_GAP, LARGEST_ITEM_NONRESPONSE, ()),
        (0.0, 0.0, 0.0, ()),
        (None, 0.0, 0.0, ("rate_unknown",)),
        (0.3, 0.101, 0.201, ("gap_large", "item_large")),
        (0.3, float("nan"), 0.1, ("gap_large",)),
        (None, None, None, ("rate_unknown", "gap_unknown", "item_unknown")),
    ],
)
def test_the_check_of_nonresponse(
    rate: float | None, gap: float | None, item: float | None, faults: tuple[str, ...]
) -> None:
    assert nonresponse_faults(rate, gap, item) == faults


def test_the_reason_tells_what_holds_and_what_fails() -> None:
    holds = grade(BEST)[1]
    assert "无应答检查通过" in holds.zh
    assert "check of nonresponse holds" in holds.en
    fails = grade(replace(BEST, nonresponse_faults=("gap_large", "item_unknown")))[1]
    assert "差距超过限度" in fails.zh
    assert "本题无应答率未知" in fails.zh
    assert "无应答检查通过" not in fails.zh
    alone = grade(replace(BEST, agreeing=0, agreeing_sites=0, nonresponse_faults=("item_large",)))
    assert "本题无应答率超过限度" in alone[1].zh
