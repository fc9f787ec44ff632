"""Read an .xls from standard input in a process of its own: ``python legacy_workbook.py < a.xls``.

The reader of this old format ends its whole process on some damaged files, or asks for all memory,
so it runs apart from the pipeline, with a limit. It imports nothing of the pipeline. To standard
output goes a pickled list: name of the sheet, whether it is hidden, rows of values from cell A1,
merged ranges ((top, left), (bottom, right)) counted from 0.
"""

import io
import pickle
import sys

MEMORY = 4 << 30
CELLS = 20_000_000
DAMAGED, LOCKED, TOO_LARGE = 3, 4, 5
"""Exit codes."""


def main() -> int:
    """Read, write; return the exit code."""
    _limit_memory()
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = []
        for at, about in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(at)
            if sheet.total_height * sheet.total_width > CELLS:
                return TOO_LARGE
            rows = sheet.to_python(skip_empty_area=False)
            hidden = about.visible != SheetVisibleEnum.Visible
            sheets.append((about.name, hidden, rows, sheet.merged_cell_ranges or []))
    except PasswordError:
        return LOCKED
    except BaseException as fault:  # a panic of the reader is no Exception
        print(fault, file=sys.stderr)
        return DAMAGED
    sys.stdout.buffer.write(pickle.dumps(sheets))
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


if __name__ == "__main__":
    sys.exit(main())
