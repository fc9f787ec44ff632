"""The comparisons of a survey as one table: families of tests, adjusted p-values, conclusions.

All items compared by one domain in one wave are a family, and so are all standards of a wave, all
items held against the wave before, and these in the levels of one domain. p-values of a family are
adjusted by Benjamini & Hochberg (1995), JRSS B 57, 289-300. Tests that found nothing stay in.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.adjustment import false_discovery_adjusted
from pipeline.estimation.comparison import STANDARD, against_standards, between_groups
from pipeline.estimation.domains import ALL
from pipeline.estimation.items import Item
from pipeline.questionnaire.parts import Measure

COMPARISON_COLUMNS = (
    "id", "kind", "survey", "wave", "question", "code", "domain", "a", "b", "value_a", "value_b",
    "n_a", "n_b", "difference", "standard_error", "low", "high", "degrees_of_freedom", "p", "q",
    "family", "family_size", "effect", "conclusion", "shrunk_b", "shrunk_error", "why_not",
)  # fmt: skip
_TEXT = (
    "id", "kind", "survey", "wave", "question", "code", "domain", "a", "b", "family",
    "conclusion", "why_not",
)  # fmt: skip


def compared(
    rows: pd.DataFrame,
    measured: Sequence[tuple[Item, Measure]],
    domains: Sequence[str],
    *,
    design: SurveyDesign,
    survey: str,
    wave: str,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the shares of unfavourable answers between groups and with their standards.

    Returns
    -------
    DataFrame, one row per test, with `kind` and `family`
        Of a non-probability sample the values and n only: it has no margin of error.
    """
    items = [item for item, _ in measured]
    held = [(item, of.standard.value) for item, of in measured if of.standard is not None]
    groups = between_groups(rows, items, domains, design=design, level=level)
    standards = against_standards(rows, held, design=design, level=level)
    parts = [
        part.assign(kind=kind, survey=survey, wave=wave)
        for kind, part in (("group", groups), ("standard", standards))
        if len(part)
    ]
    if not parts:
        return pd.DataFrame()
    whole = pd.concat(parts, ignore_index=True)
    of = whole["domain"].where(whole["kind"] == "group", STANDARD)
    whole["family"] = survey + "|" + wave + "|" + of
    return whole if design.probability_sample else without_margin_of_error(whole)


def one_wave(survey: str, wave: str) -> pd.DataFrame:
    """Return the row that says: there is no earlier wave to compare with."""
    row = {"kind": "wave", "survey": survey, "wave": wave, "domain": ALL, "conclusion": "one_wave"}
    return pd.DataFrame([row])


def concluded(
    parts: Sequence[pd.DataFrame], *, false_discovery_rate: float, smallest_difference: float
) -> pd.DataFrame:
    """Return all tests as one table in the columns of `comparison`, adjusted and concluded.

    A difference is ``higher`` or ``lower`` when its q is at most `false_discovery_rate` and it is
    at least `smallest_difference`; anything else is ``no_difference``. A row without p-value
    counts in no family.
    """
    filled = [part.reindex(columns=list(COMPARISON_COLUMNS)) for part in parts if len(part)]
    whole = _typed(
        pd.concat([part.astype("object") for part in filled], ignore_index=True)
        if filled
        else pd.DataFrame(columns=list(COMPARISON_COLUMNS))
    )
    tested = whole["p"].notna()
    q = pd.Series(np.nan, index=whole.index)
    for _, p in whole.loc[tested, "p"].groupby(whole["family"]):
        q[p.index] = false_discovery_adjusted(p.to_numpy())
    size = tested.groupby(whole["family"]).transform("sum").astype("Int64")
    sure, rounding = q <= false_discovery_rate, 1e-12
    above = sure & (whole["difference"] >= smallest_difference - rounding)
    below = sure & (whole["difference"] <= -smallest_difference + rounding)
    found = np.select([above, below], ["higher", "lower"], "no_difference")
    conclusion = whole["conclusion"].where(whole["conclusion"] != "", found).astype("str")
    return whole.assign(q=q, family_size=size, conclusion=conclusion)


def without_margin_of_error(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons of a non-probability sample: the values and n only."""
    gone = ["standard_error", "low", "high", "degrees_of_freedom", "p"]
    return comparisons.assign(**dict.fromkeys(gone, np.nan))


def _typed(whole: pd.DataFrame) -> pd.DataFrame:
    text = {name: whole[name].fillna("").astype("str") for name in _TEXT}
    whole = whole.assign(**text)
    keys = ["survey", "wave", "kind", "question", "code", "domain", "a", "b"]
    whole["id"] = [comparison_id(*key) for key in whole[keys].itertuples(index=False)]
    types = {name: "str" if name in _TEXT else "float64" for name in COMPARISON_COLUMNS}
    return whole.astype(types | {"n_a": "Int64", "n_b": "Int64", "family_size": "Int64"})


def comparison_id(*keys: str) -> str:
    """Return the id of a comparison, from survey, wave, kind, question, code, domain, a, b."""
    return "C-" + hashlib.sha256("|".join(keys).encode()).hexdigest()[:10]
