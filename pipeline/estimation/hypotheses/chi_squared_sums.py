"""Distribution of weighted sums of chi-squareds, and of such sums over an independent one.

With independent standard normal Z_i the sum is Q = sum of a_i Z_i^2; over a denominator on d
degrees of freedom it is Q / (chi-squared_d / d). Three ways to the upper tail:

- ``integration``: exact, the moment generating function turned back along a path through its
  saddlepoint (Rice 1980, SIAM J. Sci. Stat. Comput. 1, 438-448), to ten digits or more;
- ``saddlepoint``: Lugannani & Rice (1980), Adv. Appl. Prob. 12, 475-490, in the form of
  Barndorff-Nielsen, as Kuonen (1999), Biometrika 86, 929-935, uses it for such sums. As in R's
  survey package the denominator's degrees of freedom are cut to a whole number, and next to the
  mean of Q, where the formula is 0 / 0, the next way is taken;
- ``satterthwaite``: one scaled chi-squared with the same mean and variance (1946).
"""

import math
from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.totals.units import Floats

TailMethod = Literal["integration", "saddlepoint", "satterthwaite"]
Complexes = npt.NDArray[np.complex128]
NEAR_THE_MEAN = 1e-4
STEP, FAR = 0.02, 45.0
"""Of the trapezoidal rule."""


def upper_tail(
    x: float, weights: Floats, *, df: float = np.inf, method: TailMethod = "integration"
) -> float:
    """Return the chance that the sum (over its denominator, where `df` is finite) exceeds x.

    Parameters
    ----------
    x : 0 or more
    weights : (k,) the a_i; some may be below 0
    df : of the denominator; infinite: there is none

    Returns
    -------
    float; NaN where x is below 0, a weight is not finite, or none is above 0
    """
    known = bool(np.isfinite(weights).all()) and x >= 0 and df > 0
    if not known or weights.max(initial=0.0) <= 0:
        return float("nan")
    if np.isposinf(x):
        return 0.0
    found = float("nan")
    match method:
        case "integration":
            found = _exact(_sum(x, weights, df))
        case "saddlepoint":
            found = _approximate(_sum(x, weights, np.floor(df), df))
        case "satterthwaite":
            pass
        case _:
            assert_never(method)
    return _satterthwaite(x, weights, df) if np.isnan(found) else found


def _upper(x: float, numerator: Floats, df: float) -> Floats:
    """Return upper tails at x of chi-squareds, or of their ratios to chi-squared_d / d."""
    if np.isposinf(df):
        return np.asarray(special.chdtrc(numerator, x), dtype=np.float64)
    return np.asarray(special.fdtrc(numerator, df, x / numerator), dtype=np.float64)


def _satterthwaite(x: float, weights: Floats, df: float) -> float:
    scale = float((weights**2).sum() / weights.sum())
    numerator = np.array([float(weights.sum()) / scale])
    return float(_upper(max(x, 0.0) / scale, numerator, df)[0])


@dataclass(frozen=True, slots=True)
class _Sum:
    """Whether a sum of `times[i]` squares with weight `a[i]` (1 at most) exceeds x."""

    x: float
    a: Floats
    times: Floats

    def cumulant(self, at: Complexes) -> Complexes:
        grown: Complexes = np.zeros_like(at)
        for weight, times in zip(self.a, self.times, strict=True):
            grown -= times * np.log1p(-2 * at * weight) / 2
        return grown

    def slope(self, at: float) -> float:
        return float((self.times * self.a / (1 - 2 * at * self.a)).sum())

    def curvature(self, at: float) -> float:
        return float(2 * (self.times * (self.a / (1 - 2 * at * self.a)) ** 2).sum())

    def saddlepoint(self) -> float:
        """Return where the cumulant's slope is x; NaN where there is no such point."""
        from scipy.optimize import brentq

        low, high = -1.0, 0.5
        if self.a.min() < 0:
            low = float(1 / (2 * self.a.min()))
        elif self.x > 0:
            low = -float(self.times.sum()) / (2 * self.x) - 1.0
        low, high = low * (1 - 1e-12), high * (1 - 1e-12)
        if not self.slope(low) < self.x < self.slope(high):
            return float("nan")
        return float(brentq(lambda at: self.slope(at) - self.x, low, high, xtol=1e-15, rtol=1e-14))


def _sum(x: float, weights: Floats, times: float, df: float | None = None) -> _Sum:
    """Return the sum; with a denominator D on `times` degrees of freedom Q - (x / df) D > 0."""
    kept = weights[weights != 0]
    once = np.ones_like(kept)
    if np.isposinf(times):
        return _Sum(x / kept.max(), kept / kept.max(), once)
    a = np.append(kept, -x / (times if df is None else df))
    return _Sum(0.0, a / kept.max(), np.append(once, max(1.0, times)))


def _exact(of: _Sum) -> float:
    if of.x <= 0 and of.a.min() >= 0:
        return 1.0
    saddle = of.saddlepoint()
    # Any point between the pole at 0 and the first branch point at 1/2 gives the same integral.
    start = min(max(0.05, saddle), 0.5) if np.isfinite(saddle) else 0.25
    scale = 1 / math.sqrt(of.curvature(start) + 1 / start**2)
    # In v, t = scale x sinh v, the trapezoidal rule is exact to the last digits.
    v = STEP * np.arange(int(FAR / STEP))
    t = scale * np.sinh(v)
    s = start + 1j * t + t**2  # bent to the right, where the integrand dies out
    height = np.exp(of.cumulant(s) - s * of.x) / s * (1j + 2 * t) * np.cosh(v)
    whole = float(height.imag.sum() - height[0].imag / 2) * STEP * scale
    return min(1.0, max(0.0, whole / math.pi))


def _approximate(of: _Sum) -> float:
    """Return the saddlepoint approximation, or NaN where it is not there."""
    if of.x <= 0 and of.a.min() >= 0:
        return 1.0
    at = of.saddlepoint()
    if np.isnan(at) or abs(at) < NEAR_THE_MEAN:
        return float("nan")
    reached = float(of.cumulant(np.array([at], dtype=np.complex128))[0].real)
    w = np.sign(at) * np.sqrt(2 * (at * of.x - reached))
    v = at * np.sqrt(of.curvature(at))
    return float(special.ndtr(-(w + np.log(v / w) / w)))
