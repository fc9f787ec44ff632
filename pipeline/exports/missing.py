"""Declared missing codes as each program can hold them.

SPSS holds up to three codes, or a range and one code, of numbers; up to three texts of eight
bytes. Stata has no declaration: the missing values of a variable of numbers are ``.a`` to ``.z``,
which can bear labels. So that no mean counts a 9 for "refused", declared codes become letters in
Stata; and letters become numbers that nothing else has, declared as missing, in SPSS.
"""

from collections.abc import Collection, Mapping, Sequence
from string import ascii_lowercase

from pipeline.errors import Fault
from pipeline.exports.clocks import SPSS_CLOCK
from pipeline.exports.limits import Report
from pipeline.exports.typed import LETTER, Typed
from pipeline.responses.table import exact_text

Span = tuple[float, float]

MOST_CODES = 3
MOST_BYTES = 8
BASES = tuple(10**digits for digits in range(2, 13))
MOMENTS = ("date", "datetime")


def fitted(spans: Sequence[Span], substance: Collection[float]) -> list[Span] | None:
    """Return missing codes and ranges as SPSS can hold them; None if it cannot.

    What is too much is covered by one range, beside one code, that holds no number of substance.
    """
    single = [span for span in spans if span[0] == span[1]]
    if len(single) == len(spans) <= MOST_CODES:
        return list(spans)
    if len(spans) - len(single) <= 1 and len(single) <= 1:
        return list(spans)
    for alone in [None, *single]:
        rest = [span for span in spans if span != alone]
        low, high = min(span[0] for span in rest), max(span[1] for span in rest)
        if not any(low <= number <= high for number in substance):
            return [(low, high), *([alone] if alone else [])]
    return None


def spss_codes(one: Typed) -> Mapping[str, float]:
    """Return the number by which SPSS holds each special content of a variable.

    ``.a`` becomes -101, ``.b`` -102 and so on, or -1001, … where the variable has numbers there;
    among dates they are the first days that SPSS knows.
    """
    places = _places(one.specials)
    used = set(one.numbers.values())
    for base in BASES:
        if one.kind in MOMENTS:
            made = {text: (base + place) * SPSS_CLOCK.per_day for text, place in places.items()}
        else:
            made = {text: -float(base + place) for text, place in places.items()}
        low, high = min(made.values(), default=0), max(made.values(), default=0)
        if not any(low <= number <= high for number in used):
            return made
    return {}


def _places(specials: Sequence[str]) -> Mapping[str, int]:
    """Return a whole number for each special content: of letters the one in the alphabet."""
    places: dict[str, int] = {}
    for text in sorted(specials, key=lambda text: (not LETTER.fullmatch(text), text)):
        letter = text[1:].lower() if LETTER.fullmatch(text) else ""
        place = ascii_lowercase.find(letter) + 1 if letter else 0
        if not place or place in places.values():
            place = max([len(ascii_lowercase), *places.values()]) + 1
        places[text] = place
    return places


def stata_letters(columns: Sequence[Typed], report: Report) -> list[Mapping[str, str]]:
    """Return for each column the letter that stands for each of its missing contents.

    One code has the same letter in all variables, if the letters suffice. Keys are special
    contents, and numbers as `exact_text` writes them.
    """
    wanted = [_wanted(one) for one in columns]
    own = {text[1:] for texts in wanted for text in texts if _is_own(text)}
    others = list(dict.fromkeys(text for texts in wanted for text in texts if not _is_own(text)))
    free = [letter for letter in ascii_lowercase if letter not in own]
    if len(others) <= len(free):
        shared = dict(zip(others, free, strict=False))
        if shared:
            told = "，".join(f"{text}→.{letter}" for text, letter in shared.items())
            report.notes.append(f"声明为缺失的代码写成 Stata 的扩展缺失值：{told}。")
        return [{text: shared.get(text, text[1:]) for text in texts} for texts in wanted]
    return [_letters_of(one, texts, report) for one, texts in zip(columns, wanted, strict=True)]


def _wanted(one: Typed) -> list[str]:
    """Return what of a column must become a letter: what is in a cell or has a label."""
    if one.kind == "text":
        return []
    spans = one.spans
    occurring = [cell for cell in one.cells.unique() if cell]
    codes: dict[float, None] = {}
    for text in [*one.variable.values, *occurring]:
        number = one.numbers.get(text)
        if number is not None and any(low <= number <= high for low, high in spans):
            codes[number] = None
    return [*one.specials, *(exact_text(number) for number in sorted(codes))]


def _is_own(text: str) -> bool:
    return LETTER.fullmatch(text) is not None and text[1:] in ascii_lowercase


def _letters_of(one: Typed, texts: Sequence[str], report: Report) -> Mapping[str, str]:
    kept = [text[1:] for text in texts if _is_own(text)]
    free = [letter for letter in ascii_lowercase if letter not in kept]
    others = [text for text in texts if not _is_own(text)]
    if len(others) > len(free):
        report.faults.append(
            Fault(
                f"变量 {one.variable.name}",
                f"有 {len(texts)} 种缺失值，Stata 只能有 26 种（.a 到 .z）。",
                "请存成 .sav 或 .csv。(more than 26 missing values; save as .sav or .csv)",
            )
        )
        return {}
    made = dict(zip(others, free, strict=False))
    if made:
        told = "，".join(f"{text}→.{letter}" for text, letter in made.items())
        report.notes.append(f"变量 {one.variable.name} 声明为缺失的代码：{told}。")
    return {text: made.get(text, text[1:]) for text in texts}
