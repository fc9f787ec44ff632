"""Write a new survey into the project: all of it, or nothing."""

import shutil
from collections.abc import Mapping, Sequence
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


def carry_out(plan: Plan) -> None:
    """Write a plan; if any part of it fails, take back what was written.

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
    before = {path: path.read_bytes() for path in plan.texts if path.is_file()}
    try:
        for path, origin in plan.copies.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, path)
        for path, text in plan.texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as fault:
        for path, content in before.items():
            path.write_bytes(content)
        for folder in plan.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        raise SurveyError(
            f"{fault.filename}: 写不进去（{fault.strerror}）。什么也没有改动。"
            "(cannot be written; nothing was changed)"
        ) from None
