"""A question of one answer as the cells of an XLSForm's row: type, list, look, and what is odd."""

from typing import assert_never

from pipeline.forms.xlsform_cells import Cells, Row, codes_told, merged, own, with_unit
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Roster
from pipeline.questionnaire.questions import (
    Calculated,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)

TYPES = {"date": "date", "time": "time", "datetime": "dateTime"}
LIKERT = 7
LONG_ANSWER = 100


def question_cells(question: Question, cells: Cells, roster: Roster | None) -> Row:
    """Return what a question's row has besides name, texts and conditions.

    What decides how answers are read and not what is asked (battery, sensitive, domain) is kept
    in the own column; a measure is not.
    """
    return merged(
        _special(question, cells, roster),
        {"required": "yes"} if question.required is True else {},
        own(
            soft="yes" if question.required == "soft" else "",
            sensitive="yes" if question.sensitive else "",
            domain="yes" if question.domain else "",
        ),
    )


def _special(question: Question, cells: Cells, roster: Roster | None) -> Row:
    match question:
        case SingleChoice():
            return _select("select_one", question, cells)
        case Scale():
            return merged(
                _select("select_one", question, cells),
                {"appearance": "likert"} if len(question.offered) <= LIKERT else {},
                own(
                    type="scale",
                    battery=question.battery,
                    reverse="yes" if question.reverse else "",
                ),
            )
        case MultipleChoice():
            return _select("select_multiple", question, cells)
        case Ranking():
            places = "" if question.places is None else str(question.places)
            return {**_select("rank", question, cells), **own(places=places)}
        case Number():
            kind = "decimal" if question.decimals else "integer"
            return merged({"type": kind}, _numeric(question, cells))
        case Calculated():
            bounds = {"minimum": question.minimum, "maximum": question.maximum}
            return merged(
                {"type": "calculate", "calculation": cells.value(question.value, roster)},
                _numeric(question, cells),
                own(**{key: repr(bound) for key, bound in bounds.items() if bound is not None}),
            )
        case Moment():
            return {"type": TYPES[question.type]}
        case OpenEnded():
            long = question.max_length > LONG_ANSWER
            return {"type": "text", **({"appearance": "multiline"} if long else {})}
    assert_never(question)


def _select(kind: str, question: ChoiceQuestion, cells: Cells) -> Row:
    # Who ranks puts every choice in order: "don't know" has no place among them.
    ranked = isinstance(question, Ranking)
    choices = question.substantive if ranked else question.offered
    return {
        "type": f"{kind} {cells.listed(question.name, choices)}",
        **({"parameters": "randomize=true"} if question.order else {}),
    }


def _numeric(question: Numeric, cells: Cells) -> Row:
    codes = tuple(choice for choice in question.missing_codes if choice.offered)
    return merged(
        cells.texts("label", with_unit(question.text, question.unit)),
        cells.texts("hint", _with_codes(question, codes, cells)) if codes else {},
        own(
            decimals=str(question.decimals) if question.decimals else "",
            codes=cells.listed(f"{question.name}_codes", codes) if codes else "",
        ),
    )


def _with_codes(question: Numeric, codes: tuple[Choice, ...], cells: Cells) -> Text:
    said = {
        one: "\n".join(filter(None, (question.hint(one), codes_told(codes, one))))
        for one in cells.questionnaire.languages
    }
    return Text(**said)
