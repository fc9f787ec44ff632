"""Read delivered files as their `source.yaml` says, and find the questions in them."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Container, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    MultipleChoice,
    Number,
    Question,
    Ranking,
)
from pipeline.responses.answers import NOTHING_TICKED
from pipeline.responses.cell_words import EMPTY, normal, plain
from pipeline.responses.given import TICKED
from pipeline.responses.layouts import Layout, dispensable
from pipeline.responses.source import SOURCE, Source, Stands
from pipeline.responses.table import RawTable
from pipeline.responses.typed_numbers import typed_numbers

BY_ROW = "(行号)"
"""Header of the column that is made where none tells responses apart."""
NAME = "source"
TYPED = "〖其他〗"
RANKED = "→"


def located(folder: Path, table: RawTable, source: Source, asked: Questionnaire) -> Layout:
    """Find every question of the questionnaire where the source says that it stands.

    Raises
    ------
    ResponseError
        All questions without a place, and all places that the delivered table has not.
    """
    faults = list(_faults(table, source, asked))
    if faults:
        raise ResponseError(gathered(folder / SOURCE, faults))
    fields: dict[str, str] = {name: header for name, header in source.fields.items()}
    questions, splits = {}, {}
    for name, stands in _of(source, asked).items():
        if stands.ticks:
            splits[name] = dict(stands.ticks) | {
                code: _why_header(name, code) for code in stands.missing.values()
            }
        else:
            questions[name] = stands.headers[0]
    return Layout(NAME, source.key or BY_ROW, fields, questions, splits)


def with_key(table: RawTable, source: Source) -> RawTable:
    """Return the table with the columns that the source may name though this delivery lacks them.

    That is one that tells responses apart where the files have none, and empty ones for what is
    split off from other columns only where somebody typed or ranked something.
    """
    cells = table.cells
    added = {
        header: pd.Series("", index=cells.index, dtype="str")
        for stands in source.questions.values()
        for header in stands.headers
        if header not in cells and _was_split_off(header, table.headers)
    }
    if not source.key:
        added[BY_ROW] = pd.Series(cells.index.astype("str"), index=cells.index, dtype="str")
    if not added:
        return table
    return replace(table, cells=pd.concat([cells, pd.DataFrame(added)], axis=1))


def _was_split_off(header: str, headers: list[str]) -> bool:
    """Tell whether tidying makes this column of another one, but only where it has content.

    These are the words typed beside a choice, and the ranks of an option.
    """
    whole = header.removesuffix(TYPED) if header.endswith(TYPED) else header.split(RANKED)[0]
    return whole != header and whole in headers


def told(table: RawTable, source: Source, asked: Questionnaire) -> RawTable:
    """Return the table with every multiple choice as 0/1 columns or as codes between blanks.

    Contents that the source does not know stay as they are, without inner blanks, for validation
    to judge; in “ ” where decoding would take them for a code or a tick.
    """
    made: dict[str, pd.Series] = {}
    for name, stands in _of(source, asked).items():
        made |= _told(table.cells, asked.question(name), stands)
    kept = table.cells.drop(columns=[header for header in made if header in table.cells])
    return replace(table, cells=pd.concat([kept, pd.DataFrame(made)], axis=1))


def _told(cells: pd.DataFrame, question: Question, stands: Stands) -> dict[str, pd.Series]:
    """Return the columns of a question as decoding reads them."""
    if stands.ticks:
        if isinstance(question, Ranking):  # these cells hold places; decoding reads them
            return {_why_header(question.name, code): _nothing(cells)
                    for code in stands.missing.values()}  # fmt: skip
        return _ticks(cells, question.name, stands)
    if stands.slots:
        return {stands.slots[0]: _slots(cells, stands, missing_codes(question))}
    if stands.joined:
        return {stands.joined: _joined(cells[stands.joined], stands)}
    match question:
        case Number() | Calculated():
            return {stands.column: _numbers(cells[stands.column])}
        case ChoiceQuestion():
            return {stands.column: _words(cells[stands.column], question)}
    return {}


def _of(source: Source, asked: Questionnaire) -> dict[str, Stands]:
    """Return where the questions stand that the questionnaire asks, in its order."""
    places = source.questions
    return {q.name: places[q.name] for q in asked.questions if q.name in places}


def _faults(table: RawTable, source: Source, asked: Questionnaire) -> Iterator[Fault]:
    headers, spare = table.headers, dispensable(asked)
    for question in asked.questions:
        stands = source.questions.get(question.name)
        if stands is None and question.name in spare:
            continue
        if stands is None:
            yield Fault(
                f"questions.{question.name}",
                "问卷有这道题，这里没有写它在哪一列。",
                "请补上 column，或从问卷中删去这道题。(no place given; add it)",
            )
            continue
        several = isinstance(question, MultipleChoice | Ranking)
        if several == bool(stands.column):
            yield Fault(
                f"questions.{question.name}",
                f"题型是 {question.type}，与写法不符。",
                "多选题、排序题写 ticks、slots 或 joined，其余写 column。(does not fit the type)",
            )
    named = [
        *((f"questions.{name}", h) for name, s in source.questions.items() for h in s.headers),
        *((f"fields.{name}", header) for name, header in source.fields.items()),
        *(("design", header) for header in source.design.columns),
        *((("key", source.key),) if source.key else ()),
    ]
    for header, times in Counter(h for place, h in named if place.startswith("q")).items():
        if times > 1:
            yield Fault(
                "questions",
                f"列 {header!r} 写了 {times} 次。",
                "一列只能回答一道题。(a column can answer one question)",
            )
    for place, header in named:
        if header not in headers:
            near = get_close_matches(header, headers, n=3, cutoff=0.6)
            hint = f"相近的列有 {'、'.join(near)}。" if near else ""
            yield Fault(
                place,
                f"{table.source} 没有列 {header!r}。{hint}",
                "请核对是否为这一轮的文件，或改正列名。(no such column)",
            )


def _nothing(cells: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=cells.index, dtype="str")


def _why_header(question: str, code: int) -> str:
    return f"({question}: {code})"


def _ticks(cells: pd.DataFrame, question: str, stands: Stands) -> dict[str, pd.Series]:
    """Return 0/1 columns of the choices, and one of each reason of having no answer.

    A reason counts only where nothing is ticked: of a shown question single options may be hidden.
    """
    reasons = {plain(cell): code for cell, code in stands.missing.items()}
    shown = {header: cells[header].map(plain) for header in stands.ticks.values()}
    made = {
        header: _tick(column.mask(column.isin(reasons), "").astype("str"), stands)
        for header, column in shown.items()
    }
    chosen = (pd.DataFrame(made) == "1").any(axis=1)
    said = pd.DataFrame({header: column.map(reasons) for header, column in shown.items()})
    for code in dict.fromkeys(reasons.values()):
        why = (said == code).any(axis=1) & ~chosen
        made[_why_header(question, code)] = why.map({True: "1", False: ""}).astype("str")
    return made


def _tick(column: pd.Series, stands: Stands) -> pd.Series:
    """Return 1, 0 or '' for each cell of a choice's column; what is neither stays."""
    ticked = {plain(one) for one in stands.ticked}
    unticked = {plain(one) for one in stands.unticked}

    def said(cell: str) -> str:
        if cell in ticked:
            return "1"
        if cell in unticked:
            return "0"
        if cell in EMPTY:
            return ""
        return _apart(cell, TICKED) if ticked else "1"

    return column.map({cell: said(cell) for cell in column.unique()}).astype("str")


