"""Read a list of questions written for people: numbered lines, or a Markdown data dictionary.

Numbered: ``1. Question`` or ``1、题目`` with one option on each line below.
Markdown: a heading per question, below it ``- **Variable**: `name``` and
``- **Options**: Yes (1), No (0)``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.intake.definitions import Defined, Definition
from pipeline.intake.definitions.codebook import options_written
from pipeline.intake.definitions.contents import shown, text_of
from pipeline.responses.described import ItemKind, Option

SYSTEM = "题目清单（文字）"
FEWEST = 3
"""A file with fewer numbered lines or headings is not taken for a list of questions."""
LONGEST = 2000
_NUMBERED = re.compile(
    r"\s*(?:[Qq]|第)?\s*(?P<number>\d{1,3})\s*(?:题\s*[.、:：]?|[.．、:：)）])\s*(?P<text>(?!\d+([.,;\t]|$))\S.*)"
)
_PART = re.compile(
    r"\s*(?:part|section)\s+\w{1,4}\b.{0,40}$|\s*第[一二三四五六七八九十\d]+部分", re.I
)
_OPTION = re.compile(
    r"\s*(?:[-*•·□○◯☐①-⑳]+|[(（]?[A-Za-z][.．、)）]|[(（]?\d{1,2}[.．、)）])\s*(?P<text>\S.*)"
)
_TYPE = re.compile(
    r"[\[【(（]\s*(?P<kind>[^\[\]【】()（）]*(?:选|填空|量表|打分|评分|简答|文本|数字)[^\[\]【】()（）]*)[\]】)）]"
)
_HEADING = re.compile(r"#{2,6}\s+(?P<text>\S.*)")
_FIELD = re.compile(r"\s*[-*]\s+\*\*(?P<field>[^*]+)\*\*\s*:?\s*(?P<value>.*)")
_BULLET = re.compile(r"\s{2,}[-*+]\s+(?P<text>\S.*)")
_NAMED = re.compile(r"(?P<label>.*\S)\s*\(\s*`(?P<name>[^`]+)`\s*\)")
_IN_BRACKETS = re.compile(r"(?P<label>[^,;()]+?)\s*\((?P<code>-?\w+)\)\s*(?:[,;]|$)")
_YES_NO = re.compile(r"y\s*/\s*n|yes\s*/\s*no|是\s*/\s*否|是否", re.I)
_WORDS_OF_YES_NO: Mapping[str, tuple[str, ...]] = {
    "1": ("Y", "Yes", "是", "TRUE"), "0": ("N", "No", "否", "FALSE"),
}  # fmt: skip
_FILLED_IN: tuple[tuple[ItemKind, str], ...] = (
    ("number", r"number|numeric|integer|数字|数值|整数"),
    ("open_ended", r"text|free text|open|文本|文字|填空|自由填写"),
)
_MULTIPLE = re.compile(r"多选|可选多|multiple selection|select all|choose all", re.I)


@dataclass(slots=True)
class _Block:
    """A question while its lines are read; `number` is '' under a heading."""

    number: str
    text: str
    lines: list[str] = field(default_factory=list)


def is_numbered(text: str) -> bool:
    """Tell whether a text is a list of numbered questions, and no table."""
    lines = [line for line in text.splitlines()[:LONGEST] if line.strip()]
    if not lines or any("\t" in line for line in lines):
        return False
    numbers = [int(found["number"]) for line in lines if (found := _question(line))]
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    separated = sum(max(line.count(","), line.count(";"), line.count("|")) >= 4 for line in lines)
    return len(numbers) >= FEWEST and numbers[0] == 1 and (
        rising >= len(numbers) / 2 and separated < len(lines) / 5
    )  # fmt: skip


def is_dictionary(text: str) -> bool:
    """Tell whether a text is a Markdown data dictionary."""
    fields = [found["field"].strip().lower() for line in text.splitlines()
              if (found := _FIELD.fullmatch(line))]  # fmt: skip
    return sum(name in _VARIABLE or name in _OPTIONS for name in fields) >= FEWEST


_VARIABLE = ("variable", "variables", "变量", "变量名", "column", "列名")
_OPTIONS = ("options", "option", "values", "选项", "取值")
_KIND = ("type", "question type", "类型", "题型")


def read_question_list(path: Path) -> Definition:
    """Read a .txt or .md with questions.

    Raises
    ------
    ResponseError
        It cannot be read, or is no list of questions.
    """
    text = text_of(path)
    if is_dictionary(text):
        questions = [one for block in _headed(text) if (one := _described(block))]
    elif is_numbered(text):
        questions = [_listed(block) for block in _numbered(text)]
    else:
        raise ResponseError(
            f"{path}: 看不出题目。请每题一行写“1. 题目”，选项各占一行；"
            "或改用变量名、题目、选项三列的表。"
            "(no list of questions)"
        )
    return Definition(path, SYSTEM, _title(text), tuple(_told_apart(questions)))


def _title(text: str) -> str:
    found = re.match(r"\s*#\s+(\S.*)", text)
    return shown(found[1]) if found else ""


def _told_apart(questions: Sequence[Defined]) -> Iterator[Defined]:
    """Yield every text once: the parts of a survey may be listed twice."""
    known: set[tuple[str, str]] = set()
    for one in questions:
        if (one.name, one.text) not in known:
            known.add((one.name, one.text))
            yield one


def _question(line: str) -> re.Match[str] | None:
    found = _NUMBERED.match(line)
    return found if found and re.search(r"[^\W\d_]", found["text"]) else None


def _numbered(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    for line in text.splitlines():
        found = _question(line)
        if found and (block is None or _follows(block, found)):
            if block:
                yield block
            block = _Block(found["number"], found["text"])
        elif block is not None and line.strip() and not _PART.match(line):
            block.lines.append(line.strip())
    if block:
        yield block


def _follows(block: _Block, found: re.Match[str]) -> bool:
    """Tell a question's number from that of an option."""
    return int(found["number"]) == int(block.number) + 1 or (
        found["number"] == "1" and len(block.lines) > 0 and int(block.number) > FEWEST
    )


