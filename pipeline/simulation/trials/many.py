"""Many simulated programmes, on as many cores as there are."""

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd

from pipeline.places import SurveyPlaces
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire
from pipeline.sampling.frame import read_frame
from pipeline.simulation.frame_truths import FrameTruth, read_programme_truths
from pipeline.simulation.sites import write_sites
from pipeline.simulation.survey_truths import DrawTruth
from pipeline.simulation.trials.outcomes import Outcome
from pipeline.simulation.trials.plan import Plan
from pipeline.simulation.trials.programme import run_programme
from pipeline.simulation.truths import read_truths

FRAME_SEED = 1
"""The frame is one for all programmes; sites differ anew in each."""


def smaller(questionnaires: Path, survey: str, *, part: float, persons: int) -> Plan:
    """Return the survey of the example in a smaller size.

    Parameters
    ----------
    questionnaires : the folder of definitions
    part : share of the frame's and of the draw's sites in every stratum (at least 2 are drawn)
    persons : persons drawn at a site

    The present questionnaire is asked in both waves, so that every measured item is comparable.
    """
    of = SurveyPlaces(survey)
    questionnaire = read_questionnaire(questionnaires / survey / of.definition.name)
    programme = read_programme(questionnaires / "programme.yaml")
    before, after = programme.waves[-2:]
    truths = read_truths(questionnaires / survey / of.truths.name, questionnaire, after.wave)
    draw: DrawTruth = truths.draw.model_copy(
        update={
            "persons_per_site": persons,
            "sites_per_stratum": {
                setting: max(2, round(count * part))
                for setting, count in truths.draw.sites_per_stratum.items()
            },
        }
    )
    frame = read_programme_truths(questionnaires / "truths.yaml").frame
    sites = {setting: max(6, round(count * part)) for setting, count in frame.sites.items()}
    return Plan(
        questionnaire,
        truths.model_copy(update={"draw": draw}),
        _frame(frame.model_copy(update={"sites": sites})),
        (before, after),
    )


def run_many(
    plan: Plan, seeds: Sequence[int], *, dirty: bool = False, processes: int | None = None
) -> list[Outcome]:
    """Run programmes with these seeds; the outcomes stand in the order of the seeds."""
    run = partial(run_programme, plan, dirty=dirty)
    cores = processes or os.cpu_count() or 1
    if cores == 1:
        return [run(seed) for seed in seeds]
    with ProcessPoolExecutor(cores) as pool:
        return list(pool.map(run, seeds, chunksize=2))


def _frame(truth: FrameTruth) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sites.csv"
        write_sites(path, truth, seed=FRAME_SEED)
        return read_frame(path)
