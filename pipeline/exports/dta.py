"""Write Stata .dta files of format 118 (Stata 14 and later, UTF-8).

What a table declares as missing becomes an extended missing value (``.a``), so that Stata leaves
it out of every calculation; the codebook beside the file says which code a letter stands for.
"""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.exports.clocks import STATA_CLOCK
from pipeline.exports.columns import (
    Code,
    Column,
    frame_of,
    label_of,
    named,
    refuse,
    same_cells,
    title_of,
    told_of_all,
    value_labels,
    values_of,
)
from pipeline.exports.limits import STATA_NAMES, Length, Report, quoted
from pipeline.exports.missing import stata_letters
from pipeline.exports.typed import Typed, described, typed
from pipeline.responses.dictionary import Kind
from pipeline.responses.moments import Clock
from pipeline.responses.stata import clock_of
from pipeline.responses.table import RawTable, exact_text

VERSION = 14
LABEL = Length(80, "characters")
VALUE_LABEL = Length(32_000)
LARGEST, LARGEST_LABELLED = 8.988465674311579e307, 2_147_483_620
"""Beyond these Stata has its missing values."""
PLAIN = re.compile(r"%-?0?\d+(\.\d+)?[gfe]c?|%tw|%ty")
SPSS_FIXED = re.compile(r"F(\d+)\.(\d+)", re.IGNORECASE)
FORMATS: Mapping[Kind, str] = {"date": "%tdCCYY-NN-DD", "datetime": "%tc"}
MADE = (re.compile(rb"<timestamp>\x11.{17}", re.DOTALL), b"<timestamp>\x1101 Jan 1970 00:00")
"""Where the header says when the file was made, and what it says instead: the same bytes again."""
HEADER = 4096


def write_dta(table: RawTable, path: Path) -> tuple[list[Column], list[str]]:
    """Write a table as .dta.

    Returns
    -------
    The columns as written, and notes on what the file cannot hold.

    Raises
    ------
    ResponseError
        If a number or the missing codes cannot be held; or the library writes another file than it
        was asked to.
    """
    report = Report()
    columns = dta_columns(table, report)
    told_of_all(table, "Stata", report)
    title = title_of(table, LABEL, report)
    if any(column.variable.measure != "unknown" for column in columns):
        report.notes.append("Stata 没有测量尺度，只记在编码本里。")
    if not columns:
        report.faults.append(Fault("表", "没有任何变量。", "请核对来源。(no variables)"))
    if report.faults:
        raise ResponseError(gathered(path.name, report.faults))
    _write(columns, title, path)
    _undated(path)
    _refuse_changed(columns, path)
    return columns, report.told()


def dta_columns(table: RawTable, report: Report) -> list[Column]:
    """Return the variables of a table as Stata can hold them."""
    variables = described(table, report)
    # Stata names a set of value labels too; the library calls it after its variable and a number.
    number = len(str(len(variables)))
    spare = [number if variable.values else 0 for variable, _ in variables]
    names = named(table.headers, STATA_NAMES, spare, report)
    columns = [
        typed(
            variable,
            cells,
            STATA_CLOCK,
            native=table.path.suffix.lower() == ".dta" and clock_of(variable.format) is not None,
            report=report,
        )
        for variable, cells in variables
    ]
    letters = stata_letters(columns, report)
    return [
        _texts(one, name, report) if one.kind == "text" else _numbers(one, name, of, report)
        for one, name, of in zip(columns, names, letters, strict=True)
    ]


