"""Selection with known probabilities: the probabilities add up and are met."""

import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import FrameError
from pipeline.sampling.selection import (
    SPAN,
    inclusion_probabilities,
    prn,
    simple_random,
    systematic,
)

SIZES = st.lists(st.integers(1, 500), min_size=1, max_size=25).map(
    lambda sizes: {f"u{place:02d}": size for place, size in enumerate(sizes)}
)


@settings(deadline=None)
@given(SIZES, st.integers(1, 12))
def test_probabilities_add_up_to_the_sample_size_exactly(sizes: dict[str, int], n: int) -> None:
    chance = inclusion_probabilities(sizes, n)
    assert sum(chance.values()) == min(n, len(sizes))
    assert all(0 < value <= 1 for value in chance.values())
    assert list(chance) == list(sizes)


@settings(deadline=None)
@given(SIZES, st.integers(1, 12))
def test_what_is_not_certain_is_proportional_to_size(sizes: dict[str, int], n: int) -> None:
    chance = inclusion_probabilities(sizes, n)
    ratios = {chance[unit] / sizes[unit] for unit in sizes if chance[unit] < 1}
    assert len(ratios) <= 1
    if ratios:  # a certain unit is one that its size would carry to 1 or beyond
        ratio = ratios.pop()
        assert all(sizes[unit] * ratio >= 1 for unit in sizes if chance[unit] == 1)


def test_certainty_units_are_found_again_after_each_other() -> None:
    # 2 of 100, 40, 10, 10: first only `a` is certain, then 1 of 60 spreads as 2/3, 1/6, 1/6
    chance = inclusion_probabilities({"a": 100, "b": 40, "c": 10, "d": 10}, 2)
    assert chance == {"a": 1, "b": Fraction(2, 3), "c": Fraction(1, 6), "d": Fraction(1, 6)}
    # 3 of 100, 55, 10, 10: with `a` out, 2 x 55/75 exceeds 1 too, and 1/2 each is left
    chance = inclusion_probabilities({"a": 100, "b": 55, "c": 10, "d": 10}, 3)
    assert chance == {"a": 1, "b": 1, "c": Fraction(1, 2), "d": Fraction(1, 2)}


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(FrameError, match="每层至少抽1个单位"):
        inclusion_probabilities({"a": 1}, 0)


@settings(deadline=None)
@given(SIZES, st.integers(1, 12), st.text(max_size=8))
def test_exactly_n_units_are_drawn_and_the_certain_among_them(
    sizes: dict[str, int], n: int, seed: str
) -> None:
    chance = inclusion_probabilities(sizes, n)
    drawn = systematic(chance, seed, "stratum")
    assert len(drawn) == len(set(drawn)) == min(n, len(sizes))
    assert {unit for unit, value in chance.items() if value == 1} <= set(drawn)


def test_units_are_drawn_as_often_as_their_probability_says() -> None:
    sizes = {"a": 5, "b": 10, "c": 15, "d": 30, "e": 40, "f": 100}
    chance = inclusion_probabilities(sizes, 3)
    seeds = 4000
    counts = Counter(u for i in range(seeds) for u in systematic(chance, f"seed {i}", "s"))
    for unit, value in chance.items():
        error = math.sqrt(float(value * (1 - value)) / seeds)
        assert counts[unit] / seeds == pytest.approx(float(value), abs=4 * error + 1e-12)


def test_the_horvitz_thompson_total_is_unbiased_over_draws() -> None:
    sizes = {f"u{k}": 10 + 7 * k for k in range(9)}
    values = {f"u{k}": (k * 37 % 11) + 1 for k in range(9)}
    chance = inclusion_probabilities(sizes, 4)
    totals = [
        sum(values[u] / float(chance[u]) for u in systematic(chance, f"draw {i}", "s"))
        for i in range(2500)
    ]
    mean = sum(totals) / len(totals)
    spread = math.sqrt(sum((t - mean) ** 2 for t in totals) / (len(totals) - 1))
    assert mean == pytest.approx(sum(values.values()), abs=4 * spread / math.sqrt(len(totals)))
    assert spread > 1  # a constant would prove nothing


def test_a_simple_random_sample_takes_everybody_equally_often() -> None:
    people = [f"p{k}" for k in range(8)]
    counts = Counter(p for i in range(3000) for p in simple_random(people, 3, f"seed {i}"))
    for person in people:
        assert counts[person] / 3000 == pytest.approx(3 / 8, abs=4 * math.sqrt(15 / 64 / 3000))
    assert sorted(simple_random(people, 20, "s")) == people


def test_the_random_number_is_the_hash_that_any_tool_prints() -> None:
    # printf 'seed|unit' | sha256sum
    printed = "533d532855ce7cef297567a089e383d74b3329797d43f6c2609ebc4459037b00"
    assert prn("seed", "unit") == int(printed, 16) < SPAN
