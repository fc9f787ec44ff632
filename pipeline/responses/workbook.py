"""Open a workbook, whatever it is called: .xlsx by two readers, .xls, tables saved as .xls.

Of the two readers of .xlsx each fails on real workbooks that the other opens: python-calamine
first, which is several times faster, then openpyxl.
"""

import io
import pickle
import re
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses import legacy_workbook
from pipeline.responses.grid import check_size

ZIPPED = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0"
UNPACKED = 1 << 30
DENSE, DENSEST = 50 << 20, 200
"""Above so many bytes unpacked, a workbook packed more than so many times is no table: the cells
of one are packed some twenty times."""
ENTRIES = 10_000
CHUNK = 1 << 22
CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,4})(\d{1,9})["']""")
ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})

Merged = tuple[tuple[int, int], tuple[int, int]]
"""Top left and bottom right cell of a merged range, counted from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    rows : values from cell A1 on; a row may be shorter than others
    """

    name: str
    rows: Sequence[Sequence[object]]
    merged: tuple[Merged, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in their order, and what is to be said of the opening."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def open_workbook(path: Path, content: bytes) -> Workbook:
    """Return the sheets of a real workbook (`content` begins with `ZIPPED` or `COMPOUND`).

    Raises
    ------
    ResponseError
        It is locked by a password, is larger than any survey, or no reader can open it.
    """
    if content.startswith(COMPOUND):
        return _compound(path, content)
    errors = _checked_zip(path, content)
    readers: list[Callable[[Path, bytes], tuple[Sheet, ...]]] = [_by_calamine, _by_openpyxl]
    reasons = []
    for reader in readers:
        try:
            sheets = reader(path, content)
        except ResponseError:
            raise
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # damaged workbooks make readers fail in any way, or panic
            reasons.append(f"{reader.__name__.removeprefix('_by_')}: {fault}")
            continue
        said = f"工作簿里有 {errors} 格是公式的错误（如 #N/A），按空读。" if errors else ""
        return Workbook(sheets, tuple(filter(None, [said])))
    raise _unreadable(path, "；".join(reasons))


def _unreadable(path: Path, reasons: str) -> ResponseError:
    return ResponseError(
        f"{path}: 打不开（{reasons}）。请用 WPS/Excel 打开后另存为 .xlsx，或重新导出。"
        "(cannot be opened; save it anew as .xlsx, or export again)"
    )


def _locked(path: Path) -> ResponseError:
    return ResponseError(
        f"{path}: 有密码，打不开。请在 WPS/Excel 里去掉密码后另存。"
        "(locked by a password; save it without one)"
    )


def _checked_zip(path: Path, content: bytes) -> int:
    """Return how many cells hold an error; refuse what would fill the memory.

    The readers make room for every cell up to the last one, so the place of the last cell is
    looked up before they start.
    """
    errors = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            unpacked = sum(one.file_size for one in entries)
            bomb = unpacked > DENSE and unpacked > DENSEST * len(content)
            if len(entries) > ENTRIES or unpacked > UNPACKED or bomb:
                raise ResponseError(
                    f"{path}: 解开后有 {unpacked >> 20} MB，不像是答卷。请检查文件，或存成 CSV。"
                    "(too large when unpacked)"
                )
            for entry in entries:
                errors += _checked_entry(path, archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as fault:
        raise _unreadable(path, f"压缩包已损坏：{fault}") from None
    except (NotImplementedError, RuntimeError, OverflowError, LookupError) as fault:
        raise _unreadable(path, f"压缩包不能解开：{fault}") from None
    return errors


def _checked_entry(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Return how many cells of a part hold an error; refuse a part with too far a last cell."""
    rows = columns = errors = 0
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            text = tail + chunk
            for letters, number in set(CELL.findall(text)):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            errors += len(ERROR_CELL.findall(chunk))
            tail = text[-64:]
    check_size(path, rows, columns)
    return errors if "worksheets" in entry.filename else 0


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _by_calamine(path: Path, content: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for at, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(at)
        check_size(path, sheet.total_height, sheet.total_width)
        # Leading blank rows count too: the number of a row is the one that the program shows.
        rows = sheet.to_python(skip_empty_area=False)
        hidden = about.visible != SheetVisibleEnum.Visible
        sheets.append(Sheet(about.name, rows, tuple(sheet.merged_cell_ranges or ()), hidden))
    return tuple(sheets)


def _by_openpyxl(path: Path, content: bytes) -> tuple[Sheet, ...]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing styles and extensions do not concern the answers
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheets = []
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # a wrong dimension makes every row as wide as it says
                rows = list(sheet.iter_rows(values_only=True))
                check_size(path, len(rows), max(map(len, rows), default=0))
                sheets.append(Sheet(sheet.title, rows, (), sheet.sheet_state != "visible"))
            return tuple(sheets)
        finally:
            book.close()


def _compound(path: Path, content: bytes) -> Workbook:
    """Return the sheets of an .xls, read in a process of its own (see `legacy_workbook`)."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(path)
    try:
        done = subprocess.run(
            [sys.executable, legacy_workbook.__file__],
            input=content,
            capture_output=True,
            timeout=5 + len(content) / 500_000,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unreadable(path, "读了很久也没有读完，文件多半已损坏") from None
    match done.returncode:
        case 0:
            sheets = pickle.loads(done.stdout)
            return Workbook(
                tuple(
                    Sheet(name, rows, tuple(merged), hidden)
                    for name, hidden, rows, merged in sheets
                )
            )
        case legacy_workbook.LOCKED:
            raise _locked(path)
        case legacy_workbook.TOO_LARGE:
            raise _unreadable(path, "行列太多，不像是答卷")
        case legacy_workbook.DAMAGED:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["已损坏"]
            raise _unreadable(path, f"calamine: {said[-1]}")
    raise _unreadable(path, "calamine: 文件已损坏")
