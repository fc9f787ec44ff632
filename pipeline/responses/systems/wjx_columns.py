"""The columns of a 问卷星 export: which belong together, and their cells as they are read.

Both variants, 按文本 and 按序号, share their headers. ``6、题干`` stands alone; the rows of a
matrix follow ``13、题干`` with bare titles, or every column is ``5、(乘车不安全)``; the blanks of
one question are ``2、题干：—收货人姓名：``; the choices of a multiple choice ``第6题(运动)``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pipeline.privacy.contacts import is_contact_header
from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Aside, Role
from pipeline.responses.dictionary import Dictionary, Kind, MissingRange, Variable
from pipeline.responses.layouts.wjx_text import duration, moment
from pipeline.responses.layouts.wording import NUMBERED
from pipeline.responses.systems.headers import unique, with_unique_headers
from pipeline.responses.systems.joined_options import parts_of
from pipeline.responses.table import RawTable

KEY = "序号"
TYPED = "〖其他〗"
"""What a header of words typed beside a choice ends with."""
RANKED = "→"
POINTS = "分"
MISSING: dict[str, tuple[str, MissingKind]] = {
    "(跳过)": ("跳过", "not_asked"),
    "(空)": ("空", "no_answer"),
    "-3": ("跳过", "not_asked"),
    "-2": ("没有填", "no_answer"),
}
"""Contents that give no answer; the figures only in the variant 按序号."""
BY_TEXT, BY_NUMBER = ("(跳过)", "(空)"), ("-3", "-2")
ABOUT: dict[str, tuple[Role, str]] = {
    KEY: ("key", "问卷星给每份答卷的序号。"),
    "提交答卷时间": ("submitted", "提交答卷的时间（北京时间）。"),
    "开始答卷时间": ("start", "开始答卷的时间（北京时间）。"),
    "所用时间": ("seconds", "答题用时，已换成秒。"),
    "来源": ("metadata", "答卷来自哪个渠道，由问卷星记录。"),
    "来源详情": ("metadata", "来源的细节，由问卷星记录。"),
    "来自IP": ("contact", "IP 地址和由它推断的地区，属个人信息，不读入。"),
    "用户ID": ("contact", "填答者的账号，属个人信息，不读入。"),
    "总分": ("derived", "问卷星按答案算出的总分，不是题目。"),
    "uid": ("identifier", "链接里带的参数，用来认出填答者或链接。"),
    "version": ("version", "链接里带的问卷版本。"),
}
"""The columns that are no questions; their order changed over the years."""

BY_OPTION = re.compile(r"(?:第(\d+)题|(\d+))[(（](.*)[)）]", re.DOTALL)
"""A header of the variant 按序号: one column for each option."""
_IN_BRACKETS = re.compile(r"[(（](.*)[)）]", re.DOTALL)
_BLANK = re.compile(r"(.+?[:：?？])\s*[—–－-]{1,2}\s*(\S.*?)[:：]?", re.DOTALL)
_AGAIN = re.compile(r"(.*) \(\d+\)", re.DOTALL)
_MARK = re.compile(
    r"\s*[(（\[【]((?:(?:单选|多选|填空|量表|评分|排序|矩阵\w*+|下拉|多项填空|简答)题?|[必选][答填]"
    r"|\*|\s)+)[)）\]】]\s*$"
)
_BESIDE = re.compile(r"〖([^〗]*)〗")
_IN_POINTS = re.compile(r"(-?\d+(?:\.\d+)?)分")
_WHOLE = re.compile(r"(-?\d+)\.0+")
MOST_RANKED = 40
"""A cell with more parts than this between arrows is no ranking."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: question's number, its text, the row or choice, marks of its type."""

    header: str
    number: int
    text: str
    part: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of one question, in their order."""

    headings: tuple[Heading, ...]

    @property
    def number(self) -> int:
        return self.headings[0].number

    @property
    def text(self) -> str:
        """The question's text; where the export has none, its number."""
        return next((one.text for one in self.headings if one.text), f"第{self.number}题")

    @property
    def headers(self) -> list[str]:
        return [one.header for one in self.headings]


