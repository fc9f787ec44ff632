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

INK, BLUE, BROWN, GREY = "#1b222c", "#1b5e97", "#96480a", "#596372"
BANDS = {BLUE: "#b9d3ea", BROWN: "#f3cfa3", GREY: "#d6dbe1"}
SCALE = ("#1b5e97", "#a9cbe6", "#efb67c", "#96480a")
NEUTRAL, HAIR = "#d5dae0", "#c3cad2"
GAP = 0.05
"""Share of the axis left free before the neutral answers of a diverging bar."""


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


WHOLE = Axis(0.0, 1.0, 4)


def axis_for(shares: Sequence[float]) -> Axis:
    """Return the axis from 0 that holds all shares; 20, 40, 60, 80 or 100 %, in even steps."""
    top = max(shares, default=1.0)
    for high, steps in ((0.2, 4), (0.4, 4), (0.6, 3), (0.8, 4)):
        if top <= high:
            return Axis(0.0, high, steps)
    return Axis(0.0, 1.0, 4)


def ticks(cells: Cells, axis: Axis) -> Markup:
    """Return the head of a plot column: the labels of its axis."""
    parts = []
    for step in range(axis.steps + 1):
        value = axis.low + (axis.high - axis.low) * step / axis.steps
        label = f"{round(value * 100)}{'%' if step in (0, axis.steps) else ''}"
        anchor = "start" if step == 0 else "end" if step == axis.steps else "middle"
        cells.fixed(label, "axis")
        parts.append(
            Markup('<text x="{}" y="15" text-anchor="{}"{} data-fixed="axis">{}</text>').format(
                axis.x(value), anchor, Markup(' class="odd"') if step % 2 else "", label
            )
        )
    return _svg(axis, 22, parts, "ticks")


def dot(
    cells: Cells, cell: str, axis: Axis, *, standard: float | None = None, emphasis: bool = False,
    compared: bool = False, height: int = 30,
) -> Markup:  # fmt: skip
    """Return a dot on its interval band, and the standard as a black tick.

    A figure without a margin of error is a dot alone; one that is compared with is hollow.
    """
    middle, colour = height / 2, GREY if compared else BLUE
    field = "share" if cell.startswith("T-") else "value"
    parts = [] if height > 26 else [_rail(middle)]
    if cells.with_margin(cell):
        low, high = (cells.disclosed.value(cell, end) for end in ("low", "high"))
        tie = cells.mark("span", (cell, "low"), (cell, "high"))
        parts += [
            Markup('<rect {} x="{}" width="{}" y="{}" height="10" fill="{}"/>').format(
                tie, axis.x(low), axis.width(high - low), middle - 5, BANDS[colour]
            ),
            Markup(
                '<line {} x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1.6"/>'
            ).format(tie, axis.x(low), axis.x(high), middle, middle, colour),
        ]
    parts.append(
        Markup(
            '<circle {} cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="2"/>'
        ).format(
            cells.mark("at", (cell, field)),
            axis.x(cells.disclosed.value(cell, field)),
            middle,
            5 if emphasis else 4,
            "#fff" if compared else colour,
            colour,
        )
    )
    if standard is not None:
        parts.append(_tick(axis.x(standard), height))
    return _svg(axis, height, parts, "dots")


def bar(cells: Cells, cell: str, axis: Axis, height: int = 28) -> Markup:
    """Return a bar from zero with its interval as a whisker."""
    field = "share" if cell.startswith("T-") else "value"
    middle, value = height / 2, cells.disclosed.value(cell, field)
    parts = [
        Markup('<rect {} x="0" width="{}" y="{}" height="14" fill="{}"/>').format(
            cells.mark("width", (cell, field)), axis.width(value), middle - 7, SCALE[1]
        )
    ]
    if cells.with_margin(cell):
        parts.append(_whisker(cells, cell, axis, middle))
    return _svg(axis, height, parts, "bars")


def tally(cells: Cells, cell: str, most: float, lost: bool = False) -> Markup:
    """Return a bar of a count against the largest count of its flow; what was lost is hatched."""
    axis = Axis(0.0, most, 1)
    return _svg(
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
    parts.append(_tick(room.x(0), height, 1.5))
    if row.net and cells.with_margin(row.net):
        # Seen from the middle line leftwards: the axis of the whisker runs the other way.
        mirrored = Axis(room.left, room.left - room.total, 1)
        parts.append(
            Markup('<g data-axis="{}">{}</g>').format(
                str(mirrored), _whisker(cells, row.net, mirrored, height - 6)
            )
        )
    return _svg(axis, height, parts, "halves")


def _segment(cells: Cells, cell: str, x: str, width: str, colour: str) -> list[Markup]:
    parts = [
        Markup('<rect {} x="{}" width="{}" y="3" height="22" fill="{}" stroke="#fff"/>').format(
            cells.mark("width", (cell, "value")), x, width, colour
        )
    ]
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
    line = Markup(
        '<line {} x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1.8"/>'
    ).format(
        cells.mark("span", (cell, "low"), (cell, "high")), axis.x(low), axis.x(high), y, y, INK
    )
    ends = [
        Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1.8"/>').format(
            axis.x(end), axis.x(end), y - 3, y + 3, INK
        )
        for end in (low, high)
    ]
    return Markup("").join([line, *ends])


def _rail(y: float) -> Markup:
    ends = Markup("").join(
        Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>').format(
            end, end, y - 5, y + 5, HAIR
        )
        for end in ("0", "100%")
    )
    return Markup('<line x1="0" x2="100%" y1="{}" y2="{}" stroke="{}"/>').format(y, y, HAIR) + ends


def _tick(x: str, height: float, width: float = 2.5) -> Markup:
    return Markup('<line x1="{}" x2="{}" y1="2" y2="{}" stroke="{}" stroke-width="{}"/>').format(
        x, x, height - 2, INK, width
    )


def _svg(axis: Axis, height: int, parts: Sequence[Markup], kind: str) -> Markup:
    return Markup(
        '<svg class="{}" width="100%" height="{}" aria-hidden="true" data-axis="{}">{}</svg>'
    ).format(kind, height, str(axis), Markup("").join(parts))
