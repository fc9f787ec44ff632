"""Runs and waves come into params.yaml and programme.yaml; nothing else of them changes."""

import difflib
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.errors import ProgrammeError, SurveyError
from pipeline.intake.enlist import FIRST_WAVE, Fielded, as_of, runs_in, with_run, with_wave
from pipeline.questionnaire.programme import read_programme

EXAMPLE = ("cadres", "residents", "served_units")
MARCH = Fielded("spring", (date(2026, 3, 30), date(2026, 4, 2)), date(2026, 4, 2))


def changed(before: Path, after: str) -> list[str]:
    lines = difflib.ndiff(before.read_text("utf-8").splitlines(), after.splitlines())
    return [line for line in lines if not line.startswith(("  ", "? "))]


def test_a_run_is_added_behind_the_others(root: Path) -> None:
    params = root / "params.yaml"
    assert changed(params, with_run(params, "mine", "2026")) == [
        "+   mine: {survey: mine}", "+   mine_2026: {survey: mine, wave: '2026'}"
    ]  # fmt: skip


def test_only_the_runs_of_the_example_are_dropped(root: Path, tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    text = with_run(root / "params.yaml", "other", "w1")
    params.write_text(text.replace("\nweight:", "\n# 加权\nweight:"), encoding="utf-8")
    made = with_run(params, "mine", "w1", drop=EXAMPLE)
    gone = [line[4:] for line in changed(params, made) if line.startswith("-")]
    assert len(gone) == 9
    assert all(line.startswith(EXAMPLE) for line in gone)
    said = YAML(typ="safe", pure=True).load(made)
    assert list(said["surveys"]) == ["other", "mine"]
    assert said["runs"]["mine_w1"] == {"survey": "mine", "wave": "w1"}
    assert "\n# 加权\nweight:" in made


def test_a_run_that_is_listed_already_changes_nothing(root: Path, tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    params.write_text(with_run(root / "params.yaml", "mine", "w1"), encoding="utf-8")
    assert changed(params, with_run(params, "mine", "w1")) == []
    assert runs_in(params)["mine"] == ["w1"]
    assert as_of(params) == date(2026, 11, 15)


def test_params_without_runs_on_lines_of_their_own_are_still_completed(tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    params.write_text("surveys: {}\nruns: {}  # none\nlevel: 0.95\n", encoding="utf-8")
    said = YAML(typ="safe", pure=True).load(with_run(params, "mine", "w1"))
    assert said["runs"] == {"mine_w1": {"survey": "mine", "wave": "w1"}}
    assert said["level"] == 0.95


@pytest.mark.parametrize(
    "text",
    [
        "runs: {}\n",
        "surveys: [a]\nruns: {}\n",
        "surveys: {}\nruns: {a: 1}\n",
        "surveys: {}\nruns:\n",
    ],
)
def test_params_without_surveys_and_runs_are_refused(tmp_path: Path, text: str) -> None:
    params = tmp_path / "params.yaml"
    params.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError, match=r"params\.yaml: 没有 (surveys|runs)"):
        with_run(params, "mine", "w1")
    with pytest.raises(ProgrammeError, match="as_of"):
        as_of(params)


def test_a_wave_stands_where_its_days_put_it(root: Path) -> None:
    programme = root / "questionnaires/programme.yaml"
    every = ("2026-baseline", "2026-followup")
    made = with_wave(programme, MARCH, title="我的", keep=every)
    assert changed(programme, made) == [
        "+   - wave: spring",
        "+     title: {zh: spring 调查, en: Survey spring}",
        "+     field_start: 2026-03-30",
        "+     field_end: 2026-04-02",
    ]
    listed = YAML(typ="safe", pure=True).load(made)["waves"]
    assert [one["wave"] for one in listed] == [every[0], "spring", every[1]]
    early = Fielded("early", (date(2020, 1, 1),) * 2, date(2020, 1, 1))
    undated = Fielded(FIRST_WAVE, None, date(2026, 11, 15))
    for fielded, place in ((early, 0), (undated, 2)):
        text = with_wave(programme, fielded, title="我的", keep=every)
        listed = YAML(typ="safe", pure=True).load(text)["waves"]
        assert listed[place]["wave"] == fielded.wave
    assert "field_start" not in listed[2]


def test_without_the_example_the_programme_says_nothing_of_it(root: Path, tmp_path: Path) -> None:
    programme = root / "questionnaires/programme.yaml"
    made = with_wave(programme, MARCH, title="我的: 调查", keep=())
    path = tmp_path / "programme.yaml"
    path.write_text(made, encoding="utf-8")
    read = read_programme(path)
    assert [wave.wave for wave in read.waves] == ["spring"]
    assert (read.title.zh, read.simulated, read.frame_domains) == ("我的: 调查", False, ())
    before = read_programme(programme)
    assert (read.areas, read.reporting) == (before.areas, before.reporting)
    kept = programme.read_text("utf-8").split("areas:")[1].split("frame_domains:")[0]
    assert kept in made
    assert "\n\nreporting:\n" in made


def test_a_wave_of_that_name_stays_as_it_is(root: Path) -> None:
    programme = root / "questionnaires/programme.yaml"
    again = Fielded("2026-followup", (date(2030, 1, 1),) * 2, date(2030, 1, 1))
    assert changed(programme, with_wave(programme, again, title="", keep=("2026-baseline",))) == []


def test_a_programme_without_waves_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "programme.yaml"
    for text in ("title: x\n", "waves: 3\n", "waves: [a]\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SurveyError, match="waves"):
            with_wave(path, MARCH, title="", keep=())