def _words(column: pd.Series, question: ChoiceQuestion) -> pd.Series:
    """Return cells as choices are called; 1.0 is the choice called 1.

    Figures that call no choice are marked, lest they be read as the code of one with a name.
    """
    names = {normal(choice.exported_as) for choice in question.choices}
    wholes = {plain(name): name for name in names}
    codes = {str(choice.code) for choice in question.choices} - names

    def said(cell: str) -> str:
        if normal(cell) in names:
            return cell
        name = wholes.get(plain(cell), "")
        return name or (_apart(cell, codes) if normal(cell) in codes else cell)

    return column.map({cell: said(cell) for cell in column.unique()}).astype("str")


def _apart(cell: str, meanings: Container[str]) -> str:
    """Return unknown content without inner blanks; in “ ” if it would be read as known."""
    word = "".join(normal(cell).split())
    known = word in meanings or word in EMPTY or word == NOTHING_TICKED
    return f"“{word}”" if known else word


def _numbers(column: pd.Series) -> pd.Series:
    """Return numbers as people type them as plain ones; what is none stays for validation."""
    filled = ~column.map(normal).isin(EMPTY)
    if pd.to_numeric(column[filled].map(normal), errors="coerce").notna().all():
        return column
    read = typed_numbers(column)
    plain = read.map(lambda number: "" if pd.isna(number) else repr(float(number)))
    return column.where(read.isna(), plain).astype("str")


def _slots(cells: pd.DataFrame, stands: Stands, reasons: Collection[int]) -> pd.Series:
    """Return the codes of all slots; a later slot's “none besides” takes no answer away."""
    whole, *others = [_joined(cells[header], stands) for header in stands.slots]
    for more in others:
        whole = (whole + " " + more).str.strip()
    why = {str(code) for code in reasons}
    shown = {one: [word for word in one.split() if word not in why] for one in whole.unique()}
    return whole.map({o: " ".join(left) if left else o for o, left in shown.items()}).astype("str")


def _joined(column: pd.Series, stands: Stands) -> pd.Series:
    """Return the codes of the options in each cell, between blanks; unknown parts stay.

    An option may hold the separator: of several readings the one with the longest options counts.
    """
    codes = {_parts(cell, stands.separator): code for cell, code in stands.values.items()}
    longest = max(map(len, codes), default=1)
    figures = {str(code) for code in codes.values()}

    def said(cell: str) -> str:
        left = () if normal(cell) in EMPTY else _parts(cell, stands.separator)
        words = []
        while left:
            length = next((n for n in range(longest, 0, -1) if left[:n] in codes), 0)
            words.append(str(codes[left[:length]]) if length else _apart(left[0], figures))
            left = left[length or 1 :]
        return " ".join(words)

    return column.map({cell: said(cell) for cell in column.unique()}).astype("str")


def _parts(cell: str, separator: str) -> tuple[str, ...]:
    between = unicodedata.normalize("NFKC", separator)
    between = between.strip() or between  # a line break stays one: options have blanks
    parts = unicodedata.normalize("NFKC", cell).split(between) if between else [normal(cell)]
    return tuple(plain(part) for part in parts if part.strip())
