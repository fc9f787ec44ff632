"""The codebook for people: the questionnaire as asked, with names, codes and who was asked.

One page without scripts, for the report to link to and for print. The wording in further
languages stands under the Chinese.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from pipeline.documents.html import environment, tidy
from pipeline.forms.expressions import plain
from pipeline.forms.in_words import condition_in_words
from pipeline.forms.numbering import numbers
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Agreement, Block, Matrix, Note, Roster
from pipeline.questionnaire.codebook import columns_of
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import (
    Asked,
    Calculated,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Ranking,
)
from pipeline.questionnaire.read import version_hash

TEMPLATES = Path(__file__).parent / "templates"
KINDS: Mapping[str, str] = {
    "single_choice": "单选", "scale": "量表", "multiple_choice": "多选", "ranking": "排序",
    "number": "数字", "calculated": "计算值，不提问", "date": "日期", "time": "时间",
    "datetime": "日期和时间", "open_ended": "开放题", "note": "说明，不作答",
    "consent": "知情同意",
    "matrix": "矩阵", "roster": "逐个回答的一组题",
}  # fmt: skip
REASONS: Mapping[str, str] = {
    "dont_know": "不知道", "refused": "拒答", "no_answer": "未回答", "not_asked": "不适用",
}  # fmt: skip
AGREEMENT = (1, 2)


@dataclass(frozen=True, slots=True)
class Part:
    """A row of a matrix: its number, name and words, and the problem that it measures."""

    number: str
    name: str
    text: Text
    route: str
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One block as the page shows it."""

    number: str
    block: Block
    kind: str
    columns: str
    route: str
    facts: tuple[str, ...]
    choices: tuple[Choice, ...]
    parts: tuple[Part, ...]
    entries: tuple["Entry", ...]
    measure: Measure | None


def page(questionnaire: Questionnaire, programme: Programme | None = None) -> str:
    """Return the codebook as one HTML page; the same text for the same inputs."""
    style = (TEMPLATES / "codebook.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    shown = numbers(questionnaire)
    sections = [
        (
            section,
            _route(section.show_if, questionnaire, shown),
            [_entry(block, questionnaire, shown) for block in section.questions],
        )
        for section in questionnaire.sections
    ]
    rendered: str = _template().render(
        questionnaire=questionnaire,
        programme=programme,
        sections=sections,
        others=[one for one in questionnaire.languages if one != "zh"],
        version=version_hash(questionnaire),
        asked=len(questionnaire.questions),
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
    )
    return tidy(rendered)


@cache
def _template() -> Template:
    made = environment("pipeline.forms", {"reason": lambda kind: REASONS[kind]})
    return made.get_template("codebook.html.j2")


def _entry(block: Block, questionnaire: Questionnaire, shown: Mapping[str, str]) -> Entry:
    """Return what the page tells of a block; `shown` are the numbers of all of them."""
    inner: tuple[Entry, ...] = ()
    if isinstance(block, Roster):
        inner = tuple(_entry(question, questionnaire, shown) for question in block.questions)
    return Entry(
        number=shown.get(block.name, ""),
        block=block,
        kind=KINDS[block.type],
        columns=_columns(block),
        route=_route(block.show_if, questionnaire, shown),
        facts=tuple(_facts(block)),
        choices=_choices(block),
        parts=_parts(block, questionnaire, shown),
        entries=inner,
        measure=getattr(block, "measure", None),
    )


def _columns(block: Block) -> str:
    """Return where the answers stand in the decoded data."""
    match block:
        case Note() | Matrix():
            return ""
        case Agreement():
            return block.name
        case Roster():
            return f"{block.count}；{block.name}_1_…"
    names = [column.name for column in columns_of(block)]
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _choices(block: Block) -> tuple[Choice, ...]:
    match block:
        case ChoiceQuestion() | Matrix():
            return block.choices
        case Numeric():
            return block.missing_codes
        case Agreement():
            texts = zip(AGREEMENT, (block.agree, block.decline), strict=True)
            return tuple(Choice(code=code, text=text) for code, text in texts)
    return ()


def _parts(
    block: Block, questionnaire: Questionnaire, shown: Mapping[str, str]
) -> tuple[Part, ...]:
    if not isinstance(block, Matrix):
        return ()
    return tuple(
        Part(
            shown[item.name], item.name, item.text,
            _route(item.show_if, questionnaire, shown), item.measure,
        )
        for item in block.items
    )  # fmt: skip


def _facts(block: Asked) -> Iterator[str]:
    if getattr(block, "required", False):
        yield "必答" if getattr(block, "required", False) is True else "未答时提醒一次"
    match block:
        case MultipleChoice() | Matrix():
            if block.min_choices:
                yield f"至少选 {block.min_choices} 项"
            if block.max_choices is not None:
                yield f"最多选 {block.max_choices} 项"
        case Ranking():
            yield f"排前 {block.depth} 名"
        case Number():
            if block.minimum is not None:
                yield f"最小 {plain(block.minimum)}"
            if block.maximum is not None:
                yield f"最大 {plain(block.maximum)}"
            if block.unit.zh:
                yield f"单位：{block.unit.zh}"
            if block.decimals:
                yield f"{block.decimals} 位小数"
        case Moment():
            if block.earliest:
                yield f"不早于 {block.earliest}"
            if block.latest:
                yield f"不晚于 {block.latest}"
        case OpenEnded():
            yield f"最多 {block.max_length} 字"
        case Roster():
            yield f"{block.entry.zh}，最多 {block.maximum} 个"
        case Calculated():
            yield "由前面的回答算出"
        case _:
            pass
    if getattr(block, "order", "") or getattr(block, "item_order", ""):
        yield "顺序随机，记录所见顺序"
    if getattr(block, "sensitive", False):
        yield "敏感题"


def _route(
    condition: Condition | None, questionnaire: Questionnaire, shown: Mapping[str, str]
) -> str:
    if condition is None:
        return ""
    return condition_in_words(condition, questionnaire, shown, "zh")
