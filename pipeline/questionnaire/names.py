"""Say which names come nearest to one that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

from pipeline.errors import ResponseError

LISTED = 12


def unknown(name: str, known: Iterable[str], what: str) -> ResponseError:
    """Return the error for `name`, which is none of `known`.

    Parameters
    ----------
    what : what was asked for, in both languages, such as ``题目 (question)``
    """
    names = [one for one in dict.fromkeys(known) if not one.endswith("__missing")]
    near = get_close_matches(name, names, n=5, cutoff=0.5)
    near += [one for one in names if one.startswith(f"{name}__") and one not in near][:LISTED]
    if near:
        return ResponseError(
            f"没有{what} {name!r}；相近的有 {'、'.join(near)}。(not found; near names are listed)"
        )
    shown = "、".join(names[:LISTED]) + ("……" if len(names) > LISTED else "")
    return ResponseError(f"没有{what} {name!r}；现有 {shown}。(not found; known names are listed)")
