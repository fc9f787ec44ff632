"""The example's notes: what was planted in them is found, what is private is not."""

import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.quotes import place_names
from pipeline.errors import SurveyError
from pipeline.questionnaire.programme import read_programme
from pipeline.stages.interviews import interviews
from pipeline.text_analysis.notes import read_notes
from pipeline.text_analysis.reliability import Reliability, read_reliability

WAVES = (("2026-03-02", "2026-03-29"), ("2026-09-01", "2026-09-27"))


def run(root: Path, out: Path, *, notes: Path | None = None, sheets: Path | None = None) -> Path:
    raw, frame = root / "data/raw/interviews", root / "questionnaires/interviews"
    interviews(
        notes or raw, sheets or raw / "coding", root / "questionnaires/programme.yaml",
        frame / "codeframe.yaml", frame / "lexicon.txt",
        out / "interviews.parquet", out / "interview_coding.json",
    )  # fmt: skip
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory, root: Path) -> Path:
    return run(root, tmp_path_factory.mktemp("coded") / "new")


@pytest.fixture(scope="module")
def coded(made: Path) -> pd.DataFrame:
    return pd.read_parquet(made / "interviews.parquet")


@pytest.fixture(scope="module")
def reliability(made: Path) -> Reliability:
    return read_reliability(made / "interview_coding.json")


@pytest.fixture(scope="module")
def by_rule(tmp_path_factory, root: Path) -> Path:
    """The same notes without any sheet."""
    return run(root, tmp_path_factory.mktemp("ruled"), sheets=root / "absent")


def test_a_dozen_notes_of_both_waves_in_both_formats(root: Path, coded) -> None:
    folder = root / "data" / "raw" / "interviews"
    assert (len(list(folder.glob("*.md"))), len(list(folder.glob("*.docx")))) == (7, 5)
    notes = read_notes(folder)
    assert all(8 <= len(note.passages) <= 15 for note in notes)
    assert len({(note.county, note.setting) for note in notes}) == 12
    for first, last in WAVES:
        assert sum(first <= note.date.isoformat() <= last for note in notes) == 6
    assert set(coded["interview"]) == {note.interview for note in notes}


def test_a_county_that_the_programme_does_not_have_is_refused(tmp_path: Path, root: Path) -> None:
    example = root / "data/raw/interviews/2026-03-12_I06.md"
    text = example.read_text(encoding="utf-8").replace("county: bing", "county: ding")
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError, match=r"a\.md(.|\n)*line 4\).*'ding'.*jia、yi、bing"):
        run(root, tmp_path / "out", notes=tmp_path)


def test_passages_deleted_from_a_sheet_are_counted(tmp_path: Path, root: Path) -> None:
    for name in ("coder-1.xlsx", "coder-2.xlsx"):
        book = load_workbook(root / "data/raw/interviews/coding" / name)
        if name == "coder-2.xlsx":
            book["编码"].delete_rows(10, 7)
        book.save(tmp_path / name)
    out = run(root, tmp_path / "out", sheets=tmp_path)
    found = read_reliability(out / "interview_coding.json")
    assert [one.passages for one in found.missing] == [0, 7]
    assert (found.passages, found.coded) == (117, 110)


def test_every_problem_of_the_plan_is_spoken_of(root: Path, coded) -> None:
    programme = read_programme(root / "questionnaires" / "programme.yaml")
    told = coded[coded["stance"] == "supports"].drop_duplicates(["problem", "county", "setting"])
    assert set(told["problem"]) == {problem.code for problem in programme.problems()}
    assert (told["problem"].value_counts() >= 2).sum() >= 20


def test_no_private_data_comes_through(coded) -> None:
    text = "\n".join(coded["text"])
    assert not re.search(
        r"1[3-9]\d{9}|zhangsan|shegong|@|李主任|岩书记|玉老师|刀主任|李老师|李某某", text
    )
    masks = set(re.findall(r"〔[^〕]+〕", text))
    assert {"〔电话〕", "〔姓名〕", "〔微信〕", "〔邮箱〕"} <= masks


