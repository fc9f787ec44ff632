"""Write SPSS .sav and .zsav files.

The library is asked what it wrote: it cuts labels at 120 bytes and texts at a NUL without a word.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.exports.clocks import SPSS_CLOCK
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
from pipeline.exports.limits import SPSS_NAMES, Length, Report
from pipeline.exports.missing import MOST_BYTES, MOST_CODES, fitted, spss_codes
from pipeline.exports.typed import Typed, described, typed
from pipeline.responses.dictionary import Kind
from pipeline.responses.moments import moment
from pipeline.responses.spss import clock_of
from pipeline.responses.table import RawTable, exact_text

LABEL = Length(256)
VALUE_LABEL = Length(120)
TITLE = Length(64)
WIDEST = 32_767
SYSTEM_MISSING = -1.7976931348623157e308
"""The double by which SPSS writes an empty cell of numbers."""
OWN = (".sav", ".zsav", ".por")
PLAIN = ("F", "COMMA", "DOT", "DOLLAR", "PCT", "E", "N", "Z", "WKDAY", "MONTH")
FORMAT = re.compile(r"([A-Z]+)(\d+)(?:\.(\d+))?")
STATA_FIXED = re.compile(r"%-?0?(\d+)\.(\d+)fc?")
WIDEST_NUMBER, MOST_DECIMALS = 40, 16
FORMATS: Mapping[Kind, str] = {"date": "SDATE10", "datetime": "YMDHMS23.3", "time": "TIME12.3"}
MADE = (92, b"01 Jan 7000:00:00")
"""Where the header says when the file was made, and what it says instead: the same bytes again."""


def write_sav(table: RawTable, path: Path) -> tuple[list[Column], list[str]]:
    """Write a table as .sav, or .zsav (compressed) if the path ends so.

    Returns
    -------
    The columns as written, and notes on what the file cannot hold.

    Raises
    ------
    ResponseError
        If a text, a number or a declaration cannot be held; or the library writes another file
        than it was asked to.
    """
    report = Report()
    columns = sav_columns(table, report)
    told_of_all(table, "SPSS", report)
    title = title_of(table, TITLE, report)
    if not columns:
        report.faults.append(Fault("表", "没有任何变量。", "请核对来源。(no variables)"))
    if report.faults:
        raise ResponseError(gathered(path.name, report.faults))
    _write(columns, title, path)
    _undated(path)
    _refuse_changed(columns, path)
    return columns, report.told()


def sav_columns(table: RawTable, report: Report) -> list[Column]:
    """Return the variables of a table as SPSS can hold them."""
    variables = described(table, report)
    names = named(table.headers, SPSS_NAMES, [0] * len(variables), report)
    own = table.path.suffix.lower() in OWN
    made = []
    for (variable, cells), name in zip(variables, names, strict=True):
        native = own and clock_of(variable.format) is not None
        one = typed(variable, cells, SPSS_CLOCK, native=native, report=report)
        build = _texts if one.kind == "text" else _numbers
        made.append(build(one, name, report))
    return made


def _numbers(one: Typed, name: str, report: Report) -> Column:
    variable = one.variable
    specials = spss_codes(one)
    display = _format(one)
    codes: dict[str, Code] = {**one.numbers, **specials}
    if SYSTEM_MISSING in one.numbers.values():
        report.faults.append(
            Fault(
                f"变量 {variable.name}",
                f"有数值 {SYSTEM_MISSING}，SPSS 以它表示空格。",
                "请改掉这个值。(SPSS takes this number as an empty cell)",
            )
        )
    spans = [*one.spans, *((float(code), float(code)) for code in specials.values())]
    missing = fitted(spans, one.substance)
    if missing is None:
        report.faults.append(
            Fault(
                f"变量 {variable.name}",
                f"声明了 {len(spans)} 个缺失值或区间，SPSS 只能有 3 个，或一个区间加 1 个。",
                "请合并缺失代码，或存成 .dta 或 .csv。(too many missing codes for SPSS)",
            )
        )
    elif set(missing) != set(spans):
        told = "、".join(_span_text(span) for span in missing)
        report.say_of(
            variable.name,
            f"{len(spans)} 个缺失值合并声明为 {told}（SPSS 只能有 3 个，或一个区间加 1 个），"
            "区间里没有别的数值。",
        )
    recoded = {text: _shown(float(code), display) for text, code in specials.items()}
    if recoded:
        told = "，".join(f"{text}→{shown}" for text, shown in recoded.items())
        report.notes.append(f"变量 {variable.name} 的缺失值写成代码：{told}。")
    return Column(
        name,
        variable,
        one.kind,
        one.cells.map(codes).astype("float64"),
        label_of(variable, name, LABEL, report),
        value_labels(variable, codes, VALUE_LABEL, report),
        tuple(missing or ()),
        display,
        recoded,
    )


def _texts(one: Typed, name: str, report: Report) -> Column:
    variable = one.variable
    texts = [str(text) for text in one.cells.tolist()]
    if any(text.endswith(" ") for text in texts):
        report.say_of(variable.name, "SPSS 不保留文本末尾的空格。")
        texts = [text.rstrip(" ") for text in texts]
    bytes_of = [len(text.encode()) for text in texts]
    widest = max(bytes_of, default=1) or 1
    if widest > WIDEST:
        long = [row for row, size in zip(one.cells.index, bytes_of, strict=True) if size > WIDEST]
        rows = "、".join(str(row) for row in long[:3])
        report.faults.append(
            Fault(
                f"变量 {variable.name}",
                f"第 {rows} 行的文本超过 SPSS 的 {WIDEST} 字节。",
                "请存成 .dta 或 .csv。(text longer than SPSS can hold)",
            )
        )
    if FORMAT.fullmatch(variable.format) and variable.format != f"A{widest}":
        report.say_of(variable.name, "文本宽度按最长的内容写，比原文件窄。")
    declared = [one.low.rstrip(" ") for one in variable.missing if one.low == one.high]
    kept = [text for text in dict.fromkeys(declared) if len(text.encode()) <= MOST_BYTES]
    if len(kept) < len(variable.missing) or len(kept) > MOST_CODES:
        report.notes.append(
            f"变量 {variable.name} 是文本，SPSS 只能声明 {MOST_CODES} 个不超过 {MOST_BYTES} 字节的"
            "缺失值，其余只记在编码本里。"
        )
    # The library makes a variable as wide as its cells, and as its codes if these are ASCII.
    codes: dict[str, Code] = {text: text.rstrip(" ") for text in variable.values}
    width = max(widest, *(len(text) for text in codes if text.isascii()), 0)
    if wide := [text for text in codes if len(text.rstrip(" ").encode()) > width]:
        report.say_of(variable.name, "代码比所有格都长的，标签只记在编码本里。")
        codes = {text: code for text, code in codes.items() if text not in wide}
    return Column(
        name,
        variable,
        "text",
        pd.Series(texts, dtype="object"),
        label_of(variable, name, LABEL, report),
        value_labels(variable, codes, VALUE_LABEL, report),
        tuple((text, text) for text in kept[:MOST_CODES]),
    )


def _format(one: Typed) -> str:
    """Return the display format: the file's own where SPSS has it and it tells the kind."""
    given = one.variable.format.upper()
    clock, found = clock_of(given), FORMAT.fullmatch(given)
    if one.kind != "number":
        told = (one.kind, "date") if one.kind == "datetime" else (one.kind,)
        return given if clock and found and clock.kind in told else FORMATS[one.kind]
    if found and found[1] in PLAIN:
        width, decimals = int(found[2]), int(found[3] or 0)
        if decimals < width <= WIDEST_NUMBER and decimals <= MOST_DECIMALS:
            return given
    if stata := STATA_FIXED.fullmatch(one.variable.format):
        width, decimals = int(stata[1]), int(stata[2])
        if decimals < width <= WIDEST_NUMBER and decimals <= MOST_DECIMALS:
            return f"F{width}.{decimals}"
    return "F8.0" if all(number.is_integer() for number in one.numbers.values()) else "F8.2"


