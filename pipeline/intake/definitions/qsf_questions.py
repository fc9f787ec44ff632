"""One question of a .qsf: the columns that Qualtrics exports for it, and what they hold.

The same survey is exported under different headers: legacy exports (two header rows) name a row
of a matrix ``Q3_1``, or by its own tag alone with signs turned to ``_``; Insights (three header
rows) names it ``Q3_1``, or by the question's and the row's tag, and adds an ImportId
(``QID3-1``, today ``QID3_1``). All are tried.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.intake.definitions import Defined, Extra
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.responses.described import ItemKind, Option

Held = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the file holds it.

    Attributes
    ----------
    payload : as in the file
    id : Qualtrics' own name (``QID3``), which the ImportId begins with
    block : title of the block that it stands in
    language : of the survey, as a code (``EN``, ``ZH-S``)
    """

    payload: Held
    id: str
    block: str
    language: str

    @property
    def tag(self) -> str:
        """The name by which exports know the question."""
        return str(self.payload.get("DataExportTag") or self.id)

    @property
    def kind(self) -> tuple[str, str, str]:
        """Type, selector and sub-selector."""
        named = (self.payload.get(key) for key in ("QuestionType", "Selector", "SubSelector"))
        one, two, three = (str(word or "") for word in named)
        return one, two, three

    @property
    def validation(self) -> Held:
        """The settings by which answers are checked."""
        return _mapping(_mapping(self.payload.get("Validation")).get("Settings"))

    @property
    def forced(self) -> bool:
        """Whether it must be answered."""
        return self.validation.get("ForceResponse") == "ON"


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a question; `unread` names its type where no question of ours holds it."""

    questions: tuple[Defined, ...] = ()
    extras: tuple[Extra, ...] = ()
    unread: str = ""


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
            return _matrix(asked)
        case "SBS", _, _:
            parts = [_matrix(one) for one in _side_by_side(asked)]
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


def _mapping(held: object) -> Held:
    """Return what Qualtrics writes as an object, or as a list or false where it is empty."""
    if isinstance(held, Mapping):
        return {str(key): value for key, value in held.items()}
    if isinstance(held, list):
        return {str(at): value for at, value in enumerate(held, start=1)}
    return {}


def _ordered(held: object, order: object) -> dict[str, str]:
    """Return key -> wording of choices or answers, in the order in which they are shown."""
    found = _mapping(held)
    keys = [str(one) for one in order] if isinstance(order, list) else []
    listed = [key for key in keys if key in found] + [key for key in found if key not in keys]
    return {
        key: shown(str(_mapping(found[key]).get("Display") or key))
        for key in dict.fromkeys(listed)
    }


def _choices(asked: Asked) -> dict[str, str]:
    return _ordered(asked.payload.get("Choices"), asked.payload.get("ChoiceOrder"))


def _answers(asked: Asked) -> dict[str, str]:
    return _ordered(asked.payload.get("Answers"), asked.payload.get("AnswerOrder"))


def _codes(asked: Asked, keys: Sequence[str]) -> dict[str, str]:
    """Return key -> the code that exports write."""
    recoded = _mapping(asked.payload.get("RecodeValues"))
    codes = {key: str(recoded.get(key) or key).strip() for key in keys}
    # Two answers recoded alike cannot be told apart again: their own numbers would be a guess.
    return codes if len(set(codes.values())) == len(codes) else {key: key for key in keys}


def _options(asked: Asked, part: str, worded: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a `Defined` that hold its options."""
    codes = _codes(asked, tuple(worded))
    naming = _mapping(asked.payload.get("VariableNaming"))
    held = _mapping(asked.payload.get(part))
    translated = [_ordered(_mapping(one).get(part), None) for _, one in _languages(asked)]
    first = next(iter(_chinese(asked, part)), {})
    options, words = [], {}
    for key, label in worded.items():
        exclusive = _mapping(held.get(key)).get("ExclusiveAnswer") is True
        options.append(Option(codes[key], first.get(key, label) or label, exclusive=exclusive))
        named = shown(naming[key]) if isinstance(naming.get(key), str) else ""
        others = (named, *(one.get(key, "") for one in translated))
        words[codes[key]] = tuple(dict.fromkeys(one for one in (label, *others) if one))
    return {"options": tuple(options), "wordings": words}


def _languages(asked: Asked) -> Iterator[tuple[str, Held]]:
    """Yield the translations of a question by their language's code."""
    for code, held in _mapping(asked.payload.get("Language")).items():
        if isinstance(held, Mapping):
            yield code, held


def _chinese(asked: Asked, part: str) -> Iterator[dict[str, str]]:
    if not in_chinese(asked.language):
        for code, held in _languages(asked):
            if in_chinese(code):
                yield _ordered(held.get(part), None)


