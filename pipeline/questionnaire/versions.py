"""Frozen versions of a questionnaire, and which of them was fielded in which wave.

What was asked stays on file under its content's hash, as ``versions/<hash>.yaml``;
``versions/launches.csv`` (``wave,version``) says which version each wave fielded.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Fault, QuestionnaireError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire, version_hash

LAUNCHES = "launches.csv"
HEADER = ("wave", "version")


@dataclass(frozen=True, slots=True)
class Launch:
    """A wave and the hash of the version that was fielded in it."""

    wave: str
    version: str


@dataclass(frozen=True, slots=True)
class Fielded:
    """What a wave asked.

    Attributes
    ----------
    version : hash of the version fielded in the wave
    versions : every version on file by its hash, the present definition last
    changed_measures : questions whose measure is not the one locked at the launch of `version`;
        of a version earlier than the definition none, because its own file's measures count
    """

    version: str
    versions: Mapping[str, Questionnaire]
    changed_measures: tuple[str, ...]


def freeze(definition: Path, versions: Path, wave: str | None = None) -> Path:
    """Keep the definition as it stands as ``versions/<hash>.yaml``, once; return that file.

    A version already frozen is left alone: its comments or measures may differ from the
    definition's, what respondents see and the codes cannot. With a `wave`, the version is
    written down as the one fielded in it.

    Raises
    ------
    QuestionnaireError
        The wave was launched with another version: what was asked cannot be changed afterwards.
    """
    version = version_hash(read_questionnaire(definition))
    before = launched(versions, wave) if wave else None
    if before not in (None, version):
        raise QuestionnaireError(
            f"{versions / LAUNCHES}: 轮次 {wave} 已按版本 {before} 发放，现在的问卷是 {version}。"
            "发放后的问卷不能再改；改动请用于下一轮。"
            "(this wave was launched with another version; keep the change for the next wave)"
        )
    frozen = versions / f"{version}.yaml"
    if not frozen.exists():
        versions.mkdir(parents=True, exist_ok=True)
        frozen.write_bytes(definition.read_bytes())
    if wave and before is None:
        _write_launches(versions, (*read_launches(versions), Launch(wave, version)))
    return frozen


def launched(versions: Path, wave: str) -> str | None:
    """Return the hash of the version fielded in a wave; None where none is written down.

    Raises
    ------
    QuestionnaireError
        As `read_launches`.
    """
    return next((one.version for one in read_launches(versions) if one.wave == wave), None)


def read_launches(versions: Path) -> tuple[Launch, ...]:
    """Read which version each wave fielded, in the order of the file; nothing where there is none.

    Raises
    ------
    QuestionnaireError
        All lines that are incomplete, name a wave again or a version that is not on file.
    """
    path = versions / LAUNCHES
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise QuestionnaireError(
            f"{path}: 不是 UTF-8 编码。请另存为 UTF-8。(not UTF-8; save it as UTF-8)"
        ) from None
    rows = [tuple(cell.strip() for cell in row) for row in csv.reader(text.splitlines())]
    if not rows or rows[0] != HEADER:
        raise QuestionnaireError(
            f"{path}: 第 1 行 (line 1) 应为 {','.join(HEADER)}。请改正表头。(correct the header)"
        )
    if faults := list(_launch_faults(rows, versions)):
        raise QuestionnaireError(gathered(path, faults))
    return tuple(Launch(*row) for row in rows[1:] if any(row))


def _launch_faults(rows: list[tuple[str, ...]], versions: Path) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        place = f"第 {line} 行 (line {line})"
        if not any(row):
            continue
        if len(row) != len(HEADER) or not all(row):
            yield Fault(place, f"写的是 {','.join(row)!r}。", "应为 轮次,版本号。(wave,version)")
            continue
        wave, version = row
        if not (versions / f"{version}.yaml").is_file():
            yield Fault(
                place,
                f"没有 {version}.yaml。",
                "请恢复这个文件，或改正版本号。(no such frozen version)",
            )
        if (seen := first.setdefault(wave, line)) != line:
            yield Fault(
                place,
                f"轮次 {wave} 在第 {seen} 行已经写过。",
                "一轮只发放一个版本，请只留一行。(a wave fields one version)",
            )


def unlaunched(versions: Path, waves: Iterable[str]) -> tuple[str, ...]:
    """Return the waves for which no fielded version is written down."""
    written = {one.wave for one in read_launches(versions)}
    return tuple(wave for wave in waves if wave not in written)


def refuse_unlaunched(survey: str, versions: Path, waves: Iterable[str]) -> None:
    """Refuse waves of which nobody can tell any more which of the frozen versions they fielded.

    Where none is frozen yet, there is but the definition.

    Raises
    ------
    QuestionnaireError
        As `read_launches`; or versions are frozen, and waves are not written down.
    """
    frozen = sorted(path.stem for path in versions.glob("*.yaml"))
    absent = unlaunched(versions, waves)
    if not frozen or not absent:
        return
    path = versions / LAUNCHES
    raise QuestionnaireError(
        "\n".join(
            f"{path}: {LAUNCHES} 没有 {wave} 这一轮，已冻结的版本有 {'、'.join(frozen)}。"
            f"这一轮发放的若是现在的问卷，请运行 diaoyan freeze {survey} --wave {wave}；"
            f"若是其中较早的版本，请恢复这个文件，或补写一行 {wave},版本号。"
            "(no line says which version this wave fielded: freeze the present one for it, or "
            "restore the line of an earlier one)"
            for wave in absent
        )
    )


def _write_launches(versions: Path, launches: tuple[Launch, ...]) -> None:
    lines = [HEADER, *((one.wave, one.version) for one in launches)]
    text = "".join(f"{','.join(line)}\n" for line in lines)
    (versions / LAUNCHES).write_text(text, encoding="utf-8", newline="\n")


def read_fielded(definition: Path, versions: Path, wave: str) -> Fielded:
    """Read what a wave asked; where no version was ever frozen, that is the definition.

    Raises
    ------
    QuestionnaireError
        As `read_versions` and `refuse_unlaunched`.
    """
    current = read_questionnaire(definition)
    refuse_unlaunched(current.survey, versions, [wave])
    frozen = _read_frozen(versions, definition, current)
    present = version_hash(current)
    version = launched(versions, wave) or present
    changed = changed_measures(current, frozen.get(present)) if version == present else ()
    return Fielded(version, _with(frozen, current), changed)


def read_versions(definition: Path, versions: Path) -> dict[str, Questionnaire]:
    """Read the definition and every frozen version, by hash; the definition comes last.

    The definition stands for its own hash also where that version is frozen, so that a measure
    corrected after launch is the one that counts.

    Raises
    ------
    QuestionnaireError
        A frozen file was changed after launch: its name is not the hash of its content; or
        `read_launches` finds fault.
    """
    current = read_questionnaire(definition)
    frozen = _read_frozen(versions, definition, current)
    read_launches(versions)
    return _with(frozen, current)


def changed_measures(current: Questionnaire, locked: Questionnaire | None) -> tuple[str, ...]:
    """Return the questions whose measure is not the one that was frozen at launch.

    A standard, or the set of answers that count as unfavourable, that was chosen after the answers
    came in proves nothing: findings on these questions are exploratory. Where the definition was
    never frozen (`locked` is None), no measure was.
    """
    return tuple(
        question.name
        for question, measure in current.measures()
        if locked is None or locked.question(question.name).measure != measure
    )


def _with(frozen: dict[str, Questionnaire], current: Questionnaire) -> dict[str, Questionnaire]:
    present = version_hash(current)
    return {one: frozen[one] for one in frozen if one != present} | {present: current}


def _read_frozen(
    versions: Path, definition: Path, current: Questionnaire
) -> dict[str, Questionnaire]:
    """Read the frozen files by hash; a copy of the definition, read already, is not read again."""
    faults, read = [], {}
    content = definition.read_bytes()
    for path in sorted(versions.glob("*.yaml")):
        same = path.read_bytes() == content
        questionnaire = current if same else read_questionnaire(path)
        found = version_hash(questionnaire)
        if path.stem != found:
            faults.append(
                Fault(
                    path.name,
                    f"内容的版本号是 {found}，与文件名不符 (the content hashes to {found}).",
                    "已冻结的版本不可改动：请恢复原文件，改动写在 questionnaire.yaml 并重新冻结。"
                    "(restore the file; change the definition instead and freeze it)",
                )
            )
        read[found] = questionnaire
    if faults:
        raise QuestionnaireError(gathered(versions, faults))
    return read
