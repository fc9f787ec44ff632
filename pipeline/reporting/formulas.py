"""Which model a formula on a questionnaire means: what is a category, and in which order."""

import re
from typing import Literal, get_args

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.items import Level, encoded
from pipeline.estimation.models.model import Family, Model
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Question, SingleChoice
from pipeline.reporting.labels import Labels
from pipeline.reporting.questions import require_column
from pipeline.totals.coding import level_text

Kind = Family | Literal["ordinal"]
_NAME = re.compile(r"`([^`]+)`|([^\W\d]\w*)(?!\s*[\w(`])")


def model_of(
    formula: str,
    kind: Kind | None,
    questionnaire: Questionnaire,
    labels: Labels,
    rows: pd.DataFrame,
) -> tuple[Model, bool]:
    """Return the model of a formula, and whether it is an ordinal one.

    A single choice is a category with its answers in their order, the first the reference; so is
    a column of text, in the order of its labels. Scales and numbers are numbers. Without `kind`,
    an outcome of two categories makes a logistic model of the second, anything else a linear one.

    Raises
    ------
    SurveyError
        A column that is not there (near names are listed); an outcome of several categories
        without an order; another kind.
    """
    if kind is not None and kind not in (*get_args(Family), "ordinal"):
        raise SurveyError(
            f"regress: family={kind!r} 不可用，可用 {'、'.join((*get_args(Family), 'ordinal'))}。"
            "(use one of these)"
        )
    if not isinstance(formula, str) or re.sub(r"`[^`]*`", "", formula).count("~") != 1:
        raise SurveyError(
            f"regress: {formula!r} 不是公式，应写成 'q01 ~ q17 + county'，只有一个 ~。"
            "(no formula; write 'outcome ~ terms' with one ~)"
        )
    plain = Model.of(formula)
    asked = {question.name: question for question in questionnaire.questions}
    names = [plain.outcome, *(a or b for a, b in _NAME.findall(str(plain.terms)))]
    for name in names:
        require_column(name, questionnaire, rows)
    levels = {
        name: found
        for name in dict.fromkeys(names)
        if (found := _levels(name, asked.get(name), labels, rows))
    }
    outcome = levels.get(plain.outcome, ())
    if kind is None:
        if len(outcome) > 2:
            raise SurveyError(
                f"{plain.outcome}: 结果有 {len(outcome)} 个没有大小次序的类别。请先用 assign 合成"
                "两类（如 assign(y=lambda rows: rows['q07'] == 1)），或指定 family='ordinal'。"
                "(an outcome of several categories: make it two with assign, or say 'ordinal')"
            )
        truth = pd.api.types.is_bool_dtype(rows[plain.outcome])
        kind = "binomial" if len(outcome) == 2 or truth else "gaussian"
    if kind == "ordinal" and isinstance(question := asked.get(plain.outcome), ChoiceQuestion):
        levels[plain.outcome] = tuple(choice.code for choice in question.substantive)
    family: Family = "gaussian" if kind == "ordinal" else kind
    return Model.of(formula, family=family, levels=levels), kind == "ordinal"


def _levels(
    name: str, question: Question | None, labels: Labels, rows: pd.DataFrame
) -> tuple[Level, ...]:
    """Return the categories of a column, or () where it is a number."""
    if isinstance(question, SingleChoice):
        return tuple(choice.code for choice in question.substantive)
    if pd.api.types.is_numeric_dtype(rows[name]):
        return ()
    found = {level_text(level): level for level in encoded(rows[name])[1]}
    return tuple(found[text] for text in labels.in_order(name, found))
