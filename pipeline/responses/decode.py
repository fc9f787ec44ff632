"""Turn the text of a delivered table into codes, numbers and reasons for what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.codebook import columns_of, missing_codes, missing_column
from pipeline.questionnaire.expressions import Condition, questions_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    ChoiceQuestion,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.routing import holds
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.layouts import Layout
from pipeline.responses.layouts.recognise import spoken
from pipeline.responses.table import RawTable

TICKED = {"1": 1, "TRUE": 1, "True": 1, "true": 1, "0": 0, "FALSE": 0, "False": 0, "false": 0}
NOTHING_TICKED = "-"
"""A multiple choice that was asked and answered, with no choice ticked."""
WRONG_COLUMN = 0.5
"""A column of whose filled cells more than this share cannot be read is not that question's."""
NO_VERBATIMS = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("respondent", "source", "question", "text")}
)


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
        names the multiple choices whose joined text and 0/1 columns differ. `verbatims` also holds
        what was typed beside a choice, under the name of that question.

    Raises
    ------
    ResponseError
        If a column holds mostly what its question cannot have: it is the wrong column.
    """
    told = spoken(table, layout, questionnaire)
    decoded = _about_the_interview(told.table, layout)
    undecoded = conflicts = _no_reason(decoded["respondent"])
    verbatims = [NO_VERBATIMS]
    faults: list[Fault] = []
    for question in questionnaire.questions:
        given, differs = _given(told.table.cells, layout, question)
        asked = _asked(question.show_if, decoded)
        answers = _decode_question(question, given)
        bad = answers.unread != ""
        if bad.sum() > WRONG_COLUMN * (given != "").sum():
            faults.append(_wrong_column(question, layout, given, answers.unread))
        if isinstance(question, OpenEnded):
            verbatims.append(_verbatims(decoded["respondent"], question.name, given))
        else:
            decoded |= answers.columns
        decoded[missing_column(question)] = _reason(question, given, answers, asked)
        conflicts = _noted(conflicts, differs, f"{question.name}; ")
        undecoded = _noted(undecoded, bad, f"{question.name}=" + answers.unread + "; ")
    if faults:
        raise ResponseError(gathered(table.source, faults))
    if told.typed is not None:
        verbatims += [
            _verbatims(typed["key"].str.strip(), str(question), typed["text"])
            for question, typed in told.typed.groupby("question")
        ]
    responses = pd.DataFrame(decoded).assign(
        undecoded=undecoded.str.removesuffix("; ").astype("str"),
        conflicting=conflicts.str.removesuffix("; ").astype("str"),
    )
    return Decoded(responses.reset_index(drop=True), pd.concat(verbatims, ignore_index=True))


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


def _reason(
    question: Question, given: pd.Series, answers: _Answers, asked: pd.Series
) -> pd.Series:
    """Return why an answer is missing, '' where there is one."""
    if isinstance(question, OpenEnded):
        answered = given != ""
    else:  # a multiple choice is answered in all its columns or in none
        answered = next(iter(answers.columns.values())).notna()
    reason = answers.reason.mask((answers.reason == "") & ~answered, "no_answer")
    return reason.mask((reason == "no_answer") & ~asked, "not_asked").astype("str")


def _given(cells: pd.DataFrame, layout: Layout, question: Question) -> tuple[pd.Series, pd.Series]:
    """Return the question's cells, tidied, and for which rows two columns contradict each other.

    Where a multiple choice is delivered both joined and in 0/1 columns, the 0/1 columns count:
    data cleaning edits them and forgets the joined text. Words that only the joined text has and
    no choice explains are kept, for validation to judge.
    """
    agree = pd.Series(False, index=cells.index)
    if question.name in layout.questions:
        column = cells[layout.questions[question.name]]
        if isinstance(question, OpenEnded):  # words stand as they were written
            said = column.str.strip()
            return said.mask(said.isin(EMPTY), "").astype("str"), agree
        joined = _each(column, _tidied)
    else:
        joined = pd.Series("", index=cells.index, dtype="str")
    if not isinstance(question, MultipleChoice) or not layout.splits.get(question.name):
        return joined, agree
    words = {choice.code: normal(choice.exported_as) for choice in question.choices}
    split = {code: h for code, h in layout.splits[question.name].items() if code in words}
    ticks = pd.DataFrame({words[code]: _each(cells[h], _tidied) for code, h in split.items()})
    told = (ticks != "").any(axis=1)
    ticked = pd.Series("", index=cells.index, dtype="str")
    for word in ticks:
        meant = ticks[word].map(TICKED)
        ticked = ticked.mask(meant == 1, ticked + f"{word} ")
        odd = meant.isna() & (ticks[word] != "")  # neither ticked nor not: for validation to judge
        strange = f"{word}=" + _each(ticks[word], lambda text: "".join(text.split())) + " "
        ticked = ticked.mask(odd, ticked + strange)  # alone it might be another choice's word
    rest = _each(joined, lambda text: " ".join(w for w in text.split() if w not in ticks.columns))
    merged = (ticked + rest).str.strip()
    merged = merged.mask(merged == "", NOTHING_TICKED)
    differs = told & (joined != "") & (joined.str.split().map(set) != merged.str.split().map(set))
    return joined.where(~told, merged).astype("str"), differs


def _each(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Apply `change` once to every different text of a column."""
    return cells.map({text: change(text) for text in cells.unique()}).astype("str")


