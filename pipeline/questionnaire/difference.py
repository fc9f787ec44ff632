"""What changed between two versions of a questionnaire, and whether their figures compare."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Roster, questions_of_block
from pipeline.questionnaire.comparability import NotComparable, comparable
from pipeline.questionnaire.expressions import Condition, Term, as_yaml, term_as_yaml
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated, Check, Choice, ChoiceQuestion, Question

WHY: Mapping[NotComparable, str] = {
    "": "可比",
    "wording": "不可比：题干或提示变了",
    "choices": "不可比：题型、选项或范围变了",
    "routing": "不可比：问到的人变了",
    "mode": "不可比：调查方式变了",
    "absent": "不可比：只有一版有这道题",
}
LABELS = {
    "type": "题型", "column": "导出列名", "required": "必答", "sensitive": "敏感",
    "domain": "分组",
    "order": "选项顺序", "min_choices": "最少选", "max_choices": "最多选", "places": "排几位",
    "minimum": "最小值", "maximum": "最大值", "decimals": "小数位", "earliest": "最早",
    "latest": "最晚", "max_length": "最多字数", "battery": "量表", "reverse": "反向计分",
    "image": "图片",
}  # fmt: skip
WHOLE = {
    "survey": "调查名称", "minutes": "分钟", "languages": "语言", "simulated": "是否模拟",
    "frame_domains": "分组列",
}  # fmt: skip
WHOLE_TEXTS = {
    "title": "标题", "population": "总体", "respondents": "受访者", "mode": "调查方式",
    "commissioned_by": "委托方", "conducted_by": "实施方", "exclusions": "不含",
    "limitation": "局限", "introduction": "前言",
}  # fmt: skip
MEASURE = {
    "problem": "问题代码", "unfavourable": "不利编码", "claim": "说法", "standard": "标准",
    "decision": "决策", "manifest_level": "显现层级", "root_level": "根源层级",
}  # fmt: skip
_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Changed:
    """One question that is not as it was: what changed, line by line, and whether it compares."""

    name: str
    text: str
    lines: tuple[str, ...]
    verdict: NotComparable


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed.

    Attributes
    ----------
    whole : lines on the survey as a whole
    added, removed, moved : names of questions
    comparable : how many of the questions that both have can be compared; ``common`` of how many
    """

    whole: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    changed: tuple[Changed, ...]
    comparable: int
    common: int


def difference(before: Questionnaire, after: Questionnaire) -> Difference:
    """Return what changed from `before` to `after`."""
    old, new = dict(_asked(before)), dict(_asked(after))
    common = [name for name in new if name in old]
    verdicts = {name: comparable(before, after, name) for name in common}
    changed = []
    for name in common:
        lines = tuple(_changes(old[name], new[name]))
        if lines or verdicts[name] not in ("", "mode"):
            if not lines:
                lines = ("它的条件（或算式）用到的题变了。",)
            changed.append(Changed(name, new[name].text.zh, lines, verdicts[name]))
    return Difference(
        tuple(_whole(before, after)),
        tuple(f"{name} {new[name].text.zh}" for name in new if name not in old),
        tuple(f"{name} {old[name].text.zh}" for name in old if name not in new),
        tuple(_moved([name for name in old if name in new], common)),
        tuple(changed),
        sum(1 for verdict in verdicts.values() if not verdict),
        len(common),
    )


def in_words(found: Difference) -> str:
    """Return a difference as lines to read; deleted words in [-…-], new ones in {+…+}."""
    lines: list[str] = []
    for title, entries in (
        ("全卷", found.whole), ("新增的题", found.added), ("删去的题", found.removed),
        ("换了位置的题", found.moved),
    ):  # fmt: skip
        if entries:
            lines += [f"{title}：", *(f"  {one}" for one in entries), ""]
    for one in found.changed:
        lines += [f"{one.name} {one.text}", *(f"  {line}" for line in one.lines)]
        lines += [f"  → {WHY[one.verdict]}", ""]
    if not lines:
        return "两版相同。(no difference)"
    verdict = f"两版都有的 {found.common} 题中，{found.comparable} 题前后可比"
    rest = found.common - found.comparable
    lines.append(f"{verdict}{f'，{rest} 题不可比' if rest else ''}。({found.comparable} compare)")
    return "\n".join(lines)


def marked(before: str, after: str) -> str:
    """Return the later text with the words that went in [-…-] and those that came in {+…+}."""
    one, two = _WORDS.findall(before), _WORDS.findall(after)
    said = []
    for what, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if what == "equal":
            said.append("".join(one[a:b]))
            continue
        said.append(f"[-{''.join(one[a:b])}-]" if b > a else "")
        said.append(f"{{+{''.join(two[c:d])}+}}" if d > c else "")
    return "".join(said)


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[str, Question]]:
    """Yield the questions by name; of a roster the count and the first entry."""
    for section in questionnaire.sections:
        for block in section.questions:
            for question in questions_of_block(block, section.show_if):
                if not isinstance(block, Roster) or question.name == block.count:
                    yield question.name, question
                elif question.name.startswith(f"{block.name}_1_"):
                    yield question.name, question


