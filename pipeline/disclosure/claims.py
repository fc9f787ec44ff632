"""What a page must say of each finding and problem, told without the renderer.

A page could carry only published figures and still say the opposite of a finding. So the sentences
are derived a second time, from the findings and problems themselves, and compared with the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lxml import etree

from pipeline.disclosure.public import PublicTables
from pipeline.i18n import Language

Kind = Literal["finding", "proposal", "problem"]
LANGUAGES: Mapping[str, Language] = {"zh-CN": "zh", "en": "en"}
STATING = frozenset({"value", "low", "high", "margin", "bound", "difference", "gap",
                     "value_a", "value_b", "p", "q"})  # fmt: skip
"""Fields that make a statement of a lead: none of them may stand with a grade C or D."""
_CAUSAL = re.compile(
    r"导致|因为|由于|使得|造成|致使|leads? to|causes? |caused by|because|due to|results? in\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it must read, and the figures in it in their order."""

    text: str
    figures: tuple[tuple[str, str], ...]
    """(id, field) of each figure."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page in one language must say of one finding, proposal or accepted problem."""

    id: str
    kind: Kind
    grade: str
    badge: str
    """The grade as it is written beside the sentence."""
    estimate: str
    """Id of the main estimate, or ''."""
    readings: tuple[Sentence, ...]
    """The sentence; a problem may also be quoted as it was accepted."""
    notes: Sentence | None = None
    told: tuple[str, ...] = ()
    """Texts that must stand with a finding: its limitation, what speaks against it."""
    headline: bool = False

    @property
    def lead(self) -> bool:
        """Whether this is only a lead, of which no share may be stated."""
        return self.grade in ("C", "D")


Claims = Mapping[Language, Sequence[Claim]]


def claim_faults(
    root: etree._Element, claims: Claims, disclosed: PublicTables
) -> Iterator[tuple[str, str]]:
    """Yield (place, what is wrong) where a page says otherwise than its findings and problems."""
    language = LANGUAGES.get(root.get("lang", ""))
    if language is None or language not in claims:
        yield "html", f"不知道页面的语言：{root.get('lang')}。(language of the page is unknown)"
        return
    check = _Check(root, {claim.id: claim for claim in claims[language]}, disclosed)
    for statement in root.xpath("//*[@data-statement]"):
        yield from check.statement(statement)
    for claim in check.claims.values():
        if claim.kind == "finding":
            yield from check.finding(claim)
        else:
            yield from check.listed(claim)


