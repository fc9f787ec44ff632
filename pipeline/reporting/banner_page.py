"""A banner table as a page of its own: no request, no script, readable on a phone and on paper."""

from math import ceil

from pipeline.documents.html import environment, tidy
from pipeline.i18n import word
from pipeline.reporting.banner_layout import Layout
from pipeline.reporting.printed import width

NARROW, WIDEST = 62, 132
"""Pixels of a column: at least, and at most for the sake of its name."""
LETTER, BESIDE = 7, 14
"""Pixels of a letter in the head (a Chinese character is two letters wide), and beside it."""


def banner_page(layout: Layout) -> str:
    """Return the page; the same table gives the same text."""
    made = environment(
        "pipeline.reporting", {"t": lambda key: word(f"banner.{key}", layout.language)}
    )
    page = made.get_template("banner_table.html.j2")
    return tidy(page.render(layout=layout, widths=widths(layout)))


def widths(layout: Layout) -> list[int]:
    """Return the width of each column in pixels, so that names take two lines, banners too."""
    found: list[int] = []
    place = 0
    for banner, number in layout.banners:
        heads = layout.columns[place : place + number]
        place += number
        least = ceil(_two_lines(banner) / number)
        found += [min(WIDEST, max(NARROW, least, _two_lines(head.name))) for head in heads]
    return found


def _two_lines(name: str) -> int:
    """Return the pixels in which a name takes two lines and no word is broken."""
    longest = max((width(one) for one in name.split() if one.isascii()), default=0)
    return LETTER * max(longest, ceil(width(name) / 2) + 1) + BESIDE
