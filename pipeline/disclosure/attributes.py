"""Which attributes a published page may have, and what their values look like.

An attribute can carry what no reader sees, a row of the data as well as a style, so only known
ones are let through.
"""

import re
from collections.abc import Iterator

from lxml import etree

_NUMBER = r"[-−]?\d+(\.\d+)?([eE][-+]?\d+)?%?"
_WORD = r"[a-zA-Z]+(-[a-zA-Z]+)*"
_FIGURE = r"[A-Z]-[^\s:]+:[a-z_]+"
_NAME = r"[A-Za-z][\w.-]*"
_COLOUR = r"#[0-9a-f]{3,6}|none|currentColor"
_FORMS = {
    "data-cell": r"[A-Z]-\S+", "data-field": r"[a-z_]+", "data-fixed": r"[a-z]+",
    "data-statement": "", "data-axis": rf"{_NUMBER} {_NUMBER}",
    "data-test": r"[CV]-[^\s:]+( [CV]-[^\s:]+)*",
    "data-at": _FIGURE, "data-span": rf"{_FIGURE} {_FIGURE}", "data-width": _FIGURE,
    "id": _NAME, "aria-labelledby": rf"{_NAME}( {_NAME})*", "aria-describedby": _NAME,
    "class": r"([A-Za-z]+(-[a-z]+)*\d{0,2}( |$))*", "value": _NUMBER,
    "lang": _WORD, "hreflang": _WORD, "dir": _WORD, "role": _WORD, "scope": _WORD,
    "aria-hidden": "true|false", "text-anchor": _WORD, "stroke-linecap": _WORD,
    "stroke-linejoin": _WORD, "fill": _COLOUR, "stroke": _COLOUR, "font-weight": r"\d+|bold",
    "d": r"[MmLlHhVvCcSsQqAaZz\d ,.-]*", "points": r"[\d ,.-]*",
    "transform": r"[a-z]+\([\d ,.-]+\)", "viewbox": r"[\d .-]+",
    "stroke-dasharray": r"[\d ,.]+", "datetime": r"\d{4}-\d{2}-\d{2}", "open": "(open)?",
    "charset": "utf-8", "rel": "icon", "http-equiv": "Content-Security-Policy",
    "name": "viewport|description|color-scheme", "href": r"\S+",
    **dict.fromkeys(
        ("width", "height", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx",
         "dy", "stroke-width", "opacity", "font-size", "colspan", "rowspan", "tabindex", "start"),
        _NUMBER,
    ),
    **dict.fromkeys(("aria-label", "title", "content"), r"[^\n]*"),
}  # fmt: skip
"""Attribute -> its values, as a pattern. `style`, `on...` and every other one are not here."""
_CHECKED = {name: re.compile(form) for name, form in _FORMS.items()}
_LABELS = ("aria-labelledby", "aria-describedby")


def attribute_faults(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (place, what is wrong) for attributes that no page needs.

    An id must be the target of a link or label of the same page, or the place of a question.
    """
    named = {target[1:] for target in root.xpath("//@href") if target.startswith("#")}
    named |= {one for name in _LABELS for ids in root.xpath(f"//@{name}") for one in ids.split()}
    for element in root.iter(etree.Element):
        place = f"第 {element.sourceline} 行 (line {element.sourceline})"
        for name, value in element.attrib.items():
            form = _CHECKED.get(name.lower())
            if form is None:
                yield place, f"不许有属性 {name}。(this attribute is not allowed)"
            elif form.fullmatch(value) is None:
                yield place, f"属性 {name} 的值不合规：“{value}”。(not a value of this attribute)"
        given = element.get("id")
        if given is not None and given not in named and not _of_question(element):
            yield place, f"id “{given}”没有处可用。(no link or label uses this id)"


def _of_question(element: etree._Element) -> bool:
    """Tell whether this is a figure or row that sections name by themselves."""
    return element.tag in ("figure", "tr") and re.fullmatch(
        r"[a-z][a-z_\d]*-[a-z][a-z_\d]*|A\d-\d{4}-\d{3}", element.get("id", "")
    ) is not None  # fmt: skip
