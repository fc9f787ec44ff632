"""The minimum of a smooth function within bounds, by limited-memory quasi-Newton steps.

The algorithm of Byrd, Lu, Nocedal & Zhu (1995), SIAM J. Scientific Computing 16(5), 1190-1208,
with a dense model of the curvature: for functions of a few dozen parameters. It is the one behind
R's factor analyses; scipy has its successor (Morales & Nocedal 2011), which cuts steps at the
bounds in another way. A factor likelihood with a uniqueness at its bound is so flat that where
one stops shows in the fifth digit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.estimation.scales.line_search import Point, line_search
from pipeline.totals.units import Booleans, Floats

MEMORY = 5
"""Steps remembered."""
TOLERANCE = 1e7 * float(np.finfo(float).eps)
"""Stop where a step lowers the function by less than this share of it (of 1 if it is smaller)."""
ITERATIONS = 100
EPSILON = float(np.finfo(float).eps)

Function = Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where a function is smallest; `converged` is False where the iterations ran out."""

    at: Floats
    value: float
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Parameters, with the function's value and gradient there."""

    at: Floats
    value: float
    gradient: Floats

    @classmethod
    def of(cls, function: Function, at: Floats) -> "Place":
        """Return the place at some parameters."""
        return cls(at, *function(at))


@dataclass(frozen=True, slots=True)
class Curvature:
    """The model of the second derivatives: scale x identity - wide @ middle @ wide'."""

    scale: float
    wide: Floats
    middle: Floats

    @classmethod
    def of(cls, steps: list[Floats], changes: list[Floats], size: int) -> "Curvature":
        """Return the model from steps and the gradient's changes over them, oldest first."""
        if not steps:
            return cls(1.0, np.zeros((size, 0)), np.zeros((0, 0)))
        s, y = np.stack(steps, axis=1), np.stack(changes, axis=1)
        scale = float(y[:, -1] @ y[:, -1]) / float(s[:, -1] @ y[:, -1])
        products = s.T @ y
        below = np.tril(products, -1)
        blocks = [[-np.diag(np.diag(products)), below.T], [below, scale * (s.T @ s)]]
        return cls(scale, np.hstack([y, scale * s]), np.linalg.inv(np.block(blocks)))

    @property
    def matrix(self) -> Floats:
        """The model as a matrix."""
        whole: Floats = self.scale * np.eye(len(self.wide)) - self.wide @ self.middle @ self.wide.T
        return whole


def minimum_within(function: Function, start: Floats, low: Floats, high: Floats) -> Minimum:
    """Minimise `function` (value and gradient) between two bounds for every parameter."""
    x = np.clip(start, low, high)
    value, gradient = function(x)
    steps: list[Floats] = []
    changes: list[Floats] = []
    iterations = 0
    while iterations < ITERATIONS:
        model = Curvature.of(steps, changes, len(x))
        corner, free, moved = _cauchy_point(x, gradient, low, high, model)
        if not free.any() and not (corner != x).any():
            return Minimum(x, value, iterations, True)
        target = _subspace_point(x, gradient, low, high, model, corner, free, moved)
        most = 1.0 if iterations == 0 else float(_room(x, target - x, low, high).min())
        taken = _step(function, x, value, gradient, target, most)
        if taken is None:
            # Where no step lowers the function by what counts, this is the minimum.
            small = abs(float(gradient @ (target - x))) <= TOLERANCE * max(abs(value), 1.0)
            if small or not steps:
                return Minimum(x, value, iterations, small)
            steps, changes = [], []
            continue
        iterations += 1
        decrease, step, change = value - taken.value, taken.at - x, taken.gradient - gradient
        curved = float(change @ step) > EPSILON * -float(gradient @ step)
        enough = TOLERANCE * max(abs(value), abs(taken.value), 1.0)
        x, value, gradient = taken.at, taken.value, taken.gradient
        if decrease <= enough:
            return Minimum(x, value, iterations, True)
        if curved:
            steps, changes = [*steps, step][-MEMORY:], [*changes, change][-MEMORY:]
    return Minimum(x, value, iterations, False)


def _step(
    function: Function, x: Floats, value: float, gradient: Floats, target: Floats, most: float
) -> Place | None:
    """Search from `x` towards `target`; None if that way does not lead down."""
    direction, visited = target - x, dict[float, Place]()

    def along(step: float) -> tuple[float, float]:
        place = Place.of(function, target if step == 1 else x + step * direction)
        visited[step] = place
        return place.value, float(place.gradient @ direction)

    start = Point(0.0, value, float(gradient @ direction))
    found = line_search(along, start, most) if start.slope < 0 else None
    return None if found is None else visited[found.step]


def _cauchy_point(
    x: Floats, gradient: Floats, low: Floats, high: Floats, model: Curvature
) -> tuple[Floats, Booleans, Floats]:
    """Return the model's first minimum down the gradient, bent at the bounds.

    With it, which parameters are free there, and the point's way in the model's coordinates.
    """
    way = -gradient
    fixed = ((x <= low) & (way <= 0)) | ((x >= high) & (way >= 0))
    way = np.where(fixed, 0.0, way)
    reach = _room(x, way, low, high)
    at, free = x.copy(), ~fixed
    p, moved = model.wide.T @ way, np.zeros(model.wide.shape[1])
    first = -float(way @ way)
    second = smallest = -model.scale * first
    second -= float(p @ model.middle @ p)
    smallest *= EPSILON
    best, travelled = -first / second if second else 0.0, 0.0
    for i in np.argsort(reach, kind="stable"):
        if not np.isfinite(reach[i]) or best < reach[i] - travelled:
            break
        piece = float(reach[i]) - travelled
        travelled, speed = float(reach[i]), float(way[i])
        moved = moved + piece * p
        at[i], free[i], way[i] = (high if speed > 0 else low)[i], False, 0.0
        if not way.any():
            return at, free, moved
        row = model.wide[i]
        turned = model.middle @ row
        first += piece * second + speed**2 - model.scale * speed * (at[i] - x[i])
        first += speed * float(moved @ turned)
        second += -model.scale * speed**2 + 2 * speed * float(p @ turned)
        second -= speed**2 * float(row @ turned)
        second = max(smallest, second)
        p = p - speed * row
        best = -first / second
    best = max(best, 0.0)
    at = np.where(free, x + (travelled + best) * way, at)
    return at, free, moved + best * p


def _subspace_point(
    x: Floats,
    gradient: Floats,
    low: Floats,
    high: Floats,
    model: Curvature,
    corner: Floats,
    free: Booleans,
    moved: Floats,
) -> Floats:
    """Return the model's minimum over the free parameters, cut where it leaves the bounds."""
    if not free.any() or not model.wide.shape[1]:
        return corner
    rest = gradient + model.scale * (corner - x) - model.wide @ (model.middle @ moved)
    step = np.zeros(len(x))
    step[free] = -np.linalg.solve(model.matrix[np.ix_(free, free)], rest[free])
    room = _room(corner, step, low, high)
    first = int(np.argmin(room))
    at = corner + min(1.0, float(room[first])) * step
    if room[first] < 1:
        at[first] = (high if step[first] > 0 else low)[first]
    return np.clip(at, low, high)


def _room(x: Floats, direction: Floats, low: Floats, high: Floats) -> Floats:
    """Return how many times `direction` fits before each parameter is at its bound."""
    left = np.where(direction > 0, high - x, low - x)
    times: Floats = np.divide(left, direction, out=np.full(len(x), np.inf), where=direction != 0)
    return np.maximum(times, 0.0)
