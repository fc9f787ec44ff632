"""The rules that a codebook implies, as masks over decoded responses.

A hard rule takes a response out of the analysis (into quarantine, with the value); a soft rule
only flags it. Every rule reads one column of ``checked`` and says which of its values pass: Great
Expectations judges the same thing (``suite``) and both counts must agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.i18n import Text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    Question,
    Ranking,
)
from pipeline.validation.ended_early import OTHERWISE, endings

SPEEDER_SHARE = 1 / 3
"""Faster than this share of the median duration counts as speeding (mock, Data quality)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold of every response.

    Attributes
    ----------
    name : of the kind of rule
    question : the question it concerns (of ``screened_out`` the screen-out), or '' for the
        response as a whole
    checked : column of `checked.checked_columns` that is judged
    low, high : the checked value must lie between them (missing values pass)
    hard : a response that breaks it goes to quarantine
    sentence : what is wrong, for people
    """

    name: str
    question: str
    checked: str
    low: float | None
    high: float | None
    hard: bool
    sentence: Text

    def broken(self, checked: pd.DataFrame) -> pd.Series:
        """Tell for each response whether it breaks the rule (bool, same index)."""
        values = checked[self.checked]
        verdict = pd.Series(False, index=checked.index)
        if self.low is not None:
            verdict |= (values < self.low).fillna(False).astype(bool)
        if self.high is not None:
            verdict |= (values > self.high).fillna(False).astype(bool)
        return verdict


def rules_of(questionnaire: Questionnaire) -> tuple[Rule, ...]:
    """Return the rules that follow from a questionnaire, hard ones first."""
    rules = [
        *_of_the_response(),
        *_of_an_early_end(questionnaire),
        *(rule for question in questionnaire.questions for rule in _of_a_question(question)),
    ]
    return tuple(sorted(rules, key=lambda rule: not rule.hard))


def _of_the_response() -> Iterator[Rule]:
    yield Rule(
        "duplicate_key",
        "",
        "copies_of_key",
        None,
        0,
        True,
        Text(zh="同一编号的答卷重复，保留第一份", en="same key twice; the first is kept"),
    )
    yield Rule(
        "duplicate_person",
        "",
        "copies_of_person",
        None,
        0,
        True,
        Text(zh="同一受访者重复提交，保留第一份", en="same person twice; the first is kept"),
    )
    yield Rule(
        "undecoded",
        "",
        "undecoded_cells",
        None,
        0,
        True,
        Text(zh="有无法识别的选项或数字", en="a choice or number that is not in the codebook"),
    )
    yield Rule(
        "undesigned",
        "",
        "undesigned_cells",
        None,
        0,
        True,
        Text(
            zh="没有可用的权数、层或群，无法估计",
            en="no usable weight, stratum or cluster to estimate with",
        ),
    )
    yield Rule(
        "conflicting",
        "",
        "conflicting_cells",
        None,
        0,
        False,
        Text(zh="多选题的两种记录不一致", en="a multiple choice delivered twice, differently"),
    )
    yield Rule(
        "speeding",
        "",
        "seconds_by_median",
        SPEEDER_SHARE,
        None,
        False,
        Text(zh="用时不足中位数的三分之一", en="faster than a third of the median"),
    )
    yield Rule(
        "straight_lining",
        "",
        "same_point_throughout",
        None,
        0,
        False,
        Text(zh="量表题始终选同一级", en="the same point throughout the scales"),
    )
    yield Rule(
        "copied_open_answer",
        "",
        "shared_open_answers",
        None,
        0,
        False,
        Text(zh="开放题的长句与别人一字不差", en="a long open answer shared word for word"),
    )
    yield Rule(
        "phone_in_open_answer",
        "",
        "phones_in_open_answers",
        None,
        0,
        False,
        Text(zh="开放题里写了电话号码（已隐去）", en="a telephone number in an open answer"),
    )


def _of_an_early_end(questionnaire: Questionnaire) -> Iterator[Rule]:
    ways = endings(questionnaire)
    for way in ways:
        yield Rule("screened_out", way.name, way.checked, None, 0, True, way.called)
    if ways:
        other = Text(zh="筛除：问卷里没有写的原因", en="screened out: for a reason not on file")
        yield Rule("screened_out", "", OTHERWISE, None, 0, True, other)


def _of_a_question(question: Question) -> Iterator[Rule]:
    name = question.name
    # Of a value that nobody stated, the rule below says whether it should be there.
    if question.show_if is not None and not isinstance(question, Calculated):
        yield Rule(
            "answered_unasked",
            name,
            f"{name}:unasked",
            None,
            0,
            True,
            Text(zh="不应回答这道题却有答案", en="answered a question not meant for them"),
        )
    if question.required:
        yield Rule(
            "required_left_out",
            name,
            f"{name}:left_out",
            None,
            0,
            False,
            Text(zh="必答题没有回答", en="a required question without an answer"),
        )
    yield from _of_checks(question)
    match question:
        case Number() if question.minimum is not None or question.maximum is not None:
            yield Rule(
                "out_of_range",
                name,
                name,
                question.minimum,
                question.maximum,
                True,
                Text(zh="数字超出合理范围", en="a number out of range"),
            )
        case Calculated():
            yield from _of_a_calculation(question)
        case Moment() if question.earliest or question.latest:
            yield Rule(
                "out_of_range",
                name,
                f"{name}:outside",
                None,
                0,
                True,
                Text(zh="日期或时刻超出范围", en="a day or time out of range"),
            )
        case Ranking():
            yield Rule(
                "ranking_incomplete",
                name,
                f"{name}:unfilled",
                None,
                0,
                False,
                Text(zh="排序没有排满", en="places of a ranking left open"),
            )
        case MultipleChoice():
            if question.min_choices:
                yield Rule(
                    "too_few_choices",
                    name,
                    f"{name}:lacking",
                    None,
                    0,
                    False,
                    Text(zh="选项少于要求的个数", en="fewer choices than asked for"),
                )
            if question.max_choices is not None:
                yield Rule(
                    "too_many_choices",
                    name,
                    f"{name}:ticked",
                    None,
                    question.max_choices,
                    True,
                    Text(zh="选项超过允许的个数", en="more choices than allowed"),
                )
            if any(choice.exclusive for choice in question.substantive):
                yield Rule(
                    "beside_exclusive",
                    name,
                    f"{name}:beside_exclusive",
                    None,
                    0,
                    True,
                    Text(zh="“都没有”与其他选项同时选中", en="an exclusive choice beside others"),
                )
        case _:
            pass


def _of_checks(question: Question) -> Iterator[Rule]:
    """Yield the author's own checks: hard ones together, and soft ones together."""
    hard = [check.message for check in question.checks if not check.soft]
    soft = [check.message for check in question.checks if check.soft]
    if hard:
        column = f"{question.name}:checks"
        yield Rule("check_failed", question.name, column, None, 0, True, _all(hard))
    if soft:
        column = f"{question.name}:doubts"
        yield Rule("check_doubted", question.name, column, None, 0, False, _all(soft))


def _all(messages: Sequence[Text]) -> Text:
    return Text(zh="；".join(m.zh for m in messages), en="; ".join(m("en") for m in messages))


def _of_a_calculation(question: Calculated) -> Iterator[Rule]:
    """Yield soft rules only: the respondent did not state the value."""
    name = question.name
    differs = Text(zh="计算值与答案算出的不同", en="a calculated value unlike the answers")
    yield Rule("calculated_differs", name, f"{name}:differs", None, 0, False, differs)
    if question.minimum is not None or question.maximum is not None:
        low, high = question.minimum, question.maximum
        outside = Text(zh="计算值超出范围", en="a calculated value out of range")
        yield Rule("calculated_out_of_range", name, name, low, high, False, outside)
