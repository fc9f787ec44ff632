"""Read an SPSS syntax file (.sps) that describes data: columns, labels, missing codes, sets.

Understood: DATA LIST (fixed columns), GET DATA /VARIABLES, RENAME VARIABLES, VARIABLE LABELS,
VALUE LABELS, ADD VALUE LABELS, MISSING VALUES, VARIABLE LEVEL, WEIGHT BY. What would change the
data (RECODE, COMPUTE, SELECT IF and so on) is not carried out, and a note says so.
Source: IBM SPSS Statistics Command Syntax Reference.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.encodings import settled
from pipeline.responses.fixed_width import cut
from pipeline.responses.grid import content_of, sha256
from pipeline.responses.spss_described import Reading, take
from pipeline.responses.spss_layout import Place, Unplaced
from pipeline.responses.spss_tokens import commands
from pipeline.responses.table import RawTable

SYNTAX = ".sps"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a syntax file says of data that lie elsewhere.

    Attributes
    ----------
    dictionary : the variables that it lists or labels, those of DATA LIST first, in its order
    columns : where in a line each variable stands; () unless the data have fixed columns
    records : lines per case
    """

    path: Path
    dictionary: Dictionary
    columns: tuple[Place, ...] = ()
    records: int = 1


def read_syntax(path: Path) -> Syntax:
    """Read what a .sps says of the variables.

    Raises
    ------
    ResponseError
        If it is no text, a quotation mark is not closed, a command that describes the data cannot
        be understood (every one is told), or nothing in it describes data.
    """
    content = content_of(path)
    text = settled(path, content)
    reading = Reading(notes=[f"语法文件 {path.name} {text.reason}"] if text.reason else [])
    faults: list[Fault] = []
    for command in commands(path, text.text):
        try:
            take(reading, command)
        except Unplaced as fault:
            where = f"第 {fault.line or command.line} 行 (line {fault.line or command.line})"
            faults.append(Fault(where, str(fault), "请改正或删去这条命令。(not understood)"))
    if faults:
        raise ResponseError(gathered(path, faults))
    if not reading.variables:
        raise ResponseError(
            f"{path}: 没有找到描述数据的命令（DATA LIST、VARIABLE LABELS、VALUE LABELS、"
            "MISSING VALUES）。请核对是否为 SPSS 语法文件。(no command that describes data)"
        )
    return Syntax(path, reading.dictionary(text.encoding), tuple(reading.places), reading.records)


def with_labels_of(table: RawTable, syntax: Syntax) -> RawTable:
    """Return the table with what the syntax says of its columns; the cells stay as they are.

    SPSS takes names in capitals and small letters for the same. Where both speak of a variable,
    the syntax has the last word.
    """
    said = {one.name.casefold(): one for one in syntax.dictionary.variables}
    own = table.dictionary or Dictionary()
    known = {one.name: one for one in own.variables}
    variables, used = [], set()
    for header in table.headers:
        before = known.get(header, Variable(header))
        if (new := said.get(header.casefold())) is None:
            variables.append(before)
            continue
        used.add(header.casefold())
        variables.append(_over(before, new))
    absent = [one.name for key, one in said.items() if key not in used]
    notes = [*own.notes, *syntax.dictionary.notes]
    if absent:
        shown = "、".join(absent[:SHOWN]) + ("……" if len(absent) > SHOWN else "")
        notes.append(f"{syntax.path.name} 说到的 {len(absent)} 个变量不在数据中：{shown}。")
    made = replace(
        own, variables=tuple(variables), notes=tuple(notes),
        sets=own.sets or syntax.dictionary.sets, weight=own.weight or syntax.dictionary.weight,
    )  # fmt: skip
    return replace(table, dictionary=made)


def _over(before: Variable, new: Variable) -> Variable:
    return replace(
        before,
        label=new.label or before.label,
        values=new.values or before.values,
        missing=new.missing or before.missing,
        measure=new.measure if new.measure != "unknown" else before.measure,
    )


def read_with_syntax_beside(path: Path) -> RawTable:
    """Read a .dat by the .sps of the same name beside it, or the only .sps there.

    Raises
    ------
    ResponseError
        If there is no such syntax; or as `read_syntax` and `read_fixed_width`.
    """
    beside = sorted(one for one in path.parent.iterdir() if one.suffix.lower() == SYNTAX)
    same = [one for one in beside if one.stem.casefold() == path.stem.casefold()]
    found = same or beside
    if len(found) != 1:
        names = "、".join(one.name for one in found)
        there = f"有 {len(found)} 个（{names}）" if found else "没有"
        raise ResponseError(
            f"{path}: 固定列的数据要有说明列位置的 SPSS 语法（{path.stem}{SYNTAX}），"
            f"同一文件夹里{there}。请把语法文件放在旁边，或改交 .sav、.csv。"
            "(put the .sps that tells the columns beside it)"
        )
    return read_fixed_width(path, read_syntax(found[0]))


def read_fixed_width(path: Path, syntax: Syntax) -> RawTable:
    """Read the cases of a file in fixed columns; a row's number is the first line of its case.

    Blank numbers are ''. What is no number in a variable of numbers stays as it stands, and a note
    says so.

    Raises
    ------
    ResponseError
        If the syntax tells no columns, the file is empty, or its last case is cut off.
    """
    if not syntax.columns:
        raise ResponseError(
            f"{syntax.path}: 语法里没有 DATA LIST 的列位置，读不了 {path.name}。"
            "(the syntax tells no columns)"
        )
    content = content_of(path)
    found = cut(path, content, syntax.columns, syntax.records)
    columns = found.columns
    cells = pd.DataFrame(columns, columns=pd.Index(list(columns), dtype="str"), dtype="str")
    starts = range(1, found.lines + 1, syntax.records)
    cells.index = pd.Index(list(starts), dtype="int64", name="raw_row")
    told = syntax.dictionary
    dictionary = replace(
        told,
        variables=tuple(told.variable(name) for name in columns),
        notes=(*told.notes, *found.notes),
        encoding=found.encoding,
    )
    return RawTable(path, sha256(content), cells, dictionary=dictionary)
