"""Simulated programmes through the pipeline: intervals hold, faults are found, verdicts are right.

A few dozen here; `make simulate` runs 400 and writes docs/simulations.md.
"""

import os
from pathlib import Path

import pytest

from pipeline.simulation.trials.many import run_many, smaller
from pipeline.simulation.trials.outcomes import Outcome
from pipeline.simulation.trials.plan import CHANGES, MIXTURES, Plan, planted
from pipeline.simulation.trials.report import report
from pipeline.simulation.trials.tables import covered_share, detected, false_rate

PROGRAMMES = int(os.environ.get("DIAOYAN_PROGRAMMES", "24"))
DIRTY = max(3, PROGRAMMES // 8)


@pytest.fixture(scope="module")
def plan(root: Path) -> Plan:
    return smaller(root / "questionnaires", "residents", part=0.25, persons=12)


@pytest.fixture(scope="module")
def clean(plan: Plan) -> list[Outcome]:
    return run_many(plan, range(PROGRAMMES), processes=1)


@pytest.fixture(scope="module")
def dirty(plan: Plan) -> list[Outcome]:
    seeds = range(PROGRAMMES, PROGRAMMES + DIRTY)
    return run_many(plan, seeds, dirty=True, processes=1)


@pytest.mark.parametrize("estimated", ["proportion", "mean", "wave difference"])
def test_intervals_hold_the_truth(clean: list[Outcome], estimated: str) -> None:
    """Intervals of one programme share their sites, so that few programmes say little."""
    room = 0.02 + 0.5 / PROGRAMMES
    assert 0.93 - room <= covered_share(clean, estimated, "whole") <= min(0.97 + room, 1.0)
    assert 0.93 - room <= covered_share(clean, estimated, "group") <= min(0.97 + room, 1.0)


def test_hardly_an_unchanged_problem_is_called_improved(clean: list[Outcome]) -> None:
    listed = [one for outcome in clean for one in outcome.verdicts]
    for level in ("whole", "group"):
        for mixture in MIXTURES:
            rate, n = false_rate(listed, level, mixture)
            limit = 0.015 if mixture == 0 else 0.05
            assert n == 0 or rate * n <= limit * n + 3 * (limit * n) ** 0.5
    whole = [one for one in listed if one.level == "whole"]
    assert any(one.kind == "improved 12" and one.verdict == "improved" for one in whole)
    assert not any(one.kind == "worsened 8" and one.verdict == "improved" for one in listed)


def test_planted_faults_are_found(dirty: list[Outcome]) -> None:
    found = detected(dirty)
    assert set(found) >= {"duplicates", "speeders", "straight_liners", "copied_open", "phones"}
    for kind, one in found.items():
        if kind == "mistyped_person" and one.found + one.missed == 0:
            continue  # one in a thousand: few programmes may have none
        assert one.found > 0, kind
        assert one.found >= 0.9 * (one.found + one.missed), kind
        least = 0.6 if kind in ("straight_liners", "copied_open") else 0.9
        assert one.found >= least * (one.found + one.false), kind


def test_a_programme_holds_what_was_planted(plan: Plan) -> None:
    for seed in range(4):
        truth = planted(plan, seed, dirty=False)
        for question, measure in plan.questionnaire.measures():
            bad = measure.unfavourable
            before, after = (
                sum(of.ordered[question.name].shares[code] for code in bad)
                for of in (truth.before, truth.after)
            )
            assert after - before == pytest.approx(CHANGES[truth.kinds[question.name]])
        improved = [kind for kind in truth.kinds.values() if kind.startswith("improved")]
        assert len(improved) == round(MIXTURES[seed] * len(truth.kinds))


def test_the_page_states_every_table(clean: list[Outcome], dirty: list[Outcome]) -> None:
    page = report(clean, dirty)
    assert page.count("|---|") >= 5
    for word in ("已改善", "证据不足", "straight_liners", "wave difference"):
        assert word in page
    assert "nan" not in page
