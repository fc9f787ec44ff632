"""The paper questionnaire as a Word document that an office can edit and print.

Real styles, headings and tables; a stem is never parted from its choices, a row never from itself,
and the head of a table stands again on the next page. The same bytes for the same questionnaire.
"""

import io
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph

from pipeline.documents.xlsx import still
from pipeline.errors import SurveyError
from pipeline.forms.paper import Paper, Part, Picture, Printed, paper
from pipeline.forms.paper_fields import (
    Blanks,
    Entries,
    Grid,
    Lines,
    Listed,
    Nothing,
    Points,
    Ticks,
)
from pipeline.forms.paper_pieces import (
    add_blanks,
    add_rules,
    add_ticks,
    boxed,
    keep,
    page_numbers,
    said,
)
from pipeline.forms.paper_styles import (
    HINT,
    INTERVIEWER,
    ROUTE,
    SMALL,
    STEM,
    font_table,
    set_styles,
)
from pipeline.forms.paper_tables import add_entries, add_grid, add_points, indent
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme

MOMENT = datetime(2000, 1, 1)
"""In the document's properties, where others put the clock's."""
PICTURE_WIDTH, PICTURE_HEIGHT = Mm(80), Mm(50)


def document(
    questionnaire: Questionnaire,
    programme: Programme,
    *,
    language: str = "zh",
    large: bool = False,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the questionnaire as .docx; `large` for readers who need large print.

    `images` has the content of the pictures by the paths that the definition gives them.

    Raises
    ------
    SurveyError
        A picture cannot be read.
    """
    made = paper(questionnaire, programme, language=language, large=large, images=images)
    file = Document()
    _set_up(file, made)
    _head(file, made)
    for part in made.parts:
        _part(file, part, made)
    file.paragraphs[-1].paragraph_format.keep_with_next = True  # or the thanks stand alone
    said(file, made.thanks, "Normal").paragraph_format.space_before = Pt(made.sheet.size * 1.5)
    buffer = io.BytesIO()
    file.save(buffer)
    return still(buffer.getvalue(), MOMENT)


def _set_up(file: Any, made: Paper) -> None:
    set_styles(file, made.sheet, chinese=made.language == "zh")
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(made.sheet.margin)
    page.top_margin = page.bottom_margin = Mm(made.sheet.margin)
    page.header_distance = page.footer_distance = Mm(9)
    page_numbers(page.footer.paragraphs[0], made)
    about = file.core_properties
    about.title, about.author, about.comments = made.title, made.conducted_by, made.footer
    about.created = about.modified = MOMENT
    about.language = "zh-CN" if made.language == "zh" else made.language
    for related in file.part.rels.values():
        if related.reltype.endswith("/fontTable"):
            related.target_part._blob = font_table()
    _without_thumbnail(file)


def _without_thumbnail(file: Any) -> None:
    """Drop the picture of an empty page that the template brings."""
    for key, related in list(file.part.package.rels.items()):
        if related.reltype.endswith("/thumbnail"):
            del file.part.package.rels[key]


def _head(file: Any, made: Paper) -> None:
    boxed(file, made)
    said(file, made.title, "Title")
    said(file, made.programme, "Subtitle")
    if made.notice:
        said(file, made.notice, SMALL).alignment = WD_ALIGN_PARAGRAPH.CENTER
    opening = said(file, made.introduction, "Normal")
    if made.language == "zh":
        opening.paragraph_format.first_line_indent = Pt(2 * made.sheet.size)
    said(file, made.conducted_by, "Normal").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title, told = made.consent
    table = file.add_table(rows=0, cols=1, style="Table Grid")
    indent(table, 108)
    frames = [(made.how[0], made.how[1])]
    if told:
        frames.insert(0, (title, tuple(f"{label}{made.colon}{words}" for label, words in told)))
    for heading, lines in frames:
        cell = table.add_row().cells[0]
        keep(table.rows[-1])
        first = said(cell, heading, STEM, into=cell.paragraphs[0])
        first.paragraph_format.left_indent = first.paragraph_format.first_line_indent = Pt(0)
        first.paragraph_format.space_before = Pt(2)
        for line in lines:
            said(cell, line, "Normal")


def _part(file: Any, part: Part, made: Paper) -> None:
    said(file, part.title, "Heading 1").paragraph_format.keep_with_next = True
    if part.before:
        said(file, part.before, ROUTE).paragraph_format.keep_with_next = True
    for printed in part.printed:
        _printed(file, printed, made)


def _printed(file: Any, printed: Printed, made: Paper) -> None:
    """Add one block; all its paragraphs but the last are kept with the next."""
    body = file.element.body
    start = len(body)
    note = isinstance(printed.field, Nothing)
    if printed.before:
        said(file, printed.before, ROUTE).paragraph_format.space_before = Pt(made.sheet.size * 0.9)
    stem = file.add_paragraph(style="Normal" if note else STEM)
    if printed.before:
        stem.paragraph_format.space_before = Pt(0)
    if printed.number:
        stem.add_run(f"{printed.number}. ")
    stem.add_run(printed.stem)
    if printed.marks:
        stem.add_run(printed.marks)
    if printed.hint:
        said(file, printed.hint, HINT)
    if printed.interviewer:
        _shaded(said(file, printed.interviewer, INTERVIEWER))
    if printed.picture is not None:
        _picture(file, printed.picture, made)
    _field(file, printed, made)
    for words in printed.after:
        said(file, f"→ {words}", ROUTE)
    paragraphs = [one for block in body[start - 1 : -1] for one in block.iter() if _is_text(one)]
    stay = paragraphs[:-1] if printed.together else paragraphs[: _opening(printed)]
    for element in stay:
        Paragraph(element, file.part).paragraph_format.keep_with_next = True


def _is_text(element: Any) -> bool:
    return str(element.tag).endswith("}p")


def _opening(printed: Printed) -> int:
    """Return how many paragraphs must stand together at the least: the stem and what follows."""
    more = (printed.before, printed.hint, printed.interviewer, printed.picture)
    return 2 + sum(1 for one in more if one)


def _field(file: Any, printed: Printed, made: Paper) -> None:
    field, sheet = printed.field, made.sheet
    match field:
        case Ticks():
            add_ticks(file, field, sheet)
        case Points():
            add_points(file, field, sheet)
        case Grid():
            add_grid(file, field, made)
        case Listed():
            for row, choices in field.rows:
                words = said(file, f"{row.number} {row.text} {row.route}".strip(), HINT)
                words.paragraph_format.keep_with_next = True
                add_ticks(file, choices, sheet)
        case Entries():
            add_entries(file, field, sheet)
        case Blanks():
            add_blanks(file, field, sheet)
        case Lines():
            add_rules(file, field, sheet)
        case Nothing():
            pass
        case _:
            assert_never(field)


def _shaded(paragraph: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E7E6E6"/>')
    )


def _picture(file: Any, picture: Picture, made: Paper) -> None:
    if not picture.content:
        said(file, picture.name, HINT)
        return
    try:
        shape = file.add_picture(io.BytesIO(picture.content))
        ratio = min(1.0, PICTURE_WIDTH / shape.width, PICTURE_HEIGHT / shape.height)
    except (
        InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError,
        ValueError, KeyError, ZeroDivisionError, struct.error,
    ):  # fmt: skip
        raise SurveyError(
            f"{picture.name}: 图片损坏，读不出来。请用看图软件打开后另存为 PNG。"
            "(the picture is damaged; open it and save it as PNG)"
        ) from None
    shape.width, shape.height = Emu(int(shape.width * ratio)), Emu(int(shape.height * ratio))
    file.paragraphs[-1].paragraph_format.left_indent = Pt(1.7 * made.sheet.size)
