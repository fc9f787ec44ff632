from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.disclosure.public import read_public
from pipeline.problems.followup import (
    follow_up,
    needed_respondents,
    read_followups,
    write_followups,
)
from pipeline.problems.state import problems_of
from tests.disclosure.made import comparisons, disclosed, estimate, estimates
from tests.problems.made import accepted, assigned, finding

AS_OF = date(2026, 11, 15)
(PROBLEM,) = problems_of(assigned(), [finding()], as_of=AS_OF)


def followed(folder: Path, *rows: dict[str, Any], problem: Any = PROBLEM) -> Any:
    disclosed(folder, estimates=estimates(*rows), comparisons=comparisons())
    (one,) = follow_up([problem], read_public(folder), as_of=AS_OF)
    return one


def measured(n: int = 400, **given: Any) -> dict[str, Any]:
    return estimate(n, n * 58 // 100, **given) | {"id": "E-1"}


def test_one_wave_has_nothing_to_compare_and_says_what_would_be_needed(tmp_path: Path) -> None:
    one = followed(tmp_path, measured())
    assert (one.status, one.verdict, one.baseline) == ("one_wave", "untested", 0.58)
    assert one.detectable is False
    assert followed(tmp_path, measured(n=2000)).detectable is True


def test_without_goal_or_figure_nothing_is_tested(tmp_path: Path) -> None:
    (plain,) = problems_of(accepted(), [finding()], as_of=AS_OF)
    assert followed(tmp_path / "a", measured(), problem=plain).status == "no_goal"
    assert followed(tmp_path / "b", estimate(400, 200)).status == "metric_gone"


def test_a_second_wave_awaits_the_test(tmp_path: Path) -> None:
    second = estimate(400, 200, wave="2027-second") | {"id": "E-2"}
    assert followed(tmp_path, measured(), second).status == "awaits_test"


def test_needed_respondents_by_the_textbook_formula() -> None:
    # (1.6449 + 0.8416)^2 x (.30 x .70 + .25 x .75) / .05^2 = 983.1
    assert needed_respondents(0.30, 0.05, 1.0) == 984
    assert needed_respondents(0.30, 0.05, 1.5) == 1475
    assert needed_respondents(0.03, 0.05, 1.0) is None


@pytest.mark.parametrize("fall", [0.05, 0.08, 0.12])
def test_the_needed_number_gives_eighty_percent_power(fall: float) -> None:
    from scipy.stats import norm

    n = needed_respondents(0.58, fall, 1.0)
    assert n is not None
    error = ((0.58 * 0.42 + (0.58 - fall) * (0.42 + fall)) / n) ** 0.5
    assert 1 - norm.cdf(1.6449 - fall / error) == pytest.approx(0.80, abs=0.005)


def test_followups_are_read_back_as_written(tmp_path: Path) -> None:
    one = followed(tmp_path, measured())
    write_followups([one], tmp_path / "followup.json")
    assert read_followups(tmp_path / "followup.json") == (one,)
