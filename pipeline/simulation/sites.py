"""A fictitious frame: sites of every county and setting, with their size, staff and need."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.sampling.frame import COLUMNS, STAFF
from pipeline.sampling.tables import write_table
from pipeline.simulation.frame_truths import FrameTruth
from pipeline.simulation.streams import Floats, Luck

SiteRow = tuple[str | int, ...]


def write_sites(
    path: Path, truth: FrameTruth, *, seed: int, larger: int = 1, more: int = 1
) -> None:
    """Write the fictitious frame as ``sites.csv``."""
    columns = (*COLUMNS, *([STAFF] if truth.staff else []))
    write_table(path, columns, fictitious_sites(truth, seed=seed, larger=larger, more=more))


def fictitious_sites(
    truth: FrameTruth, *, seed: int, larger: int = 1, more: int = 1
) -> list[SiteRow]:
    """Return rows site, county, setting, persons, need (and staff, where planted), by site.

    A site is called county-setting-number; sizes are spread evenly between the planted bounds,
    times the county's factor. Smaller villages tend to have more need. Large samples need sites
    that are so many times `larger`, or so many times `more` of them.
    """
    return sorted(_sites(truth, Luck(seed), larger, more))


def _sites(truth: FrameTruth, luck: Luck, larger: int, more: int) -> Iterator[SiteRow]:
    low_need, high_need = truth.need
    for county, factor in truth.county_size.items():
        for setting, few in truth.sites.items():
            count = few * more
            size = luck.uniform("size", county, setting, size=count)
            persons = _spread(truth.persons[setting], size, factor * larger)
            hardship = 0.5 * (1 - size) + 0.5 * luck.uniform("need", county, setting, size=count)
            need = low_need + (high_need - low_need) * hardship
            staff: list[int] = []
            if truth.staff:
                # larger sites tend to have more staff, without being copies of each other
                part = (size + luck.uniform("staff", county, setting, size=count)) / 2
                staff = _spread(truth.staff[setting], part, factor * larger)
            width = max(2, len(str(count)))
            for number in range(count):
                site = f"{county}-{setting}-{number + 1:0{width}d}"
                about = (site, county, setting, persons[number], f"{need[number]:.1f}")
                yield (*about, staff[number]) if staff else about


def _spread(bounds: tuple[int, int], place: Floats, factor: float) -> list[int]:
    low, high = bounds
    return [max(1, round((low + (high - low) * one) * factor)) for one in place.tolist()]
