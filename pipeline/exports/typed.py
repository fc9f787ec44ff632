"""What each column of a table can be in a statistical file: numbers, moments or texts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.exports.clocks import Clock, number_of
from pipeline.exports.limits import Report, quoted
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.dictionary import Dictionary, Kind, Variable
from pipeline.responses.table import RawTable, exact_text

SHOWN = 3
"""How many rows a note names."""
LETTER = re.compile(r"\.[A-Za-z_]", re.ASCII)
"""An extended missing value of Stata or SAS."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One column, and what of it is a number.

    Attributes
    ----------
    variable : as the table's dictionary has it
    cells : texts, '' where empty
    kind : what the column is in the file; "text" where a cell is not of the variable's kind
    numbers : cell, labelled code or missing code -> the number that stands for it
    specials : declared missing contents that are no numbers (``.a``, ``(跳过)``) among numbers
    """

    variable: Variable
    cells: pd.Series
    kind: Kind
    numbers: Mapping[str, float]
    specials: tuple[str, ...] = ()

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """What the variable declares as missing, as pairs of numbers; each pair once."""
        found = [
            (self._end(one.low), self._end(one.high))
            for one in self.variable.missing
            if one.low not in self.specials
        ]
        return tuple(dict.fromkeys((a, b) for a, b in found if a is not None and b is not None))

    def _end(self, text: str) -> float | None:
        if text in ("-inf", "inf"):
            return float(text)
        return self.numbers.get(text)

    @property
    def substance(self) -> frozenset[float]:
        """The numbers in cells and labels that are not declared as missing."""
        spans = self.spans
        return frozenset(
            number
            for text, number in self.numbers.items()
            if not any(low <= number <= high for low, high in spans)
        )


def described(table: RawTable, report: Report) -> list[tuple[Variable, pd.Series]]:
    """Return for each column what is known of it, and its cells, in their order.

    A column of which the dictionary knows nothing is a number where that loses no character, apart
    from NA and NULL, which become empty cells.
    """
    known = table.dictionary or Dictionary()
    given = list(known.variables)
    headers = table.headers
    by_name = {one.name: one for one in given}
    if [one.name for one in given] != headers:  # a csv, or a table whose columns were changed
        given = [by_name.get(header, Variable(header, kind="text")) for header in headers]
    unknown = {place for place, header in enumerate(headers) if header not in by_name}
    columns = [(one, table.cells.iloc[:, place]) for place, one in enumerate(given)]
    if unknown:
        guessed = [_guessed(*pair) if at in unknown else pair for at, pair in enumerate(columns)]
        numeric = sum(guessed[place][0].kind == "number" for place in unknown)
        report.notes.append(
            f"{len(unknown)} 列没有变量说明：内容全是数字的 {numeric} 列写成数值"
            "（NA、NULL 写成空格），其余写成文本，没有标签。"
        )
        return guessed
    return columns


def _guessed(variable: Variable, cells: pd.Series) -> tuple[Variable, pd.Series]:
    filled = [cell for cell in cells.unique() if normal(cell) not in EMPTY]
    numbers = ((cell, number_of(cell)) for cell in filled)
    if not filled or not all(n is not None and exact_text(n) == cell for cell, n in numbers):
        return variable, cells
    return replace(variable, kind="number"), cells.where(cells.isin(filled), "")


def typed(
    variable: Variable, cells: pd.Series, clock: Clock, *, native: bool, report: Report
) -> Typed:
    """Tell what a column can be.

    `native` says that the variable has a display format of the program that is written for: a
    cell of a date variable that is a plain number is then that program's own.
    """
    if variable.kind == "time" and not clock.has_times:
        report.say_of(variable.name, "这种文件没有时刻类型，按文本写。")
        return Typed(variable, cells, "text", {})
    if variable.kind == "text":
        return Typed(variable, cells, "text", {})
    contents = [str(cell) for cell in cells.unique() if cell]

    def number(text: str) -> float | None:
        found = clock.number(text, variable.kind)
        return number_of(text) if found is None and native else found

    specials = _specials(variable, number)
    codes = [*variable.values, *(end for one in variable.missing for end in (one.low, one.high))]
    numbers = {text: found for text in [*contents, *codes] if (found := number(text)) is not None}
    if wrong := [cell for cell in contents if cell not in numbers and cell not in specials]:
        report.notes.append(_as_text(variable, cells, wrong))
        return Typed(variable, cells, "text", {})
    if lost := [code for code in variable.values if code not in numbers and code not in specials]:
        report.notes.append(
            f"变量 {variable.name} 是数值，代码 {quoted(lost)} 的标签没有写入，只记在编码本里。"
        )
    return Typed(variable, cells, variable.kind, numbers, specials)


def _specials(variable: Variable, number: Callable[[str], float | None]) -> tuple[str, ...]:
    declared = [one.low for one in variable.missing if one.low == one.high]
    letters = [code for code in variable.values if LETTER.fullmatch(code)]
    found = [text for text in [*declared, *letters] if text and number(text) is None]
    return tuple(text for text in dict.fromkeys(found) if text not in ("inf", "-inf"))


def _as_text(variable: Variable, cells: pd.Series, wrong: Sequence[str]) -> str:
    kinds: Mapping[Kind, str] = {
        "number": "数值", "date": "日期", "datetime": "日期时间", "time": "时间", "text": "文本",
    }  # fmt: skip
    rows = cells.index[cells.isin(wrong)]
    return (
        f"变量 {variable.name} 应是{kinds[variable.kind]}，{len(rows)} 格不能这样写（第 "
        f"{'、'.join(str(row) for row in rows[:SHOWN])} 行，如 {quoted(wrong)}），整列按文本写。"
    )
