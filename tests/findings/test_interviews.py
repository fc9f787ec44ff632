"""What a lead says of how its passages were coded."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.public import PublicTables
from pipeline.findings.interviews import coded_how, leads
from pipeline.i18n import word
from pipeline.text_analysis.reliability import Reliability, ThemeAlpha
from tests.disclosure.made import passages, programme

SAID = passages(
    ("I01", "jia", 1, "同一张表填了三遍。", "A1.4", "supports"),
    ("I02", "yi", 1, "表太多。", "A1.4", "supports"),
)


def public(*alphas: float) -> PublicTables:
    by_theme = tuple(
        ThemeAlpha(theme=f"t{k}", problem="A1.4", value=value, n=40, used=9)
        for k, value in enumerate(alphas)
    )
    record = Reliability(coders=("a", "b"), passages=40, coded=40, by_theme=by_theme)
    table = publish_interviews(SAID, Path("absent.csv"), record if alphas else None)
    nothing = pd.DataFrame()
    return PublicTables(nothing, nothing, nothing, table, nothing, (), {})


@pytest.mark.parametrize(
    ("alphas", "key"),
    [
        ((), "coding_by_rule"),
        ((0.9,), "coding_agreed"),
        ((0.9, 0.5), "coding_disputed"),
        ((0.667,), "coding_agreed"),
    ],
)
def test_a_lead_says_how_its_passages_were_coded(alphas: tuple[float, ...], key: str) -> None:
    tables = public(*alphas)
    for language in ("zh", "en"):
        assert coded_how(tables, "A1.4")(language) == word(f"findings.{key}", language)
    (lead,) = leads(tables, programme(), covered=())
    assert word(f"findings.{key}", "zh") in lead.limitation.zh
    assert "{" not in lead.limitation.en


def test_without_interviews_nobody_coded() -> None:
    nothing = pd.DataFrame()
    empty = PublicTables(nothing, nothing, nothing, nothing, nothing, (), {})
    assert coded_how(empty, "A1.4").zh == word("findings.coding_by_rule", "zh")
