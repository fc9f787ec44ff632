"""Random expressions on every type of question, and random answers to try them on."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.questionnaire.expressions import (
    COMPARATORS,
    OPERATORS,
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
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Moment, MultipleChoice, Ranking
from pipeline.questionnaire.read import read_questionnaire

Given = dict[str, object]
"""One respondent's answers as the web form keeps them; what was not answered is absent."""

CODED = {"one": (1, 2, 3), "two": (0, 1, 10), "grade": (1, 2, 3)}
TICKED = {"many": (1, 11, 3), "ticks": (0, 1, 2)}
NUMBERS = {
    "people": (-1, 0, 1, 2, 3, 9, 10),
    "hours": (-0.5, 0, 0.1, 0.2, 0.3, 2, 9, 10, 10.1),
    "price": (0, 0.01, 0.06, 0.3, 1.1, 2.75, 1000),
}
MOMENTS = {
    ("born", "moved"): ("1949-10-01", "1999-12-31", "2000-01-01", "2026-03-02"),
    ("rises", "sleeps"): ("00:00", "08:30", "09:05", "23:59"),
    ("met", "left"): ("2026-03-02T08:30", "2026-03-02T18:00", "2026-03-10T00:00"),
}
WITHOUT_SUBSTANCE: Mapping[str, tuple[int, ...]] = {"one": (8,), "grade": (8, 9), "people": (98,)}


def definition() -> Questionnaire:
    """Return the questionnaire that the expressions read."""
    return read_questionnaire(Path(__file__).parent / "engines.yaml")


def made_number(draw: random.Random, depth: int = 0) -> Term:
    """Return a value that is a number."""
    kind = draw.choice(
        ["answer", "answer", "constant", "count", "sum", "sum", "if"][: 7 if depth < 3 else 4]
    )
    match kind:
        case "answer":
            return Answer(draw.choice([*CODED, *NUMBERS]))
        case "constant":
            return Constant(draw.choice([-3, 0, 1, 2, 3, 0.1, 0.3, 2.5, 10]))
        case "count":
            return Count(draw.choice(list(TICKED)))
        case "if":
            condition = made_condition(draw, depth + 1)
            return Choose(condition, made_number(draw, depth + 1), made_number(draw, depth + 1))
    left, right = made_number(draw, depth + 1), made_number(draw, depth + 1)
    return Arithmetic(draw.choice(OPERATORS), left, right)


def made_condition(draw: random.Random, depth: int = 0) -> Condition:
    """Return a condition that the type check would let pass."""
    leaves = ["code", "number", "values", "moment", "in", "selected", "empty"]
    match draw.choice([*leaves, *(["not", "and", "or"] if depth < 3 else [])]):
        case "code":
            name = draw.choice(list(CODED))
            return _either_way(draw, Answer(name), Constant(draw.choice(CODED[name])))
        case "number":
            name = draw.choice(list(NUMBERS))
            return _either_way(draw, Answer(name), Constant(draw.choice(NUMBERS[name])))
        case "values":
            return _either_way(draw, made_number(draw, depth + 1), made_number(draw, depth + 1))
        case "moment":
            return _of_moments(draw, depth)
        case "in":
            among = {**CODED, **NUMBERS}
            name = draw.choice(list(among))
            return In(name, tuple(draw.sample(among[name], k=draw.randint(1, 3))))
        case "selected":
            name = draw.choice(list(TICKED))
            return Selected(name, draw.choice(TICKED[name]))
        case "empty":
            return Empty(draw.choice([*CODED, *TICKED, *NUMBERS, "order", "born", "rises", "met"]))
        case "not":
            return Not(made_condition(draw, depth + 1))
        case joined:
            parts = tuple(made_condition(draw, depth + 1) for _ in range(draw.randint(1, 3)))
            return And(parts) if joined == "and" else Or(parts)


def _either_way(draw: random.Random, one: Term, other: Term) -> Compare:
    operator = draw.choice(COMPARATORS)
    return Compare(operator, one, other) if draw.random() < 0.8 else Compare(operator, other, one)


def _of_moments(draw: random.Random, depth: int) -> Compare:
    names, moments = draw.choice(list(MOMENTS.items()))
    answer: Term = Answer(draw.choice(names))
    other: Term = Constant(draw.choice(moments)) if draw.random() < 0.6 else Answer(names[1])
    if draw.random() < 0.2 and depth < 2:
        answer = Choose(made_condition(draw, depth + 2), answer, Constant(draw.choice(moments)))
    return _either_way(draw, answer, other)


def made_answers(draw: random.Random) -> Given:
    """Return one respondent's answers; a fifth of the questions is left out."""
    given: Given = {}
    for name, codes in {**CODED, **NUMBERS}.items():
        given[name] = draw.choice([*codes, *WITHOUT_SUBSTANCE.get(name, ())])
    for name, codes in TICKED.items():
        given[name] = draw.sample(codes, k=draw.randint(1, 3))
    if draw.random() < 0.2:
        given["many"] = [9]
    given["order"] = draw.sample([1, 2, 3], k=draw.randint(1, 3))
    for names, moments in MOMENTS.items():
        given |= {name: draw.choice(moments) for name in names}
    return {name: answer for name, answer in given.items() if draw.random() > 0.2}


def decoded(rows: list[Given], questionnaire: Questionnaire) -> pd.DataFrame:
    """Return the answers as `ingest` decodes them: don't know and refused are missing."""
    columns: dict[str, object] = {}
    for question in questionnaire.questions:
        name = question.name
        answers = [row.get(name) for row in rows]
        match question:
            case MultipleChoice() | Ranking():
                for choice in question.substantive:
                    columns[f"{name}__{choice.code}"] = pd.array(
                        [_cell(question, choice.code, one) for one in answers], dtype="Int64"
                    )
            case Moment():
                columns[name] = pd.Series(answers, dtype="str")
            case _:
                idle = WITHOUT_SUBSTANCE.get(name, ())
                kept = [None if one in idle else one for one in answers]
                whole = isinstance(question, ChoiceQuestion)
                columns[name] = pd.array(kept, dtype="Int64" if whole else "Float64")
    return pd.DataFrame(columns)


def _cell(question: ChoiceQuestion, code: int, answer: object) -> int | None:
    if not isinstance(answer, list) or answer == [9]:
        return None
    if isinstance(question, Ranking):
        return answer.index(code) + 1 if code in answer else None
    return int(code in answer)


def in_odk(
    row: Given, questionnaire: Questionnaire, word: Callable[[ChoiceQuestion, int], str]
) -> dict[str, str]:
    """Return the answers as ODK and KoBo keep them: words of choices, moments with a zone."""
    return {q.name: _kept(row.get(q.name), q, word) for q in questionnaire.questions}


def _kept(answer: object, question: object, word: Callable[[ChoiceQuestion, int], str]) -> str:
    match question, answer:
        case _, None:
            return ""
        case ChoiceQuestion(), list() as codes:
            return " ".join(word(question, code) for code in codes)
        case ChoiceQuestion(), int() as code:
            return word(question, code)
        case Moment(type="time" | "datetime"), str() as moment:
            return f"{moment}:00.000+00:00"
    return str(answer)
