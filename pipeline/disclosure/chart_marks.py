"""Where the marks of a chart stand, read from the page."""

from collections.abc import Iterator

from lxml import etree

CHART_MARKS = {"data-at": 0.006, "data-span": 0.012, "data-width": 0.006}
"""Attribute that ties a mark to figures -> largest gap allowed, in percent of the plot's width."""


def drawn(element: etree._Element, kind: str) -> list[float] | None:
    """Return where a mark is drawn, in percent of the plot's width."""

    def read(*names: str) -> Iterator[float]:
        for name in names:
            yield float((element.get(name) or "nan").removesuffix("%"))

    match kind, element.tag:
        case "data-at", "circle":
            return list(read("cx"))
        case "data-at", "line":
            left, right = read("x1", "x2")
            return [left] if left == right else None
        case "data-span", "line":
            return list(read("x1", "x2"))
        case "data-span", "rect":
            left, width = read("x", "width")
            return [left, left + width]
        case "data-width", "rect":
            return list(read("width"))
    return None
