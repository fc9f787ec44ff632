"""What one column is, by what stands in it and what it is called: a question, or none."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.intake.cells import Content
from pipeline.intake.choice_columns import (
    MOST_CODES,
    MOST_OPTIONS,
    coded_choice,
    is_long_list,
    labelled_choice,
    worded_choice,
)
from pipeline.intake.delimited_choices import delimited
from pipeline.intake.design_names import design_role
from pipeline.intake.headers import (
    is_code_name,
    is_fieldwork,
    is_id_name,
    is_named_verbatim,
    is_quantity,
    is_verbatim,
    name_and_text,
)
from pipeline.intake.missing_codes import missing_options
from pipeline.intake.moments import moment
from pipeline.responses.described import Aside, Column, Item, Option, Role
from pipeline.responses.typed_numbers import MOSTLY, typed_numbers, unit_of

LONG_FIGURES = 9
EXACT_FIGURES = 15
"""A number of more places is not kept exactly by spreadsheets and statistical programs."""
_PADDED = re.compile(r"0\d{2,}")
MOST_UNREAD = 0.1
"""Share of the filled rows of a number that may be no number."""
LEAST_NUMBERS = 6
_HASH = re.compile(r"(?:uuid:)?(?=.*\d)[0-9a-fA-F][0-9a-fA-F\-]{7,}|(?:uuid:|collect:)\S+")
_LIKE_NUMBER = re.compile(r"\D{0,4}\d[\d.,]*\D{0,8}")
_NAME_OF_UNIT = re.compile(
    r"(?:.*[_. ])?[a-z]{0,6}name"
    r"|(?:.*_)?(?:county|city|town|district|village|school|company|hospital)"
    r"|.*(?:名称|校名|村名|地名)"
)
_RANGE = re.compile(r"\d\s*(?:-|~|至|到|to)\s*\D{0,3}\d")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is known of a column from others of like name.

    Attributes
    ----------
    runs : header -> codes of the scale that it shares with its neighbours
    lists : header -> texts of the list of options that it shares with its neighbours
    bodies : columns that hold the weight of persons
    """

    runs: Mapping[str, Sequence[int]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bodies: Collection[str] = frozenset()


def described(content: Content, beside: Neighbours, taken: Collection[Role]) -> Item | Aside:
    """Describe one column.

    Parameters
    ----------
    taken : roles that other columns have already; there is one key, one start, one end
    """
    header = content.header
    if not content.counts:
        return Aside(header, "empty", "整列为空。")
    if content.is_unreadable:
        return Aside(header, "unreadable", "多数格子含有无法显示的字符，请检查文件的编码。")
    if aside := moment(content, taken):
        return aside
    if aside := _identifier(content, taken):
        return aside
    if header not in beside.bodies and (aside := design_role(content)):
        return aside
    if content.labels and (item := labelled_choice(content)):
        return item
    if is_long_list(content):
        why = f"有 {len(content.counts)} 种代码，多于 {MOST_OPTIONS} 种，是编码表，不作选择题。"
        return Aside(header, "identifier", why)
    if len(content.counts) == 1:
        cell, rows = next(iter(content.counts.items()))
        rest = "" if rows == content.rows else f"（{rows} 行），其余为空"
        return Aside(header, "constant", f"只有一种内容 “{cell[:40]}”{rest}。")
    return _question(content, beside)


def _question(content: Content, beside: Neighbours) -> Item | Aside:
    header = content.header
    if content.numbers and _numeric_beside_missing(content):
        run = beside.runs.get(header, ())
        coded = coded_choice(content, run) or _code_of_unit(content)
        return coded or _figures_that_name(content) or _number(content)
    if item := delimited(content):
        return item
    if typed := _typed_number(content):
        return typed
    if _is_verbatim(content):
        return _open(content, "名称或内容表明是自由填写的文字。")
    if item := worded_choice(content, beside.lists.get(header, ())):
        return item
    substance = len(content.counts) - len(missing_options(content))
    if substance < 2:
        shown = "、".join(f"“{cell[:20]}”" for cell in list(content.counts)[:3])
        return Aside(header, "constant", f"除缺失外只有一种内容（{shown}）。")
    if _NAME_OF_UNIT.fullmatch(header.strip().casefold()) and not content.numbers:
        why = f"名称像单位或地方的名字（{len(content.counts)} 种），不作题目。"
        return Aside(header, "identifier", why)
    if len(content.counts) > MOST_OPTIONS and not content.all_different:
        why = f"有 {len(content.counts)} 种文字，多于 {MOST_OPTIONS} 种，不作选择题。"
        return _open(content, why)
    return _open(content, "各行文字多不相同。")


def _numeric_beside_missing(content: Content) -> bool:
    """Tell whether all that is no number says that the answer is missing, in words."""
    words = [cell for cell in content.counts if cell not in content.numbers]
    if not words:
        return True
    gone = {option.cell for option in missing_options(content)}
    many = len(content.numbers) > 12
    return many and set(words) <= gone


def _identifier(content: Content, taken: Collection[Role]) -> Aside | None:
    """Set a column aside that tells rows, persons or units apart and asks nothing."""
    header, label = content.header, content.variable.label
    if content.labels:
        return None
    if is_id_name(header, label) and (content.all_different or len(content.counts) > 12):
        if content.filled == content.rows == len(content.counts) and "key" not in taken:
            return Aside(header, "key", "每行各不相同，名称像编号，用来区分答卷。")
        return Aside(header, "identifier", "名称像编号，不作题目。")
    if is_fieldwork(content.words):
        return Aside(header, "metadata", "名称表明是访员或调查员的编号。")
    if content.all_different and _counts_rows(content):
        if content.filled == content.rows and "key" not in taken:
            return Aside(header, "key", "每行各不相同的连续整数，用来区分答卷。")
        return Aside(header, "identifier", "每行各不相同的连续整数，像编号。")
    cells = list(content.counts)
    long = len(cells) > 12 and all(cell.isdecimal() and len(cell) > LONG_FIGURES for cell in cells)
    if long or (len(cells) > 12 and all(map(_HASH.fullmatch, cells))):
        return Aside(header, "identifier", "内容是很长的编号或代码，不作题目。")
    return None


def _counts_rows(content: Content) -> bool:
    """Tell whether whole numbers follow each other without a gap, over at least twenty rows."""
    if not content.whole or content.filled < 20:
        return False
    numbers = content.numbers.values()
    return max(numbers) - min(numbers) + 1 == len(numbers)


def _code_of_unit(content: Content) -> Aside | None:
    """Set aside whole numbers that are called a number or code of some unit."""
    if not content.whole or not is_code_name(content.header) or is_quantity(content.words):
        return None
    why = f"名称像单位的编号或代码（{len(content.counts)} 个不同的整数），不作题目。"
    return Aside(content.header, "identifier", why)


def _figures_that_name(content: Content) -> Item | Aside | None:
    """Describe figures that are no size: 010023 and 0755, or more of them than a number keeps.

    Of padded figures the width must be the same, or half of them be padded: one 007 is a slip. Two
    places are an hour or a day; what is called a quantity is one.
    """
    gone = {option.cell for option in missing_options(content)}
    cells = [cell for cell in content.numbers if cell not in gone]
    padded = [cell for cell in cells if _PADDED.fullmatch(cell)]
    alike = len({len(cell) for cell in cells}) == 1 and all(map(str.isdecimal, cells))
    if sum(cell.isdecimal() and len(cell) > EXACT_FIGURES for cell in cells) * 2 > len(cells):
        why = f"多数超过 {EXACT_FIGURES} 位，按数字读会丢掉末尾几位"
    elif padded and (alike or len(padded) * 2 >= len(cells)) and not is_quantity(content.words):
        why = f"以 0 开头（如 {padded[0]}），像邮编、区号或编号，按数字读会丢掉前面的 0"
    else:
        return None
    if not 2 <= len(cells) <= MOST_CODES or len(content.counts) == content.filled:
        return Aside(content.header, "identifier", f"{why}，不作题目。")
    name, text = name_and_text(content.header, content.variable.label)
    options = (*(Option(cell, cell) for cell in sorted(cells)), *missing_options(content))
    said = f"{why}，当作单选题。"
    return Item(text, Column(content.header), name, "single_choice", options, guessed=(said,))


def _number(content: Content) -> Item:
    name, text = name_and_text(content.header, content.variable.label)
    missing = missing_options(content)
    values = np.array(list(content.numbers.values()))
    span = f"{values.min():.10g} 至 {values.max():.10g}"
    distinct = f"有 {len(values)} 个不同的数字（{span}），当作数字题。"
    return Item(text, Column(content.header), name, "number", missing, guessed=(distinct,))


def _typed_number(content: Content) -> Item | None:
    """Describe numbers with units, money signs or commas; None where too few can be read."""
    cells = list(content.counts)
    like = sum(_LIKE_NUMBER.fullmatch(cell) is not None for cell in cells)
    if like <= LEAST_NUMBERS or like < MOSTLY * len(cells):
        return None
    if sum(content.counts[c] for c in cells if _RANGE.search(c)) > MOST_UNREAD * content.filled:
        return None
    rows = [content.counts[cell] for cell in cells]
    given = pd.Series(np.repeat(np.array(cells, dtype="object"), rows), dtype="object")
    unread = given[typed_numbers(given).isna().to_numpy()]  # as ingest will read all the rows
    missing = missing_options(content)
    lost = (~unread.isin([option.cell for option in missing])).sum()
    if lost > MOST_UNREAD * len(given) or len(cells) - unread.nunique() <= LEAST_NUMBERS:
        return None
    name, text = name_and_text(content.header, content.variable.label)
    unit = unit_of(given) if not content.numbers or unread.empty else ""
    guessed = ["多数是数字，有的带单位、货币符号或逗号，按数字读取。"]
    if not unread.empty:
        guessed.append(f"有 {len(unread)} 行读不出数字，将被列为无法识别。")
    codes = tuple(option for option in missing if option.cell in content.numbers)
    where = Column(content.header)
    return Item(text, where, name, "number", codes, unit=unit, guessed=tuple(guessed))


def _is_verbatim(content: Content) -> bool:
    """Tell whether a column of texts holds words of one's own, by its name and how few fill it."""
    if is_named_verbatim(content.header):
        return True
    if content.labels or len(content.counts) < 3:
        return False
    if is_quantity(content.words) and not _all_ranges(content):
        figures = sum(any(c.isdecimal() for c in cell) for cell in content.counts)
        return len(content.numbers) > 0 and figures * 2 > len(content.counts)
    seldom = content.filled < 0.3 * content.rows or len(content.counts) > 12
    return is_verbatim(content.words) and seldom


def _all_ranges(content: Content) -> bool:
    return any(map(_RANGE.search, content.counts))


def _open(content: Content, why: str) -> Item:
    name, text = name_and_text(content.header, content.variable.label)
    said = f"{content.filled} 行有内容，{why}当作开放题。"
    return Item(text, Column(content.header), name, "open_ended", guessed=(said,))
