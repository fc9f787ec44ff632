"""Every number on a page goes through here: from a disclosed figure to marked-up text.

`Cells` is made for one page in one language. Templates call it; what it shows, it records. Text
that holds digits and is no figure is declared with `fixed`, or the audit refuses the page.
"""

from datetime import date
from string import Formatter

from lxml.html import fragment_fromstring
from markupsafe import Markup, escape

from pipeline.disclosure.audit import has_digit
from pipeline.disclosure.manifest import Origin, Recorder
from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import MARK
from pipeline.i18n import Language, Text, template
from pipeline.questionnaire.programme import Wave

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class Cells:
    """The figures and fixed texts of one page."""

    def __init__(
        self, disclosed: PublicTables, recorder: Recorder, page: str, language: Language
    ) -> None:
        self.disclosed, self.page, self.language = disclosed, page, language
        self._recorder = recorder
        recorder.page(page)

    def has(self, cell: str, field: str) -> bool:
        """Tell whether this figure is disclosed and not missing."""
        try:
            self.disclosed.value(cell, field)
        except KeyError:
            return False
        return True

    def presentable(self, cell: str) -> bool:
        """Tell whether this row may be stated as a figure with its n."""
        row = self.disclosed.rows.get(cell)
        return row is not None and bool(row["presentable"])

    def with_margin(self, cell: str) -> bool:
        """Tell whether this row may bear an interval: presentable, and of a probability sample."""
        row = self.disclosed.rows[cell]
        return (
            bool(row.get("presentable", True))
            and self.disclosed.probability_sample(row)
            and self.has(cell, "low")
            and self.has(cell, "high")
        )

    def figure(self, cell: str, field: str) -> Markup:
        """Return ``<data>`` with a disclosed figure.

        Raises
        ------
        KeyError
            If the disclosed tables have no such figure: a mark in a sentence points nowhere.
        """
        value, text = self.disclosed.value(cell, field), self.disclosed.text(cell, field)
        self._recorder.number(self.page, cell, field, value, text)
        return Markup(
            f'<data data-cell="{escape(cell)}" data-field="{escape(field)}" value="{value!r}">'
            f"{escape(text)}</data>"
        )

    def value(self, cell: str) -> Markup:
        """Return the main figure of an estimate or theme, or the bound that stands for it."""
        row = self.disclosed.rows[cell]
        if row.get("interval_method") == "bounds":
            return self.figure(cell, "bound")
        return self.figure(cell, "share" if cell.startswith("T-") else "value")

    def interval(self, cell: str) -> Markup:
        """Return ``52%—64%``, or nothing where no margin of error may stand."""
        if not self.with_margin(cell):
            return Markup("")
        dash = "–" if self.language == "en" else "—"
        if cell[0] in "CV":  # signed points
            dash = f" {self.word('report.to')} "
        low, high = self.figure(cell, "low"), self.figure(cell, "high")
        return Markup(f'<span class="num">{low}{dash}{high}</span>')

    def margin(self, cell: str) -> Markup:
        """Return ``± 6``, or nothing where the interval is lopsided or may not be shown."""
        if not self.with_margin(cell):
            return Markup("")
        try:
            return Markup('<span class="num">± {}</span>').format(self.figure(cell, "margin"))
        except KeyError:
            return Markup("")

    def n(self, cell: str, field: str = "n") -> Markup:
        """Return ``n = 335``."""
        return Markup(f'<span class="num">n = {self.figure(cell, field)}</span>')

    def mark(self, kind: str, *figures: tuple[str, str]) -> Markup:
        """Return the attribute that ties a mark of a chart to its figures, and record them."""
        for cell, field in figures:
            self._recorder.number(self.page, cell, field, self.disclosed.value(cell, field), "")
        named = " ".join(f"{cell}:{field}" for cell, field in figures)
        return Markup(f'data-{kind}="{escape(named)}"')

    def fixed(self, text: str, origin: Origin) -> Markup:
        """Return a text that is no figure; where it holds digits it is declared."""
        if not has_digit(text):
            return escape(text)
        self._recorder.fixed(self.page, text, origin)
        return Markup(f'<span data-fixed="{origin}">{escape(text)}</span>')

    def spoken(self, text: str, origin: Origin) -> str:
        """Return a text for an attribute, a title or a style sheet, declared if it has digits."""
        if has_digit(text):
            self._recorder.fixed(self.page, text, origin)
        return text

    def titled(self, text: str, origin: Origin) -> str:
        """Return the text of an element that always says where its words are from."""
        self._recorder.fixed(self.page, text, origin)
        return text

    def say(self, text: Text, origin: Origin = "definition") -> Markup:
        """Return a text of a definition in the page's language."""
        return self.fixed(text(self.language), origin)

    def field_days(self, wave: Wave) -> Markup:
        """Return the days of fieldwork; where files came without them, that they are not told."""
        if wave.field_start is None or wave.field_end is None:
            return Markup(escape(self.word("report.dates_not_told")))
        return self.day(wave.field_start) + "—" + self.day(wave.field_end)

    def day(self, given: date) -> Markup:
        """Return a date as people write it."""
        text = (
            f"{given.day} {MONTHS[given.month - 1]} {given.year}"
            if self.language == "en"
            else f"{given.year}年{given.month}月{given.day}日"
        )
        return Markup('<time class="num" datetime="{}">{}</time>').format(
            given.isoformat(), self.fixed(text, "date")
        )

    def word(self, key: str, **values: Markup) -> Markup:
        """Return an interface word; what is filled in must be marked up already."""
        parts = []
        for literal, name, _, _ in Formatter().parse(template(key, self.language)):
            parts.append(self.fixed(literal, "locale"))
            if name is not None:
                if not isinstance(values[name], Markup):
                    raise TypeError(f"{key}: {name} is not marked up: {values[name]!r}")
                parts.append(values[name])
        return Markup("").join(parts)

    def sentence(self, text: Text, around: Origin = "statement") -> Markup:
        """Return a sentence with its marks ``[[id:field]]`` turned into figures.

        `around` says where the words around the figures come from.
        """
        words, parts, end = text(self.language), [], 0
        for found in MARK.finditer(words):
            parts.append(self.fixed(words[end : found.start()], around))
            parts.append(self.figure(found["id"], found["field"]))
            end = found.end()
        return Markup("").join([*parts, self.fixed(words[end:], around)])


def plain(markup: Markup) -> str:
    """Return the text of marked-up text, for the entry of a workbook."""
    return str(fragment_fromstring(f"<div>{markup}</div>").text_content())
