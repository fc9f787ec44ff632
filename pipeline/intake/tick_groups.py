"""Multiple choices in one column per option: 0/1 columns, and columns of a label or a blank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.intake.cells import Content
from pipeline.intake.headers import Stem, bare, name_and_text, stem_of
from pipeline.responses.cell_words import normal
from pipeline.responses.described import Item, Option, Ticks
from pipeline.responses.dictionary import ResponseSet

NOT_CHOSEN = frozenset(
    "not selected|unselected|unchecked|not checked|not mentioned|no mention|not quoted|not chosen"
    "|not marked|no to:|0|未选中|未选|没有选|未选择|未勾选|未提及|没有提及".split("|")
)
CHOSEN = frozenset(
    "selected|checked|mentioned|quoted|chosen|marked|1|x|y|√|✓|✔|选中|已选|选择|勾选|提及".split(
        "|"
    )
)
_TRUE, _FALSE = ("1", "TRUE", "True", "true"), ("0", "FALSE", "False", "false")
EXCLUSIVE = frozenset(
    "none|none of these|none of the above|nothing|以上都没有|以上都不是|以上皆非|以上均无|都没有"
    "|没有|无|都不是".split("|")
)
LEAST_COUNTED = 3
"""Columns that differ by a number alone (``m1``, ``m2``) are a group from this many on."""


@dataclass(frozen=True, slots=True)
class _Ticks:
    """What a column writes for chosen and for not chosen.

    `own` is the column's own text where chosen is written as the option itself.
    """

    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    own: str = ""


@dataclass(frozen=True, slots=True)
class _Member:
    content: Content
    stem: Stem
    ticks: _Ticks | None


def tick_groups(columns: Sequence[Content]) -> Iterator[Item]:
    """Yield the multiple choices among neighbouring columns, each described as one item."""
    taken: set[str] = set()
    for members in _families(columns):
        if kept := _together(members):
            taken |= {member.content.header for member in kept}
            yield _item(kept)
    rest = [content for content in columns if content.header not in taken]
    for run in _runs(rest):
        yield _item(run)


def declared_set(group: ResponseSet, columns: Mapping[str, Content]) -> Item | None:
    """Describe a multiple-response set of 0/1 variables that the file itself declares."""
    contents = [columns[name] for name in group.variables if name in columns]
    if group.counted is None or len(contents) < 2:
        return None
    others = {cell for one in contents for cell in one.counts if cell != group.counted}
    headers = {one.header: one.header for one in contents}
    labels = [one.variable.label or one.header for one in contents]
    options = tuple(Option(c.header, label) for c, label in zip(contents, labels, strict=True))
    where = Ticks(headers, (group.counted,), tuple(sorted(others)))
    name = group.name.lstrip("$")
    return Item(group.label or name, where, name, "multiple_choice", options)


def _families(columns: Sequence[Content]) -> Iterator[list[_Member]]:
    """Yield the columns with one stem, in the order of the columns."""
    found: dict[tuple[str, int], list[_Member]] = {}
    for content in columns:
        if stem := stem_of(content.header):
            key = (stem.text, stem.pattern)
            found.setdefault(key, []).append(_Member(content, stem, _ticks(content)))
    for members in list(found.values()):
        if members[0].stem.pattern == -1:  # the first of several alike bears no number
            first = [c for c in columns if normal(c.header) == members[0].stem.text]
            members[:0] = [_Member(c, Stem(c.header, "", -1), _ticks(c)) for c in first]
    yield from found.values()


def _together(members: Sequence[_Member]) -> list[_Member]:
    """Return the members that are ticks of one kind, and columns that nobody ticked."""
    kept = [m for m in members if m.ticks is not None or not m.content.counts]
    kinds = {_kind(m.ticks) for m in kept if m.ticks is not None}
    if len(kinds) > 1:
        kept = [m for m in kept if m.ticks is None or _kind(m.ticks) == "ticked"]
        kinds &= {"ticked"}
    some = [m for m in kept if m.ticks is not None]
    least = LEAST_COUNTED if members[0].stem.pattern in (4, 5) else 2
    if len(some) < min(2, least) or len(kept) < least or not kinds:
        return []
    own = [m.ticks.own for m in some if m.ticks and m.ticks.own]
    if len(set(own)) < len(own):
        return []
    if own and members[0].stem.pattern == -1:
        kept = some  # an empty column of the same name has no option of its own
    return kept


def _kind(ticks: _Ticks) -> str:
    return "own" if ticks.own else "ticked"


def _ticks(content: Content) -> _Ticks | None:
    """Return how a column writes chosen and not chosen; None if it is no column of ticks."""
    cells = set(content.counts)
    if not cells or len(cells) > 3:
        return None
    if content.labels:
        return _labelled(content)
    if cells <= {*_TRUE, *_FALSE}:
        return _Ticks(_TRUE, _FALSE)
    said = {cell: cell.casefold() for cell in cells}
    unticked = tuple(sorted(cell for cell in cells if said[cell] in NOT_CHOSEN))
    ticked = sorted(cells - set(unticked))
    if len(ticked) > 1:
        return None
    if not ticked or said[ticked[0]] in CHOSEN:
        return _Ticks(tuple(ticked), unticked)
    number = ticked[0] in content.numbers
    alone = not number and len(ticked[0]) <= 200 and content.filled >= 1
    return _Ticks(tuple(ticked), unticked, own=ticked[0]) if alone else None


def _labelled(content: Content) -> _Ticks | None:
    """Read ticks from value labels (0 未选中, 1 选中); yes and no are answers of their own."""
    said = {code: label.casefold() for code, label in content.labels.items()}
    ticked = tuple(code for code, label in said.items() if label in CHOSEN)
    unticked = tuple(code for code, label in said.items() if label in NOT_CHOSEN)
    known = {*ticked, *unticked}
    return _Ticks(ticked, unticked) if len(ticked) == 1 and set(content.counts) <= known else None


def _runs(columns: Sequence[Content]) -> Iterator[list[_Member]]:
    """Yield runs of neighbours that each hold nothing but their own header."""
    run: list[_Member] = []
    for before, content in pairwise([None, *columns]):
        assert content is not None
        ticks = _ticks(content)
        named = ticks is not None and ticks.own == bare(content.header)
        if run and (not named or before is not run[-1].content):
            if len(run) > 1:
                yield run
            run = []
        if named:
            run.append(_Member(content, Stem("", bare(content.header), -2), ticks))
    if len(run) > 1:
        yield run


def _item(members: Sequence[_Member]) -> Item:
    labels, text = _labels(members)
    cells = _cells(members)
    some = [m.ticks for m in members if m.ticks is not None]
    own = any(ticks.own for ticks in some)
    alone = _exclusive(members, labels)
    options = tuple(
        Option(cell, label, guessed=why, exclusive=at in alone)
        for at, (cell, (label, why)) in enumerate(zip(cells, labels, strict=True))
    )
    headers = dict(zip(cells, (m.content.header for m in members), strict=True))
    ticked = () if own else tuple(dict.fromkeys(c for ticks in some for c in ticks.ticked))
    unticked = tuple(dict.fromkeys(cell for ticks in some for cell in ticks.unticked))
    stem = members[0].stem.text
    name, asked = name_and_text(stem, text) if stem else ("", text)
    written = "每列一个选项，写选项文字或空白" if own else "每列一个选项，写是否选中"
    guessed = [
        f"{len(members)} 列（“{next(iter(headers.values()))}”等）{written}，合为一道多选题。"
    ]
    if not text and not stem:
        asked = "（题干不在文件中）可多选：" + "、".join(label for label, _ in labels[:4]) + "…"
        guessed.append("文件中没有这道多选题的题干，请补上。")
    return Item(
        asked, Ticks(headers, ticked, unticked), name, "multiple_choice", options,
        guessed=tuple(guessed),
    )  # fmt: skip


def _cells(members: Sequence[_Member]) -> list[str]:
    """Return what each option is called: its code in the header, or else its own text."""
    for called in (
        [m.stem.rest for m in members],
        [m.ticks.own if m.ticks else "" for m in members],
    ):
        if all(called) and len(set(called)) == len(called):
            return called
    return [m.content.header for m in members]


def _labels(members: Sequence[_Member]) -> tuple[list[tuple[str, str]], str]:
    """Return each option's label with what is guessed of it, and the question's own text."""
    of_variables = [stem_of(m.content.variable.label) for m in members]
    texts = {stem.text for stem in of_variables if stem is not None and stem.pattern != 4}
    text = texts.pop() if len(texts) == 1 else ""
    made = []
    for member, cut in zip(members, of_variables, strict=True):
        label, rest = member.content.variable.label.strip(), member.stem.rest
        if member.ticks is not None and member.ticks.own:
            made.append((member.ticks.own, ""))
        elif cut is not None and text and cut.text == text:
            made.append((cut.rest, ""))
        elif label:
            made.append((label, ""))
        elif rest and not rest.isdecimal() and len(rest) > 1:
            made.append((rest, ""))
        else:
            shown = rest or member.content.header
            made.append((f"选项 {shown}", f"文件中没有选项 {shown} 的文字，请补上。"))
    return made, text


def _exclusive(members: Sequence[_Member], labels: Sequence[tuple[str, str]]) -> set[int]:
    """Return the options that say "none of these" and never stand beside another."""
    chosen = [
        m.content.in_rows(dict.fromkeys(m.ticks.ticked, 1.0)) == 1.0
        if m.ticks
        else m.content.places > len(m.content.counts)
        for m in members
    ]
    alone = set()
    for at, (label, _) in enumerate(labels):
        if label.casefold() in EXCLUSIVE:
            beside = any((chosen[at] & other).any() for i, other in enumerate(chosen) if i != at)
            if not beside:
                alone.add(at)
    return alone
