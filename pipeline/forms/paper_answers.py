"""How each kind of question is answered on paper: the field below it and the marks beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import assert_never

from pipeline.forms import in_words
from pipeline.forms.expressions import plain
from pipeline.forms.paper_fields import (
    INDENT,
    Blanks,
    Cell,
    Entries,
    Field,
    Lines,
    Nothing,
    Piece,
    Row,
    Sheet,
    Tick,
    Ticks,
    height,
    matrix,
    scale,
    ticks,
    width,
)
from pipeline.i18n import Language, Text, word
from pipeline.questionnaire.blocks import Agreement, Block, Matrix, Note, Roster
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Choice,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)

LINE = 8.0
"""Of a number whose digits are not known, in em."""
MOST_DIGITS = 7
CHARACTERS_PER_LINE = 30
HIGHEST_ROSTER = 0.6
"""A table of a roster that is lower than this part of a page is kept on one page."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a questionnaire in one language, and the interface words that go with them."""

    questionnaire: Questionnaire
    language: str
    sheet: Sheet

    @property
    def interface(self) -> Language:
        """The language of the interface words: English where a text is neither zh nor en."""
        return "zh" if self.language == "zh" else "en"

    def clean(self, text: str) -> str:
        """Return a text without the control characters that no document may hold."""
        return _CONTROL.sub(" ", text).strip()

    def beside(self, text: str) -> str:
        """Return what follows other words: Chinese brackets need no blank before them."""
        return text if self.language == "zh" or not text else f" {text}"

    def text(self, text: Text) -> str:
        return self.clean(text(self.language))

    def said(self, key: str, *, table: str = "paper", **values: object) -> str:
        return word(f"{table}.{key}", self.interface, **values)

    def route(self, condition: Condition | None) -> str:
        """Return in words who is asked; '' where everybody is."""
        if condition is None:
            return ""
        return self.clean(in_words.before(condition, self.questionnaire, self.interface))


def field_of(block: Block, words: Words, number: Mapping[str, str]) -> Field:
    """Return where a block is answered."""
    match block:
        case Note():
            return Nothing()
        case Agreement():
            both = (Tick("1", words.text(block.agree)), Tick("2", words.text(block.decline)))
            return _ticks(both, words)
        case Matrix():
            rows = tuple(
                Row(_part(number[item.name]), words.text(item.text), words.route(item.show_if))
                for item in block.items
            )
            return matrix(_choices(block.offered, words), rows, words.sheet)
        case Roster():
            return _entries(block, words, number)
        case Scale():
            return scale(_choices(block.offered, words), words.sheet)
        case Calculated():
            return Nothing()
        case OpenEnded():
            return Lines(_lines(block))
        case SingleChoice() | MultipleChoice() | Ranking() | Number() | Moment():
            return _of_question(block, words)
    assert_never(block)


def marks_of(block: Block, words: Words) -> str:
    """Return what is said in brackets behind the wording: how many to tick, which range."""
    match block:
        case Matrix(cells="multiple_choice"):
            return _how_many(block.min_choices, block.max_choices, words, "each_row_")
        case Matrix():
            return words.said("each_row")
        case MultipleChoice():
            if "多选" in block.text.zh and words.language == "zh":
                return ""  # many authors say it in the question itself
            return _how_many(block.min_choices, block.max_choices, words, "")
        case Ranking():
            key = "ranked" if block.depth > 1 else "ranked_one"
            return words.said(key, places=block.depth)
        case Number():
            low, high = (
                "" if one is None else plain(one) for one in (block.minimum, block.maximum)
            )
            return _span(low, high, words)
        case Moment():
            return _span(_day(block.earliest, words), _day(block.latest, words), words)
        case _:
            return ""


def _how_many(least: int, most: int | None, words: Words, row: str) -> str:
    if most is None:
        key = (
            f"{row}at_least" if least > 1 else f"{row or 'any_number'}".replace("row_", "row_any")
        )
    elif least == most:
        key = f"{row}exactly"
    else:
        key = f"{row}between" if least > 1 else f"{row}at_most"
    return words.said(key, least=least, most=most)


def _span(low: str, high: str, words: Words) -> str:
    key = ("span" if high else "from") if low else "until"
    return words.said(key, low=low, high=high) if low or high else ""


def _day(moment: str, words: Words) -> str:
    day, _, time = moment.partition("T")
    if "-" not in day:
        return day
    year, month, date = (int(part) for part in day.split("-"))
    said = words.said("day", year=year, month=month, day=date)
    return f"{said} {time}" if time else said


def _of_question(
    block: SingleChoice | MultipleChoice | Ranking | Number | Moment, words: Words
) -> Ticks | Blanks:
    match block:
        case SingleChoice():
            return _ticks(_choices(block.offered, words), words)
        case MultipleChoice():
            return _ticks(_choices(block.offered, words, many=True), words)
        case Ranking():
            return _ticks(_choices(block.offered, words), words, ranking=True)
        case Number():
            return _number(block, words)
        case Moment():
            return _moment(block, words, 0.75 if words.sheet.large else 1.0)
    assert_never(block)


