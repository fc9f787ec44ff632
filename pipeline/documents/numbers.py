"""How numbers are written: the one home of every number format on pages and in workbooks.

Percentages are whole numbers, differences are percentage points with a sign (a true minus), counts
have a thousands comma. Rounding is half away from zero and done last, from the unrounded value.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "−"
SYMMETRIC_WITHIN = 0.01
"""An interval whose two arms differ by more than one point has no margin, only its two ends."""


def percent(share: float) -> str:
    """Return a share (0-1) as a whole percentage; what is not quite none or all is said so."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{_whole(share * 100)}%"


def margin(value: float, low: float, high: float) -> str | None:
    """Return half the width of an interval of a share, in points; None where it is lopsided."""
    if abs((high - value) - (value - low)) > SYMMETRIC_WITHIN:
        return None
    return str(max(1, _whole((high - low) / 2 * 100)))


def points(difference: float) -> str:
    """Return a difference of shares in percentage points with its sign."""
    return signed(_whole(difference * 100))


def points_apart(difference: float) -> str:
    """Return the size of a difference of shares in percentage points, without its sign."""
    return str(abs(_whole(difference * 100)))


def signed(number: int) -> str:
    """Return a whole number with a plus or a true minus; zero has none."""
    return "0" if number == 0 else f"{'+' if number > 0 else MINUS}{abs(number)}"


def count(number: float) -> str:
    """Return a count with thousands commas."""
    return f"{_whole(number):,}"


def probability(q: float) -> str:
    """Return what stands behind ``q``: ``= 0.03``, ``= 0.004`` or ``< 0.001``."""
    if q < 0.001:
        return "< 0.001"
    return f"= {_places(q, 3 if q < 0.01 else 2)}"


def factor(number: float) -> str:
    """Return a ratio such as a design effect with two decimals."""
    return _places(number, 2)


def level(number: float) -> str:
    """Return a mean with at most three figures that matter, thousands with commas."""
    size = abs(number)
    text = f"{Decimal(_places(size, 0 if size >= 100 else 1)):,}"
    return f"{MINUS}{text}" if number < 0 and text.strip("0.") else text


WIDE = Context(prec=330)
"""Wide enough for any double with nine decimals."""


def _whole(number: float) -> int:
    return int(_rounded(number, 0))


def _places(number: float, places: int) -> str:
    return str(_rounded(number, places))


def _rounded(number: float, places: int) -> Decimal:
    # Nine decimals first: 0.285 * 100 is 28.499999999999996 in binary, but meant 28.5.
    exact = Decimal(f"{number:.9f}")
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=WIDE)