def _base(asked: Asked, kind: ItemKind | None) -> Defined:
    """Return a question with its texts, and no columns yet."""
    written = shown(str(asked.payload.get("QuestionText") or "")) or shown(
        str(asked.payload.get("QuestionDescription") or "")
    )
    texts = {asked.language: written} | {
        code: shown(str(held.get("QuestionText") or "")) for code, held in _languages(asked)
    }
    said = {code: text for code, text in texts.items() if text}
    text = next((said[code] for code in said if in_chinese(code)), written or asked.tag)
    english = next((said[code] for code in said if in_english(code)), "")
    chinese = any(in_chinese(code) for code in said)
    return Defined(
        asked.tag, text, kind, english=english if chinese and english != text else "",
        texts=tuple(dict.fromkeys(one for one in said.values() if one != text)),
        path=(asked.block,) if asked.block else (),
    )  # fmt: skip


def _single(asked: Asked) -> Defined:
    one = _base(asked, "scale" if asked.kind[0] == "NPS" else "single_choice")
    return replace(one, columns=(asked.id,), **_options(asked, "Choices", _choices(asked)))


def _multiple(asked: Asked) -> Defined:
    worded = _choices(asked)
    codes = _codes(asked, tuple(worded))
    ticks = (
        {codes[key]: f"{asked.tag}_{codes[key]}" for key in worded},
        {codes[key]: f"{asked.tag}_{key}" for key in worded},
        {codes[key]: f"{asked.id}-{key}" for key in worded},
        {codes[key]: f"{asked.id}_{key}" for key in worded},
    )
    one = replace(_base(asked, "multiple_choice"), columns=(asked.id,), ticks=ticks)
    return replace(one, **_options(asked, "Choices", worded))


def _typed_beside(asked: Asked) -> Iterator[Defined]:
    """Yield the texts that are typed beside a choice."""
    held = _mapping(asked.payload.get("Choices"))
    typed = [key for key in _choices(asked) if _mapping(held.get(key)).get("TextEntry")]
    codes = _codes(asked, tuple(held))
    for key in typed:
        columns = [f"{asked.tag}_{codes[key]}_TEXT", f"{asked.id}-{key}-TEXT",
                   f"{asked.id}_{key}_TEXT"]  # fmt: skip
        if len(typed) == 1:
            columns += [f"{asked.tag}_TEXT", f"{asked.id}-TEXT", f"{asked.id}_TEXT"]
        label = _choices(asked)[key]
        base = _base(asked, "open_ended")
        yield replace(
            base, name=f"{asked.tag}_{key}_TEXT", text=f"{base.text}（{label}：填写的文字）",
            columns=tuple(columns), english="", texts=(),
        )  # fmt: skip


def _text(asked: Asked) -> Defined:
    numeric = asked.validation.get("ContentType") == "ValidNumber"
    limits = _mapping(asked.validation.get("ValidNumber"))
    low, high = (_number(limits.get(end)) for end in ("Min", "Max"))
    return replace(
        _base(asked, "number" if numeric else "open_ended"),
        columns=(f"{asked.tag}_TEXT", f"{asked.id}-TEXT", f"{asked.id}_TEXT", asked.id),
        minimum=low if numeric else None, maximum=high if numeric else None,
    )  # fmt: skip


def _number(written: object) -> float | None:
    return float(str(written)) if re.fullmatch(r"-?\d+(\.\d+)?", str(written)) else None


def _fields(asked: Asked, kind: ItemKind) -> Iterator[Defined]:
    """Yield one question per choice: the fields of a form, the handles of a slider."""
    limits = _mapping(asked.payload.get("Configuration"))
    sliding = asked.kind[0] == "Slider"
    low, high = (_number(limits.get(key)) if sliding else None for key in _SLIDER)
    for key, tag, label in _rows(asked):
        yield replace(
            _row(asked, key, tag, label, kind), minimum=low, maximum=high,
        )  # fmt: skip


_SLIDER = ("CSSliderMin", "CSSliderMax")


def _ranks(asked: Asked) -> Iterator[Defined]:
    count = len(_choices(asked))
    for key, tag, label in _rows(asked):
        said = "排序题，读成每个选项的名次（1 为第一）。"
        yield replace(
            _row(asked, key, tag, label, "number"), minimum=1, maximum=count, lost=(said,)
        )


def _rows(asked: Asked) -> list[tuple[str, str, str]]:
    """Return key, tag and wording of the rows of a matrix; '' is the tag of those without one."""
    tags = _mapping(asked.payload.get("ChoiceDataExportTags"))
    worded = next(_chinese(asked, "Choices"), {})
    return [
        (key, str(tags.get(key) or ""), worded.get(key, label))
        for key, label in _choices(asked).items()
    ]


def _row(asked: Asked, key: str, tag: str, label: str, kind: ItemKind | None) -> Defined:
    whole = _base(asked, kind)
    places = _places(asked, key, tag)
    return replace(
        whole, name=places[0], text=label, group=asked.tag, group_text=whole.text, english="",
        texts=(), columns=(*places[1:], f"{places[0]}_TEXT", f"{asked.id}-{key}-TEXT"),
    )  # fmt: skip


