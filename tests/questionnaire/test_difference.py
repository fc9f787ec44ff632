"""What changed between two versions, said by question, with a verdict on each."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.questionnaire.difference import difference, in_words, marked
from pipeline.questionnaire.model import Questionnaire


@pytest.fixture
def raw(questionnaire: Questionnaire) -> dict[str, Any]:
    return questionnaire.model_dump(mode="json")


def questions(raw: dict[str, Any]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = raw["sections"][0]["questions"]
    return listed


CHANGES: list[tuple[Callable[[dict[str, Any]], object], str, bool]] = [
    (lambda raw: questions(raw)[0]["text"].update(zh="参与过吗？"), "题干：参[-加-]{+与+}过吗？", False),
    (lambda raw: questions(raw)[0]["text"].update(en="Taken part?"), "题干的译文 en", True),
    (lambda raw: questions(raw)[0]["hint"].update(zh="一次也算"), "提示：{+一次也算+}", False),
    (lambda raw: questions(raw)[1]["choices"][0]["text"].update(zh="很不"), "选项 1：[-第1级-]{+很不+}", False),
    (lambda raw: questions(raw)[1]["choices"].pop(0), "选项 1 删去：第1级", False),
    (lambda raw: questions(raw)[1]["choices"].reverse(), "选项先后：1、2", False),
    (lambda raw: questions(raw)[1].update(order="random"), "选项顺序：无 → random", False),
    (lambda raw: questions(raw)[1].update(show_if=None), '条件：{"=": ["q1", 1]} → 无', False),
    (lambda raw: questions(raw)[2].update(max_choices=1), "最多选：2 → 1", False),
    (lambda raw: questions(raw)[3].update(maximum=30), "最大值：31 → 30", False),
    (lambda raw: questions(raw)[0].update(required=False), "必答：是 → 否", True),
    (lambda raw: questions(raw)[1].update(measure={"problem": "A1.1", "unfavourable": [1],
     "claim": {"zh": "认为不好"}}), "测量：新增 A1.1", True),
    (lambda raw: questions(raw)[0]["choices"][0].update(name="ja"), "导出名：yes → ja", True),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line", "compares"), CHANGES)
def test_a_change_is_said_with_its_verdict(
    questionnaire: Questionnaire, raw: dict[str, Any], change: Callable[..., object], line: str,
    compares: bool,
) -> None:  # fmt: skip
    change(raw)
    found = difference(questionnaire, Questionnaire.model_validate(raw))
    said = in_words(found)
    assert line in said
    assert (found.comparable == found.common) is compares
    assert ("不可比" in said) is not compares


def test_questions_that_came_went_and_moved(
    questionnaire: Questionnaire, raw: dict[str, Any]
) -> None:
    listed = questions(raw)
    listed.append(listed.pop(2))
    listed[2] = listed[2] | {"name": "q4b"}
    found = difference(questionnaire, Questionnaire.model_validate(raw))
    assert found.added == ("q4b 几次？",)
    assert found.removed == ("q4 几次？",)
    assert found.moved == ("q5（第 4 → 第 3）",) or found.moved == ("q3（第 3 → 第 4）",)


def test_the_way_of_asking_is_said_of_the_whole(
    questionnaire: Questionnaire, raw: dict[str, Any]
) -> None:
    raw["mode"] = {"zh": "电话", "en": "网页"}
    found = difference(questionnaire, Questionnaire.model_validate(raw))
    assert found.whole == ("调查方式：[-网页-]{+电话+}",)
    assert (found.comparable, found.common) == (0, 5)


def test_nothing_changed(questionnaire: Questionnaire) -> None:
    assert "两版相同" in in_words(difference(questionnaire, questionnaire))


def test_words_are_marked_whole() -> None:
    assert marked("in 18 days", "in 19 days") == "in [-18-]{+19+} days"
