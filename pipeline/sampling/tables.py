"""Read the small CSV tables of a draw with the line on which every row stands."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Fault, FrameError, gathered


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file: its 1-based line and its cells, stripped, by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def place(self) -> str:
        return f"第 {self.line} 行 (line {self.line})"


def read_table(path: Path, columns: Sequence[str]) -> list[Row]:
    """Read a UTF-8 CSV file (a byte order mark is allowed) that has at least `columns`.

    Blank lines are skipped; further columns are ignored.

    Raises
    ------
    FrameError
        File missing, not UTF-8, without a header, with a column missing or twice, or with rows of
        another length than the header.
    """
    if not path.is_file():
        raise FrameError(
            f"{path}: 找不到文件。请放到此处，或改正路径。(file not found; put it there)"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FrameError(
            f"{path}: 不是 UTF-8 编码（第 {fault.start + 1} 字节）。请另存为“CSV UTF-8”。"
            "(not UTF-8; save it as CSV UTF-8)"
        ) from None
    rows = list(_rows(text))
    if not rows:
        raise FrameError(
            f"{path}: 空文件。第一行应为 {','.join(columns)}。(empty; add the header)"
        )
    header = [name.strip() for name in rows[0][1]]
    faults = [
        Fault(
            "第 1 行 (line 1)",
            f"列 {name!r} 出现 {header.count(name)} 次 (column found {header.count(name)} times).",
            f"表头须含 {','.join(columns)} 各一次。(the header needs each column once)",
        )
        for name in columns
        if header.count(name) != 1
    ]
    if faults:
        raise FrameError(gathered(path, faults))
    faults = [
        Fault(
            f"第 {line} 行 (line {line})",
            f"有 {len(cells)} 格，表头有 {len(header)} 格 (row of another length).",
            "请检查逗号和引号。(check commas and quotes)",
        )
        for line, cells in rows[1:]
        if len(cells) != len(header)
    ]
    if faults:
        raise FrameError(gathered(path, faults))
    return [
        Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
        for line, cells in rows[1:]
    ]


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a CSV file: UTF-8, lines end in one newline, a float as its shortest exact text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True))
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1  # a quoted cell may span lines: a row stands where it begins
