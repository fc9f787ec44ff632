"""A banner table as a page of its own: no request, no script, readable on a phone and on paper."""

from pipeline.documents.html import environment, tidy
from pipeline.i18n import word
from pipeline.reporting.banner_layout import Layout


def banner_page(layout: Layout) -> str:
    """Return the page; the same table gives the same text."""
    made = environment(
        "pipeline.reporting", {"t": lambda key: word(f"banner.{key}", layout.language)}
    )
    return tidy(made.get_template("banner_table.html.j2").render(layout=layout))
