"""The register of problems: an append-only event log, each event bearing the hash of the last.

An event is one row: ``event`` (1, 2, ...), ``at`` (date), ``who`` (a post, never a name),
``problem`` (A1-2026-003), ``action``, ``field``, ``value``, ``evidence``, ``previous``, ``hash``.
Whoever edits or takes out a row breaks the chain at that line. A chain alone cannot show that its
last rows are missing; the version history of the file does.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.errors import Fault, RegisterError, gathered

EVENT_COLUMNS = (
    "event", "at", "who", "problem", "action", "field", "value", "evidence", "previous", "hash",
)  # fmt: skip
BEGINNING = "0" * 64
_NUMBER = re.compile(r"^A[1-7]-\d{4}-\d{3}$")
_PRIVATE = re.compile(r"\d{7,}|@")


class Event(BaseModel):
    """One change in the life of a problem; never edited, never removed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: int
    at: date
    who: str
    problem: str
    action: str
    field: str
    value: str
    evidence: str
    previous: str
    hash: str

    def computed_hash(self) -> str:
        """Return the hash that belongs to the content of the event."""
        content = self.model_dump(mode="json", exclude={"hash"})
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class Change(BaseModel):
    """What an event is to say, before it has a place in the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: str
    field: str = ""
    value: str = ""
    evidence: str = ""


def read_events(path: Path) -> tuple[Event, ...]:
    """Read and verify the event log.

    Raises
    ------
    RegisterError
        File missing, wrong columns, unreadable rows, or a broken chain: with the lines. After the
        first broken link the rest cannot be judged, so only that one is told.
    """
    if not path.is_file():
        raise RegisterError(f"{path}: 找不到事件记录。请放回或新建空表。(event log not found)")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    if not rows or tuple(rows[0]) != EVENT_COLUMNS:
        raise RegisterError(
            f"{path}: 第 1 行列名应为 {','.join(EVENT_COLUMNS)}。请勿改动表头。(wrong header)"
        )
    faults: list[Fault] = []
    events: list[Event] = []
    for line, row in enumerate(rows[1:], start=2):
        place = f"第 {line} 行 (line {line})"
        try:
            event = Event.model_validate(dict(zip(EVENT_COLUMNS, row, strict=True)))
        except ValueError:
            faults.append(Fault(place, "不是一条事件 (not an event).", "请从版本记录恢复。"))
            break
        if (broken := _broken(event, events)) is not None:
            faults.append(Fault(place, broken, "请从版本记录恢复原文件。(restore the file)"))
            break
        events.append(event)
    if faults:
        raise RegisterError(gathered(path, faults))
    return tuple(events)


def _broken(event: Event, before: Sequence[Event]) -> str | None:
    last = before[-1] if before else None
    if event.event != len(before) + 1:
        expected = len(before) + 1
        return f"事件号 {event.event}，应为 {expected}：有事件被删去或插入 (removed or inserted)."
    if event.previous != (last.hash if last else BEGINNING):
        return "与上一条事件接不上：有事件被删改 (the chain is broken)."
    if event.hash != event.computed_hash():
        return "内容与校验值不符：这条事件被改过 (the event was edited)."
    if last and event.at < last.at:
        return f"日期 {event.at} 早于上一条 {last.at} (earlier than the event before)."
    return None


def appended(
    events: Sequence[Event], changes: Iterable[Change], *, at: date, who: str, problem: str
) -> tuple[Event, ...]:
    """Return the log with the changes added at its end; nothing is checked but the form.

    Raises
    ------
    RegisterError
        If the date is before the last event, the number has no valid form, or `who` looks like a
        person's phone or address instead of a post.
    """
    if events and at < events[-1].at:
        raise RegisterError(
            f"日期 {at} 早于最后一条事件 {events[-1].at}。请用不早于它的日期。"
            "(earlier than the log)"
        )
    if not _NUMBER.match(problem):
        raise RegisterError(f"问题编号 {problem!r} 应如 A1-2026-003。(not a problem number)")
    if not who.strip() or _PRIVATE.search(who):
        raise RegisterError(f"经办 {who!r} 应写岗位，不写姓名和联系方式。(name a post)")
    log = list(events)
    for change in changes:
        unsigned = Event(
            event=len(log) + 1,
            at=at,
            who=who,
            problem=problem,
            **change.model_dump(),
            previous=log[-1].hash if log else BEGINNING,
            hash="",
        )
        log.append(unsigned.model_copy(update={"hash": unsigned.computed_hash()}))
    return tuple(log)


def write_events(events: Iterable[Event], path: Path) -> None:
    """Write an event log, the same bytes for the same events; an empty log is a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(EVENT_COLUMNS)
    for event in events:
        content = event.model_dump(mode="json")
        writer.writerow([content[name] for name in EVENT_COLUMNS])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
