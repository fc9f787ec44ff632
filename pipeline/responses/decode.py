"""Turn the text of a delivered table into codes, numbers and reasons for what is missing."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.codebook import columns_of, missing_codes, missing_column
from pipeline.questionnaire.model import (
    ChoiceQuestion,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Questionnaire,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.routing import holds
from pipeline.responses.layouts import Layout
from pipeline.responses.read import RawTable

TICKED = {"1": 1, "TRUE": 1, "True": 1, "true": 1, "0": 0, "FALSE": 0, "False": 0, "false": 0}
EMPTY = frozenset({"", "NA", "NULL"})
"""A cell that holds nothing: NA is what R writes, NULL what 问卷星 and databases write."""
NOTHING_TICKED = "-"
"""A multiple choice that was asked and answered, with no choice ticked."""
WRONG_COLUMN = 0.5
"""A column of whose filled cells more than this share cannot be read is not that question's."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Responses as codes (one row each) and the open answers (one row each, text as given)."""

    responses: pd.DataFrame
    verbatims: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Answers:
    """One question's columns, the reasons of missing codes, and cells that have no meaning."""

    columns: Mapping[str, pd.Series]
    reason: pd.Series
    unread: pd.Series


def decode(table: RawTable, layout: Layout, questionnaire: Questionnaire) -> Decoded:
    """Decode a table by its questionnaire.

    Returns
    -------
    Decoded
        `responses` in the columns of the ``ingest`` table (docs/architecture.md). A cell that has
        no meaning (an unknown code, a number that is none) is missing there and stands, as
        ``question=text``, in the column ``undecoded`` for validation to judge; ``conflicting``
        names the multiple choices whose joined text and 0/1 columns differ.

    Raises
    ------
    ResponseError
        If a column holds mostly what its question cannot have: it is the wrong column.
    """
    cells = table.cells
    decoded = _about_the_interview(table, layout)
    undecoded = pd.Series("", index=cells.index, dtype="str")
    conflicts = pd.Series("", index=cells.index, dtype="str")
    verbatims: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for question in questionnaire.questions:
        given, differs = _given(cells, layout, question)
        conflicts = conflicts.where(~differs, conflicts + f"{question.name}; ")
        asked = (
            pd.Series(True, index=cells.index)
            if question.show_if is None
            else holds(question.show_if, decoded)
        )
        answers = _decode_question(question, given)
        filled = int((given != "").sum())
        bad = answers.unread != ""
        if filled and bad.sum() > WRONG_COLUMN * filled:
            faults.append(
                _wrong_column(question, layout, answers.unread[bad], int(bad.sum()), filled)
            )
        undecoded = undecoded.where(~bad, undecoded + f"{question.name}=" + answers.unread + "; ")
        decoded = pd.concat([decoded, pd.DataFrame(dict(answers.columns))], axis=1)
        answered = (
            answers.columns[question.name] != ""
            if isinstance(question, OpenEnded)
            else pd.DataFrame(dict(answers.columns)).notna().any(axis=1)
        )
        reason = answers.reason.mask((answers.reason == "") & ~answered, "no_answer")
        reason = reason.mask((reason == "no_answer") & ~asked, "not_asked")
        decoded[missing_column(question)] = reason.astype("str")
        if isinstance(question, OpenEnded):
            verbatims.append(_open_answers(question, decoded, decoded.pop(question.name)))
    if faults:
        raise ResponseError(gathered(table.path, faults))
    decoded["undecoded"] = undecoded.str.removesuffix("; ").astype("str")
    decoded["conflicting"] = conflicts.str.removesuffix("; ").astype("str")
    empty = pd.DataFrame(
        {n: pd.Series(dtype="str") for n in ("respondent", "source", "question", "text")}
    )
    return Decoded(
        decoded.reset_index(drop=True).copy(),
        pd.concat(verbatims, ignore_index=True) if verbatims else empty,
    )


def _about_the_interview(table: RawTable, layout: Layout) -> pd.DataFrame:
    cells, fields = table.cells, layout.fields

    def text(field: str) -> pd.Series:
        blank = pd.Series("", index=cells.index, dtype="str")
        return cells[fields[field]].str.strip().astype("str") if field in fields else blank

    start = pd.to_datetime(
        text("start").replace("", None), utc=True, errors="coerce", format="ISO8601"
    )
    end = pd.to_datetime(
        text("end").replace("", None), utc=True, errors="coerce", format="ISO8601"
    )
    tokens = {name: text(name).mask(text(name) == "") for name in ("site", "person")}
    return pd.DataFrame(
        {
            "respondent": cells[layout.key].str.strip().astype("str"),
            "raw_row": cells.index.astype("int64"),
            "submitted": text("submitted").where(text("submitted") != "", text("end")),
            "seconds": (end - start).dt.total_seconds().astype("Float64"),
            "mode": text("mode"),
            "language": text("language"),
            "questionnaire_version": text("questionnaire_version"),
            **tokens,
        },
        index=cells.index,
    )


