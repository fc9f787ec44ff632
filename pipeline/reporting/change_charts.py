"""Pictures of what changed: two waves of one share on one axis, and their difference.

Current = solid dot on a band, earlier = hollow dot on a thin line, standard or target = tick.
"""

from markupsafe import Markup

from pipeline.problems.problem import TestVerdict
from pipeline.reporting.cells import Cells
from pipeline.reporting.chart_parts import (
    BEFORE,
    BLUE,
    BROWN,
    GREY,
    Axis,
    band,
    frame,
    point,
    shape,
    tick,
)

JOINING, ZONE = "#8a94a1", "#e9edf2"
COLOURS: dict[TestVerdict, str] = {
    "improved": BLUE, "improved_small": BLUE, "resolved": BLUE, "closed": BLUE,
    "worsened": BROWN, "not_improved": BROWN, "reopened": BROWN,
}  # fmt: skip
"""Colour of a difference by its verdict; undecided ones are grey and hollow."""


def dumbbell(
    cells: Cells, now: str, before: tuple[str, str], axis: Axis, *,
    interval: str = "", standard: float | None = None, height: int = 48,
) -> Markup:  # fmt: skip
    """Return the share now above the share before, joined by a dotted line.

    `before` is the (id, field) of the earlier share; `interval` the id of its estimate, where its
    interval may be drawn.
    """
    above, below = height / 4 + 1, height * 3 / 4 - 1
    parts = [
        shape(
            "line", x1=axis.x(cells.disclosed.value(*before)),
            x2=axis.x(cells.disclosed.value(now, "value")), y1=below, y2=above,
            stroke=JOINING, stroke_width=1.2, stroke_dasharray="2 3",
        )
    ]  # fmt: skip
    if standard is not None:
        parts.append(tick(axis.x(standard), height))
    if interval and cells.with_margin(interval):
        low, high = (cells.disclosed.value(interval, end) for end in ("low", "high"))
        parts.append(
            shape(
                "line", cells.mark("span", (interval, "low"), (interval, "high")),
                x1=axis.x(low), x2=axis.x(high), y1=below, y2=below, stroke=BEFORE,
                stroke_width=2,
            )
        )  # fmt: skip
    parts.append(point(cells, before, axis, below, GREY, hollow=True))
    parts += [
        *band(cells, now, axis, above, BLUE),
        point(cells, (now, "value"), axis, above, BLUE, r=4.5),
    ]
    return frame(axis, height, parts, "dots")


def shift(
    cells: Cells, verdict: str, axis: Axis, fall: float, said: TestVerdict, height: int = 48
) -> Markup:
    """Return a difference on its interval, with 0 as a line and the falls too small to count.

    `fall` is the smallest fall that counts (a share); `verdict` the id of the difference's row.
    """
    colour = COLOURS.get(said, GREY)
    zero = axis.x(0)
    parts = [
        shape("rect", x=axis.x(-fall), width=axis.width(fall), y=0, height=height, fill=ZONE),
        shape("line", x1=zero, x2=zero, y1=0, y2=height, stroke=GREY),
        *band(cells, verdict, axis, height / 2, colour),
        point(
            cells, (verdict, "difference"), axis, height / 2, colour, hollow=colour == GREY, r=4.5
        ),
    ]
    return frame(axis, height, parts, "shift")