def _listed(block: _Block) -> Defined:
    kind = _kind(block.text)
    text = shown(_TYPE.sub("", block.text)) or block.text
    named = (f"Q{block.number}", f"q{block.number}", f"第{block.number}题")
    if len(block.lines) == 1:
        if _YES_NO.fullmatch(block.lines[0]):
            either = (Option("1", "是"), Option("0", "否"))
            return Defined(named[0], text, "single_choice", either, columns=named[1:],
                           wordings=_WORDS_OF_YES_NO)  # fmt: skip
        if filled := next(
            (k for k, p in _FILLED_IN if re.fullmatch(p, block.lines[0], re.I)), None
        ):
            return Defined(named[0], text, filled, columns=named[1:])
    labels = [shown(found["text"] if (found := _OPTION.match(line)) else line)
              for line in block.lines]  # fmt: skip
    options = tuple(Option(label, label) for label in dict.fromkeys(labels) if label)
    letters = {
        label: (f"{at}", chr(ord("A") + at - 1)) if at <= 26 else (f"{at}",)
        for at, label in enumerate(dict.fromkeys(labels), start=1)
    }
    return Defined(named[0], text, kind, options, columns=named[1:], wordings=letters)


def _kind(text: str) -> ItemKind | None:
    if not (found := _TYPE.search(text)):
        return None
    words = found["kind"]
    if "多选" in words:
        return "multiple_choice"
    if re.search(r"量表|打分|评分", words):
        return "scale"
    if "数字" in words:
        return "number"
    return "open_ended" if re.search(r"填空|简答|文本", words) else "single_choice"


def _headed(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    for line in text.splitlines():
        if found := _HEADING.match(line):
            if block:
                yield block
            block = _Block("", shown(found["text"]))
        elif block is not None:
            block.lines.append(line)
    if block:
        yield block


def _described(block: _Block) -> Defined | None:
    """Return the question under a heading; None where it names neither variable nor options."""
    fields = _fields(block.lines)
    names = re.findall(r"`([^`]+)`", next((fields[f][0] for f in _VARIABLE if f in fields), ""))
    inline, bullets = next((fields[f] for f in _OPTIONS if f in fields), ("", []))
    if len(names) > 1 or not (names or bullets):
        return None
    kinds = " ".join(fields[name][0] for name in _KIND if name in fields)
    kind: ItemKind | None = "number" if re.search("numeric|数", kinds, re.I) else None
    options = [Option(code, label.strip()) for label, code in _IN_BRACKETS.findall(inline)]
    ticks: dict[str, str] = {}
    for bullet in bullets:
        named = _NAMED.fullmatch(bullet)
        label = shown(named["label"] if named else bullet)
        options.append(Option(label, label))
        if named:
            ticks[label] = named["name"]
    if not options:
        options = list(options_written(inline)) if ";" in inline else []
    if ticks or any(_MULTIPLE.search(line) for line in block.lines):
        kind = "multiple_choice"
    name = names[0] if names else next(iter(ticks.values()), block.text)
    return Defined(
        name, block.text, kind if not options or kind == "multiple_choice" else None,
        tuple(options), ticks=(ticks,) if len(ticks) == len(options) and ticks else (),
        wordings={"1": ("Yes",), "0": ("No",)} if {o.cell for o in options} == {"0", "1"} else {},
    )  # fmt: skip


def _fields(lines: Sequence[str]) -> dict[str, tuple[str, list[str]]]:
    """Return the fields of a heading with what stands behind each, and the list below it."""
    fields: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in lines:
        if found := _FIELD.fullmatch(line):
            name = found["field"].strip().lower()
            fields.setdefault(name, (found["value"].strip()[:LONGEST], []))
        elif name and (bullet := _BULLET.match(line)):
            fields[name][1].append(bullet["text"].strip()[:LONGEST])
    return fields
