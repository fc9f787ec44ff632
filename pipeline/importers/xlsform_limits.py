"""What the constraint of an XLSForm's row says: bounds of ours, and what is left to be checked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_NUMBER = r"-?\d+(?:\.\d+)?"
_BOUND = re.compile(rf"\.\s*(>=|<=|>|<)\s*({_NUMBER})")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*(\d+)")
_COUNT = re.compile(r"count-selected\(\s*\.\s*\)\s*(>=|<=|>|<)\s*(\d+)")
_CHOSEN = r"selected\(\s*\.\s*,\s*'([^']*)'\s*\)"
_SEVERAL = rf"{_CHOSEN}(?:\s+or\s+{_CHOSEN})*"
_ALONE = re.compile(
    rf"not\(\s*(?:\(\s*)?({_SEVERAL})(?:\s*\))?\s+and\s+count-selected\(\s*\.\s*\)\s*>\s*1\s*\)"
)
_AT_LEAST = re.compile(rf"\(?count-selected\(\s*\.\s*\)\s*>=\s*(\d+)(?:\s+or\s+{_SEVERAL})\)")
_DAY = re.compile(
    r"\(?(?:\. != '' and )?\.\s*(>=|<=)\s*date(?:-time)?\(\s*'(\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?)"
    r"(?::00)?'\s*\)\)?"
)
_TIME = re.compile(r"round\(decimal-time\(\.\) \* 1440\) (>=|<=) (\d+)")


@dataclass(slots=True)
class Limits:
    """What a constraint says, taken apart.

    Attributes
    ----------
    low, high : bounds of a number
    earliest, latest : bounds of a day, time or moment, as ISO text
    least, most : how many choices
    length : characters of a text; 0 where it says nothing
    alone : names of the choices that go with no other
    rest : parts that are none of these, as XPath
    """

    low: float | None = None
    high: float | None = None
    earliest: str = ""
    latest: str = ""
    least: int = 0
    most: int | None = None
    length: int = 0
    alone: tuple[str, ...] = ()
    rest: list[str] = field(default_factory=list)


def limits_of(
    constraint: str, *, whole: bool, codes: Sequence[int] = (), checks: int = 0
) -> Limits:
    """Return what a constraint says.

    Parameters
    ----------
    whole : the answer is a whole number, so that above 3 means from 4
    codes : numbers that stand for a missing answer and are allowed beside the bounds
    checks : so many parts at the end are checks by themselves, as our own forms write them
    """
    found = Limits()
    parts = parts_of(constraint)
    own = len(parts) - checks if 0 < checks <= len(parts) else len(parts)
    for part in _opened(parts[:own], codes):
        if not _take(part, found, whole):
            found.rest.append(part)
    found.rest += parts[own:]
    return found


def _opened(parts: Sequence[str], codes: Sequence[int]) -> Iterator[str]:
    """Yield the parts that must all hold; numbers allowed beside the bounds are left out."""
    allowed = "".join(rf" or \. = {code}" for code in codes)
    for part in parts:
        inner = re.fullmatch(rf"\(\((.*)\){allowed}\)", part) if codes else None
        text = inner[1] if inner else part
        if not inner and text.startswith("(") and text.endswith(")") and _closes_last(text):
            text = text[1:-1].strip()
        split = parts_of(text)
        if len(split) > 1 and not _DAY.fullmatch(part):
            yield from _opened(split, ())
        else:
            yield part


def _take(part: str, found: Limits, whole: bool) -> bool:
    """Note what a part says; False where it says nothing of ours."""
    bare = part.strip()
    while bare.startswith("(") and bare.endswith(")") and _closes_last(bare):
        bare = bare[1:-1].strip()
    if one := _BOUND.fullmatch(bare):
        return _bounded(one[1], float(one[2]), found, whole)
    if (one := _LENGTH.fullmatch(bare)) and int(one[2]) - (one[1] == "<") > 0:
        found.length = int(one[2]) - (one[1] == "<")
    elif one := _COUNT.fullmatch(bare):
        _counted(one[1], int(one[2]), found)
    elif one := _AT_LEAST.fullmatch(part.strip()):
        found.least = int(one[1])
    elif one := _ALONE.fullmatch(bare):
        found.alone += tuple(re.findall(_CHOSEN, one[1]))
    elif one := _DAY.fullmatch(part.strip()):
        _timed(one[1], one[2], found)
    elif one := _TIME.fullmatch(bare):
        hours, minutes = divmod(int(one[2]), 60)
        _timed(one[1], f"{hours:02}:{minutes:02}", found)
    else:
        return False
    return True


def _bounded(sign: str, bound: float, found: Limits, whole: bool) -> bool:
    if sign in (">", "<") and not (whole and bound.is_integer()):
        return False
    if sign[0] == ">":
        bound += sign == ">"
        found.low = bound if found.low is None else max(found.low, bound)
    else:
        bound -= sign == "<"
        found.high = bound if found.high is None else min(found.high, bound)
    return True


def _counted(sign: str, count: int, found: Limits) -> None:
    if sign[0] == ">":
        found.least = max(found.least, count + (sign == ">"))
    else:
        most = count - (sign == "<")
        found.most = most if found.most is None else min(found.most, most)


def _timed(sign: str, moment: str, found: Limits) -> None:
    if sign == ">=":
        found.earliest = max(found.earliest, moment)
    else:
        found.latest = min(found.latest or moment, moment)


def parts_of(constraint: str) -> list[str]:
    """Return the parts that ``and`` joins on the outermost level."""
    parts, depth, quote, begun, at = [], 0, "", 0, 0
    while at < len(constraint):
        letter = constraint[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0 and (found := re.match(r"(?i:and)\b", constraint[at:])):
            if at and not (constraint[at - 1].isalnum() or constraint[at - 1] in "_-"):
                parts.append(constraint[begun:at].strip())
                at = begun = at + found.end()
                continue
        elif depth == 0 and re.match(r"(?i:or)\b", constraint[at:]) and at:
            if not (constraint[at - 1].isalnum() or constraint[at - 1] in "_-"):
                return [constraint.strip()]
        at += 1
    return [one for one in (*parts, constraint[begun:].strip()) if one]


def _closes_last(text: str) -> bool:
    """Tell whether the first bracket is closed by the last."""
    depth = 0
    for at, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return at == len(text) - 1
    return False
