"""Column-letter tests of banner tables: which columns of a row differ, as research houses print.

Every level of a banner is a column with a letter. Two columns of a row are compared by a t test of
the difference of their shares (or means), with the covariance of the units they share and
Satterthwaite's degrees of freedom; the letter of the lower column stands at the higher one.

Rules: a column is tested with at least 30 respondents and 4 PSUs with an answer; the p-values of
one row in one banner are adjusted together.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import several
from pipeline.estimation.comparison import MINIMUM_PSUS, MINIMUM_SIDE
from pipeline.estimation.domains import By, Where, banners
from pipeline.estimation.estimate import scores_of
from pipeline.estimation.intervals import standard_errors, two_sided_p
from pipeline.estimation.items import Item, grouped, read_items
from pipeline.estimation.ratio import RatioTotals, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.estimation.variance import satterthwaite
from pipeline.totals.units import Booleans, Floats

Adjust = Literal["none", "bonferroni", "bh"]
LETTER_COLUMNS = (
    "question", "code", "domain", "domain_value", "letter", "higher_than", "value", "n", "tested",
)  # fmt: skip


def column_letters(
    rows: pd.DataFrame,
    items: Item | Sequence[Item],
    banner: By,
    *,
    design: SurveyDesign,
    where: Where = None,
    level: float = 0.95,
    adjust: Adjust = "bh",
) -> pd.DataFrame:
    """Compare the columns of banners with each other, row by row.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`; with `where` a domain of them
    items : shares or means, the rows of the table
    banner : columns of groups, each a banner of its own; a tuple of columns is crossed
    level : 1 - the level of significance
    adjust : of the p-values of one row in one banner: ``bh`` holds the share of false letters
        (Benjamini & Hochberg 1995), ``bonferroni`` the chance of any, ``none`` of each pair alone

    A column in which nobody, or everybody, gave an answer is not compared in that row: its share
    has no standard error.

    Returns
    -------
    DataFrame, one row per item, banner and level that anybody in the domain has
        In the order of `items`, then of the banners.
        question, code, domain, domain_value; letter ("A".."Z", "AA", ..); higher_than, the letters
        of the columns that this one is significantly higher than, separated by blanks; value; n;
        tested, whether the column has enough respondents and PSUs

    Raises
    ------
    ResponseError
        A column is absent.
    """
    if adjust not in get_args(Adjust):
        raise ResponseError(
            f"adjust={adjust!r} 不可用，可用 {', '.join(get_args(Adjust))}。(use one of these)"
        )
    items = _items(items)
    sample = sample_of(rows, design)
    divided = banners(rows, sample, banner, where)
    order = {(item.question, item.code, item.estimand): k for k, item in enumerate(items)}
    found: list[tuple[int, pd.DataFrame]] = []
    for together in grouped(items):
        column = read_items(rows, together)
        for domain, values, groups in divided:
            totals = totals_of(sample, column, groups)
            value, scores = scores_of(totals, sample, "mean")
            here = np.flatnonzero(groups.size > 0)
            names = {int(k): letter(place) for place, k in enumerate(here)}
            tested = _tested(sample, totals)
            share = np.array([item.estimand == "proportion" for item in together])
            certain = share & ((value == 0) | (value == 1))
            higher = _higher(sample, totals, value, scores, tested, certain, 1 - level, adjust)
            for place, item in enumerate(together):
                above = [np.flatnonzero(higher[k, :, place]) for k in here]
                frame = pd.DataFrame(
                    {
                        "question": item.question, "code": item.code, "domain": domain,
                        "domain_value": [values[k] for k in here],
                        "letter": [names[int(k)] for k in here],
                        "higher_than": [" ".join(names[int(j)] for j in which) for which in above],
                        "value": value[here, place], "n": totals.n[here, place].astype(np.int64),
                        "tested": tested[here],
                    }
                )  # fmt: skip
                found.append((order[(item.question, item.code, item.estimand)], frame))
    if not found:
        return pd.DataFrame(columns=list(LETTER_COLUMNS))
    found.sort(key=lambda pair: pair[0])
    return pd.concat([frame for _, frame in found], ignore_index=True)


def _items(given: Item | Sequence[Item]) -> list[Item]:
    items = several(given, "items")
    if wrong := [item for item in items if not isinstance(item, Item)]:
        raise ResponseError(
            f"column_letters: {wrong[0]!r} 不是 Item；请用 top_box(题, 选项) 或 items_of(问卷)。"
            "(items are needed: top_box(question, codes), or items_of(questionnaire))"
        )
    return items


def letter(place: int) -> str:
    """Return the letter of the column at `place`: A..Z, then AA, AB, ..."""
    name = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _tested(sample: Sample, totals: RatioTotals) -> Booleans:
    """Return which groups have enough respondents and PSUs."""
    enough: Booleans = totals.n.max(axis=1, initial=0.0) >= MINIMUM_SIDE
    if sample.units.stages:  # replicate weights do not tell the PSUs
        psus = sample.units.stages[0].clusters(totals.present.astype(np.float64)) > 0
        enough = enough & (psus.sum(axis=0) >= MINIMUM_PSUS)
    return enough


def _higher(
    sample: Sample,
    totals: RatioTotals,
    value: Floats,
    scores: Floats,
    tested: Booleans,
    certain: Booleans,
    alpha: float,
    adjust: Adjust,
) -> Booleans:
    """Return whether group j is significantly higher than group k, (j, k, items)."""
    groups, items = value.shape
    higher = np.zeros((groups, groups, items), dtype=bool)
    pairs = np.array(list(combinations(np.flatnonzero(tested), 2)), dtype=np.int64)
    if not len(pairs):
        return higher
    one, other = pairs.T
    members = totals.groups.members[:, one] | totals.groups.members[:, other]
    present = totals.present[:, one] | totals.present[:, other]
    for item in range(items):
        away = value[one, item] - value[other, item]
        score = scores[:, one, item] - scores[:, other, item]
        error = standard_errors(sample.variance(score, present))
        if sample.replicates is None:
            freedom = satterthwaite(score, members, sample.units, present)
        else:
            freedom = np.full(len(pairs), sample.degrees_of_freedom())
        with np.errstate(divide="ignore", invalid="ignore"):
            p = two_sided_p(np.where(away == 0, 0.0, away / error), freedom)
        # A share of 0 or 1 has no standard error of its own: against it nothing can be tested.
        p = np.where(certain[one, item] | certain[other, item], np.nan, p)
        sure = _adjusted(p, adjust) <= alpha
        high = np.where(away > 0, one, other)
        low = np.where(away > 0, other, one)
        higher[high[sure], low[sure], item] = True
    return higher


def _adjusted(p: Floats, adjust: Adjust) -> Floats:
    """Return adjusted p-values; a test without one does not count."""
    known = ~np.isnan(p)
    adjusted = p.copy()
    if adjust == "bonferroni":
        adjusted[known] = np.minimum(p[known] * known.sum(), 1.0)
    elif adjust == "bh" and known.any():
        from scipy.stats import false_discovery_control

        adjusted[known] = false_discovery_control(p[known])
    return adjusted
