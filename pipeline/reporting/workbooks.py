"""问题清单, 责任清单 and 督办清单 as one workbook, and the table of data quality."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from pipeline.disclosure.manifest import Origin, Recorder
from pipeline.disclosure.public import PublicTables
from pipeline.documents.xlsx import Column, Sheet, coordinate, write_workbook
from pipeline.i18n import Text, word
from pipeline.problems.lists import (
    LAMPS,
    DutyRow,
    ListRow,
    ProblemRow,
    SupervisionRow,
    duty_rows,
    headers,
    problem_rows,
    supervision_rows,
)
from pipeline.problems.problem import Lamp
from pipeline.reporting.cells import Cells, plain
from pipeline.reporting.views import Site

WIDTHS: Mapping[type[ListRow], tuple[float, ...]] = {
    ProblemRow: (5, 13, 26, 8, 11, 9, 8, 11, 20, 9, 12, 7, 6),
    DutyRow: (5, 13, 27, 26, 12, 9, 13, 11, 10, 11, 16),
    SupervisionRow: (5, 13, 19, 8, 10, 9, 11, 11, 7, 7, 16, 6, 8, 9, 8, 11),
}
"""Widths of the columns in characters; each list fills A4 landscape at 9 points or more."""
CENTRED = ("sequence", "progress", "lamp")
HOLDS: Mapping[str, Literal["number", "date"]] = {
    "sequence": "number", "progress": "number", "assigned": "date", "deadline": "date",
    "closed": "date",
}  # fmt: skip
WRITTEN: Mapping[str, Origin] = {
    "sequence": "sequence", "number": "identifier", "problem_type": "locale",
    "main_cause": "register", "grade": "locale", "tier": "locale", "rectification": "locale",
    **dict.fromkeys(
        ("measures", "goal", "lead_role", "owner", "co_units", "responsible_role", "deadline",
         "milestones", "assigned", "progress", "difficulty", "next_step", "supervisor_role",
         "closed"), "register",
    ),
    "measure_state": "locale", "lamp": "locale",
}  # fmt: skip
"""Where the words of a column come from; all others are words of the definitions."""
SENTENCES = ("statement", "duty_statement", "matter", "evidence")
LAMP_COLOURS: Mapping[Lamp, str] = {
    "green": "FF1A7A4C", "yellow": "FFA86A00", "red": "FF9F2323", "grey": "FF596372",
}  # fmt: skip
FROZEN = 2
"""Columns that stay in sight: the place in the list and the number of the problem."""
NOTES: tuple[Literal["order", "evidence", "grade", "tier", "lamp", "verdict", "empty"], ...] = (
    "order", "evidence", "grade", "tier", "lamp", "verdict", "empty",
)  # fmt: skip
QUALITY_COLUMNS = ("id", "survey", "wave", "group", "item", "value", "kind")


def write_lists(site: Site, recorder: Recorder, path: Path, page: str) -> None:
    """Write the three lists with a sheet of notes; every entry with a digit goes to the recorder.

    `page` is the workbook's path inside the site, by which the manifest knows it.
    """
    book = _Book(site, Cells(site.disclosed, recorder, page, "zh"), recorder, page)
    sheets = (
        book.list_of(word("report.l_title"), ProblemRow,
                     problem_rows(site.problems, site.findings, site.programme)),
        book.list_of(word("report.l_duties"), DutyRow, duty_rows(site.problems)),
        book.list_of(word("report.l_supervision"), SupervisionRow,
                     supervision_rows(site.problems, site.followups)),
        book.notes(),
    )  # fmt: skip
    title = plain(book.titled(word("report.l_file")))
    write_workbook(path, sheets, title=title, dated=site.as_of)


def write_quality(disclosed: PublicTables, recorder: Recorder, path: Path, page: str) -> None:
    """Write the quality figures as CSV (UTF-8 with a mark, so that Excel reads it), unrounded."""
    recorder.page(page)
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(QUALITY_COLUMNS)
    for row in disclosed.quality.to_dict("records"):
        lines.writerow([repr(float(row[n])) if n == "value" else row[n] for n in QUALITY_COLUMNS])
        recorder.number(page, row["id"], "value", float(row["value"]), "")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


@dataclass(frozen=True, slots=True)
class _Book:
    site: Site
    cells: Cells
    recorder: Recorder
    page: str

    def titled(self, name: str) -> Markup:
        """Return a title with the programme's place and name before it."""
        programme = self.site.programme
        heading = self.cells.say(programme.place) + self.cells.say(programme.title)
        return Markup("{} {}").format(heading, name)

    def list_of(self, name: str, kind: type[ListRow], rows: Sequence[ListRow]) -> Sheet:
        """Return one list as a sheet; the lamps stand in their colours."""
        subtitle = self.cells.word("report.l_subtitle", as_of=self.cells.day(self.site.as_of))
        if self.site.simulated:
            subtitle = Markup("{}　{}").format(word("report.simulated"), subtitle)
        columns = tuple(
            Column(
                title, width, "center" if one.name in CENTRED else "left",
                HOLDS.get(one.name, "text"),
            )
            for one, title, width in zip(fields(kind), headers(kind), WIDTHS[kind], strict=True)
        )  # fmt: skip
        lamps = {sign: LAMP_COLOURS[lamp] for lamp, sign in LAMPS.items()}
        at = next((n for n, one in enumerate(fields(kind)) if one.name == "lamp"), None)
        return Sheet(
            name, self._noted(name, "A1", self.titled(name)), self._noted(name, "A2", subtitle),
            columns, self._texts(name, [list(self._entries(row)) for row in rows]),
            frozen_columns=FROZEN, filtered=True,
            colours={} if at is None else {
                (n, at): lamps[row.lamp[0]]
                for n, row in enumerate(rows) if isinstance(row, SupervisionRow)
            },
        )  # fmt: skip

    def notes(self) -> Sheet:
        """Return the sheet that says how the lists are read."""
        name = word("report.l_notes")
        columns = (Column(word("report.l_item"), 20), Column(word("report.l_note"), 118))
        rows = self._texts(name, [list(note) for note in self._notes()])
        title = self._noted(name, "A1", self.titled(word("report.l_file")))
        return Sheet(name, title, word("report.l_notes_subtitle"), columns, rows)

    def _notes(self) -> Iterator[tuple[Markup, Markup]]:
        cells, site = self.cells, self.site
        if site.simulated:
            yield cells.word("report.simulated"), cells.word("report.simulated_note")
        yield cells.word("report.as_of"), cells.day(site.as_of)
        for note in NOTES:
            yield cells.word(f"report.l_about_{note}"), cells.word(f"report.l_means_{note}")
        yield cells.word("report.inputs"), cells.fixed(site.provenance.inputs, "identifier")

    def _entries(self, row: ListRow) -> Iterator[Markup]:
        problem = self.site.problems_by_number[row.number]
        for one in fields(row):
            entry = getattr(row, one.name)
            text = "" if entry is None else str(entry)
            if one.name in SENTENCES:
                yield self._resolved(Text(zh=text), problem.basis)
            elif one.name == "verdict":
                yield self._verdict(row.number, text)
            else:
                form: Origin = "register" if isinstance(entry, date) else "definition"
                yield self.cells.fixed(text, WRITTEN.get(one.name, form))

    def _resolved(self, text: Text, basis: Text) -> Markup:
        """Fill in the figures; where one is not disclosed any more, quote what was accepted."""
        if self.site.resolvable(text):
            return self.cells.sentence(text, around="locale")
        return self.cells.fixed(basis.zh, "register")

    def _verdict(self, number: str, text: str) -> Markup:
        """Return a verdict with its change; the word names the test it comes from."""
        said, line, rest = text.partition("\n")
        view = self.site.followup_views.get(number)
        if view is None:
            return self.cells.fixed(text, "locale")
        named = Markup('<span data-test="{}">{}</span>').format(
            view.verdict, self.cells.fixed(said, "locale")
        )
        return named + line + self.cells.sentence(Text(zh=rest), around="locale")

    def _texts(self, sheet: str, rows: Sequence[Sequence[Markup]]) -> list[tuple[str, ...]]:
        """Return the entries as text, their marked-up form noted in the manifest."""
        return [
            tuple(
                self._noted(sheet, coordinate(number, place), entry)
                for place, entry in enumerate(row)
            )
            for number, row in enumerate(rows)
        ]

    def _noted(self, sheet: str, place: str, entry: Markup) -> str:
        if "<" in entry:
            self.recorder.fragment(self.page, f"{sheet}!{place}", entry)
        return plain(entry)
