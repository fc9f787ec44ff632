"""The whole simulated programme on file: one frame, every survey, every wave in its order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import pandas as pd

from pipeline import places
from pipeline.errors import FrameError, QuestionnaireError, gathered
from pipeline.places import RunPlaces, SurveyPlaces
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.read import read_definition
from pipeline.questionnaire.versions import launched, read_versions
from pipeline.sampling.draw import Draw
from pipeline.sampling.frame import read_frame
from pipeline.sampling.verify import read_draw
from pipeline.simulation.frame_truths import FrameTruth, read_programme_truths
from pipeline.simulation.simulate import (
    Simulated,
    expected_responses,
    scaled,
    simulate,
    write_frame,
    write_run,
)
from pipeline.simulation.sites import write_sites
from pipeline.simulation.survey_truths import Truths
from pipeline.simulation.truths import truths_of
from pipeline.simulation.truths_check import unknown_levels


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave of a survey that is to be simulated: its questionnaire version and its truths."""

    survey: str
    wave: str
    questionnaire: Questionnaire
    truths: Truths


def simulate_programme(
    questionnaires: Path,
    out: Path,
    *,
    seed: int,
    scale: float = 1.0,
    surveys: Collection[str] | None = None,
    waves: Collection[str] | None = None,
    margins: Path | None = None,
) -> list[Simulated]:
    """Make the raw files of simulated surveys.

    Parameters
    ----------
    questionnaires : folder of the programme, its truths, and a folder of each survey
    out : folder for frame, draws and exports, laid out as ``data/raw``; a frame there is read
    seed : the same seed, files and libraries give the same bytes
    scale : how many times the planted number of responses
    surveys, waves : only these; None: all surveys that have truths, and all waves
    margins : folder for the population counts, ``<survey>/margins.csv``; None writes none

    Raises
    ------
    FrameError
        A folder for a draw or an export holds files already: nothing is overwritten.
    """
    programme = read_programme(questionnaires / places.PROGRAMME.name)
    frame_truth = read_programme_truths(questionnaires / places.TRUTHS.name).frame
    listed = tuple(surveys) if surveys is not None else surveys_with_truths(questionnaires)
    wanted = [one.wave for one in programme.waves if waves is None or one.wave in waves]
    _refuse_files([RunPlaces(survey, wave) for survey in listed for wave in wanted], out)
    planned = [
        one
        for survey in listed
        for one in planned_waves(questionnaires, survey, programme, frame_truth)
        if one.wave in wanted
    ]
    frame = _frame(planned, out, frame_truth, seed=seed, scale=scale)
    runs: list[Simulated] = []
    for one in planned:
        previous = _previous(one, runs, programme, out)
        truths = scaled(one.truths, scale)
        during = programme.wave(one.wave)
        runs.append(
            simulate(truths, one.questionnaire, frame, during, seed=seed, previous=previous)
        )
    for run in runs:
        where = RunPlaces(run.survey, run.wave)
        write_run(run, draw=_under(out, where.draw), raw=_under(out, where.raw))
        if margins is not None:
            write_frame(margins / run.survey / "margins.csv", run.population.margins())
    return runs


def surveys_with_truths(questionnaires: Path) -> tuple[str, ...]:
    """Return the surveys of a folder of questionnaires that can be simulated."""
    found = questionnaires.glob(f"*/{SurveyPlaces('').truths.name}")
    return tuple(sorted(path.parent.name for path in found))


def planned_waves(
    questionnaires: Path, survey: str, programme: Programme, frame: FrameTruth
) -> Iterator[PlannedWave]:
    """Yield every wave of a survey, with the version it fields and what is true in it.

    Raises
    ------
    QuestionnaireError
        The truths, the questionnaire and the frame do not fit each other: all faults together.
    """
    of = SurveyPlaces(survey)
    path, folder = _inside(questionnaires, of.truths), _inside(questionnaires, of.versions)
    versions = read_versions(_inside(questionnaires, of.definition), folder)
    asked = {question.name for one in versions.values() for question in one.questions}
    base = read_definition(path, Truths)
    for name in base.waves:
        programme.refuse_unknown_wave(name, path)
    for wave in programme.waves:
        questionnaire = versions[launched(folder, wave.wave) or list(versions)[-1]]
        truths = truths_of(base, questionnaire, wave.wave, path, asked_elsewhere=asked)
        if faults := list(unknown_levels(truths, frame)):
            raise QuestionnaireError(gathered(path, faults))
        yield PlannedWave(survey, wave.wave, questionnaire, truths)


def scale_for(questionnaires: Path, survey: str, responses: int) -> float:
    """Return the scale at which a wave of a survey brings about so many responses."""
    frame = read_programme_truths(questionnaires / places.TRUTHS.name).frame
    truths = read_definition(_inside(questionnaires, SurveyPlaces(survey).truths), Truths)
    return responses / expected_responses(truths, len(frame.county_size))


def _refuse_files(runs: list[RunPlaces], out: Path) -> None:
    for where in runs:
        for folder in (_under(out, where.draw), _under(out, where.raw)):
            if folder.is_dir() and any(folder.iterdir()):
                raise FrameError(
                    f"{folder}: 已有文件，模拟不会覆盖。请先移走。(files exist; move them away)"
                )


def _frame(
    planned: list[PlannedWave], out: Path, truth: FrameTruth, *, seed: int, scale: float
) -> pd.DataFrame:
    """Return the frame on file; make it if there is none, with room for the scale."""
    path = _under(out, places.FRAME)
    if not path.is_file():
        times = max(1, ceil(scale))
        units = any(one.truths.draw.roll == "unit" for one in planned)
        write_sites(path, truth, seed=seed, larger=times, more=times if units else 1)
    return read_frame(path)


def _previous(
    one: PlannedWave, runs: list[Simulated], programme: Programme, out: Path
) -> Draw | None:
    """Return the draw of the wave before, just made or on file; None if there is none."""
    names = [wave.wave for wave in programme.waves]
    before = names[: names.index(one.wave)][-1:]
    for wave in before:
        made = [run.draw for run in runs if (run.survey, run.wave) == (one.survey, wave)]
        folder = _under(out, RunPlaces(one.survey, wave).draw)
        if made:
            return made[0]
        if (folder / "draw.json").is_file():
            return read_draw(folder)
    return None


def _inside(questionnaires: Path, path: Path) -> Path:
    """Return where a file of ``questionnaires`` lies in another folder of questionnaires."""
    return questionnaires / path.relative_to(places.QUESTIONNAIRES)


def _under(out: Path, path: Path) -> Path:
    """Return where a file of ``data/raw`` lies in the folder `out`."""
    return out / path.relative_to(places.RAW)
