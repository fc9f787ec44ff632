"""Whole simulated waves: draw, responses, dispositions and corrections, on file or in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.errors import FrameError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Wave
from pipeline.questionnaire.read import version_hash
from pipeline.responses.corrections import COLUMNS
from pipeline.sampling.draw import Draw, make_draw, write_draw
from pipeline.sampling.tables import write_table
from pipeline.simulation.delivery import Delivery, Export
from pipeline.simulation.dirt import Soiled, soil
from pipeline.simulation.export import exported
from pipeline.simulation.fieldwork import Sampled, dispositions, people
from pipeline.simulation.population import Population, populate
from pipeline.simulation.submissions import submissions
from pipeline.simulation.survey_truths import DrawTruth, Truths

CLERK = "数据员01"
LEAST = 2
"""Fewer sites in a stratum, or persons at a site, give no variance to estimate."""


@dataclass(frozen=True)
class Simulated:
    """One simulated wave of one survey, and the truth that an analysis of it should find."""

    population: Population
    draw: Draw
    sampled: Sampled
    soiled: Soiled
    during: Wave

    @property
    def survey(self) -> str:
        return self.population.questionnaire.survey

    @property
    def wave(self) -> str:
        return self.during.wave

    @property
    def rows(self) -> int:
        """How many submissions there are."""
        return len(self.soiled.submissions)

    @cached_property
    def export(self) -> Export:
        """The file in which the submissions are delivered."""
        truths, questionnaire = self.population.truths, self.population.questionnaire
        delivery = Delivery(
            self.soiled.submissions,
            questionnaire,
            version_hash(questionnaire),
            self.during,
            truths.mode,
            self.population.luck,
        )
        return exported(delivery, truths.delivery)

    @property
    def planted(self) -> Mapping[str, tuple[str, ...]]:
        """Kind of fault -> response keys, as the export has them, of the submissions with it."""
        keys = self.export.keys
        return {
            kind: tuple(sorted(keys[at] for at in places))
            for kind, places in self.soiled.planted.items()
        }

    @property
    def corrections(self) -> list[tuple[str, ...]]:
        """The rows of ``corrections.csv``."""
        keys, headers = self.export.keys, self.export.headers
        return [
            (keys[one.at], headers[one.field], one.old, one.new, one.reason, CLERK)
            for one in self.soiled.mended
        ]


def simulate(
    truths: Truths,
    questionnaire: Questionnaire,
    frame: pd.DataFrame,
    during: Wave,
    *,
    seed: int,
    previous: Draw | None = None,
) -> Simulated:
    """Simulate one wave of a survey in memory.

    Parameters
    ----------
    truths : of this wave, as `read_truths` gives them
    questionnaire : the version that the wave fields
    frame : one row per site, as `read_frame` gives it
    during : the wave; its field dates are used
    seed : the same seed, truths and libraries give the same bytes
    previous : the draw of the wave before, some of whose sites are met again
    """
    population = populate(truths, questionnaire, frame, wave=during.wave, seed=seed)
    draw = _drawn(population, previous)
    sampled = people(population, draw)
    clean = submissions(population, sampled, during)
    soiled = soil(clean, questionnaire, truths, population.luck)
    return Simulated(population, draw, sampled, soiled, during)


def write_run(run: Simulated, *, draw: Path, raw: Path) -> None:
    """Write the draw, and the export with its dispositions and corrections, to two folders."""
    write_draw(run.draw, draw)
    raw.mkdir(parents=True, exist_ok=True)
    (raw / run.export.name).write_bytes(run.export.content)
    write_frame(raw / "dispositions.csv", dispositions(run.sampled))
    write_table(raw / "corrections.csv", COLUMNS, run.corrections)


def write_frame(path: Path, table: pd.DataFrame) -> None:
    """Write a table as csv, without its index."""
    write_table(path, tuple(table.columns), table.to_numpy().tolist())


def scaled(truths: Truths, scale: float) -> Truths:
    """Return truths whose draw brings `scale` times the responses.

    More or fewer persons of a site are drawn; where that cannot be, more or fewer sites.
    """
    draw = truths.draw
    persons = draw.persons_per_site
    if draw.roll != "unit":
        persons = max(min(LEAST, persons), round(persons * scale))
    part = scale * draw.persons_per_site / persons
    part = part if draw.roll == "unit" else min(1.0, part)
    sites = {
        setting: max(min(LEAST, count), round(count * part))
        for setting, count in draw.sites_per_stratum.items()
    }
    changed: DrawTruth = draw.model_copy(
        update={"persons_per_site": persons, "sites_per_stratum": sites}
    )
    return truths.model_copy(update={"draw": changed})


def expected_responses(truths: Truths, counties: int) -> float:
    """Return about how many responses the planted draw brings."""
    draw = truths.draw
    sites = counties * sum(draw.sites_per_stratum.values())
    return sites * draw.persons_per_site * truths.response.rate


def _drawn(population: Population, previous: Draw | None) -> Draw:
    truth = population.truths.draw
    strata = population.frame.drop_duplicates("stratum")
    if lacking := sorted(set(strata["setting"]) - set(truth.sites_per_stratum)):
        raise FrameError(
            f"真值的 draw.sites_per_stratum 没有抽样框中的 {'、'.join(lacking)}。请补上，"
            "或移走旧的抽样框。(the frame has settings without an allocation; add them)"
        )
    allocation = {
        stratum: truth.sites_per_stratum[setting]
        for stratum, setting in zip(strata["stratum"], strata["setting"], strict=True)
    }
    return make_draw(
        population.frame,
        survey=population.questionnaire.survey,
        wave=population.wave,
        sites_per_stratum=allocation,
        persons_per_site=truth.persons_per_site,
        nonces=truth.nonces[population.wave],
        size=truth.size,
        roll=truth.roll,
        kept=truth.kept,
        previous=previous if truth.kept is not None else None,
    )
