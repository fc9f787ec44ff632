"""Which columns of a Qualtrics export belong to one question, and what they hold.

The identifiers of an Insights export say it: ``QID29-1-2`` is the second point of the first row
of question 29. A legacy export has only names (``Q29_1_2``) and texts (``stem-row-point``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.responses.described import Aside, Column, Item, Joined
from pipeline.responses.systems.columns import (
    contents,
    given,
    identifiers_of,
    is_numeric,
    labels_of,
)
from pipeline.responses.systems.ticks import (
    ONLY_CODES,
    TICKED,
    UNTICKED,
    binary,
    labelled,
    multiple_choice,
)
from pipeline.responses.table import RawTable

_QID = re.compile(r"((?:\d+_)?QID\d+(?:#\d+)?)((?:[-_]x?-?\d+)*)([-_]TEXT)?")
_NAME = re.compile(r"(.+?)((?:_-?\d+)*)(_TEXT)?")
_SIDE = re.compile(r"(.*): (-?\d+)")
_NUMBER = re.compile(r"x?-?\d+")
_SEPARATOR = re.compile(r"\s+-\s+|-")
_CODES = re.compile(r"-?\d+(?:[,;]-?\d+)+")
_CODE = re.compile(r"-?\d+")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+")
_SEEN = "-99"
"""What Qualtrics writes, if told to, for a question that was seen and not answered."""
_ENDS_A_STEM = ".?!:…。？！：，,"
_FEWEST_RANKED = 5
_MAYBE_MATRIX = "全部填 1 或为空，看作多选题的选项。若是每行只选一格的矩阵，请改正。"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about the columns that hold answers."""

    items: tuple[Item, ...]
    asides: tuple[Aside, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A column as a part of a question.

    Attributes
    ----------
    base : of the question, and of its row in a matrix of several choices
    last : which row or choice of it; '' where the question has one column
    """

    header: str
    label: str
    question: str
    base: str
    last: str
    typed: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns of one question, with what their texts share, and what each alone says."""

    parts: tuple[_Part, ...]
    stem: str
    words: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the names of the columns share."""
        names = [part.header for part in self.parts]
        shared = _shared(names)
        if any(name[len(shared) :][:1].isalnum() for name in names) and shared[-1:] not in "_-: ":
            shared = shared.rpartition("_")[0]
        return shared.rstrip("_-: ") or self.parts[0].question


def questions(table: RawTable, headers: Sequence[str]) -> Found:
    """Return the items of `headers` that the names, identifiers and texts give away.

    A question in one column is left out, but for words typed beside a choice and for codes joined
    by commas.
    """
    labels, identifiers = labels_of(table), identifiers_of(table)
    parts = [_part(header, labels[header], identifiers[header]) for header in headers]
    open_ = [part for part in parts if part.typed]
    items = [_typed(table, part, parts) for part in open_]
    closed = [part for part in parts if not part.typed]
    ranked: list[str] = []
    for group in _groups(closed):
        made, is_ranking = _of_group(table.cells, group)
        items += made
        if is_ranking:
            ranked.append(group.name)
    taken = {header for item in items if item is not None for header in item.headers}
    items += [_joined(table, part) for part in closed if part.header not in taken]
    place = {header: number for number, header in enumerate(headers)}
    kept = sorted((i for i in items if i is not None), key=lambda item: place[item.headers[0]])
    notes = [f"{'、'.join(ranked)} 像排序题，每列是一个选项的名次。"] if ranked else []
    return Found(tuple(kept), notes=tuple(notes))


def _part(header: str, label: str, identifier: str) -> _Part:
    if match := _QID.fullmatch(identifier):
        path = _NUMBER.findall(match[2])
        question = match[1]
    elif match := _SIDE.fullmatch(header):  # legacy side by side: "row: answers"
        return _Part(header, label, match[2], f": {match[2]}", match[1], False)
    elif match := _NAME.fullmatch(header):
        path = match[2].split("_")[1:]
        question = match[1]
    else:
        return _Part(header, label, header, header, "", False)
    typed = bool(match[3]) and (header.endswith("TEXT") or bool(path))
    base = "_".join([question, *path[:-1]])
    return _Part(header, label, question, base, path[-1] if path else "", typed)


def _shared(names: Sequence[str]) -> str:
    """Return what all names begin with."""
    first, last = min(names), max(names)
    alike = (place for place, sign in enumerate(first) if last[place : place + 1] != sign)
    return first[: next(alike, len(first))]


def _groups(parts: Sequence[_Part]) -> Iterator[_Group]:
    """Yield the columns that belong together, in the order of the first of each."""
    by_base: dict[str, list[_Part]] = {}
    for place, part in enumerate(parts):
        key = part.base if part.last else f"alone {place}"
        by_base.setdefault(key, []).append(part)
    alone: list[_Part] = []
    for members in by_base.values():
        if not members[0].last:
            alone += members
        elif (group := _group(members)) is not None:
            yield group
    yield from _with_equal_stems(alone)


def _group(members: Sequence[_Part]) -> _Group | None:
    """Return the group of columns whose texts share a beginning; None where they share none."""
    labels = [member.label for member in members]
    if not any(labels):
        stem = members[0].base
        return _Group(tuple(members), stem, {m.header: m.last for m in members})
    if len(members) == 1:
        stem = _stems(labels[0])[-1] if len(_stems(labels[0])) > 1 else ""
    else:
        shared = [stem for stem in _stems(labels[0]) if all(stem in _stems(t) for t in labels)]
        stem = shared[-1] if shared else ""
    if not stem:
        return None
    words = {m.header: m.label[len(stem) :].strip().lstrip("-").strip() for m in members}
    if not all(words.values()):
        words = {m.header: words[m.header] or m.last for m in members}
    return _Group(tuple(members), stem.strip(), words)


def _stems(label: str) -> list[str]:
    """Return the beginnings of a text up to each hyphen, the shortest first."""
    return [label[: m.start()] for m in _SEPARATOR.finditer(label) if m.start()]


def _with_equal_stems(alone: Sequence[_Part]) -> Iterator[_Group]:
    """Yield runs of columns without numbered names whose texts are one stem and a row."""
    run: list[_Part] = []
    for part in [*alone, None]:
        stems = {s for s in _stems(part.label) if s.strip()[-1:] in _ENDS_A_STEM} if part else ()
        together = bool(run) and bool(set(stems) & set(_stems(run[0].label)))
        if part is not None and together:
            run.append(part)
            continue
        if len(run) > 1 and (group := _group(run)) is not None:
            yield group
        run = [part] if part is not None and stems else []


def _of_group(cells: pd.DataFrame, group: _Group) -> tuple[list[Item | None], bool]:
    """Return the items of a group, and whether it is a ranking."""
    filled = {word for p in group.parts for word in contents(cells[p.header])}
    if len(group.parts) < 2 or not filled:
        return [], False
    codes = not any(part.label for part in group.parts)
    if filled & set(TICKED):
        ticks = binary(cells, group.words, TICKED, (*UNTICKED, _SEEN))
    else:
        ticks = labelled(cells, group.words)
    if ticks is not None:
        guessed = [ONLY_CODES] if codes else []
        if group.parts[0].base == group.parts[0].question:
            guessed.append(_MAYBE_MATRIX)
        if _SEEN in filled:
            guessed.append("“-99”是看到题目而没有答，这里算作没有选。")
        text, battery = _row_of(group)
        item = multiple_choice(
            cells, ticks, text, name=group.name, group=battery, guessed=guessed,
            group_text=text.rsplit(" - ", 1)[0] if battery else "",
        )  # fmt: skip
        return [item], False
    ranking = _is_ranking(cells, group)
    return [_row(group, part, ranking) for part in group.parts], ranking


def _row_of(group: _Group) -> tuple[str, str]:
    """Return the text of a multiple choice, and of which matrix it is a row ('' if of none)."""
    matrix = group.parts[0].question
    if group.parts[0].base == matrix or group.parts[0].base.startswith(":"):
        return group.stem, ""
    stems = _stems(group.stem)
    if not stems:
        return group.stem, matrix
    row = group.stem[len(stems[-1]) :].strip().lstrip("-").strip()
    return f"{stems[-1].strip()} - {row}", matrix


def _row(group: _Group, part: _Part, ranking: bool) -> Item:
    word = group.words[part.header]
    text = f"{group.stem} - {word}"
    if not ranking:
        return Item(text, Column(part.header), part.header, None, (), group.name, group.stem)
    count = len(group.parts)
    return Item(
        text, Column(part.header), part.header, "number", (), group.name, group.stem,
        minimum=1, maximum=count,
        guessed=(f"每份答卷的 {count} 列恰好是 1 到 {count} 各一次，看作排序题的名次。",),
    )  # fmt: skip


def _is_ranking(cells: pd.DataFrame, group: _Group) -> bool:
    """Tell whether every response that fills all columns has each rank once."""
    count = len(group.parts)
    ranks = {str(rank) for rank in range(1, count + 1)}
    columns = pd.DataFrame({p.header: given(cells[p.header]) for p in group.parts})
    whole = columns[(columns != "").all(axis=1)]
    if count < 3 or len(whole) < _FEWEST_RANKED:
        return False
    return bool(whole.isin(ranks).all(axis=None)) and bool((whole.nunique(axis=1) == count).all())


def _typed(table: RawTable, part: _Part, parts: Sequence[_Part]) -> Item | None:
    """Return the words of a ``_TEXT`` column; None where there are none, or numbers."""
    found = contents(table.cells[part.header])
    if not found or is_numeric(found):
        return None
    beside = any(
        (other.question, other.last) == (part.question, part.last) or other.base == part.base
        for other in parts
        if not other.typed
    )
    text = re.sub(r" - (?:Text|文本)$", "", part.label) or part.header
    return Item(
        f"{text}（请注明）" if beside else text, Column(part.header), part.header, "open_ended"
    )


def _joined(table: RawTable, part: _Part) -> Item | None:
    """Return a multiple choice whose codes stand in one column; None where none are joined."""
    found = contents(table.cells[part.header])
    joined = [word for word in found if _CODES.fullmatch(word)]
    if not joined or all(_THOUSANDS.fullmatch(word) for word in joined):
        return None
    for separator in (",", ";"):
        if all(_CODE.fullmatch(one) for word in found for one in word.split(separator)):
            return Item(
                part.label or part.header,
                Joined(part.header, separator),
                part.header,
                "multiple_choice",
                guessed=(f"格中的数字以“{separator}”相连，看作多选题。", ONLY_CODES),
            )
    return None
