"""Coefficients of internal consistency, from the covariances or correlations of a scale's items.

Sources: Cronbach (1951), Psychometrika 16, 297-334; Guttman (1945), Psychometrika 10, 255-282;
Maydeu-Olivares, Coffman & Hartmann (2007), Psychological Methods 12, 157-176 (slopes of alpha).
"""

import numpy as np

from pipeline.estimation.scales.scale_items import Covariances, multiple_correlations
from pipeline.totals.units import Floats


def cronbach(matrix: Floats) -> float:
    """Return alpha of items with these covariances (standardised alpha of correlations)."""
    size = len(matrix)
    return float((1 - np.trace(matrix) / matrix.sum()) * size / (size - 1))


def guttman6(correlation: Floats) -> float:
    """Return lambda 6: errors are what the other items do not predict of an item."""
    left = len(correlation) - multiple_correlations(correlation).sum()
    return float(1 - left / correlation.sum())


def mean_correlation(correlation: Floats) -> float:
    """Return the mean correlation of two items."""
    size = len(correlation)
    return float((correlation.sum() - size) / (size * (size - 1)))


def influence_on_alpha(values: Floats, turned: Covariances, keys: Floats) -> Floats:
    """Return what a unit of weight more on each row adds to alpha.

    The influence of a row on a covariance is its product of deviations less the covariance, over
    the weight of the rows that answered both items; alpha's slope in each covariance follows from
    alpha = K / (K - 1) (1 - trace / sum).
    """
    size, total = len(keys), float(turned.matrix.sum())
    slope = np.full((size, size), float(np.trace(turned.matrix)) / total**2)
    slope = (slope - np.eye(size) / total) * size / (size - 1)
    share = slope * np.outer(keys, keys) * turned.factor / turned.weight
    plain = turned.matrix * np.outer(keys, keys) / turned.factor
    known = ~np.isnan(values)
    mask = known.astype(np.float64)
    centre = np.diag(turned.mean)
    centred = np.where(known, values - centre, 0.0)
    mean = turned.mean - centre[:, None]
    products = ((centred @ share) * centred).sum(axis=1)
    products -= 2 * ((mask @ (share * mean)) * centred).sum(axis=1)
    found: Floats = products + ((mask @ (share * (mean * mean.T - plain))) * mask).sum(axis=1)
    return found