def _places(asked: Asked, key: str, tag: str) -> list[str]:
    """Return the names of a row's column, the likeliest first."""
    beside = asked.payload.get("AnswerDataExportTag")
    names = []
    if tag:
        names += [f"{asked.tag}_{tag}_{beside}", f"{tag}: {beside}"] if beside else []
        names += [f"{asked.tag}_{tag}", tag, re.sub(r"\W", "_", tag)]
    names += [f"{asked.tag}_{key}", f"{asked.id}-{key}", f"{asked.id}_{key}"]
    return list(dict.fromkeys(names))


def _matrix(asked: Asked) -> Reading:
    several = asked.kind[2] in ("MultipleAnswer", "MA")
    match asked.kind[1]:
        case "TE" | "CS":
            kind: ItemKind = "open_ended" if asked.kind[1] == "TE" else "number"
            return Reading(tuple(_cells(asked, kind)))
        case "RO" | "MaxDiff":
            return Reading(unread="矩阵排序题")
    answers = _options(asked, "Answers", _answers(asked))
    rows = []
    for key, tag, label in _rows(asked):
        row = _row(asked, key, tag, label, "multiple_choice" if several else None)
        ticks = _crossed(asked, key, tag) if several else ()
        rows.append(replace(row, ticks=ticks, **answers))
        if _mapping(_mapping(asked.payload.get("Choices")).get(key)).get("TextEntry"):
            columns = (f"{asked.id}-{key}-TEXT", f"{asked.id}_{key}_TEXT")
            rows.append(replace(
                row, name=f"{row.name}_TEXT", text=f"{label}（填写的文字）", kind="open_ended",
                columns=columns,
            ))  # fmt: skip
    return Reading(tuple(rows))


def _crossed(asked: Asked, key: str, tag: str) -> tuple[dict[str, str], ...]:
    """Return the names of the columns of a row's answers."""
    answers = tuple(_answers(asked))
    codes = _codes(asked, answers)
    places = _places(asked, key, tag)
    ways = [{codes[a]: f"{place}_{codes[a]}" for a in answers} for place in places]
    ways += [{codes[a]: f"{place}_{a}" for a in answers} for place in places]
    ways.append({codes[a]: f"{asked.id}-{key}-{a}" for a in answers})
    if asked.payload.get("AnswerDataExportTag"):
        # Insights gives all answers of a row one name; repeated headers are numbered.
        same = [
            f"{places[0]} ({count})" if count > 1 else places[0] for count in _counted(answers)
        ]
        ways.append({codes[a]: name for a, name in zip(answers, same, strict=True)})
    return tuple(ways)


def _counted(answers: Sequence[str]) -> range:
    return range(1, len(answers) + 1)


def _cells(asked: Asked, kind: ItemKind) -> Iterator[Defined]:
    """Yield one question per cell of a matrix of texts or numbers."""
    end = "_TEXT" if kind == "open_ended" else ""
    for key, tag, label in _rows(asked):
        places = _places(asked, key, tag)
        for count, (answer, wording) in enumerate(_answers(asked).items(), start=1):
            names = [f"{place}_{answer}{end}" for place in places]
            names += [f"{place}_{answer}" for place in places]
            names.append(f"{asked.id}-{key}-{answer}{end.replace('_', '-')}")
            if asked.payload.get("AnswerDataExportTag"):
                repeated = f"{places[0]}{end}"
                names.append(f"{repeated} ({count})" if count > 1 else repeated)
            row = _row(asked, key, tag, f"{label}：{wording}", kind)
            yield replace(row, name=names[0], columns=tuple(names[1:]))


def _side_by_side(asked: Asked) -> Iterator[Asked]:
    """Yield the matrices that stand side by side as questions of their own."""
    whole = shown(str(asked.payload.get("QuestionText") or ""))
    for key, held in _mapping(asked.payload.get("AdditionalQuestions")).items():
        part = dict(_mapping(held))
        part["DataExportTag"] = f"{asked.tag}#{key}"
        part["QuestionText"] = f"{whole}：{shown(str(part.get('QuestionText') or ''))}"
        part.setdefault("ChoiceOrder", asked.payload.get("ChoiceOrder"))
        part["Choices"] = part.get("Choices") or asked.payload.get("Choices")
        yield Asked(part, f"{asked.id}#{key}", asked.block, asked.language)


def _measured(asked: Asked) -> Iterator[Extra]:
    parts = (
        ("First Click", "Last Click", "Page Submit", "Click Count")
        if asked.kind[0] == "Timing"
        else ("Browser", "Version", "Operating System", "Resolution")
    )
    for part in parts:
        names = (f"{asked.tag}_{part}", f"{asked.id}_{part.upper().replace(' ', '_')}")
        yield Extra(names, "metadata", f"网页记录的信息（{part}），不是题目。")
