"""Figures made of several codes or questions: top boxes, net scores, scales, indices, ticks.

What is a figure of one question is an `Item`; what joins questions is a new column, which all
estimators then take.

Source of the scale score and its rule for missing items: Mazza, Enders & Ruehlman (2015),
Multivariate Behavioral Research 50, 504-519 (means of the answered items, with a least number).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import By, Where
from pipeline.estimation.items import Item, Level
from pipeline.estimation.linear import ratios


def top_box(question: str, codes: Sequence[Level], missing: str = "") -> Item:
    """Return the share of answers in `codes`, for instance the two best of five (top-2-box)."""
    label = "+".join(str(code) for code in codes)
    return Item(question, label, (question,), tuple(codes), "proportion", missing)


def net_score(
    question: str, positive: Sequence[Level], negative: Sequence[Level], missing: str = ""
) -> Item:
    """Return the share of `positive` answers minus that of `negative` ones, from -1 to 1.

    All answers count below the line, the neutral ones too. It is a mean of scores 1, 0 and -1, so
    that its standard error has the covariance of the two shares.
    """
    if both := sorted(set(positive) & set(negative), key=str):
        raise ResponseError(
            f"{question}: 选项 {'、'.join(map(str, both))} 既算正面又算负面。"
            "(a code cannot be positive and negative)"
        )
    codes = (*positive, *negative)
    values = (*[1.0] * len(positive), *[-1.0] * len(negative))
    return Item(question, "net", (question,), codes, "mean", missing, values)


def scale_score(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    span: tuple[float, float],
    reverse: Sequence[str] = (),
    least: int | None = None,
) -> pd.Series:
    """Return each row's mean of the items of a battery, the reversed ones turned around.

    Parameters
    ----------
    rows : DataFrame with the `items` as numbers within `span`, missing where not answered
    span : smallest and largest answer; a reversed item becomes low + high - answer
    least : answered items that a score needs; None asks for all of them

    Returns
    -------
    Series of floats, same index; missing where fewer than `least` items have an answer

    Raises
    ------
    ResponseError
        Columns missing, an answer outside the span, a reversed item that is none of the items.
    """
    if unknown := [c for c in (*items, *reverse) if c not in rows or c not in items]:
        raise ResponseError(
            f"量表: 缺少题目 {'、'.join(dict.fromkeys(unknown))}；请核对题号与反向题。"
            "(no such item; check the names and the reversed items)"
        )
    low, high = span
    answers = rows[list(items)].to_numpy(dtype=np.float64, na_value=np.nan)
    if (outside := (answers < low) | (answers > high)).any():
        row, column = np.argwhere(outside)[0]
        raise ResponseError(
            f"{items[column]}: 第 {row + 1} 行的回答 {answers[row, column]:g} 不在 {low:g} 至 "
            f"{high:g} 之间；请先核对编码。(an answer outside the span; check the codes)"
        )
    turned = np.array([item in reverse for item in items])
    answers = np.where(turned, low + high - answers, answers)
    answered = ~np.isnan(answers)
    number = answered.sum(axis=1)
    enough = number >= (len(items) if least is None else least)
    total = np.where(answered, answers, 0.0).sum(axis=1)
    mean = np.divide(total, number, out=np.full(len(rows), np.nan), where=enough & (number > 0))
    return pd.Series(mean, index=rows.index)


def index_score(
    rows: pd.DataFrame, parts: Mapping[str, tuple[float, float]], weights: Mapping[str, float]
) -> pd.Series:
    """Return a weighted index from 0 to 100 of several columns.

    Parameters
    ----------
    parts : column -> (worst, best) answer; best below worst turns the column around
    weights : column -> importance above 0; they are scaled to sum to 1

    Returns
    -------
    Series of floats; missing where any part is missing
    """
    if set(parts) != set(weights) or any(not weight > 0 for weight in weights.values()):
        raise ResponseError(
            "指数: 每个组成部分须有一个大于0的权重。(every part needs a weight above 0)"
        )
    whole = sum(weights.values())
    total = pd.Series(0.0, index=rows.index)
    for column, (worst, best) in parts.items():
        if column not in rows or worst == best:
            raise ResponseError(
                f"指数: 列 {column} 不存在，或最好与最差相同。(no such column, or an empty range)"
            )
        value = rows[column].astype("float64")
        total = total + weights[column] / whole * 100 * (value - worst) / (best - worst)
    return total


def shares_of_answers(
    rows: pd.DataFrame,
    columns: Sequence[str],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate what share of all ticks of a multiple choice fell on each choice.

    The shares add up to 1; those of respondents (`proportions` of the same columns) add up to the
    mean number of ticks. A row without an answer to the question is missing in all `columns`.

    Returns
    -------
    DataFrame as of `means`; `question` is the column, `code` ``answers``, `estimand`
        ``share_of_answers``; `n` counts respondents with an answer
    """
    ticks = rows[list(columns)].astype("float64")
    every = rows.assign(answers=ticks.sum(axis=1, skipna=False))
    table = ratios(
        every, [(column, "answers") for column in columns], design=design, by=by, where=where,
        level=level,
    )  # fmt: skip
    return table.assign(estimand="share_of_answers")


def ranking_scores(
    rows: pd.DataFrame, columns: Sequence[str], *, ranked: int | None = None
) -> pd.DataFrame:
    """Return points of ranked choices: the first of `ranked` places is worth `ranked` points.

    Parameters
    ----------
    columns : of each choice its place, 1 = first; missing or 0 where it was not ranked
    ranked : places that could be given; None takes the largest place that occurs

    Returns
    -------
    DataFrame of the same columns; a choice without a place scores 0 where the respondent ranked
        any choice, and is missing where they ranked none
    """
    places = rows[list(columns)].astype("float64")
    places = places.where(places > 0)
    most = float(places.max().max()) if ranked is None else float(ranked)
    if (places > most).any().any():
        raise ResponseError(f"排序题: 有的名次大于 {most:g}。(a place beyond the last one)")
    answered = places.notna().any(axis=1)
    return (most + 1 - places).fillna(0.0).where(answered)