def heading(header: str) -> Heading | None:
    """Return what a header of a question says; None if it bears no number."""
    if found := BY_OPTION.fullmatch(header):
        return Heading(header, _number(found[1] or found[2]), "", found[3].strip())
    if not (numbered := NUMBERED.fullmatch(header)):
        return None
    number, rest, marks = _number(numbered[1]), numbered[2].strip(), ""
    while found := _MARK.search(rest):
        rest, marks = rest[: found.start()].rstrip(), marks + found[1]
    if (found := _IN_BRACKETS.fullmatch(rest)) and _is_one_pair(normal(rest)):
        return Heading(header, number, "", found[1].strip(), marks)
    for pattern in (_BLANK, re.compile(rf"(.+){RANKED}(.+)", re.DOTALL)):
        if found := pattern.fullmatch(rest):
            return Heading(header, number, found[1].strip(":： "), found[2].strip(), marks)
    return Heading(header, number, rest.rstrip("*:： ") or header, "", marks)


def _is_one_pair(text: str) -> bool:
    """Tell whether the bracket that a text begins with closes at its end."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _number(digits: str) -> int:
    """Return a question's number; one of absurd length is none that can be compared."""
    return int(digits[:9])


def blocks(table: RawTable) -> tuple[Block, ...]:
    """Return the questions of a table with unique headers.

    A bare header belongs to the question before it if its cells are like those of that question's
    columns; others stay out.
    """
    found: list[list[Heading]] = []
    headers = frozenset(table.headers)
    for header in table.headers:
        if header in ABOUT or header.endswith(TYPED):
            continue
        again = _AGAIN.fullmatch(header)
        one = heading(again[1] if again and again[1] in headers else header)
        if one is None and found and _is_row(table, header, found[-1]):
            one = Heading(header, found[-1][0].number, "", header)
        if one is None:
            continue
        one = replace(one, header=header)
        if found and found[-1][0].number == one.number:
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(Block(tuple(headings)) for headings in found)


def _is_row(table: RawTable, header: str, before: list[Heading]) -> bool:
    """Tell whether the contents of a column are those of the matrix before it."""
    told = answers(table.cells[header])
    known = set().union(*(answers(table.cells[one.header]) for one in before))
    return bool(told) and len(known) <= MOST_RANKED and len(told & known) * 2 >= len(told)


def answers(cells: pd.Series) -> set[str]:
    """Return the different contents of a column that say anything."""
    return {cell for cell in cells.unique() if normal(cell) not in EMPTY and cell not in MISSING}


def asides(table: RawTable, asked: Iterable[Block]) -> tuple[Aside, ...]:
    """Return the columns that are no questions."""
    questions = [table.headers.index(header) for block in asked for header in block.headers]
    first = min(questions, default=len(table.headers))
    made: list[Aside] = []
    for place, header in enumerate(table.headers):
        if header in ABOUT:
            role, why = ABOUT[header]
            empty = role != "contact" and not answers(table.cells[header])
            made.append(
                Aside(header, "empty" if empty else role, "整列是空的。" if empty else why)
            )
        elif place < first and not header.endswith(TYPED):
            if is_contact_header(header):
                made.append(Aside(header, "contact", "列名是个人信息，不读入。"))
            else:
                why = "排在题目之前，列名没有题号，多半是链接里带的参数。"
                made.append(Aside(header, "metadata", why))
    return tuple(made)


