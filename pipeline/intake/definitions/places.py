"""Find the columns of defined questions among the headers of a table.

The surest sign decides for all questions before a weaker one is tried for any: the exact name,
the code that stands before a text (``age. How old are you?``), the name as R or Stata rewrite it,
the name without its groups, and last the text of the question. A column is taken once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.intake.definitions import Defined
from pipeline.responses.layouts.wording import plain, title
from pipeline.responses.table import RawTable

_CODE_BEFORE_TEXT = re.compile(r"(?P<code>[^\W\d]\w*(?:\[[^\]]*\])*)[.:：]\s")
_NUMBER_BEFORE = re.compile(r"^\s*[Qq]?\d{1,3}\s*[、.．:：]\s*(?=\D)")
_REPEATED = re.compile(r" \(\d+\)$")
_READ_BY_R = "X.U.FEFF."
"""What R makes of a byte order mark that it took for a part of the first name."""
LEAST = 0.5
"""Share of a question's options that must have a column of their own to be read from these."""
ALIKE = 0.9
"""Share of the options that must be called as in the list, where columns are found in a row."""

Key = Callable[[str], str]
Way = Callable[[Defined], "Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """The columns of one question; `ticks` is empty where its options have none of their own.

    Attributes
    ----------
    column : its one column, '' where there is none
    ticks : option's cell -> header
    """

    column: str = ""
    ticks: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> tuple[str, ...]:
        """All columns of the question."""
        return ((self.column,) if self.column else ()) + tuple(self.ticks.values())


def exact(name: str) -> str:
    """Return a name as exports write it."""
    return name.strip()


def code_before_text(name: str) -> str:
    """Return the code that stands before a question's text, or the name where none does."""
    found = _CODE_BEFORE_TEXT.match(name)
    return found["code"] if found else name.strip()


def rewritten(name: str) -> str:
    """Return a name as programs rewrite it that know only letters, digits and dots."""
    words = unicodedata.normalize("NFKC", name).removeprefix(_READ_BY_R).strip().casefold()
    dotted = re.sub(r"[^\w.]", ".", words)
    return dotted if re.match(r"[^\W\d_]", dotted) else f"x{dotted}"


_KEYS: tuple[Key, ...] = (exact, code_before_text, rewritten)


class Places:
    """The headers of a table that are not taken yet."""

    def __init__(self, table: RawTable, questions: Sequence[Defined]) -> None:
        """Take in a table whose headers can be told apart."""
        self._headers = table.headers
        known = {one.name: one for one in table.dictionary.variables} if table.dictionary else {}
        self._labels = {h: known[h].label for h in self._headers if h in known}
        self._identifiers = {h: known[h].identifier for h in self._headers if h in known}
        self._groups = {group for one in questions for group in one.path}
        self._taken: set[str] = set()
        self._by_key = {key: self._indexed(key) for key in _KEYS}
        self._by_last = self._without_groups()
        self._by_text = self._by_texts()
        self._bare = [plain(_REPEATED.sub("", header)) for header in self._headers]

    def found(self, questions: Sequence[Defined]) -> dict[int, Found]:
        """Return place in `questions` -> its columns, for those that have any."""
        found: dict[int, Found] = {}
        named: list[Way] = [
            partial(self._named, index=self._by_key[key], key=key) for key in _KEYS
        ]
        named.append(partial(self._named, index=self._by_last, key=exact))
        for way in (*named, self._worded, self._in_a_row):
            for place, one in enumerate(questions):
                if place not in found and (here := way(one)).headers:
                    found[place] = here
                    self._taken.update(here.headers)
        for way in named:  # the joined column may bear another form of the name than the ticks
            for place, known in found.items():
                if questions[place].ticks and not (known.column and known.ticks):
                    found[place] = self._with_rest(known, way(questions[place]))
        return found

    def _with_rest(self, known: Found, more: Found) -> Found:
        here = Found(known.column or more.column, known.ticks or more.ticks)
        self._taken.update(here.headers)
        return here

    def take(self, names: Iterable[str]) -> str:
        """Return and take the column of the first name that has one that is free; '' if none."""
        for key in _KEYS:
            for name in names:
                if header := self._free(self._by_key[key], key(name)):
                    self._taken.add(header)
                    return header
        return ""

    def left(self, header: str) -> bool:
        """Tell whether a column is not taken."""
        return header not in self._taken

    def _indexed(self, key: Key) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for header in self._headers:
            index.setdefault(key(header.removeprefix("\ufeff")), []).append(header)
            if identifier := self._identifiers.get(header, ""):
                index.setdefault(key(identifier), []).append(header)
        return index

    def _without_groups(self) -> dict[str, list[str]]:
        """Index headers by what follows their groups; ``-`` and ``.`` also stand within names."""
        index: dict[str, list[str]] = {}
        for header in self._headers:
            if "/" in header:
                parts = header.split("/")
                for start in range(1, len(parts)):
                    index.setdefault("/".join(parts[start:]), []).append(header)
            for joint in "-.":
                before, _, last = header.rpartition(joint)
                if before and before.rpartition(joint)[2] in self._groups:
                    index.setdefault(last, []).append(header)
        return index

    def _by_texts(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for header in self._headers:
            said = {_compared(header), _compared(self._labels.get(header, ""))}
            for text in said - {""}:
                index.setdefault(text, []).append(header)
        return index

    def _free(self, index: Mapping[str, Sequence[str]], key: str) -> str:
        """Return the one free header of a key; '' where there is none, or more than one."""
        free = [header for header in index.get(key, ()) if header not in self._taken]
        return free[0] if len(set(free)) == 1 else ""

    def _named(self, one: Defined, index: Mapping[str, Sequence[str]], key: Key) -> Found:
        names = (*one.columns, one.name)
        column = next((h for name in names if (h := self._free(index, key(name)))), "")
        ticks: dict[str, str] = {}
        for way in one.ticks:
            here = {cell: h for cell, name in way.items() if (h := self._free(index, key(name)))}
            if len(here) > len(ticks) and len(set(here.values())) == len(here):
                ticks = here
        if len(ticks) < LEAST * len(one.options) or (column and len(ticks) < 2):
            ticks = {}
        return Found("" if column in ticks.values() else column, ticks)

    def _worded(self, one: Defined) -> Found:
        """Find a question by its text, which must be that of no other column."""
        for text in _texts(one):
            if header := self._free(self._by_text, _compared(text)):
                return Found(header)
        ticks = {
            option.cell: header
            for option in one.options
            for text in _texts(one)
            for said in (
                f"{text}[{option.label}]",
                f"{text}-{option.label}",
                f"{text}{option.label}",
            )
            if (header := self._free(self._by_text, _compared(said)))
        }
        whole = len(one.options) > 1 and len(ticks) >= LEAST * len(one.options)
        return Found("", ticks) if whole and len(set(ticks.values())) == len(ticks) else Found()

    def _in_a_row(self, one: Defined) -> Found:
        """Find a question of a list by columns that are called what its options are, in order."""
        wanted = [plain(option.label) for option in one.options]
        if one.kind not in (None, "multiple_choice") or len(wanted) < 3:
            return Found()
        for start, first in enumerate(self._bare):
            called = self._bare[start : start + len(wanted)]
            if first != wanted[0] or len(called) < len(wanted):
                continue
            alike = sum(a == b for a, b in zip(called, wanted, strict=True))
            headers = self._headers[start : start + len(wanted)]
            if alike >= ALIKE * len(wanted) and all(map(self.left, headers)):
                cells = [option.cell for option in one.options]
                return Found("", dict(zip(cells, headers, strict=True)))
        return Found()


def _compared(text: str) -> str:
    """Return a text as it is compared, without the question's number; '' if it is too short."""
    said = title(_NUMBER_BEFORE.sub("", _REPEATED.sub("", text))).casefold()
    return said if len(said) > 1 else ""


def _texts(one: Defined) -> tuple[str, ...]:
    """Return the texts that a column of a question may bear as its header or label."""
    if one.group and one.group_text:
        joints = (f"{one.group_text}[{one.text}]", f"{one.group_text}-{one.text}",
                  f"{one.group_text}：{one.text}", f"{one.group_text}{one.text}")  # fmt: skip
        return joints
    return (one.text, *one.texts)
