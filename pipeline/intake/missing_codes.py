"""Which contents of a column say that an answer is missing.

Declared by the file, said by the wording of a label or of the cell, or, of numbers without a
label, likely from their pattern (9, 99, -8) and the distance to all others. Only the first is
sure.
"""

from collections.abc import Iterable

from pipeline.intake.cells import Content
from pipeline.intake.headers import is_quantity
from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.described import Option
from pipeline.responses.missing_words import REASONS, is_doubtful, missing_kind_of

_REPEATED = {float(figure * digits) for figure in "789" for digits in (2, 3, 4, 5, 6)}
_NINES = {float("9" * (digits - 1) + figure) for figure in "56789" for digits in (2, 3, 4, 5, 6)}
LARGE_CODES = _REPEATED | _NINES
SMALL_NEGATIVE = {-1.0, -7.0, -8.0, -9.0}
_USUAL_CELLS = {str(int(code)) for code in LARGE_CODES | SMALL_NEGATIVE | {8.0, 9.0}}
SINGLE_FIGURES = {7.0, 8.0, 9.0}
MANY = 500
LEAST_MEASURED = 10
LEAST_DISTANCE = 0.2
"""A code stands clear if it is this part of the others' range away from the largest of them."""


def missing_options(content: Content) -> tuple[Option, ...]:
    """Return the contents that give no substance, with the reason and how it is known."""
    found: dict[str, Option] = {}
    for cell in dict.fromkeys([*_worth_a_look(content), *content.variable.values]):
        if option := _by_words(content, cell):
            found[cell] = option
    unlabelled = [cell for cell in content.counts if cell not in found]
    for cell in likely_codes(content, unlabelled):
        if cell not in content.labels:
            found[cell] = Option(cell, cell, _kind_of_code(cell), _why_code(content, cell))
    return tuple(found.values())


def _worth_a_look(content: Content) -> Iterable[str]:
    """Return the contents; of a great many, those that recur, as a wording for missing does."""
    if len(content.counts) <= MANY:
        return content.counts
    return (cell for cell, rows in content.counts.items() if rows > 1)


def _by_words(content: Content, cell: str) -> Option | None:
    label = content.labels.get(cell, "")
    if content.variable.is_missing(cell):
        return Option(cell, label or cell, missing_kind_of(label or cell) or "no_answer")
    if not label and cell in content.numbers:
        return None
    kind = missing_kind_of(label or cell)
    if kind is None:
        return None
    if is_doubtful(label or cell) and cell not in _USUAL_CELLS:
        return None
    said = f"{cell}（“{label}”）" if label else f"“{cell}”"
    why = f"按字面把 {said} 当作“{REASONS[kind]}”，文件没有声明它是缺失。"
    return Option(cell, label or cell, kind, why)


def _kind_of_code(cell: str) -> MissingKind:
    """Return the commonest use of a code: 8 and 88 for don't know, 7 and 77 for refused."""
    match cell.lstrip("-").removesuffix(".0")[-1:]:
        case "8":
            return "dont_know"
        case "7":
            return "refused"
    return "no_answer"


def _why_code(content: Content, cell: str) -> str:
    rows = content.counts[cell]
    kind = REASONS[_kind_of_code(cell)]
    return (
        f"数字 {cell}（{rows} 行）离其余数字很远，像缺失代码，当作“{kind}”；"
        "各家的代码不同，请对照编码本。"
    )


def likely_codes(content: Content, among: Iterable[str]) -> tuple[str, ...]:
    """Return the contents that look like missing codes beside the other numbers of a column.

    A code is likely only where it has the usual form and stands clear of everything else: 99 in
    ages up to 80, 9 in answers from 1 to 5, -8 and -9 where nothing else is negative. Of a size
    or a duration a single figure is no code; a few measured values prove nothing.
    """
    numbers = {cell: content.numbers[cell] for cell in among if cell in content.numbers}
    if len(numbers) < 3:
        return ()
    values = set(numbers.values())
    if len(values) < LEAST_MEASURED and not all(map(float.is_integer, values)):
        return ()
    codes = _negative(values)
    codes |= _large(values - codes)
    if not codes and not is_quantity(content.words):
        codes = _single(values)
    if len(values - codes) < 2:
        return ()
    return tuple(cell for cell, number in numbers.items() if number in codes)


def _negative(values: set[float]) -> set[float]:
    """Return negative codes where every negative number is one, and others are no scale of ±."""
    negative = {value for value in values if value < 0}
    if not negative or max(values) < 2:
        return set()
    usual = SMALL_NEGATIVE | {-code for code in LARGE_CODES}
    return negative if negative <= usual else set()


def _large(values: set[float]) -> set[float]:
    """Return codes like 88, 99, 997 far above the greatest of the others."""
    others = values
    codes: set[float] = set()
    for code in sorted(values & LARGE_CODES, reverse=True):
        if code == max(others):
            others = others - {code}
            codes.add(code)
        else:
            break
    while codes and len(others) >= 2:
        lowest, span = min(codes), max(others) - min(others)
        clear = lowest - max(others) >= max(LEAST_DISTANCE * span, 2.0)
        if clear and max(others) <= _room_below(lowest) * lowest:
            return codes
        codes, others = codes - {lowest}, others | {lowest}
    return set()


def _room_below(code: float) -> float:
    """Return how near others may come: 77 and 98 are ages, too, before they are codes."""
    if set(str(int(code))) == {"9"}:
        return 0.9
    return 0.5 if code in _REPEATED else 0.7


def _single(values: set[float]) -> set[float]:
    """Return 7, 8 or 9 beside answers that run from 0 or 1 without a gap."""
    for figures in (SINGLE_FIGURES, {8.0, 9.0}, {9.0}):
        codes, others = values & figures, values - figures
        if not codes or len(others) < 2:
            continue
        runs = max(others) - min(others) == len(others) - 1 and all(
            value.is_integer() for value in others
        )
        clear = min(codes) - max(others) >= (2 if max(others) <= 5 else 3)
        if runs and min(others) in (0, 1) and clear:
            return codes
    return set()
