"""What each item does to its scale: correlations with the rest, and alpha without it."""

import numpy as np
import pandas as pd

from pipeline.estimation.scales.consistency import cronbach
from pipeline.estimation.scales.scale_items import ScaleItems, covariances, multiple_correlations
from pipeline.totals.units import Floats


def item_analysis(
    scale: ScaleItems, covariance: Floats, correlation: Floats, keys: Floats
) -> pd.DataFrame:
    """Return the table `Alpha.items`.

    Parameters
    ----------
    covariance, correlation : of the items as keyed
    keys : (items,) -1 where an item is reversed: within the smallest and largest answer to any
    """
    values, weight = scale.counted, scale.weight[scale.inside]
    ends = float(np.nanmin(values)) + float(np.nanmax(values))
    values = np.where(keys < 0, ends - values, values)
    known = ~np.isnan(values)
    any_answer = known.any(axis=1)
    score = np.full(len(values), np.nan)
    score[any_answer] = np.nanmean(values[any_answer], axis=1)
    reliable = correlation.copy()
    np.fill_diagonal(reliable, multiple_correlations(correlation))
    rest = covariance.sum(axis=0) - np.diag(covariance)
    of_rest = covariance.sum() - 2 * rest - np.diag(covariance)
    without, standardised_without = _without_each(covariance, correlation)
    with np.errstate(invalid="ignore"):  # items against each other may leave a sum no variance
        item_rest = rest / np.sqrt(np.diag(covariance) * of_rest)
        corrected = reliable.sum(axis=0) / np.sqrt(reliable.sum())
    return pd.DataFrame(
        {
            "item": scale.names,
            "key": keys.astype(np.int64),
            "n": known.sum(axis=0),
            "mean": np.nansum(values * weight[:, None], axis=0) / (weight @ known),
            "standard_deviation": np.sqrt(np.diag(covariance)),
            "item_rest": item_rest,
            "item_total": [_pearson(column, score, weight) for column in values.T],
            "corrected": corrected,
            "alpha_without": without,
            "standardised_without": standardised_without,
        }
    )


def _without_each(covariance: Floats, correlation: Floats) -> tuple[Floats, Floats]:
    """Return alpha, raw and standardised, of the other items.

    Two items leave one, which has no alpha: in its place stand, as in R's psych package, the slope
    of the dropped item on the other and their correlation.
    """
    size = len(covariance)
    if size == 2:
        slopes = covariance[0, 1] / np.diag(covariance)[::-1]
        return slopes, np.full(2, correlation[0, 1])
    others = [np.delete(np.arange(size), k) for k in range(size)]
    raw = [cronbach(covariance[np.ix_(left, left)]) for left in others]
    standardised = [cronbach(correlation[np.ix_(left, left)]) for left in others]
    return np.array(raw), np.array(standardised)


def _pearson(first: Floats, second: Floats, weight: Floats) -> float:
    """Correlate two columns over the rows that have both."""
    both = ~np.isnan(first) & ~np.isnan(second)
    found = covariances(np.column_stack([first, second])[both], weight[both])
    return float(found.correlation[0, 1])
