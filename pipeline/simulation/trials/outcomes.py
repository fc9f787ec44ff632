"""What one simulated programme showed, as rows that can be put together over many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.problems.problem import TestVerdict
from pipeline.simulation.trials.plan import Kind

Estimated = Literal["proportion", "mean", "wave difference"]
Level = Literal["whole", "group"]


@dataclass(frozen=True, slots=True)
class Covered:
    """One interval held against the truth."""

    estimated: Estimated
    level: Level
    truth: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        return self.low <= self.truth <= self.high


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one problem, beside what truly happened to it."""

    mixture: float
    level: Level
    kind: Kind
    change: float
    """True change of the share, later minus earlier."""
    verdict: TestVerdict


@dataclass(frozen=True, slots=True)
class Detected:
    """How a kind of fault was found: planted and found, planted and missed, found besides."""

    found: int
    missed: int
    false: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one simulated programme showed."""

    covered: tuple[Covered, ...]
    verdicts: tuple[Verdict, ...]
    dirt: Mapping[str, Detected]
    responses: int
