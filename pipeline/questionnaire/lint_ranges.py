"""Rules on choices that are ranges of numbers: they neither overlap nor leave gaps.

以上、以下、以内 count the number itself, 不满、不到、超过 do not (民法典 第一千二百五十九条).
"Or more", "or less", "and over" count it; "more than", "less than", "over", "under" do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from pipeline.questionnaire.lint_finding import Finding, choice_blocks, legible, plain, substantive
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice

_N = r"(\d+(?:\.\d+)?)"
_UNIT = (
    r"([万千百]?(?:周岁|岁|元|个?工作日|个?小时|分钟|个?月|天|日|年|次|人|名|个|份|户|亩|公里|%)?)"
)
_BETWEEN = re.compile(
    rf"(满|超过)?{_N}{_UNIT}(?:\(?含\)?)?(?:-|—|–|－|~|～|至|到)+(不满|不到)?{_N}{_UNIT}"
)
_FULL_TO = re.compile(rf"满{_N}{_UNIT}，?不[满到足]{_N}{_UNIT}")
_WORDS = r"[a-z]{0,30}?"
_BELOW = re.compile(
    rf"(不满|不到|不足|少于|低于|小于|未满|(?:less|fewer)than{_WORDS}|under{_WORDS}|below{_WORDS})"
    rf"{_N}{_UNIT}|{_N}{_UNIT}(及?以[下内]|or(?:less|fewer|under|below)|andunder)"
)
_ABOVE = re.compile(
    rf"(超过|多于|高于|大于|满|(?:more|greater)than{_WORDS}|over{_WORDS}|above{_WORDS}){_N}{_UNIT}"
    rf"|{_N}{_UNIT}(及?以上|\+|or(?:more|over|above|older)|and(?:over|above|older))"
)
_ONE = re.compile(rf"^[^\d]*{_N}{_UNIT}$")
_SCALE = {"万": 10_000.0, "千": 1_000.0, "百": 100.0}


@dataclass(frozen=True, slots=True)
class Range:
    """What numbers a choice stands for; `closed` bounds belong to it."""

    low: float
    high: float
    low_closed: bool
    high_closed: bool
    unit: str


def overlapping_ranges(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield choices of which a respondent could take two."""
    for place, one, two, first, second in _neighbours(questionnaire):
        touch = second.low == first.high and first.high_closed and second.low_closed
        if second.low < first.high or touch:
            yield Finding(
                "overlapping_ranges", place,
                f"“{one.text.zh}”与“{two.text.zh}”有重叠（{second.low:g}）。",
                "请使每个数只属于一项，如 18至29岁、30至39岁；“以上、以下”含本数，不含的写“不满”。"
                "(the ranges overlap)",
            )  # fmt: skip


def gaps_between_ranges(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield choices between which a respondent would find no place."""
    for place, one, two, first, second in _neighbours(questionnaire):
        whole = first.high.is_integer() and second.low.is_integer()
        both = first.high_closed and second.low_closed
        allowed = 1.0 if both and whole else 0.0
        apart = second.low - first.high
        open_point = apart == 0 and not first.high_closed and not second.low_closed
        if apart > allowed or open_point:
            yield Finding(
                "gaps_between_ranges", place,
                f"“{one.text.zh}”与“{two.text.zh}”之间有空档。",
                "请补上这一段，或把相邻两项接上。(a gap between the ranges)",
            )  # fmt: skip


def _neighbours(
    questionnaire: Questionnaire,
) -> Iterator[tuple[Place, Choice, Choice, Range, Range]]:
    for block, place in choice_blocks(questionnaire):
        read = [(choice, range_of(legible(choice.text))) for choice in substantive(block.choices)]
        ranges = [(choice, found) for choice, found in read if found is not None]
        bounded = [found for _, found in ranges if found.low != found.high]
        units = {found.unit for _, found in ranges if found.unit}
        if len(bounded) < 2 or len(ranges) < len(read) - 1 or len(units) > 1:
            continue
        ranges.sort(key=lambda one: (one[1].low, one[1].high))
        for (one, first), (two, second) in pairwise(ranges):
            at = next(n for n, choice in enumerate(block.choices) if choice is two)
            yield (*place, "choices", at), one, two, first, second


def range_of(text: str) -> Range | None:
    """Return the numbers that a choice stands for; None where it is no range."""
    bare = plain(text).replace(" ", "").replace(",", "").lower()
    if found := _FULL_TO.search(bare):
        low, unit, high, second = found.groups()
        return _range(low, high, True, False, unit, second)
    if found := _BETWEEN.search(bare):
        above, low, unit, below, high, second = found.groups()
        return _range(low, high, above != "超过", not below, unit, second)
    if found := _BELOW.search(bare):
        word, number, unit, other, second, _ = found.groups()
        made = _range("0", number or other, True, word is None, "", unit or second or "")
        return Range(-inf, made.high, False, made.high_closed, made.unit)
    if found := _ABOVE.search(bare):
        word, number, unit, other, second, _ = found.groups()
        closed = word in (None, "满")
        made = _range(number or other, "0", closed, True, unit or second or "", "")
        return Range(made.low, inf, closed, False, made.unit)
    if found := _ONE.match(bare):
        return _range(found[1], found[1], True, True, found[2], found[2])
    return None


def _range(low: str, high: str, low_in: bool, high_in: bool, unit: str, other: str) -> Range:
    last = other or unit
    shared = unit or other
    return Range(
        float(low) * _SCALE.get(shared[:1], 1.0),
        float(high) * _SCALE.get(last[:1], 1.0),
        low_in,
        high_in,
        shared.lstrip("万千百").removeprefix("个").removeprefix("周"),
    )


RANGE_RULES = (overlapping_ranges, gaps_between_ranges)
