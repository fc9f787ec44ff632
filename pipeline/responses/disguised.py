"""Workbooks that are text: a web page saved as .xls, or the XML of Excel 2003."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lxml import etree, html

from pipeline.errors import ResponseError
from pipeline.responses.grid import check_size
from pipeline.responses.workbook import Merged, Sheet, Workbook

NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
SPAN = 2000
"""The largest number of rows or columns that one cell of a page may take."""


def is_markup(text: str) -> bool:
    """Tell whether a text begins as a page or an XML file does."""
    head = text[:4096].lstrip().lower()
    return head.startswith("<") and any(
        sign in head
        for sign in ("<html", "<table", "<!doctype html", "<?xml", "<head", "<meta", "<div")
    )


def read_markup(path: Path, text: str) -> Workbook:
    """Return each table of a page, or each sheet of a workbook in XML, as a sheet.

    Raises
    ------
    ResponseError
        There is no table in it, or it is damaged.
    """
    try:
        if NAMESPACE.strip("{}") in text[:4096] and "<Workbook" in text[:8192]:
            sheets = tuple(_xml_sheets(path, text))
            said = "Excel 2003 的 XML"
        else:
            sheets = tuple(_page_tables(path, text))
            said = "网页（HTML）"
    except (etree.LxmlError, ValueError, AssertionError, RecursionError) as fault:
        raise _no_table(path, f"：{fault}") from None
    if not sheets:
        raise _no_table(path, "")
    return Workbook(sheets, (f"文件其实是{said}，不是 Excel 工作簿；按其中的表格读。",))


def _no_table(path: Path, why: str) -> ResponseError:
    return ResponseError(
        f"{path}: 打不开：是网页或 XML，里面没有能读的表格{why}。"
        "请用 WPS/Excel 打开后另存为 .xlsx，或重新导出。"
        "(a page without a table; save it anew as .xlsx)"
    )


def _page_tables(path: Path, text: str) -> Iterator[Sheet]:
    declared_away = text.lstrip()
    if declared_away.startswith("<?xml"):  # lxml refuses a text that also names an encoding
        declared_away = declared_away.partition("?>")[2]
    page = html.document_fromstring(declared_away)
    innermost = [
        table for table in page.iter("table") if next(table.iterdescendants("table"), None) is None
    ]
    for number, table in enumerate(innermost, start=1):
        rows, merged = _page_rows(path, table)
        if rows:
            yield Sheet(f"表格 {number}", rows, tuple(merged))


def _page_rows(path: Path, table: html.HtmlElement) -> tuple[list[list[str]], list[Merged]]:
    """Return the cells of a table; a cell that spans others stands in the first of them."""
    rows: list[list[str]] = []
    merged: list[Merged] = []
    covered: set[tuple[int, int]] = set()
    spanned = 0
    for at, line in enumerate(table.iter("tr")):
        row: list[str] = []
        for cell in line.iterchildren("td", "th"):
            while (at, len(row)) in covered:
                row.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if down * across > 1:
                last = (at + down - 1, len(row) + across - 1)
                merged.append(((at, len(row)), last))
                spanned += down * across
                check_size(path, spanned, 20)  # a million spanned cells are no survey
                covered |= {
                    (below, column)
                    for below in range(at + 1, last[0] + 1)
                    for column in range(len(row), last[1] + 1)
                }
            row += [" ".join(cell.text_content().split()), *[""] * (across - 1)]
        rows.append(row)
    check_size(path, len(rows), max(map(len, rows), default=0))
    return rows, merged


def _span(cell: html.HtmlElement, name: str) -> int:
    said = (cell.get(name) or "1").strip()
    return max(1, min(int(said), SPAN)) if said.isascii() and said.isdigit() else 1


def _xml_sheets(path: Path, text: str) -> Iterator[Sheet]:
    # The text is decoded already, so the encoding that it names is no longer right.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8")
    book = etree.fromstring(text.lstrip().encode("utf-8"), parser)
    for sheet in book.iter(f"{NAMESPACE}Worksheet"):
        rows: list[list[str]] = []
        for line in sheet.iter(f"{NAMESPACE}Row"):
            rows += [[] for _ in range(_index(line, len(rows), 1_048_576) - len(rows))]
            rows.append(_xml_row(line))
        check_size(path, len(rows), max(map(len, rows), default=0))
        yield Sheet(sheet.get(f"{NAMESPACE}Name") or "", rows)


def _xml_row(line: etree._Element) -> list[str]:
    row: list[str] = []
    for cell in islice(line.iter(f"{NAMESPACE}Cell"), 20_001):
        row += [""] * (_index(cell, len(row), 20_001) - len(row))
        data = cell.find(f"{NAMESPACE}Data")
        row.append(_xml_value(data) if data is not None else "")
    return row


def _xml_value(data: etree._Element) -> str:
    text = "".join(data.itertext())
    match data.get(f"{NAMESPACE}Type"):
        case "DateTime":
            return text.removesuffix(".000").replace("T00:00:00", "").replace("T", " ")
        case "Boolean":
            return "TRUE" if text == "1" else "FALSE"
        case "Error":
            return ""
    return text


def _index(element: etree._Element, following: int, last: int) -> int:
    """Return at which place an element stands, counted from 0; most follow the one before."""
    said = element.get(f"{NAMESPACE}Index") or ""
    if not (said.isascii() and said.isdigit()):
        return following
    return max(following, min(int(said), last) - 1)
