"""Join the files of one survey on a key: the first keeps its rows, the others add columns."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

import numpy as np
import pandas as pd

from pipeline.errors import Fault, ResponseError
from pipeline.responses.dictionary import Dictionary
from pipeline.responses.grid import check_size, refused
from pipeline.responses.table import RawTable

NOTHING = frozenset({"", "NA", "NULL"})
BETWEEN = "\x1f"
"""Stands between the parts of a key; no file holds it."""
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A table and the keys of its rows; '' where any part of the key is empty."""

    table: RawTable
    keys: pd.Index

    @property
    def name(self) -> str:
        return self.table.path.name


@dataclass(frozen=True, slots=True)
class _Added:
    """The columns that a later table adds, as they are called in the joined table.

    Attributes
    ----------
    names : header in the later table -> header in the joined table, '' where it is left out
    """

    cells: pd.DataFrame
    names: Mapping[str, str]
    notes: tuple[str, ...]


def joined(tables: Sequence[RawTable], on: str | Sequence[str]) -> RawTable:
    """Return the first table with the columns of the others, row by row of the same key.

    Parameters
    ----------
    on : header or headers of the key in every table. Keys are compared without blanks around
        them, numbers as numbers (``83732`` and ``83732.0`` are one key, ``007`` is no number)

    Returns
    -------
    RawTable with the rows, `raw_row` and path of the first; '' where a row has no counterpart.
        `sha256` is that of all fingerprints in order; `dictionary` has the variables of all,
        and notes that tell how many rows met. A header that both have is kept once if its
        contents are equal, else the later one is called ``header (file name)``.

    Raises
    ------
    ResponseError
        A table has no such key column; a key occurs twice in a later table; no key meets.
    """
    if not tables:
        raise ResponseError("没有文件可以连接。(no file to join)")
    first, *later = tables
    if not later:
        return first
    headers = [on] if isinstance(on, str) else list(on)
    _check_headers(tables, headers)
    keyed = [_Keyed(table, _keys(table, headers)) for table in tables]
    _check_single(keyed[1:], headers)
    check_size(first.path, len(first.cells), sum(table.cells.shape[1] for table in tables))
    result = _with_notes(first)
    for one in keyed[1:]:
        result = _with(result, keyed[0], one, [header.strip() for header in headers])
    together = "\n".join(table.sha256 for table in tables)
    return replace(result, sha256=hashlib.sha256(together.encode()).hexdigest())


def _check_headers(tables: Sequence[RawTable], headers: Sequence[str]) -> None:
    faults = []
    for table in tables:
        stripped = [header.strip() for header in table.headers]
        for wanted in headers:
            times = stripped.count(wanted.strip())
            if times == 0:
                near = get_close_matches(wanted, stripped, n=3, cutoff=0.5) or [
                    header for header in stripped if header.lower() == wanted.strip().lower()
                ]
                found = f"没有列“{wanted}”" + (f"，相近的有 {'、'.join(near)}。" if near else "。")
                faults.append(Fault(table.path.name, found, "请改 --on。(no such key column)"))
            elif times > 1:
                found = f"有 {times} 列叫“{wanted}”。"
                faults.append(
                    Fault(table.path.name, found, "连接用的列只能有一个。(the key column repeats)")
                )
    if faults:
        raise refused(tables[0].path, faults)


def _keys(table: RawTable, headers: Sequence[str]) -> pd.Index:
    stripped = [header.strip() for header in table.headers]
    parts = [table.cells.iloc[:, stripped.index(header.strip())].map(_key) for header in headers]
    keys = [BETWEEN.join(row) if all(row) else "" for row in zip(*parts, strict=True)]
    return pd.Index(keys, dtype="object")


def _key(cell: str) -> str:
    """Return a cell as a key: numbers in one form, '' where it holds nothing."""
    text = cell.strip()
    if text in NOTHING:
        return ""
    if len(text) > 30 or not text.isascii() or text[-1] not in "0123456789.":
        return text
    if text.lstrip("+-").startswith("0") and text.lstrip("+-")[1:2].isdigit():
        return text  # a number with leading zeros is a name
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return format(number.normalize(), "f") if abs(number.adjusted()) < 40 else text


def _check_single(later: Sequence[_Keyed], headers: Sequence[str]) -> None:
    faults = []
    for one in later:
        twice = one.keys[one.keys.duplicated(keep=False) & (one.keys != "")]
        repeated = list(dict.fromkeys(twice))
        if not repeated:
            continue
        examples = "；".join(_where(one, key) for key in repeated[:EXAMPLES])
        faults.append(
            Fault(
                one.name,
                f"{len(repeated)} 个 {'+'.join(headers)} 不止一行：{examples}。",
                "后面的文件每个键只能有一行；若它才是主文件，请把它放在最前。"
                "(a key repeats in a later file; put that file first)",
            )
        )
    if faults:
        raise refused(later[0].table.path, faults)


def _where(one: _Keyed, key: str) -> str:
    rows = one.table.cells.index[one.keys == key][:EXAMPLES]
    return f"第 {'、'.join(map(str, rows))} 行"


