"""One question of a .qsf: the columns that Qualtrics exports for it, and what they hold."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.intake.definitions import Defined, Extra
from pipeline.intake.definitions.qsf_matrix import matrix_of, row_of, rows_of, side_by_side
from pipeline.intake.definitions.qsf_parts import (
    Asked,
    Reading,
    choices_of,
    codes_of,
    mapping,
    options_of,
    worded,
)
from pipeline.responses.described import ItemKind


def reading_of(asked: Asked) -> Reading:
    """Read one question into as many as its columns ask."""
    match asked.kind:
        case "MC", ("MAVR" | "MAHR" | "MACOL" | "MSB"), _:
            return Reading((_multiple(asked), *_typed_beside(asked)))
        case (("MC" | "NPS"), _, _):
            return Reading((_single(asked), *_typed_beside(asked)))
        case "TE", "FORM", _:
            return Reading(tuple(_fields(asked, "open_ended")))
        case "TE", _, _:
            return Reading((_text(asked),))
        case (("Slider" | "CS"), _, _):
            return Reading(tuple(_fields(asked, "number")))
        case "RO", _, _:
            return Reading(tuple(_ranks(asked)))
        case "Matrix", _, _:
            return matrix_of(asked)
        case "SBS", _, _:
            parts = [matrix_of(one) for one in side_by_side(asked)]
            return Reading(tuple(q for part in parts for q in part.questions))
        case "DB", _, _:
            return Reading(
                extras=(Extra((asked.tag, asked.id), "metadata", "说明文字，不是题目。"),)
            )
        case (("Timing" | "Meta"), _, _):
            return Reading(extras=tuple(_measured(asked)))
    return Reading(unread=_UNREAD.get(asked.kind[0], f"{asked.kind[0]} 题"))


_UNREAD = {
    "HotSpot": "热点题", "HeatMap": "热图题", "DD": "逐级下拉题", "PGR": "分组排序题",
    "FileUpload": "文件上传题", "Signature": "签名题", "Draw": "签名题", "Captcha": "验证码",
    "HL": "划词题", "GAP": "图形滑块题", "Conjoint": "联合分析题", "MaxDiff": "最大差异题",
}  # fmt: skip


def _single(asked: Asked) -> Defined:
    one = worded(asked, "scale" if asked.kind[0] == "NPS" else "single_choice")
    return replace(one, columns=(asked.id,), **options_of(asked, "Choices", choices_of(asked)))


def _multiple(asked: Asked) -> Defined:
    labels = choices_of(asked)
    codes = codes_of(asked, tuple(labels))
    ticks = (
        {codes[key]: f"{asked.tag}_{codes[key]}" for key in labels},
        {codes[key]: f"{asked.tag}_{key}" for key in labels},
        {codes[key]: f"{asked.id}-{key}" for key in labels},
        {codes[key]: f"{asked.id}_{key}" for key in labels},
    )
    one = replace(worded(asked, "multiple_choice"), columns=(asked.id,), ticks=ticks)
    return replace(one, **options_of(asked, "Choices", labels))


def _typed_beside(asked: Asked) -> Iterator[Defined]:
    """Yield the texts that are typed beside a choice."""
    held = mapping(asked.payload.get("Choices"))
    typed = [key for key in choices_of(asked) if mapping(held.get(key)).get("TextEntry")]
    codes = codes_of(asked, tuple(held))
    base = replace(worded(asked, "open_ended"), english="", texts=(), beside=True)
    for key in typed:
        columns = (f"{asked.tag}_{codes[key]}_TEXT", f"{asked.id}-{key}-TEXT",
                   f"{asked.id}_{key}_TEXT")  # fmt: skip
        label = choices_of(asked)[key]
        yield replace(
            base, name=f"{asked.tag}_{key}_TEXT", text=f"{base.text}（{label}：填写的文字）",
            columns=columns,
        )  # fmt: skip
    if typed:  # a legacy export has one column for the texts of all choices
        together = (f"{asked.id}-TEXT", f"{asked.id}_TEXT")
        yield replace(
            base, name=f"{asked.tag}_TEXT", text=f"{base.text}（填写的文字）", columns=together
        )


def _text(asked: Asked) -> Defined:
    numeric = asked.validation.get("ContentType") == "ValidNumber"
    limits = mapping(asked.validation.get("ValidNumber"))
    low, high = (_number(limits.get(end)) for end in ("Min", "Max"))
    return replace(
        worded(asked, "number" if numeric else "open_ended"),
        columns=(f"{asked.tag}_TEXT", f"{asked.id}-TEXT", f"{asked.id}_TEXT", asked.id),
        minimum=low if numeric else None, maximum=high if numeric else None,
    )  # fmt: skip


def _number(written: object) -> float | None:
    return float(str(written)) if re.fullmatch(r"-?\d+(\.\d+)?", str(written)) else None


def _fields(asked: Asked, kind: ItemKind) -> Iterator[Defined]:
    """Yield one question per choice: the fields of a form, the handles of a slider."""
    limits = mapping(asked.payload.get("Configuration"))
    sliding = asked.kind[0] == "Slider"
    low, high = (_number(limits.get(key)) if sliding else None for key in _SLIDER)
    for key, tag, label in rows_of(asked):
        yield replace(
            row_of(asked, key, tag, label, kind), minimum=low, maximum=high,
        )  # fmt: skip


_SLIDER = ("CSSliderMin", "CSSliderMax")


def _ranks(asked: Asked) -> Iterator[Defined]:
    count = len(choices_of(asked))
    for key, tag, label in rows_of(asked):
        said = "排序题，读成每个选项的名次（1 为第一）。"
        yield replace(
            row_of(asked, key, tag, label, "number"), minimum=1, maximum=count, lost=(said,)
        )


def _measured(asked: Asked) -> Iterator[Extra]:
    parts = (
        ("First Click", "Last Click", "Page Submit", "Click Count")
        if asked.kind[0] == "Timing"
        else ("Browser", "Version", "Operating System", "Resolution")
    )
    for part in parts:
        names = (f"{asked.tag}_{part}", f"{asked.id}_{part.upper().replace(' ', '_')}")
        yield Extra(names, "metadata", f"网页记录的信息（{part}），不是题目。")