@dataclass(frozen=True)
class _Check:
    root: etree._Element
    claims: Mapping[str, Claim]
    disclosed: PublicTables

    @cached_property
    def articles(self) -> Mapping[str, Sequence[etree._Element]]:
        """The articles of the page by their id."""
        found: dict[str, list[etree._Element]] = {}
        for article in self.root.xpath("//article[@id]"):
            found.setdefault(article.get("id"), []).append(article)
        return found

    @cached_property
    def first_screen(self) -> Sequence[etree._Element]:
        return list(self.root.xpath("//*[@id='headlines']"))

    @cached_property
    def rows(self) -> Mapping[str, Sequence[etree._Element]]:
        """The rows of the lists of problems and proposals by the ids named in their heads."""
        found: dict[str, list[etree._Element]] = {}
        for row in self.root.xpath("//table[contains(@class, 'plist')]//tr[th//b]"):
            named = {
                " ".join(_words(one).split())
                for one in row.xpath("./th//*[@data-fixed='identifier']")
            }
            for one in named:
                found.setdefault(one, []).append(row)
        return found

    def statement(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        place, text = line(element), _words(element)
        if _CAUSAL.search(text):
            yield place, "用了因果词，只许说“相关”。(causal words; only association is known)"
        owner = self.owner(element)
        if owner is None:
            yield place, f"这句话不属于任何一条发现：“{text}”。(belongs to no finding)"
        elif not _reads(element, (*owner.readings, *filter(None, [owner.notes]))):
            yield (
                place,
                (
                    f"{owner.id} 应作“{owner.readings[0].text}”，页面是“{text}”。"
                    "(the sentence is not the one of the finding)"
                ),
            )

    def owner(self, element: etree._Element) -> Claim | None:
        """Return the finding that a sentence links to, or in whose article it stands."""
        for target in element.xpath(".//a/@href | ancestor::article[1]/@id"):
            if (claim := self.claims.get(target.removeprefix("#"))) is not None:
                return claim
        return None

    def finding(self, claim: Claim) -> Iterator[tuple[str, str]]:
        found = self.articles.get(claim.id, ())
        if len(found) != 1:
            yield "main", f"发现 {claim.id} 应有一处全文。(the finding must stand once in full)"
        for article in found:
            yield from self.evidence(article, claim)
            said = article.xpath(".//*[@data-statement]")
            if not any(_reads(one, claim.readings) for one in said):
                yield line(article), f"{claim.id} 没有原句。(the sentence is missing)"
            if (
                claim.notes is not None
                and claim.notes.text
                and not any(_reads(one, [claim.notes]) for one in said)
            ):
                yield line(article), f"{claim.id} 没有分组说明。(the notes are missing)"
            text = _words(article)
            for told in claim.told:
                if _bare(told) not in _bare(text):
                    yield line(article), f"{claim.id} 缺少：“{told}”。(missing)"
            yield from self.main_figure(article.xpath("./dl[@class='facts']"), claim)
        if claim.headline:
            yield from self.headline(claim)

    def headline(self, claim: Claim) -> Iterator[tuple[str, str]]:
        items = [
            item
            for screen in self.first_screen
            for item in screen.xpath(
                ".//li[.//*[@data-statement]//a[@href=$target]]", target=f"#{claim.id}"
            )
        ]
        if not items:
            yield "main", f"首屏缺少 {claim.id}。(missing on the first screen)"
        for item in items:
            yield from self.evidence(item, claim)
            pictures = item.xpath(".//*[contains(@class, 'fig')]")
            yield from self.main_figure(pictures, claim)

    def main_figure(
        self, elements: Iterable[etree._Element], claim: Claim
    ) -> Iterator[tuple[str, str]]:
        """Check that a share stands with its n and interval, and is that of the finding."""
        for element in elements:
            shown = {cell for cell in _written(element) if cell[0].startswith("E-")}
            if any(cell != claim.estimate for cell, _ in shown):
                yield line(element), f"{claim.id} 旁是别的数。(a figure of something else)"
            if not any(field in ("value", "bound") for _, field in shown):
                if claim.estimate and not claim.lead and self.stated(claim.estimate):
                    yield line(element), f"{claim.id} 缺少主要的数。(its figure is missing)"
                continue
            fields = {field for cell, field in shown if cell == claim.estimate}
            if "n" not in fields:
                yield line(element), f"{claim.id} 有比例而没有 n。(a share without its n)"
            if self.has_interval(claim.estimate) and not (
                {"low", "high"} <= fields or "margin" in fields
            ):
                yield line(element), f"{claim.id} 有比例而没有区间。(a share without interval)"

    def stated(self, estimate: str) -> bool:
        return bool(self.disclosed.rows.get(estimate, {}).get("presentable", False))

    def has_interval(self, estimate: str) -> bool:
        row = self.disclosed.rows.get(estimate, {})
        try:
            self.disclosed.value(estimate, "low")
        except KeyError:
            return False
        return row.get("interval_method") != "bounds" and self.disclosed.probability_sample(row)

    def listed(self, claim: Claim) -> Iterator[tuple[str, str]]:
        """Check the row of a problem or proposal, wherever it is listed with a sentence."""
        rows = self.rows.get(claim.id, ())
        for row in rows:
            if not any(_reads(one, claim.readings) for one in row.xpath("./th//b")):
                yield (
                    line(row),
                    (f"{claim.id} 应作“{claim.readings[0].text}”。(not the sentence on record)"),
                )
            yield from self.badges(row, claim)
        if claim.kind == "problem" and not rows:
            yield "main", f"缺少问题 {claim.id}。(the problem is missing)"

    def evidence(self, element: etree._Element, claim: Claim) -> Iterator[tuple[str, str]]:
        """Check the grade of a finding, and that a lead states no share."""
        yield from self.badges(element, claim)
        if claim.lead:
            for cell, field in sorted(set(_cells(element))):
                if cell[:2] in ("E-", "C-") and field in STATING:
                    yield (
                        line(element),
                        (
                            f"{claim.id} 是 {claim.grade} 级，不得写出 {cell}:{field}。"
                            "(a lead may not state a share)"
                        ),
                    )

    def badges(self, element: etree._Element, claim: Claim) -> Iterator[tuple[str, str]]:
        badges = element.xpath(".//span[contains(concat(' ', @class, ' '), ' g ')]")
        if not badges:
            yield line(element), f"{claim.id} 没有标等级。(no grade)"
        for badge in badges:
            if _words(badge) != claim.badge or badge.get("class") != f"g g{claim.grade}":
                yield (
                    line(badge),
                    (f"{claim.id} 的等级应为“{claim.badge}”，页面是“{_words(badge)}”。(grade)"),
                )


def line(element: etree._Element) -> str:
    """Return where an element stands."""
    return f"第 {element.sourceline} 行 (line {element.sourceline})"


def _written(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (id, field) of every figure that an element spells out."""
    for one in element.xpath("descendant-or-self::*[@data-cell]"):
        yield one.get("data-cell"), one.get("data-field", "")


def _cells(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (id, field) of every figure in an element, those of the marks of charts included."""
    yield from _written(element)
    for named in element.xpath(".//@data-at | .//@data-span | .//@data-width"):
        for figure in named.split():
            cell, _, field = figure.partition(":")
            yield cell, field


def _reads(element: etree._Element, allowed: Iterable[Sentence]) -> bool:
    """Tell whether an element reads as one of the sentences, figure for figure."""
    text = _bare(_words(element))
    figures = tuple(
        (one.get("data-cell"), one.get("data-field")) for one in element.xpath(".//*[@data-cell]")
    )
    return any(text == _bare(one.text) and figures == one.figures for one in allowed)


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _bare(text: str) -> str:
    """Return a text without white space: how a template breaks its lines says nothing."""
    return "".join(text.split())
