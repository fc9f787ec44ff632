"""Pictures of one table row each, drawn as SVG at build time.

A chart is a table with one picture column: the figures stand beside the picture as text, so every
picture is hidden from screen readers. There is no viewBox: x runs in percent of the column, y in
pixels, so that type never scales. Marks say by ``data-at``, ``data-span``, ``data-width`` which
figures put them where they are; the audit measures them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.reporting.cells import Cells
from pipeline.reporting.chart_parts import (
    BLUE,
    GREY,
    INK,
    UNTIED,
    Axis,
    band,
    frame,
    point,
    rail,
    shape,
    tick,
)

SCALE = ("#1b5e97", "#a9cbe6", "#efb67c", "#96480a")
NEUTRAL = "#d5dae0"
GAP = 0.05
"""Share of the axis left free before the neutral answers of a diverging bar."""


def dot(
    cells: Cells, cell: str, axis: Axis, *, standard: float | None = None, emphasis: bool = False,
    compared: bool = False, before: tuple[str, str] | None = None, height: int = 30,
) -> Markup:  # fmt: skip
    """Return a dot on its interval band, and the standard as a black tick.

    A figure without a margin of error is a dot alone; one that is compared with is hollow, and so
    is `before`, the (id, field) of the same share in the wave before.
    """
    middle, colour = height / 2, GREY if compared else BLUE
    field = "share" if cell.startswith("T-") else "value"
    radius = 5 if emphasis else 4
    parts = [] if height > 26 else [rail(middle)]
    parts += [
        *band(cells, cell, axis, middle, colour),
        *([point(cells, before, axis, middle, GREY, hollow=True)] if before else []),
        point(cells, (cell, field), axis, middle, colour, hollow=compared, r=radius),
    ]
    if standard is not None:
        parts.append(tick(axis.x(standard), height))
    return frame(axis, height, parts, "dots")


def bar(cells: Cells, cell: str, axis: Axis, height: int = 28) -> Markup:
    """Return a bar from zero with its interval as a whisker."""
    field = "share" if cell.startswith("T-") else "value"
    middle, value = height / 2, cells.disclosed.value(cell, field)
    parts = [
        shape(
            "rect", cells.mark("width", (cell, field)), x=0, width=axis.width(value),
            y=middle - 7, height=14, fill=SCALE[1],
        )
    ]  # fmt: skip
    if cells.with_margin(cell):
        parts.append(_whisker(cells, cell, axis, middle))
    return frame(axis, height, parts, "bars")


def tally(cells: Cells, cell: str, most: float, lost: bool = False) -> Markup:
    """Return a bar of a count against the largest count of its flow; what was lost is hatched."""
    axis = Axis(0.0, most, 1)
    return frame(
        axis,
        14,
        [
            Markup('<rect {} x="0" width="{}" y="0" height="14" class="{}"/>').format(
                cells.mark("width", (cell, "value")),
                axis.width(cells.disclosed.value(cell, "value")),
                "lost" if lost else "kept",
            )
        ],
        "flow",
    )


@dataclass(frozen=True, slots=True)
class Halves:
    """The answers of a scale as a diverging bar: outermost first, towards the middle."""

    unfavourable: tuple[str, ...]
    favourable: tuple[str, ...]
    neutral: str
    net: str
    """The row of the unfavourable answers together."""


@dataclass(frozen=True, slots=True)
class Diverging:
    """The room on both sides of the middle line, the same for all rows of one chart."""

    left: float
    right: float
    neutral: float

    @property
    def total(self) -> float:
        return self.left + self.right + (self.neutral + GAP if self.neutral else 0)

    def x(self, place: float) -> str:
        """Return where `place` (0 is the middle line, left is negative) stands, in percent."""
        return f"{(self.left + place) / self.total * 100:.2f}%"


def room(cells: Cells, rows: Sequence[Halves]) -> Diverging:
    """Return the room that the widest row needs on each side."""

    def widest(halves: Sequence[tuple[str, ...]]) -> float:
        sums = [sum(cells.disclosed.value(cell, "value") for cell in half) for half in halves]
        return max(0.1, -(-max(sums, default=0.1) // 0.1) * 0.1)

    neutral = [(row.neutral,) for row in rows if row.neutral]
    whiskers = [
        cells.disclosed.value(row.net, "high")
        for row in rows
        if row.net and cells.with_margin(row.net)
    ]
    return Diverging(
        max([widest([row.unfavourable for row in rows]), *whiskers]),
        widest([row.favourable for row in rows]),
        widest(neutral) if neutral else 0.0,
    )


def diverging(cells: Cells, row: Halves, room: Diverging, height: int = 38) -> Markup:
    """Return the bars of one row: unfavourable leftwards, favourable rightwards, neutral apart."""
    parts: list[Markup] = []
    axis = Axis(0.0, room.total, 1)
    place = 0.0
    for cell, colour in zip(reversed(row.unfavourable), (SCALE[2], SCALE[3]), strict=False):
        width = cells.disclosed.value(cell, "value")
        place -= width
        parts += _segment(cells, cell, room.x(place), axis.width(width), colour)
    place = 0.0
    for cell, colour in zip(reversed(row.favourable), (SCALE[1], SCALE[0]), strict=False):
        width = cells.disclosed.value(cell, "value")
        parts += _segment(cells, cell, room.x(place), axis.width(width), colour)
        place += width
    if row.neutral:
        width = cells.disclosed.value(row.neutral, "value")
        parts += _segment(cells, row.neutral, room.x(room.right + GAP), axis.width(width), NEUTRAL)
    parts.append(tick(room.x(0), height, 1.5))
    if row.net and cells.with_margin(row.net):
        # Seen from the middle line leftwards: the axis of the whisker runs the other way.
        mirrored = Axis(room.left, room.left - room.total, 1)
        parts.append(
            Markup('<g data-axis="{}">{}</g>').format(
                str(mirrored), _whisker(cells, row.net, mirrored, height - 6)
            )
        )
    return frame(axis, height, parts, "halves")


def _segment(cells: Cells, cell: str, x: str, width: str, colour: str) -> list[Markup]:
    parts = [
        shape(
            "rect", cells.mark("width", (cell, "value")), x=x, width=width, y=3, height=22,
            fill=colour, stroke="#fff",
        )
    ]  # fmt: skip
    share = float(width.removesuffix("%"))
    if share >= 6.5:
        figure = cells.figure(cell, "value").replace(
            "<data ",
            Markup('<text x="{:.2f}%" y="19" text-anchor="middle" class="{}" ').format(
                float(x.removesuffix("%")) + share / 2,
                "light" if colour in (SCALE[0], SCALE[3]) else "dark",
            ),
        )
        parts.append(Markup(figure.replace("</data>", Markup("</text>"))))
    return parts


def _whisker(cells: Cells, cell: str, axis: Axis, y: float) -> Markup:
    low, high = (cells.disclosed.value(cell, end) for end in ("low", "high"))
    tie = cells.mark("span", (cell, "low"), (cell, "high"))
    lines = [(tie, low, high, y, y), *((UNTIED, end, end, y - 3, y + 3) for end in (low, high))]
    return Markup("").join(
        shape("line", of, x1=axis.x(a), x2=axis.x(b), y1=y1, y2=y2, stroke=INK, stroke_width=1.8)
        for of, a, b, y1, y2 in lines
    )
