"""Read statistical files in processes of their own, for `pipeline.responses.readstat`.

A damaged file can end the library's C code (a segmentation fault on 1 of 120 mutated .sav) or make
it ask for all memory: that must not end the program. So one process loads the library once, which
takes a third of a second, and forks for each file.

Requests and answers are pickled tuples. An answer is ``("read", columns, about)``;
``("undecodable", columns, about)`` with one character per byte; or ``("fault", why)``. The module
imports nothing of the package.
"""

import os
import pickle
import sys
from typing import Any, BinaryIO

import pyreadstat

ABOUT = (
    "column_names", "column_names_to_labels", "variable_value_labels", "missing_ranges",
    "missing_user_values", "original_variable_types", "readstat_variable_types",
    "variable_measure", "variable_storage_width", "mr_sets", "file_encoding", "file_label",
    "number_rows",
)  # fmt: skip
KEEPS_MISSING = {
    "sav": {"user_missing": True}, "dta": {"user_missing": True},
    "sas7bdat": {"user_missing": True}, "xport": {}, "por": {},
}  # fmt: skip
BYTE_BY_BYTE = "ISO-8859-1"


def answer(kind: str, path: str, encoding: str) -> tuple[Any, ...]:
    """Return what is printed."""
    try:
        columns, about = read(kind, path, encoding)
        if None not in about["column_names"]:  # a name that does not decode comes as nothing
            return "read", columns, about
    except UnicodeDecodeError:
        pass
    except Exception as fault:  # damaged files make the library fail in any way
        if "convert string" not in str(fault):
            return "fault", str(fault) or type(fault).__name__
    try:
        return "undecodable", *read(kind, path, BYTE_BY_BYTE)
    except Exception as fault:
        return "fault", str(fault) or type(fault).__name__


def read(kind: str, path: str, encoding: str) -> tuple[dict[str, list], dict[str, Any]]:
    """Return the columns of a file, and what it says of them."""
    wishes: dict[str, Any] = {"encoding": encoding} if encoding else {}
    columns, about = getattr(pyreadstat, f"read_{kind}")(
        path,
        output_format="dict",
        disable_datetime_conversion=True,
        **KEEPS_MISSING[kind],
        **wishes,
    )
    return dict(columns), {name: getattr(about, name) for name in ABOUT}


def limit(memory: int, seconds: int) -> None:
    """Let the process take so many bytes and seconds of the processor, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, OSError, ValueError):  # Windows and macOS lack them in part
        return


def in_a_fork(kind: str, path: str, encoding: str, memory: int, seconds: int) -> bytes:
    """Return the pickled answer of a process that ends with it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            limit(memory, seconds)
            with os.fdopen(theirs, "wb") as said:
                pickle.dump(answer(kind, path, encoding), said)
            os._exit(0)
        except (
            BaseException
        ):  # whatever it is, the process must not go on as if it were its parent
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, "rb") as heard:
        found = heard.read()
    _, status = os.waitpid(child, 0)
    if status:
        why = f"读取程序中断或超出限度 the library ended with {os.waitstatus_to_exitcode(status)}"
        return pickle.dumps(("fault", why))
    return found


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer one request after the other, until there are no more."""
    while True:
        try:
            kind, path, encoding, memory, seconds = pickle.load(requests)
        except EOFError:
            return
        if hasattr(os, "fork"):
            found = in_a_fork(kind, path, encoding, memory, seconds)
        else:  # Windows: a file that ends the library ends this process, and another is begun
            found = pickle.dumps(answer(kind, path, encoding))
        answers.write(len(found).to_bytes(8, "big") + found)
        answers.flush()


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what the library itself prints is no answer
        serve(sys.stdin.buffer, answers)
