"""Which columns of a LimeSurvey export belong to one question: its parts stand in brackets.

``Q[SQ001]`` or ``text [sub text]`` is a row of a matrix or an option of a multiple choice,
``Q[other]`` the words typed beside a choice, ``Q[1]`` or ``[Rank 1]`` a place of a ranking,
``Q[SQ001#0]`` or ``[…][Scale 1]`` a row of the first of two scales.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.responses.described import Column, Item, Option, Ticks
from pipeline.responses.missing_words import missing_kind_of
from pipeline.responses.systems.columns import TYPED, contents, labels_of
from pipeline.responses.systems.ticks import (
    ONLY_CODES,
    TICKED,
    UNTICKED,
    binary,
    multiple_choice,
)
from pipeline.responses.table import RawTable

_PARTED = re.compile(r"(.+?)\s*((?:\[[^\[\]]*\])+)\s*", re.DOTALL)
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_SCALE = re.compile(r"(?:Scale|Skala|Échelle|量表|标度)\s*(\d+)", re.IGNORECASE)
_RANK = re.compile(r"(?:Rank|Rang|排名|等级|名次)\s*(\d+)", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\[[^\[\]]*\])*")
OTHER = "-oth-"
"""The code of "other" in a single choice."""
_OTHER_WORDS = frozenset(
    {"other", "其他", "其它", "sonstiges", "andere", "anders", "autre", "otro", "outro", "altro"}
)
_COMMENT_WORDS = frozenset({"comment", "评论", "注释", "kommentar", "commentaire", "comentario"})
_YES = (*TICKED, "Y", "Yes", "Ja", "Oui", "Sí", "是")
_NO = (*UNTICKED, "N", "No", "Nein", "Nee", "Non", "否", "N/A")
_COULD_BE_ROWS = "各列只有“{words}”，看作多选题的选项。若是“是/否”矩阵，请改正。"


@dataclass(frozen=True, slots=True)
class Part:
    """A column with brackets: the question before them, and what stands in each."""

    header: str
    question: str
    stem: str
    path: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def word(self) -> str:
        """What the column alone says."""
        return " - ".join(self.words) or self.path[-1]


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one question, or of one scale of it."""

    name: str
    stem: str
    parts: tuple[Part, ...]


def groups(table: RawTable, headers: Sequence[str]) -> list[Group]:
    """Return the questions in several columns, in the order of their first ones."""
    labels = labels_of(table)
    found: dict[str, list[Part]] = {}
    for header in headers:
        if header.endswith(TYPED) or (part := _part(header, labels[header])) is None:
            continue
        found.setdefault(part.question + _scale(part), []).append(part)
    return [Group(name, parts[0].stem, tuple(parts)) for name, parts in found.items()]


def is_typed(part: Part) -> bool:
    """Tell whether a column holds the words typed beside "other"."""
    return {part.path[-1].casefold(), part.words[-1].casefold() if part.words else ""} & (
        _OTHER_WORDS
    ) != set()


def ticks_of(cells: pd.DataFrame, group: Group) -> Ticks | None:
    """Return the ticks of a multiple choice without its typed "other"; None if it is none."""
    words = {p.header: p.word for p in _proper(group)}
    if len(words) < 2 or any(_place(part) for part in group.parts):
        return None
    return binary(cells, words, _YES, _NO)


def questions(table: RawTable, headers: Sequence[str]) -> tuple[tuple[Item, ...], list[str]]:
    """Return the items that the brackets in names and texts give away, and notes."""
    items: list[Item] = []
    ranked: list[str] = []
    labels = labels_of(table)
    alone = {header for header in headers if not header.endswith(TYPED)}
    for group in groups(table, headers):
        made = _items(table, group)
        items += made
        alone -= {part.header for part in group.parts}
        if made and any(_place(part) for part in group.parts):
            ranked.append(f"“{group.stem[:30]}”")
    taken = {header for item in items for header in item.headers}
    items += [
        _words(labels[header], header)
        for header in headers
        if header.endswith(TYPED) and header not in taken
    ]
    for header in headers:
        if header in alone and OTHER in (found := contents(table.cells[header])):
            items.append(_with_other(header, labels[header], found))
    order = {header: place for place, header in enumerate(headers)}
    items.sort(key=lambda item: order[item.headers[0]])
    notes = [f"{'、'.join(ranked)} 是排序题，每列是一个名次所选的选项。"] if ranked else []
    return tuple(items), notes


def _part(header: str, label: str) -> Part | None:
    match = _PARTED.fullmatch(header)
    if match is None:
        return None
    path = tuple(one.strip() for one in _BRACKET.findall(match[2]))
    if not all(path):
        return None
    told = _PARTED.fullmatch(label) if label and _CODE.fullmatch(header) else match
    if told is None:
        return Part(header, match[1], label or match[1], path, ())
    words = tuple(one.strip() for one in _BRACKET.findall(told[2]))
    return Part(header, match[1], " ".join(told[1].split()), path, tuple(w for w in words if w))


