"""Read a statistical file with the library ReadStat (pyreadstat), so that it cannot do harm.

The library runs in processes of its own, see `readstat_child`, with a limit of time and memory
that grows with the file. Dates and times come as the numbers that the file holds.
"""

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ResponseError

Kind = Literal["sav", "dta", "xport", "sas7bdat", "por"]
Value = float | str | None

CHILD = Path(__file__).with_name("readstat_child.py")
SECONDS, SECONDS_PER_MEGABYTE = 6, 2
"""Of the processor. Files of survey size take less than one; what takes longer is damaged."""
MEMORY, MEMORY_PER_BYTE = 2 << 30, 200
"""A byte of a compressed .sav can hold a number, which takes about 60 bytes here."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the library gives: columns of equal length, and what the file says of them.

    Attributes
    ----------
    columns : variable -> numbers, texts, None where there is no value. In a variable of numbers a
        text is the letter of an extended missing value (Stata, SAS)
    labels : variable -> its label, for those that have one
    values : variable -> code -> its label
    missing : variable -> low and high end of what is declared as missing
    letters : variable -> letters of the extended missing values that occur
    formats, storage, measures, widths : of each variable, as the library calls them
    sets : name -> the library's description of a multiple-response set
    """

    columns: Mapping[str, Sequence[Value]]
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    missing: Mapping[str, Sequence[tuple[Value, Value]]] = field(default_factory=dict)
    letters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    storage: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    encoding: str = ""
    title: str = ""

    @property
    def rows(self) -> int:
        """The number of cases."""
        return len(next(iter(self.columns.values()), ()))

    def is_text(self, name: str) -> bool:
        """Tell whether a variable holds texts."""
        return self.storage.get(name) == "string"


class Undecodable(Exception):  # noqa: N818  (it says what the file is, and is always caught)
    """The file's texts are not in the encoding that it declares; here it is byte by byte.

    Attributes
    ----------
    in_bytes : the file, in its texts one character (of Latin-1) for each byte
    """

    def __init__(self, in_bytes: Delivered) -> None:
        super().__init__("not in the encoding that the file declares")
        self.in_bytes = in_bytes


def deliver(path: Path, kind: Kind, encoding: str = "") -> Delivered:
    """Read a file; `encoding` overrides the one that it declares.

    Raises
    ------
    Undecodable
        If its texts are not in that encoding.
    ResponseError
        If it is no file of this kind, or damaged, or takes too much time or memory.
    """
    answer = _answer(path, kind, encoding)
    if answer[0] == "fault":
        raise _refused(path, kind, str(answer[1]))
    columns, about = answer[1:]
    names = about["column_names"]
    lengths = {len(column) for column in columns.values()}
    if len(names) != len(columns) or len(set(names)) != len(names) or len(lengths) > 1:
        raise _refused(path, kind, "变量名有重复，或各变量的个案数不同 variables repeat")
    if not names or not all(isinstance(name, str) and name for name in names):
        raise _refused(path, kind, "没有变量，或变量没有名称 no variables, or one without a name")
    if about["number_rows"] not in (None, -1, *lengths):
        said = f"文件头写的是 {about['number_rows']} 个个案，读到 {lengths.pop()} 个"
        raise _refused(path, kind, f"{said} fewer cases than declared")
    delivered = _delivered(columns, about)
    if answer[0] == "undecodable":
        raise Undecodable(delivered)
    return delivered


def _answer(path: Path, kind: Kind, encoding: str) -> tuple[Any, ...]:
    """Return what the process that reads the file says."""
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as fault:
        return "fault", f"打不开 cannot be opened: {fault.strerror}"
    memory = MEMORY + MEMORY_PER_BYTE * size
    seconds = SECONDS + SECONDS_PER_MEGABYTE * (size // 1_000_000)
    try:
        return _asked(
            _library(os.getpid()), (kind, str(path.absolute()), encoding, memory, seconds)
        )
    except Exception:  # the process, or what it says, is broken in whatever way
        _library.cache_clear()
        return "fault", "读取程序没有给出结果 the library gave no result"


@cache
def _library(_of: int) -> subprocess.Popen[bytes]:
    """Return the process that holds the library; of each process (its number) its own."""
    # -P: the modules beside the child must not stand in the place of the standard library's.
    library = subprocess.Popen(
        [sys.executable, "-P", str(CHILD)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a process with threads does not fork
    )  # fmt: skip
    atexit.register(_end, library)
    return library


def _end(library: subprocess.Popen[bytes]) -> None:
    library.communicate()  # it ends when there are no more requests


def _asked(library: subprocess.Popen[bytes], request: tuple[Any, ...]) -> tuple[Any, ...]:
    assert library.stdin is not None
    assert library.stdout is not None
    pickle.dump(request, library.stdin)
    library.stdin.flush()
    length = int.from_bytes(library.stdout.read(8), "big")
    answer: tuple[Any, ...] = pickle.loads(library.stdout.read(length))  # of our own process
    return answer


def _delivered(columns: Mapping[str, Sequence[Value]], about: Mapping[str, Any]) -> Delivered:
    return Delivered(
        columns=columns,
        labels={name: label for name, label in about["column_names_to_labels"].items() if label},
        values={
            name: {code: label or "" for code, label in labels.items() if code is not None}
            for name, labels in about["variable_value_labels"].items()
        },
        missing={
            name: [(one["lo"], one["hi"]) for one in ranges]
            for name, ranges in about["missing_ranges"].items()
        },
        letters=about["missing_user_values"],
        formats={name: text or "" for name, text in about["original_variable_types"].items()},
        storage=about["readstat_variable_types"],
        measures=about["variable_measure"],
        widths=about["variable_storage_width"],
        sets=about["mr_sets"] or {},
        encoding=about["file_encoding"] or "",
        title=(about["file_label"] or "").strip(),
    )


PROGRAMS: Mapping[Kind, str] = {
    "sav": "SPSS", "por": "SPSS", "dta": "Stata", "xport": "SAS", "sas7bdat": "SAS",
}  # fmt: skip


def _refused(path: Path, kind: Kind, why: str) -> ResponseError:
    program = PROGRAMS[kind]
    return ResponseError(
        f"{path}: 读不出 {program} 数据（{why}）。"
        f"请在 {program} 中打开后另存（UTF-8），或重新导出。"
        f"(not a readable {program} file; save it anew, or export again)"
    )
