"""Read what stands in the columns of a defined question: its codes, its labels, its ticks.

Which of the two a file delivers is decided per question, by what covers most of its cells.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.intake.definitions import Defined
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Column, Joined, Option, Ticks, Where
from pipeline.responses.layouts.wording import plain
from pipeline.responses.missing_words import REASONS, is_doubtful, missing_kind_of

ENOUGH = 0.5
"""Share of the filled cells that a definition must know, or the options are not the column's."""
SHOWN = 5
SEPARATORS = (" ", ",", ";", "；", "，", "、", "|", "┋", "\n", "/")
TICKED = (
    "1", "TRUE", "True", "true", "Y", "y", "Yes", "yes", "YES", "是", "选中", "已选", "Checked",
    "Selected", "x", "X", "√",
)  # fmt: skip
NOT_SELECTED = ("未选", "未选中", "Unchecked", "Not selected", "Not Selected")
UNTICKED = ("0", "FALSE", "False", "false", "N", "n", "No", "no", "NO", "否",
            *NOT_SELECTED)  # fmt: skip
LABELS_GIVEN = "单元格里是选项文字，不是编码。"


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a question's options in a column.

    Attributes
    ----------
    where : the place with what was found out about it; None where the column holds other things
    options : with the contents of the cells
    notes : whole Chinese sentences
    unknown : how many filled cells hold what the definition does not know
    seen : the definition's cells of the options that occur
    """

    where: Where | None
    options: tuple[Option, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: int = 0
    seen: frozenset[str] = frozenset()


def counted(cells: pd.Series) -> Counter[str]:
    """Return how often each content stands in the cells, those that hold nothing left out."""
    counts: Counter[str] = Counter()
    for cell, count in cells.value_counts(sort=False).items():
        if (word := normal(str(cell))) not in EMPTY:
            counts[word] += int(count)
    return counts


def read_column(one: Defined, header: str, cells: pd.Series) -> Read:
    """Read one column of codes or labels."""
    counts = counted(cells)
    known = _best(one, counts)
    covered = sum(counts[cell] for cell in known)
    filled = sum(counts.values())
    if filled and covered < ENOUGH * filled:
        return Read(None, unknown=filled - covered)
    options, worded = _with_cells(one, known, counts)
    unknown = {cell: count for cell, count in counts.items() if cell not in known}
    notes = ((LABELS_GIVEN,) if worded else ()) + _unknown_said(unknown)
    return Read(Column(header), options, notes, filled - covered)


def read_joined(one: Defined, header: str, cells: pd.Series) -> Read:
    """Read one column in which all chosen options stand with a separator between them."""
    counts = counted(cells)
    best: tuple[float, str, Counter[str]] = (-1.0, SEPARATORS[0], Counter())
    found = [one for one in SEPARATORS if any(one in cell for cell in counts)]
    for separator in found or SEPARATORS[:1]:
        parts = _parts(counts, separator)
        total = sum(parts.values())
        covered = sum(parts[cell] for cell in _best(one, parts)) / total if total else 0.0
        if covered > best[0]:
            best = (covered, separator, parts)
    covered, separator, parts = best
    if counts and covered < ENOUGH:
        return Read(None, unknown=sum(counts.values()))
    known = _best(one, parts)
    options, worded = _with_cells(one, known, parts)
    unknown = {cell: count for cell, count in parts.items() if cell not in known}
    notes = ((LABELS_GIVEN,) if worded else ()) + _unknown_said(unknown)
    seen = frozenset(known.values())
    return Read(Joined(header, separator), options, notes, sum(unknown.values()), seen)


def read_ticks(one: Defined, ticks: Mapping[str, str], cells: pd.DataFrame) -> Read:
    """Read columns of ticks, one per option; options without a column are left out."""
    columns = {cell: counted(cells[header]) for cell, header in ticks.items()}
    found: Counter[str] = sum(columns.values(), Counter())
    options = tuple(option for option in one.options if option.cell in ticks)
    absent = [option.label for option in one.options if option.cell not in ticks]
    notes = (f"选项 {'、'.join(absent)} 没有列。",) if absent else ()
    ticked = tuple(word for word in TICKED if found[word])
    unticked = tuple(word for word in UNTICKED if found[word])
    rest = {word: count for word, count in found.items() if word not in (*ticked, *unticked)}
    headers = dict(ticks)
    own = sum(columns[cell][word] for cell, word in _own_words(options, columns))
    if rest and own >= sum(found[word] for word in ticked):
        # Label or blank. What is typed beside "other" may well be a yes or an x: also chosen.
        said = "选中的选项写着自己的文字，未选中的为空；填了任何内容都算选中。"
        shown = tuple(word for word in NOT_SELECTED if found[word])
        return Read(Ticks(headers, (), shown), options, (*notes, said))
    unknown = _unknown_said(rest)
    return Read(
        Ticks(headers, ticked or TICKED[:1], unticked), options, (*notes, *unknown),
        sum(rest.values()),
    )  # fmt: skip


def _own_words(
    options: Sequence[Option], columns: Mapping[str, Counter[str]]
) -> Iterator[tuple[str, str]]:
    """Yield option's cell and content where a column of ticks holds what its option is called."""
    for option in options:
        called = {_key(option.label), _key(option.cell)}
        for word in columns[option.cell]:
            if _key(word) in called:
                yield option.cell, word


