"""One simulated programme: two waves, problems picked at the first, verdicts at the second."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.estimation.calibrated import without_margin
from pipeline.estimation.comparison import against_standards
from pipeline.estimation.domains import ALL
from pipeline.estimation.families import concluded
from pipeline.estimation.items import items_of, measured_items
from pipeline.estimation.linear import estimates
from pipeline.estimation.presentation import presentable, ranges_of
from pipeline.estimation.wave_rows import Surveyed, wave_rows
from pipeline.problems.judgement import adjusted, one_sided, verdict_of
from pipeline.simulation.population import Population
from pipeline.simulation.simulate import Simulated, simulate
from pipeline.simulation.trials.outcomes import (
    Covered,
    Detected,
    Estimated,
    Level,
    Outcome,
    Verdict,
)
from pipeline.simulation.trials.plan import Plan, Planted, planted
from pipeline.simulation.trials.surveyed import Processed, processed

WORST = 10
"""So many groups that looked worst at the baseline are followed as problems of their own."""
GROUPS = "setting"
"""The domain in which problems of groups are picked."""
SMALLEST_FALL = 0.05
RULES: Mapping[str, str] = {
    "duplicates": "duplicate_person", "speeders": "speeding",
    "straight_liners": "straight_lining", "out_of_range": "out_of_range",
    "contradictions": "answered_unasked", "exclusive_broken": "beside_exclusive",
    "copied_open": "copied_open_answer", "phones": "phone_in_open_answer",
}  # fmt: skip
"""Kind of planted fault -> the rule that is to find it."""
READ_RIGHT = ("full_width", "mistyped_person")
"""Faults that are to do no harm: read as what was meant, or mended by a correction, and kept."""


def run_programme(plan: Plan, seed: int, *, dirty: bool = False) -> Outcome:
    """Simulate programme number `seed` and take both waves through the pipeline."""
    truth = planted(plan, seed, dirty=dirty)
    before = _simulated(plan, truth, 0, seed, None)
    after = _simulated(plan, truth, 1, seed, before)
    runs, waves = (before, after), (processed(before), processed(after))
    survey = plan.questionnaire.survey
    rows = wave_rows(waves[0].surveyed, waves[1].surveyed, survey=survey)
    covered = [*_waves_covered(rows, runs)]
    for run, wave in zip(runs, waves, strict=True):
        covered += list(_covered(run.population, wave.surveyed))
    return Outcome(
        tuple(covered),
        tuple(_verdicts(rows, waves[0].surveyed, truth, runs)),
        _detected(runs, waves) if dirty else {},
        sum(len(wave.delivered) for wave in waves),
    )


def _simulated(
    plan: Plan, truth: Planted, at: int, seed: int, previous: Simulated | None
) -> Simulated:
    return simulate(
        truth.after if at else truth.before, plan.questionnaire, plan.frame, plan.waves[at],
        seed=seed, previous=None if previous is None else previous.draw,
    )  # fmt: skip


def _covered(population: Population, surveyed: Surveyed) -> Iterator[Covered]:
    """Hold the intervals of shares and means that would be stated against the truth."""
    questionnaire = surveyed.questionnaire
    bad = [item for item, _ in measured_items(questionnaire)]
    items = [*bad, *(item for item in items_of(questionnaire) if item.estimand == "mean")]
    by = [ALL, *questionnaire.frame_domains]
    made = estimates(
        surveyed.rows, items, design=surveyed.design, by=by,
        interval_of_proportions="beta_capped",
    )  # fmt: skip
    made = presentable(
        without_margin(made, surveyed.design), ranges_of(questionnaire), probability_sample=True
    )
    for row in made[made["presentable"].astype(bool)].to_dict("records"):
        where = None if row["domain"] == ALL else {row["domain"]: row["domain_value"]}
        share = row["estimand"] == "proportion"
        codes = [int(code) for code in str(row["code"]).split("+")] if share else []
        name = row["question"]
        true = population.share(name, codes, where) if share else population.mean(name, where)
        level: Level = "whole" if where is None else "group"
        kind: Estimated = "proportion" if share else "mean"
        yield Covered(kind, level, true, float(row["low"]), float(row["high"]))


def _waves_covered(rows: pd.DataFrame, runs: Sequence[Simulated]) -> Iterator[Covered]:
    for row in _tested(rows, ALL, *runs[0].population.questionnaire.frame_domains):
        level: Level = "whole" if row["domain"] == ALL else "group"
        true, low, high = _true_change(row, runs), _number(row, "low"), _number(row, "high")
        yield Covered("wave difference", level, true, low, high)


def _tested(rows: pd.DataFrame, *domains: str) -> list[dict[str, object]]:
    kept = rows[rows["domain"].isin(domains) & rows["standard_error"].notna()]
    return kept.to_dict("records")  # type: ignore[return-value]


def _true_change(row: Mapping[str, object], runs: Sequence[Simulated]) -> float:
    where = None if row["domain"] == ALL else {str(row["domain"]): str(row["a"])}
    codes = [int(code) for code in str(row["code"]).split("+")]
    earlier, later = (run.population.share(str(row["question"]), codes, where) for run in runs)
    return later - earlier


def _verdicts(
    rows: pd.DataFrame, baseline: Surveyed, truth: Planted, runs: Sequence[Simulated]
) -> Iterator[Verdict]:
    """Give verdicts on all problems that the baseline picked, tested together as in follow-up."""
    beyond = _beyond_standard(baseline)
    whole = [row for row in _tested(rows, ALL) if row["question"] in beyond]
    groups = sorted(
        _tested(rows, GROUPS), key=lambda row: (-_number(row, "value_b"), str(row["a"]))
    )
    picked: list[tuple[Level, dict[str, object]]] = [("whole", row) for row in whole]
    picked += [("group", row) for row in groups[:WORST]]
    changes = [_change(row, level) for level, row in picked]
    tests = [one_sided(*change) for change in changes]
    falls, rises = (adjusted([test[side] for test in tests]) for side in (0, 1))
    for (level, row), change, q_fall, q_rise in zip(picked, changes, falls, rises, strict=True):
        yield Verdict(
            truth.mixture, level, truth.kinds[str(row["question"])], _true_change(row, runs),
            verdict_of(*change, q_fall, q_rise, SMALLEST_FALL),
        )  # fmt: skip


def _change(row: Mapping[str, object], level: Level) -> tuple[float, float, float]:
    df = _number(row, "degrees_of_freedom")
    if level == "whole":
        return _number(row, "difference"), _number(row, "standard_error"), df
    return _number(row, "value_a") - _number(row, "shrunk_b"), _number(row, "shrunk_error"), df


def _number(row: Mapping[str, object], name: str) -> float:
    value = row[name]
    assert isinstance(value, float)
    return value


def _beyond_standard(baseline: Surveyed) -> set[str]:
    """Return the questions whose baseline share is established to be above its standard."""
    held = [
        (item, measure.standard.value)
        for item, measure in measured_items(baseline.questionnaire)
        if measure.standard is not None
    ]
    compared = against_standards(baseline.rows, held, design=baseline.design)
    named = compared.assign(
        kind="standard", survey=baseline.questionnaire.survey, wave=baseline.wave, family="s"
    )
    found = concluded([named], false_discovery_rate=0.05, smallest_difference=SMALLEST_FALL)
    return set(found.loc[found["conclusion"] == "higher", "question"])


def _detected(runs: Sequence[Simulated], waves: Sequence[Processed]) -> dict[str, Detected]:
    found = {kind: _together(kind, runs, waves) for kind in RULES}
    for kind in READ_RIGHT:
        planted_keys = [set(run.planted.get(kind, ())) for run in runs]
        kept = sum(len(keys & wave.kept) for keys, wave in zip(planted_keys, waves, strict=True))
        found[kind] = Detected(kept, sum(map(len, planted_keys)) - kept, 0)
    return found


def _together(kind: str, runs: Sequence[Simulated], waves: Sequence[Processed]) -> Detected:
    found = missed = false = 0
    for run, wave in zip(runs, waves, strict=True):
        planted_here = set(run.planted.get(kind, ()))
        told = wave.found.get(RULES[kind], frozenset())
        found += len(planted_here & told)
        missed += len(planted_here - told)
        false += len(told - planted_here)
    return Detected(found, missed, false)
