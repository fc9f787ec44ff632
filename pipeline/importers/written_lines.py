"""Take the lines and tables of a written questionnaire apart into sections and questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.importers.building import cleaned
from pipeline.importers.written_notes import Notes, taken
from pipeline.importers.written_options import BLANK, row_of, split, words_of
from pipeline.intake.orders import rises
from pipeline.responses.missing_words import missing_kind_of

LONGEST_TITLE = 40
LONGEST_STEM = 300
LARGEST_GAP = 3
_WIDE = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_CHINESE = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"^(?:第\s*[{_CHINESE}0-9]+\s*(?:部分|单元|章|节)|[(（]?[A-Z{_CHINESE}]\s*部分)[:：、.．\s]*(.*)$"
)
_NUMERAL = re.compile(rf"^[(（]?([{_CHINESE}]{{1,3}})[)）]?\s*[、.．:：,，)）]\s*(.+)$")
_NAMED = re.compile(r"^(?:第\s*(\d{1,3})\s*题|[Qq]\s*(\d{1,3}))\s*[.、．:：)）]?\s*(.+)$")
_SUB = re.compile(r"^(\d{1,3})\s*[-－.．]\s*(\d{1,2})\s*[.、．:：\s]\s*(\D.+)$")
_ARABIC = re.compile(r"^[\[【]?(\d{1,3})[\]】]?\s*[.、．:：]\s*(.+)$")
_SPACED = re.compile(r"^(\d{1,3})\s+([\u4e00-\u9fff].{3,})$")
_ASKS = re.compile(r"[?？]|您|你|贵单位|[_＿]{2,}|单选|多选|填空|矩阵|量表|[:：]\s*$")
_EMPTY_BRACKETS = re.compile(r"[(（]\s*[)）]")
_THANKS = re.compile(r".*(?:问卷|调查)?(?:到此)?结束.*(?:谢|感).*|.{0,12}(?:谢谢|感谢).{0,20}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a cell that reaches over several columns occurs once."""

    rows: tuple[tuple[str, ...], ...]


Piece = Line | Table


@dataclass(slots=True)
class Asked:
    """A question as it is written.

    Attributes
    ----------
    number : as written (5, 5-1)
    options : place of the mark and label; `style` says how they are marked
    header, rows : of a matrix that is typed with boxes
    """

    number: str
    stem: str
    notes: Notes = field(default_factory=Notes)
    options: list[tuple[int, str]] = field(default_factory=list)
    style: str = ""
    tables: list[Table] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """A text between the questions."""

    text: str


