"""Where the variables of a DATA LIST stand in a line.

``DATA LIST FIXED RECORDS=2 /1 AGE 1-2 SEX 3 (A) Q1 TO Q3 4-6 /2 WT 1-8 (2)``: columns count from
1, both ends included. Source: IBM SPSS Statistics Command Syntax Reference, DATA LIST.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.responses.spss_tokens import Token

COLUMNS = re.compile(r"(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")
NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")
DELIMITED = ("FREE", "LIST")
MOST_VARIABLES = 10_000


class Unplaced(Exception):  # noqa: N818  (always caught, and told with the others of the file)
    """What a command says cannot be understood; `line` tells where, 0 where the command begins."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable stands.

    Attributes
    ----------
    record : the line of the case, from 1
    first, last : columns, from 1, both included
    decimals : digits that follow a point that is not written
    """

    name: str
    record: int
    first: int
    last: int
    is_text: bool = False
    decimals: int = 0


def laid_out(rest: Sequence[Token]) -> tuple[list[Place], int]:
    """Return the places that a DATA LIST gives, and the number of lines per case.

    Raises
    ------
    Unplaced
        If the data are not in fixed columns, or the columns cannot be understood.
    """
    start = next((at for at, token in enumerate(rest) if token.is_sign("/")), len(rest))
    head, body = rest[:start], rest[start:]
    for token in head:
        if token.kind == "word" and token.said.upper() in DELIMITED:
            raise Unplaced("DATA LIST FREE/LIST 的数据不是固定列，不能这样读。", token.line)
    places = list(_places(body))
    if not places:
        raise Unplaced("DATA LIST 里没有变量。")
    names = [place.name.casefold() for place in places]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise Unplaced(f"DATA LIST 里变量重复：{'、'.join(sorted(repeated))}。")
    declared = _records(head)
    return places, max(declared, *(place.record for place in places))


def listed(rest: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """Yield the variables of GET DATA /VARIABLES, and whether each holds text."""
    at = next((n for n, token in enumerate(rest) if token.is_word("VARIABLES")), len(rest))
    words = [token.said for token in rest[at + 1 :] if token.kind == "word"]
    for name, display in zip(words[::2], words[1::2], strict=False):
        yield name, display.upper().startswith("A") and display[1:2].isdigit()


def _records(head: Sequence[Token]) -> int:
    words = [token for token in head if token.kind == "word"]
    for before, after in pairwise(words):
        if before.is_word("RECORDS") and after.said.isdecimal():
            return int(after.said)
    return 1


def _places(body: Sequence[Token]) -> Iterator[Place]:
    """Yield the variables of the records, which slashes open."""
    record, at = 0, 0
    names: list[str] = []
    while at < len(body):
        token = body[at]
        if token.is_sign("/"):
            record += 1
            if at + 1 < len(body) and body[at + 1].said.isdecimal():
                record = int(body[at + 1].said)
                at += 1
        elif token.kind == "word" and (columns := COLUMNS.fullmatch(token.said)) and names:
            first = int(columns["first"])
            last = int(columns["last"] or first)
            format_, at = _format(body, at)
            yield from _divided(names, record, first, last, format_, token.line)
            names = []
        elif token.is_sign("("):
            raise Unplaced(
                "只能读写明列号的 DATA LIST（变量 起-止），不能读 (F8.2) 式。", token.line
            )
        elif token.is_word("TO") and names and at + 1 < len(body):
            at += 1
            names += _between(names[-1], body[at])
        elif token.kind == "word":
            names.append(token.said)
        elif not token.is_sign(","):
            raise Unplaced(f"DATA LIST 里读不懂 {token.said!r}。", token.line)
        at += 1
    if names:
        raise Unplaced(f"变量 {names[-1]} 没有列号。", body[-1].line)


def _format(body: Sequence[Token], at: int) -> tuple[str, int]:
    """Return what stands in brackets after the columns, and the place of its end."""
    if at + 1 >= len(body) or not body[at + 1].is_sign("("):
        return "", at
    close = next((n for n in range(at, len(body)) if body[n].is_sign(")")), None)
    if close is None:
        raise Unplaced("括号没有成对。", body[at].line)
    return ",".join(token.said for token in body[at + 2 : close] if token.kind == "word"), close


def _divided(
    names: Sequence[str], record: int, first: int, last: int, display: str, line: int
) -> Iterator[Place]:
    """Yield the places of variables that share a range of columns evenly."""
    width, rest = divmod(last - first + 1, len(names))
    if first < 1 or width < 1 or rest:
        raise Unplaced(f"列 {first}-{last} 分不匀给 {len(names)} 个变量。", line)
    kind = display.upper().split(",")
    is_text = kind[0][:1] == "A" and kind[0][:2] != "AD"
    decimals = next((int(part) for part in reversed(kind) if part.isdecimal()), 0)
    for at, name in enumerate(names):
        begin = first + at * width
        yield Place(
            name, max(record, 1), begin, begin + width - 1, is_text, 0 if is_text else decimals
        )


def _between(first: str, last: Token) -> list[str]:
    """Return the names after the first of ``Q1 TO Q20``."""
    begin, end = NUMBERED.fullmatch(first), NUMBERED.fullmatch(last.said)
    if not begin or not end or begin["stem"].casefold() != end["stem"].casefold():
        raise Unplaced(f"读不懂 {first} TO {last.said}。", last.line)
    low, high = int(begin["number"]), int(end["number"])
    if not 0 <= high - low < MOST_VARIABLES:
        raise Unplaced(f"{first} TO {last.said} 的变量太多或次序颠倒。", last.line)
    digits = len(begin["number"])
    return [f"{begin['stem']}{number:0{digits}}" for number in range(low + 1, high + 1)]
