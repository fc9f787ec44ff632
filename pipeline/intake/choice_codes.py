"""From the contents that a column can have to choices with codes."""

import math
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.i18n import Text
from pipeline.questionnaire.questions import Choice
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Option

_WHOLE = re.compile(r"(-?\d{1,9})(?:\.0*)?")


def choices_of(options: Sequence[Option]) -> tuple[Choice, ...]:
    """Return the choices; each whose cell is not its code bears the cell as its name.

    Where codes are places, figures are names, too: another 2 must not be read as the second.
    """
    cells = distinct(options)
    codes = codes_of([cell for cell, option in cells.items() if option.missing is None])
    codes |= _behind(codes, [cell for cell in cells if cell not in codes])
    plain = all(cell == str(code) for cell, code in codes.items())
    return tuple(
        Choice(
            code=codes[cell],
            name="" if plain else cell,
            text=Text(zh=label_of(option)),
            missing=option.missing,
        )
        for cell, option in cells.items()
    )


def missing_codes_of(options: Sequence[Option], numbers: pd.Series) -> tuple[Choice, ...]:
    """Return the missing codes of a number; words get codes below all that was answered."""
    figures: dict[int, Option] = {}
    words: dict[str, Option] = {}
    for cell, option in distinct(options).items():
        if found := _WHOLE.fullmatch(cell):
            figures.setdefault(int(found[1]), option)
        else:
            words[cell] = option
    below = min([0, *figures, *numbers.dropna().map(math.floor)]) - 1
    coded = [(code, "", option) for code, option in figures.items()]
    coded += [(below - at, *of) for at, of in enumerate(words.items())]
    return tuple(
        Choice(code=code, name=name, text=Text(zh=label_of(option)), missing=option.missing)
        for code, name, option in coded
    )


def distinct(options: Sequence[Option]) -> dict[str, Option]:
    """Return the options by what their cells say; of several that say the same, the first."""
    found: dict[str, Option] = {}
    for option in options:
        if (cell := normal(option.cell)) not in EMPTY:
            found.setdefault(cell, option)
    return found


def codes_of(cells: Sequence[str], *, least: int = -(10**9)) -> dict[str, int]:
    """Return a code for each cell, no two alike: the number in it, or, if one has none, its place.

    `least` is the smallest number that may be a code.
    """
    found = [_WHOLE.fullmatch(normal(cell)) for cell in cells]
    whole = [int(one[1]) for one in found if one and int(one[1]) >= least]
    if len(set(whole)) == len(cells):
        return dict(zip(cells, whole, strict=True))
    return {cell: place for place, cell in enumerate(cells, start=1)}


def _behind(codes: Mapping[str, int], missing: Sequence[str]) -> dict[str, int]:
    """Return codes of missing answers: the number in a cell if it is free, else the next one."""
    taken = set(codes.values())
    made: dict[str, int] = {}
    for cell in missing:
        found = _WHOLE.fullmatch(cell)
        if found and int(found[1]) not in taken:
            made[cell] = int(found[1])
            taken.add(made[cell])
    for cell in missing:
        if cell not in made:
            made[cell] = max(taken, default=0) + 1
            taken.add(made[cell])
    return made


def label_of(option: Option) -> str:
    """Return what people read for an option."""
    return option.label.strip() or normal(option.cell)
