from pathlib import Path

import pytest

from pipeline.disclosure.interviews import publish_interviews
from pipeline.errors import DisclosureError
from pipeline.text_analysis.reliability import (
    Alpha,
    OpenPassage,
    Reliability,
    RuleCheck,
    ThemeAlpha,
)
from tests.disclosure.made import passages

HEADER = "interview,passage,quote_zh,quote_en,direct,approved_by,approved_on"
SAID = passages(
    ("I01", "jia", 1, "同一张表填了三遍。", "A1.4", "supports"),
    ("I01", "jia", 2, "表太多。", "A1.4", "supports"),
    ("I02", "yi", 1, "今年少填了一张表。", "A1.4", "contradicts"),
    ("I03", "yi", 1, "天气不错。", "", ""),
)


def signed(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "signoff.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_an_interview_counts_once_however_much_it_says(tmp_path: Path) -> None:
    table = publish_interviews(SAID, signed(tmp_path))
    counts = table[table["kind"] == "count"].set_index("stance")
    assert counts.loc["supports", ["interviews", "sites"]].tolist() == [1, 1]
    assert counts.loc["contradicts", "interviews"] == 1
    assert counts["problem"].eq("A1.4").all()
    assert not table["quote_zh"].str.contains("表").any()  # no entry, no words
    assert table["id"].is_unique


def test_only_signed_off_words_are_shown_and_rare_roles_are_not(tmp_path: Path) -> None:
    path = signed(
        tmp_path,
        "I01,1,同一张表填了三遍,Thrice,1,办公室,2026-10-12",
        "I02,1,少填了一张表,One fewer,1,办公室,2026-10-12",
    )
    quote = publish_interviews(SAID, path).query("kind == 'quote'").iloc[0]
    assert quote["quote_zh"] == "同一张表填了三遍"
    assert quote["role"] == "支部书记"  # three interviews have it
    rare = publish_interviews(SAID[SAID["interview"] != "I03"], path)
    assert rare.query("kind == 'quote'").iloc[0]["role"] == ""


def test_explained_contradictions_are_counted(tmp_path: Path) -> None:
    header = HEADER + ",explanation_zh,explanation_en"
    path = signed(tmp_path, "I02,1,,,,办公室,2026-10-12,属于试点,A pilot", header=header)
    table = publish_interviews(SAID, path)
    counts = table[table["kind"] == "count"].set_index("stance")
    assert counts["explained"].to_dict() == {"contradicts": 1, "supports": 0}
    assert table.query("kind == 'explanation'")["quote_zh"].tolist() == ["属于试点"]
    assert table.query("kind == 'quote'").empty


def test_all_faults_of_the_sign_off_are_told_with_their_lines(tmp_path: Path) -> None:
    path = signed(
        tmp_path,
        "I09,1,话,Words,0,办公室,2026-10-12",
        "I01,1,没有说过的话,Words,1,,2026-10-12",
        "I01,2,,,0,办公室,2026-10-12",
        "I02,1,少填了,Fewer,0,办公室,2026-10-12",
    )
    with pytest.raises(DisclosureError) as refused:
        publish_interviews(SAID, path)
    said = str(refused.value)
    assert "line 2" in said
    assert "no such passage" in said
    assert said.count("line 3") == 2
    assert "says nothing" in said


def test_no_interviews_and_no_sign_off_give_an_empty_table(tmp_path: Path) -> None:
    assert publish_interviews(passages(), tmp_path / "absent.csv").empty
    with pytest.raises(DisclosureError, match="approved_by"):
        publish_interviews(passages(), signed(tmp_path, header="interview,passage"))


def test_agreement_is_published_with_its_n_and_unknown_stays_out(tmp_path: Path) -> None:
    found = Reliability(
        coders=("a", "b"),
        passages=50,
        coded=40,
        themes=Alpha(value=0.8, n=80, used=12),
        stance=Alpha(value=None, n=0),
        by_theme=(
            ThemeAlpha(theme="t1", problem="A1.4", value=0.75, n=40, used=9),
            ThemeAlpha(theme="t2", problem="A1.3", value=None, n=40, used=0),
        ),
        rules=RuleCheck(by_rule=8, by_coders=10, both=6),
        open=(OpenPassage(interview="I01", passage=1, themes=("t1",)),),
    )
    table = publish_interviews(SAID, signed(tmp_path), found)
    rows = table[~table["kind"].isin(["count", "theme"])].set_index("kind")
    assert list(rows.index) == [
        "alpha",
        "alpha_themes",
        "rule_precision",
        "rule_recall",
        "coded",
        "open",
    ]
    assert rows.loc["alpha", ["theme", "problem", "value", "n", "used"]].tolist() == [
        "t1",
        "A1.4",
        0.75,
        40,
        9,
    ]
    assert rows.loc["alpha_themes", ["value", "n"]].tolist() == [0.8, 80]
    assert rows.loc["rule_precision", ["value", "n"]].tolist() == [0.75, 8]
    assert rows.loc["rule_recall", ["value", "n"]].tolist() == [0.6, 10]
    assert rows.loc["open", ["n", "used"]].tolist() == [40, 1]
    assert table["id"].is_unique
    without = publish_interviews(SAID, signed(tmp_path))
    assert set(without["kind"]) == {"count", "theme"}
