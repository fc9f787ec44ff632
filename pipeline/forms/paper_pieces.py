"""The pieces of the Word questionnaire: words, choices with boxes, blanks, lines, the head."""

from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from pipeline.forms.paper import Paper
from pipeline.forms.paper_fields import INDENT, Blanks, Lines, Piece, Sheet, Tick, Ticks
from pipeline.forms.paper_styles import CELL, CHOICES, ROOM, SMALL, SOFT

BOX = "□"
SPECIFIED, HEAD_SIZE = 7, 10.5
"""Length of the line behind "please specify", in em; points of what only the staff fill in."""


def said(place: Any, words: str, style: str, *, into: Any = None) -> Any:
    """Add a paragraph with `words` to a document or cell, or fill the paragraph `into`."""
    paragraph = place.add_paragraph() if into is None else into
    paragraph.style = paragraph.part.document.styles[style]
    paragraph.add_run(words)
    return paragraph


def box(paragraph: Any, times: int, size: float) -> None:
    """Add boxes that are drawn by the Chinese font, however wide the Latin one's are."""
    run = paragraph.add_run(BOX * times)
    run.font.size = Pt(size)
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:hint"), "eastAsia")
    for name in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{name}"), "宋体")
    run._r.get_or_add_rPr().insert(0, fonts)


def line(paragraph: Any, length: float) -> None:
    """Add a line to write on, `length` in em: underlined blanks that do not break."""
    run = paragraph.add_run("\u00a0" * round(length * 4))
    run.font.underline = True


def code(paragraph: Any, tick: Tick, sheet: Sheet) -> None:
    """Add the code of a choice in small print."""
    run = paragraph.add_run(tick.small_code)
    run.font.size, run.font.color.rgb = Pt(round(sheet.size * 1.5) / 2), SOFT


def tick_box(paragraph: Any, tick: Tick, sheet: Sheet, *, place: bool = False) -> None:
    """Add the box of a choice with its code; of a ranking, a wider one to write a number into."""
    box(paragraph, 1, round(sheet.size * (3.2 if place else 2.5)) / 2)
    code(paragraph, tick, sheet)


def choice(paragraph: Any, tick: Tick, sheet: Sheet, *, place: bool = False) -> None:
    """Add a choice: box, code, words, and the line of "please specify"."""
    tick_box(paragraph, tick, sheet, place=place)
    words = paragraph.add_run(f"\u00a0{tick.text}{tick.specify}")
    if tick.apart and not sheet.large:
        words.font.color.rgb = SOFT
    if tick.specify:
        line(paragraph, SPECIFIED)


def add_ticks(place: Any, field: Ticks, sheet: Sheet, *, style: str = CHOICES) -> None:
    """Add choices in columns, one paragraph per line, parted by tab stops."""
    first = style == CELL
    for choices in field.lines:
        paragraph = place.paragraphs[-1] if first else place.add_paragraph()
        first = False
        paragraph.style = paragraph.part.document.styles[style]
        if style == CELL or field.columns == 1:
            _hanging(paragraph, sheet, style)
        column = 0
        for at, tick in enumerate(choices):
            if at:
                paragraph.add_run("\t")
            choice(paragraph, tick, sheet, place=field.mark == "place")
            column += field.span(tick)
            if at + 1 < len(choices):
                stop = (INDENT + field.room * column / field.columns) * sheet.size
                paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(round(stop, 1)))


def _hanging(paragraph: Any, sheet: Sheet, style: str) -> None:
    left = 1.9 if style == CELL else 3.6
    paragraph.paragraph_format.left_indent = Pt(round(left * sheet.size, 1))
    paragraph.paragraph_format.first_line_indent = Pt(round(-1.9 * sheet.size, 1))


def add_blanks(place: Any, field: Blanks, sheet: Sheet, *, style: str = CHOICES) -> Any:
    """Add a line of words and blanks, and the choices in place of an answer behind it."""
    fresh = style == CELL and not place.paragraphs[-1].text
    paragraph = place.paragraphs[-1] if fresh else place.add_paragraph()
    paragraph.style = paragraph.part.document.styles[style]
    for piece in field.pieces:
        _piece(paragraph, piece, sheet)
    for tick in field.instead:
        paragraph.add_run("\u3000")
        choice(paragraph, tick, sheet)
    return paragraph


def _piece(paragraph: Any, piece: Piece, sheet: Sheet) -> None:
    if piece.boxes:
        box(paragraph, piece.boxes, round(sheet.size * 3) / 2)
    elif piece.line:
        line(paragraph, piece.line)
    else:
        paragraph.add_run(f"\u00a0{piece.text}\u00a0")


def add_rules(place: Any, field: Lines, sheet: Sheet) -> None:
    """Add ruled lines: paragraphs of one underlined tab each, over the whole width."""
    for _ in range(field.count):
        paragraph = place.add_paragraph(style=ROOM)
        stop = paragraph.paragraph_format.tab_stops.add_tab_stop
        stop(Pt(round((sheet.width - 0.2) * sheet.size, 1)), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run("\t").font.underline = True


def boxed(file: Any, made: Paper) -> None:
    """Add the boxes at the head: number of the response, the site and the interviewer."""
    table = file.add_table(rows=1, cols=len(made.boxes))
    for cell, (label, digits) in zip(table.rows[0].cells, made.boxes, strict=True):
        paragraph = said(cell, f"{label} ", CELL, into=cell.paragraphs[0])
        paragraph.runs[0].font.size = Pt(HEAD_SIZE)
        box(paragraph, digits, HEAD_SIZE * 1.3)
    said(file, made.office, SMALL).runs[0].font.size = Pt(HEAD_SIZE * 0.85)


def keep(row: Any, *, head: bool = False) -> None:
    """Let a row not break across pages; `head`: it stands again at the top of the next page."""
    properties = row._tr.get_or_add_trPr()
    for name in ("cantSplit", *(("tblHeader",) if head else ())):
        properties.append(OxmlElement(f"w:{name}"))


def page_numbers(paragraph: Any, made: Paper) -> None:
    """Fill the footer: title and version on the left, page and number of pages on the right."""
    paragraph.style.paragraph_format.tab_stops.clear_all()
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Pt(round(made.sheet.width * made.sheet.size, 1)), WD_TAB_ALIGNMENT.RIGHT)
    before, between, after = made.page
    paragraph.add_run(f"{made.footer}\t{before}")
    _number(paragraph, "PAGE")
    paragraph.add_run(between)
    _number(paragraph, "NUMPAGES")
    paragraph.add_run(after)


def _number(paragraph: Any, name: str) -> None:
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )
