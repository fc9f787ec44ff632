"""p-values of many tests made together, adjusted for their number.

Ten lines of NumPy where `scipy.stats` would be loaded for longer than a stage takes; the test
holds them against it.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.totals.units import Floats


def false_discovery_adjusted(p: Sequence[float] | Floats) -> Floats:
    """Return the q-values: the smallest false discovery rate at which each test is found.

    Source: Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    Parameters
    ----------
    p : p-values of one family, none missing; may be empty
    """
    given = np.asarray(p, dtype=np.float64)
    order = np.argsort(given, kind="stable")[::-1]
    rank = np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(np.minimum.accumulate(given[order] * len(given) / rank), 1.0)
    return adjusted
