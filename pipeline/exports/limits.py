"""What a statistical format can hold, and how a text that is too long for it is shortened.

SPSS: names 64 bytes, labels of variables 256 bytes, labels of values 120 bytes, texts 32,767 bytes
(all of UTF-8). Stata 14 and later: names 32 characters, labels of variables 80 characters, labels
of values 32,000 bytes, texts of any length. Sources: IBM SPSS Statistics, "Variable names" and
"Value labels"; Stata, ``help limits`` and ``help dta_118``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import category

from pipeline.errors import Fault

ELLIPSIS = "…"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Length:
    """The most that a text may have, in bytes of UTF-8 or in characters."""

    most: int
    unit: str = "bytes"

    def of(self, text: str) -> int:
        """Return the length of a text in this unit."""
        return len(text.encode()) if self.unit == "bytes" else len(text)

    def holds(self, text: str) -> bool:
        """Tell whether a text is short enough."""
        return self.of(text) <= self.most

    def cut(self, text: str, end: str = ELLIPSIS) -> str:
        """Return the text, shortened on a character boundary and ending in `end` if too long."""
        if self.holds(text):
            return text
        room = self.most - self.of(end)
        if self.unit != "bytes":
            return text[:room].rstrip() + end
        return text.encode()[:room].decode("utf-8", errors="ignore").rstrip() + end

    def __str__(self) -> str:
        return f"{self.most} {'字节' if self.unit == 'bytes' else '字符'}"


@dataclass(slots=True)
class Report:
    """What is told of one file as it is written: what was changed, and what forbids writing."""

    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)

    def say_of(self, variable: str, note: str) -> None:
        """Add a note that may hold for many variables; it is told once, with their names."""
        self.shared.setdefault(note, []).append(variable)

    def told(self) -> list[str]:
        """Return all notes, those that are shared last."""
        return [
            *self.notes,
            *(f"变量 {quoted(names)}：{note}" for note, names in self.shared.items()),
        ]


@dataclass(frozen=True, slots=True)
class NameRules:
    """Which names of variables a format takes.

    Attributes
    ----------
    marks : what may stand in a name beside letters and digits
    first : what may stand at its beginning beside letters
    reserved : words that are no names, a pattern that is matched without regard to case
    folded : whether names that differ only in case are the same
    """

    length: Length
    marks: str
    first: str
    reserved: re.Pattern[str]
    folded: bool

    def allows(self, name: str, spare: int = 0) -> bool:
        """Tell whether a name may stand as it is, `spare` below the greatest length."""
        return (
            name != ""
            and (_is_letter(name[0]) or name[0] in self.first)
            and all(_is_letter(c) or category(c) in DIGITS or c in self.marks for c in name)
            and not name.endswith(".")
            and not self.reserved.fullmatch(name)
            and self.length.of(name) <= self.length.most - spare
        )

    def key(self, name: str) -> str:
        """Return what two names share that the format cannot tell apart."""
        return name.casefold() if self.folded else name

    def made(self, header: str, spare: int = 0) -> str:
        """Return a name that is allowed and like the header."""
        name = "".join(
            c if _is_letter(c) or category(c) in DIGITS or c in self.marks else "_" for c in header
        )
        name = re.sub(r"_{2,}", "_", name).lstrip("_.$#@").rstrip("_.")
        if not name or not _is_letter(name[0]):
            name = f"v{name}"
        name = Length(self.length.most - spare, self.length.unit).cut(name, "").rstrip("_.") or "v"
        return f"{name}_" if self.reserved.fullmatch(name) else name


DIGITS = ("Nd", "Mn", "Mc")
"""Decimal digits, and the marks without which some scripts have no words."""

SPSS_NAMES = NameRules(
    Length(64),
    marks="_.$#@",
    first="",  # @ is legal too, but the library that writes does not take it
    reserved=re.compile("ALL|AND|BY|EQ|GE|GT|LE|LT|NE|NOT|OR|TO|WITH", re.IGNORECASE),
    folded=True,
)
STATA_NAMES = NameRules(
    Length(32, "characters"),
    marks="_",
    first="_",
    reserved=re.compile(
        r"_all|_b|_coef|_cons|_n|_pi|_pred|_rc|_skip|byte|double|float|if|in|int|long|strL|str\d+"
        "|using|with|alias|_N|_r_.*",
        re.IGNORECASE,
    ),
    folded=False,
)


def legal_names(headers: Sequence[str], rules: NameRules, spare: Sequence[int]) -> list[str]:
    """Return a name for each header: itself where the rules allow it, else one that is like it.

    No two names are alike for the format. `spare` says of each by how much it must be shorter than
    the longest name.
    """
    made: dict[int, str] = {}
    taken: set[str] = set()
    for place, header in enumerate(headers):
        if rules.allows(header, spare[place]) and rules.key(header) not in taken:
            made[place] = header
            taken.add(rules.key(header))
    for place, header in enumerate(headers):
        if place in made:
            continue
        like = header or f"v{place + 1}"
        name, count = rules.made(like, spare[place]), 1
        while rules.key(name) in taken or not rules.allows(name, spare[place]):
            count += 1
            end = f"_{count}"
            name = rules.made(like, spare[place] + len(end)) + end
        made[place] = name
        taken.add(rules.key(name))
    return [made[place] for place in range(len(headers))]


def quoted(texts: Sequence[str]) -> str:
    """Return the first texts in quotation marks, for a message."""
    more = f" 等 {len(texts)} 个" if len(texts) > SHOWN else ""
    return "、".join(f"“{text}”" for text in texts[:SHOWN]) + more


def _is_letter(character: str) -> bool:
    return category(character).startswith("L")