def _tidied(cell: str) -> str:
    """Return text without outer blanks; full-width digits and signs become the usual ones."""
    text = normal(cell)
    return "" if text in EMPTY else text


def _decode_question(question: Question, given: pd.Series) -> _Answers:
    match question:
        case SingleChoice() | Scale():
            return _decode_single(question, given)
        case MultipleChoice():
            return _decode_multiple(question, given)
        case Number():
            return _decode_number(question, given)
        case OpenEnded():
            return _Answers({question.name: given}, _no_reason(given), _no_reason(given))
    assert_never(question)


def _decode_number(question: Number, given: pd.Series) -> _Answers:
    """Return numbers; a missing code that has a name is written by the name, not as its number."""
    number = pd.to_numeric(given.mask(given == ""), errors="coerce").astype("Float64")
    number = number.mask(number.abs() == float("inf"))
    codes = {one.code: one.missing or "" for one in question.missing_codes if not one.name}
    words = {normal(one.name): one.missing or "" for one in question.missing_codes if one.name}
    reason = _each(given, lambda text: words.get(text, ""))
    numbered = number.map(codes).astype("object").fillna("")
    reason = reason.where(reason != "", numbered).astype("str")
    unread = given.where(number.isna() & (reason == ""), "")
    return _Answers({question.name: number.mask(reason != "")}, reason, unread)


def _decode_single(question: SingleChoice | Scale, given: pd.Series) -> _Answers:
    code = given.map(_codes(question)).astype("Int64")
    kinds = missing_codes(question)
    reason = pd.Series([kinds.get(one, "") for one in code], index=code.index, dtype="str")
    return _Answers({question.name: code.mask(reason != "")}, reason, given.where(code.isna(), ""))


def _decode_multiple(question: MultipleChoice, given: pd.Series) -> _Answers:
    codes, kinds = _codes(question), missing_codes(question)
    ticked = {
        text: [word for word in text.split() if word != NOTHING_TICKED] for text in given.unique()
    }
    known = {text: {codes[w] for w in words if w in codes} for text, words in ticked.items()}
    unread = _each(given, lambda text: " ".join(w for w in ticked[text] if w not in codes))
    reason = _each(
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
    return _Answers(columns, reason, unread)


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


def _no_reason(given: pd.Series) -> pd.Series:
    return pd.Series("", index=given.index, dtype="str")


def _verbatims(respondents: pd.Series, question: str, texts: pd.Series) -> pd.DataFrame:
    """Return the texts that say anything, one row each."""
    said = texts != ""
    rows = {"respondent": respondents[said], "source": "survey", "question": question}
    return pd.DataFrame(rows | {"text": texts[said]}).astype("str")


def _wrong_column(
    question: Question, layout: Layout, given: pd.Series, unread: pd.Series
) -> Fault:
    bad = unread[unread != ""]
    shown = "、".join(repr(one) for one in sorted(set(bad))[:4])
    header = layout.questions.get(question.name, question.exported_as)
    expected = (
        "、".join(choice.name or f"{choice.code} {choice.text.zh}" for choice in question.choices)
        if isinstance(question, ChoiceQuestion)
        else "数字 (numbers)"
    )
    return Fault(
        f"列 {header!r} ({question.name})",
        f"{int((given != '').sum())} 格中有 {len(bad)} 格无法识别，如 {shown}；应为 {expected}。",
        "请检查列是否对应，或改正问卷中选项的 name。(wrong column, or choice names differ)",
    )
