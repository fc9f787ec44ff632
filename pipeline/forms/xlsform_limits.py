"""What an XLSForm demands of an answer: the constraint of a row, and what it says when broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.forms.expressions import plain
from pipeline.forms.xlsform_names import word
from pipeline.i18n import Text
from pipeline.questionnaire.expressions import Condition, compared
from pipeline.questionnaire.questions import (
    Choice,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
)

Compiled = Callable[[Condition], str]


@dataclass(frozen=True, slots=True)
class Limit:
    """A part of a constraint, and the message for who breaks it.

    `authored` says that it is a check of the definition; the others follow from the type.
    """

    xpath: str
    message: Text
    authored: bool = False


def limits(question: Question, compiled: Compiled) -> Iterator[Limit]:
    """Yield what must hold of an answer; a soft check is no limit.

    Parameters
    ----------
    compiled : condition -> XPath, the question itself being ``.``
    """
    match question:
        case Number():
            yield from _of_number(question)
        case MultipleChoice():
            yield from of_choices(question.offered, question.min_choices, question.max_choices)
        case Moment():
            if question.earliest:
                least = compiled(compared(question.name, ">=", question.earliest))
                yield Limit(least, _said("不能早于", "Not before", question.earliest))
            if question.latest:
                most = compiled(compared(question.name, "<=", question.latest))
                yield Limit(most, _said("不能晚于", "Not after", question.latest))
        case OpenEnded():
            length = question.max_length
            yield Limit(
                f"string-length(.) <= {length}",
                Text(zh=f"最多{length}个字。", en=f"At most {length} characters."),
            )
    for check in question.checks:
        if not check.soft:
            yield Limit(compiled(check.holds), check.message, authored=True)


def _of_number(question: Number) -> Iterator[Limit]:
    low, high = question.minimum, question.maximum
    bounds = [f". >= {plain(low)}"] if low is not None else []
    bounds += [f". <= {plain(high)}"] if high is not None else []
    if not bounds:
        return
    codes = [choice.code for choice in question.missing_codes if choice.offered]
    inside = " and ".join(bounds)
    if codes:
        inside = f"(({inside}) or " + " or ".join(f". = {code}" for code in codes) + ")"
    span = "—".join(plain(one) if one is not None else "" for one in (low, high))
    if low is None or high is None:
        bound = plain(high if low is None else low)  # type: ignore[arg-type]
        chinese, english = ("不大于", "at most") if low is None else ("不小于", "at least")
        yield Limit(inside, _said(f"请填{chinese}", f"Enter a number of {english}", bound))
    else:
        yield Limit(
            inside,
            Text(
                zh=f"请填 {span} 之间的数。",
                en=f"Enter a number from {plain(low)} to {plain(high)}.",
            ),
        )


def of_choices(offered: tuple[Choice, ...], least: int, most: int | None) -> Iterator[Limit]:
    """Yield what must hold of ticked choices: how many, and which stand alone."""
    alone = [word(choice) for choice in offered if choice.exclusive or choice.missing]
    if least:
        enough = [f"count-selected(.) >= {least}", *(f"selected(., '{one}')" for one in alone)]
        yield Limit(
            f"({' or '.join(enough)})" if alone else enough[0],
            Text(zh=f"请至少选 {least} 项。", en=f"Choose at least {least}."),
        )
    if most is not None:
        yield Limit(
            f"count-selected(.) <= {most}",
            Text(zh=f"最多选 {most} 项。", en=f"Choose at most {most}."),
        )
    if alone:
        chosen = " or ".join(f"selected(., '{one}')" for one in alone)
        chosen = f"({chosen})" if len(alone) > 1 else chosen
        labels = [choice.text for choice in offered if choice.exclusive or choice.missing]
        yield Limit(
            f"not({chosen} and count-selected(.) > 1)",
            Text(
                zh=f"“{'”“'.join(one.zh for one in labels)}”不能与其他选项同选。",
                en=f"“{'”, “'.join(one('en') for one in labels)}” cannot be chosen with others.",
            ),
        )


def _said(chinese: str, english: str, bound: str) -> Text:
    return Text(zh=f"{chinese} {bound}。", en=f"{english} {bound}.")
