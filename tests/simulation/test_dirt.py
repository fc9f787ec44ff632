"""Every planted fault is where it is said to be, about as often as planted."""

from collections import Counter

import pytest

from pipeline.questionnaire.questions import Scale
from pipeline.simulation.dirt import FAST, LONG_TEXT, soil
from pipeline.simulation.simulate import Simulated
from pipeline.simulation.submissions import Submission, submissions
from tests.simulation.made_programme import BASELINE, DIRT, FOLLOWUP, LAYOUTS, made, truths

HARMLESS = {"mended_number", "full_width"}


def planted(run: Simulated, kind: str) -> list[Submission]:
    return [run.soiled.submissions[at] for at in run.soiled.planted[kind]]


@pytest.fixture(scope="module", params=["residents", "cadres"])
def run(request: pytest.FixtureRequest) -> Simulated:
    return made(request.param, FOLLOWUP)


def test_faults_are_about_as_common_as_planted(run: Simulated) -> None:
    clean = run.rows - len(run.soiled.planted["duplicates"])
    for kind, share in DIRT.items():
        assert abs(len(run.soiled.planted[kind]) - share * clean) <= 0.5, kind


def test_a_submission_has_one_fault(run: Simulated) -> None:
    places = Counter(at for listed in run.soiled.planted.values() for at in listed)
    assert set(places.values()) == {1}


def test_numbers_are_out_of_range_or_mended_or_in_full_width(run: Simulated) -> None:
    assert {one.answers["q9"] for one in planted(run, "out_of_range")} == {"45", "99", "300"}
    assert {one.answers["q9"] for one in planted(run, "mended_number")} == {"300"}
    for one in planted(run, "full_width"):
        assert not one.answers["q9"].isascii()
        assert 0 <= int(one.answers["q9"]) <= 31


def test_contradictions_answer_what_was_not_asked(run: Simulated) -> None:
    for one in planted(run, "contradictions"):
        assert one.answers["q1"] not in ("p1", "")
        assert one.answers["q2"].startswith("p")


def test_straight_liners_keep_to_one_point_on_reversed_items_too(run: Simulated) -> None:
    others = []
    for one in planted(run, "straight_liners"):
        line = {one.answers[f"q{number}"] for number in range(3, 8)}
        assert len(line) == 1
        others.append(one.answers["q13"] in line)
    assert {one.answers["q3"] for one in planted(run, "straight_liners")} != {"p3"}
    assert sum(others) >= len(others) / 3


def test_an_exclusive_choice_stands_beside_another(run: Simulated) -> None:
    assert {one.answers["q8"] for one in planted(run, "exclusive_broken")} == {"a none"}


def test_copied_answers_are_long_and_of_one_site(run: Simulated) -> None:
    copies: dict[str, list[str]] = {}
    for one in planted(run, "copied_open"):
        text = max(one.answers["q10"], one.answers["q14"], key=len)
        assert len(text) >= LONG_TEXT - 5  # shorter only where nobody there wrote more
    for one in planted(run, "copied_open"):
        copies.setdefault(one.site, []).append(one.answers["q10"])
    for texts in copies.values():
        assert len(texts) >= 3
        assert len(set(texts)) == 1


def test_phones_stand_in_open_answers(run: Simulated) -> None:
    for one in planted(run, "phones"):
        digits = "".join(filter(str.isdigit, one.answers["q10"] + one.answers["q14"]))
        assert "13800" in digits


def test_speeders_are_far_below_the_median(run: Simulated) -> None:
    usual = run.population.truths.interview.seconds
    assert all(one.interview.seconds <= FAST * usual for one in planted(run, "speeders"))


def test_a_person_submits_again_later_with_one_answer_changed(run: Simulated) -> None:
    for again in planted(run, "duplicates"):
        first = next(one for one in run.soiled.submissions if one.person == again.person)
        assert (first.number, again.number) == (1, 2)
        assert first.interview.start < again.interview.start
        changed = [name for name, text in first.answers.items() if again.answers[name] != text]
        assert len(changed) == 1
        assert isinstance(run.population.questionnaire.question(changed[0]), Scale)


def test_corrections_mend_their_cells(run: Simulated) -> None:
    drawn = set(run.draw.persons["person"])
    for one in run.soiled.mended:
        found = run.soiled.submissions[one.at]
        wrong = found.person if one.field == "person" else found.answers[one.field]
        assert wrong == one.old != one.new
        if one.field == "person":
            assert one.new in drawn
            assert one.old not in drawn
    assert {one.field for one in run.soiled.mended} == {"person", "q9"}


def test_the_answers_of_a_lone_person_are_copied_by_a_team() -> None:
    run = made("served_units", BASELINE)
    copied = planted(run, "copied_open")
    assert len(copied) >= 3
    assert len({one.interview.team for one in copied}) == 1
    assert len({one.site for one in copied}) == len(copied)


def test_a_sav_holds_no_digits_in_full_width() -> None:
    assert made("served_units", BASELINE).soiled.planted["full_width"] == ()


@pytest.mark.parametrize("survey", LAYOUTS)
def test_without_dirt_nothing_is_planted(survey: str) -> None:
    run = made(survey, BASELINE)
    clean = submissions(run.population, run.sampled, run.during)
    soiled = soil(clean, run.population.questionnaire, truths(survey, BASELINE, dirt={}), run.population.luck)  # fmt: skip
    assert soiled.submissions == clean
    assert not any(soiled.planted.values())
    assert not soiled.mended
