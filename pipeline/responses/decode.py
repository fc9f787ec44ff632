"""Turn the text of a delivered table into codes, numbers and reasons for what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.codebook import missing_column
from pipeline.questionnaire.expressions import Condition, questions_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    OpenEnded,
    Question,
)
from pipeline.questionnaire.routing import holds, values
from pipeline.responses.answers import Answers, no_reason, read_answers
from pipeline.responses.cell_words import normal
from pipeline.responses.given import given_to
from pipeline.responses.layouts import Layout
from pipeline.responses.layouts.recognise import spoken
from pipeline.responses.table import RawTable

_MOMENTS = {"date": "日期 (days)", "time": "时刻 (times)", "datetime": "日期和时刻 (moments)"}
WRONG_COLUMN = 0.5
"""A column of whose filled cells more than this share cannot be read is not that question's."""
Verbatim = tuple[str, str, str, str]
"""Respondent, source, question, text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Responses as codes (one row each) and the open answers (one row each, text as given)."""

    responses: pd.DataFrame
    verbatims: pd.DataFrame


def decode(table: RawTable, layout: Layout, questionnaire: Questionnaire) -> Decoded:
    """Decode a table by its questionnaire.

    Returns
    -------
    Decoded
        `responses` in the columns of the ``ingest`` table (docs/architecture.md). A cell that has
        no meaning (an unknown code, a number that is none) is missing there and stands, as
        ``question=text``, in the column ``undecoded`` for validation to judge; ``conflicting``
        names the multiple choices whose joined text and 0/1 columns differ. A calculated value
        that was not delivered is worked out. `verbatims` also holds what was typed beside a
        choice: under the name of the open question that asks to specify, where the choice has
        one, else under the name of the question itself.

    Raises
    ------
    ResponseError
        If a column holds mostly what its question cannot have: it is the wrong column.
    """
    told = spoken(table, layout, questionnaire)
    decoded = _about_the_interview(told.table, layout)
    undecoded = conflicts = no_reason(decoded["respondent"])
    verbatims: list[Verbatim] = []
    faults: list[Fault] = []
    for question in questionnaire.questions:
        given, differs = given_to(told.table.cells, layout, question)
        if told.typed is not None and question.name not in layout.questions:
            given = _typed_to(question, given, told.typed)
        asked = _asked(question.show_if, decoded)
        if isinstance(question, OpenEnded):  # any words are an answer
            verbatims += _verbatims(decoded["respondent"], question.name, given)
            decoded[missing_column(question)] = _left_out(given, asked)
            continue
        answers = read_answers(question, given)
        if isinstance(question, Calculated) and question.name not in layout.questions:
            answers = _worked_out(question, decoded, asked)
        bad = answers.unread != ""
        if bad.sum() > WRONG_COLUMN * (given != "").sum():
            faults.append(_wrong_column(question, layout, given, answers.unread))
        decoded |= answers.columns
        decoded[missing_column(question)] = _reason(answers, asked)
        conflicts = _noted(conflicts, differs, f"{question.name}; ")
        undecoded = _noted(undecoded, bad, f"{question.name}=" + answers.unread + "; ")
    if faults:
        raise ResponseError(gathered(table.source, faults))
    if told.typed is not None:
        own = {question.name for question in questionnaire.questions if _is_open(question)}
        for name, typed in told.typed.groupby("question"):
            if name not in own:
                verbatims += _verbatims(typed["key"].str.strip(), str(name), typed["text"])
    decoded |= dict(_orders(told.table.cells, layout, questionnaire))
    responses = pd.DataFrame(decoded).assign(
        undecoded=undecoded.str.removesuffix("; ").astype("str"),
        conflicting=conflicts.str.removesuffix("; ").astype("str"),
    )
    said = pd.DataFrame(verbatims, columns=["respondent", "source", "question", "text"])
    return Decoded(responses.reset_index(drop=True), said.astype("str"))


def _noted(notes: pd.Series, rows: pd.Series, note: str | pd.Series) -> pd.Series:
    """Add a note to the notes of some rows."""
    return notes.mask(rows, notes + note) if rows.any() else notes


def _about_the_interview(table: RawTable, layout: Layout) -> dict[str, pd.Series]:
    cells, fields = table.cells, layout.fields

    def text(field: str) -> pd.Series:
        if field in fields:
            return cells[fields[field]].str.strip().astype("str")
        return pd.Series(layout.constants.get(field, ""), index=cells.index, dtype="str")

    seconds = (
        pd.to_numeric(text("seconds"), errors="coerce")
        if "seconds" in fields
        else (_moments(text("end")) - _moments(text("start"))).dt.total_seconds()
    )
    submitted = text("submitted")
    return {
        "respondent": cells[layout.key].str.strip().astype("str"),
        "raw_row": pd.Series(cells.index, index=cells.index, dtype="int64"),
        "submitted": submitted.where(submitted != "", text("end")),
        "seconds": seconds.astype("Float64"),
        "mode": text("mode"),
        "language": text("language"),
        "questionnaire_version": text("questionnaire_version"),
        **{name: text(name).mask(text(name) == "") for name in ("site", "person")},
        **({"screened_out": text("screened_out")} if "screened_out" in fields else {}),
    }


