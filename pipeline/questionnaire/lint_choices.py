"""Rules on choices: balanced scales with a middle, a place for everybody, codes in order.

Source: Krosnick & Presser (2010), Handbook of Survey Research, ch. 9; Fowler (1995), Improving
Survey Questions, ch. 2.
"""

import re
from collections.abc import Iterator

from pipeline.questionnaire.blocks import Matrix
from pipeline.questionnaire.lint_finding import (
    Finding,
    choice_blocks,
    legible,
    substantive,
    worded,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, MultipleChoice, Number, Scale

_MIDDLE = re.compile(
    r"^中$|一般|中立|中等|说不上|既不|差不多|适中|尚可|还可以|还行|不好不坏|无所谓|普通|不变|没有变化|"
    r"(?i:neither|neutral|average|unchanged|about the same)"
)
_AGAINST = re.compile(
    r"不|没|未|无|差|坏|少|小|低|难|缺|慢|弱|反对|糟|退步|变坏|下降|"
    r"(?i:\bnot\b|\bdis|\bun|poor|bad|worse|never|low|little|difficult|oppose|weak)"
)
_OPINION = re.compile(r"满意|同意|赞成|支持|信任|认可|(?i:satisf|agree|trust)")
_FREQUENCY = re.compile(
    r"从不|从来|偶尔|有时|经常|总是|每天|每周|(?i:never|sometimes|often|always)"
)
_OTHER = re.compile(r"其[他它]|另外|别的|(?i:\bother\b|\banother\b)")
_NONE = re.compile(
    r"都没有|都不|没有|^无$|皆无|不知道|不清楚|"
    r"(?i:\bnone\b|\bnot? \w+|nothing|neither|do(n|esn)['’]?t know|\bdk\b)"
)
_ALL_NONE = re.compile(r"以上都|都没有|均无|(?i:\bnone of)")
_PRESUMED = re.compile(r"为什么|原因|谁|(?i:\b(who|why|where|reasons?|(kinds?|types?) of)\b)")
"""Questions that can only be asked where something applies."""
_YES, _NO = re.compile(r"^(是的?|有|(?i:yes))$"), re.compile(r"^(否|不是|没有|(?i:no))$")
_CLOSED = re.compile(r"(?i)\b(any|which|one|all) of the (\w+ )?(following|below|listed)")
_CALENDAR = re.compile(
    r"^[一二三四五六七八九十\d]{1,2}月|^(周|星期)[一二三四五六日天]|^\d+$|"
    r"^(?i:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)$"
)
"""Choices of which there are no others: months, days of the week, bare numbers."""
_LAST = re.compile(
    r"其[他它]|不知道|不清楚|说不清|拒|不愿|都没有|^无$|"
    r"(?i:\bother\b|do(n|esn)['’]?t know|\bdk\b|refuse|prefer not|\bnone\b)"
)
"""Choices that stand last whatever their codes."""


def unbalanced_scale(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield scales with more steps on one side than on the other, by their words."""
    for block, place in choice_blocks(questionnaire):
        sides = _sides(block.choices, _is_scale(block))
        if sides is None or sides.count("+") == sides.count("-"):
            continue
        yield Finding(
            "unbalanced_scale", (*place, "choices"),
            f"两端不对称：正面 {sides.count('+')} 级，反面 {sides.count('-')} 级。",
            "请使正反两面的级数相同，如 很/比较/一般/不太/很不。(unequal sides of the scale)",
        )  # fmt: skip


def no_middle(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield scales of two sides that leave no place in between."""
    for block, place in choice_blocks(questionnaire):
        sides = _sides(block.choices, _is_scale(block))
        if sides is not None and "0" not in sides and {"+", "-"} <= set(sides):
            yield Finding(
                "no_middle", (*place, "choices"), f"{len(sides)} 级，没有中间项。",
                "请加一项“一般”；有意不设的，请写明理由。(no middle point)",
            )  # fmt: skip


def _is_scale(block: object) -> bool:
    return isinstance(block, Scale) or (isinstance(block, Matrix) and block.cells == "scale")


def _sides(choices: tuple[Choice, ...], scale: bool) -> list[str] | None:
    """Return for each step whether it speaks for (+), against (-) or neither (0).

    None for lists that are no scale of opinion: numbers with labelled ends, frequencies.
    """
    texts = [legible(choice.text) for choice in substantive(choices)]
    opinions = sum(1 for text in texts if _OPINION.search(text))
    if len(texts) < 3 or (not scale and opinions < 3):
        return None
    if any(re.match(r"\d", text) for text in texts) or any(map(_FREQUENCY.search, texts)):
        return None
    sides = [
        "0" if _MIDDLE.search(text) else "-" if _AGAINST.search(text) else "+" for text in texts
    ]
    return sides if opinions or {"+", "-"} <= set(sides) else None


def no_other(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield lists to tick from without a place for what they forgot."""
    for block, place in _lists(questionnaire):
        texts = [legible(choice.text) for choice in block.choices]
        yes_no = any(map(_YES.search, texts)) and any(map(_NO.search, texts))
        if yes_no or all(map(_CALENDAR.search, texts)) or _CLOSED.search(legible(block.text)):
            continue
        if not any(map(_OTHER.search, texts)) and not any(c.specify for c in block.choices):
            yield Finding(
                "no_other", (*place, "choices"), "多选题没有“其他”。",
                "请加上“其他（请注明）”；选项确实穷尽的，请写明理由。(no 'other')",
            )  # fmt: skip


def no_none(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield lists to tick from that leave nothing to whom nothing applies.

    What is asked of some only follows from what they answered before: something applies to them.
    """
    for block, place in _lists(questionnaire):
        texts = [legible(choice.text) for choice in block.choices if choice.missing is None]
        presumed = block.show_if is not None or _PRESUMED.search(legible(block.text))
        if not presumed and not any(map(_NONE.search, texts)):
            yield Finding(
                "no_none", (*place, "choices"),
                "多选题没有“以上都没有”，一项不选分不清是没有还是跳过。",
                "请加上“以上都没有”，并写 exclusive: true。(no 'none of these')",
            )  # fmt: skip
        for at, choice in enumerate(block.choices):
            if _ALL_NONE.search(legible(choice.text)) and not choice.exclusive:
                yield Finding(
                    "no_none", (*place, "choices", at),
                    f"“{choice.text.zh}”可以和别的选项同时选。",
                    "请给它写 exclusive: true。(mark it exclusive)",
                )  # fmt: skip


def _lists(questionnaire: Questionnaire) -> Iterator[tuple[MultipleChoice, tuple[int | str, ...]]]:
    for block, place in choice_blocks(questionnaire):
        if isinstance(block, MultipleChoice) and any(legible(c.text) for c in block.choices):
            yield block, place


def no_dont_know(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield sensitive scales that force an opinion."""
    for one in worded(questionnaire):
        if one.sensitive and one.scale and not _offers(one.choices, "dont_know"):
            yield Finding(
                "no_dont_know", one.place, "敏感的量表题没有“说不清”。",
                "请加一项 missing: dont_know。(no don't know)",
            )  # fmt: skip


def no_refusal(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield sensitive questions without a way to refuse that is kept apart from skipping."""
    for one in worded(questionnaire):
        codes = one.block.missing_codes if isinstance(one.block, Number) else one.choices
        if one.sensitive and (one.choices or isinstance(one.block, Number)) and not _offers(
            codes, "refused"
        ):  # fmt: skip
            yield Finding(
                "no_refusal", one.place, "敏感题没有“不愿回答”。",
                "请加一项 missing: refused。(no way to refuse)",
            )  # fmt: skip


def _offers(choices: tuple[Choice, ...], missing: str) -> bool:
    return any(choice.missing == missing for choice in choices)


def codes_out_of_order(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield lists whose codes do not rise: a list is mistyped.

    They may fall all the way (a scale from its high end, years from the last, yes and no as 1 and
    0); what stands last by custom ("other", "don't know") has any code.
    """
    for block, place in choice_blocks(questionnaire):
        codes = [c.code for c in substantive(block.choices) if not _LAST.search(legible(c.text))]
        if codes[:2] == [1, 0]:
            codes[:2] = [0, 1]
        if codes not in (sorted(codes), sorted(codes, reverse=True)):
            yield Finding(
                "codes_out_of_order", (*place, "choices"),
                f"编码不是从小到大：{'、'.join(map(str, codes))}。",
                "请按编码排列选项；已发放的问卷不改编码，只写明理由。(codes do not rise)",
            )  # fmt: skip


def impossible_bounds(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield limits that no answer can keep."""
    for one in worded(questionnaire):
        block = one.block
        low, high = getattr(block, "minimum", None), getattr(block, "maximum", None)
        if low is not None and high is not None and low > high:
            yield _impossible((*one.place, "minimum"), f"minimum {low:g} 大于 maximum {high:g}。")
        if isinstance(block, MultipleChoice | Matrix) and block.max_choices is not None:
            count = sum(1 for choice in block.choices if choice.missing is None)
            if block.min_choices > block.max_choices or block.max_choices < 1:
                yield _impossible(
                    (*one.place, "max_choices"), "max_choices 小于 min_choices 或 1。"
                )
            elif block.max_choices > count:
                yield Finding(
                    "impossible_bounds", (*one.place, "max_choices"),
                    f"max_choices 是 {block.max_choices}，只有 {count} 个选项。",
                    "请改小或删去。(more than there are)",
                )  # fmt: skip


def _impossible(place: tuple[int | str, ...], found: str) -> Finding:
    return Finding(
        "impossible_bounds", place, found, "请改正，否则没有答案可填。(no answer fits)", "error"
    )


CHOICE_RULES = (
    unbalanced_scale, no_middle, no_other, no_none, no_dont_know, no_refusal, codes_out_of_order,
    impossible_bounds,
)  # fmt: skip
