"""A statistical file (SAV, DTA, POR, XPT, SAS7BDAT) that itself says what its codes mean.

Labels say which contents are options and which are missing; the file's own multiple-response sets
are multiple choices. Whether labelled codes are points of a scale, and what variables without
labels hold, is left to inference.
"""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import (
    Aside,
    Column,
    Described,
    Item,
    Option,
    Slots,
    Ticks,
)
from pipeline.responses.dictionary import Dictionary, ResponseSet, Variable
from pipeline.responses.systems import System
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.systems.label_options import (
    is_tick_label,
    options_of,
    points_of,
)
from pipeline.responses.table import RawTable

MOST_OPTIONS = 200
"""Longer lists (occupations) are a coding of words, which inference decides about."""
FEWER = 0.9
"""A second answer is given by fewer than this share of those who give a first one."""


def _signs(table: RawTable) -> str:
    known = table.dictionary.variables if table.dictionary else ()
    if not known:
        return ""
    labels, values = sum(bool(v.label) for v in known), sum(bool(v.values) for v in known)
    return (
        f"文件自己带有 {len(known)} 个变量的说明（{labels} 个有变量标签，{values} 个有值标签），"
        "按它的标签读。"
    )


def _described(table: RawTable) -> Described:
    known = table.dictionary or Dictionary()
    variables = {one.name: one for one in known.variables if one.name in table.headers}
    items: list[Item] = []
    asides: list[Aside] = []
    free = dict(variables)
    for one in known.sets:
        if found := _set(one, free, table.cells):
            items.append(found)
            for header in found.headers:
                del free[header]
    left = _left_to_inference(list(free.values()), table.cells)
    for variable in free.values():
        if variable.name not in left and (variable.values or variable.missing):
            said = _variable(variable, counts_of(table.cells[variable.name]))
            if isinstance(said, Item):
                items.append(said)
            elif said is not None:
                asides.append(said)
    return Described(tuple(items), tuple(asides), known.title)


def counts_of(cells: pd.Series) -> dict[str, int]:
    """Return the contents of the filled cells and in how many rows each stands."""
    counts: dict[str, int] = {}
    for cell, rows in cells.value_counts(sort=False).items():
        if (shown := normal(str(cell))) not in EMPTY:
            counts[shown] = counts.get(shown, 0) + int(rows)
    return counts


def _variable(variable: Variable, counts: Mapping[str, int]) -> Item | Aside | None:
    """Return the question of a labelled variable; None where its labels say nothing of it.

    Its kind is inference's: few labels beside many numbers are a number's (80: 80 and over).
    """
    if not counts:
        return Aside(variable.name, "empty", "整列为空。")
    options = options_of(variable, counts)
    missing = tuple(option for option in options if option.missing)
    gone = {option.cell for option in missing}
    asked = [option for option in options if not option.missing]
    if not set(counts) - gone:
        said = "、".join(f"{o.cell}“{o.label}”" for o in missing if o.cell in counts)
        return Aside(variable.name, "empty", f"没有一个有内容的回答，只有 {said}。")
    text, where = _text(variable), Column(variable.name)
    unlabelled = set(counts) - {option.cell for option in options}
    if points := points_of(variable, asked, unlabelled):
        ends = "、".join(f"{option.cell}“{option.label}”" for option in asked)
        why = f"只有 {ends} 有标签，其间的整数没有；当作量表，没有标签的点写作数字。"
        return Item(text, where, variable.name, "scale", points + missing, guessed=(why,))
    if len(asked) > MOST_OPTIONS:
        return None
    return Item(text, where, variable.name, options=options) if options else None


def _text(variable: Variable) -> str:
    return " ".join(variable.label.split()) or variable.name


