"""What every picture of a row is drawn with: colours, axes, bands, ticks and the frame.

There is no viewBox: x runs in percent of the column, y in pixels, so that type never scales.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.documents import numbers
from pipeline.reporting.cells import Cells

INK, BLUE, BROWN, GREY, BEFORE = "#1b222c", "#1b5e97", "#96480a", "#596372", "#7c8694"
BANDS = {BLUE: "#b9d3ea", BROWN: "#f3cfa3", GREY: "#d6dbe1"}
HAIR = "#c3cad2"
UNTIED = Markup("")


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of a plot, from `low` to `high`, with `steps` equal parts."""

    low: float
    high: float
    steps: int

    def x(self, value: float) -> str:
        """Return where a value stands, in percent of the plot's width."""
        return f"{(value - self.low) / (self.high - self.low) * 100:.2f}%"

    def width(self, value: float) -> str:
        """Return how wide a value is, in percent of the plot's width."""
        return f"{abs(value / (self.high - self.low)) * 100:.2f}%"

    def __str__(self) -> str:
        return f"{self.low!r} {self.high!r}"


NARROW, APART = 3, 0.25
"""Steps that a narrow column has room to label; with more, only every second one is."""
EXACT = 1e-9
"""What a share may miss of a tick that it stands on."""
WHOLE = Axis(0.0, 1.0, 4)


def axis_for(shares: Sequence[float]) -> Axis:
    """Return the axis from 0 that holds all shares; 20, 40, 60, 80 or 100 %, in even steps."""
    top = max(shares, default=1.0)
    for high, steps in ((0.2, 4), (0.4, 4), (0.6, 3), (0.8, 4)):
        if top <= high:
            return Axis(0.0, high, steps)
    return Axis(0.0, 1.0, 4)


def axis_of_changes(changes: Sequence[float]) -> Axis:
    """Return the axis for differences of shares: whole tens of points, with 0 and -10 on it."""
    low = min([-0.1, *changes])
    high = max([0.1, *changes])
    step = 0.1 if high - low <= 0.5 else 0.2
    below, above = math.ceil(-low / step - EXACT), math.ceil(high / step - EXACT)
    return Axis(-below * step, above * step, below + above)


def ticks(cells: Cells, axis: Axis) -> Markup:
    """Return the head of a plot column: the labels of its axis."""
    labels = [
        f"{round(axis.high * 100 * step / axis.steps)}{'%' if step in (0, axis.steps) else ''}"
        for step in range(axis.steps + 1)
    ]
    return _labelled(cells, axis, labels)


def ticks_of_changes(cells: Cells, axis: Axis) -> Markup:
    """Return the head of a column of differences: signed points."""
    step = (axis.high - axis.low) / axis.steps
    points: list[int | None] = [
        round((axis.low + step * place) * 100) for place in range(axis.steps + 1)
    ]
    if axis.steps > NARROW:  # the ends and zero, and an end only if it is well apart from zero
        zero = -axis.low / (axis.high - axis.low)
        places = [place / axis.steps for place in range(axis.steps + 1)]
        points = [
            point if point == 0 or (place in (0, 1) and abs(place - zero) > APART) else None
            for place, point in zip(places, points, strict=True)
        ]
    return _labelled(cells, axis, [_signed(point) for point in points])


def _signed(point: int | None) -> str:
    return "" if point is None else numbers.signed(point)


def _labelled(cells: Cells, axis: Axis, labels: Sequence[str]) -> Markup:
    parts = []
    for step, label in enumerate(labels):
        if not label:
            continue
        anchor = "start" if step == 0 else "end" if step == axis.steps else "middle"
        cells.fixed(label, "axis")
        parts.append(
            Markup('<text x="{}" y="15" text-anchor="{}"{} data-fixed="axis">{}</text>').format(
                axis.x(axis.low + (axis.high - axis.low) * step / axis.steps),
                anchor,
                Markup(' class="odd"') if step % 2 else "",
                label,
            )
        )
    return frame(axis, 22, parts, "ticks")


def band(cells: Cells, cell: str, axis: Axis, y: float, colour: str) -> list[Markup]:
    """Return the interval of a figure as a light band with a dark line; nothing without one."""
    if not cells.with_margin(cell):
        return []
    low, high = (cells.disclosed.value(cell, end) for end in ("low", "high"))
    tie = cells.mark("span", (cell, "low"), (cell, "high"))
    return [
        shape(
            "rect", tie, x=axis.x(low), width=axis.width(high - low), y=y - 5, height=10,
            fill=BANDS[colour],
        ),
        shape(
            "line", tie, x1=axis.x(low), x2=axis.x(high), y1=y, y2=y, stroke=colour,
            stroke_width=1.6,
        ),
    ]  # fmt: skip


def point(
    cells: Cells, figure: tuple[str, str], axis: Axis, y: float, colour: str, *,
    hollow: bool = False, r: float = 4,
) -> Markup:  # fmt: skip
    """Return the dot of a figure (id, field)."""
    return shape(
        "circle", cells.mark("at", figure), cx=axis.x(cells.disclosed.value(*figure)), cy=y, r=r,
        fill="#fff" if hollow else colour, stroke=colour, stroke_width=2,
    )  # fmt: skip


def rail(y: float) -> Markup:
    """Return the line of a lone plot with its two ends."""
    ends = (
        shape("line", x1=end, x2=end, y1=y - 5, y2=y + 5, stroke=HAIR) for end in ("0", "100%")
    )
    return Markup("").join([shape("line", x1=0, x2="100%", y1=y, y2=y, stroke=HAIR), *ends])


def tick(x: str, height: float, width: float = 2.5) -> Markup:
    """Return a black tick over the whole height: a standard, a target, a middle."""
    return shape("line", x1=x, x2=x, y1=2, y2=height - 2, stroke=INK, stroke_width=width)


def frame(axis: Axis, height: int, parts: Sequence[Markup], kind: str) -> Markup:
    """Return a picture; the figures beside it are text, so screen readers leave it out."""
    drawn = "".join(parts)
    return Markup(
        f'<svg class="{kind}" width="100%" height="{height}" aria-hidden="true" '
        f'data-axis="{axis}">{drawn}</svg>'
    )


def shape(tag: str, tie: Markup = UNTIED, **given: str | float) -> Markup:
    """Return an SVG element with numbers and colours as attributes, nothing that a person wrote.

    `tie` names the figures that put it there; ``stroke_width`` stands for ``stroke-width``.
    """
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in given.items())
    return Markup(f"<{tag}{' ' if tie else ''}{tie}{attributes}/>")
