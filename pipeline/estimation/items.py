"""What is estimated from a questionnaire: one item per figure, and the columns it is read from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np
import pandas as pd

from pipeline.errors import ResponseError
from pipeline.questionnaire.codebook import missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.totals.coding import OUTSIDE, coded
from pipeline.totals.units import Booleans, Floats, Integers

Level = int | float | str
AT = "@"
"""Stands between a choice of a ranking and the last place that counts: ``3@1``, ranked first."""
NUMERIC = ("integer", "floating", "mixed-integer-float", "boolean", "decimal", "empty")
Base = Literal["valid", "asked", "all"]
"""Who counts below the line of a share: those with an answer; all who were asked (also those who
did not know, refused or left it out); everyone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One figure to estimate.

    Attributes
    ----------
    code : "3"; "4+5" for a set of codes; "3@1" for choice 3 of a ranking, put first, and "3@2"
        for the same among the first two; "" for a mean
    columns : the column of answers; several 0/1 columns stand for "any of these"
    codes : for a proportion, the values that count
    missing : the column that says why an answer is missing, or "" if there is none
    values : for a mean, what each of `codes` scores (other answers score 0); () takes the answer
        itself
    empty_counts : an empty cell of somebody who answered the question is an answer with none of
        the codes: a choice that was left out of a ranking
    """

    question: str
    code: str
    columns: tuple[str, ...]
    codes: tuple[Level, ...]
    estimand: Literal["proportion", "mean"]
    missing: str = ""
    values: tuple[float, ...] = ()
    empty_counts: bool = False


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few distinct values: a code per row and what each code scores for each item."""

    code: Integers
    levels: tuple[Level, ...]
    scores: Floats
    """(codes, items)"""
    indicator: Booleans
    """(items,) whether the item is a share"""
    asked: Booleans | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A column of numbers, NaN where missing.

    Here and in `Coded`, `asked` says which rows were asked; None if all were.
    """

    value: Floats
    asked: Booleans | None = None


def items_of(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return all items of a questionnaire, in the order of its questions.

    A choice or scale question gives one item per substantive code, a scale and a number also their
    mean, and a question with a measure one item for the set of its unfavourable codes. In a
    multiple choice that set means: ticked at least one of them. A ranking gives for each choice
    the share, of those who answered, that put it first, and, where not all choices can be placed,
    the share that placed it at all. It gives no mean place: of a choice that was not placed it is
    not known, and a mean over those who placed it makes a choice that few rank look important.
    Days, open answers and what is asked for each entry of a roster give none.
    """
    return tuple(
        item
        for question in questionnaire.questions
        if question.name not in questionnaire.in_rosters
        for item in _items(question)
    )


def measured_items(questionnaire: Questionnaire) -> tuple[tuple[Item, Measure], ...]:
    """Return the item of each question's unfavourable answers, with its measure."""
    return tuple(
        (_unfavourable(question, measure), measure)
        for question, measure in questionnaire.measures()
        if isinstance(question, SingleChoice | Scale | MultipleChoice)
    )


def _items(question: Question) -> Iterator[Item]:
    name, why = question.name, missing_column(question)
    match question:
        case SingleChoice() | Scale():
            for choice in question.substantive:
                code = choice.code
                yield Item(name, str(code), (name,), (code,), "proportion", why)
            if isinstance(question, Scale):
                yield Item(name, "", (name,), (), "mean", why)
        case MultipleChoice():
            for choice in question.substantive:
                column = f"{name}__{choice.code}"
                yield Item(name, str(choice.code), (column,), (1,), "proportion", why)
        case Ranking():
            yield from _places(question)
            return
        case Number() | Calculated():
            yield Item(name, "", (name,), (), "mean", why)
        case Moment() | OpenEnded():
            return
        case _:
            assert_never(question)
    if question.measure is not None and len(question.measure.unfavourable) > 1:
        yield _unfavourable(question, question.measure)


def _places(question: Ranking) -> Iterator[Item]:
    name, why = question.name, missing_column(question)
    whole = question.depth == len(question.substantive)
    lasts = (1,) if whole or question.depth == 1 else (1, question.depth)
    for choice in question.substantive:
        for last in lasts:
            yield Item(
                name,
                f"{choice.code}{AT}{last}",
                (f"{name}__{choice.code}",),
                tuple(range(1, last + 1)),
                "proportion",
                why,
                empty_counts=True,
            )


def _unfavourable(question: Question, measure: Measure) -> Item:
    codes = tuple(sorted(measure.unfavourable))
    name, why = question.name, missing_column(question)
    label = "+".join(str(code) for code in codes)
    if isinstance(question, MultipleChoice):
        return Item(name, label, tuple(f"{name}__{c}" for c in codes), (1,), "proportion", why)
    return Item(name, label, (name,), codes, "proportion", why)