def differing(one: Read, other: Read, cells: pd.DataFrame) -> int:
    """Return in how many rows ticks and the joined column of one question say different things."""
    if not isinstance(one.where, Ticks) or not isinstance(other.where, Joined):
        return 0
    meant = {_key(option.cell): option.label for option in other.options}
    labels = {option.cell: option.label for option in one.options}
    ticks = list(one.where.headers.items())
    columns = [other.where.header, *(header for _, header in ticks)]
    rows = 0
    for row, count in Counter(zip(*(cells[header] for header in columns), strict=True)).items():
        joined, *marks = map(normal, row)
        if joined in EMPTY:
            continue
        words = {normal(word) for word in joined.split(other.where.separator)} - {""}
        said = {meant.get(_key(word), word) for word in words}
        marked = zip(ticks, marks, strict=True)
        chosen = {labels[cell] for (cell, _), mark in marked if mark in one.where.ticked}
        rows += count if said != chosen else 0
    return rows


def said_missing(options: Sequence[Option]) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """Mark options whose wording says that an answer is missing; say where that is unclear."""
    made: list[Option] = []
    doubts: list[str] = []
    for option in options:
        kind = None if option.missing else missing_kind_of(option.label)
        if kind and is_doubtful(option.label):
            doubts.append(f"“{option.label}”当作回答；如果其实是{REASONS[kind]}，请改。")
        elif kind:
            guessed = f"“{option.label}”按字面当作{REASONS[kind]}。"
            option = replace(option, missing=kind, guessed=guessed)
        made.append(option)
    if made and all(option.missing for option in made):
        return tuple(options), ()  # a question about not knowing
    return tuple(made), tuple(doubts)


def _parts(counts: Counter[str], separator: str) -> Counter[str]:
    parts: Counter[str] = Counter()
    for cell, count in counts.items():
        for part in {normal(word) for word in cell.split(separator)} - {""}:
            parts[part] += count
    return parts


def _best(one: Defined, counts: Mapping[str, int]) -> dict[str, str]:
    """Return content -> option's cell by the reading that covers the most cells, codes first."""
    readings = [_as_codes(one.options)]
    most = max((len(words) for words in one.wordings.values()), default=0)
    readings += [_worded(one, [place]) for place in range(most)]
    # Respondents may have answered in several languages, or in words beside codes.
    readings += [_worded(one, range(most)), _worded(one, range(most)) | _as_codes(one.options)]
    best: dict[str, str] = {}
    covered = 0
    keys = {cell: _key(cell) for cell in counts}
    for reading in readings:
        known = {cell: reading[key] for cell, key in keys.items() if key in reading}
        here = sum(counts[cell] for cell in known)
        if here > covered:
            best, covered = known, here
    return best


def _as_codes(options: Iterable[Option]) -> dict[str, str]:
    return {_key(option.cell): option.cell for option in options}


def _worded(one: Defined, places: Iterable[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in places:
        for option in one.options:
            words = one.wordings.get(option.cell) or (option.label,)
            found.setdefault(_key(words[min(place, len(words) - 1)]), option.cell)
    return found


def _key(cell: str) -> str:
    """Return a cell as it is compared: numbers by their value, words without blanks and case."""
    word = plain(cell).casefold()
    try:
        number = float(word)
    except ValueError:
        return word
    return f"{number:.15g}"


def _with_cells(
    one: Defined, known: Mapping[str, str], counts: Mapping[str, int]
) -> tuple[tuple[Option, ...], bool]:
    """Return the options with the contents of the cells, and whether these are the labels.

    Of several contents that mean one option (``Yes``, ``yes``) each becomes an option.
    """
    contents: dict[str, list[str]] = {}
    for cell in sorted(known, key=lambda one: -counts[one]):
        contents.setdefault(known[cell], []).append(cell)
    codes = _as_codes(one.options)
    worded = bool(known) and not any(_key(cell) in codes for cell in known)
    made: list[Option] = []
    for option in one.options:
        here = contents.get(option.cell, [option.label if worded else option.cell])
        made += [replace(option, cell=cell) for cell in here]
    return tuple(made), worded


def _unknown_said(unknown: Mapping[str, int]) -> tuple[str, ...]:
    if not unknown:
        return ()
    ranked = sorted(unknown.items(), key=lambda one: (-one[1], one[0]))
    shown = "、".join(f"“{_cut(cell)}” {count} 次" for cell, count in ranked[:SHOWN])
    more = "等" if len(ranked) > SHOWN else ""
    extent = f"有 {len(ranked)} 种内容（共 {sum(unknown.values())} 格）"
    return (f"{extent}不在定义的选项里：{shown}{more}。",)


def _cut(cell: str) -> str:
    return cell if len(cell) <= 20 else f"{cell[:20]}……"
