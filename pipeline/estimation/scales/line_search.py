"""A step along a direction that lowers a function enough and flattens it (strong Wolfe rules).

Source: Moré & Thuente (1994), ACM Transactions on Mathematical Software 20(3), 286-307, with the
constants of L-BFGS-B.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import copysign, sqrt

DECREASE, FLATTEN, NARROW = 1e-3, 0.9, 0.1
"""Share of the first slope that counts as decrease, that may be left, and the width to stop at."""
TRIALS = 20
LEAST_GROWTH, MOST_GROWTH, SHRINK = 1.1, 4.0, 0.66


@dataclass(frozen=True, slots=True)
class Point:
    """A step, with the function's value and slope there."""

    step: float
    value: float
    slope: float

    def tilted(self, slope: float) -> "Point":
        """Return the point of the function less `slope` times the step."""
        return Point(self.step, self.value - self.step * slope, self.slope - slope)


@dataclass(frozen=True, slots=True)
class Bracket:
    """The best point so far, the other end, and whether a minimum is known to lie between."""

    best: Point
    other: Point
    closed: bool


def line_search(
    along: Callable[[float], tuple[float, float]], start: Point, most: float
) -> Point | None:
    """Return a point with enough decrease and a flat slope, or None if the trials ran out.

    Parameters
    ----------
    along : value and slope at a step
    start : the point at step 0, with a slope below 0
    most : the longest step allowed
    """
    needed = DECREASE * start.slope
    bracket = Bracket(start, start, closed=False)
    step = min(1.0, most)
    low, high = 0.0, (1 + MOST_GROWTH) * step
    width, width_before = most, 2 * most
    early = True
    for _ in range(TRIALS):
        trial = Point(step, *along(step))
        enough = trial.value <= start.value + step * needed
        early = early and not (enough and trial.slope >= needed)
        if (
            (bracket.closed and _spent(step, low, high))
            or (step == most and enough and trial.slope <= needed)
            or (enough and abs(trial.slope) <= -FLATTEN * start.slope)
        ):
            return trial
        # Until a step lowers the function enough, its tilted form leads to such steps.
        tilt = needed if early and not enough and trial.value <= bracket.best.value else 0.0
        bracket, step = _next(bracket, trial, tilt, low, high)
        near, far = bracket.best.step, bracket.other.step
        if bracket.closed:
            if abs(far - near) >= SHRINK * width_before:
                step = near + 0.5 * (far - near)
            width_before, width = width, abs(far - near)
            low, high = min(near, far), max(near, far)
        else:
            low = step + LEAST_GROWTH * (step - near)
            high = step + MOST_GROWTH * (step - near)
        step = min(max(step, 0.0), most)
        if bracket.closed and _spent(step, low, high):
            step = near
    return None


def _spent(step: float, low: float, high: float) -> bool:
    return step <= low or step >= high or high - low <= NARROW * high


def _next(
    bracket: Bracket, trial: Point, tilt: float, low: float, high: float
) -> tuple[Bracket, float]:
    """Return the bracket that a trial leaves, and the next step."""
    best, other, now = (p.tilted(tilt) for p in (bracket.best, bracket.other, trial))
    higher = now.value > best.value
    turned = now.slope * copysign(1.0, best.slope) < 0
    closed = bracket.closed or higher or turned
    if higher:
        return Bracket(bracket.best, trial, closed), _shorter(best, now)
    if turned:
        return Bracket(trial, bracket.best, closed), _across(best, now)
    if abs(now.slope) < abs(best.slope):
        step = _onward(best, other, now, bracket.closed, low, high)
    elif bracket.closed:
        step = _cubic(now, other)[0]
    else:
        step = high if now.step > best.step else low
    return Bracket(trial, bracket.other, closed), step


def _shorter(best: Point, now: Point) -> float:
    """The function rose: the cubic's minimum, or half way from there to the quadratic's."""
    length = now.step - best.step
    cubic, _ = _cubic(best, now)
    curvature = (best.value - now.value) / length + best.slope
    quadratic = best.step + best.slope / curvature / 2 * length
    if abs(cubic - best.step) < abs(quadratic - best.step):
        return cubic
    return cubic + (quadratic - cubic) / 2


def _across(best: Point, now: Point) -> float:
    """The slope turned: of the cubic's and the secant's minimum the one farther from here."""
    cubic, _ = _cubic(now, best)
    secant = _secant(best, now)
    return cubic if abs(cubic - now.step) > abs(secant - now.step) else secant


def _onward(best: Point, other: Point, now: Point, closed: bool, low: float, high: float) -> float:
    """The slope became flatter: beyond here, by the cubic's or the secant's minimum."""
    cubic, ahead = _cubic(now, best)
    if not ahead:
        cubic = high if now.step > best.step else low
    secant = _secant(best, now)
    nearer = abs(cubic - now.step) < abs(secant - now.step)
    if not closed:
        return min(max(secant if nearer else cubic, low), high)
    step = cubic if nearer else secant
    limit = now.step + SHRINK * (other.step - now.step)
    return min(limit, step) if now.step > best.step else max(limit, step)


def _secant(best: Point, now: Point) -> float:
    return now.step + now.slope / (now.slope - best.slope) * (best.step - now.step)


def _cubic(a: Point, b: Point) -> tuple[float, bool]:
    """Return the minimum of the cubic through two points, and whether it lies away from `b`."""
    theta = 3 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope
    scale = max(abs(theta), abs(a.slope), abs(b.slope))
    square = (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale)
    gamma = copysign(scale * sqrt(max(square, 0.0)), b.step - a.step)
    share = (gamma - a.slope + theta) / (gamma - a.slope + gamma + b.slope)
    return a.step + share * (b.step - a.step), share < 0 and gamma != 0