def _shown(number: float, display: str) -> str:
    """Return how a cell of this number is read from the file."""
    clock = clock_of(display)
    text = moment(number, clock) if clock is not None else None
    return exact_text(number) if text is None else text


def _span_text(span: tuple[float, float]) -> str:
    low, high = (exact_text(end) if abs(end) != float("inf") else str(end) for end in span)
    return low if low == high else f"{low} 至 {high}"


def _write(columns: Sequence[Column], title: str, path: Path) -> None:
    import pyreadstat

    compressed = path.suffix.lower() == ".zsav"
    declared: dict[str, Any] = {  # the library's own stubs do not allow what it documents
        column.name: [{"lo": low, "hi": high} for low, high in column.missing]
        for column in columns
        if column.missing
    }
    try:
        pyreadstat.write_sav(
            frame_of(columns),
            str(path),
            file_label=title,
            column_labels=[column.label or None for column in columns],
            compress=compressed,
            row_compress=not compressed,
            variable_value_labels=values_of(columns),
            missing_ranges=declared,
            variable_measure={c.name: c.variable.measure for c in columns},
            variable_format={c.name: c.format for c in columns if c.format},
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as fault:
        raise ResponseError(
            f"{path.name}: 写不成 SPSS 文件（{fault}）。请存成 .csv。(cannot be written)"
        ) from None


def _undated(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(MADE[0])
        file.write(MADE[1])


def _refuse_changed(columns: Sequence[Column], path: Path) -> None:
    """Read the file back; refuse it if anything is not as it was meant."""
    import pyreadstat

    frame, about = pyreadstat.read_sav(
        str(path), user_missing=True, disable_datetime_conversion=True
    )
    wrong = ["变量名"] if about.column_names != [column.name for column in columns] else []
    for place, column in enumerate(columns if not wrong else ()):
        wrong += [
            f"{column.variable.name} 的{what}"
            for what, same in (
                ("数据", same_cells(frame.iloc[:, place], column.cells)),
                ("标签", (about.column_labels[place] or "") == column.label),
                ("值标签", about.variable_value_labels.get(column.name, {}) == column.values),
                ("缺失值", _declared(about.missing_ranges, column.name) == set(column.missing)),
                ("测量尺度", about.variable_measure[column.name] == column.variable.measure),
            )
            if not same
        ]
    refuse(wrong, path)


def _declared(ranges: Mapping[str, Any], name: str) -> set[tuple[Code, Code]]:
    return {(one["lo"], one["hi"]) for one in ranges.get(name, ())}
