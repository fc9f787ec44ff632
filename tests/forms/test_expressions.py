"""The table of FORMS: what each operator becomes in the text for the form engine."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.forms import sql, xpath
from pipeline.forms.expressions import expression, plain, value_text
from pipeline.questionnaire.expressions import (
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Term,
    parse,
    parse_term,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire
from tests.forms.made_expressions import definition

HERE = Path(__file__).parent
A1 = "{a1} notempty and {a1} <> 8 and {a1} <> 9 and "


@pytest.fixture(scope="module")
def example() -> Questionnaire:
    return read_questionnaire(HERE / "example.yaml")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"=": ["a1", 1]}, f"({A1}{{a1}} = 1)"),
        ({"!=": ["a1", 2]}, f"({A1}{{a1}} <> 2)"),
        ({">=": ["b2", 2.5]}, "({b2} notempty and {b2} >= 2.5)"),
        ({"in": ["a1", [1, 2]]}, f"({A1}({{a1}} = 1 or {{a1}} = 2))"),
        ({"selected": ["b1", 3]}, "({b1} notempty and {b1} contains 3)"),
        ({"empty": "b2"}, "({b2} empty)"),
        ({"empty": "a1"}, "({a1} empty or {a1} = 8 or {a1} = 9)"),
        ({"not": {"<": ["b2", 1]}}, "!(({b2} notempty and {b2} < 1))"),
        (
            {"or": [{"empty": "b2"}, {"and": [{">": ["b2", 1]}, {"<": ["b2", 9]}]}]},
            "(({b2} empty) or (({b2} notempty and {b2} > 1) and ({b2} notempty and {b2} < 9)))",
        ),
    ],
)
def test_every_operator_is_guarded(
    example: Questionnaire, condition: dict[str, object], text: str
) -> None:
    assert expression(parse(condition), example) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (2.0, "2"), (-0.5, "-0.5"), (1e-7, "0.0000001"), (1e21, "1" + "0" * 21)],
)
def test_a_number_has_no_exponent(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "surveyjs", "openrosa", "sqlite"),
    [
        ({"count": "ticks"}, "iif({ticks} notempty, {ticks.length}, 0)",
         "count-selected(${ticks})",
         '(coalesce("ticks__0" >= 1, 0) + coalesce("ticks__1" >= 1, 0) + coalesce("ticks__2" >= 1, 0))'),
        ({"+": ["two", 1]}, "iif({two} notempty, ({two} + 1))",
         "if(not(${two} = ''), (number(${two}) + 1), '')", 'round("two" + 1, 6)'),
        ({"*": ["hours", 0.5]}, "iif({hours} notempty, round(({hours} * 0.5), 6))",
         "if(${hours} != '', round((number(${hours}) * 0.5), 6), '')", 'round("hours" * 0.5, 6)'),
        ({"if": [{"=": ["two", 1]}, 5, "hours"]},
         "iif(((({two} notempty and {two} = 1) and 1 = 1) or (!(({two} notempty and {two} = 1)) "
         "and {hours} notempty)), iif(({two} notempty and {two} = 1), 5, {hours}))",
         "if(${two} = '1', 5, ${hours})",
         'case when coalesce("two" = 1, 0) then 5 else "hours" end'),
    ],
)  # fmt: skip
def test_values_are_empty_where_an_operand_is(
    value: object, surveyjs: str, openrosa: str, sqlite: str
) -> None:
    term, asked = parse_term(value), definition()
    assert value_text(term, asked) == surveyjs
    assert xpath.value_text(term, asked) == openrosa
    assert sql.value_text(term, asked) == sqlite


def test_codes_are_words_in_an_xlsform() -> None:
    asked = definition()
    assert (
        xpath.expression(parse({"<=": ["one", 2]}), asked) == "(${one} = 'yes' or ${one} = 'no')"
    )
    assert xpath.expression(parse({"<": ["people", 5]}), asked, here="people") == (
        "(. != '' and . != 98 and . < 5)"
    )
    assert xpath.expression(parse({">": ["born", "2000-01-01"]}), asked) == (
        "(${born} != '' and ${born} > date('2000-01-01'))"
    )
    renamed = xpath.expression(parse({"=": ["one", 2]}), asked, lambda _, code: f"c{code}")
    assert renamed == "${one} = 'c2'"


def test_a_roster_names_its_questions_from_within(example: Questionnaire) -> None:
    condition = parse({">": ["b2", 1]})
    assert expression(condition, example, {"b2": "panel.b2"}) == (
        "({panel.b2} notempty and {panel.b2} > 1)"
    )


def test_an_endless_text_is_refused() -> None:
    term: Term = Answer("hours")
    for _ in range(25):
        again = Compare("=", term, Constant(1))
        term = Choose(again, Arithmetic("+", term, Constant(1)), Answer("price"))
    asked = definition()
    for compiled in (value_text, xpath.value_text, sql.value_text):
        with pytest.raises(QuestionnaireError, match="层层相套"):
            compiled(term, asked)
