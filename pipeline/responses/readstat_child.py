"""Read one statistical file in a process of its own, for `pipeline.responses.readstat`.

A damaged file can end the library's C code (a segmentation fault on 1 of 120 mutated .sav) or make
it ask for all memory: here that ends this process only. It prints one pickled tuple: ``("read",
columns, about)``, ``("undecodable", columns, about)`` with one character per byte, or ``("fault",
why)``. It imports nothing of the package, so that it starts in a third of a second.
"""

import os
import pickle
import sys
from typing import Any

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


if __name__ == "__main__":
    kind, path, encoding, memory, seconds = sys.argv[1:]
    limit(int(memory), int(seconds))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library itself prints is no answer
    with answers:
        pickle.dump(answer(kind, path, encoding), answers)
