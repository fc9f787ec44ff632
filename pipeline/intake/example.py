"""Take the simulated example out of the way, so that the pages are of one's own survey alone.

Nothing is lost: what is taken out lies under `data/example/` in the same folders, and git has it.
What was computed from it is deleted; it is computed again when it is wanted.
"""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import SurveyError
from pipeline.places import (
    DRAWS,
    EVENTS,
    FRAME,
    INTERVIEW_NOTES,
    PROCESSED,
    QUESTIONNAIRES,
    RAW,
    REPORTS,
    SIGNOFF,
    TRUTHS,
    SurveyPlaces,
)
from pipeline.questionnaire.read import read_questionnaire

SET_ASIDE = Path("data/example")
KEPT_HEADERS = (FRAME, EVENTS, SIGNOFF)
"""Tables that must be there: only their rows go."""


def example_surveys() -> tuple[str, ...]:
    """Return the surveys whose questionnaire says that their answers are simulated."""
    found = []
    for definition in sorted(QUESTIONNAIRES.glob("*/questionnaire.yaml")):
        try:
            simulated = read_questionnaire(definition).simulated
        except SurveyError:
            continue  # a definition that cannot be read is somebody's work, not the example
        if simulated:
            found.append(definition.parent.name)
    return tuple(found)


def example_files(surveys: Iterable[str]) -> tuple[Path, ...]:
    """Return the files and folders of the example; the whole project's only if it is all there is.

    Raises
    ------
    SurveyError
        Some of it lies under `SET_ASIDE` already: two copies would differ.
    """
    found = tuple(path for path in _files_of(surveys) if path.exists())
    if there := [path for path in found if (SET_ASIDE / path).exists()]:
        raise SurveyError(
            f"{SET_ASIDE / there[0]}: 已经有了，不覆盖。请先把 {SET_ASIDE} 移走。"
            "(already there; move that folder away first)"
        )
    return found


def set_aside(files: Iterable[Path]) -> None:
    """Move the example's files to `SET_ASIDE`; tables that must be there keep their header.

    Raises
    ------
    SurveyError
        Some of it cannot be moved; all of it is where it was.
    """
    moved: list[Path] = []
    try:
        for path in files:
            target = SET_ASIDE / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
            moved.append(path)
            if path in KEPT_HEADERS:
                header = target.read_text(encoding="utf-8-sig").partition("\n")[0]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(header + "\n", encoding="utf-8", newline="\n")
    except OSError as fault:
        _put_back(moved)
        raise SurveyError(
            f"{fault.filename or ''}: 移不走（{fault.strerror or fault}）。什么也没有改动。"
            "(cannot be moved; nothing was changed)"
        ) from None


def forget_results() -> None:
    """Delete what was computed from the example; it is computed again when it is wanted."""
    for folder in (PROCESSED, REPORTS):
        shutil.rmtree(folder, ignore_errors=True)


def _put_back(files: Iterable[Path]) -> None:
    """Move the example's files back from where `set_aside` put them."""
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(SET_ASIDE / path, path)
    if not any(path.is_file() for path in SET_ASIDE.rglob("*")):
        shutil.rmtree(SET_ASIDE, ignore_errors=True)


def _files_of(surveys: Iterable[str]) -> Iterator[Path]:
    surveys = tuple(surveys)
    for survey in surveys:
        yield SurveyPlaces(survey).definition.parent
        yield RAW / survey
        yield DRAWS / survey
    defined = {path.parent.name for path in QUESTIONNAIRES.glob("*/questionnaire.yaml")}
    if not surveys or defined - set(surveys):
        return  # the frame, the notes and the register may be those of another survey
    yield TRUTHS
    yield from KEPT_HEADERS
    yield from sorted(p for p in INTERVIEW_NOTES.glob("*") if p != SIGNOFF)
