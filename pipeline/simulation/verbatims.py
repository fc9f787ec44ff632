"""Fictitious open answers: themes in varied wording, some that say nothing, many left blank."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.simulation.answer_truths import OpenTruth, ThemeTruth
from pipeline.simulation.streams import Floats, Luck, categories

SLOT = re.compile(r"\{(\w+)\}")
DRAWS = 16
"""Random numbers that one answer may use: more than the longest answer needs."""


def sentences(name: str, truth: OpenTruth, county: NDArray[np.object_], luck: Luck) -> list[str]:
    """Return one answer per person to question `name` ('' where nothing was written).

    `county` holds the person's county, on which the themes depend.
    """
    count = len(county)
    own = luck.uniform("open", name, size=(count, 3))
    first = _themes(truth, county, luck.uniform("theme", name, size=count))
    second = _themes(truth, county, luck.uniform("theme 2", name, size=count))
    wording = luck.uniform("wording", name, size=(count, 2 * DRAWS))
    return [
        _answer(truth, own[i], wording[i], truth.themes[first[i]], truth.themes[second[i]])
        for i in range(count)
    ]


def theme_weights(truth: OpenTruth, county: str) -> Floats:
    """Return the themes' shares among the answers of a county that say something."""
    weights = np.array([one.weight * one.county.get(county, 1.0) for one in truth.themes])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _themes(truth: OpenTruth, county: NDArray[np.object_], luck: Floats) -> NDArray[np.int64]:
    weights = {one: theme_weights(truth, one) for one in sorted(set(county.tolist()))}
    shares = np.array([weights[one] for one in county.tolist()]).reshape(-1, len(truth.themes))
    return categories(luck, shares)


def _answer(
    truth: OpenTruth, luck: Floats, wording: Floats, first: ThemeTruth, second: ThemeTruth
) -> str:
    if luck[0] >= truth.answered:
        return ""
    numbers = iter(wording.tolist())
    if luck[1] < truth.nothing:
        return _pick(truth.nothing_words, numbers)
    text = _pick(truth.openings, numbers) + _sentence(first, numbers)
    if luck[2] < truth.second_theme and second is not first:
        text += _pick(truth.joint, numbers) + _sentence(second, numbers)
    return text + _pick(truth.closings, numbers)


def _sentence(theme: ThemeTruth, numbers: Iterator[float]) -> str:
    template = _pick(theme.sentences, numbers)
    return SLOT.sub(lambda slot: _pick(theme.words[slot.group(1)], numbers), template)


def _pick(words: Sequence[str], numbers: Iterator[float]) -> str:
    return words[int(next(numbers) * len(words))]
