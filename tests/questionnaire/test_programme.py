"""The programme: seven areas, twenty-four problem codes, and what is refused."""

from pathlib import Path

import pytest

from pipeline.errors import ProgrammeError
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.read import read_questionnaire


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
    assert len(settings.levels) == 7
    assert programme.frame_domain("q16") is None
    wave = programme.wave("2026-baseline")
    assert wave.field_start <= wave.field_end < wave.published
    with pytest.raises(KeyError):
        programme.wave("2025")


def test_the_example_survey_measures_problems_of_the_programme(
    root: Path, programme: Programme
) -> None:
    residents = read_questionnaire(root / "questionnaires/residents/questionnaire.yaml")
    measured = [measure.problem for _, measure in residents.measures()]
    assert {programme.area_of(code).code for code in measured} == {"A1", "A4", "A6"}
    assert len(set(measured)) == len(measured) == 9
    assert all(measure.standard is not None for _, measure in residents.measures())
    assert {programme.frame_domain(c) is not None for c in residents.frame_domains} == {True}


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
