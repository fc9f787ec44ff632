"""The pictures that questions show, kept beside the definition and inlined into the form."""

import base64
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Fault, QuestionnaireError, SurveyError, gathered
from pipeline.questionnaire.blocks import Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Asked

LARGEST = 300_000
"""Bytes that a picture may have: the form is one file, and phones have to open it."""

LONGEST_PATH = 200
KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
"""How files begin -> what they are. Drawings with scripts in them (SVG) are none of these."""


def read_images(questionnaire: Questionnaire, folder: Path) -> dict[str, bytes]:
    """Read the pictures that a questionnaire names, from the folder of its definition.

    Returns
    -------
    path as the definition has it -> content of the file

    Raises
    ------
    QuestionnaireError
        Every picture that is missing, outside the folder, too large, or no PNG, JPEG, GIF, WebP.
    """
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for asked in _illustrated(questionnaire):
        try:
            found[asked.image] = _read(folder, asked.image)
        except SurveyError as fault:
            faults.append(Fault(f"image of {asked.name}", str(fault), ""))
    if faults:
        raise QuestionnaireError(gathered(folder, faults))
    return found


def data_uri(path: str, content: bytes) -> str:
    """Return a picture as an address that holds its content."""
    return f"data:{_kind(path, content)};base64,{base64.b64encode(content).decode()}"


def _illustrated(questionnaire: Questionnaire) -> Iterator[Asked]:
    for block in questionnaire.blocks:
        if block.image:
            yield block
        if isinstance(block, Roster):
            yield from (question for question in block.questions if question.image)


def _read(folder: Path, path: str) -> bytes:
    file = folder / path
    if (
        len(path) > LONGEST_PATH
        or "\0" in path
        or not file.resolve().is_relative_to(folder.resolve())
    ):
        raise SurveyError(
            f"{path}: 图片不在问卷所在的文件夹里。请移到问卷旁边。(outside the folder; move it)"
        )
    if not file.is_file():
        raise SurveyError(
            f"{path}: 找不到图片。请放到问卷旁边，或改正 image。(no such file; put it there)"
        )
    if (size := file.stat().st_size) > LARGEST:
        raise SurveyError(
            f"{path}: 图片有 {size / 1000:.0f} KB，超过 {LARGEST // 1000} KB。请缩小后再用。"
            "(too large; make it smaller)"
        )
    content = file.read_bytes()
    _kind(path, content)
    return content


def _kind(path: str, content: bytes) -> str:
    for start, kind in KINDS.items():
        if content.startswith(start):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    raise SurveyError(
        f"{path}: 不是 PNG、JPEG、GIF 或 WebP 图片。请另存为其中一种。"
        "(no PNG, JPEG, GIF or WebP picture; save it as one)"
    )
