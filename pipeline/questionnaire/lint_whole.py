"""Rules on the questionnaire as a whole: its length, its batteries, its columns elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.questionnaire.blocks import Matrix, questions_of_block
from pipeline.questionnaire.cross_checks import placed_blocks
from pipeline.questionnaire.expressions import (
    Answer,
    Compare,
    Constant,
    In,
    Selected,
    nodes_of,
)
from pipeline.questionnaire.lint_finding import Finding
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import OpenEnded, Scale
from pipeline.questionnaire.reading_length import estimated_minutes

LONGER, SHORTER = 1.3, 0.4
MOST_OPEN = 3
_LINE = re.compile(
    r"注明|姓名|电话|手机|邮箱|编号|地址|(?i:specify|pr[ée]cise|angeben|e-?mail|(?<![a-z])"
    r"(name|code|id|number|phone|address|url|other)(?![a-z\d]))"
)
"""A name, a number, or the words behind "other" (`other` in a name: "tools_other")."""
_OTHER = re.compile(r"其[他它]|(?i:other|autre|andere|sonstig|otr[oa]s?\b)")
LEAST_BATTERY = 4
STATA_LENGTH = 32
RESERVED = frozenset(
    {
        "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
        "if", "in", "using", "byte", "int", "long", "float", "double", "end", "start", "today",
        "deviceid", "key", "instanceid", "submissiondate", "screened_out",
    }
)  # fmt: skip
"""Words that SPSS and Stata keep for themselves, and columns that collection systems add."""


def minutes_differ(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield that it takes clearly longer or shorter than respondents are told."""
    estimated = estimated_minutes(questionnaire)
    told = questionnaire.minutes
    if max(estimated, 1) < told * SHORTER or estimated > told * LONGER:
        yield Finding(
            "minutes_differ", ("minutes",),
            f"写的是 {told} 分钟，按题量估计约 {estimated:.0f} 分钟。",
            "请按试填的时间写，或删减题目。(estimated minutes differ from those told)",
        )  # fmt: skip


def many_open_questions(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield that more is to be written than people write.

    A name or a number is written quickly, and "other, please specify" by few.
    """
    opened = [
        (block, place)
        for block, place in placed_blocks(questionnaire)
        if isinstance(block, OpenEnded)
        and not _LINE.search(block.name)
        and not _LINE.search(re.sub(r"(?i)\bother\b", "", block.text.zh))
        and not _asks_which_other(block, questionnaire)
    ]
    if len(opened) > MOST_OPEN:
        names = "、".join(block.name for block, _ in opened)
        yield Finding(
            "many_open_questions", opened[MOST_OPEN][1], f"开放题有 {len(opened)} 道（{names}）。",
            f"请留下最要紧的，不超过 {MOST_OPEN} 道。(too many open questions)",
        )  # fmt: skip


def _asks_which_other(block: OpenEnded, questionnaire: Questionnaire) -> bool:
    """Tell whether a question is asked of those who chose "other"."""
    chosen: tuple[float | str, ...]
    for node in () if block.show_if is None else nodes_of(block.show_if):
        match node:
            case Selected(question=name, code=code):
                chosen = (code,)
            case In(question=name, values=chosen):
                pass
            case Compare("=", Answer(name), Constant(value)):
                chosen = (value,)
            case _:
                continue
        for choice in getattr(questionnaire.question(name), "choices", ()):
            if choice.code in chosen and _OTHER.search(f"{choice.name} {choice.text.zh}"):
                return True
    return False


def acquiescence(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield batteries of agreement that a respondent can answer "agree" throughout."""
    for at, battery in enumerate(questionnaire.batteries):
        items = questionnaire.items_of(battery.name)
        if len(items) >= LEAST_BATTERY and _agree(items[0]) and not any(i.reverse for i in items):
            yield _one_sided(("batteries", at), battery.name, len(items))
    for block, place in placed_blocks(questionnaire):
        if (
            isinstance(block, Matrix)
            and block.cells == "scale"
            and not block.battery
            and len(block.items) >= LEAST_BATTERY
            and any("同意" in choice.text.zh for choice in block.choices)
            and not any(item.reverse for item in block.items)
        ):
            yield _one_sided(place, block.name, len(block.items))


def _agree(scale: Scale) -> bool:
    return any("同意" in c.text.zh or "agree" in c.text("en").lower() for c in scale.choices)


def _one_sided(place: Place, name: str, count: int) -> Finding:
    return Finding(
        "acquiescence", place, f"{name} 的 {count} 条说法都朝一个方向，一路同意的人看不出来。",
        "请把几条改成相反的说法，并写 reverse: true。(no reversed item)",
    )  # fmt: skip


def colliding_columns(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield names that other systems would take for each other or not at all."""
    short: defaultdict[str, list[str]] = defaultdict(list)
    places: dict[str, Place] = {}
    for block, place in placed_blocks(questionnaire):
        places[getattr(block, "column", "") or block.name] = place
        places |= {question.exported_as: place for question in questions_of_block(block)}
    for question in questionnaire.questions:
        short[question.exported_as.lower()[:STATA_LENGTH]].append(question.exported_as)
    told: set[Place] = set()
    for names in short.values():
        if len(names) > 1:
            place = next((places[one] for one in reversed(names) if one in places), ())
            if place in told:
                continue  # of a roster every entry has the same
            told.add(place)
            yield Finding(
                "colliding_columns", place,
                f"列名 {'、'.join(names[:3])} 在 Stata、SPSS 里成了同一个。",
                f"请使前 {STATA_LENGTH} 个字符不分大小写也不相同。(one name in other systems)",
            )  # fmt: skip
    for name, place in places.items():
        if name.lower() in RESERVED:
            yield Finding(
                "colliding_columns", place, f"列名 {name} 是统计软件或填报系统的保留字。",
                "请换一个名称。(a reserved word of other systems)",
            )  # fmt: skip


def unused_list(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield shared lists of choices that no question has."""
    used = {tuple(getattr(block, "choices", ())) for block, _ in placed_blocks(questionnaire)}
    used |= {
        tuple(getattr(inner, "choices", ()))
        for block, _ in placed_blocks(questionnaire)
        for inner in getattr(block, "questions", ())
    }
    for name, choices in questionnaire.choice_lists.items():
        if not any(choices == one or (one and one[-len(choices) :] == choices) for one in used):
            yield Finding(
                "unused_list", ("choice_lists", name), f"选项表 {name} 没有题目使用。",
                "请删去，或在题目里写 choices 和它的名称。(an unused list)",
            )  # fmt: skip


def unmeasured_problems(
    programme: Programme, questionnaires: Iterable[Questionnaire]
) -> Iterator[tuple[str, str, str]]:
    """Yield code and name of each problem of the programme that no question measures.

    The third is the reason for which one of the questionnaires lets it be
    (``silence: {unmeasured_problem: A7.1 ...}``), or ''.
    """
    read = list(questionnaires)
    measured = {measure.problem for one in read for _, measure in one.measures()}
    reasons = [one.silence.get("unmeasured_problem", "") for one in read]
    for problem in programme.problems():
        if problem.code not in measured:
            reason = next((said for said in reasons if problem.code in said), "")
            yield problem.code, problem.name.zh, reason


WHOLE_RULES = (
    minutes_differ, many_open_questions, acquiescence, colliding_columns, unused_list,
)  # fmt: skip