def _moved(old: list[str], new: list[str]) -> Iterator[str]:
    """Yield the names that are not in the longest run of names in the order they had."""
    kept: set[str] = set()
    for run in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept |= set(old[run.a : run.a + run.size])
    for name in new:
        if name not in kept:
            yield f"{name}（第 {old.index(name) + 1} → 第 {new.index(name) + 1}）"


def _whole(before: Questionnaire, after: Questionnaire) -> Iterator[str]:
    for key, label in WHOLE.items():
        yield from _value(label, getattr(before, key), getattr(after, key))
    for key, label in WHOLE_TEXTS.items():
        yield from _text(label, getattr(before, key), getattr(after, key))
    if before.consent != after.consent:
        if before.consent is None or after.consent is None:
            yield f"知情同意：{'新增' if before.consent is None else '删去'}"
        else:
            for key in type(before.consent).model_fields:
                one, two = getattr(before.consent, key), getattr(after.consent, key)
                yield from _text(f"知情同意 {key}", one, two)
    for key, label in (("screen_outs", "甄别结束"), ("quotas", "配额"), ("batteries", "量表")):
        old = {one.name: one for one in getattr(before, key)}
        new = {one.name: one for one in getattr(after, key)}
        for name in [*new, *(name for name in old if name not in new)]:
            if old.get(name) != new.get(name):
                how = "新增" if name not in old else "删去" if name not in new else "改动"
                yield f"{label} {name}：{how}"


def _changes(before: Question, after: Question) -> Iterator[str]:
    """Yield what is not alike in two versions of a question."""
    for key, label in LABELS.items():
        yield from _value(label, getattr(before, key, None), getattr(after, key, None))
    yield from _text("题干", before.text, after.text)
    yield from _text("提示", before.hint, after.hint)
    yield from _text("访问员说明", before.interviewer, after.interviewer)
    yield from _text("单位", getattr(before, "unit", None), getattr(after, "unit", None))
    yield from _value("条件", _route(before.show_if), _route(after.show_if))
    if isinstance(before, Calculated) and isinstance(after, Calculated):
        yield from _value("算式", _formula(before.value), _formula(after.value))
    yield from _value("核对", _checks(before.checks), _checks(after.checks))
    if isinstance(before, ChoiceQuestion) and isinstance(after, ChoiceQuestion):
        yield from _choices(before.choices, after.choices)
    missing = [getattr(one, "missing_codes", ()) for one in (before, after)]
    yield from _choices(*missing)
    yield from _measures(before, after)


def _choices(before: tuple[Choice, ...], after: tuple[Choice, ...]) -> Iterator[str]:
    old, new = {c.code: c for c in before}, {c.code: c for c in after}
    for code, choice in new.items():
        if code not in old:
            yield f"选项 {code} 新增：{choice.text.zh}"
    for code, choice in old.items():
        if code not in new:
            yield f"选项 {code} 删去：{choice.text.zh}"
            continue
        yield from _text(f"选项 {code}", choice.text, new[code].text)
        for key, label in (
            ("name", "导出名"), ("missing", "缺失原因"), ("exclusive", "排他"),
            ("specify", "请注明"),
        ):  # fmt: skip
            values = getattr(choice, key), getattr(new[code], key)
            yield from _value(f"选项 {code} 的{label}", *values)
    both = [code for code in old if code in new], [code for code in new if code in old]
    if both[0] != both[1]:
        yield from _value("选项先后", both[0], both[1])


def _measures(before: Question, after: Question) -> Iterator[str]:
    if before.measure is None or after.measure is None:
        if before.measure != after.measure:
            one = before.measure or after.measure
            how = "新增" if before.measure is None else "删去"
            yield f"测量：{how} {one.problem if one else ''}（不影响前后可比）"
        return
    for key, label in MEASURE.items():
        one, two = getattr(before.measure, key), getattr(after.measure, key)
        if isinstance(one, Text):
            yield from _text(f"测量的{label}", one, two)
        elif key == "standard":
            values = [
                None if s is None else f"{s.value:g}（{s.kind}）{s.text.zh}" for s in (one, two)
            ]
            yield from _value("测量的标准", *values)
        else:
            yield from _value(f"测量的{label}", one, two)


def _text(label: str, before: Text | None, after: Text | None) -> Iterator[str]:
    """Yield how a text changed, in Chinese and then in each other language."""
    old, new = before or Text(zh=""), after or Text(zh="")
    if old.zh != new.zh:
        yield f"{label}：{marked(old.zh, new.zh)}"
    languages = dict.fromkeys([*old.languages, *new.languages])
    for language in languages:
        one = old(language) if language in old.languages else ""
        two = new(language) if language in new.languages else ""
        if language != "zh" and one != two:
            yield f"{label}的译文 {language}（不影响前后可比）：{marked(one, two)}"


def _value(label: str, before: object, after: object) -> Iterator[str]:
    if before != after:
        yield f"{label}：{_said(before)} → {_said(after)}"


def _said(value: object) -> str:
    if value in (None, "", (), []):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _route(condition: Condition | None) -> str:
    return "" if condition is None else json.dumps(as_yaml(condition), ensure_ascii=False)


def _formula(term: Term) -> str:
    return json.dumps(term_as_yaml(term), ensure_ascii=False)


def _checks(checks: tuple[Check, ...]) -> str:
    return "；".join(f"{_route(check.holds)} {check.message.zh}" for check in checks)