def _number(block: Number, words: Words) -> Blanks:
    unit = Piece(text=words.text(block.unit))
    pieces = (*_digits(block), *((unit,) if unit.text else ()))
    return Blanks(pieces, _choices(block.missing_codes, words))


def _ticks(choices: tuple[Tick, ...], words: Words, *, ranking: bool = False) -> Ticks:
    return ticks(
        choices,
        words.sheet.width - INDENT,
        one_per_line=words.sheet.large,
        mark="place" if ranking else "tick",
    )


def _choices(choices: Iterable[Choice], words: Words, *, many: bool = False) -> tuple[Tick, ...]:
    return tuple(_tick(choice, words, many) for choice in choices if choice.offered)


def _tick(choice: Choice, words: Words, many: bool) -> Tick:
    text = words.text(choice.text)
    if many and choice.exclusive and choice.missing is None:
        text += words.said("alone")
    specify = ""
    if choice.specify:
        told = re.search(r"注明|说明|specify", text)
        specify = words.said("specify_said" if told else "specify")
    return Tick(str(choice.code), text, specify, choice.missing is not None)


def _digits(block: Number) -> Iterator[Piece]:
    """Yield one box per digit where the largest number is known, else a line."""
    low, high = block.minimum, block.maximum
    if low is None or high is None or low < 0 or len(str(int(high))) > MOST_DIGITS:
        yield Piece(line=LINE)
        return
    yield Piece(boxes=len(str(int(high))))
    if block.decimals:
        yield Piece(text=".")
        yield Piece(boxes=block.decimals)


def _moment(block: Moment, words: Words, part: float) -> Blanks:
    """Return the blanks of a day or time, their lines this part of what they mostly are."""
    pieces = re.split(r"(\[\d+\])", words.said(block.type))
    return Blanks(
        tuple(
            Piece(line=float(one.strip("[]")) * part) if one.startswith("[") else Piece(text=one)
            for one in pieces
            if one
        )
    )


def _lines(block: OpenEnded) -> int:
    return min(6, max(1, ceil(block.max_length / CHARACTERS_PER_LINE / 2)))


def _entries(block: Roster, words: Words, number: Mapping[str, str]) -> Entries:
    asked = [one for one in block.questions if not isinstance(one, Calculated)]
    cells = tuple(
        Cell(
            Row(
                _part(number[one.name]),
                words.text(one.text) + words.beside(marks_of(one, words)),
                "".join((words.text(one.hint), words.route(one.show_if))),
            ),
            _in_cell(one, words),
        )
        for one in asked
    )
    abreast, most = (2, 4) if words.sheet.large else (3, 6)
    printed = min(block.maximum, most)
    entry = words.text(block.entry)
    heads = [f"{entry}{'' if words.language == 'zh' else ' '}{k + 1}" for k in range(printed)]
    span = _span(str(block.minimum), str(block.maximum), words)
    count = (
        Piece(text=words.said("counted")),
        Piece(boxes=len(str(block.maximum))),
        Piece(text=words.said("count_unit") + words.beside(span)),
    )
    more = words.said("more_entries", printed=printed, most=block.maximum)
    longest = max((width(cell.row.text) for cell in cells), default=0.0)
    share = min(max((longest + 3) / words.sheet.width, 0.2), 0.3)
    return Entries(
        count=Blanks(count),
        heads=tuple(tuple(heads[at : at + abreast]) for at in range(0, printed, abreast)),
        cells=cells,
        more=more if printed < block.maximum else "",
        share=share,
        together=_roster_height(cells, share, words.sheet) <= HIGHEST_ROSTER * words.sheet.lines,
    )


def _roster_height(cells: Iterable[Cell], share: float, sheet: Sheet) -> float:
    """Return about how many lines a table of a roster takes."""
    lines = 1.5
    for cell in cells:
        said = sum(
            height(text, share * sheet.width - 1) for text in (cell.row.text, cell.row.route)
        )
        instead = len(cell.field.instead) if isinstance(cell.field, Blanks) else 0
        asked = len(cell.field.lines) if isinstance(cell.field, Ticks) else 1.5 + instead
        lines += 0.5 + max(said, asked)
    return lines


def _in_cell(
    question: SingleChoice | Scale | MultipleChoice | Ranking | Number | Moment | OpenEnded,
    words: Words,
) -> Ticks | Blanks | Lines:
    match question:
        case OpenEnded():
            return Lines(1)
        case Number():
            return _number(question, words)
        case Moment():
            return _moment(question, words, 0.45)
        case _:
            many = isinstance(question, MultipleChoice)
            choices = _choices(question.offered, words, many=many)
            mark = "place" if isinstance(question, Ranking) else "tick"
            room = words.sheet.width / 3
            return Ticks(tuple((one,) for one in choices), 1, room, mark)  # type: ignore[arg-type]


def _part(number: str) -> str:
    """Return the number of a part without that of its block: (2) of 7(2)."""
    return number[number.index("(") :] if "(" in number else number
