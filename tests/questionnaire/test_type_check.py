"""What expressions cannot read is told, with its place and in both languages."""

import pytest

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.type_check import misreadings
from tests.forms.made_expressions import definition


def with_last(question: dict[str, object]) -> Questionnaire:
    """Return the questionnaire with one more question, not checked."""
    raw = definition().model_dump(mode="json", exclude_unset=True)
    raw["sections"][0]["questions"].append({"name": "last", "text": {"zh": "题"}, **question})
    return Questionnaire.model_validate(raw)


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"=": ["many", 1]}, "compares many, a multiple_choice"),
        ({"=": ["order", 1]}, "compares order, a ranking"),
        ({"selected": ["one", 1]}, "'selected' needs a multiple_choice"),
        ({"selected": ["many", 2]}, "reads 2 of many"),
        ({"selected": ["many", 9]}, "reads 9 of many"),
        ({"=": ["one", 7]}, "reads 7 of one"),
        ({"=": [7, "one"]}, "reads 7 of one"),
        ({"in": ["one", [1, 8]]}, "reads 8 of one"),
        ({"=": ["later", 1]}, "reads later, which is not asked before it"),
        ({"=": ["born", 1]}, "compares a date with a number"),
        ({"<": ["born", "rises"]}, "compares a date with a time"),
        ({"=": ["born", "2026-02-30"]}, "compares a date with|is no date"),
        ({"in": ["born", [1]]}, "'in' needs codes"),
        ({"=": [{"+": ["born", 1]}, 2]}, "needs numbers"),
        ({"=": [{"count": "one"}, 1]}, "'count' needs a multiple_choice"),
        ({"=": [{"if": [{"empty": "one"}, "born", 1]}, 1]}, "differ in kind|compares a date"),
        ({"=": [1, 2]}, "two constants"),
        ({"and": [{"not": {"=": ["many", 1]}}]}, "compares many"),
    ],
)
def test_a_misreading_is_refused(route: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        with_last({"type": "open_ended", "show_if": route})


@pytest.mark.parametrize(
    "route",
    [
        {"empty": "order"},
        {">": [{"+": [{"count": "many"}, "people"]}, {"*": ["hours", 2]}]},
        {"<": ["born", "moved"]},
        {">=": ["met", "2026-03-02T08:30"]},
        {"=": [{"if": [{"empty": "one"}, 1, "two"]}, 1]},
    ],
)
def test_what_can_be_read_passes(route: dict[str, object]) -> None:
    assert list(misreadings(with_last({"type": "open_ended", "show_if": route}))) == []


def test_a_calculated_value_is_a_number() -> None:
    with pytest.raises(ValueError, match="is no number"):
        with_last({"type": "calculated", "value": "born"})
    with_last({"type": "calculated", "value": {"-": ["price", {"count": "many"}]}})