def tidied(table: RawTable, missing: Iterable[str], *, rankings: bool) -> RawTable:
    """Return the table with one meaning per column; see the modules of the two variants.

    `missing` are the contents that give no answer in this variant; `rankings` joined by → are
    split where there can be some.
    """
    table = with_unique_headers(table)
    columns: list[tuple[str, pd.Series]] = []
    notes: dict[str, Variable] = {}
    for header in table.headers:
        cells = table.cells[header]
        if header in ABOUT:
            columns.append((header, _each(cells, _OF_ABOUT.get(header, str))))
            continue
        cells, typed = _without_typed(cells)
        cells, in_points = _without_points(cells, missing)
        ranked = _ranks(header, cells) if rankings and heading(header) else []
        made = ranked or [(header, cells)]
        columns += made if typed is None else [*made, (f"{header}{TYPED}", typed)]
        names = [name for name, _ in made]
        notes |= _noted(names, cells, missing, "number" if ranked or in_points else "text")
        if in_points:
            notes[header] = replace(notes.get(header, Variable(header)), format=POINTS)
    tidy = pd.DataFrame({place: cells for place, (_, cells) in enumerate(columns)})
    tidy = tidy.reindex(table.cells.index).set_axis(
        pd.Index(unique([name for name, _ in columns]), dtype="str"), axis=1
    )
    return replace(table, cells=tidy, dictionary=_with(table.dictionary, notes))


_OF_ABOUT: dict[str, Callable[[str], str]] = {
    "提交答卷时间": moment,
    "开始答卷时间": moment,
    "所用时间": duration,
}


def whole(cells: pd.Series) -> pd.Series:
    """Return a column with 3.0 as 3: numbers of the variant 按序号 come with a point."""
    return _each(cells, lambda cell: found[1] if (found := _WHOLE.fullmatch(cell)) else cell)


def _each(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    return cells.map({cell: change(cell) for cell in cells.unique()}).astype("str")


def _without_typed(cells: pd.Series) -> tuple[pd.Series, pd.Series | None]:
    """Return a column without the words typed beside a choice, and these, if there are any."""
    if not cells.str.contains("〖", regex=False).any():
        return cells, None
    typed = _each(cells, lambda cell: "；".join(w.strip() for w in _BESIDE.findall(cell)))
    return _each(cells, lambda cell: _BESIDE.sub("", cell)), typed


def _without_points(cells: pd.Series, missing: Iterable[str]) -> tuple[pd.Series, bool]:
    """Return 4 for 4分 where all answers of a column are points, and whether they are."""
    told = answers(cells) - set(missing)
    if not told or not all(map(_IN_POINTS.fullmatch, map(str.strip, told))):
        return cells, False
    return _each(
        cells, lambda cell: found[1] if (found := _IN_POINTS.fullmatch(cell.strip())) else cell
    ), True


def _ranks(header: str, cells: pd.Series) -> list[tuple[str, pd.Series]]:
    """Return one column of ranks per option where the cells are rankings; none where not."""
    if not cells.str.contains(RANKED, regex=False).any():
        return []
    rows = parts_of(cells, RANKED, MISSING)
    options = list(dict.fromkeys(part for row in rows for part in row))
    once = all(len(set(row)) == len(row) for row in rows)
    if sum(len(row) > 1 for row in rows) * 2 < len(rows) or len(options) > MOST_RANKED or not once:
        return []
    return [
        (f"{header}{RANKED}{one}", _each(cells, partial(_rank, option=one))) for one in options
    ]


def _rank(cell: str, *, option: str) -> str:
    if cell in MISSING:
        return cell
    parts = [part.strip() for part in cell.split(RANKED) if part.strip()]
    return str(parts.index(option) + 1) if option in parts else ""


def _noted(
    names: Iterable[str], cells: pd.Series, missing: Iterable[str], kind: Kind
) -> dict[str, Variable]:
    """Return what the dictionary says of the missing contents of columns."""
    seen = [cell for cell in missing if (cells == cell).any()]
    if not seen:
        return {}
    values = {cell: MISSING[cell][0] for cell in seen}
    ranges = tuple(MissingRange(cell, cell) for cell in seen)
    return {name: Variable(name, kind=kind, values=values, missing=ranges) for name in names}


def _with(dictionary: Dictionary | None, notes: dict[str, Variable]) -> Dictionary:
    known = dictionary or Dictionary()
    kept = tuple(one for one in known.variables if one.name not in notes)
    return replace(known, variables=kept + tuple(notes.values()))
