"""A fictitious frame: sites of every county and setting, with their size and need."""

from collections.abc import Iterator

from pipeline.simulation.streams import uniform
from pipeline.simulation.truths import FrameTruth

SiteRow = tuple[str, str, str, int, str]


def fictitious_sites(truth: FrameTruth, *, seed: int, enlarged: int = 1) -> list[SiteRow]:
    """Return rows site, county, setting, persons, need, sorted by site.

    A site is called county-setting-number; sizes are spread evenly between the planted bounds,
    times the county's factor, times `enlarged`. Smaller villages tend to have more need.
    """
    return sorted(_sites(truth, seed, enlarged))


def _sites(truth: FrameTruth, seed: int, enlarged: int) -> Iterator[SiteRow]:
    low_need, high_need = truth.need
    for county, factor in truth.county_size.items():
        for setting, count in truth.sites.items():
            low, high = truth.persons[setting]
            size = uniform(seed, "size", county, setting, size=count)
            luck = uniform(seed, "need", county, setting, size=count)
            for number in range(count):
                persons = round((low + (high - low) * size[number]) * factor) * enlarged
                hardship = 0.5 * (1 - size[number]) + 0.5 * luck[number]
                need = low_need + (high_need - low_need) * hardship
                yield (
                    f"{county}-{setting}-{number + 1:02d}",
                    county,
                    setting,
                    persons,
                    f"{need:.1f}",
                )
