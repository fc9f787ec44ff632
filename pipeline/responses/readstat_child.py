"""Read one statistical file in a process of its own, for `pipeline.responses.readstat`.

A damaged file can end the library's C code (a segmentation fault on 1 of 120 mutated .sav) or make
it ask for all memory: here that ends this process only. It prints one pickled tuple: ``("read",
columns, about)``, ``("undecodable", why)`` or ``("fault", why)``. It imports nothing of the
package, so that it starts in a third of a second.
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


def answer(kind: str, path: str, encoding: str) -> tuple[Any, ...]:
    """Return what is printed."""
    wishes: dict[str, Any] = {**KEEPS_MISSING[kind], "output_format": "dict"}
    if encoding:
        wishes["encoding"] = encoding
    read = getattr(pyreadstat, f"read_{kind}")
    try:
        columns, about = read(path, disable_datetime_conversion=True, **wishes)
    except UnicodeDecodeError as fault:
        return "undecodable", str(fault)
    except Exception as fault:  # damaged files make the library fail in any way
        why = str(fault) or type(fault).__name__
        return ("undecodable" if "convert string" in why else "fault"), why
    return "read", dict(columns), {name: getattr(about, name) for name in ABOUT}


def limit_memory(most: int) -> None:
    """Let the process ask for no more than `most` bytes, where the system can hold it to that."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    kind, path, encoding, most = sys.argv[1:]
    limit_memory(int(most))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library itself prints is no answer
    with answers:
        pickle.dump(answer(kind, path, encoding), answers)
