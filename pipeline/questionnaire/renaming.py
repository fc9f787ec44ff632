"""Expressions that read the same of other questions: those of one entry of a roster."""

from collections.abc import Mapping
from typing import assert_never

from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Or,
    Selected,
    Term,
)


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """Return the condition with the questions in `names` called by their new names."""
    match condition:
        case Compare():
            left, right = renamed_term(condition.left, names), renamed_term(condition.right, names)
            return Compare(condition.operator, left, right)
        case In():
            return In(names.get(condition.question, condition.question), condition.values)
        case Selected():
            return Selected(names.get(condition.question, condition.question), condition.code)
        case Empty():
            return Empty(names.get(condition.question, condition.question))
        case Not():
            return Not(renamed(condition.part, names))
        case And():
            return And(tuple(renamed(part, names) for part in condition.parts))
        case Or():
            return Or(tuple(renamed(part, names) for part in condition.parts))
    assert_never(condition)


def renamed_term(term: Term, names: Mapping[str, str]) -> Term:
    """Return the value with the questions in `names` called by their new names."""
    match term:
        case Constant():
            return term
        case Answer():
            return Answer(names.get(term.question, term.question))
        case Count():
            return Count(names.get(term.question, term.question))
        case Arithmetic():
            left, right = renamed_term(term.left, names), renamed_term(term.right, names)
            return Arithmetic(term.operator, left, right)
        case Choose():
            then, otherwise = renamed_term(term.then, names), renamed_term(term.otherwise, names)
            return Choose(renamed(term.condition, names), then, otherwise)
    assert_never(term)
