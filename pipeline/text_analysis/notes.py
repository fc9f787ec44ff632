"""Read interview notes, as people hand them in: Markdown files and Word documents.

Both hold a head with the keys of `Note`, then passages, each beginning with the speaker's role,
never a name, and a colon (村干部：…).

- Markdown: the head stands between two lines of ``---``, one ``key: value`` a line; passages are
  apart by blank lines; lines that begin with ``#`` are headings and left out.
- Word: the head is a table (key, value, key, value…) or one ``key：value`` paragraph each, up to
  the first empty paragraph or heading; every further paragraph, and every line after a line break
  within one, is a passage; headings (by style) are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.documents.docx import Block, Table, read_docx
from pipeline.errors import Fault, SurveyError, gathered
from pipeline.privacy.redact import redact
from pipeline.privacy.surnames import COMMON, COMPOUND, RARE
from pipeline.questionnaire.programme import FrameDomain

KEYS = ("interview", "date", "county", "setting", "topic", "method")
INTERVIEWERS = frozenset({"访谈员", "访问员", "主持人", "记录员", "调研组"})
# Many role words begin with a character that is a family name, too (管理员, 林长). A role of the
# shape of a name is believed to be a role only if it is one of these, or ends with the longest of
# them after more than a family name: 管理员, but not 管村民. Bare 民 and 生 are left out, as given
# names end so (卫民, 春生); what stands before 书记 or 医生 is the business of `redact`.
ROLE_WORDS = tuple(
    (
        "员 长 师 工 户 者 农 书记 干部 主任 代表 负责人 同志 家属 人员 村民 居民 市民 农民 牧民 "
        "群众 学生 老人 家长 班长 组长 队长 楼长 店长 会长 社长 园长 行长 党员 社员 队员 会员 "
        "职员 学员 教员 委员 员工 职工 社工 技工 民工 教师 医师 技师 厨师 农户 商户 "
        "文员 成员 常委 纪委 纪检 高管 高工 高中生 高职生 安保 武警 林长 田长 路长 段长 林农 "
        "车主 车工 石匠 文书 游客 施工方"
    ).split()
)
_FAMILY_NAMES = (*COMPOUND, *COMMON, *RARE)
_ROLE = re.compile(r"([^\s：:，。,.]{1,12})[：:]\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """What one speaker said without interruption; `number` counts from 1 within the note."""

    number: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """The note of one interview or discussion; county and setting as the frame calls them.

    `date` is the day of the interview; it tells the wave to which the interview belongs.
    """

    interview: str
    date: date
    county: str
    setting: str
    topic: str
    method: str
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class _Written:
    """What stands in a file: place, key and value of the head; place and text of paragraphs."""

    head_at: str
    head: list[tuple[str, str, str]] = field(default_factory=list)
    paragraphs: list[tuple[str, str]] = field(default_factory=list)
    end: str = ""
    faults: list[Fault] = field(default_factory=list)


def read_notes(folder: Path, domains: Sequence[FrameDomain] = ()) -> tuple[Note, ...]:
    """Read all notes (``*.md``, ``*.docx``) of a folder in order of their file names.

    A folder without notes is in order, too.

    Parameters
    ----------
    domains : those of the programme; a county or setting that is no level of its domain is
        refused, and without such a domain any is accepted

    Raises
    ------
    SurveyError
        Folder missing; or faults of the notes, those of all files together, each with its line
        or, in a Word document, its paragraph.
    """
    if not folder.is_dir():
        raise SurveyError(
            f"{folder}: 找不到文件夹。没有访谈也请建一个空文件夹。"
            "(folder not found; make an empty one)"
        )
    notes: list[Note] = []
    messages: list[str] = []
    owner: dict[str, str] = {}
    for path in note_files(folder):
        try:
            written = _markdown(path) if path.suffix == ".md" else _word(path)
            note, faults = _note(written, domains)
        except SurveyError as error:
            messages.append(str(error))
            continue
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


def note_files(folder: Path) -> tuple[Path, ...]:
    """Return the notes of a folder by name; Word's lock files (``~$…``) are none."""
    files = (path for kind in ("*.md", "*.docx") for path in folder.glob(kind))
    return tuple(sorted((path for path in files if path.name[0] != "~"), key=lambda p: p.name))


def _markdown(path: Path) -> _Written:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        found = f"第 {fault.start + 1} 字节不是 UTF-8。"
        remedy = "请另存为 UTF-8。(save it as UTF-8)"
        raise SurveyError(gathered(path, [Fault("编码 (encoding)", found, remedy)])) from None
    written = _Written(_line(1), end=_line(len(lines)))
    ends = [index for index, line in enumerate(lines) if line.strip() == "---"][:2]
    if len(ends) < 2 or ends[0] != 0:
        found = "缺少由两行 --- 围住的文件头。"
        written.faults.append(Fault(_line(1), found, f"请补上：{_keys()}。(add the head)"))
        return written
    written.head = [
        (_line(number), *_entry(line))
        for number, line in enumerate(lines[1 : ends[1]], start=2)
        if line.strip()
    ]
    paragraph: list[str] = []
    start = ends[1] + 1
    for index in range(ends[1] + 1, len(lines) + 1):
        line = lines[index].strip() if index < len(lines) else ""
        if line and not line.startswith("#"):
            start = start if paragraph else index
            paragraph.append(line)
        elif paragraph:
            written.paragraphs.append((_line(start + 1), "".join(paragraph)))
            paragraph = []
    return written


