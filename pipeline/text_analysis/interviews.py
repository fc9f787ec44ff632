"""Interview notes: read them, mask them, code every passage.

A note is a Markdown file: a head between two lines of ``---`` with the keys of `Note`, then
passages apart by blank lines, each beginning with the speaker's role, never a name, and a colon
(村干部：…). Lines that begin with ``#`` are headings and are left out. What the interviewer says
is kept, but not coded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, SurveyError, gathered
from pipeline.privacy.redact import redact
from pipeline.text_analysis.coding import Codeframe, code

COLUMNS = (
    "interview", "county", "setting", "role", "passage", "text", "theme", "problem", "stance",
    "rule",
)  # fmt: skip
KEYS = ("interview", "date", "county", "setting", "topic", "method")
INTERVIEWERS = frozenset({"访谈员", "访问员", "主持人", "记录员", "调研组"})
_ROLE = re.compile(r"([^\s：:，。,.]{1,12})[：:]\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """What one speaker said without interruption; `number` counts from 1 within the note."""

    number: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """The note of one interview or discussion; county and setting as the frame calls them."""

    interview: str
    date: date
    county: str
    setting: str
    topic: str
    method: str
    passages: tuple[Passage, ...]


def read_notes(folder: Path) -> tuple[Note, ...]:
    """Read all notes (``*.md``) of a folder in order of their file names; none is in order too.

    Raises
    ------
    SurveyError
        Folder missing; or faults of the notes, those of all files together, each with its line.
    """
    if not folder.is_dir():
        raise SurveyError(
            f"{folder}: 找不到文件夹。没有访谈也请建一个空文件夹。"
            "(folder not found; make an empty one)"
        )
    notes: list[Note] = []
    messages: list[str] = []
    owner: dict[str, str] = {}
    for path in sorted(folder.glob("*.md"), key=lambda one: one.name):
        note, faults = _read(path)
        if note is not None and note.interview in owner:
            faults.append(
                Fault(
                    "interview",
                    f"编号 {note.interview} 在 {owner[note.interview]} 里已经用了。",
                    "请换一个编号。(id used twice; change one)",
                )
            )
        if faults:
            messages.append(gathered(path, faults))
        elif note is not None:
            owner[note.interview] = path.name
            notes.append(note)
    if messages:
        raise SurveyError("\n".join(messages))
    return tuple(notes)


def coded_passages(notes: Sequence[Note], frame: Codeframe) -> pd.DataFrame:
    """Mask and code the passages.

    Returns
    -------
    DataFrame, one row per passage and theme
        The columns of `COLUMNS`; a passage without any theme has one row with theme, problem,
        stance and rule ''. No notes give no rows. Order: as given, then as the frame has it.
    """
    problems = {theme.code: theme for theme in frame.themes}
    rows: list[tuple[str, str, str, str, int, str, str, str, str, str]] = []
    for note in notes:
        for passage in note.passages:
            text = redact(passage.text).text
            rules = {} if passage.role in INTERVIEWERS else code(text, frame).rules
            head = (
                note.interview, note.county, note.setting, passage.role, passage.number, text,
            )  # fmt: skip
            for name, rule in rules.items():
                theme = problems[name]
                stance = theme.stance(text) if theme.problem else ""
                rows.append((*head, name, theme.problem, stance, rule))
            if not rules:
                rows.append((*head, "", "", "", ""))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: "Int64" if name == "passage" else "str" for name in COLUMNS})


def _read(path: Path) -> tuple[Note | None, list[Fault]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        found = f"第 {fault.start + 1} 字节不是 UTF-8。"
        return None, [Fault("编码 (encoding)", found, "请另存为 UTF-8。(save it as UTF-8)")]
    head, faults = _head(lines)
    if head is None:
        return None, faults
    values, begin = head
    passages = _passages(lines, begin, faults)
    if not passages and not faults:
        faults.append(_fault(len(lines), "没有一段发言。", "请至少记一段。(no passage; add one)"))
    if faults:
        return None, faults
    day = date.fromisoformat(values.pop("date"))
    return Note(date=day, passages=tuple(passages), **values), []


def _head(lines: Sequence[str]) -> tuple[tuple[dict[str, str], int] | None, list[Fault]]:
    """Return the values of the head and the index of the first line after it, or the faults."""
    ends = [index for index, line in enumerate(lines) if line.strip() == "---"][:2]
    if len(ends) < 2 or ends[0] != 0:
        return None, [
            _fault(
                1, "缺少由两行 --- 围住的文件头。", f"请补上：{'、'.join(KEYS)}。(add the head)"
            )
        ]
    values: dict[str, str] = {}
    faults = []
    for number, line in enumerate(lines[1 : ends[1]], start=2):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or key not in KEYS:
            faults.append(
                _fault(number, f"没有 {key!r} 这一项。", f"可用：{'、'.join(KEYS)}。(unknown key)")
            )
        elif key in values:
            faults.append(
                _fault(number, f"{key} 写了两次。", "请删去一行。(given twice; delete one)")
            )
        elif not value:
            faults.append(_fault(number, f"{key} 是空的。", "请填写。(empty; fill it in)"))
        elif key == "date" and not _is_date(value):
            faults.append(
                _fault(number, f"日期 {value!r} 不可用。", "请写成 2026-09-01。(write it so)")
            )
        elif redact(value).total:
            faults.append(
                _fault(number, f"{key} 里有姓名或联系方式。", "请删去。(private data; delete)")
            )
        values[key] = value
    for key in KEYS:
        if key not in values:
            faults.append(_fault(1, f"文件头缺少 {key}。", "请补上。(missing; add it)"))
    return (values, ends[1] + 1), faults


def _passages(lines: Sequence[str], begin: int, faults: list[Fault]) -> list[Passage]:
    passages: list[Passage] = []
    paragraph: list[str] = []
    start = begin
    for index in range(begin, len(lines) + 1):
        line = lines[index].strip() if index < len(lines) else ""
        if line.startswith("#"):
            line = ""
        if line:
            start = start if paragraph else index
            paragraph.append(line)
        elif paragraph:
            _add(passages, "".join(paragraph), start + 1, faults)
            paragraph = []
    return passages


def _add(passages: list[Passage], text: str, line: int, faults: list[Fault]) -> None:
    found = _ROLE.fullmatch(text)
    if found is None:
        remedy = "请在段首写身份和冒号，如“村干部：”。(begin with the role and a colon)"
        faults.append(_fault(line, f"“{text[:12]}…”没有发言人身份。", remedy))
    elif redact(found[1]).total:
        faults.append(
            _fault(line, "发言人身份里有姓名。", "请只写身份，如“村干部”。(a name; give the role)")
        )
    elif not found[2].strip():
        faults.append(
            _fault(line, f"“{found[1]}”没有说话内容。", "请补上或删去。(empty; fill in or delete)")
        )
    else:
        passages.append(Passage(len(passages) + 1, found[1], found[2].strip()))


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value) is not None
    except ValueError:
        return False


def _fault(line: int, found: str, remedy: str) -> Fault:
    return Fault(f"第 {line} 行 (line {line})", found, remedy)
