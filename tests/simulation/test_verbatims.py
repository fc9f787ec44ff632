"""Open answers: planted themes by county, in words that are not copies of each other."""

import numpy as np
import pytest

from pipeline.simulation.truths import Truths
from pipeline.simulation.verbatims import sentences, theme_weights

COUNT = 6000


@pytest.fixture(scope="module")
def answers(truths: Truths) -> tuple[np.ndarray, list[str]]:
    county = np.array(["jia", "yi", "bing"] * (COUNT // 3), dtype=object)
    return county, sentences(truths.open["q15"], county, seed=11)


def test_answers_are_given_and_say_nothing_as_often_as_planted(
    answers: tuple[np.ndarray, list[str]], truths: Truths
) -> None:
    _, texts = answers
    written = [text for text in texts if text]
    nothing = [text for text in written if text in truths.open["q15"].nothing_words]
    assert len(written) / COUNT == pytest.approx(0.66, abs=0.02)
    assert len(nothing) / len(written) == pytest.approx(0.11, abs=0.02)


def test_every_slot_is_filled_and_wording_varies(answers: tuple[np.ndarray, list[str]]) -> None:
    texts = [text for text in answers[1] if len(text) > 6]
    assert not any("{" in text or "}" in text for text in texts)
    few = texts[:350]
    assert len(set(few)) / len(few) > 0.9


def test_counties_differ_as_planted(answers: tuple[np.ndarray, list[str]], truths: Truths) -> None:
    county, texts = answers
    truth = truths.open["q15"]
    place = [theme.theme for theme in truth.themes].index("talent_delivery")
    by_county = {c: theme_weights(truth, c)[place] for c in ("jia", "yi")}
    assert by_county["yi"] > 1.5 * by_county["jia"]

    def share(one: str) -> float:
        said = [t for c, t in zip(county, texts, strict=True) if c == one and t]
        return sum("补贴" in t or "资助" in t for t in said) / len(said)

    assert share("yi") > share("jia") + 0.02
