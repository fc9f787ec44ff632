"""A labelled statistical file, as the library gives it, becomes a table with its dictionary.

The cells keep the file's own codes: declared missing ones too, extended missing values of Stata
and SAS as ``.a``, numbers so that none loses a digit, dates and times as ISO texts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.responses.dictionary import (
    Dictionary,
    Kind,
    Measure,
    MissingRange,
    ResponseSet,
    Variable,
)
from pipeline.responses.grid import check_size, content_of, sha256
from pipeline.responses.moments import Clock, Months, moment
from pipeline.responses.readstat import Delivered, Value
from pipeline.responses.table import RawTable, exact_text

ClockOf = Callable[[str], Clock | Months | None]
"""From a display format to how it counts; None for a plain number."""

MEASURES: Mapping[str, Measure] = {"nominal": "nominal", "ordinal": "ordinal", "scale": "scale"}
BEYOND = 1.7976931348623155e308
"""SPSS writes LO and HI as the lowest and highest double."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Column:
    """How one variable's values are written."""

    is_text: bool
    clock: Clock | Months | None

    def cell(self, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value if self.is_text else f".{value}"
        if self.clock is not None and value == value:
            text = moment(value, self.clock)
            return exact_text(value) if text is None else text
        return exact_text(value)

    def limit(self, value: Value) -> str:
        """Write one end of a missing range."""
        if isinstance(value, (int, float)) and abs(value) >= BEYOND:
            return "-inf" if value < 0 else "inf"
        return self.cell(value)

    def kind(self, cells: Sequence[str]) -> Kind:
        """Tell the kind; a date that holds times of day is a moment."""
        if self.is_text:
            return "text"
        if self.clock is None:
            return "number"
        if isinstance(self.clock, Months):
            return "date"
        if self.clock.kind == "date" and any(" " in cell for cell in cells):
            return "datetime"
        return self.clock.kind


def table_of(
    path: Path,
    delivered: Delivered,
    clock_of: ClockOf,
    notes: Sequence[str] = (),
    weight: str = "",
) -> RawTable:
    """Return the table of a file, its cases numbered from 1.

    Parameters
    ----------
    clock_of : what a display format means
    notes : on the reading, before those that the conversion adds
    weight : the variable that the file declares as its weight
    """
    check_size(path, delivered.rows, len(delivered.columns))
    texts: dict[str, list[str]] = {}
    variables: list[Variable] = []
    said = list(notes)
    for name, values in delivered.columns.items():
        column = _Column(delivered.is_text(name), clock_of(delivered.formats.get(name, "")))
        written = {value: column.cell(value) for value in dict.fromkeys(values)}
        cells = [written[value] for value in values]
        texts[name] = cells
        variables.append(_variable(name, column, cells, delivered))
        said += _no_moments(name, column, values)
    frame = pd.DataFrame(texts, columns=pd.Index(list(texts), dtype="str"), dtype="str")
    frame.index = pd.RangeIndex(1, delivered.rows + 1, name="raw_row")
    sets = tuple(_sets(delivered, said))
    dictionary = Dictionary(
        tuple(variables), sets, delivered.encoding, tuple(said), delivered.title, weight
    )
    fingerprint = sha256(content_of(path))
    return RawTable(path, fingerprint, frame, dictionary=dictionary)


def _variable(name: str, column: _Column, cells: Sequence[str], delivered: Delivered) -> Variable:
    values = delivered.values.get(name, {})
    letters = {f".{letter}" for letter in delivered.letters.get(name, ())}
    if not column.is_text:  # a letter that has a label is missing, also where it does not occur
        letters |= {column.cell(code) for code in values if isinstance(code, str)}
    declared = [
        MissingRange(column.limit(low), column.limit(high))
        for low, high in delivered.missing.get(name, ())
    ]
    return Variable(
        name,
        label=delivered.labels.get(name, ""),
        kind=column.kind(cells),
        values={column.cell(code): label for code, label in values.items()},
        missing=(*declared, *(MissingRange(letter, letter) for letter in sorted(letters))),
        measure=MEASURES.get(delivered.measures.get(name, ""), "unknown"),
        format=delivered.formats.get(name, ""),
    )


def _no_moments(name: str, column: _Column, values: Sequence[Value]) -> Iterator[str]:
    """Yield a note if numbers of a date variable are no dates."""
    if (clock := column.clock) is None:
        return
    wrong = [
        exact_text(value)
        for value in values
        if isinstance(value, (int, float)) and value == value and moment(value, clock) is None
    ]
    if wrong:
        shown = "、".join(list(dict.fromkeys(wrong))[:SHOWN])
        yield f"变量 {name} 的格式是日期或时间，有 {len(wrong)} 格不是（如 {shown}），原样保留。"


def _sets(delivered: Delivered, said: list[str]) -> Iterator[ResponseSet]:
    """Yield the multiple-response sets; one whose variables are not all there adds a note."""
    for name, about in delivered.sets.items():
        members = tuple(about["variable_list"])
        absent = [one for one in members if one not in delivered.columns]
        if absent or not members:
            said.append(f"多选集 {name} 里的变量 {'、'.join(absent)} 不在文件中，没有采用这个集。")
            continue
        counted = about["counted_value"] if about["is_dichotomy"] else None
        if isinstance(counted, (int, float)):
            counted = exact_text(counted)
        yield ResponseSet(name, about["label"] or "", members, counted)
