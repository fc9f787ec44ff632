"""Primitives for HTML pages: one way to make a template environment. Knows nothing of surveys."""

from collections.abc import Callable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def environment(
    package: str, names: Mapping[str, Callable[..., object]] | None = None
) -> Environment:
    """Return a template environment over the folder ``templates`` of `package`.

    Everything is escaped, a missing name is an error, and nothing in it is random. `names` are
    functions that templates call.
    """
    made = Environment(
        loader=PackageLoader(package, "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    del made.filters["random"]
    made.globals.update(names or {})
    return made


def tidy(page: str) -> str:
    """Return a page without blank lines and trailing spaces, ending in one newline."""
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def phrases(heading: str) -> Markup:
    """Return a heading that breaks between phrases only: after a colon, comma or semicolon."""
    parts: list[str] = [""]
    for letter in heading:
        parts[-1] += letter
        if letter in "：，；、":
            parts.append("")
    if len(parts) == 1:
        return Markup("{}").format(heading)
    return Markup("").join(Markup('<span class="nb">{}</span>').format(p) for p in parts if p)