def _set(one: ResponseSet, free: Mapping[str, Variable], cells: pd.DataFrame) -> Item | None:
    """Return the multiple choice of a declared set; None if its variables are gone."""
    variables = [free[name] for name in dict.fromkeys(one.variables) if name in free]
    if len(variables) < 2:
        return None
    name = one.name.lstrip("$")
    if one.counted is None:
        return _slots(one.label or name, name, variables, cells)
    labels = _own_labels(variables)
    found = dict.fromkeys(cell for v in variables for cell in counts_of(cells[v.name]))
    missing: dict[str, MissingKind] = {
        cell: "no_answer" for cell in found if any(v.is_missing(cell) for v in variables)
    }
    unticked = tuple(sorted(set(found) - {one.counted, *missing}))
    ticks = Ticks({v.name: v.name for v in variables}, (one.counted,), unticked, missing)
    options = tuple(Option(v.name, label) for v, label in zip(variables, labels, strict=True))
    return Item(one.label or name, ticks, name, "multiple_choice", options)


def _slots(text: str, name: str, variables: Sequence[Variable], cells: pd.DataFrame) -> Item:
    """Return a multiple choice whose variables each hold one chosen category."""
    options: dict[str, Option] = {}
    for variable in variables:
        counts = counts_of(cells[variable.name])
        known = options_of(variable, counts)
        new = [o for o in known if o.cell not in options]
        options |= {option.cell: option for option in new}
        options |= {c: Option(c, c) for c in sorted(counts) if c not in options}
    where = Slots(tuple(variable.name for variable in variables))
    return Item(text, where, name, "multiple_choice", tuple(options.values()))


def _own_labels(variables: Sequence[Variable]) -> list[str]:
    """Return what each variable's label says beyond the words that all of them begin with."""
    labels = [_text(variable) for variable in variables]
    common = labels[0]
    while common and not all(label.startswith(common) for label in labels):
        common = common[:-1]
    cut = max((common.rfind(joint) for joint in ":：-—_"), default=-1) + 1
    own = [label[cut:].strip() for label in labels]
    return own if all(own) else labels


def _left_to_inference(variables: Sequence[Variable], cells: pd.DataFrame) -> set[str]:
    """Return the variables that may be the choices of one question, which inference looks for.

    Those whose labels say no more than chosen and not chosen, and neighbours with one list of
    labels of which no row has the same code twice (first answer, second answer).
    """
    left = {v.name for v in variables if v.values and all(map(is_tick_label, v.values.values()))}
    run: list[Variable] = []
    for variable in [*variables, Variable("")]:
        if run and variable.values == run[-1].values and _alike(variable.name, run[-1].name):
            run.append(variable)
            continue
        if len(run) > 1 and _never_twice(run, cells):
            left |= {one.name for one in run}
        run = [variable] if variable.values else []
    return left


def _alike(name: str, before: str) -> bool:
    """Tell whether names differ in their last letter or number alone."""
    first, second = name.rstrip("0123456789"), before.rstrip("0123456789")
    return first == second if first != name else name[:-1] == before[:-1]


def _never_twice(run: Sequence[Variable], cells: pd.DataFrame) -> bool:
    """Tell whether the later of some variables are filled in fewer rows, never with the same."""
    gone: set[str] = set(EMPTY)
    for variable in run:
        options = options_of(variable, counts_of(cells[variable.name]))
        gone |= {option.cell for option in options if option.missing}
    told = np.column_stack([_numbered(cells[one.name], gone) for one in run])
    filled = told >= 0
    if filled[:, -1].sum() >= FEWER * filled[:, 0].sum() or not (filled.sum(axis=1) > 1).any():
        return False
    told = np.sort(np.where(filled, told, -1 - np.arange(len(run))), axis=1)
    return not (np.diff(told, axis=1) == 0).any()


def _numbered(cells: pd.Series, gone: set[str]) -> npt.NDArray[np.int64]:
    """Return a number for each content that is alike in all columns; -1 where it says nothing."""
    codes, contents = pd.factorize(cells)
    # a checksum, so that the same content has the same number in every column
    numbers = [
        -1 if (one := normal(str(c))) in gone else zlib.crc32(one.encode()) for c in contents
    ]
    return np.array([*numbers, -1], dtype="int64")[codes]


SYSTEM = System("labelled", "带标签的统计软件文件", _signs, with_unique_headers, _described)
