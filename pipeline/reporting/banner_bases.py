"""Who stands behind each question in each column of a banner table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.disclosure.membership import Respondents
from pipeline.estimation.domains import ALL, Where, divisions, inside
from pipeline.estimation.items import Item, given, read_items
from pipeline.estimation.sample import sample_of
from pipeline.reporting.banner_release import People
from pipeline.reporting.labels import CROSSED
from pipeline.totals.units import Integers


@dataclass(frozen=True, slots=True)
class Bases:
    """Who stands behind each question in each column."""

    effective: pd.DataFrame
    """question, domain, domain_value, base_effective_n"""
    people: People


def bases_of(
    rows: pd.DataFrame,
    lines: Sequence[Item],
    across: Sequence[str | tuple[str, ...]],
    design: SurveyDesign,
    where: Where,
) -> Bases:
    """Return who answered each question in each column, and the effective n (Kish) of its base.

    `across` are the banners beside the total; a tuple is crossed.
    """
    sample = sample_of(rows, design)
    here, weight = inside(rows, where), sample.weight
    answered: dict[str, np.ndarray] = {}
    for line in lines:
        has = given(read_items(rows, [line])) & here & (weight > 0)
        answered[line.question] = answered.get(line.question, False) | has
    membership, sums = {}, []
    for domain, texts, code in divisions(rows, [ALL, *across], where):
        if domain != ALL:
            membership[domain] = _texts(code, texts, rows.index)
        for question, has in answered.items():
            inner = has & (code >= 0)
            one, two = (
                np.bincount(code[inner], weight[inner] ** power, len(texts)) for power in (1, 2)
            )
            with np.errstate(divide="ignore", invalid="ignore"):
                kish = one**2 / two
            columns = {"question": question, "domain": domain, "domain_value": list(texts)}
            sums.append(pd.DataFrame({**columns, "base_effective_n": kish}))
    singles = dict.fromkeys(
        one for entry in across for one in ([entry] if isinstance(entry, str) else entry)
    )
    parts = {
        str(name): _texts(code, texts, rows.index)
        for name, texts, code in divisions(rows, list(singles), where)
    }
    people = People(
        Respondents(
            pd.DataFrame(membership, index=rows.index), pd.DataFrame(answered, index=rows.index)
        ),
        pd.DataFrame(parts, index=rows.index),
        tuple(CROSSED.join(entry) for entry in across if not isinstance(entry, str)),
    )
    return Bases(pd.concat(sums, ignore_index=True), people)


def _texts(code: Integers, texts: Sequence[str], index: pd.Index) -> pd.Series:
    """Return the level of each row, '' where it has none."""
    return pd.Series(np.array([*texts, ""], dtype=object)[code], index=index, dtype="str")