@pytest.mark.parametrize("problem", ["A1.3", "A1.4", "A3.3", "A4.1", "A4.3", "A6.2", "A7.2"])
def test_planted_problems_are_supported_and_contradicted(coded, problem) -> None:
    stances = set(coded.loc[coded["problem"] == problem, "stance"])
    assert {"supports", "contradicts"} <= stances


def test_the_interviewer_is_not_coded(coded) -> None:
    assert set(coded.loc[coded["role"].isin(["访谈员", "主持人"]), "theme"]) == {""}


def test_every_coded_passage_says_by_which_rule_and_who_decided(coded) -> None:
    assert ((coded["theme"] != "") == (coded["rule"] != "")).all()
    assert set(coded.loc[coded["theme"] != "", "source"]) == {"rule", "coders"}
    assert set(coded.loc[coded["rule"] == "coders", "source"]) == {"coders"}


def test_the_example_coders_agree_mostly_and_not_always(reliability) -> None:
    assert (reliability.coders, reliability.passages) == (("coder-1", "coder-2"), 117)
    assert reliability.coded == reliability.passages
    assert [one.passages for one in reliability.missing] == [0, 0]
    assert reliability.themes.value is not None
    assert 0.8 < reliability.themes.value < 0.97
    assert reliability.stance.value is not None
    assert 0.6 < reliability.stance.value < 1
    assert 5 < len(reliability.open) < 40
    assert min(one.value or 0 for one in reliability.by_theme) < 0.8


def test_rules_alone_find_most_of_what_the_coders_agree_on(reliability, by_rule: Path) -> None:
    assert reliability.rules.precision is not None
    assert reliability.rules.recall is not None
    assert reliability.rules.precision > 0.85
    assert reliability.rules.recall > 0.85
    without = read_reliability(by_rule / "interview_coding.json")
    assert (without.coded, without.themes.value, without.open) == (0, None, ())
    table = pd.read_parquet(by_rule / "interviews.parquet")
    assert set(table["source"]) == {"rule", ""}


def test_lanterns_by_the_road_are_no_street_lamps(coded) -> None:
    said = coded[coded["text"].str.contains("公路灯会")]
    assert "include:路灯" not in set(said["rule"])


def test_the_sign_off_of_the_example_stands_with_and_without_sheets(
    root: Path, made: Path, by_rule: Path
) -> None:
    places = place_names(read_programme(root / "questionnaires" / "programme.yaml"))
    assert {"示例州", "甲县", "Bing City"} <= set(places)
    signoff = root / "data" / "raw" / "interviews" / "signoff.csv"
    for folder in (made, by_rule):
        table = publish_interviews(
            pd.read_parquet(folder / "interviews.parquet"),
            signoff,
            read_reliability(folder / "interview_coding.json"),
            places,
        )
        assert table["id"].is_unique
        quotes = table[table["kind"] == "quote"]
        assert set(quotes["stance"]) == {"supports", "contradicts"}
        explained = table[(table["kind"] == "count") & (table["explained"] > 0)]
        assert set(explained["problem"]) == {"A1.4", "A4.1", "A7.2"}
        assert ("alpha" in set(table["kind"])) == (folder is made)


def test_the_outputs_are_the_same_byte_for_byte_and_empty_folders_are_in_order(
    tmp_path: Path, root: Path, made: Path
) -> None:
    again = run(root, tmp_path / "again")
    for name in ("interviews.parquet", "interview_coding.json"):
        assert (again / name).read_bytes() == (made / name).read_bytes()
    (tmp_path / "none").mkdir()
    empty = run(root, tmp_path / "empty", notes=tmp_path / "none", sheets=tmp_path / "none")
    assert pd.read_parquet(empty / "interviews.parquet").empty
    assert read_reliability(empty / "interview_coding.json").passages == 0
