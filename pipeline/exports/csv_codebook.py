"""The codebook beside a saved file: everything known of its variables, as a csv.

One variable after the other: a row for itself (`kind` filled), then a row for each code that has a
label or is declared missing. `missing` is the declaration that covers the code: a code, or
``low thru high``; a text in single quotes stands for itself. `written_as` is what the file has
instead of a name or a code that its format cannot hold. Multiple-response sets follow, kind
``ticks`` (`code`: the value that counts) or ``slots``, with a row for each of their variables.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.exports.columns import Column
from pipeline.exports.limits import quoted
from pipeline.responses.dictionary import (
    Dictionary,
    Kind,
    Measure,
    MissingRange,
    ResponseSet,
    Variable,
)

SUFFIX = ".codebook.csv"
THRU = " thru "
TICKS, SLOTS, WEIGHT, TITLE = "ticks", "slots", "weight", "title"
KINDS, MEASURES = get_args(Kind), get_args(Measure)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a codebook."""

    variable: str = ""
    written_as: str = ""
    label: str = ""
    kind: str = ""
    measure: str = ""
    format: str = ""
    code: str = ""
    code_label: str = ""
    missing: str = ""
    identifier: str = ""


HEADER = [field.name for field in fields(Line)]


@dataclass(frozen=True, slots=True)
class Book:
    """A codebook as read: the dictionary, and per variable how the file writes it.

    Attributes
    ----------
    names : of the variables in the file
    codes : per variable, what the file shows -> the code that it stands for
    """

    dictionary: Dictionary
    names: tuple[str, ...]
    codes: tuple[dict[str, str], ...]


def beside(path: Path) -> Path:
    """Return where the codebook of a saved file lies."""
    return path.with_name(path.name + SUFFIX)


def write_codebook_of(about: Dictionary, columns: Sequence[Column], path: Path) -> None:
    """Write what is known of the variables, and how `columns` write it in the file."""
    lines = [Line(kind=TITLE, label=about.title)] if about.title else []
    for column in columns:
        lines += _of_variable(column)
    for one in about.sets:
        kind = SLOTS if one.counted is None else TICKS
        lines.append(Line(one.name, label=one.label, kind=kind, code=one.counted or ""))
        lines += [Line(one.name, code=_text(name)) for name in one.variables]
    if about.weight:
        lines.append(Line(about.weight, kind=WEIGHT))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([getattr(line, name) for name in HEADER] for line in lines)


def _of_variable(column: Column) -> Iterator[Line]:
    of = column.variable
    yield Line(
        of.name,
        column.name if column.name != of.name else "",
        of.label,
        of.kind,
        of.measure,
        of.format,
        identifier=of.identifier,
    )
    told: set[MissingRange] = set()
    for code, label in of.values.items():
        covering = next((one for one in of.missing if _covers(one, code)), None)
        told |= {covering} if covering else set()
        yield Line(
            of.name,
            column.recoded.get(code, ""),
            code=_text(code),
            code_label=_text(label),
            missing=_declared(covering) if covering else "",
        )
    single = [one.low for one in of.missing if one.low == one.high]
    rest = dict.fromkeys([*column.recoded, *single])
    for code in rest:
        if code in of.values:
            continue
        covering = next((one for one in of.missing if _covers(one, code)), None)
        told |= {covering} if covering else set()
        missing = _declared(covering) if covering else ""
        yield Line(of.name, column.recoded.get(code, ""), code=_text(code), missing=missing)
    for one in of.missing:
        if one not in told:
            yield Line(of.name, missing=_declared(one))


def _covers(one: MissingRange, code: str) -> bool:
    return one.holds(code) or (one.low == one.high == code)


def _text(text: str) -> str:
    """Return a text so that an empty one can be told from none, and a code from a range."""
    return f"'{text}'" if not text or text.startswith("'") or THRU in text else text


def _plain(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def _declared(one: MissingRange) -> str:
    return _text(one.low) if one.low == one.high else f"{one.low}{THRU}{one.high}"


def read_book(path: Path) -> Book:
    """Read a codebook that was written beside a saved file.

    Raises
    ------
    ResponseError
        If it is no such codebook; all faults together.
    """
    lines = list(_lines(path))
    faults: list[Fault] = []
    variables: list[Variable] = []
    names: list[str] = []
    codes: list[dict[str, str]] = []
    sets: list[ResponseSet] = []
    title = weight = ""
    for place, group in _grouped(lines):
        first, rest = group[0], group[1:]
        if first.kind in KINDS:
            variables.append(_variable(first, rest, place, faults))
            names.append(first.written_as or first.variable)
            codes.append({x.written_as: _plain(x.code) for x in rest if x.written_as})
        elif first.kind in (TICKS, SLOTS):
            members = tuple(_plain(one.code) for one in rest)
            counted = first.code if first.kind == TICKS else None
            sets.append(ResponseSet(first.variable, first.label, members, counted))
        elif first.kind == TITLE:
            title = first.label
        elif first.kind == WEIGHT:
            weight = first.variable
        else:
            faults.append(_fault(place, f"kind {first.kind!r} 没有这种类型。"))
    if faults:
        raise ResponseError(gathered(path, faults))
    about = Dictionary(tuple(variables), tuple(sets), title=title, weight=weight)
    return Book(about, tuple(names), tuple(codes))


def _lines(path: Path) -> Iterator[Line]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ResponseError(
            f"{path}: 编码本读不出（{fault}）。请用 UTF-8 保存，或重新生成。(no readable codebook)"
        ) from None
    if not rows or rows[0] != HEADER:
        raise ResponseError(
            f"{path}: 编码本的表头应是 {','.join(HEADER)}。请重新生成，或移走这个文件。"
            "(not the header of a codebook; save again, or move the file away)"
        )
    wrong = [place for place, row in enumerate(rows, start=1) if len(row) != len(HEADER)]
    if wrong:
        raise ResponseError(
            f"{path}: 第 {quoted([str(place) for place in wrong])} 行不是 {len(HEADER)} 格。"
            "请重新生成。(rows of another length)"
        )
    for row in rows[1:]:
        yield Line(*row)


def _grouped(lines: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    """Yield the rows of each variable and set with the number of the first, header = 1."""
    group: list[Line] = []
    start = 2
    for place, line in enumerate(lines, start=2):
        if line.kind and group:
            yield start, group
            group = []
        if not group:
            start = place
        group.append(line)
    if group:
        yield start, group


def _variable(first: Line, rest: Sequence[Line], place: int, faults: list[Fault]) -> Variable:
    if first.measure not in MEASURES:
        faults.append(_fault(place, f"measure {first.measure!r} 没有这种测量尺度。"))
        return Variable(first.variable)
    values = {_plain(one.code): _plain(one.code_label) for one in rest if one.code_label}
    declared = dict.fromkeys(one.missing for one in rest if one.missing)
    return Variable(
        first.variable,
        first.label,
        first.kind,  # type: ignore[arg-type]  # the caller has looked
        values,
        tuple(_range(text) for text in declared),
        first.measure,  # type: ignore[arg-type]
        first.format,
        first.identifier,
    )


def _range(text: str) -> MissingRange:
    low, thru, high = text.partition(THRU)
    if thru and not text.startswith("'"):
        return MissingRange(low, high)
    return MissingRange(_plain(text), _plain(text))


def _fault(place: int, found: str) -> Fault:
    return Fault(f"第 {place} 行 (line {place})", found, "请重新生成。(save again)")
