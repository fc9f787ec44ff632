"""Columns whose cells are one of a few contents: single choices and scales."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from pipeline.intake.cells import Content, plain_number
from pipeline.intake.headers import is_count, is_quantity, is_rated, name_and_text
from pipeline.intake.missing_codes import missing_options
from pipeline.intake.orders import ordered, rises
from pipeline.responses.described import Column, Item, Option

MOST_OPTIONS = 60
MOST_CODES = 12
"""Distinct whole numbers without labels that may still be codes of choices."""
LARGEST_CODE = 999
MOST_GROUPS = 8
MOST_PER_CODE = 4
"""How far codes may spread, as a multiple of how many there are."""
COMMON = 5
"""Rows per code from which a few large ones (1, 10, 100) are taken for codes, too."""
_YES_NO = {"0": "否", "1": "是"}
_SEX = re.compile(r"\b(?:sex|gender|sexe)\b|性别")
"""Of a sex, 0 and 1 are no yes and no."""


def labelled_choice(content: Content) -> Item | None:
    """Describe a column whose codes are labelled; None where only missing codes are.

    Of a list longer than `MOST_OPTIONS` only the codes that occur are kept.
    """
    missing = missing_options(content)
    gone = {option.cell for option in missing}
    labels = {code: label for code, label in content.labels.items() if code not in gone}
    unlabelled = [cell for cell in content.counts if cell not in gone and cell not in labels]
    shortened: tuple[str, ...] = ()
    if (all_labels := len(labels)) > MOST_OPTIONS:
        labels = {code: label for code, label in labels.items() if code in content.counts}
        shortened = (f"文件中有 {all_labels} 个标签，只列出数据中出现的 {len(labels)} 个。",)
    few = len(labels) < 2 or len(labels) > MOST_OPTIONS
    if few or len(unlabelled) > max(3, len(labels)):
        return None
    numbers = all(plain_number(code) is not None for code in labels)
    codes = sorted(labels, key=lambda code: plain_number(code) or 0.0) if numbers else list(labels)
    options = [Option(code, labels[code]) for code in codes]
    for cell in _by_size(unlabelled):
        why = f"{cell}（{content.counts[cell]} 行）在文件中没有标签，请核对。"
        options.append(Option(cell, cell, guessed=why))
    kind, guessed = _labelled_kind(content, [labels[code] for code in codes])
    return _item(content, kind, (*options, *missing), (*guessed, *shortened))


def is_long_list(content: Content) -> bool:
    """Tell whether a column holds codes of a labelled list too long for a question."""
    used = sum(cell in content.labels for cell in content.counts)
    return used > MOST_OPTIONS and used * 2 > len(content.counts)


def _labelled_kind(
    content: Content, labels: Sequence[str]
) -> tuple[Literal["scale", "single_choice"], tuple[str, ...]]:
    direction = rises(labels)
    shown = f"“{labels[0]}”到“{labels[-1]}”"
    if direction is True:
        return "scale", (f"标签从{shown}程度递增，当作量表。",)
    if direction is False:
        why = f"标签从{shown}程度递减：数字越大程度越低，当作量表；均值按原数字计算，请留意方向。"
        return "scale", (why,)
    if content.variable.measure == "ordinal" and len(labels) >= 4:
        return "scale", ("文件把这个变量标为有序（ordinal），当作量表，请核对。",)
    return "single_choice", ()


def coded_choice(content: Content, run: Sequence[int] = ()) -> Item | None:
    """Describe a column of few whole numbers without labels; None if it holds numbers.

    Parameters
    ----------
    run : the codes that neighbours of like name share with it, from least to most; () for none
    """
    missing = missing_options(content)
    gone = {option.cell for option in missing}
    substance = {cell: content.numbers[cell] for cell in content.counts if cell not in gone}
    values = sorted({int(number) for number in substance.values()})
    if not content.whole or not 2 <= len(values) <= MOST_CODES or values[0] < 0:
        return None
    if values[-1] > LARGEST_CODE or len(substance) > len(values):
        return None
    if values == [0, 1] and not run and not _SEX.search(content.words):
        options = tuple(Option(cell, _YES_NO[cell]) for cell in ("0", "1"))
        why = "只有 0 和 1，当作单选题，1 读作“是”，0 读作“否”。"
        return _item(content, "single_choice", (*options, *missing), (why,))
    if run:
        options = tuple(Option(str(code), str(code)) for code in run)
        ends = f"{run[0]} 到 {run[-1]}"
        why = f"与名称相近的各列都只有 {ends} 的整数，当作量表；文件中没有各点的文字。"
        return _item(content, "scale", (*options, *missing), (why,))
    if not _like_codes(values, content.filled) or _counts_something(content, values):
        return None
    shown = tuple(Option(str(code), str(code)) for code in values)
    if is_point_scale(values) and (is_rated(content.words) or values[-1] == 10):
        full = tuple(Option(str(n), str(n)) for n in range(values[0], values[-1] + 1))
        why = f"只有 {values[0]} 到 {values[-1]} 的整数，当作量表；文件中没有各点的文字。"
        return _item(content, "scale", (*full, *missing), (why,))
    few = f"只有 {len(values)} 个不同的整数"
    why = f"{few}，当作单选题；文件中没有选项的文字，请补上（或改为数字题）。"
    return _item(content, "single_choice", (*shown, *missing), (why,))


def _counts_something(content: Content, values: Sequence[int]) -> bool:
    """Tell whether a column asks for a number; few small ones of an age or income are groups."""
    if is_count(content.words):
        return True
    return is_quantity(content.words) and values[-1] > MOST_GROUPS


def _like_codes(values: Sequence[int], rows: int) -> bool:
    """Tell codes from sizes: small, or beginning low and close together, or few and common."""
    close = values[0] <= 2 and values[-1] <= MOST_PER_CODE * len(values)
    common = len(values) <= 4 and rows >= COMMON * len(values)
    return values[-1] <= 10 or close or common


def is_point_scale(values: Sequence[int]) -> bool:
    """Tell whether whole numbers run from 0 or 1, nearly without a gap, up to 4 to 10 points."""
    if not values or values[0] not in (0, 1) or not 4 <= values[-1] <= 10:
        return False
    return len(values) >= values[-1] - values[0]


def worded_choice(content: Content, whole_list: Sequence[str] = ()) -> Item | None:
    """Describe a column of few texts that come back in many rows; None for one's own words.

    Parameters
    ----------
    whole_list : the texts of neighbours that have the same list of options
    """
    missing = missing_options(content)
    gone = {option.cell for option in missing}
    cells = [cell for cell in content.counts if cell not in gone]
    if not 2 <= len(cells) <= MOST_OPTIONS or max(map(len, cells)) > 300:
        return None
    rows = sum(content.counts[cell] for cell in cells)
    repeated = sum(count for cell in cells if (count := content.counts[cell]) > 1)
    least = 3 if len(cells) > 7 else 2
    order = ordered(tuple(dict.fromkeys([*cells, *(c for c in whole_list if c not in gone)])))
    known = bool(whole_list) or order.sense in _LISTED
    if not known and (rows < least * len(cells) or repeated < 0.8 * rows):
        return None
    options = tuple(Option(cell, cell) for cell in order.labels)
    points = _points(order.labels)
    sense = "量表" if points else _SENSES[order.sense]
    guessed = [f"内容只有 {len(order.labels)} 种，当作{sense}。"]
    if content.numbers and len(content.numbers) < len(content.counts):
        numbers = [cell for cell in cells if cell in content.numbers]
        if len(numbers) < len(cells) and numbers:
            guessed.append("同一列有数字也有文字，同一意思可能有几种写法，请合并。")
    kind: Literal["scale", "single_choice"] = (
        "scale" if order.sense == "degree" or points else "single_choice"
    )
    return _item(content, kind, (*options, *missing), tuple(guessed))


_LISTED = ("degree", "pair", "schooling")
"""Wordings of closed lists: they are options however few the rows."""
_SENSES = {
    "degree": "量表，从低到高排列",
    "size": "单选题，按大小排列",
    "number": "单选题，按开头的编号排列",
    "schooling": "单选题，按学历排列",
    "pair": "单选题",
    "": "单选题，按文字排列，请核对次序",
}


def _points(cells: Sequence[str]) -> bool:
    """Tell whether the texts are the bare points of a scale beside a missing wording (N/A)."""
    if not all(cell.isdecimal() and len(cell) <= 2 for cell in cells):
        return False
    return len(cells) >= 4 and is_point_scale(sorted(map(int, cells)))


def _item(
    content: Content,
    kind: Literal["scale", "single_choice"],
    options: Sequence[Option],
    guessed: tuple[str, ...],
) -> Item:
    name, text = name_and_text(content.header, content.variable.label)
    return Item(text, Column(content.header), name, kind, tuple(options), guessed=guessed)


def _by_size(cells: Sequence[str]) -> list[str]:
    return sorted(
        cells, key=lambda cell: (plain_number(cell) is None, plain_number(cell) or 0, cell)
    )


def shared_runs(
    columns: Sequence[Content], family_of: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """Return the codes that columns of one family share, for those whose union is a point scale.

    Parameters
    ----------
    family_of : header -> family of columns with like names

    Returns
    -------
    header -> codes from least to most; three columns at least, each with half of the points
    """
    families: dict[str, dict[str, set[int]]] = {}
    for content in columns:
        if content.header not in family_of or content.labels or not content.whole:
            continue
        gone = {option.cell for option in missing_options(content)}
        values = {int(n) for cell, n in content.numbers.items() if cell not in gone}
        if 2 <= len(values) <= MOST_CODES and not is_quantity(content.words):
            families.setdefault(family_of[content.header], {})[content.header] = values
    runs: dict[str, tuple[int, ...]] = {}
    for members in families.values():
        union = sorted(set().union(*members.values()))
        full = [header for header, values in members.items() if len(values) * 2 >= len(union)]
        if len(full) >= 3 and len(full) == len(members) and is_point_scale(union):
            run = tuple(range(union[0], union[-1] + 1))
            runs |= dict.fromkeys(full, run)
    return runs
