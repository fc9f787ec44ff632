"""Read delivered files as their `source.yaml` says, and find the questions in them."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.model import MultipleChoice, Number, Questionnaire
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.layouts import Layout
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
    questions, splits = {}, {}
    for name, stands in _of(source, asked).items():
        if stands.ticks:
            splits[name] = dict(stands.ticks) | {
                code: _why_header(name, code) for code in stands.missing.values()
            }
        else:
            questions[name] = stands.headers[0]
    return Layout(NAME, source.key or BY_ROW, dict(source.fields), questions, splits)


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
    to judge.
    """
    cells = table.cells.copy()
    numeric = {question.name for question in asked.questions if isinstance(question, Number)}
    for name, stands in _of(source, asked).items():
        if name in numeric:
            cells[stands.column] = _numbers(cells[stands.column])
        elif stands.ticks:
            _say_why(cells, name, stands)
            for header in stands.ticks.values():
                cells[header] = _ticks(cells[header], stands)
        elif stands.slots:
            cells[stands.slots[0]] = _slots(cells, stands)
        elif stands.joined:
            cells[stands.joined] = _joined(cells[stands.joined], stands)
    return replace(table, cells=cells)


def with_design(responses: pd.DataFrame, table: RawTable, design: DeclaredDesign) -> pd.DataFrame:
    """Add what the design reads to the decoded responses.

    Returns
    -------
    DataFrame
        With ``design_weight``, ``design_stratum``, ``design_cluster_1`` … and ``design_fpc_1`` …,
        of those that the design names. A response whose weight, stratum or cluster cannot be read
        says so in ``undecoded``: nothing can be estimated with it.
    """
    cells = table.cells.loc[responses["raw_row"]].reset_index(drop=True)
    made: dict[str, pd.Series] = {}
    notes = pd.Series("", index=responses.index, dtype="str")
    for column, headers in _design_columns(design):
        texts = cells[list(headers)].apply(lambda one: one.map(normal))
        empty = texts.isin(EMPTY).any(axis=1)
        values = texts.agg("|".join, axis=1).astype("str")
        if column.startswith(("design_weight", "design_fpc")):
            number = pd.to_numeric(values.mask(empty), errors="coerce").astype("Float64")
            empty = (number.isna() | (number < 0)).astype(bool)
            made[column] = number
        else:
            made[column] = values
        bad = values.map(lambda text, of=headers: f"{'|'.join(of)}={text}; ")
        notes = notes.mask(empty, notes + bad)
    undecoded = responses["undecoded"].where(
        notes == "", (responses["undecoded"] + "; " + notes).str.strip("; ")
    )
    return responses.assign(undecoded=undecoded.astype("str"), **made)


def _design_columns(design: DeclaredDesign) -> Iterator[tuple[str, tuple[str, ...]]]:
    if design.weight:
        yield "design_weight", (design.weight,)
    if design.strata:
        yield "design_stratum", design.strata
    for stage, header in enumerate(design.clusters, start=1):
        yield f"design_cluster_{stage}", (header,)
    for stage, header in enumerate(design.fpc, start=1):
        yield f"design_fpc_{stage}", (header,)


def _of(source: Source, asked: Questionnaire) -> dict[str, Stands]:
    """Return where the questions stand that the questionnaire asks, in its order."""
    places = source.questions
    return {q.name: places[q.name] for q in asked.questions if q.name in places}


def _faults(table: RawTable, source: Source, asked: Questionnaire) -> Iterator[Fault]:
    headers = table.headers
    for question in asked.questions:
        stands = source.questions.get(question.name)
        if stands is None:
            yield Fault(
                f"questions.{question.name}",
                "问卷有这道题，这里没有写它在哪一列。",
                "请补上 column，或从问卷中删去这道题。(no place given; add it)",
            )
            continue
        if isinstance(question, MultipleChoice) == bool(stands.column):
            yield Fault(
                f"questions.{question.name}",
                f"题型是 {question.type}，与写法不符。",
                "多选题写 ticks、slots 或 joined，其余写 column。(does not fit the type)",
            )
    named = [
        *((f"questions.{name}", h) for name, s in source.questions.items() for h in s.headers),
        *((f"fields.{name}", header) for name, header in source.fields.items()),
        *(("design", header) for header in source.design.columns),
        *((("key", source.key),) if source.key else ()),
    ]
    for place, header in named:
        if header not in headers:
            near = get_close_matches(header, headers, n=3, cutoff=0.6)
            hint = f"相近的列有 {'、'.join(near)}。" if near else ""
            yield Fault(
                place,
                f"{table.source} 没有列 {header!r}。{hint}",
                "请核对是否为这一轮的文件，或改正列名。(no such column)",
            )


def _why_header(question: str, code: int) -> str:
    return f"({question}: {code})"


def _say_why(cells: pd.DataFrame, question: str, stands: Stands) -> None:
    """Add a 0/1 column for each reason of having no answer; take the reasons out of the others."""
    headers = list(stands.ticks.values())
    for cell, code in stands.missing.items():
        says = cells[headers].apply(lambda one, of=cell: one.map(normal) == normal(of))
        why = says.any(axis=1).map({True: "1", False: ""}).astype("str")
        column = _why_header(question, code)
        cells[column] = why if column not in cells else cells[column].where(why == "", why)
        for header in headers:
            cells[header] = cells[header].mask(says[header], "").astype("str")


def _ticks(column: pd.Series, stands: Stands) -> pd.Series:
    """Return 1, 0 or '' for each cell of a choice's column; what is neither stays."""
    ticked = {normal(one) for one in stands.ticked}
    unticked = {normal(one) for one in stands.unticked}

    def said(cell: str) -> str:
        shown = normal(cell)
        if shown in ticked:
            return "1"
        if shown in unticked:
            return "0"
        if shown in EMPTY:
            return ""
        return shown if ticked else "1"

    return column.map({cell: said(cell) for cell in column.unique()}).astype("str")


def _numbers(column: pd.Series) -> pd.Series:
    """Return numbers as people type them as plain ones; what is none stays for validation."""
    filled = ~column.map(normal).isin(EMPTY)
    if pd.to_numeric(column[filled].map(normal), errors="coerce").notna().all():
        return column
    read = typed_numbers(column)
    plain = read.map(lambda number: "" if pd.isna(number) else repr(float(number)))
    return column.where(read.isna(), plain).astype("str")


def _slots(cells: pd.DataFrame, stands: Stands) -> pd.Series:
    words = [_joined(cells[header], stands) for header in stands.slots]
    whole = words[0]
    for more in words[1:]:
        whole = (whole + " " + more).str.strip()
    return whole.astype("str")


def _joined(column: pd.Series, stands: Stands) -> pd.Series:
    codes = {normal(cell): str(code) for cell, code in stands.values.items()}

    def said(cell: str) -> str:
        whole = normal(cell)
        if whole in EMPTY:
            return ""
        if whole in codes:
            return codes[whole]
        parts = whole.split(normal(stands.separator) or None) if stands.separator else [whole]
        return " ".join(codes.get(p.strip(), "".join(p.split())) for p in parts if p.strip())

    return column.map({cell: said(cell) for cell in column.unique()}).astype("str")
