"""Open answers: planted themes by county, in words that are not copies of each other."""

import numpy as np
import pytest

from pipeline.simulation.answer_truths import OpenTruth
from pipeline.simulation.streams import Luck
from pipeline.simulation.verbatims import sentences, theme_weights
from tests.simulation.made_programme import OPEN

COUNT = 4000
TRUTH = OpenTruth.model_validate(OPEN)


@pytest.fixture(scope="module")
def answers() -> tuple[np.ndarray, list[str]]:
    county = np.array(["jia", "yi"] * (COUNT // 2), dtype=object)
    return county, sentences("q10", TRUTH, county, Luck(11))


def test_answers_are_given_and_say_nothing_as_often_as_planted(
    answers: tuple[np.ndarray, list[str]],
) -> None:
    written = [text for text in answers[1] if text]
    nothing = [text for text in written if text in TRUTH.nothing_words]
    assert len(written) / COUNT == pytest.approx(0.8, abs=0.025)
    assert len(nothing) / len(written) == pytest.approx(0.1, abs=0.025)


def test_every_slot_is_filled_and_wording_varies(answers: tuple[np.ndarray, list[str]]) -> None:
    texts = [text for text in answers[1] if len(text) > 6]
    assert not any("{" in text or "}" in text for text in texts)
    assert len(set(texts)) > 100


def test_counties_differ_as_planted(answers: tuple[np.ndarray, list[str]]) -> None:
    county, texts = answers
    assert theme_weights(TRUTH, "jia").tolist() == pytest.approx([2 / 3, 1 / 3])

    def share(one: str) -> float:
        said = [t for c, t in zip(county, texts, strict=True) if c == one and len(t) > 6]
        return sum("修好" in text or "先解决" in text for text in said) / len(said)

    assert share("jia") > share("yi") + 0.05


def test_two_questions_are_answered_independently() -> None:
    county = np.array(["jia"] * COUNT, dtype=object)
    first, second = (sentences(name, TRUTH, county, Luck(11)) for name in ("q10", "q14"))
    both = np.mean([bool(a) and bool(b) for a, b in zip(first, second, strict=True)])
    assert both == pytest.approx(0.64, abs=0.03)
