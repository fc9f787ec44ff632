"""The choices of a written question: ``A. 男 B. 女``, ``□男 □女``, ``①是 ②否``, one line or many.

Marks count only in their order (A, B, C; 1, 2, 3): a letter or number inside a wording is no mark.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BOXES = "□○◯☐▢◻￮〇⃝▣"
BLANK = re.compile(r"[_＿]{2,}|[(（]\s{2,}[)）]|…{2,}")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE = r"\u4e00-\u9fff"
_SPECIFY = re.compile(
    r"[,，:：]?\s*[(（]?\s*(?:请)?(?:具体)?(?:注明|写明|说明|填写|填明|列明|补充|写出|详细说明)[^)）]{0,10}[)）]?"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark before a choice: where it stands, and which it is (A -> 1, ③ -> 3; 0 for a box)."""

    start: int
    end: int
    place: int


@dataclass(frozen=True, slots=True)
class Style:
    """A way to mark choices.

    Attributes
    ----------
    pattern : its first filled group is the mark
    least : how many must stand in one line for it to be believed there
    """

    name: str
    pattern: re.Pattern[str]
    place: Callable[[str], int]
    least: int = 1


def _letter(mark: str) -> int:
    return ord(mark.upper()) - ord("A") + 1


STYLES = (
    Style(
        "letter",
        re.compile(
            r"(?<![A-Za-z])(?:([A-Z])\s?[.．、:：/／)）,，]\s*|[(（]([A-Z])[)）]\s*"
            rf"|(?:^|(?<=\s))([A-Z])\s+(?=[{_CHINESE}]))"
        ),
        _letter,
    ),
    Style("circled", re.compile(f"([{_CIRCLED}])[.、．]?\\s*"), lambda m: _CIRCLED.index(m) + 1),
    Style("box", re.compile(f"([{BOXES}])\\s*(?![{BOXES}])"), lambda _: 0),
    Style("paren", re.compile(r"[(（](\d{1,2})[)）]\s*|(?<![\d(（])(\d{1,2})[)）]\s*"), int),
    Style("dotted", re.compile(r"(?<![\d.．])(\d{1,2})\s?[.．、=＝]\s*"), int, 2),
    Style("bare_letter", re.compile(rf"(?<![A-Za-z])([A-Z])\s?(?=[{_CHINESE}])"), _letter, 2),
    Style("bare_number", re.compile(rf"(?<!\S)(\d{{1,2}})\s*(?=[{_CHINESE}])"), int, 2),
)


@dataclass(frozen=True, slots=True)
class Split:
    """A line taken apart: what stands before the first choice, and place and label of each."""

    style: str
    lead: str
    options: tuple[tuple[int, str], ...]


def split(text: str, after: int = 0, style: str = "") -> Split | None:
    """Return the choices in a line; None where there are none.

    Parameters
    ----------
    after, style : how many choices the lines before have, and how they are marked
    """
    for one in STYLES:
        if style and one.name.removeprefix("bare_") != style.removeprefix("bare_"):
            continue
        marks = list(_in_order(one, text, after))
        going_on = bool(style) and bool(marks) and marks[0].start == 0
        if marks and (len(marks) >= one.least or going_on):
            return _cut(one.name, text, marks)
    return None


def _in_order(style: Style, text: str, after: int) -> Iterator[Mark]:
    expected = after + 1
    for found in style.pattern.finditer(text):
        mark = next(group for group in found.groups() if group)
        place = style.place(mark)
        if place == 0:
            yield Mark(found.start(), found.end(), expected)
            expected += 1
        elif place == expected:
            yield Mark(found.start(), found.end(), place)
            expected += 1


def _cut(name: str, text: str, marks: list[Mark]) -> Split:
    ends = [mark.start for mark in marks[1:]] + [len(text)]
    options = tuple(
        (mark.place, text[mark.end : end].strip(" \t\u3000；;，,、。|"))
        for mark, end in zip(marks, ends, strict=True)
    )
    return Split(name, text[: marks[0].start].strip(), options)


def words_of(text: str) -> list[str]:
    """Return the words of a line that are parted by blanks, strokes or the like."""
    return [one for one in re.split(r"[\s\u3000|/／、]+", text.strip()) if one]


def row_of(line: str) -> tuple[str, int] | None:
    """Return the wording of a row of a matrix that is typed with boxes, and how many it has."""
    found = re.fullmatch(rf"(.*?\S)\s*((?:[{BOXES}]\s*){{2,}})", line.strip())
    return (found[1], sum(found[2].count(box) for box in BOXES)) if found else None


def with_words(label: str) -> tuple[str, bool]:
    """Return a choice without its blank, and whether the respondent is to say what is meant."""
    rest = BLANK.sub("", label)
    bare = _SPECIFY.sub("", rest).strip(" ：:，,()（）")
    asks = BLANK.search(label) is not None or (
        _SPECIFY.search(rest) is not None and re.match(r"其[他它]|别的|另", bare) is not None
    )
    return (bare, True) if asks and bare else (label.strip(), False)
