"""Make a survey anew that was made from files and never fielded."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import QuestionnaireError
from pipeline.places import DRAWS, RAW, SurveyPlaces
from pipeline.questionnaire.versions import read_launches
from pipeline.responses.source import SOURCE


def discard(survey: str, wave: str, files: Sequence[Path]) -> None:
    """Delete the questionnaire and the files of a survey that is about to be made anew.

    Raises
    ------
    QuestionnaireError
        It was not made by ``diaoyan new``, a version of it is frozen, it has other waves than
        `wave`, or the new survey is to be made from files that would be deleted.
    """
    of = SurveyPlaces(survey)
    folders = (of.definition.parent, RAW / survey, DRAWS / survey)
    waves = sorted(path.name for path in (RAW / survey).glob("*") if path.is_dir())
    if any(of.versions.glob("*.yaml")) or read_launches(of.versions):
        raise QuestionnaireError(
            f"{of.versions}: 问卷已冻结，发放过的调查不能重做。请换一个名称。"
            "(frozen: a survey that was fielded cannot be made anew)"
        )
    if not all((RAW / survey / one / SOURCE).is_file() for one in waves):
        raise QuestionnaireError(
            f"{RAW / survey}: 这项调查不是由 diaoyan new 建立的（没有 {SOURCE}），"
            "不能用 --replace。(not made from files)"
        )
    if set(waves) - {wave}:
        raise QuestionnaireError(
            f"{RAW / survey}: 已有轮次 {'、'.join(waves)}，这次的是 {wave}。只能重做同一轮："
            f"请写 --wave {waves[0]}，或手工删去这项调查。(has other waves than this one)"
        )
    inside = [f for f in files if any(d.resolve() in f.resolve().parents for d in folders)]
    if inside:
        raise QuestionnaireError(
            f"{inside[0]}: 重做会删去这个文件。请先把它移到别处，再用 --from。"
            "(would be deleted; move it elsewhere first)"
        )
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
