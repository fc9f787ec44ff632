"""Turn the text of one question's cells into codes, numbers, places and moments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

import pandas as pd

from pipeline.questionnaire.codebook import columns_of, missing_codes
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.responses.cell_words import normal
from pipeline.responses.moment_words import moment_of

NOTHING_TICKED = "-"
"""A multiple choice that was asked and answered, with no choice ticked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One question's columns, the reasons of missing codes, and cells that have no meaning."""

    columns: Mapping[str, pd.Series]
    reason: pd.Series
    unread: pd.Series


def read_answers(question: Question, given: pd.Series) -> Answers:
    """Decode the tidied cells of one question (text, '' where empty).

    A ranking is read from the words of its choices in order of rank, between blanks, as ODK
    exports them. A word twice, an unknown word or more words than there are places leave the
    whole answer unread: which of them counts is not known.
    """
    match question:
        case SingleChoice() | Scale():
            return _single(question, given)
        case MultipleChoice():
            return _multiple(question, given)
        case Ranking():
            return _ranking(question, given)
        case Number() | Calculated():
            return _number(question, given)
        case Moment():
            return _moment(question, given)
        case OpenEnded():
            return Answers({question.name: given}, no_reason(given), no_reason(given))
    assert_never(question)


def no_reason(given: pd.Series) -> pd.Series:
    """Return '' for every row."""
    return pd.Series("", index=given.index, dtype="str")


def each(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Apply `change` once to every different text of a column."""
    texts = cells.tolist()
    changed = {text: change(text) for text in set(texts)}
    return pd.Series([changed[text] for text in texts], index=cells.index, dtype="str")


def _number(question: Number | Calculated, given: pd.Series) -> Answers:
    """Return numbers; a missing code that has a name is written by the name, not as its number."""
    number = pd.to_numeric(given.mask(given == ""), errors="coerce").astype("Float64")
    number = number.mask(number.abs() == float("inf"))
    codes = {one.code: one.missing or "" for one in question.missing_codes if not one.name}
    words = {normal(one.name): one.missing or "" for one in question.missing_codes if one.name}
    reason = each(given, lambda text: words.get(text, ""))
    numbered = number.map(codes).astype("object").fillna("")
    reason = reason.where(reason != "", numbered).astype("str")
    unread = given.where(number.isna() & (reason == ""), "")
    return Answers({question.name: number.mask(reason != "")}, reason, unread)


def _single(question: SingleChoice | Scale, given: pd.Series) -> Answers:
    code = given.map(_codes(question)).astype("Int64")
    kinds = missing_codes(question)
    reason = pd.Series([kinds.get(one, "") for one in code], index=code.index, dtype="str")
    return Answers({question.name: code.mask(reason != "")}, reason, given.where(code.isna(), ""))


def _multiple(question: MultipleChoice, given: pd.Series) -> Answers:
    codes, kinds = _codes(question), missing_codes(question)
    ticked = {
        text: [word for word in text.split() if word != NOTHING_TICKED] for text in given.unique()
    }
    known = {text: {codes[w] for w in words if w in codes} for text, words in ticked.items()}
    unread = each(given, lambda text: " ".join(w for w in ticked[text] if w not in codes))
    reason = each(
        given,
        lambda text: next((kinds[code] for code in sorted(known[text]) if code in kinds), ""),
    )
    some = given.map({text: len(found) > 0 for text, found in known.items()}).astype(bool)
    substance = (given != "") & (reason == "") & ((unread == "") | some)
    columns = {
        column.name: given.map({text: int(column.code in known[text]) for text in known})
        .astype("Int64")
        .mask(~substance)
        for column in columns_of(question)
    }
    return Answers(columns, reason, unread)


def _ranking(question: Ranking, given: pd.Series) -> Answers:
    codes, kinds = _codes(question), missing_codes(question)
    placed: dict[str, dict[int, int]] = {}
    why: dict[str, str] = {}
    for text in given.unique():
        words = text.split()
        order = [codes[word] for word in words if word in codes]
        reasons = [kinds[code] for code in order if code in kinds]
        whole = len(order) == len(words) == len(set(order))
        counted = order[: question.depth]  # a tablet's widget has people rank all
        placed[text] = {} if reasons or not whole else {c: n for n, c in enumerate(counted, 1)}
        why[text] = reasons[0] if len(words) == len(reasons) == 1 else ""
    columns = {
        column.name: given.map({text: of.get(column.code or 0) for text, of in placed.items()})
        .astype("Float64")
        .astype("Int64")
        for column in columns_of(question)
    }
    reason = each(given, lambda text: why[text])
    bad = {text: not of and not why[text] and text != "" for text, of in placed.items()}
    return Answers(columns, reason, given.where(given.map(bad).astype(bool), ""))


def _moment(question: Moment, given: pd.Series) -> Answers:
    known = {text: moment_of(text, question.type) for text in given.unique()}
    moment = given.map(known).astype("str")
    return Answers(
        {question.name: moment}, no_reason(given), given.where(moment.isna(), "").astype("str")
    )


def _codes(question: ChoiceQuestion) -> dict[str, int]:
    """Return what an export may write for each choice: its name, or its code.

    Where names are numbers themselves, only they count: a cell 2 is the choice called 2, and
    never another one that has the code 2.
    """
    by_name = {normal(choice.exported_as): choice.code for choice in question.choices}
    if any(choice.name and _is_number(choice.name) for choice in question.choices):
        return by_name
    return {str(choice.code): choice.code for choice in question.choices} | by_name


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