def _numbers(one: Typed, name: str, letters: Mapping[str, str], report: Report) -> Column:
    variable = one.variable
    codes: dict[str, Code] = {}
    for text, number in one.numbers.items():
        is_missing = any(low <= number <= high for low, high in one.spans)
        codes[text] = letters.get(exact_text(number), number) if is_missing else number
    codes |= {text: letters[text] for text in one.specials if text in letters}
    if large := [text for text, number in one.numbers.items() if abs(number) > LARGEST]:
        report.faults.append(
            Fault(
                f"变量 {variable.name}",
                f"有 Stata 装不下的数值 {quoted(large)}。",
                "请存成 .sav 或 .csv。(numbers beyond what Stata can hold)",
            )
        )
    labelled = {text: _labelled(code) for text, code in codes.items()}
    if lost := [text for text in variable.values if text in codes and labelled[text] is None]:
        report.notes.append(
            f"变量 {variable.name}：Stata 的值标签只能用于整数，代码 {quoted(lost)} 的标签"
            "只记在编码本里。"
        )
    cells: pd.Series = pd.Series([codes.get(cell, math.nan) for cell in one.cells])
    cells = cells.astype("object" if any(map(_is_letter, cells.unique())) else "float64")
    return Column(
        name,
        variable,
        one.kind,
        cells,
        label_of(variable, name, LABEL, report),
        value_labels(
            variable,
            {text: code for text, code in labelled.items() if code is not None},
            VALUE_LABEL,
            report,
        ),
        format=_format(one),
        recoded={
            text: f".{code}"
            for text, code in codes.items()
            if isinstance(code, str) and text != f".{code}"
        },
    )


def _is_letter(code: Code) -> bool:
    return isinstance(code, str)


def _labelled(code: Code) -> Code | None:
    """Return a code that can have a label in Stata; None if it cannot."""
    if isinstance(code, str):
        return code
    return code if code.is_integer() and abs(code) <= LARGEST_LABELLED else None


def _texts(one: Typed, name: str, report: Report) -> Column:
    variable = one.variable
    if variable.values:
        report.say_of(variable.name, "Stata 的文本没有值标签，只记在编码本里。")
    if variable.missing:
        report.say_of(variable.name, "Stata 的文本不能声明缺失值，只记在编码本里。")
    cells = one.cells.astype("object")
    return Column(name, variable, "text", cells, label_of(variable, name, LABEL, report))


def _format(one: Typed) -> str:
    """Return the display format: the file's own where Stata has it and it tells the kind."""
    given = one.variable.format
    clock = clock_of(given)
    if one.kind != "number":
        return given if isinstance(clock, Clock) and clock.kind == one.kind else FORMATS[one.kind]
    if PLAIN.fullmatch(given):
        return given
    if (spss := SPSS_FIXED.fullmatch(given)) and int(spss[2]) < int(spss[1]):
        return f"%{spss[1]}.{spss[2]}f"
    return ""


def _write(columns: Sequence[Column], title: str, path: Path) -> None:
    import pyreadstat

    try:
        pyreadstat.write_dta(
            frame_of(columns),
            str(path),
            file_label=title,
            column_labels=[column.label or None for column in columns],
            version=VERSION,
            variable_value_labels=values_of(columns),
            missing_user_values={
                column.name: sorted(_letters(column)) for column in columns if _letters(column)
            },
            variable_format={c.name: c.format for c in columns if c.format},
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as fault:
        raise ResponseError(
            f"{path.name}: 写不成 Stata 文件（{fault}）。请存成 .csv。(cannot be written)"
        ) from None


def _letters(column: Column) -> set[str]:
    if column.kind == "text":
        return set()
    found = {cell for cell in column.cells.unique() if isinstance(cell, str)}
    return found | {code for code in column.values if isinstance(code, str)}


def _undated(path: Path) -> None:
    with path.open("r+b") as file:
        header = file.read(HEADER)
        file.seek(0)
        file.write(MADE[0].sub(MADE[1], header, count=1))


def _refuse_changed(columns: Sequence[Column], path: Path) -> None:
    """Read the file back; refuse it if anything is not as it was meant."""
    import pyreadstat

    frame, about = pyreadstat.read_dta(
        str(path), user_missing=True, disable_datetime_conversion=True
    )
    wrong = ["变量名"] if about.column_names != [column.name for column in columns] else []
    for place, column in enumerate(columns if not wrong else ()):
        found = frame.iloc[:, place]
        wrong += [
            f"{column.variable.name} 的{what}"
            for what, same in (
                ("数据", same_cells(found, column.cells)),
                ("标签", (about.column_labels[place] or "") == column.label),
                ("值标签", about.variable_value_labels.get(column.name, {}) == column.values),
            )
            if not same
        ]
    refuse(wrong, path)
