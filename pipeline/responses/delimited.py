"""Read a csv: UTF-8, with or without BOM, quoted as RFC 4180 says."""

import csv
import hashlib
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.responses.table import RawTable


def read_csv(path: Path) -> RawTable:
    """Read a UTF-8 csv as text; lines without any content are left out.

    Raises
    ------
    ResponseError
        If it is not UTF-8, is empty, or has a row of another length than the header.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise ResponseError(
            f"{path}: 第 {line} 行不是 UTF-8 编码。请在导出时选 UTF-8，或用 WPS/Excel 另存为"
            "“CSV UTF-8”。(not UTF-8; export it as UTF-8)"
        ) from None
    rows = list(csv.reader(text.splitlines(keepends=True)))
    if not rows or not any(rows[0]):
        raise ResponseError(
            f"{path}: 文件是空的。请重新导出。(the file is empty; export it again)"
        )
    header = [name.strip() for name in rows[0]]
    kept = {line: row for line, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))}
    faults = [
        Fault(
            f"第 {line} 行 (line {line})",
            f"有 {len(row)} 格，表头有 {len(header)} 格。",
            "请检查引号和逗号，或重新导出。(row of another length)",
        )
        for line, row in kept.items()
        if len(row) != len(header)
    ]
    if faults:
        raise ResponseError(gathered(path, faults))
    cells = pd.DataFrame(list(kept.values()), columns=pd.Index(header, dtype="str"), dtype="str")
    cells.index = pd.Index(list(kept), dtype="int64", name="raw_row")
    return RawTable(path, hashlib.sha256(content).hexdigest(), cells)