def _given(cells: pd.DataFrame, layout: Layout, question: Question) -> tuple[pd.Series, pd.Series]:
    """Return the question's cells, tidied, and for which rows two columns contradict each other.

    Where a multiple choice is delivered both joined and in 0/1 columns, the 0/1 columns count:
    data cleaning edits them and forgets the joined text. Words that only the joined text has and
    no choice explains are kept, for validation to judge.
    """
    if isinstance(question, OpenEnded):  # words stand as they were written
        said = cells[layout.questions[question.name]].str.strip()
        return said.mask(said.isin(EMPTY), "").astype("str"), pd.Series(False, index=cells.index)
    joined = (
        _tidy(cells[layout.questions[question.name]])
        if question.name in layout.questions
        else pd.Series("", index=cells.index, dtype="str")
    )
    agree = pd.Series(False, index=cells.index)
    if not isinstance(question, MultipleChoice) or question.name not in layout.splits:
        return joined, agree
    words = {choice.code: _normal(choice.exported_as) for choice in question.choices}
    split = layout.splits[question.name]
    ticks = pd.DataFrame({words[code]: _tidy(cells[header]) for code, header in split.items()})
    ticked_words = [words[code] for code in split]
    told = (ticks != "").any(axis=1)
    ticked = pd.Series(
        [
            " ".join(
                word for word, tick in zip(ticked_words, row, strict=True) if TICKED.get(tick) == 1
            )
            for row in ticks.itertuples(index=False, name=None)
        ],
        index=cells.index,
        dtype="str",
    )
    rest = joined.map(lambda text: " ".join(w for w in text.split() if w not in ticks.columns))
    merged = (ticked + " " + rest).str.strip()
    merged = merged.mask(merged == "", NOTHING_TICKED)
    differs = told & (joined != "") & (joined.str.split().map(set) != merged.str.split().map(set))
    return joined.where(~told, merged).astype("str"), differs


def _tidy(cells: pd.Series) -> pd.Series:
    """Return text without outer blanks; full-width digits and signs become the usual ones."""
    tidied = cells.map(lambda cell: unicodedata.normalize("NFKC", cell).strip()).astype("str")
    return tidied.mask(tidied.isin(EMPTY), "")


def _decode_question(question: Question, given: pd.Series) -> _Answers:
    match question:
        case SingleChoice() | Scale():
            return _decode_single(question, given)
        case MultipleChoice():
            return _decode_multiple(question, given)
        case Number():
            number = pd.to_numeric(given.mask(given == ""), errors="coerce").astype("Float64")
            return _Answers(
                {question.name: number}, _no_reason(given), given.where(number.isna(), "")
            )
        case OpenEnded():
            return _Answers({question.name: given}, _no_reason(given), _no_reason(given))
    assert_never(question)


def _decode_single(question: SingleChoice | Scale, given: pd.Series) -> _Answers:
    code = given.map(_codes(question)).astype("Int64")
    kinds = missing_codes(question)
    reason = pd.Series([kinds.get(one, "") for one in code], index=code.index, dtype="str")
    return _Answers({question.name: code.mask(reason != "")}, reason, given.where(code.isna(), ""))


def _decode_multiple(question: MultipleChoice, given: pd.Series) -> _Answers:
    codes = _codes(question)
    ticked = given.str.split().map(
        lambda words: [word for word in words if word != NOTHING_TICKED]
    )
    known = ticked.map(lambda words: {codes[word] for word in words if word in codes})
    unread = ticked.map(lambda words: " ".join(word for word in words if word not in codes))
    kinds = missing_codes(question)
    reason = known.map(
        lambda some: next((kinds[code] for code in sorted(some) if code in kinds), "")
    ).astype("str")
    substance = (given != "") & (reason == "") & ((unread == "") | (known.map(len) > 0))
    columns = {
        column.name: known.map(lambda some, code=column.code: int(code in some))
        .astype("Int64")
        .mask(~substance)
        for column in columns_of(question)
    }
    return _Answers(columns, reason, unread.astype("str"))


def _codes(question: ChoiceQuestion) -> dict[str, int]:
    """Return what an export may write for each choice: its name, or its code."""
    by_code = {str(choice.code): choice.code for choice in question.choices}
    return by_code | {_normal(choice.exported_as): choice.code for choice in question.choices}


def _normal(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip()


def _no_reason(given: pd.Series) -> pd.Series:
    return pd.Series("", index=given.index, dtype="str")


def _open_answers(question: OpenEnded, decoded: pd.DataFrame, text: pd.Series) -> pd.DataFrame:
    said = text != ""
    return pd.DataFrame(
        {
            "respondent": decoded.loc[said, "respondent"],
            "source": pd.Series("survey", index=decoded.index[said], dtype="str"),
            "question": pd.Series(question.name, index=decoded.index[said], dtype="str"),
            "text": text[said],
        }
    )


def _wrong_column(
    question: Question, layout: Layout, unread: pd.Series, bad: int, filled: int
) -> Fault:
    shown = "、".join(repr(one) for one in sorted(set(unread))[:4])
    header = layout.questions.get(question.name, question.exported_as)
    expected = (
        "、".join(choice.exported_as for choice in question.choices)
        if isinstance(question, ChoiceQuestion)
        else "数字 (numbers)"
    )
    return Fault(
        f"列 {header!r} ({question.name})",
        f"{filled} 格中有 {bad} 格无法识别，如 {shown}；应为 {expected}。",
        "请检查列是否对应，或改正问卷中选项的 name。(wrong column, or choice names differ)",
    )