def _with(result: RawTable, first: _Keyed, later: _Keyed, headers: Sequence[str]) -> RawTable:
    """Return the joined table so far with the columns of one more."""
    usable = later.keys != ""
    rows = np.flatnonzero(usable)
    places = pd.Index(later.keys[usable]).get_indexer(first.keys)
    met = (places >= 0) & (first.keys != "")
    if not met.any():
        raise ResponseError(
            f"{later.table.path}: {'+'.join(headers)} 一个也没有对上：{first.name} 里样子如 "
            f"{_shapes(first.keys)}，这里样子如 {_shapes(later.keys)}。请检查 --on 和文件。"
            "(no key of the two files meets)"
        )
    source = np.where(met, rows[places] if len(rows) else 0, 0)
    added = _added(result, later, source, met, headers)
    used = len(set(source[met].tolist()))
    notes = (_on_meeting(first, later, met, used), *added.notes)
    cells = pd.concat([result.cells, added.cells], axis=1)
    known = _merged(result.dictionary, later.table, added.names, notes)
    return replace(result, cells=cells, dictionary=known)


def _added(
    result: RawTable, later: _Keyed, source: np.ndarray, met: np.ndarray, headers: Sequence[str]
) -> _Added:
    """Return the columns of a later table in the rows of the first."""
    names: dict[str, str] = {}
    columns, called, equal = [], [], []
    for place, header in enumerate(later.table.headers):
        if header.strip() in headers:
            names[header] = ""
            continue
        taken = later.table.cells.iloc[:, place].to_numpy(dtype=object)[source]
        taken[~met] = ""
        if header and header in result.cells.columns:
            if _is_equal(result.cells[[header]].iloc[:, 0].to_numpy(dtype=object), taken, met):
                names[header] = ""
                equal.append(header)
                continue
            names[header] = f"{header} ({later.name})"
        columns.append(taken)
        called.append(names.setdefault(header, header))
    cells = pd.DataFrame(dict(enumerate(columns)), index=result.cells.index, dtype="str").set_axis(
        pd.Index(called, dtype="str"), axis=1
    )
    renamed = [header for header, name in names.items() if name and name != header]
    notes = []
    if equal:
        notes.append(f"{later.name}: {_listed(equal)} 与前面文件的内容相同，只留一列。")
    if renamed:
        notes.append(
            f"{later.name}: {_listed(renamed)} 与前面文件同名而内容不同，"
            f"列名后加了“({later.name})”。"
        )
    return _Added(cells, names, tuple(notes))


def _is_equal(before: np.ndarray, taken: np.ndarray, met: np.ndarray) -> bool:
    pairs = zip(before[met], taken[met], strict=True)
    return all(one == other or _key(one) == _key(other) for one, other in pairs)


def _on_meeting(first: _Keyed, later: _Keyed, met: np.ndarray, used: int) -> str:
    total = len(later.keys)
    missed = int((~met).sum())
    said = f"{later.name}: {total} 行，其中 {used} 行对上；{first.name} 有 {missed} 行没有对应"
    if left := total - used:
        known = set(first.keys)
        alone = [bool(key) and key not in known for key in later.keys]
        rows = "、".join(str(row) for row in later.table.cells.index[alone][:EXAMPLES])
        example = f"（如第 {rows} 行）" if rows else ""
        said += f"；只在 {later.name} 里的 {left} 行没有读入{example}"
    return said + "。"


def _shapes(keys: pd.Index) -> str:
    """Show what keys look like: a key may be somebody's number, and messages are kept."""
    shown = [_shape(key.replace(BETWEEN, "+")) for key in keys if key][:EXAMPLES]
    return "、".join(shown) or "（都是空的）"


def _shape(key: str) -> str:
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", key))


def _listed(headers: Sequence[str]) -> str:
    more = f"等 {len(headers)} 列" if len(headers) > 5 else ""
    return "、".join(f"“{header}”" for header in headers[:5]) + more


def _with_notes(first: RawTable) -> RawTable:
    """Return the first table, its notes with the file's name before them."""
    known = first.dictionary or Dictionary()
    notes = tuple(f"{first.path.name}: {note}" for note in known.notes)
    return replace(first, dictionary=replace(known, notes=notes))


def _merged(
    before: Dictionary | None, later: RawTable, names: Mapping[str, str], notes: Sequence[str]
) -> Dictionary:
    """Return what both files say of their variables, under the names of the joined table."""
    known = before or Dictionary()
    said = later.dictionary or Dictionary()
    variables = [
        replace(one, name=name) for one in said.variables if (name := names.get(one.name, ""))
    ]
    taken = {one.name for one in known.sets}
    sets = [
        replace(
            one,
            name=f"{one.name} ({later.path.name})" if one.name in taken else one.name,
            variables=tuple(names.get(name, "") or name for name in one.variables),
        )
        for one in said.sets
    ]
    return replace(
        known,
        variables=(*known.variables, *variables),
        sets=(*known.sets, *sets),
        weight=known.weight or names.get(said.weight, ""),
        notes=(*known.notes, *(f"{later.path.name}: {note}" for note in said.notes), *notes),
    )