def _scale(part: Part) -> str:
    """Return which of two scales a column is of, '' where there is one."""
    if "#" in part.path[-1]:
        return f"#{part.path[-1].rpartition('#')[2]}"
    match = _SCALE.fullmatch(part.words[-1]) if part.words else None
    return f"#{match[1]}" if match else ""


def _place(part: Part) -> int:
    """Return which place of a ranking a column is, 0 if it is none."""
    match = _RANK.fullmatch(part.words[-1] if part.words else part.path[-1])
    return int(match[1]) if match else 0


def _is_comment(part: Part) -> bool:
    last = part.path[-1].casefold()
    return (
        last in _COMMENT_WORDS
        or last.endswith("comment")
        or bool(part.words and part.words[-1].casefold() in _COMMENT_WORDS)
    )


def _proper(group: Group) -> list[Part]:
    return [p for p in group.parts if not is_typed(p) and not _is_comment(p)]


def _items(table: RawTable, group: Group) -> list[Item]:
    cells = table.cells
    proper = _proper(group)
    typed = [p for p in group.parts if is_typed(p)]
    made = [
        Item(f"{group.stem} - {p.word}（说明）", Column(p.header), p.header, "open_ended")
        for p in group.parts
        if _is_comment(p)
    ]
    ticks = ticks_of(cells, group)
    if ticks is not None:
        return [*made, *_choices(table, group, ticks)]
    scale = {word for p in proper for word in contents(cells[p.header])}
    rows = [p for p in typed if len(proper) > 1 and set(contents(cells[p.header])) <= scale]
    made += [
        _words(group.stem, p.header) for p in typed if p not in rows and contents(cells[p.header])
    ]
    proper += rows
    if len(proper) < 2 or not scale:
        return made
    return [*made, *(_row(cells, group, part) for part in proper)]


def _choices(table: RawTable, group: Group, ticks: Ticks) -> Iterator[Item]:
    """Yield a multiple choice, and the words typed beside its "other"."""
    headers = dict(ticks.headers)
    for part in group.parts:
        if not is_typed(part):
            continue
        if f"{part.header}{TYPED}" in table.headers:
            headers[part.word if part.word not in headers else part.header] = part.header
            yield _words(group.stem, f"{part.header}{TYPED}")
        else:
            yield _words(group.stem, part.header)
    codes = not any(part.words for part in group.parts)
    guessed = [ONLY_CODES] if codes else []
    found = dict.fromkeys(w for h in ticks.headers.values() for w in contents(table.cells[h]))
    if set(found) & {*ticks.unticked} - {*UNTICKED}:
        words = "、".join(found)
        guessed.append(_COULD_BE_ROWS.format(words=words))
    whole = Ticks(headers, ticks.ticked, ticks.unticked)
    name = group.name if _CODE.fullmatch(group.name) else ""
    yield multiple_choice(table.cells, whole, group.stem, name=name, guessed=guessed)


def _row(cells: pd.DataFrame, group: Group, part: Part) -> Item:
    name = part.header if _CODE.fullmatch(part.question) else ""
    if place := _place(part):
        return Item(
            f"{group.stem}（第 {place} 位）",
            Column(part.header),
            name,
            "single_choice",
            _options(contents(cells[part.header])),
            guessed=("排序题的一个名次：这一列是排在该位的选项。",),
        )
    words = [w for w in part.words if not _SCALE.fullmatch(w)] or [part.path[-1]]
    text = f"{group.stem} - {' - '.join(words)}"
    if match := next((m for w in part.words if (m := _SCALE.fullmatch(w))), None):
        text += f"（第 {match[1]} 个量表）"
    return Item(text, Column(part.header), name, None, (), group.name, group.stem)


def _words(stem: str, header: str) -> Item:
    text = stem if stem.endswith("）") else f"{stem}（其他，请注明）"
    return Item(text, Column(header), "", "open_ended")


def _with_other(header: str, label: str, found: Sequence[str]) -> Item:
    """Return a single choice with the code of "other" explained."""
    options = [*_options(sorted(w for w in found if w != OTHER)), Option(OTHER, "其他")]
    return Item(
        label or header,
        Column(header),
        header if _CODE.fullmatch(header) else "",
        "single_choice",
        tuple(options),
        guessed=("选项取自答卷中出现过的内容，没有人选过的选项请补上。",),
    )


def _options(found: Sequence[str]) -> tuple[Option, ...]:
    made = []
    for word in found:
        missing = missing_kind_of(word)
        made.append(Option(word, word, missing, f"“{word}”看上去是缺失。" if missing else ""))
    return tuple(made)