@dataclass(slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    content: list[Asked | Said | Table] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """A questionnaire taken apart."""

    title: str = ""
    introduction: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def taken_apart(pieces: Sequence[Piece]) -> Document:
    """Return sections and questions of a document."""
    lines = [_plain(one.text) for one in pieces if isinstance(one, Line)]
    # Where questions bear numbers, 一、 is a heading; where none do, it is a question.
    reader = _Reader(numerals_ask=_numerals_ask(lines))
    for piece in pieces:
        if isinstance(piece, Table):
            reader.table(piece)
        else:
            for line in _parted(_plain(piece.text)):
                reader.line(line)
    return reader.document


def _numerals_ask(lines: Sequence[str]) -> bool:
    """Tell whether 一、二、 number the questions, and 1. 2. at most their choices."""
    numerals = [found[2] for one in lines if (found := _NUMERAL.match(one))]
    arabic = [found[2] for one in lines if (found := _ARABIC.match(one))]
    if any(_NAMED.match(one) for one in lines) or any(_is_asking(one) for one in arabic):
        return False
    return any(_is_asking(one) or _EMPTY_BRACKETS.search(one) for one in numerals)


def _is_asking(words: str) -> bool:
    return bool(_ASKS.search(words)) or split(words) is not None


def _plain(text: str) -> str:
    """Return a line with narrow digits and letters, and without marks of lists."""
    kept = (
        text.translate(_WIDE).replace("\ufeff", "").replace("\u3000", "  ").replace("\t", "    ")
    )
    return re.sub(r"^\s*(?:[*•·▪◆#]+)\s+", "", kept).replace("**", "").strip()


def _parted(line: str) -> Iterator[str]:
    if line:
        yield line[:5_000]


def _questions_in(table: Table) -> Iterator[str]:
    """Yield the lines of a table that only lays questions out: 题号, 题目, 选项; or one column."""
    rows = [[cell for cell in row if cell.strip()] for row in table.rows]
    filled = [row for row in rows if row]
    if filled and all(len(row) == 1 for row in filled):
        yield from (line for row in filled for line in row[0].split("\n"))
        return
    numbered = [row for row in filled if len(row) > 2 and re.fullmatch(r"\d{1,3}[.、]?", row[0])]
    choices = [row for row in numbered if split(row[-1]) or BLANK.search(row[-1])]
    if not choices or len(choices) < len(filled) / 2:
        return
    for row in numbered:
        yield f"{row[0].rstrip('.、')}. {row[1]}".replace("\n", " ")
        yield from (line for cell in row[2:] for line in cell.split("\n"))


class _Reader:
    def __init__(self, *, numerals_ask: bool) -> None:
        self.document = Document()
        self.numerals_ask = numerals_ask
        self.current: Asked | None = None
        self.last = 0

    def line(self, line: str) -> None:
        if title := self._heading(line):
            self.document.sections.append(Section(title))
            self.current = None
        elif found := self._question(line):
            self._begin(*found)
        elif self.current is None:
            self._between(line)
        else:
            self._inside(self.current, line)

    def table(self, table: Table) -> None:
        if listed := list(_questions_in(table)):
            for line in listed:
                self.line(_plain(line))
        elif self.current is not None and not self.current.options:
            self.current.tables.append(table)
        else:
            self._section().content.append(table)

    def _section(self) -> Section:
        if not self.document.sections:
            self.document.sections.append(Section(""))
        return self.document.sections[-1]

    def _heading(self, line: str) -> str:
        if found := _HEADING.match(line):
            return line if len(line) <= LONGEST_TITLE else ""
        found = _NUMERAL.match(line)
        if found and not self.numerals_ask and len(line) <= LONGEST_TITLE:
            return found[2].strip()
        return ""

    def _question(self, line: str) -> tuple[str, str] | None:
        """Return number and wording where a question begins."""
        if found := _NAMED.match(line):
            return found[1] or found[2], found[3]
        if self.numerals_ask and (numeral := _NUMERAL.match(line)):
            return str(self.last + 1), numeral[2]
        sub = _SUB.match(line)
        if sub and int(sub[1]) == self.last and self.current is not None and _ASKS.search(sub[3]):
            return f"{sub[1]}_{sub[2]}", sub[3]
        arabic = None if self.numerals_ask else _ARABIC.match(line)
        if arabic and self._goes_on(int(arabic[1]), arabic[2]):
            return arabic[1], arabic[2]
        spaced = _SPACED.match(line)
        if spaced and int(spaced[1]) == self.last + 1 and _ASKS.search(spaced[2]):
            return spaced[1], spaced[2]
        return None

    def _goes_on(self, number: int, rest: str) -> bool:
        """Tell whether a numbered line is a question, not a choice of the one before."""
        current, asks = self.current, _is_asking(rest)
        if current is None:
            fresh = not self._section().content
            return self.last == 0 or fresh or self.last < number <= self.last + LARGEST_GAP or asks
        if current.style in ("dotted", "bare_number") and number == len(current.options) + 1:
            return asks and number == self.last + 1
        open_to_choices = not current.options and not BLANK.search(current.stem)
        if number == 1 and open_to_choices and not asks:
            return False
        if self.last < number <= self.last + LARGEST_GAP:
            return True
        return asks

    def _begin(self, number: str, rest: str) -> None:
        asked = Asked(number, "")
        text = taken(rest, asked.notes)
        parted = split(text)
        if parted and (len(parted.options) > 1 or not parted.lead or parted.style == "letter"):
            asked.stem, asked.style = parted.lead, parted.style
            asked.options += parted.options
        else:
            asked.stem = text
        head = number.split("_")[0]
        self.last = int(head) if head.isdecimal() else self.last + 1
        self.current = asked
        self._section().content.append(asked)

    def _between(self, line: str) -> None:
        """Take a line that stands before the first question of a section."""
        document = self.document
        if not document.sections:
            short = len(line) <= LONGEST_TITLE and not line.endswith(("。", "：", ":", "！"))
            if not document.title and not document.introduction and short:
                document.title = line
            else:
                document.introduction.append(line)
        elif not _THANKS.fullmatch(line):
            self._section().content.append(Said(line))

    def _inside(self, current: Asked, line: str) -> None:
        text = taken(line, current.notes)
        if not text or re.fullmatch(r"[_＿\s.。]+", line):
            if BLANK.search(line) and not BLANK.search(current.stem):
                current.stem += "____"
            return
        if row := row_of(text):
            current.rows.append(row[0])
            return
        if current.rows and not split(text):
            current.rows.append(text)
            return
        if parted := split(text, len(current.options), current.style):
            if not parted.lead:
                current.options += parted.options
                current.style = current.style or parted.style
                return
        numbered = _ARABIC.match(text)
        if numbered and not current.options and numbered[1] == "1":
            current.options.append((1, numbered[2].strip()))
            current.style = "dotted"
            return
        words = words_of(text)
        points = [word for word in words if missing_kind_of(word) is None]
        if not current.options and len(points) >= 3 and rises(points) is not None:
            current.header = words
            if current.notes.kind != "matrix":
                current.options += list(enumerate(words, start=1))
                current.style = "words"
            return
        self._going_on(current, text)

    def _going_on(self, current: Asked, text: str) -> None:
        """Take a line without a mark: more of the question, a bare choice, or a note."""
        notes = current.notes
        if notes.kind == "matrix":
            if not current.header and len(words_of(text)) >= 2:
                current.header = words_of(text)
            else:
                current.rows.append(text)
        elif _THANKS.fullmatch(text):
            self.current = None
        elif not current.options or current.style == "unmarked":
            chosen = notes.kind in ("single", "scale", "ranking") or notes.many
            if chosen and len(text) <= LONGEST_TITLE:
                current.style = "unmarked"
                current.options.append((len(current.options) + 1, text))
            elif not current.options and len(current.stem) < LONGEST_STEM:
                current.stem = f"{current.stem} {text}"
        else:
            self.current = None
            self._section().content.append(Said(cleaned(text)))
