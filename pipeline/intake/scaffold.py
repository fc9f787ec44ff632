"""Write a new survey into the project: all of it, or nothing."""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SurveyError

HEADERS = {
    "dispositions.csv": "person,disposition\n",
    "corrections.csv": "key,column,old,new,reason,who\n",
}
DRAW_HEADERS = {
    "sites.csv": "site,stratum,county,setting,persons,p1\n",
    "persons.csv": "person,site,p2,persons_in_site\n",
}
SURVEY_FILES = {
    "margins.csv": "variable,category,population\n",
    "codeframe.yaml": "themes: []\n",
    "lexicon.txt": "",
    "versions/.gitkeep": "",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written.

    Attributes
    ----------
    texts : path -> its new content; the folders in `fresh` must not be there yet
    copies : path -> the file that is copied there
    fresh : folders that this plan makes
    """

    texts: Mapping[Path, str]
    copies: Mapping[Path, Path]
    fresh: Sequence[Path]


def carry_out(plan: Plan, *, then: Callable[[], None] = lambda: None) -> None:
    """Write a plan and do what comes then; if any of it fails, take back what was written.

    Raises
    ------
    SurveyError
        A folder that the plan makes is there already, or something cannot be written.
    """
    if there := [folder for folder in plan.fresh if folder.exists()]:
        raise SurveyError(
            f"{'、'.join(map(str, there))}: 已经有了。请换一个名称或轮次；若要重做，先删去它。"
            "(already there; choose another name or wave, or delete it first)"
        )
    written = {str(path).casefold() for path in plan.texts}
    if taken := [path.name for path in plan.copies if str(path).casefold() in written]:
        raise SurveyError(
            f"{'、'.join(taken)}: 文件夹里另有同名的文件。请把数据文件改名后再试。"
            "(the project has a file of that name there; rename the data file)"
        )
    before = {path: path.read_bytes() for path in plan.texts if path.is_file()}
    new = [_topmost_new(folder) for folder in plan.fresh]
    try:
        for path, origin in plan.copies.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, path)
        for path, text in sorted(plan.texts.items(), key=lambda one: one[0] in before):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)
        then()
    except BaseException as fault:  # an interrupt, too, must not leave half a survey
        _take_back(before, new)
        if not isinstance(fault, OSError):
            raise
        raise SurveyError(
            f"{fault.filename or ''}: 写不进去（{fault.strerror or fault}）。什么也没有改动。"
            "(cannot be written; nothing was changed)"
        ) from None


def _topmost_new(folder: Path) -> Path:
    """Return the first folder on the way to this one that is not there yet."""
    while not folder.parent.exists():
        folder = folder.parent
    return folder


def _write(path: Path, text: str) -> None:
    """Write a file as a whole: readers find the old text or the new one."""
    beside = path.with_name(f"{path.name}.new")
    try:
        # Half a character (a lone surrogate of a JSON definition) cannot be written as UTF-8.
        beside.write_bytes(text.encode("utf-8", "backslashreplace"))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _take_back(before: Mapping[Path, bytes], new: Iterable[Path]) -> None:
    for path, content in before.items():
        with suppress(OSError):
            if path.read_bytes() != content:
                path.write_bytes(content)
    for folder in new:
        shutil.rmtree(folder, ignore_errors=True)