def _moments(texts: pd.Series) -> pd.Series:
    filled = texts.mask(texts == "", None)
    return pd.to_datetime(filled, utc=True, errors="coerce", format="ISO8601")


def _asked(route: Condition | None, decoded: Mapping[str, pd.Series]) -> pd.Series:
    """Tell for which responses a question was meant, by the answers decoded so far."""
    if route is None:
        return pd.Series(True, index=decoded["respondent"].index)
    read = set(questions_of(route))
    return holds(
        route,
        pd.DataFrame({name: given for name, given in decoded.items() if _asks(name) in read}),
    )


def _asks(column: str) -> str:
    return column.split("__")[0]


def _reason(answers: Answers, asked: pd.Series) -> pd.Series:
    """Return why an answer is missing, '' where there is one."""
    # Of a ranking only the choices that were placed have a value.
    answered = np.logical_or.reduce([one.notna().to_numpy() for one in answers.columns.values()])
    told = answers.reason.to_numpy(dtype=object)
    left_out = ((told == "") & ~answered) | (told == "no_answer")
    reason = np.where(left_out, np.where(asked, "no_answer", "not_asked"), told)
    return pd.Series(reason, index=asked.index, dtype="str")


def _left_out(given: pd.Series, asked: pd.Series) -> pd.Series:
    """Return why an open question has no words, '' where it has."""
    reason = np.where(given != "", "", np.where(asked, "no_answer", "not_asked"))
    return pd.Series(reason, index=asked.index, dtype="str")


def _is_open(question: Question) -> bool:
    return isinstance(question, OpenEnded)


def _typed_to(question: Question, given: pd.Series, typed: pd.DataFrame) -> pd.Series:
    """Return what was typed beside the choice that asks for it, as the answer to that question."""
    said = typed.loc[typed["question"] == question.name, "text"]
    return given.where(~given.index.isin(said.index), said.reindex(given.index)).astype("str")


def _worked_out(
    question: Calculated, decoded: Mapping[str, pd.Series], asked: pd.Series
) -> Answers:
    """Return a calculated value from the answers so far; empty where it was not asked for."""
    read = set(questions_of(question.value))
    rows = pd.DataFrame({name: given for name, given in decoded.items() if _asks(name) in read})
    value = values(question.value, rows.reindex(asked.index)).where(asked)
    return Answers({question.name: value.astype("Float64")}, no_reason(asked), no_reason(asked))


def _orders(
    cells: pd.DataFrame, layout: Layout, questionnaire: Questionnaire
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the orders in which choices (as codes) and rows of a matrix (names) were shown."""
    asked = {question.name: question for question in questionnaire.questions}
    for name, header in layout.orders.items():
        question = asked.get(name)
        codes: dict[str, str] = {}
        if isinstance(question, ChoiceQuestion):
            codes = {normal(one.exported_as): str(one.code) for one in question.choices}
        shown = {
            cell: " ".join(codes.get(word, word) for word in normal(cell).split())
            for cell in cells[header].unique()
        }
        yield f"{name}__order", cells[header].map(shown).astype("str")


def _verbatims(respondents: pd.Series, question: str, texts: pd.Series) -> Iterator[Verbatim]:
    """Yield the texts that say anything."""
    for respondent, text in zip(respondents.tolist(), texts.tolist(), strict=True):
        if text:
            yield respondent, "survey", question, text


def _wrong_column(
    question: Question, layout: Layout, given: pd.Series, unread: pd.Series
) -> Fault:
    bad = unread[unread != ""]
    shown = "、".join(repr(one) for one in sorted(set(bad))[:4])
    header = layout.questions.get(question.name, question.exported_as)
    match question:
        case ChoiceQuestion():
            expected = "、".join(c.name or f"{c.code} {c.text.zh}" for c in question.choices)
        case Moment():
            form = {"date": "2026-03-02", "time": "08:30", "datetime": "2026-03-02 08:30"}
            expected = f"{form[question.type]} 这样的{_MOMENTS[question.type]}"
        case _:
            expected = "数字 (numbers)"
    return Fault(
        f"列 {header!r} ({question.name})",
        f"{int((given != '').sum())} 格中有 {len(bad)} 格无法识别，如 {shown}；应为 {expected}。",
        "请检查列是否对应，或改正问卷中选项的 name。(wrong column, or choice names differ)",
    )
