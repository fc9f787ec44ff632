"""The likelihood of cumulative link models: P(answer <= category k) = F(threshold_k - predictor).

Source: McCullagh (1980), JRSS B 42, 109-142.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from pipeline.estimation.models.variable_metric import minimum
from pipeline.totals.units import Booleans, Floats, Integers

BEYOND_ALL = 1e10
"""A threshold that no predictor reaches."""
STEPS, TOLERANCE = 100, 1e-11
RUNAWAY = 1e3
"""A standard error this large, in units of the linear predictor, comes from separation."""


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A link: distribution function, its first and second derivative."""

    share: Callable[[Floats], Floats]
    density: Callable[[Floats], Floats]
    bend: Callable[[Floats], Floats]
    quantile: Callable[[Floats], Floats]


LINKS = {
    "logit": Cumulative(
        special.expit,
        lambda z: special.expit(z) * special.expit(-z),
        lambda z: special.expit(z) * special.expit(-z) * (special.expit(-z) - special.expit(z)),
        special.logit,
    ),
    "probit": Cumulative(
        special.ndtr,
        lambda z: np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
        lambda z: -z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
        special.ndtri,
    ),
}


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The likelihood of thresholds and coefficients, (coefficients, thresholds) in one line.

    Attributes
    ----------
    x : (rows, coefficients)
    code : (rows,) the category, 0 .. `thresholds`
    outermost : the threshold above the last category, and minus the one below the first
    """

    link: Cumulative
    x: Floats
    code: Integers
    offset: Floats
    thresholds: int
    outermost: float = BEYOND_ALL

    def only(self, some: Booleans) -> "Likelihood":
        """Return the likelihood of some rows."""
        return replace(self, x=self.x[some], code=self.code[some], offset=self.offset[some])

    def loss(self, weight: Floats, value: Floats) -> float:
        """Return minus the weighted log-likelihood; infinite where a chance is not above 0."""
        high, low = self._bounds(value)
        chance = self.link.share(high) - self.link.share(low)
        if not (chance > 0).all():
            return float("inf")
        return float(-(weight @ np.log(chance)))

    def scores(self, value: Floats) -> Floats:
        """Return each row's derivative of the log-likelihood, (rows, values)."""
        high, low = self._bounds(value)
        chance = self.link.share(high) - self.link.share(low)
        above, below = self.link.density(high) / chance, self.link.density(low) / chance
        up, down = self._indicators()
        return np.hstack(
            [-self.x * (above - below)[:, None], up * above[:, None] - down * below[:, None]]
        )

    def information(self, weight: Floats, value: Floats) -> Floats:
        """Return minus the second derivatives of the weighted log-likelihood."""
        high, low = self._bounds(value)
        chance = self.link.share(high) - self.link.share(low)
        above, below = self.link.density(high) / chance, self.link.density(low) / chance
        up, down = (np.hstack([-self.x, one]) for one in self._indicators())
        at_high = weight * (above**2 - self.link.bend(high) / chance)
        at_low = weight * (below**2 + self.link.bend(low) / chance)
        crossed = (up * (weight * above * below)[:, None]).T @ down
        found: Floats = (
            (up * at_high[:, None]).T @ up
            + (down * at_low[:, None]).T @ down
            - crossed
            - crossed.T
        )
        return found

    def start(self, weight: Floats) -> Floats:
        """Return coefficients of 0 and the thresholds that fit the shares of the categories."""
        share = np.cumsum(np.bincount(self.code, weight, self.thresholds + 1)) / weight.sum()
        return np.concatenate([np.zeros(self.x.shape[1]), self.link.quantile(share[:-1])])

    def newton(self, weight: Floats, start: Floats) -> tuple[Floats, bool]:
        """Return the optimum by Newton's method with halved steps, and whether it was reached."""
        with np.errstate(all="ignore"):
            value, loss = start, self.loss(weight, start)
            for _ in range(STEPS):
                information = self.information(weight, value)
                if not np.isfinite(information).all():
                    return value, False
                try:
                    step = np.linalg.solve(information, weight @ self.scores(value))
                    error = np.sqrt(np.diag(np.linalg.inv(information)))
                except np.linalg.LinAlgError:
                    return value, False
                if (np.abs(step) <= TOLERANCE * (np.abs(value) + error)).all():
                    return value + step, self._certain(error)
                for _ in range(STEPS):
                    if (found := self.loss(weight, value + step)) <= loss + 1e-12 * abs(loss):
                        break
                    step = step / 2
                value, loss = value + step, found
        return value, False

    def _certain(self, error: Floats) -> bool:
        """Return whether errors are small enough for coefficients that do not run away."""
        size = np.sqrt((self.x**2).mean(axis=0))
        return bool((error[: len(size)] * size < RUNAWAY).all())

    def bound(self, value: Floats) -> Floats:
        """Return the first threshold and the logs of the gaps between them, which cannot cross."""
        k = self.x.shape[1]
        return np.concatenate([value[: k + 1], np.log(np.diff(value[k:]))])

    def unbound(self, value: Floats) -> Floats:
        """Return thresholds from the first and the logs of the gaps."""
        k = self.x.shape[1]
        gaps = np.exp(value[k + 1 :])
        return np.concatenate([value[:k], np.cumsum(np.concatenate([value[k : k + 1], gaps]))])

    def minimised(self, weight: Floats, start: Floats) -> Floats:
        """Return where R's optimiser ends, with gaps in logs."""
        with np.errstate(all="ignore"):
            return minimum(
                lambda value: self.loss(weight, self.unbound(value)),
                lambda value: self.slope(weight, value),
                start,
            )

    def slope(self, weight: Floats, value: Floats) -> Floats:
        """Return the derivative of the loss by coefficients, first threshold and log gaps."""
        plain: Floats = -(weight @ self.scores(self.unbound(value)))
        return plain @ self.jacobian(value)

    def jacobian(self, value: Floats) -> Floats:
        """Return derivatives of coefficients and thresholds by those with gaps in logs."""
        k, q = self.x.shape[1], self.thresholds
        table = np.eye(k + q)
        table[k:, k] = 1.0
        for place, gap in enumerate(np.exp(value[k + 1 :]), start=1):
            table[k + place :, k + place] = gap
        return table

    def _bounds(self, value: Floats) -> tuple[Floats, Floats]:
        k = self.x.shape[1]
        cuts = np.concatenate([[-self.outermost], value[k:], [self.outermost]])
        predictor = self.offset + self.x @ value[:k]
        return cuts[self.code + 1] - predictor, cuts[self.code] - predictor

    def _indicators(self) -> tuple[Floats, Floats]:
        places = np.arange(self.thresholds)
        return (
            (self.code[:, None] == places).astype(np.float64),
            (self.code[:, None] - 1 == places).astype(np.float64),
        )