def _word(path: Path) -> _Written:
    blocks = read_docx(path)
    written = _Written("文件头 (head)", end="文末 (end)")
    rest = list(_after_the_head(blocks, written))
    for block in rest:
        if isinstance(block, Table):
            remedy = "请改成段落，段首写身份和冒号。(make them paragraphs)"
            found = "正文里的表格不能读作发言。"
            written.faults.append(Fault(f"第 {block.number} 个表 (table)", found, remedy))
        elif not block.heading:
            written.paragraphs += [(_paragraph(block.number), line) for line in block.lines]
    return written


def _after_the_head(blocks: Sequence[Block], written: _Written) -> Iterator[Block]:
    """Put the head into `written`, and yield what follows it."""
    begun = done = False
    for block in blocks:
        if done:
            yield block
        elif isinstance(block, Table):
            if begun:
                yield block
            else:
                written.head = list(_entries(block))
            done = True
        elif block.lines and not block.heading:
            begun = True
            written.head += [(_paragraph(block.number), *_entry(line)) for line in block.lines]
        else:
            done = begun


def _entries(table: Table) -> Iterator[tuple[str, str, str]]:
    for number, row in enumerate(table.rows, start=1):
        place = f"第 {table.number} 个表第 {number} 行 (table {table.number}, row {number})"
        for key, value in zip(row[::2], (*row[1::2], ""), strict=False):
            if key or value:
                yield place, key, value


def _entry(line: str) -> tuple[str, str]:
    key, value = (*re.split("[：:]", line, maxsplit=1), "")[:2]
    return key.strip(), value.strip()


def _note(written: _Written, domains: Sequence[FrameDomain]) -> tuple[Note | None, list[Fault]]:
    if written.faults and not written.head:
        return None, written.faults
    faults = written.faults
    values = _head(written, faults)
    faults += _unknown_levels(written, domains)
    passages: list[Passage] = []
    for place, text in written.paragraphs:
        _add(passages, text, place, faults)
    if not passages and not faults:
        faults.append(Fault(written.end, "没有一段发言。", "请至少记一段。(no passage; add one)"))
    if faults:
        return None, faults
    day = date.fromisoformat(values.pop("date"))
    return Note(date=day, passages=tuple(passages), **values), []


def _head(written: _Written, faults: list[Fault]) -> dict[str, str]:
    values: dict[str, str] = {}
    for place, key, value in written.head:
        if key not in KEYS:
            remedy = f"可用：{_keys()}；之后空一行。(unknown key; a blank line ends the head)"
            faults.append(Fault(place, f"没有 {key!r} 这一项。", remedy))
        elif key in values:
            faults.append(
                Fault(place, f"{key} 写了两次。", "请删去一行。(given twice; delete one)")
            )
        elif not value:
            faults.append(Fault(place, f"{key} 是空的。", "请填写。(empty; fill it in)"))
        elif key == "date" and not _is_date(value):
            faults.append(
                Fault(place, f"日期 {value!r} 不可用。", "请写成 2026-09-01。(write it so)")
            )
        elif redact(value).total:
            faults.append(
                Fault(place, f"{key} 里有姓名或联系方式。", "请删去。(private data; delete)")
            )
        values[key] = value
    for key in KEYS:
        if key not in values:
            faults.append(Fault(written.head_at, f"文件头缺少 {key}。", "请补上。(missing)"))
    return values


def _unknown_levels(written: _Written, domains: Sequence[FrameDomain]) -> Iterator[Fault]:
    """Yield a fault for a county or setting that the programme does not have."""
    levels = {one.column: [level.code for level in one.levels] for one in domains}
    for place, key, value in written.head:
        known = levels.get(key) if key in ("county", "setting") else None
        if known and value and value not in known:
            remedy = f"可用：{'、'.join(known)}。(not in the programme; use one of these codes)"
            yield Fault(place, f"{key} 写的是 {value!r}，调研方案里没有。", remedy)


def _add(passages: list[Passage], text: str, place: str, faults: list[Fault]) -> None:
    found = _ROLE.fullmatch(text)
    if found is None:
        remedy = "请在段首写身份和冒号，如“村干部：”。(begin with the role and a colon)"
        faults.append(Fault(place, f"“{text[:12]}…”没有发言人身份。", remedy))
    elif redact(found[1]).total or _names_a_person(found[1]):
        remedy = "请只写身份，如“村干部”；确是身份请写全。(a name; give the role, in full)"
        faults.append(Fault(place, "发言人身份里有姓名，或像姓名。", remedy))
    elif not found[2].strip():
        faults.append(
            Fault(place, f"“{found[1]}”没有说话内容。", "请补上或删去。(empty; fill in or delete)")
        )
    else:
        passages.append(Passage(len(passages) + 1, found[1], found[2].strip()))


def _names_a_person(role: str) -> bool:
    """Whether a role, or a part of it as in 村民（…）, looks like a personal name."""
    return any(map(_looks_like_a_name, re.split(r"[^\u4e00-\u9fff]+", role)))


def _looks_like_a_name(part: str) -> bool:
    if len(part) == 2 and part[0] in "老小" and part[1] in COMMON:
        return True
    family = next((one for one in _FAMILY_NAMES if part.startswith(one)), "")
    if not family or not 1 <= len(part) - len(family) <= 2 or part in ROLE_WORDS:
        return False
    ending = max((one for one in ROLE_WORDS if part.endswith(one)), key=len, default="")
    return not ending or part.removesuffix(ending) == family


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value) is not None
    except ValueError:
        return False


def _keys() -> str:
    return "、".join(KEYS)


def _line(number: int) -> str:
    return f"第 {number} 行 (line {number})"


def _paragraph(number: int) -> str:
    return f"第 {number} 段 (paragraph {number})"
