"""Likelihood intervals of a share.

The likelihood of a share q, given the share p that was found, falls from its top by the deviance
2 (p log(p / q) + (1 - p) log((1 - p) / (1 - q))) per respondent. The interval holds the shares
whose deviance stays below t squared times its design effect.

Source: Rao & Scott (1984), Annals of Statistics 12, 46-60; Lumley & Scott (2014), Australian & New
Zealand J. of Statistics 56, 1-14.
"""

import numpy as np
from scipy import special

from pipeline.totals.units import Floats


def likelihood_limits(share: Floats, drop: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and largest share whose deviance from `share` is at most `drop`.

    Parameters
    ----------
    share : found, above 0 and below 1
    drop : largest deviance per respondent: t squared x variance / (share x (1 - share)); NaN
        gives NaN
    """
    return _below(share, drop), 1 - _below(1 - share, drop)


def deviance(share: Floats, other: Floats) -> Floats:
    """Return 2 (p log(p / q) + (1 - p) log((1 - p) / (1 - q))) of a found share p, another q."""
    entropy = special.rel_entr(share, other) + special.rel_entr(1 - share, 1 - other)
    found: Floats = 2 * entropy
    return found


def _below(share: Floats, drop: Floats) -> Floats:
    """Return the smaller of the two shares with that deviance, solved for its logarithm."""
    known = np.isfinite(drop) & (drop >= 0)
    top, fall = np.log(share), np.where(known, drop, 0.0)
    # p log(p / q) + (1 - p) log(1 - p) is no more than half the deviance: here it is too much.
    bottom = top - (fall / 2 - (1 - share) * np.log1p(-share)) / share - 1
    nothing = bottom < np.log(np.finfo(np.float64).tiny)
    bottom = np.where(nothing, top - 1, bottom)

    def beyond(log_share: Floats, share: Floats, fall: Floats) -> Floats:
        return deviance(share, np.exp(log_share)) - fall

    from scipy.optimize import elementwise  # a third of a second, and few need it

    solved = elementwise.find_root(beyond, (bottom, top), args=(share, fall))
    found = np.where(nothing, 0.0, np.where(fall > 0, np.exp(solved.x), share))
    limit: Floats = np.where(known, found, np.nan)
    return limit
