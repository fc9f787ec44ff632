"""The problem list as a workbook, and the table of data quality."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from markupsafe import Markup

from pipeline.disclosure.manifest import Origin, Recorder
from pipeline.disclosure.public import PublicTables
from pipeline.documents.xlsx import Column, Sheet, coordinate, write_workbook
from pipeline.i18n import Text, word
from pipeline.problems.lists import ProblemRow, headers, problem_rows
from pipeline.reporting.cells import Cells, plain
from pipeline.reporting.views import Site

WIDTHS = (4, 12, 28, 9, 12, 9, 9, 12, 24, 9, 13, 8, 8)
"""Widths of the columns of 问题清单, in characters; together they fill A4 landscape."""
WRITTEN: dict[str, Origin] = {
    "sequence": "sequence", "number": "identifier", "problem_type": "locale",
    "main_cause": "register", "grade": "locale", "tier": "locale", "rectification": "locale",
}  # fmt: skip
"""Where the words of a column come from; all others are words of the definitions."""
MARKED = ("statement", "evidence")
QUALITY_COLUMNS = ("id", "survey", "wave", "group", "item", "value", "kind")


def write_problem_list(site: Site, recorder: Recorder, path: Path, page: str) -> None:
    """Write 问题清单 with a sheet of notes; every entry with a digit goes to the recorder.

    `page` is the workbook's path inside the site, by which the manifest knows it.
    """
    cells = Cells(site.disclosed, recorder, page, "zh")
    name = word("report.l_title")
    columns = tuple(
        Column(title, width, "center" if place == 0 else "left")
        for place, (title, width) in enumerate(zip(headers(ProblemRow), WIDTHS, strict=True))
    )
    rows = [list(_entries(site, cells, row)) for row in _rows(site)]
    subtitle = cells.word("report.l_subtitle", as_of=cells.day(site.as_of))
    heading = cells.say(site.programme.place) + cells.say(site.programme.title)
    title = Markup("{} {}").format(heading, name)
    for address, text in (("A1", title), ("A2", _marked(site, subtitle))):
        recorder.fragment(page, f"{name}!{address}", text)
    notes = list(_notes(site, cells))
    sheets = (
        Sheet(name, plain(title), plain(_marked(site, subtitle)), columns,
              _texts(recorder, page, name, rows)),
        Sheet(word("report.l_notes"), plain(title), word("report.l_notes_subtitle"),
              (Column(word("report.l_item"), 20), Column(word("report.l_note"), 100)),
              _texts(recorder, page, word("report.l_notes"), notes)),
    )  # fmt: skip
    recorder.fragment(page, f"{word('report.l_notes')}!A1", title)
    write_workbook(path, sheets, title=plain(title), dated=site.as_of)


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


def _rows(site: Site) -> tuple[ProblemRow, ...]:
    return problem_rows(site.problems, site.findings, site.programme)


def _entries(site: Site, cells: Cells, row: ProblemRow) -> Iterator[Markup]:
    problem = site.problems_by_number[row.number]
    for one in fields(row):
        text = str(getattr(row, one.name))
        if one.name in MARKED:
            yield _resolved(site, cells, Text(zh=text), problem.basis)
        else:
            yield cells.fixed(text, WRITTEN.get(one.name, "definition"))


def _resolved(site: Site, cells: Cells, text: Text, basis: Text) -> Markup:
    """Fill in the figures; where one is not disclosed any more, quote what was accepted."""
    if site.resolvable(text):
        return cells.sentence(text, around="locale")
    return cells.fixed(basis.zh, "register")


def _texts(
    recorder: Recorder, page: str, sheet: str, rows: Sequence[Sequence[Markup]]
) -> list[tuple[str, ...]]:
    """Return the entries as text, their marked-up form noted in the manifest."""
    for number, row in enumerate(rows):
        for place, entry in enumerate(row):
            if "<" in entry:
                recorder.fragment(page, f"{sheet}!{coordinate(number, place)}", entry)
    return [tuple(plain(entry) for entry in row) for row in rows]


def _marked(site: Site, text: Markup) -> Markup:
    return Markup("{}　{}").format(word("report.simulated"), text) if site.simulated else text


def _notes(site: Site, cells: Cells) -> Iterator[tuple[Markup, Markup]]:
    if site.simulated:
        yield cells.word("report.simulated"), cells.word("report.simulated_note")
    yield cells.word("report.as_of"), cells.day(site.as_of)
    for note in ("order", "evidence", "grade", "tier", "empty"):
        yield cells.word(f"report.l_about_{note}"), cells.word(f"report.l_means_{note}")
    yield cells.word("report.inputs"), cells.fixed(site.provenance.inputs, "identifier")
