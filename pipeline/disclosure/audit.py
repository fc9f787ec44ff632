"""The audit of a site: nothing is published that the disclosed tables do not carry.

Page, manifest and disclosed tables must agree on every figure, and every other digit must be a
text that the renderer declared. The rules of presentation are checked once more on what is really
shown, with thresholds of their own, so that no definition file can lower them.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree
from openpyxl import load_workbook

from pipeline.disclosure.attributes import attribute_faults
from pipeline.disclosure.chart_marks import CHART_MARKS, drawn
from pipeline.disclosure.claims import LANGUAGES, Claims, claim_faults
from pipeline.disclosure.concluded import conclusion_faults, followed_faults, guarded
from pipeline.disclosure.manifest import Manifest, PublishedNumber, digest
from pipeline.disclosure.page_rules import (
    fixed_fault,
    markup_faults,
    required_faults,
    rule_fault,
    style_faults,
)
from pipeline.disclosure.public import PublicTables
from pipeline.documents.xlsx import as_text
from pipeline.errors import Fault

SPOKEN = ("aria-label", "alt", "title", "placeholder", "label", "value")
REDO = "请重跑 report，勿手改页面。(run report again; do not edit pages by hand)"

Shown = tuple[str, str, str, float, str]
"""A figure on a page: page, cell, field, value, and how it reads ('' in a chart)."""


@dataclass
class Audit:
    """The check of one site against its manifest, the disclosed tables and what was found."""

    site: Path
    disclosed: PublicTables
    manifest: Manifest
    claims: Claims
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """Page -> what is wrong with it, in the order of the page."""
    shown: set[Shown] = field(default_factory=set)
    listed: frozenset[Shown] = field(init=False)
    fixed: Mapping[str, frozenset[tuple[str, str]]] = field(init=False)
    """Page -> (origin, text) of its fixed texts."""

    def __post_init__(self) -> None:
        self.listed = frozenset(_entry(number) for number in self.manifest.numbers)
        gathered: dict[str, set[tuple[str, str]]] = {}
        for one in self.manifest.fixed:
            gathered.setdefault(one.page, set()).add((one.origin, one.text))
        self.fixed = {page: frozenset(texts) for page, texts in gathered.items()}

    def run(self) -> dict[str, list[Fault]]:
        """Return the faults of every file of the site; an empty mapping means: publish."""
        self.faults, self.shown = {}, set()
        files = sorted(p for p in self.site.rglob("*") if p.is_file())
        names = {path.relative_to(self.site).as_posix(): path for path in files}
        for page in sorted(set(self.manifest.pages) - set(names)):
            self._fault(page, page, "清单所列页面不存在。(page of the manifest is missing)")
        for page, path in names.items():
            if page == "manifest.json":
                continue
            if page not in self.manifest.pages:
                self._fault(page, page, "不在清单中的文件。(file is not in the manifest)")
                continue
            self._file(page, path)
        for number in self.manifest.numbers:
            if _entry(number) not in self.shown:
                self._fault(
                    number.page, f"{number.cell}:{number.field}",
                    f"清单有 {number.text or '图形'}，页面没有。(in manifest, not on page)",
                )  # fmt: skip
        return {page: self.faults[page] for page in sorted(self.faults)}

    def _fault(self, page: str, place: str, found: str, remedy: str = REDO) -> None:
        self.faults.setdefault(page, []).append(Fault(place, found, remedy))

    def _file(self, page: str, path: Path) -> None:
        written = {one.page: one.sha256 for one in self.manifest.files}
        if written.get(page) != digest(path):
            self._fault(page, page, "文件在生成后被改动。(changed after it was rendered)")
        match path.suffix:
            case ".html":
                self._page(page, path.read_bytes())
            case ".xlsx":
                self._workbook(page, path)
            case ".csv":
                self._csv(page, path)
            case _:
                self._fault(page, page, "不是可发布的文件类型。(not a kind of file to publish)")

    def _page(self, page: str, content: bytes) -> None:
        root = etree.fromstring(content, etree.HTMLParser(encoding="utf-8"))
        for place, found in (
            *markup_faults(root, content.decode("utf-8"), self.site / page),
            *attribute_faults(root),
            *required_faults(root, [r for r in self.manifest.required if r.page == page]),
            *claim_faults(root, self.claims, self.disclosed),
            *conclusion_faults(root, LANGUAGES.get(root.get("lang", ""), "zh"), self.disclosed),
            *followed_faults(root, self.disclosed),
        ):
            self._fault(page, place, found)
        self._walk(page, root, "")

    def _walk(self, page: str, element: etree._Element, where: str) -> None:
        """Check an element and what it holds; `where` names its place where lines do not count."""
        place = where or f"第 {element.sourceline} 行 (line {element.sourceline})"
        if not isinstance(element.tag, str):
            self._fault(page, place, "页面里有注释。(a comment on the page)")
            return
        if element.tag == "style":
            for found in style_faults(element.text or "", self._fixed_texts(page)):
                self._fault(page, place, found)
            return
        self._attributes(page, element, place)
        if element.get("data-cell") is not None:
            self._number(page, element, place)
        elif element.get("data-fixed") is not None:
            self._fixed(page, element, place)
        else:
            self._plain(page, element.text, place)
            for child in element:
                self._walk(page, child, where)
                self._plain(page, child.tail, place)

    def _plain(self, page: str, text: str | None, place: str) -> None:
        if text and (has_digit(text) or "百分之" in text):
            self._fault(
                page, place, f"数字没有来源：“{text.strip()}”。(a number without a source)",
                "请用 cells 输出，或声明为固定文字。(emit it through cells, or declare it fixed)",
            )  # fmt: skip

    def _fixed_texts(self, page: str) -> set[str]:
        return {text for _, text in self.fixed.get(page, ())}

    def _fixed(self, page: str, element: etree._Element, place: str) -> None:
        text, origin = _text(element), element.get("data-fixed")
        if len(element) or (origin, text) not in self.fixed.get(page, ()):
            self._fault(
                page, place, f"固定文字不在清单中：“{text}”（{origin}）。(not in the manifest)"
            )
        elif found := fixed_fault(origin, text):
            self._fault(page, place, found)

    def _attributes(self, page: str, element: etree._Element, place: str) -> None:
        for name, text in element.attrib.items():
            if name in CHART_MARKS:
                self._mark(page, element, name, text.split(), CHART_MARKS[name], place)
            elif name not in SPOKEN or (name == "value" and "data-cell" in element.attrib):
                continue
            elif has_digit(text) and text not in self._fixed_texts(page):
                self._fault(page, place, f"{name} 里的数字没有来源：“{text}”。(without a source)")

    def _figure(self, page: str, cell: str, name: str, place: str) -> float | None:
        """Return the disclosed figure, or note why it may not be shown."""
        try:
            value = self.disclosed.value(cell, name)
        except KeyError:
            self._fault(page, place, f"公布表中没有 {cell}:{name}。(not in the disclosed tables)")
            return None
        if found := rule_fault(self.disclosed, cell, name):
            self._fault(
                page, place, f"{cell}:{name}: {found}",
                "请从页面撤下这个数。(take the number off the page)",
            )  # fmt: skip
        return value

    def _number(self, page: str, element: etree._Element, place: str) -> None:
        cell, name = element.get("data-cell", ""), element.get("data-field", "")
        text = _text(element)
        value = self._figure(page, cell, name, place)
        if value is None:
            return
        try:
            expected = self.disclosed.text(cell, name)
        except KeyError:
            expected = "—"
        if text != expected:
            self._fault(
                page, place, f"{cell}:{name} 应作“{expected}”，页面是“{text}”。(text differs)"
            )
        if element.get("value") != repr(value):
            self._fault(
                page, place,
                f"{cell}:{name} 公布值 {value!r}，页面 value 是 {element.get('value')}。(differs)",
            )  # fmt: skip
        self._listed(page, cell, name, value, text, place)

    def _listed(
        self, page: str, cell: str, name: str, value: float, text: str, place: str
    ) -> None:
        number = (page, cell, name, value, text)
        if number not in self.listed:
            self._fault(page, place, f"{cell}:{name} “{text}” 不在清单中。(not in the manifest)")
        self.shown.add(number)

    def _mark(
        self, page: str, element: etree._Element, kind: str, named: list[str], tolerance: float,
        place: str,
    ) -> None:  # fmt: skip
        """Check that a mark of a chart stands where its figures put it."""
        axis = element.xpath("string(ancestor-or-self::*[@data-axis][1]/@data-axis)") or "0 1"
        low, high = (float(end) for end in axis.split())
        ends = []
        for figure in named:
            cell, _, name = figure.partition(":")
            value = self._figure(page, cell, name, place)
            if value is None:
                return
            self._listed(page, cell, name, value, "", place)
            ends.append((value - low) / (high - low) * 100 if kind != "data-width" else
                        abs(value / (high - low)) * 100)  # fmt: skip
        found = drawn(element, kind)
        if found is None or len(found) != len(ends) or any(
            abs(a - b) > tolerance for a, b in zip(found, ends, strict=True)
        ):  # fmt: skip
            self._fault(
                page, place, f"图形位置与数不符：{' '.join(named)}。(mark is not where it belongs)"
            )

    def _workbook(self, page: str, path: Path) -> None:
        book = load_workbook(path)
        fragments = {one.place: one.html for one in self.manifest.fragments if one.page == page}
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                self._fault(page, sheet.title, "有隐藏的工作表。(a hidden sheet)")
            for cell in (c for row in sheet.iter_rows() for c in row if c.value is not None):
                place = f"{sheet.title}!{cell.coordinate}"
                html = fragments.pop(place, None)
                said = as_text(cell.value) if cell.data_type in "snd" else None
                if said is None or cell.comment or cell.hyperlink:
                    self._fault(page, place, f"只许有文字：{cell.value!r}。(text only)")
                elif html is not None:
                    root = lxml.html.fragment_fromstring(html, create_parent="div")
                    self._walk(page, root, place)
                    if root.text_content() != said:
                        self._fault(page, place, f"与清单不符：“{said}”。(differs)")
                    for _, found in conclusion_faults(root, "zh", self.disclosed):
                        self._fault(page, place, found)
                else:
                    if guarded(said, "zh"):
                        self._fault(page, place, f"“{said}”没有注明检验。(names no test)")
                    self._plain(page, said, place)
        for place in fragments:
            self._fault(page, place, "清单有此格，表中没有。(entry of the manifest is missing)")

    def _csv(self, page: str, path: Path) -> None:
        """Check a table of figures: every row is a disclosed figure, none is left out."""
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows: list[dict[str, Any]] = list(csv.DictReader(lines))
        for number, row in enumerate(rows, start=2):
            cell = row.get("id") or ""
            place = f"第 {number} 行 (line {number})"
            value = self._figure(page, cell, "value", place)
            if value is not None:
                self._listed(page, cell, "value", value, "", place)
            disclosed = self.disclosed.rows.get(cell, {})
            if value is not None and any(
                str(entry) != (repr(value) if name == "value" else str(disclosed.get(name)))
                for name, entry in row.items()
            ):
                self._fault(
                    page, place, f"{cell} 与公布表不符。(differs from the disclosed table)"
                )


def audit_site(
    site: Path, disclosed: PublicTables, manifest: Manifest, claims: Claims
) -> dict[str, list[Fault]]:
    """Compare a rendered site with its manifest, the disclosed tables and what was found.

    Parameters
    ----------
    claims : language -> what a page in it must say of each finding and problem

    Returns
    -------
    page -> faults, empty when the site may be published. Each fault says the line or the entry,
    the text found there, and the remedy.
    """
    return Audit(site, disclosed, manifest, claims).run()


def _entry(number: PublishedNumber) -> Shown:
    return (number.page, number.cell, number.field, number.value, number.text)


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


@lru_cache(maxsize=1 << 16)
def has_digit(text: str) -> bool:
    """Tell whether a text holds a digit of any script (Chinese numerals are words)."""
    return any(
        unicodedata.category(letter) in {"Nd", "No", "Nl"} and letter != "〇" for letter in text
    )
