"""Read a Qualtrics survey file (.qsf): its questions, their codes and their export tags.

A .qsf is JSON: `SurveyEntry` says of the survey, `SurveyElements` hold the questions (SQ), the
blocks (BL) and the flow (FL). Questions in the trash are never exported and are left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ResponseError
from pipeline.intake.definitions import Defined, Definition, Extra
from pipeline.intake.definitions.contents import shown, text_of
from pipeline.intake.definitions.qsf_parts import Asked, Reading
from pipeline.intake.definitions.qsf_questions import reading_of

SYSTEM = "Qualtrics 问卷文件（.qsf）"
Payload = dict[str, Any]


def is_qsf(text: str) -> bool:
    """Tell whether a text is the beginning of a .qsf."""
    return '"SurveyEntry"' in text and '"SurveyElements"' in text


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its file holds it.

    Attributes
    ----------
    parts : the elements as in the file
    asked : the questions in the order of the blocks
    trashed : how many questions lie in the trash
    """

    title: str
    language: str
    parts: list[Payload]
    asked: list[Asked]
    trashed: int


def read_survey(path: Path) -> Survey:
    """Read a .qsf in the order of its blocks.

    Raises
    ------
    ResponseError
        It is no JSON, no survey, or holds no question.
    """
    try:
        survey = json.loads(text_of(path))
    except (ValueError, RecursionError) as fault:
        raise ResponseError(
            f"{path}: 不是完整的 JSON（{fault}）。请在 Qualtrics 中重新导出 .qsf。"
            "(not a complete JSON; export the survey again)"
        ) from None
    elements = survey.get("SurveyElements") if isinstance(survey, dict) else None
    if not isinstance(elements, list):
        raise ResponseError(
            f"{path}: 没有 SurveyElements，不是 Qualtrics 的 .qsf。请核对文件。(not a .qsf)"
        )
    parts = [one for one in elements if isinstance(one, dict)]
    entry = survey.get("SurveyEntry")
    entry = entry if isinstance(entry, dict) else {}
    language = str(entry.get("SurveyLanguage") or "")
    asked, trashed = _in_order(parts, language)
    if not asked:
        raise ResponseError(f"{path}: 里面没有题目。请核对文件。(no question in it)")
    return Survey(shown(str(entry.get("SurveyName") or "")), language, parts, asked, trashed)


def read_qsf(path: Path) -> Definition:
    """Read the questions of a .qsf in the order of its blocks.

    Raises
    ------
    ResponseError
        As `read_survey`.
    """
    survey = read_survey(path)
    readings = [reading_of(one) for one in survey.asked]
    return Definition(
        path, SYSTEM, survey.title,
        tuple(_told_apart(one for reading in readings for one in reading.questions)),
        tuple(_lost(survey.parts, survey.asked, survey.trashed, readings)),
        tuple(_extras(readings)),
    )  # fmt: skip


def _in_order(parts: list[Payload], language: str) -> tuple[list[Asked], int]:
    """Return the questions in the order of the blocks, and how many lie in the trash."""
    found = {
        str(one["Payload"].get("QuestionID") or one.get("PrimaryAttribute")): one["Payload"]
        for one in parts
        if one.get("Element") == "SQ" and isinstance(one.get("Payload"), dict)
    }
    trashed: set[str] = set()
    ordered: dict[str, str] = {}
    for block in _blocks(parts):
        inside = [
            str(one.get("QuestionID"))
            for one in block.get("BlockElements") or ()
            if isinstance(one, dict) and one.get("Type") == "Question"
        ]
        if block.get("Type") == "Trash":
            trashed.update(inside)
        else:
            title = shown(str(block.get("Description") or ""))
            ordered.update((name, title) for name in inside if name not in ordered)
    rest = [name for name in found if name not in ordered and name not in trashed]
    return [
        Asked(found[name], name, ordered.get(name, ""), language)
        for name in (*ordered, *rest)
        if name in found
    ], len(trashed & found.keys())


def _blocks(parts: list[Payload]) -> Iterator[Payload]:
    for part in parts:
        held = part.get("Payload")
        if part.get("Element") == "BL" and held:
            blocks = held.values() if isinstance(held, dict) else held
            yield from (one for one in blocks if isinstance(one, dict))


def _told_apart(questions: Iterator[Defined]) -> Iterator[Defined]:
    """Yield each name once; copied questions may bear the tag of another."""
    names: set[str] = set()
    for one in questions:
        if one.name not in names:
            names.add(one.name)
            yield one


def _extras(readings: list[Reading]) -> Iterator[Extra]:
    for reading in readings:
        yield from reading.extras


_LOGIC: Mapping[str, str] = {
    "DisplayLogic": (
        "{} 道题有显示逻辑（DisplayLogic），没有带过来：谁该答、谁不该答需要在问卷里另写。"
    ),
    "SkipLogic": "{} 道题有跳转（SkipLogic），没有带过来。",
    "InPageDisplayLogic": "{} 道题有同页显示逻辑，没有带过来。",
    "Randomization": "{} 道题的选项随机排列，这里按原来的顺序。",
    "QuestionJS": "{} 道题带有脚本，没有带过来。",
}


def _lost(
    parts: list[Payload], asked: list[Asked], trashed: int, readings: list[Reading]
) -> Iterator[str]:
    for key, sentence in _LOGIC.items():
        if count := sum(bool(one.payload.get(key)) for one in asked):
            yield sentence.format(count)
    if count := sum(one.forced for one in asked):
        yield f"{count} 道题标为必答（ForceResponse），没有带过来。"
    looped = [one for one in _blocks(parts) if _options(one).get("Looping") not in (None, "None")]
    if looped:
        yield f"{len(looped)} 个题块循环出现（Loop & Merge），导出的列名前有序号，由答案推断。"
    if flows := sorted({kind for part in parts for kind in _flow(part)} & _FLOWS.keys()):
        yield f"流程中的{'、'.join(_FLOWS[kind] for kind in flows)}没有带过来。"
    if trashed:
        yield f"{trashed} 道题在回收站里，不会导出，没有列出。"
    kinds: dict[str, list[str]] = {}
    for one, reading in zip(asked, readings, strict=True):
        if reading.unread:
            kinds.setdefault(reading.unread, []).append(one.tag)
    for kind, tags in kinds.items():
        yield f"{len(tags)} 道{kind}没有对应的题型（{'、'.join(tags)}），由答案推断。"


def flows_of(survey: Survey) -> list[str]:
    """Return what the flow of a survey does besides showing blocks, in Chinese."""
    kinds = {kind for part in survey.parts for kind in _flow(part)}
    return [_FLOWS[kind] for kind in sorted(kinds & _FLOWS.keys())]


def loops_of(survey: Survey) -> int:
    """Return how many blocks are shown repeatedly."""
    options = (_options(block) for block in _blocks(survey.parts))
    return sum(one.get("Looping") not in (None, "None") for one in options)


_FLOWS = {"Branch": "分支", "Randomizer": "随机分组", "EmbeddedData": "嵌入数据", "Quota": "配额"}


def _options(block: Payload) -> Payload:
    found = block.get("Options")
    return found if isinstance(found, dict) else {}


def _flow(part: Payload) -> Iterator[str]:
    """Yield the kinds of all elements of the survey's flow."""
    if part.get("Element") == "FL":
        waiting = [part.get("Payload")]
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                yield str(one.get("Type"))
                flow = one.get("Flow")
                waiting.extend(flow if isinstance(flow, list) else ())