def grouped(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Return the items together that are read from one column, by first appearance."""
    together: dict[tuple[tuple[str, ...], str], list[Item]] = {}
    for item in items:
        together.setdefault((item.columns, item.missing), []).append(item)
    return [tuple(one) for one in together.values()]


def read_items(
    rows: pd.DataFrame, items: Sequence[Item], base: Base = "valid"
) -> Coded | Measured:
    """Return the column that all of `items` are read from, with what its codes score."""
    first = items[0]
    if absent := [c for c in (*first.columns, first.missing) if c and c not in rows]:
        raise ResponseError(
            f"{first.question}: 数据表缺少列 {'、'.join(absent)}；请核对题号或重跑 ingest。"
            "(columns missing; check the question names or rerun ingest)"
        )
    if len(first.columns) > 1:
        ticks = np.stack([numbers(rows[column]) for column in first.columns])
        any_of = np.where(np.isnan(ticks).any(axis=0), np.nan, (ticks == 1).any(axis=0))
        column = pd.Series(any_of, index=rows.index)
    else:
        column = rows[first.columns[0]]
    answered, asked = np.ones(len(rows), dtype=bool), None
    if first.missing:
        why = rows[first.missing]
        answered = (why == "").fillna(False).to_numpy(dtype=bool)
        skipped = (why == "not_asked").fillna(False).to_numpy(dtype=bool)
        if skipped.any():  # of a site without a response nobody knows who would have been asked
            asked = ~skipped & why.notna().to_numpy()
    if base != "valid" and any(i.estimand == "mean" and not i.values for i in items):
        raise ResponseError(
            f"{first.question}: 均值只能以有效回答为基数，不能用 base={base!r}。"
            "(a mean needs answers; use base='valid')"
        )
    if all(item.estimand == "mean" and not item.values for item in items):
        return Measured(np.where(answered, numbers(column), np.nan), asked)
    code, levels = encoded(column)
    if base != "valid" or first.empty_counts:
        # One more code, which scores for no item, holds those without an answer.
        counted = np.ones(len(rows), dtype=bool) if base == "all" or asked is None else asked
        if base == "valid":
            counted = answered
        code = np.where(answered & (code >= 0), code, np.where(counted, len(levels), OUTSIDE))
        answered, levels = np.ones(len(rows), dtype=bool), (*levels, "")
    return Coded(
        np.where(answered, code, OUTSIDE),
        levels,
        scores_of_levels(items, levels),
        indicator=np.array([item.estimand == "proportion" for item in items]),
        asked=None if base == "all" else asked,
    )


def scores_of_levels(items: Sequence[Item], levels: Sequence[Level]) -> Floats:
    """Return what each level scores for each item, (levels, items)."""
    scores = np.zeros((len(levels), len(items)))
    for place, item in enumerate(items):
        if item.values:
            worth = dict(zip(item.codes, item.values, strict=True))
            scores[:, place] = [worth.get(level, 0.0) for level in levels]
        elif item.estimand == "mean":
            scores[:, place] = np.asarray(levels, dtype=np.float64)
        else:
            counted = _alike(item, levels)
            scores[:, place] = [level in counted for level in levels]
    return scores


def _alike(item: Item, levels: Sequence[Level]) -> tuple[Level, ...]:
    """Return the codes of an item in the type of the column's values."""
    texts = {isinstance(level, str) for level in levels if level != ""}
    given = {isinstance(code, str) for code in item.codes}
    if len(texts) != 1 or given == texts:
        return item.codes
    try:
        return tuple(str(c) if True in texts else float(c) for c in item.codes)
    except ValueError:
        raise ResponseError(
            f"{item.question}: 选项 {'、'.join(map(str, item.codes))} 是文本，而列中是数字。"
            "(codes are texts, the column holds numbers)"
        ) from None


def given(column: Coded | Measured) -> Booleans:
    """Return which rows have an answer."""
    return column.code >= 0 if isinstance(column, Coded) else ~np.isnan(column.value)


def only(column: Coded | Measured, counted: Booleans | None) -> Coded | Measured:
    """Return the column without the answers of rows that do not count (None: all count)."""
    if counted is None:
        return column
    if isinstance(column, Coded):
        return replace(column, code=np.where(counted, column.code, OUTSIDE))
    return replace(column, value=np.where(counted, column.value, np.nan))


def encoded(column: pd.Series) -> tuple[Integers, tuple[Level, ...]]:
    """Return a code 0.. per row (`OUTSIDE` where missing or '') and the values, ascending."""
    code, levels = coded(column)
    return code.astype(np.int64), levels


def numbers(column: pd.Series) -> Floats:
    """Return a column of finite numbers, NaN where missing; anything else is refused."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind not in NUMERIC:
        raise ResponseError(
            f"列 {column.name}: 不是数值（{kind}），不能求均值或总量。请用 proportions 或先解码。"
            "(not numeric; use proportions or decode the column first)"
        )
    value: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(value).any():
        raise ResponseError(
            f"列 {column.name}: 第 {int(np.isinf(value).argmax()) + 1} 行是无穷大，请改正。"
            "(an infinite value; correct it or set it missing)"
        )
    return value
