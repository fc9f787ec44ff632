"""Which figures a question's name stands for, when an analyst asks by name."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, assert_never

import numpy as np
import pandas as pd

from pipeline.errors import ResponseError
from pipeline.estimation.domains import ALL, By
from pipeline.estimation.items import Item, encoded, items_of
from pipeline.estimation.scores import net_score, top_box
from pipeline.questionnaire.codebook import columns_of
from pipeline.questionnaire.filters import Filter, chosen
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.names import unknown
from pipeline.questionnaire.questions import (
    Calculated,
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
from pipeline.totals.coding import level_text

Questions = str | Item | Sequence[str | Item] | None
Figure = Literal["share", "mean", "total", "any"]
"""What is asked for: shares of answers; means; numbers of people and sums; shares and means."""


def asked(
    questions: Questions, figure: Figure, questionnaire: Questionnaire, rows: pd.DataFrame
) -> list[Item]:
    """Return the items that are meant.

    Parameters
    ----------
    questions : names of questions, of columns of theirs or of other columns; items stand for
        themselves; None is every question that has such a figure

    Raises
    ------
    ResponseError
        A name that is nowhere (near names are listed), or a question without such a figure.
    """
    every = items_of(questionnaire)
    if questions is None:
        return [item for item in every if _is(item, figure, questionnaire)]
    found: list[Item] = []
    for name in _listed(questions):
        if isinstance(name, Item):
            found.append(name)
            continue
        known = {question.name: question for question in questionnaire.questions}
        whole = [item for item in every if item.question == name]
        column = [item for item in every if item.columns == (name,) and item.question != name]
        if name in questionnaire.in_rosters and name in rows:
            found.extend(_of_column(name, figure, rows))  # of the entry in this place alone
        elif name in known:
            items = [item for item in whole if _is(item, figure, questionnaire)]
            if not items:
                raise _without(known[name])
            found.extend(items)
        elif column:
            found.extend(column)
        elif name in rows:
            found.extend(_of_column(name, figure, rows))
        else:
            raise unknown(name, (*known, *map(str, rows.columns)), "题目或列 (question or column)")
    return found


def is_set(item: Item) -> bool:
    """Tell whether an item is several answers taken together."""
    return len(item.codes) > 1 or len(item.columns) > 1


def with_boxes(items: Sequence[Item], questionnaire: Questionnaire) -> list[Item]:
    """Return the lines of a table: of each question its answers, sets of answers, net and mean.

    A scale that is asked for as a whole also gets its two highest answers together, its two lowest
    (one where it has three points or fewer), and the net score of the two.
    """
    scales = {q.name: q for q in questionnaire.questions if isinstance(q, Scale)}
    found: dict[tuple[str, str], Item] = {}
    for item in items:
        found.setdefault((item.question, item.code), item)
        if item.question in scales and item.estimand == "mean" and not item.values:
            for box in _boxes(scales[item.question], item.missing):
                found.setdefault((box.question, box.code), box)
    order = list(dict.fromkeys(question for question, _ in found))
    ranks = {key: (order.index(key[0]), _rank(item)) for key, item in found.items()}
    return [found[key] for key in sorted(found, key=lambda key: ranks[key])]


def groups(by: By, questionnaire: Questionnaire, rows: pd.DataFrame) -> By:
    """Return the banners, each once (None: everyone); None stays None.

    Raises
    ------
    ResponseError
        No names, or a column that is not there: what it is, is said, or near names are listed.
    """
    if by is None:
        return None
    listed = [by] if isinstance(by, str) else by
    right = isinstance(listed, list | tuple | pd.Index) and all(
        isinstance(one, str) or (isinstance(one, tuple) and one and all(_is_name(o) for o in one))
        for one in listed
    )
    if not right:
        raise ResponseError(
            f"by={by!r}: 请给列名，或列名的列表；交叉写成元组，如 "
            "by=['county', ('county', 'q18')]。"
            "(give a column or a list of columns; a tuple inside the list is crossed)"
        )
    for entry in listed:
        for name in [entry] if isinstance(entry, str) else entry:
            if name != ALL or not isinstance(entry, str):
                require_column(name, questionnaire, rows)
    return list(dict.fromkeys(listed)) or None


def require_column(name: object, questionnaire: Questionnaire, rows: pd.DataFrame) -> None:
    """Refuse what is not one column of answers.

    Raises
    ------
    ResponseError
        A multiple choice (its columns are named), an open question, no such column (near names
        are listed), or no name at all.
    """
    if not isinstance(name, str):
        raise ResponseError(
            f"{name!r}: 请给一个列名，如 'q01'；一次一题。(give the name of one column)"
        )
    if name in rows:
        return
    match next((q for q in questionnaire.questions if q.name == name), None):
        case MultipleChoice() as question:
            ticks = [one.name for one in columns_of(question)]
            raise ResponseError(
                f"{name}: 多选题，每个选项是一列 0/1，请指明一列：{'、'.join(ticks)}。"
                "(a multiple choice: name one of its 0/1 columns)"
            )
        case Ranking() as question:
            places = [one.name for one in columns_of(question)]
            raise ResponseError(
                f"{name}: 排序题，每个选项是一列名次，请指明一列：{'、'.join(places)}。"
                "(a ranking: name one of its columns of places)"
            )
        case OpenEnded():
            raise ResponseError(
                f"{name}: 开放题，没有可计算的列；主题见 table('themes')。"
                "(an open question has no column to compute with; see its themes)"
            )
    known = [q.name for q in questionnaire.questions if q.name in rows]
    raise unknown(name, (*known, *map(str, rows.columns)), "列 (column)")


def domain(where: Filter | None, rows: pd.DataFrame, weight: str | None) -> pd.Series | None:
    """Return which rows a filter chooses (None: all); a filter that chooses nobody is refused."""
    if where is None:
        return None
    inside = chosen(where, rows)
    if not (inside if weight is None else inside & (rows[weight] > 0)).any():
        raise ResponseError(
            f"where: {where if isinstance(where, str) else '所给条件'} 没有选中任何受访者。"
            "(nobody is in this filter)"
        )
    return inside


def chances(probabilities: Any) -> list[float]:
    """Return one probability or several as a list; anything else is refused."""
    listed = probabilities if isinstance(probabilities, list | tuple | np.ndarray) else [
        probabilities
    ]  # fmt: skip
    if not listed or not all(_is_number(p) and 0 <= p <= 1 for p in listed):
        raise ResponseError(
            f"probabilities={probabilities!r}: 请给 0 与 1 之间的数或其列表，如 0.5。"
            "(give a number between 0 and 1, or a list of them)"
        )
    return [float(p) for p in listed]


def reworded(name: str, before: Questionnaire, after: Questionnaire) -> bool:
    """Tell whether a question reads differently in two waves.

    Raises
    ------
    ResponseError
        It is in one wave only, of another type, or has other answer codes: not comparable.
    """
    earlier, later = (
        next((q for q in one.questions if q.name == name), None) for one in (before, after)
    )
    if earlier is None and later is None:
        return False
    if earlier is None or later is None:
        raise ResponseError(
            f"{name}: 只在一期问卷里有，无法比较两期。(asked in one of the two waves only)"
        )
    if type(earlier) is not type(later) or _codes(earlier) != _codes(later):
        raise ResponseError(
            f"{name}: 两期的题型或选项编码不同，无法直接比较；请先统一编码。"
            "(other type or answer codes in the two waves; recode first)"
        )
    return _wording(earlier) != _wording(later)


def _listed(questions: object) -> list[str | Item]:
    listed = [questions] if isinstance(questions, str | Item) else questions
    if not isinstance(listed, list | tuple | pd.Index) or not all(
        isinstance(one, str | Item) for one in listed
    ):
        raise ResponseError(
            f"questions={questions!r}: 请给题号，如 'q01'，或题号的列表。"
            "(give the name of a question, or a list of names)"
        )
    if not len(listed):
        raise ResponseError(
            "questions=[]: 没有给出题号；整份问卷请不写。(no questions; leave it out for all)"
        )
    return list(listed)


def require_number(given: object, name: str) -> None:
    """Refuse an argument that is no number."""
    if not _is_number(given):
        raise ResponseError(f"{name}={given!r}: 请给一个数。(give a number)")


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and given == given


def _is_name(given: object) -> bool:
    return isinstance(given, str)


def _boxes(scale: Scale, missing: str) -> Iterator[Item]:
    codes = [choice.code for choice in scale.substantive]
    width = min(2, len(codes) // 2)
    high, low = codes[-width:], codes[:width]
    if width > 1:
        yield top_box(scale.name, high, missing)
        yield top_box(scale.name, low, missing)
    yield net_score(scale.name, high, low, missing)


def _rank(item: Item) -> int:
    if item.code == "net":
        return 2
    return 3 if item.estimand == "mean" else int(is_set(item))


def _is(item: Item, figure: Figure, questionnaire: Questionnaire) -> bool:
    match figure:
        case "share":
            return item.estimand == "proportion"
        case "mean":
            return item.estimand == "mean"
        case "total":
            number = isinstance(questionnaire.question(item.question), Numeric)
            return item.estimand == "proportion" or number
        case "any":
            return True
    assert_never(figure)


def _of_column(name: str, figure: Figure, rows: pd.DataFrame) -> Iterator[Item]:
    if rows[name].isna().all():
        raise ResponseError(f"{name}: 这一列没有任何值。(nothing is in this column)")
    number = pd.api.types.is_numeric_dtype(rows[name])
    if figure in ("mean", "total") or (figure == "any" and number):
        yield Item(name, "", (name,), (), "mean")
        return
    for level in encoded(rows[name])[1]:
        yield Item(name, level_text(level), (name,), (level,), "proportion")


def _without(question: Question) -> ResponseError:
    match question:
        case OpenEnded():
            said = "开放题没有数字；主题见 table('themes')。(an open question: see its themes)"
        case Moment():
            said = (
                "日期时间题没有比例和均值；人数见答卷概况。"
                "(a day or time has neither shares nor a mean)"
            )
        case Number() | Calculated():
            said = (
                "数值题没有选项比例；请用 means、totals 或 quantiles。"
                "(a number: use means, totals or quantiles)"
            )
        case SingleChoice() | Scale() | MultipleChoice() | Ranking():
            said = "选项没有均值；请用 proportions。(choices have no mean: use proportions)"
        case _:
            assert_never(question)
    return ResponseError(f"{question.name}: {said}")


def _codes(question: Question) -> list[int]:
    if isinstance(question, ChoiceQuestion):
        return [choice.code for choice in question.substantive]
    return []


def _wording(question: Question) -> list[str]:
    choices = question.substantive if isinstance(question, ChoiceQuestion) else ()
    return [question.text.zh, *(choice.text.zh for choice in choices)]
