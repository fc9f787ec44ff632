from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scipy import stats
from scipy.stats import false_discovery_control

from pipeline.disclosure.public import read_public
from pipeline.i18n import word
from pipeline.problems.followup import (
    follow_up,
    needed_respondents,
    read_followups,
    write_followups,
)
from pipeline.problems.problem import Goal
from pipeline.problems.state import problems_of
from tests.disclosure.made import comparison, comparisons, disclosed, estimate, estimates
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


LATER = "2026-followup"


def since(level: str = "", **given: Any) -> dict[str, Any]:
    """A published difference to the later wave: of all, or of a county."""
    plain = {"wave": LATER, "domain": "county" if level else "all", "value_a": 0.48,
             "value_b": 0.58, "n_a": 380, "n_b": 400, "difference": -0.10,
             "standard_error": 0.03, "shrunk_b": 0.54 if level else float("nan"),
             "shrunk_error": 0.028 if level else float("nan"), "p": 0.001, "why_not": "",
             "conclusion": "lower"}  # fmt: skip
    made = comparison("wave", level, "2026-baseline", **(plain | given))
    return made | {"id": f"C-{made['question']}-{made['code']}-{made['domain']}-{level}"}


def after(
    folder: Path, *rows: dict[str, Any], goals: tuple[str, ...] = ("E-1",), **design: Any
) -> Any:
    """Follow up one problem per goal, with the estimates of both waves."""
    problems = [
        PROBLEM.model_copy(update={"goal": Goal(metric=metric, target=0.3)}) for metric in goals
    ]
    shares = [
        measured(),
        measured() | {"id": "E-2", "wave": LATER},
        measured(domain="county", domain_value="jia") | {"id": "E-jia"},
    ]
    disclosed(
        folder, estimates=estimates(*shares), comparisons=comparisons(*rows), wave=LATER, **design
    )
    return follow_up(problems, read_public(folder), as_of=AS_OF)


def test_a_later_wave_gives_the_verdict_beside_the_recorded_one(tmp_path: Path) -> None:
    (one,) = after(tmp_path, since())
    assert (one.status, one.verdict, one.recorded, one.checked) == (
        "tested", "improved", "untested", 1,
    )  # fmt: skip
    assert (one.comparison, one.metric, one.latest) == ("C-q1-1-all-", "E-1", "E-2")
    assert (one.baseline, one.shrunk_baseline, one.value) == (0.58, None, 0.48)
    assert (one.difference, one.standard_error) == (-0.10, 0.03)
    p = stats.t.cdf(-0.10 / 0.03, 40)
    assert one.p_fall == one.q_fall == pytest.approx(p)
    assert one.p_rise == pytest.approx(1 - p)
    half = stats.t.ppf([0.975, 0.95], 40) * 0.03
    assert (one.low, one.high) == pytest.approx((-0.10 - half[0], -0.10 + half[0]))
    assert (one.low90, one.high90) == pytest.approx((-0.10 - half[1], -0.10 + half[1]))
    assert one.detectable is False


def test_a_group_is_judged_from_its_shrunk_baseline(tmp_path: Path) -> None:
    (one,) = after(tmp_path, since(), since("jia"), goals=("E-jia",))
    assert (one.baseline, one.shrunk_baseline) == (0.58, 0.54)
    assert one.difference == pytest.approx(0.48 - 0.54)
    assert one.standard_error == 0.028
    assert one.comparison == "C-q1-1-county-jia"


def test_all_problems_are_tested_together_falls_and_rises_apart(tmp_path: Path) -> None:
    rows = [since("jia"), since(difference=-0.055, value_a=0.525)]
    one, two, three = after(tmp_path, *rows, goals=("E-1", "E-jia", "E-1"))
    assert one.checked == two.checked == three.checked == 3
    falls = false_discovery_control([one.p_fall, two.p_fall, three.p_fall])
    rises = false_discovery_control([one.p_rise, two.p_rise, three.p_rise])
    assert [f.q_fall for f in (one, two, three)] == pytest.approx(list(falls))
    assert [f.q_rise for f in (one, two, three)] == pytest.approx(list(rises))


@pytest.mark.parametrize(
    ("rows", "goal", "expected"),
    [
        ((), "E-1", ("one_wave", "")),
        ((since(wave="2026-baseline") | {"b": "2025-pilot"},), "E-1", ("one_wave", "")),
        ((since(),), "E-2", ("one_wave", "")),  # the goal was set on the latest wave
        ((since(conclusion="not_comparable", why_not="wording", difference=None),), "E-1",
         ("not_comparable", "wording")),
        ((since(conclusion="not_comparable", why_not="routing", difference=None),), "E-jia",
         ("not_comparable", "routing")),
        ((since(code="1+2"),), "E-1", ("not_comparable", "measure")),
        ((since(),), "E-jia", ("not_comparable", "domain")),
        ((since(), since("yi")), "E-jia", ("metric_gone", "not_published")),
        ((since(question="q2"),), "E-1", ("metric_gone", "not_published")),
        ((since(difference=None, value_a=None),), "E-1", ("metric_gone", "not_published")),
        ((since("jia", shrunk_b=None),), "E-jia", ("metric_gone", "not_published")),
        ((since("jia", p=None, standard_error=None),), "E-jia", ("metric_gone", "too_few")),
    ],
)  # fmt: skip
def test_where_there_is_no_test_it_is_said_why(
    tmp_path: Path, rows: tuple[dict[str, Any], ...], goal: str, expected: tuple[str, str]
) -> None:
    (one,) = after(tmp_path, *rows, goals=(goal,))
    assert (one.status, one.why_not) == expected
    assert (one.verdict, one.difference, one.checked) == ("untested", None, None)
    assert word(f"problems.followup_{one.status}", "zh")
    assert not one.why_not or word(f"report.why_{one.why_not}", "zh")


def test_open_links_are_not_tested(tmp_path: Path) -> None:
    (one,) = after(tmp_path, since(), probability_sample=False)
    assert (one.status, one.why_not, one.verdict) == ("not_comparable", "not_drawn", "untested")


def test_what_a_person_recorded_stands_beside_the_verdict(tmp_path: Path) -> None:
    disclosed(
        tmp_path, estimates=estimates(measured()), comparisons=comparisons(since()), wave=LATER
    )
    recorded = PROBLEM.model_copy(update={"verdict": "resolved"})
    (one,) = follow_up([recorded], read_public(tmp_path), as_of=AS_OF)
    assert (one.verdict, one.recorded, one.latest) == ("improved", "resolved", "")


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
