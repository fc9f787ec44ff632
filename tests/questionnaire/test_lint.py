"""The rules of ``diaoyan check``: each finds its fault, and leaves alone what is right."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.questionnaire.lint import lint, rule_names
from pipeline.questionnaire.lint_ranges import range_of
from pipeline.questionnaire.lint_versions import reused
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire
from pipeline.questionnaire.reading_length import estimated_minutes

GOOD = ["很不满意", "不太满意", "一般", "比较满意", "很满意"]


def choices(*texts: str, **marks: object) -> list[dict[str, Any]]:
    return [{"code": n, "text": {"zh": t}} | marks for n, t in enumerate(texts, start=1)]


def asked(text: str = "您对道路满意不满意？", kind: str = "scale", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"name": "q1", "type": kind, "text": {"zh": text}}
    if kind in ("scale", "single_choice", "multiple_choice"):
        made["choices"] = choices(*GOOD)
    return made | more


def questionnaire(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    words = ("title", "population", "respondents", "mode", "commissioned_by", "conducted_by",
             "limitation", "introduction")  # fmt: skip
    raw: dict[str, Any] = {word: {"zh": "某"} for word in words} | {
        "survey": "s",
        "minutes": 1,
        "simulated": True,
    }
    sections = [{"title": {"zh": "一"}, "questions": list(questions)}]
    quiet = {"silence": {"minutes_differ": "试卷"}, "languages": ["zh"]}
    return Questionnaire.model_validate(raw | quiet | {"sections": sections} | more)


def rules(*questions: dict[str, Any], **more: Any) -> list[str]:
    found = lint(questionnaire(*questions, **more)).findings
    return [one.rule for one in found if one.rule != "idle_silence"]


WORDINGS = [
    ("您对工资和工作环境满意不满意？", "double_barrelled"),
    ("您对服务态度、办事效率满意不满意？", "double_barrelled"),
    ("您对村干部的作风以及能力怎么看？", "double_barrelled"),
    ("众所周知垃圾分类有益，您满意不满意？", "leading"),
    ("您是否认为组织部门应该加强培训？", "leading"),
    ("难道您对道路还满意吗？", "leading"),
    ("您是不是也觉得这里的服务很好？", "leading"),
    ("您觉得政府不应该不管这件事吗？", "double_negative"),
    ("您不得不参加的会议，您满意不满意？", "double_negative"),
    ("路" * 61 + "？", "too_long"),
]
RIGHT = [
    "您对道路满意不满意？", "过去六个月，您的知识和技能应对手头的工作，够用不够用？",
    "您所在党组织办事，对熟人和不熟的人一个样，您同意不同意？",
    "与离退休干部有关的政策变化，通知得及时不及时？", "各岗位的人手，与工作量相称不相称？",
    "您对道路满意还是不满意？", "能够接替骨干岗位的年轻人员，您所在单位现在是缺还是充足？",
    "您对政府的总体评价（如态度、效率）怎么样？", "与去年相比，您的收入怎么样？",
    "您65岁及以上的家人，对服务满意不满意？", "参与的活动，您觉得有没有用处？",
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), WORDINGS)
def test_wording_is_found_fault_with(text: str, rule: str) -> None:
    assert rule in rules(asked(text))


@pytest.mark.parametrize("text", RIGHT)
def test_right_wording_is_let_be(text: str) -> None:
    assert rules(asked(text)) == []


def test_disagreeing_with_a_negation_is_a_double_negative() -> None:
    agree = choices("很不同意", "不太同意", "一般", "比较同意", "很同意")
    assert rules(asked("您同意不同意：工作没有奔头。", choices=agree)) == ["double_negative"]
    assert rules(asked("您同意不同意：工作有奔头。", choices=agree)) == []


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["非常满意", "满意", "比较满意", "一般", "不满意"], ["unbalanced_scale"]),
        (["很不满意", "不太满意", "比较满意", "很满意"], ["no_middle"]),
        (["很同意", "同意", "基本同意"], ["unbalanced_scale"]),
        (["从不", "偶尔", "有时", "经常"], []),
        (["没有用处", "用处较小", "一般", "用处较大", "用处很大"], []),
        (["1 差", "2", "3", "4 好"], []),
        (GOOD, []),
    ],
)
def test_scales_are_balanced_with_a_middle(texts: list[str], found: list[str]) -> None:
    assert rules(asked(choices=choices(*texts))) == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["18-30岁", "30-40岁", "41岁及以上"], ["overlapping_ranges"]),
        (["18至29岁", "30至39岁", "40岁及以上"], []),
        (["18至29岁", "35至39岁", "40岁及以上"], ["gaps_between_ranges"]),
        (["1000元以下", "1000-2000元", "2000元以上"], ["overlapping_ranges"] * 2),
        (["不满1000元", "1000元至不满2000元", "2000元及以上"], []),
        (["不满2年", "满2年不满5年", "5年及以上"], []),
        (["不到20名", "20至49名", "50名及以上"], []),
        (["没有", "1至2次", "3次及以上"], []),
        (["5万元以下", "6万-10万元", "11万元以上"], ["gaps_between_ranges"] * 2),
        (["看书", "读报", "上网"], []),
    ],
)
def test_ranges_fit_together(texts: list[str], found: list[str]) -> None:
    assert rules(asked("您属于哪一项？", "single_choice", choices=choices(*texts))) == found


def test_bounds_are_read_as_the_law_reads_them() -> None:
    below, above = range_of("1000元以下"), range_of("超过2万元")
    assert below is not None
    assert (below.high, below.high_closed) == (1000, True)
    assert above is not None
    assert (above.low, above.low_closed) == (20_000, False)
    assert range_of("都不是") is None
    over, least, under = (range_of(one) for one in ("More than USD 5 000", "65+", "under 18"))
    assert over is not None
    assert (over.low, over.low_closed) == (5000, False)
    assert least is not None
    assert (least.low, least.low_closed) == (65, True)
    assert under is not None
    assert (under.high, under.high_closed) == (18, False)


def test_lists_leave_a_place_for_everybody() -> None:
    short = choices("甲", "乙", "丙")
    assert rules(asked("选哪些？", "multiple_choice", choices=short)) == ["no_other", "no_none"]
    whole = [*short, {"code": 7, "text": {"zh": "其他"}, "specify": True},
             {"code": 8, "text": {"zh": "以上都没有"}, "exclusive": True}]  # fmt: skip
    assert rules(asked("选哪些？", "multiple_choice", choices=whole)) == []
    whole[-1].pop("exclusive")
    assert rules(asked("选哪些？", "multiple_choice", choices=whole)) == ["no_none"]


@pytest.mark.parametrize(
    ("text", "texts", "found"),
    [
        ("哪几个月？", ["一月", "二月", "十二月"], ["no_none"]),
        ("Why did you move?", ["Work", "Family", "Other"], []),
        ("Which of the following words were mentioned?", ["Lung", "Heart", "None"], []),
        ("Which of these do you have?", ["A car", "A bicycle", "Other"], ["no_none"]),
        ("Do you own any?", ["Car", "Other", "Don’t know"], []),
    ],
)
def test_lists_that_can_want_nothing_are_let_be(
    text: str, texts: list[str], found: list[str]
) -> None:
    offered = [{"code": n, "text": {"en": t}} for n, t in enumerate(texts, start=1)]
    listed = asked(kind="multiple_choice", choices=offered) | {"text": {"en": text}}
    said = [rule for rule in rules(listed) if rule != "missing_language"]
    assert said == found


def test_sensitive_questions_can_be_left_out() -> None:
    assert rules(asked(sensitive=True)) == ["no_dont_know", "no_refusal"]
    assert rules(asked("多少元？", "number", sensitive=True)) == ["no_refusal"]


def test_codes_rise() -> None:
    turned = list(reversed(choices(*GOOD)))
    assert rules(asked(choices=turned)) == []  # a scale shown from its high end
    turned[0], turned[1] = turned[1], turned[0]
    assert "codes_out_of_order" in rules(asked(choices=turned))


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ([2017, 2016, 2015], []),
        ([1, 0, 2], []),
        ([1, 2, 21, 3], ["codes_out_of_order"]),
        ([3, 1, 2], ["codes_out_of_order"]),
    ],
)
def test_codes_may_fall_all_the_way(codes: list[int], found: list[str]) -> None:
    listed = [{"code": code, "text": {"zh": f"第{code}项"}} for code in codes]
    assert rules(asked("哪一年？", "single_choice", choices=listed)) == found
    last = [*listed, {"code": -1, "text": {"zh": "不知道"}}]
    assert rules(asked("哪一年？", "single_choice", choices=last)) == found


def test_words_behind_other_are_no_open_questions() -> None:
    def opened(number: int, text: str, **more: object) -> dict[str, Any]:
        return asked(text, "open_ended", name=f"o{number}", **more)

    four = [opened(n, "您怎么看？") for n in range(4)]
    assert rules(*four) == ["many_open_questions"]
    assert rules(*four[:3], opened(4, "您的姓名？")) == []
    other = asked("住哪？", "single_choice", choices=choices("甲地", "其他"))
    which = opened(4, "住在哪里？", show_if={"=": ["q1", 2]})
    assert rules(other, *four[:3], which) == []
    assert rules(other, *four[:3], which | {"show_if": {"=": ["q1", 1]}}) == [
        "many_open_questions"
    ]


def test_wording_in_other_languages_is_let_be() -> None:
    listed = [{"code": n, "text": {"de": t}} for n, t in ((1, "Sport"), (2, "Sonstiges"))]
    german = {"text": {"de": " ".join(["Wort"] * 80)}, "name": "q", "type": "multiple_choice"}
    assert set(rules(german | {"choices": listed})) == {"missing_language"}


def test_what_is_still_to_be_written_is_told() -> None:
    assert rules(asked(), introduction={"zh": "待填写"}) == ["missing_language"]


def test_an_agreement_battery_has_reversed_items() -> None:
    agree = choices("很不同意", "不太同意", "一般", "比较同意", "很同意")
    items = [{"name": f"i{n}", "text": {"zh": f"第{n}条"}} for n in range(4)]
    grid = {"name": "g", "type": "matrix", "cells": "scale", "text": {"zh": "您同意吗"},
            "choices": agree, "items": items}  # fmt: skip
    assert rules(grid) == ["acquiescence"]
    items[1]["reverse"] = True  # type: ignore[assignment]
    assert rules(grid) == []


UNREACHABLE = [
    {"and": [{"=": ["q1", 1]}, {"=": ["q1", 2]}]},
    {"and": [{"empty": "q1"}, {"in": ["q1", [1, 2]]}]},
    {"and": [{">": ["n", 5]}, {"<": ["n", 6]}]},
    {">": [{"+": ["n", 1]}, 11]},
    {"and": [{"selected": ["m", 1]}, {"selected": ["m", 2]}]},
    {">": [{"count": "m"}, 2]},
    {"and": [{"=": ["second", 1]}, {"!=": ["q1", 1]}]},
    {"=": ["ended", 2]},
]
REACHABLE = [
    {"and": [{">=": ["n", 5]}, {"<": ["n", 6]}]},
    {"and": [{"selected": ["m", 2]}, {"not": {"selected": ["m", 1]}}]},
    {"=": [{"count": "m"}, 2]},
    {"empty": "second"},
    {"=": ["second", 1]},
    {">": ["open_number", 1_000_000]},
    {"or": [{"=": ["ended", 2]}, {"=": ["q1", 1]}]},
]
BEFORE = [
    asked("您住哪？", "single_choice", choices=choices("甲地", "乙地", "丙地")),
    asked("几次？", "number", name="n", minimum=0, maximum=10),
    asked("花了多少？", "number", name="open_number"),
    asked("哪些？", "multiple_choice", name="m",
          choices=[{"code": 1, "text": {"zh": "以上都没有"}, "exclusive": True}, *choices("x", "其他", "z")[1:]]),
    asked("哪里？", "single_choice", name="second", show_if={"=": ["q1", 1]}, choices=choices("甲", "乙")),
    asked("满18岁？", "single_choice", name="ended", choices=choices("是的", "否")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("route", "found"), [(r, True) for r in UNREACHABLE] + [(r, False) for r in REACHABLE]
)
def test_a_question_that_nobody_reaches_is_an_error(route: Any, found: bool) -> None:
    last = asked("到底？", "open_ended", name="last", show_if=route)
    ends = [{"name": "young", "when": {"=": ["ended", 2]}, "message": {"zh": "谢谢"}}]
    linted = lint(questionnaire(*BEFORE, last, screen_outs=ends)).findings
    errors = [one for one in linted if one.severity == "error"]
    assert [one.rule for one in errors] == ["unreachable"] * found


def test_silence_needs_a_rule_and_a_reason_and_something_to_silence() -> None:
    two = "您对工资和工作环境满意不满意？"
    linted = lint(questionnaire(asked(two, silence={"double_barrelled": "历年都这样问"})))
    assert [one.reason for one in linted.silenced if one.finding.rule != "minutes_differ"] == [
        "历年都这样问"
    ]
    assert "double_barrelled" not in [one.rule for one in linted.findings]
    whole = questionnaire(asked(two), silence={"double_barrelled": "都这样问"})
    assert "double_barrelled" not in [one.rule for one in lint(whole).findings]
    assert set(rules(asked(two, silence={"double_barelled": "x"}))) == {
        "unknown_silence", "double_barrelled",
    }  # fmt: skip
    assert set(rules(asked(two, silence={"double_barrelled": " "}))) == {
        "silence_without_reason", "double_barrelled",
    }  # fmt: skip
    idle = lint(questionnaire(asked(silence={"leading": "x"}))).findings
    assert "idle_silence" in [one.rule for one in idle]


def test_codes_and_names_keep_their_meaning() -> None:
    before = questionnaire(
        asked("哪里？", "single_choice", choices=choices("甲地", "乙地", "丙地"))
    )
    after = questionnaire(
        asked("哪里？", "single_choice", choices=choices("甲地", "没有去", "丙地"))
    )
    found = list(reused(after, {"v": before}))
    assert [(one.rule, one.severity, one.place[-1]) for one in found] == [
        ("code_reused", "error", 1)
    ]
    typed = list(reused(questionnaire(asked("哪里？", "number")), {"v": before}))
    assert [one.rule for one in typed] == ["type_changed"]
    four = questionnaire(asked(choices=choices("很不满意", "不太满意", "比较满意", "很满意")))
    assert [one.severity for one in reused(questionnaire(asked()), {"v": four})] == ["warning"]
    assert not list(reused(before, {"v": before}))


def test_the_examples_have_no_finding_left(root: Path) -> None:
    for survey in ("residents", "cadres", "served_units"):
        read = read_questionnaire(root / f"questionnaires/{survey}/questionnaire.yaml")
        found = [one for one in lint(read).findings if one.rule != "idle_silence"]
        assert found == [], survey


def test_more_to_read_takes_longer() -> None:
    short, long = questionnaire(asked()), questionnaire(asked(hint={"zh": "说明" * 100}))
    assert estimated_minutes(long) - estimated_minutes(short) == pytest.approx(200 / 190)
    routed = asked("再问？", name="q2", show_if={"=": ["q1", 1]})
    asked_all = asked("再问？", name="q2")
    added = [estimated_minutes(questionnaire(asked(), one)) - estimated_minutes(short)
             for one in (routed, asked_all)]  # fmt: skip
    assert added[0] == pytest.approx(added[1] / 2)


def test_rules_have_names_to_silence_them_by() -> None:
    assert {"double_barrelled", "unreachable", "code_reused", "unmeasured_problem"} <= rule_names()
