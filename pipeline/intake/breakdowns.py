"""By what results will first be broken down: sex, age group, and one more trait of the person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.intake.cells import Content
from pipeline.responses.cell_words import normal
from pipeline.responses.described import Column, Item

MOST = 3
OPTIONS = range(2, 9)
MOST_MISSING = 0.2

_SOMEBODY_ELSE = re.compile(
    r"interviewer|elder|spouse|partner|previous|this interview|household head|head of|\bref\b"
    r"|reference person|hh ref|enumerator|mother|father|child|访员|配偶|户主|父亲|母亲|孩子"
)
_ATTITUDE = re.compile(
    r"handling|priority|government|trust|should|satisf|importan|problem|spending|support|help|equal"
    r"|opportunit|leader|women|满意|应该|重要|信任|支持|政府"
)
"""A question about education or the young is no trait of who answers."""
LONGEST = 60
_TRAITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("性别", re.compile(r"\b(?:sex|gender|sexe)\b|riagendr|sex$|性别|^female$|^male$|geschlecht")),
    ("年龄段", re.compile(r"\bage\b|^age|age_?(?:group|cat|grp)|\bage$|年龄|岁段")),
    (
        "地区",
        re.compile(r"\bregion\b|\bprovince\b|^location(?: \(|$)|地区|省份|区域|所在[省市区县]"),
    ),
    ("城乡", re.compile(r"urban|rural|urbrur|城乡")),
    (
        "受教育程度",
        re.compile(r"educ|diploma|nivetud|\bschooling\b|学历|教育程度|文化程度|受教育"),
    ),
    ("职业", re.compile(r"\boccupation\b|\boccup\b|employment status|职业|工作状况")),
    ("收入", re.compile(r"income|收入")),
    ("种族", re.compile(r"\brace\b|ethnic|民族|种族")),
)


def with_breakdowns(items: Sequence[Item], columns: Mapping[str, Content]) -> tuple[Item, ...]:
    """Return the items with at most three as traits by which results are broken down.

    Where any item is one already, people have chosen and nothing is added. A trait is a single
    choice with 2 to 8 answers that count, missing in fewer than a fifth of the rows.
    """
    if any(item.domain for item in items):
        return tuple(items)
    chosen: dict[str, str] = {}
    for trait, words in _TRAITS:
        if len(chosen) < MOST and (found := _first(items, columns, words)):
            chosen.setdefault(found, trait)
    return tuple(
        replace(
            item, domain=True,
            guessed=(*item.guessed, f"看起来是{chosen[item.headers[0]]}，列为分组变量。"),
        )
        if item.headers[0] in chosen
        else item
        for item in items
    )  # fmt: skip


def _first(
    items: Iterable[Item],
    columns: Mapping[str, Content],
    words: re.Pattern[str],
) -> str:
    """Return the header of the item that says the trait in the fewest words, '' if none does."""
    found = [
        (len(item.text), at, item.headers[0])
        for at, item in enumerate(items)
        if _can_be(item, columns)
        and any(words.search(said) for said in _said(item))
        and not any(_is_about_others(said) for said in _said(item))
    ]
    return min(found)[2] if found else ""


def _is_about_others(said: str) -> bool:
    found = _SOMEBODY_ELSE.search(said) or _ATTITUDE.search(said)
    return found is not None or len(said) > LONGEST


def _said(item: Item) -> tuple[str, str]:
    return normal(item.headers[0]).casefold(), normal(item.text).casefold()


def _can_be(item: Item, columns: Mapping[str, Content]) -> bool:
    if item.kind != "single_choice" or not isinstance(item.where, Column) or item.group:
        return False
    substance = {option.cell for option in item.options if option.missing is None}
    content = columns[item.where.header]
    rows = sum(count for cell, count in content.counts.items() if cell in substance)
    seen = sum(cell in substance for cell in content.counts)
    return len(substance) in OPTIONS and seen >= 2 and rows > (1 - MOST_MISSING) * content.rows
