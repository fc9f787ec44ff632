"""The variance of a share's log-odds where replicates carry it: the spread of their log-odds.

Source: Wolter (2007), Introduction to Variance Estimation, 2nd ed., sec. 6.4 (transformations).
"""

import numpy as np
from scipy import special

from pipeline.estimation.ratio import RatioTotals
from pipeline.estimation.sample import Sample
from pipeline.totals.units import Floats


def log_odds_variance(totals: RatioTotals, sample: Sample) -> Floats:
    """Return the variance of the log-odds of each share, (groups, items).

    NaN without replicate weights (there the delta method says it), and where the share, or that of
    every replicate, is 0 or 1; such a replicate does not count.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = totals.y.sum(axis=0) / totals.x.sum(axis=0)
        if totals.replicate_y is None or totals.replicate_x is None:
            return np.full(share.shape, np.nan)
        replicated = totals.replicate_y / totals.replicate_x
        spread = special.logit(replicated) - special.logit(share)
    spread = np.where(np.isfinite(spread), spread, np.nan)
    found = sample.variance(spread.reshape(len(spread), -1)).reshape(share.shape)
    return np.where((share > 0) & (share < 1), found, np.nan)
