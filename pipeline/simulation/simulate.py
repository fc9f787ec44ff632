"""A whole simulated survey: frame, draw, responses, dispositions, corrections and margins."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import FrameError
from pipeline.questionnaire.model import OpenEnded, Questionnaire
from pipeline.questionnaire.programme import Wave, read_programme
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.sampling.draw import Draw, make_draw, write_draw
from pipeline.sampling.frame import COLUMNS, read_frame
from pipeline.sampling.tables import write_table
from pipeline.simulation.answers import cells
from pipeline.simulation.dirt import Soiled, soil
from pipeline.simulation.export import correction_header, export_rows, finished
from pipeline.simulation.fieldwork import Sampled, dispositions, interviews, people
from pipeline.simulation.population import Population, populate
from pipeline.simulation.sites import fictitious_sites
from pipeline.simulation.streams import uniform
from pipeline.simulation.truths import Truths, read_truths


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation made, and the truth that an analysis of it should find."""

    population: Population
    sites_drawn: int
    persons_drawn: int
    rows: int
    planted: Mapping[str, tuple[str, ...]]
    """Kind of fault -> keys of the submissions that have it."""


def simulate(
    definition: Path,
    programme: Path,
    truths: Path,
    *,
    wave: str,
    frame: Path,
    draw: Path,
    raw: Path,
    margins: Path | None = None,
    seed: int,
    responses: int | None = None,
) -> Simulated:
    """Make the raw files of a simulated survey.

    Parameters
    ----------
    definition, programme, truths : the questionnaire, the programme, and what is planted
    wave : a wave of the programme; its field dates are used
    frame : ``sites.csv``; read if it exists, made if not
    draw, raw : folders for the draw, and for the export with dispositions and corrections
    margins : file of population counts to write; None writes none
    seed : the same seed, files and libraries give the same bytes
    responses : about how many responses; None: as many as the planted draw brings

    Raises
    ------
    FrameError
        The draw's or the raw folder holds a draw or an export already: nothing is overwritten.
    """
    questionnaire = read_questionnaire(definition)
    planted = read_truths(truths, questionnaire)
    during = read_programme(programme).wave(wave)
    for folder in (draw, raw):
        if any(folder.glob("draw.json")) or any(folder.glob(f"{questionnaire.survey}_*.csv")):
            raise FrameError(
                f"{folder}: 已有文件，模拟不会覆盖。请先移走。(files exist; move them away)"
            )
    per_site = _persons_per_site(planted, responses)
    if not frame.is_file():
        enlarged = ceil(per_site / planted.draw.persons_per_site)
        write_table(frame, COLUMNS, fictitious_sites(planted.frame, seed=seed, enlarged=enlarged))
    population = populate(planted, questionnaire, read_frame(frame), seed)
    drawn = _drawn(population, questionnaire.survey, wave, per_site)
    write_draw(drawn, draw)
    sampled = people(population, drawn)
    soiled = _fielded(population, sampled, during)
    table = finished(soiled.rows, questionnaire, version_hash(questionnaire))
    _write(raw / f"{questionnaire.survey}_{wave}.csv", table)
    _write(raw / "dispositions.csv", dispositions(sampled))
    write_table(raw / "corrections.csv", correction_header(), soiled.corrections)
    if margins is not None:
        _write(margins, population.margins())
    return Simulated(population, len(drawn.sites), len(drawn.persons), len(table), soiled.planted)


def _persons_per_site(truths: Truths, responses: int | None) -> int:
    if responses is None:
        return truths.draw.persons_per_site
    counties = len(truths.frame.county_size)
    sites = counties * sum(truths.draw.sites_per_stratum.values())
    return max(1, ceil(responses / (sites * truths.response.rate)))


def _drawn(population: Population, survey: str, wave: str, per_site: int) -> Draw:
    truth = population.truths.draw
    strata = population.frame.drop_duplicates("stratum")
    allocation = {
        stratum: truth.sites_per_stratum[setting]
        for stratum, setting in zip(strata["stratum"], strata["setting"], strict=True)
    }
    return make_draw(
        population.frame,
        survey=survey,
        wave=wave,
        sites_per_stratum=allocation,
        persons_per_site=per_site,
        nonces=truth.nonces,
        size=truth.size,
    )


def _fielded(population: Population, sampled: Sampled, during: Wave) -> Soiled:
    """Return the submissions of those interviewed, with the planted faults."""
    seed, questionnaire, truths = population.seed, population.questionnaire, population.truths
    met = sampled.interviewed
    answers = cells(population, sampled.site[met], sampled.group[met])
    _broken_off(answers, questionnaire, sampled.disposition[met] == "1.2")
    held = interviews(population, sampled, during.field_start, during.field_end)
    names = population.frame["site"].to_numpy()
    rows = export_rows(
        answers,
        [sampled.persons[at] for at in met],
        [str(names[sampled.site[at]]) for at in met],
        held,
        (uniform(seed, "english", size=len(met)) < truths.interview.english).tolist(),
        seed,
    )
    return soil(rows, held, questionnaire, truths.dirt, seed)


def _broken_off(
    answers: pd.DataFrame, questionnaire: Questionnaire, partial: NDArray[np.bool_]
) -> None:
    """Blank what came after the break of partial interviews: the open question and its section."""
    for section in questionnaire.sections:
        if any(isinstance(question, OpenEnded) for question in section.questions):
            for question in section.questions:
                answers.loc[partial, question.name] = ""


def _write(path: Path, table: pd.DataFrame) -> None:
    write_table(path, tuple(table.columns), table.to_numpy().tolist())
