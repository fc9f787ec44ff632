"""Hold planted truths against the questionnaire and the frame they are for."""

from collections.abc import Collection, Iterator
from typing import assert_never

from pipeline.errors import Fault
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.simulation.answer_truths import Shifts
from pipeline.simulation.frame_truths import FrameTruth
from pipeline.simulation.routes import sources, ticks_read
from pipeline.simulation.survey_truths import Truths

FRAME_COLUMNS = ("county", "setting")


def misfits(
    truths: Truths, questionnaire: Questionnaire, asked_elsewhere: Collection[str] | None
) -> Iterator[Fault]:
    """Yield what the truths lack or say wrongly of the questionnaire's questions."""
    for question in questionnaire.questions:
        yield from _of_a_question(question, truths)
        yield from _unfollowed(question, questionnaire, truths)
    for place, shifts in _all_shifts(truths):
        yield from _of_shifts(place, shifts, truths)
    for name in truths.margins:
        if name not in truths.people:
            yield Fault(f"margins.{name}", "不在 people 中 (no attribute).", "请改正。(correct)")
    if asked_elsewhere is not None:
        known = {question.name for question in questionnaire.questions} | set(asked_elsewhere)
        planted = (truths.people, truths.ordered, truths.counts, truths.multiple, truths.open)
        for name in sorted({name for one in planted for name in one} - known):
            yield Fault(name, "没有这道题 (no version asks it).", "请检查拼写。(check the name)")


def unknown_levels(truths: Truths, frame: FrameTruth) -> Iterator[Fault]:
    """Yield counties and settings that the fictitious frame does not have."""
    levels = {"county": set(frame.county_size), "setting": set(frame.sites)}
    named = [("draw.sites_per_stratum", "setting", list(truths.draw.sites_per_stratum))]
    named += [
        (f"people.{name}.by_setting", "setting", list(one.by_setting))
        for name, one in truths.people.items()
    ]
    named += [
        (f"open.{name}.{theme.theme}", "county", list(theme.county))
        for name, one in truths.open.items()
        for theme in one.themes
    ]
    named += [
        (place, column, [str(value) for value in values])
        for place, shifts in _all_shifts(truths)
        for column, values in shifts.items()
        if column in FRAME_COLUMNS
    ]
    for place, column, values in named:
        if unknown := sorted(set(values) - levels[column]):
            found = f"抽样框没有 {column} {'、'.join(unknown)} (not in the frame)."
            yield Fault(place, found, "请检查拼写。(check the spelling)")


def _of_a_question(question: Question, truths: Truths) -> Iterator[Fault]:
    planted: Collection[str]
    match question:
        case SingleChoice() | Scale():
            planted = {**truths.ordered, **truths.people}
        case MultipleChoice():
            planted = truths.multiple
        case Number():
            planted = truths.counts
            if (question.minimum or 0) > 0 or question.decimals:
                found = "不是从0起的整数 (not a count from 0)."
                yield Fault(question.name, found, "模拟只支持计数题。(only counts are simulated)")
        case OpenEnded():
            planted = truths.open
        case Ranking() | Calculated() | Moment():
            found = f"模拟不支持 {question.type} (not simulated)."
            remedy = "请从要模拟的问卷中去掉这道题。(leave it out of a simulated questionnaire)"
            yield Fault(question.name, found, remedy)
            return
        case _:
            assert_never(question)
    if question.name not in planted:
        yield Fault(question.name, "没有真值 (no truth).", "请补上。(add it)")
    elif isinstance(question, SingleChoice | Scale | MultipleChoice):
        wanted = sorted(choice.code for choice in question.substantive)
        if isinstance(question, MultipleChoice):
            several = truths.multiple[question.name]
            given = sorted([*several.shares, several.none])
        else:
            attribute = truths.people.get(question.name)
            shares = (attribute or truths.ordered[question.name]).shares
            given = sorted(shares)
        if given != wanted:
            yield Fault(
                question.name,
                f"比例给了选项 {given}，问卷有 {wanted} (shares and codes differ).",
                "请逐项给出。(give every code its share)",
            )


def _unfollowed(
    question: Question, questionnaire: Questionnaire, truths: Truths
) -> Iterator[Fault]:
    """Yield routes whose truth could not be computed exactly."""
    read, ticks = sources(question, questionnaire), ticks_read(question, questionnaire)
    for one in read:
        several = isinstance(one, MultipleChoice) and len(ticks.get(one.name, ())) != 1
        if isinstance(one, Number) or several:
            yield Fault(
                question.name,
                f"路由取决于 {one.name} (routed by a number, or by several ticks).",
                "模拟只支持按一个选项路由。(the simulation follows routes on single choices only)",
            )
    moody = [one.name for one in read if _mood(one.name, truths)]
    if moody and _mood(question.name, truths):
        yield Fault(
            question.name,
            f"与决定其路由的 {'、'.join(moody)} 都有 person (both load on the mood).",
            "请去掉其中之一的 person，否则真值不精确。(drop one, or the truth is not exact)",
        )


def _mood(name: str, truths: Truths) -> float:
    return truths.ordered[name].person if name in truths.ordered else 0.0


def _all_shifts(truths: Truths) -> Iterator[tuple[str, Shifts]]:
    yield "response", truths.response.shifts
    for kind, planted in (("ordered", truths.ordered), ("counts", truths.counts)):
        yield from ((f"{kind}.{name}", one.shifts) for name, one in planted.items())
    for name, several in truths.multiple.items():
        yield from ((f"multiple.{name}.{c}", one) for c, one in several.shifts.items())


def _of_shifts(place: str, shifts: Shifts, truths: Truths) -> Iterator[Fault]:
    for column, values in shifts.items():
        if column in FRAME_COLUMNS:
            continue
        attribute = truths.people.get(column)
        shares = attribute.shares if attribute else {}
        unknown = [str(value) for value in values if value not in shares] if shares else []
        if unknown or not attribute:
            found = f"shifts 中没有 {' '.join([column, *unknown])} (unknown)."
            yield Fault(f"{place}.shifts", found, "请改成 county、setting 或 people 的题。")
