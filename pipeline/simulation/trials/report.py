"""The page of what many simulated programmes showed, ``docs/simulations.md``."""

from collections.abc import Sequence
from importlib import resources

from pipeline.simulation.trials.outcomes import Outcome
from pipeline.simulation.trials.programme import SMALLEST_FALL, WORST
from pipeline.simulation.trials.tables import coverage, detection, false_improved, verdicts


def report(clean: Sequence[Outcome], dirty: Sequence[Outcome]) -> str:
    """Return the page for programmes without and with faults of fieldwork."""
    size = round(sum(one.responses for one in clean) / len(clean) / 2, -1)
    text = resources.files(__package__).joinpath("report.md").read_text(encoding="utf-8")
    return text.format(
        size=f"of about {size:.0f}",
        clean=len(clean),
        dirty=len(dirty),
        coverage_clean=coverage(clean),
        coverage_dirty=coverage(dirty),
        detection=detection(dirty),
        worst=WORST,
        fall=SMALLEST_FALL,
        verdicts=verdicts(clean),
        false_improved=false_improved(clean),
    )
