"""The programme: seven areas, twenty-four problem codes, and what is refused."""

from pathlib import Path

import pytest

from pipeline.errors import ProgrammeError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.questions import ChoiceQuestion, OpenEnded
from pipeline.questionnaire.read import read_questionnaire

SURVEYS = ("cadres", "residents", "served_units")


@pytest.fixture(scope="module")
def surveys(root: Path) -> dict[str, Questionnaire]:
    """The present definition of every survey, by its folder."""
    definitions = root.glob("questionnaires/*/questionnaire.yaml")
    return {one.parent.name: read_questionnaire(one) for one in sorted(definitions)}


@pytest.fixture
def programme(root: Path) -> Programme:
    return read_programme(root / "questionnaires/programme.yaml")


def test_the_plan_names_seven_areas_and_twenty_four_problems(programme: Programme) -> None:
    assert [len(area.problems) for area in programme.areas] == [4, 4, 3, 3, 3, 3, 4]
    problems = list(programme.problems())
    assert len(problems) == 24
    assert all(one.name.zh and one.name.en for one in problems)
    assert len({one.name.zh for one in problems}) == 24


def test_codes_lead_to_their_area(programme: Programme) -> None:
    assert programme.area_of("A4.2").short.zh == "人才工作"
    assert programme.problem("A1.4").name.zh == "形式主义"
    for code in ("A9.9", "A1.5", ""):
        with pytest.raises(KeyError):
            programme.area_of(code)
        with pytest.raises(KeyError):
            programme.problem(code)


def test_frames_and_waves_are_found_by_name(programme: Programme) -> None:
    settings = programme.frame_domain("setting")
    assert settings is not None
    named = ["农村", "社区", "企业", "医院", "学校", "新经济组织", "新社会组织"]
    assert [level.name.zh for level in settings.levels] == named
    assert programme.frame_domain("q16") is None
    wave = programme.wave("2026-baseline")
    assert wave.field_start <= wave.field_end < wave.published
    with pytest.raises(KeyError):
        programme.wave("2025")


def test_the_follow_up_begins_after_the_baseline_is_published(programme: Programme) -> None:
    assert [wave.wave for wave in programme.waves] == ["2026-baseline", "2026-followup"]
    before, after = programme.waves
    assert before.published < after.field_start
    assert (before.edition, after.edition) == (1, 1)


def test_every_problem_of_the_plan_is_measured_against_a_standard(
    surveys: dict[str, Questionnaire], programme: Programme
) -> None:
    measured = {
        measure.problem
        for survey in surveys.values()
        for _, measure in survey.measures()
        if measure.standard is not None
    }
    assert measured == {one.code for one in programme.problems()}


def test_each_survey_measures_the_areas_it_can_speak_of(
    root: Path, surveys: dict[str, Questionnaire], programme: Programme
) -> None:
    areas = {
        name: {programme.area_of(measure.problem).code for _, measure in survey.measures()}
        for name, survey in surveys.items()
    }
    assert areas == {
        "cadres": {"A1", "A2", "A3", "A5"},
        "residents": {"A1", "A4", "A6"},
        "served_units": {"A1", "A4", "A5", "A7"},
    }
    for name, survey in surveys.items():
        programme.refuse_unknown(survey, root / f"questionnaires/{name}/questionnaire.yaml")


@pytest.mark.parametrize("name", SURVEYS)
def test_a_survey_has_open_questions_a_battery_with_reversed_items_and_routes(
    surveys: dict[str, Questionnaire], name: str
) -> None:
    survey = surveys[name]
    assert survey.consent is not None
    assert sum(isinstance(one, OpenEnded) for one in survey.questions) >= 2
    assert any(one.show_if is not None for one in survey.questions)
    reversals = [
        {item.reverse for item in survey.items_of(battery.name)} for battery in survey.batteries
    ]
    assert {True, False} in reversals
    assert all(measure.standard is not None for _, measure in survey.measures())


@pytest.mark.parametrize("name", SURVEYS)
def test_a_survey_is_worded_in_both_languages(
    surveys: dict[str, Questionnaire], name: str
) -> None:
    survey = surveys[name]
    texts = [survey.title, survey.population, survey.introduction, survey.limitation]
    for question in survey.questions:
        texts.append(question.text)
        if isinstance(question, ChoiceQuestion):
            texts += [choice.text for choice in question.choices]
    for _, measure in survey.measures():
        texts += [measure.claim, measure.decision]
        texts += [measure.standard.text] if measure.standard is not None else []
    assert [text.zh for text in texts if not text.en] == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("- code: A1.2", "- code: A1.1", "problem codes are used twice: A1.1"),
        ("- code: A1.2", "- code: A2.9", "problem A2.9 stands under area A1"),
        ("- code: A1.2", "- code: B1.2", "String should match pattern"),
        ("minimum_n: 10", "minimum: 10", "没有这个键"),
        ("field_start: 2026-09-01", "field_start: 九月初", "field_start"),
        ("field_end: 2026-09-20", "field_end: 2026-08-20", "must follow each other"),
        ("minimum_n: 10", "minimum_n: 0", "minimum_n"),
    ],
)
def test_what_is_wrong_is_said(
    root: Path, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = (root / "questionnaires/programme.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "programme.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProgrammeError) as refused:
        read_programme(path)
    assert sentence in str(refused.value)
