"""What stands in a section, in the terms of the form engine (SurveyJS form library).

Every answer has a question of its own, called as in the decoded tables: a row of a matrix is a
card of its panel, an entry of a roster a panel with its own questions. So one text of a condition
holds everywhere, a hidden row is cleared like a hidden question, and a phone needs no other form.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import assert_never

from pipeline.forms.expressions import expression
from pipeline.forms.surveyjs_checks import checked
from pipeline.forms.surveyjs_questions import elements, limits, opening, words_of
from pipeline.forms.surveyjs_words import Json, local, said
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import (
    Agreement,
    Block,
    Matrix,
    Note,
    Roster,
    questions_of_block,
)
from pipeline.questionnaire.expressions import compared
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    NOTHING,
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)

MOST_COLUMNS = 8
LONGEST_HEAD = 10
"""Characters that the head of a column holds in two lines."""

Numbers = Mapping[str, str]


def shown(block: Block, questionnaire: Questionnaire, numbers: Numbers) -> Iterator[Json]:
    """Yield what the page shows for one block."""
    match block:
        case Note():
            yield _note(block, questionnaire)
        case Agreement():
            yield _agreement(block, questionnaire, numbers)
        case Matrix():
            yield _matrix(block, questionnaire, numbers)
        case Roster():
            yield _roster(block, questionnaire, numbers)
        case Calculated():
            return
        case (
            SingleChoice()
            | Scale()
            | MultipleChoice()
            | Ranking()
            | Number()
            | Moment()
            | OpenEnded()
        ):
            number = numbers.get(block.name, "")
            yield from _with_words(tuple(questions_of_block(block)), questionnaire, number)
        case _:
            assert_never(block)


def hold_to(question: Calculated, before: list[Json], questionnaire: Questionnaire) -> None:
    """Have the checks of a calculated value told at the last question `before` it, if any.

    Of a value that nobody types nothing could be corrected; of the answers before it it can.
    """
    asked = [one for one in before if one["type"] not in ("panel", "empty")]
    if asked and question.checks:
        known = asked[-1].get("validators", [])
        assert isinstance(known, list)
        asked[-1]["validators"] = [*known, *checked(question, questionnaire)]


def _with_words(
    asked: tuple[Question, ...], questionnaire: Questionnaire, number: str
) -> Iterator[Json]:
    """Yield a question, followed by the lines for its "other, please specify"."""
    question, *words = asked
    yield from elements(question, questionnaire, number)
    for line in words:
        assert isinstance(question, ChoiceQuestion)
        assert isinstance(line, OpenEnded)
        yield words_of(question, line, questionnaire)


def _note(block: Note, questionnaire: Questionnaire) -> Json:
    texts = [block.text, block.hint] if block.hint.zh else [block.text]
    written = Text(
        **{
            one: "".join(_paragraphs(text(one)) for text in texts)
            for one in ("zh", *questionnaire.languages)
        }
    )
    made = opening(block, questionnaire, "", [])
    return {**made, "type": "html", "kind": "note", "html": local(written, questionnaire)}


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _agreement(block: Agreement, questionnaire: Questionnaire, numbers: Numbers) -> Json:
    (question,) = questions_of_block(block)
    (made,) = elements(question, questionnaire, numbers[block.name])
    picture = {"picture": block.image} if block.image else {}
    return {**made, **picture, "kind": "agreement"}


def _matrix(block: Matrix, questionnaire: Questionnaire, numbers: Numbers) -> Json:
    hints = [block.hint]
    if block.cells == "multiple_choice":
        hints.append(limits(block, questionnaire))
    panel: Json = {
        **opening(block, questionnaire, numbers[block.name], hints),
        "type": "panel",
        "kind": "matrix",
    }
    if _as_table(block):
        panel["table"] = len(block.offered)
    if block.item_order == "random":
        panel["shuffled"] = [item.name for item in block.items]
    return {**panel, "elements": list(_rows(block, questionnaire, numbers))}


def _rows(block: Matrix, questionnaire: Questionnaire, numbers: Numbers) -> Iterator[Json]:
    for item, row in zip(block.items, questions_of_block(block), strict=True):
        number = "" if block.item_order else _part(numbers[item.name])
        card = row.model_copy(update={"text": item.text, "hint": NOTHING, "show_if": item.show_if})
        (made,) = elements(card, questionnaire, number)
        if block.cells == "single_choice" and _side_by_side(block):
            made |= {"points": len(block.offered), "choices": _as_points(made["choices"])}
        made.pop("description", None)  # the limits of ticking stand above all rows
        if block.order == "random":
            made["shuffledLike"] = block.name  # one order for all rows
        yield {**made, "kind": "row"}


def _roster(block: Roster, questionnaire: Questionnaire, numbers: Numbers) -> Json:
    count, *asked = questions_of_block(block)
    each = len(asked) // block.maximum
    entries = [tuple(asked[each * at : each * (at + 1)]) for at in range(block.maximum)]
    counter: Json = {
        "type": "text",
        "inputType": "number",
        "name": count.name,
        "title": local(block.text, questionnaire),
        "kind": "counter",
    }
    panels = [
        _entry(block, entry, questions, questionnaire, numbers)
        for entry, questions in enumerate(entries, start=1)
    ]
    return {
        **opening(block, questionnaire, numbers[block.name]),
        "type": "panel",
        "kind": "roster",
        "elements": [counter, *panels],
        "entries": {
            "count": count.name,
            "minimum": block.minimum,
            "maximum": block.maximum,
            "add": local(said("add_entry", questionnaire, entry=block.entry), questionnaire),
        },
    }


def _entry(
    block: Roster,
    entry: int,
    asked: tuple[Question, ...],
    questionnaire: Questionnaire,
    numbers: Numbers,
) -> Json:
    listed: list[Json] = []
    rest = asked
    for own in block.questions:
        there = len(tuple(questions_of_block(own)))
        (question, *words), rest = rest[:there], rest[there:]
        if isinstance(question, Calculated):
            hold_to(question, listed, questionnaire)
            continue
        card = question.model_copy(update={"text": own.text})  # without the name of the entry
        number = _part(numbers[own.name])
        listed += _with_words((card, *words), questionnaire, number)
    label = Text(
        **{
            one: f"{block.entry(one)}{'' if one == 'zh' else ' '}{entry}"
            for one in ("zh", *questionnaire.languages)
        }
    )
    return {
        "type": "panel",
        "name": f"{block.name}_{entry}",
        "kind": "entry",
        "title": local(label, questionnaire),
        "visibleIf": expression(compared(block.count, ">=", entry), questionnaire),
        "elements": listed,
    }


def _part(number: str) -> str:
    return number[number.index("(") :]


def _side_by_side(block: Matrix) -> bool:
    """Tell whether the choices are few and short enough to stand in one line of a card."""
    short = all(len(choice.text.zh) <= 6 for choice in block.offered)
    return short and len(block.offered) <= 5 and all(c.missing is None for c in block.offered)


def _as_table(block: Matrix) -> bool:
    """Tell whether a wide screen has room for items by choices; otherwise cards there too."""
    short = all(len(choice.text.zh) <= LONGEST_HEAD for choice in block.offered)
    return short and 2 <= len(block.offered) <= MOST_COLUMNS


def _as_points(choices: object) -> list[Json]:
    assert isinstance(choices, list)
    return [{**choice, "kind": "point"} for choice in choices]
