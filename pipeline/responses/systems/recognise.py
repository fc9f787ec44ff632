"""Which system made a delivered table, told by the table itself or named by the analyst."""

from dataclasses import dataclass

from pipeline.errors import ResponseError
from pipeline.responses.systems import (
    System,
    google_forms,
    kobo,
    labelled,
    limesurvey,
    odk,
    plain,
    qualtrics,
    redcap,
    surveymonkey,
    tencent,
    typeform,
    wjx,
    wjx_index,
)
from pipeline.responses.table import RawTable

SYSTEMS: tuple[System, ...] = (
    wjx_index.SYSTEM,
    wjx.SYSTEM,
    tencent.SYSTEM,
    qualtrics.SYSTEM,
    limesurvey.SYSTEM,
    redcap.SYSTEM,
    kobo.SYSTEM,
    odk.SYSTEM,
    surveymonkey.SYSTEM,
    typeform.SYSTEM,
    google_forms.SYSTEM,
    labelled.SYSTEM,
    plain.SYSTEM,
)
"""All systems, the most particular first; the last two take what no other knows."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A system, and in a Chinese sentence why the table is taken for its export."""

    system: System
    reason: str


def recognised(table: RawTable, wanted: str | None = None) -> Recognised:
    """Return the system of a table, or the one of the name that is wanted.

    A file that itself says what its codes mean is read by its labels, whoever made it.

    Raises
    ------
    ResponseError
        If no system has the name.
    """
    if wanted:
        return _named(table, wanted)
    if _has_value_labels(table):
        return Recognised(labelled.SYSTEM, labelled.SYSTEM.signs(table))
    for system in SYSTEMS:
        if reason := system.signs(table):
            return Recognised(system, reason)
    return Recognised(plain.SYSTEM, "没有哪个系统的特征，按普通表格读。")


def _has_value_labels(table: RawTable) -> bool:
    return table.dictionary is not None and any(v.values for v in table.dictionary.variables)


def _named(table: RawTable, wanted: str) -> Recognised:
    for system in SYSTEMS:
        if wanted.strip().casefold() in (system.name, system.title.casefold()):
            if reason := system.signs(table):
                return Recognised(system, f"按指定的“{system.title}”读。{reason}")
            missing = f"表里没有看到{system.title}的特征，请核对读出的题目。"
            return Recognised(system, f"按指定的“{system.title}”读；{missing}")
    known = "、".join(f"{system.name}（{system.title}）" for system in SYSTEMS)
    raise ResponseError(
        f"{table.source}: 没有叫 {wanted!r} 的系统（layout）。可用的是 {known}。"
        "请改用其中一个，或不写，由表自己认。(no such layout; name one of these, or leave it out)"
    )
