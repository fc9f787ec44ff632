"""The grades exactly as defined, one piece of evidence changed at a time."""

from dataclasses import replace

import pytest

from pipeline.findings.grade import Evidence, grade

BEST = Evidence(
    survey=True, probability_sample=True, rules_passed=True, bias_checked=True, agreeing=3,
    agreeing_sites=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "A"),
        ({"bias_checked": False}, "B"),
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
def test_grade(changed: dict[str, int], expected: str) -> None:
    letter, reason = grade(replace(BEST, **changed))
    assert letter == expected
    assert reason.zh
    assert reason.en
