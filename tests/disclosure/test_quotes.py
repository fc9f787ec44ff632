from pathlib import Path

import pandas as pd
import pytest

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.quotes import place_names
from pipeline.errors import DisclosureError
from tests.disclosure.made import passages, programme

HEADER = "interview,passage,quote_zh,quote_en,direct,approved_by,approved_on"
SAID = passages(
    ("I01", "jia", 1, "同一张表填了三遍。", "A1.4", "supports"),
    ("I01", "jia", 2, "表太多。", "A1.4", "supports"),
    ("I02", "yi", 1, "驻村工作队员又要一份表。", "A1.4", "supports"),
    ("I03", "yi", 1, "活动实在。", "A1.3", "contradicts"),
    ("I03", "yi", 2, "天气不错。", "", ""),
)
AGAINST = passages(("I04", "bing", 1, "今年少填了一张表。", "A1.4", "contradicts"))


def signed(folder: Path, *lines: str) -> Path:
    path = folder / "signoff.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def entry(interview: str, passage: int, quote: str, direct: int = 0, english: str = "") -> str:
    return f"{interview},{passage},{quote},{english},{direct},办公室,2026-10-12"


def refusal(folder: Path, said: object, *lines: str, places: tuple[str, ...] = ()) -> str:
    with pytest.raises(DisclosureError) as refused:
        publish_interviews(said, signed(folder, *lines), places=places)
    return str(refused.value)


@pytest.mark.parametrize(
    ("quote", "fault"),
    [
        ("王书记说表太多", "姓名或联系方式"),
        ("表太多，打 13800138000", "姓名或联系方式"),
        ("甲县的表太多", "“甲县”"),
        ("支部书记说的", "“支部书记”"),
    ],
)
def test_a_quote_names_no_person_no_place_and_no_rare_post(
    tmp_path: Path, quote: str, fault: str
) -> None:
    rare = SAID[SAID["interview"] != "I03"]  # two interviews with this role are left
    told = refusal(tmp_path, rare, entry("I01", 1, quote), places=place_names(programme()))
    assert "line 2" in told
    assert fault in told
    assert publish_interviews(SAID, signed(tmp_path, entry("I01", 1, "表太多"))).shape[0]


def test_english_and_explanations_are_looked_at_too(tmp_path: Path) -> None:
    places = place_names(programme())
    assert "quote_en" in refusal(
        tmp_path, SAID, entry("I01", 1, "表太多", english="In Jia"), places=places
    )


def test_a_quote_speaks_of_a_problem(tmp_path: Path) -> None:
    assert "speaks of no problem" in refusal(tmp_path, SAID, entry("I03", 2, "天气不错"))


def test_where_interviews_differ_both_sides_are_quoted(tmp_path: Path) -> None:
    both = pd.concat([SAID, AGAINST], ignore_index=True)
    one = entry("I01", 1, "同一张表填了三遍", 1)
    assert "A1.4 有相反的说法" in refusal(tmp_path, both, one)
    table = publish_interviews(both, signed(tmp_path, one, entry("I04", 1, "少填了一张表", 1)))
    assert set(table.loc[table["kind"] == "quote", "stance"]) == {"supports", "contradicts"}
    assert publish_interviews(SAID, signed(tmp_path, one)).query("kind == 'quote'").shape[0] == 1


def test_at_most_two_quotes_of_one_side(tmp_path: Path) -> None:
    lines = [entry("I01", 1, "一"), entry("I01", 2, "二"), entry("I02", 1, "三")]
    assert "line 4" in refusal(tmp_path, SAID, *lines)
    assert (
        len(publish_interviews(SAID, signed(tmp_path, *lines[:2])).query("kind == 'quote'")) == 2
    )
