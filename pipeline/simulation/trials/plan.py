"""What a simulated programme is made to hold: levels, and which problems change by how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Wave
from pipeline.simulation.answer_truths import OrderedTruth
from pipeline.simulation.streams import Luck
from pipeline.simulation.survey_truths import Dirt, Truths

Kind = Literal["unchanged", "improved 5", "improved 8", "improved 12", "worsened 8"]
CHANGES: Mapping[Kind, float] = {
    "unchanged": 0.0,
    "improved 5": -0.05,
    "improved 8": -0.08,
    "improved 12": -0.12,
    "worsened 8": 0.08,
}
IMPROVED: tuple[Kind, ...] = ("improved 5", "improved 8", "improved 12")
MIXTURES = (0.0, 0.25, 0.5, 0.75)
"""Shares of a programme's problems that truly improve; programmes take turns."""
WORSENED = 0.15
"""Chance that a problem of a mixture that does not improve gets worse."""
NEAR_STANDARD = (-0.02, 0.25)
"""The true baseline lies so far from the standard: some problems are picked by chance."""
LOWEST, HIGHEST = 0.14, 0.60


@dataclass(frozen=True, slots=True)
class Plan:
    """The survey that is simulated again and again, asked alike in two waves."""

    questionnaire: Questionnaire
    truths: Truths
    frame: pd.DataFrame
    waves: tuple[Wave, Wave]


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true of one programme: its truths in both waves, and the kind of each problem."""

    mixture: float
    kinds: Mapping[str, Kind]
    """Measured question -> what happens to its problem."""
    before: Truths
    after: Truths


def planted(plan: Plan, seed: int, *, dirty: bool) -> Planted:
    """Return what programme number `seed` is made to hold."""
    luck = Luck(seed, ("trial",))
    measured = list(plan.questionnaire.measures())
    names = [question.name for question, _ in measured]
    mixture = MIXTURES[seed % len(MIXTURES)]
    better = set(luck.chosen("better", out_of=names, count=round(mixture * len(names))))
    draws = luck.uniform("kind", size=(len(names), 3))
    kinds = {name: _kind(name in better, mixture, draws[at]) for at, name in enumerate(names)}
    before, after = dict(plan.truths.ordered), dict(plan.truths.ordered)
    for at, (question, measure) in enumerate(measured):
        low, high = NEAR_STANDARD
        standard = measure.standard.value if measure.standard else 0.25
        level = standard + low + (high - low) * float(draws[at, 2])
        level = min(max(level, LOWEST), HIGHEST)
        truth, bad = plan.truths.ordered[question.name], measure.unfavourable
        before[question.name] = _at_level(truth, bad, level)
        after[question.name] = _at_level(truth, bad, level + CHANGES[kinds[question.name]])
    dirt = plan.truths.dirt if dirty else Dirt()
    nonces = {
        wave: {party: f"{nonce}-{seed}" for party, nonce in of.items()}
        for wave, of in plan.truths.draw.nonces.items()
    }
    draw = plan.truths.draw.model_copy(update={"nonces": nonces})
    common = plan.truths.model_copy(update={"dirt": dirt, "draw": draw})
    return Planted(
        mixture,
        kinds,
        common.model_copy(update={"ordered": before}),
        common.model_copy(update={"ordered": after}),
    )


def _kind(improves: bool, mixture: float, draw: Sequence[float]) -> Kind:
    if improves:
        return IMPROVED[int(draw[0] * len(IMPROVED))]
    return "worsened 8" if mixture > 0 and draw[1] < WORSENED else "unchanged"


def _at_level(truth: OrderedTruth, unfavourable: Sequence[int], level: float) -> OrderedTruth:
    """Return the truth with the share `level` of unfavourable answers, else in proportion."""
    now = sum(truth.shares[code] for code in unfavourable)
    shares = {
        code: share * (level / now if code in unfavourable else (1 - level) / (1 - now))
        for code, share in truth.shares.items()
    }
    return truth.model_copy(update={"shares": shares})
