"""Long open answers that several people gave word for word."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.validation.copies import shared_open_answers
from tests.validation.made import verbatims

TWELVE = "村里路灯坏了半年没人来修"
LONG = "窗口人手太少，办一件事要跑好几趟，希望材料能一次告诉清楚"


def found(rows: list[tuple[str, str]], question: str = "q5") -> list[int]:
    """Return what is found for people (token, text) who all answered one question."""
    about = pd.DataFrame(
        {
            "respondent": [f"r{n}" for n in range(len(rows))],
            "person": [person or pd.NA for person, _ in rows],
            "site": pd.NA,
        }
    ).astype("str")
    said = verbatims([(f"r{n}", question, text) for n, (_, text) in enumerate(rows)])
    return shared_open_answers(about, said).tolist()


def test_two_people_of_one_site_share_a_sentence() -> None:
    rows = [("jia-01-1", TWELVE), ("jia-01-2", f" {TWELVE}！"), ("jia-02-1", TWELVE)]
    assert found(rows) == [1, 1, 0]


def test_marks_and_width_of_the_signs_do_not_count() -> None:
    assert found([("s-1", f"{TWELVE}，3次"), ("s-2", f"{TWELVE}３ 次。")]) == [1, 1]


@pytest.mark.parametrize(
    "text",
    [TWELVE[:-1], "没有什么意见和建议，都挺好的，谢谢大家", "〔电话〕 12345 please call me back"],
)
def test_short_answers_and_those_that_say_nothing_may_coincide(text: str) -> None:
    assert found([("s-1", text), ("s-2", text)]) == [0, 0]


def test_elsewhere_three_must_share_a_longer_text() -> None:
    people = ["s1-1", "s2-1", "s3-1"]
    assert found([(person, LONG) for person in people]) == [1, 1, 1]
    assert found([(person, LONG) for person in people[:2]]) == [0, 0]
    assert found([(person, TWELVE) for person in people]) == [0, 0, 0]


def test_a_person_who_submitted_twice_copied_nobody() -> None:
    assert found([("s-1", LONG), ("s-1", LONG)]) == [0, 0]


def test_without_tokens_nobody_has_a_site() -> None:
    assert found([("", TWELVE), ("", TWELVE)]) == [0, 0]
    assert found([("", LONG)] * 3) == [1, 1, 1]


def test_the_site_of_the_export_counts_where_there_is_one() -> None:
    about = pd.DataFrame(
        {"respondent": ["r0", "r1"], "person": ["x-1", "y-1"], "site": ["s", "s"]}
    ).astype("str")
    said = verbatims([("r0", "q5", TWELVE), ("r1", "q5", TWELVE)])
    assert shared_open_answers(about, said).tolist() == [1, 1]
    other = said.assign(question=["q5", "q6"])  # the same words to another question
    assert shared_open_answers(about, other).tolist() == [0, 0]


def test_without_open_answers_nothing_is_shared() -> None:
    assert found([]) == []


def test_titles_of_real_messages_hardly_coincide(shared: Path) -> None:
    """Of 4,570 titles of messages to an authority, 37 were sent by two accounts, one by three."""
    rows: dict[str, tuple[str, str]] = {}
    for name in ("hot", "labelled", "reply"):
        path = shared / f"samples/text/teddy_{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            rows.setdefault(message["msg_no"], (message["user"], message["title"]))
    about = pd.DataFrame(
        {"respondent": list(rows), "person": [user for user, _ in rows.values()], "site": pd.NA}
    ).astype("str")
    said = verbatims([(number, "q5", title) for number, (_, title) in rows.items()])
    assert len(said) == 4570
    assert shared_open_answers(about, said).sum() == 0
