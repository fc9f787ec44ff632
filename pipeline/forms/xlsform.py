"""The questionnaire as an XLSForm, for field work with ODK or KoBo on tablets.

Source: the XLSForm reference (xlsform.org); pyxform accepts the workbook without a warning. Every
language of the questionnaire has its columns (``label::中文 (zh)``). What XLSForm has no word for
stands in the column ``diaoyan``, which form programs pass over. Not on the form: measures, quotas,
what `diaoyan check` was told to pass over, and warnings that let an answer stand (soft checks).

Different from the web form: ODK shuffles all choices where the order is random, also "none of
these"; it has all choices ranked, though only the first places count; and rows of a table keep
their order. The device and the phone number are not recorded.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.xlsx import FONT, still
from pipeline.forms.xlsform_cells import OWN, Cells, Row
from pipeline.forms.xlsform_names import header, names_of
from pipeline.forms.xlsform_rows import Rows
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import version_hash

MADE = datetime(2000, 1, 1)
LONGEST_CELL = 32_767
"""Characters that a cell may hold in the format itself."""
_SURVEY = (
    "type", "name", "label", "hint", "guidance_hint", "required", "relevant", "constraint",
    "constraint_message", "appearance", "parameters", "calculation", "repeat_count",
    "media::image", OWN,
)  # fmt: skip
_CHOICES = ("list_name", "name", "label", OWN)
_SETTINGS = ("form_title", "form_id", "version", "default_language", "style")
_TRANSLATED = frozenset({"label", "hint", "guidance_hint", "constraint_message", "media::image"})
_WIDE = {"label": 40, "hint": 25, "relevant": 30, "constraint": 25, "type": 22, "name": 18}


def workbook(questionnaire: Questionnaire) -> bytes:
    """Return the XLSForm; the same bytes for the same questionnaire."""
    cells = Cells(questionnaire, names_of(questionnaire))
    survey = list(Rows(questionnaire, cells).survey())
    first = questionnaire.languages[0]
    settings = {
        "form_title": questionnaire.title(first),
        "form_id": questionnaire.survey,
        "version": version_hash(questionnaire),
        "default_language": header(first),
        "style": "pages",
    }
    book = Workbook()
    book.remove(book.active)
    for name, columns, rows in (
        ("survey", _SURVEY, survey),
        ("choices", _CHOICES, cells.choices),
        ("settings", _SETTINGS, [settings]),
    ):
        _fill(book.create_sheet(name), list(_used(columns, rows, questionnaire.languages)), rows)
    book.properties.title = questionnaire.title.zh
    book.properties.creator = "diaoyan"
    book.properties.created = MADE
    content = io.BytesIO()
    book.save(content)
    return still(content.getvalue(), MADE)


def _used(columns: Sequence[str], rows: Sequence[Row], languages: Sequence[str]) -> Iterator[str]:
    """Yield the columns that any row fills; a text's in every language, or none."""
    filled = {column for row in rows for column in row}
    for column in columns:
        if column not in _TRANSLATED:
            if column in filled or column in ("type", "name", "list_name"):
                yield column
            continue
        translated = [f"{column}::{header(one)}" for one in languages]
        if filled.intersection(translated) or column == "label":
            yield from translated


def _fill(page: Worksheet, columns: Sequence[str], rows: Sequence[Row]) -> None:
    heads, head = {column: column for column in columns}, Font(name=FONT, bold=True)
    for number, row in enumerate([heads, *rows], start=1):
        for at, column in enumerate(columns, start=1):
            if not (text := row.get(column, "")):
                continue
            cell = page.cell(number, at)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]
            cell.data_type = "s"  # a text that begins with "=" is no formula
            if number == 1:
                cell.font = head
    page.freeze_panes = "C2"
    for at, column in enumerate(columns, start=1):
        letter = page.cell(1, at).column_letter
        page.column_dimensions[letter].width = _WIDE.get(column.partition("::")[0], 16)
