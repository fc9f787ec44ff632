"""From the response file to estimates, for every type of question: what was planted comes out."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.items import items_of
from pipeline.estimation.linear import estimates as estimates_of
from pipeline.exports.respondents import respondents_table
from pipeline.exports.save import save_table
from pipeline.exports.saved import read_saved
from pipeline.forms.response_file import header
from pipeline.places import RunPlaces
from pipeline.questionnaire.codebook import (
    Codebook,
    RawFile,
    columns,
    missing_column,
    write_codebook,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.quota_commands import quotas
from pipeline.reporting.labels import Labels
from pipeline.reporting.question_lines import lines_of
from pipeline.responses.decode import decode
from pipeline.responses.layouts.odk_csv import locate
from pipeline.responses.read import read_table
from pipeline.validation.checked import checked_columns
from pipeline.validation.quarantine import Split, split
from pipeline.validation.rules import rules_of
from pipeline.validation.suite import judged
from tests.every_type import SOUND, decoded_of, every_type, response_table

PROBLEMS = {
    f"problems/{word}": "0"
    for word in ("road", "water", "school", "clinic", "care", "other", "ref")
}
NONE = {**PROBLEMS, "problems": "none", "problems/none": "1", "problems_96_text": "", "wish": ""}
EMPTY = {name: "" for name in SOUND}
PLANTED = [
    {},
    {"priorities": "road water", "sex": "male", "moved": "", "bus": "", "meeting": ""},
    {"priorities": "road", "age": "58", "member_1_older": "-13", "member_2_older": "-46"},
    {"priorities": "dk", "grades": "2 1 3"},
    {"priorities": "", "grades": "3 2 1"},
    {"priorities": "other", "priorities_5_text": "修桥", **NONE},
    {"member_count": "0", **{name: "" for name in SOUND if name.startswith("member_") and name != "member_count"}, "people": "1", "last_words": ""},
]  # fmt: skip
"""Sound responses but the last, which counts nobody; four of six put road, road, water, other first."""


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return every_type()


def validated(questionnaire: Questionnaire, rows: list[dict[str, str]]) -> Split:
    found = decoded_of(questionnaire, rows)
    checked = checked_columns(found.responses, questionnaire, found.verbatims)
    return split(found.responses, checked, rules_of(questionnaire), questionnaire)


def test_planted_shares_come_out(questionnaire: Questionnaire, tmp_path: Path) -> None:
    raw = response_table(questionnaire, PLANTED)
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header(questionnaire))
        writer.writerows(raw.cells.itertuples(index=False, name=None))
    table = read_table(path)
    found = decode(table, locate(path.name, table.headers, questionnaire), questionnaire)
    found.responses.to_parquet(tmp_path / "responses.parquet", index=False)
    responses = pd.read_parquet(tmp_path / "responses.parquet")
    checked = checked_columns(responses, questionnaire, found.verbatims)
    parts = split(responses, checked, rules_of(questionnaire), questionnaire)
    assert parts.quarantined["rule"].tolist() == ["out_of_range"]  # minimum: 1
    valid = parts.valid.assign(weight=1.0)

    estimates = estimates_of(valid, items_of(questionnaire), design=SurveyDesign(weight="weight"))
    at = estimates.set_index(["question", "code"])
    first = at.loc["priorities"]
    assert first.loc["1@1", "value"] == pytest.approx(2 / 4)
    assert first.loc["2@1", "value"] == pytest.approx(1 / 4)
    assert first.loc["5@1", "value"] == pytest.approx(1 / 4)
    assert first.loc["3@1", "value"] == 0
    assert first.loc["1@3", "value"] == pytest.approx(3 / 4)
    assert first.loc["4@3", "value"] == pytest.approx(1 / 4)
    assert set(first["n"]) == {4}
    assert list(at.loc["grades"].index) == ["1@1", "2@1", "3@1"]  # all are placed
    assert at.loc[("people", ""), "value"] == 3
    assert at.loc[("balance", ""), "value"] == pytest.approx(2.5)
    assert at.loc[("member_count", ""), "value"] == 2
    asked = set(estimates["question"])
    assert not asked & {"moved", "bus", "meeting", "wish", "job_97_text"}
    assert not asked & questionnaire.in_rosters


BROKEN = [
    ({"age": "17", "screened_out": "minor"}, "screened_out", "minor", "minor"),
    ({"age": "17"}, "screened_out", "minor", "minor"),  # a file without the note
    ({**EMPTY, "consent": "2", "screened_out": "consent"}, "screened_out", "consent", "consent"),
    ({"screened_out": "elsewhere"}, "screened_out", "", "elsewhere"),
    ({"spending": "200", "balance": "-187.5"}, "check_failed", "spending", "200.0"),
    ({"meeting": "2010-12-31T10:00"}, "check_failed", "meeting", "2010-12-31T10:00"),
    ({"moved": "2026-07-01"}, "out_of_range", "moved", "2026-07-01"),
    ({"bus": "14:59"}, "out_of_range", "bus", "14:59"),
    ({"moved": "2012-02-30", "meeting": ""}, "undecoded", "", "moved=2012-02-30"),
    ({"priorities": "road road"}, "undecoded", "", "priorities=road road"),
    ({"member_count": "1"}, "answered_unasked", "member_2_relation", "7"),
    ({"priorities_5_text": "修桥"}, "answered_unasked", "priorities_5_text", "(文字)"),
]
DOUBTED = [
    ({"age": "101", "member_1_older": "-56", "member_2_older": "-89"}, "check_doubted"),
    ({"balance": "2.6"}, "calculated_differs"),
    ({"balance": ""}, "calculated_differs"),
    ({"priorities": "water"}, "ranking_incomplete"),
    ({"problems": "road", "problems/other": "0", "problems_96_text": "", "wish": ""}, "too_few_choices"),
]  # fmt: skip


def test_what_breaks_a_rule_leaves_or_is_flagged(questionnaire: Questionnaire) -> None:
    rows = [{}, *(row for row, *_ in BROKEN), *(row for row, _ in DOUBTED)]
    # a wrong column is refused, so most rows must be sound
    rows += [{} for _ in range(len(rows))]
    parts = validated(questionnaire, rows)
    said = parts.quarantined.set_index("respondent")
    for n, (_, rule, question, value) in enumerate(BROKEN, start=1):
        of = said.loc[[f"uuid:{n}"]]
        assert (rule, question, value) in set(
            zip(of["rule"], of["question"], of["value"], strict=True)
        ), (n, of)
    assert said.loc["uuid:3", "sentence"] == "筛除：不同意参加"
    valid = parts.valid.set_index("respondent")
    assert len(valid) == len(rows) - len(BROKEN)
    for n, (_, flag) in enumerate(DOUBTED, start=len(BROKEN) + 1):
        assert valid.loc[f"uuid:{n}", f"flag_{flag}"], flag
    assert not valid.loc["uuid:0"].filter(like="flag_").any()
    assert int((said["rule"] == "screened_out").sum()) == 4


def test_great_expectations_counts_the_same(questionnaire: Questionnaire) -> None:
    rows = [{}, *(row for row, *_ in BROKEN), *(row for row, _ in DOUBTED), {}, {}, {}, {}, {}]
    found = decoded_of(questionnaire, rows)
    checked = checked_columns(found.responses, questionnaire, found.verbatims)
    rules = rules_of(questionnaire)
    assert len({rule.checked for rule in rules}) == len(rules)
    set_aside = split(found.responses, checked, rules, questionnaire).quarantined
    verdicts = judged(checked, rules, set_aside, "every_type")
    found_of = {(v.rule, v.question): v.unexpected for v in verdicts}
    assert found_of["screened_out", "minor"] == 2
    assert found_of["check_failed", "spending"] == 1
    assert found_of["calculated_differs", "balance"] == 2


def test_what_a_file_lacks_is_worked_out_or_left(questionnaire: Questionnaire) -> None:
    raw = response_table(questionnaire, [{}, {"income": ""}])
    gone = [
        h for h in raw.headers if h in ("balance", "people") or h.endswith(("_text", "_older"))
    ]
    cells = raw.cells.drop(columns=gone)
    table = type(raw)(raw.path, raw.sha256, cells)
    found = decode(table, locate("x", table.headers, questionnaire), questionnaire)
    assert found.responses["balance"].fillna(-1).tolist() == [2.5, -1]
    assert found.responses["balance__missing"].tolist() == ["", "no_answer"]
    assert found.responses["member_1_older"].tolist() == [5, 5]
    assert found.responses["member_3_older__missing"].tolist() == ["not_asked"] * 2
    assert found.responses["job_97_text__missing"].tolist() == ["no_answer"] * 2
    without = type(raw)(raw.path, raw.sha256, cells.drop(columns="member_3_years"))
    with pytest.raises(ResponseError, match="member_3_years"):
        locate("x", without.headers, questionnaire)


def test_shown_orders_and_words_are_kept(questionnaire: Questionnaire) -> None:
    found = decoded_of(questionnaire, [{}])
    row = found.responses.iloc[0]
    assert row["job__order"] == "3 1 4 2 97 98"
    assert row["views__order"] == "v3 v1 v2"
    words = dict(zip(found.verbatims["question"], found.verbatims["text"], strict=True))
    assert words == {
        "job_97_text": "修车", "problems_96_text": "没有路灯", "wish": "修好路",
        "member_2_relation_7_text": "侄子", "last_words": "谢谢",
    }  # fmt: skip
    assert len(found.verbatims) == 5


@settings(max_examples=4)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.tuples(*[st.integers(0, 120)] * 3)), min_size=3, max_size=9
    )
)
def test_a_roster_asks_as_many_as_there_are(homes: list[tuple[int, tuple[int, ...]]]) -> None:
    blank = {name: "" for name in SOUND if name.startswith(("member_1", "member_2"))}
    rows = []
    for many, years in homes:
        row = {**blank, "member_count": str(many), "people": str(many + 1)}
        for entry in range(1, many + 1):
            row[f"member_{entry}_relation"] = "spouse"
            row[f"member_{entry}_years"] = str(years[entry - 1])
        rows.append(row)
    found = decoded_of(every_type(), rows).responses
    for place, (many, years) in enumerate(homes):
        for entry in range(1, 4):
            there = entry <= many
            reason = "" if there else "not_asked"
            assert pd.isna(found[f"member_{entry}_years"][place]) != there
            assert found[f"member_{entry}_years__missing"][place] == reason
            young = there and years[entry - 1] < 30
            reason = "no_answer" if young else "not_asked"
            assert found[f"member_{entry}_pupil__missing"][place] == reason


def codebook_of(questionnaire: Questionnaire) -> Codebook:
    raw = RawFile(path="x.csv", sha256="0", layout="odk_csv", rows=1, columns={})
    return Codebook(
        survey="every_type", wave="w1", current="v", versions={"v": questionnaire}, raw=raw
    )


def saved_facts(table: object) -> object:
    from tests.exports.made import facts

    return facts(table)  # type: ignore[arg-type]


def test_saved_files_hold_places_and_real_days(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    valid = validated(questionnaire, PLANTED).valid.assign(weight=1.0)
    made = respondents_table(valid, codebook_of(questionnaire))
    assert made.dictionary is not None
    known = {one.name: one for one in made.dictionary.variables}
    place = known["priorities__1"]
    assert dict(list(place.values.items())[:4]) == {
        "0": "未排入",
        "1": "第1位",
        "2": "第2位",
        "3": "第3位",
    }
    assert place.label == "最该先办哪几件？请排出前3件。：修路"
    assert made.cells["priorities__1"].tolist() == ["2", "1", "1", "9", "-9", "0"]
    assert (known["moved"].kind, known["bus"].kind, known["meeting"].kind) == (
        "date",
        "time",
        "datetime",
    )
    assert made.cells["meeting"].tolist()[:2] == ["2026-03-02 08:30:00", ""]
    assert made.cells["bus"].tolist()[:2] == ["20:30:00", ""]
    for name in ("a.sav", "a.dta", "a.csv"):
        saved = save_table(made, tmp_path / name)
        assert read_saved(saved.path).cells["moved"].tolist()[:2] == ["2012-05-06", ""]
        assert saved_facts(read_saved(saved.path)) == saved_facts(made)


def test_quotas_are_counted_on_valid_responses(
    questionnaire: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(quotas)
    absent = CliRunner().invoke(app, ["every_type", "w1"])
    assert isinstance(absent.exception, SurveyError)
    run = RunPlaces("every_type", "w1")
    for path in (run.table("validate"), run.record("codebook")):
        path.parent.mkdir(parents=True)
    validated(questionnaire, PLANTED).valid.to_parquet(run.table("validate"))
    write_codebook(codebook_of(questionnaire), run.record("codebook"))
    done = CliRunner().invoke(app, ["every_type", "w1"])
    assert done.exit_code == 0, done.exception
    assert done.stdout == "women 女性: 已有 5 (have), 要 100 (wanted), 还差 95 (left)\n"


def test_a_ranking_is_named_on_pages_and_in_tables(questionnaire: Questionnaire) -> None:
    question = questionnaire.question("priorities")
    lines = list(lines_of(question, lambda name, code: {"id": f"{name}={code}"}))
    assert [line.cell for line in lines][::5] == ["priorities=1@1", "priorities=1@3"]
    assert lines[0].name is not None
    assert lines[0].name("zh") == "修路（排第1）"
    assert lines[5].name is not None
    assert lines[5].name("en") == "Roads (among the first 3)"
    labels = Labels.of(questionnaire)
    assert labels.code("priorities", "1@1") == "修路（排第1）"
    assert labels.code("priorities", "1@3", "en") == "Roads (among the first 3)"


def test_every_column_of_the_codebook_is_decoded(questionnaire: Questionnaire) -> None:
    table = decoded_of(questionnaire, [{}]).responses
    for column in columns(questionnaire):
        if column.question.type != "open_ended":
            assert column.name in table
        assert missing_column(column.question) in table


def test_other_counts_at_whatever_place_it_is_put(questionnaire: Questionnaire) -> None:
    rows = [{"priorities": order, "priorities_5_text": "修桥"}
            for order in ("other water road", "water other road", "water road other")]  # fmt: skip
    assert validated(questionnaire, rows).quarantined.empty
