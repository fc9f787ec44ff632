"""The styles of the paper questionnaire in Word: fonts, sizes and spaces, each under a name.

An office changes the look of all stems or all choices in one place. Chinese fonts are named as
Windows and WPS have them; the font table names what stands in for them elsewhere.
"""

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from pipeline.forms.paper_fields import Sheet

SONG, HEI, KAI, LATIN = "宋体", "黑体", "楷体", "Times New Roman"
ALTERNATIVES = {
    SONG: "SimSun;Songti SC;Noto Serif CJK SC;Source Han Serif SC",
    HEI: "SimHei;Heiti SC;Noto Sans CJK SC;Source Han Sans SC",
    KAI: "KaiTi;Kaiti SC;AR PL UKai CN;Noto Serif CJK SC",
}
INK, SOFT = RGBColor(0, 0, 0), RGBColor(0x59, 0x59, 0x59)


@dataclass(frozen=True, slots=True)
class Look:
    """A style: its font and size (in parts of the body text) and the spaces around it."""

    name: str
    font: str = SONG
    size: float = 1.0
    before: float = 0.0
    after: float = 0.0
    line: float = 1.2
    indent: float = 0.0
    """In em; a hanging first line where `hanging`."""
    hanging: float = 0.0
    soft: bool = False
    centred: bool = False


STEM, HINT, CHOICES, ROUTE = "题干", "提示", "选项", "跳转"
INTERVIEWER, CELL, SMALL, ROOM = "访问员提示", "表格文字", "小字", "填答线"
LOOKS = (
    Look("Normal", line=1.25),
    Look("Title", HEI, 1.9, before=0.2, after=0.2, centred=True, line=1.1),
    Look("Subtitle", SONG, 1.1, after=0.3, centred=True, soft=True),
    Look("Heading 1", HEI, 1.25, before=1.1, after=0.2, line=1.1),
    Look(STEM, HEI, before=0.75, after=0.1, indent=1.7, hanging=1.7),
    Look(HINT, KAI, 0.95, after=0.1, indent=1.7),
    Look(CHOICES, after=0.05, indent=1.7, line=1.3),
    Look(ROUTE, HEI, 0.9, before=0.15, after=0.1, indent=1.7),
    Look(INTERVIEWER, KAI, 0.95, before=0.1, after=0.1, indent=1.7),
    Look(CELL, line=1.1),
    Look(SMALL, size=0.85, soft=True),
    Look(ROOM, line=1.6, indent=1.7),
)


KEPT = frozenset(
    {
        "Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Header", "Footer",
        "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "List Paragraph",
    }
)  # fmt: skip
"""Word's own styles that the document keeps, of the 164 that the template brings."""
_AFTER_BORDERS = tuple(
    f"w:{name}" for name in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl")
)


def set_styles(document: Any, sheet: Sheet, *, chinese: bool) -> None:
    """Give the document the styles of `LOOKS`, in the sizes of the print."""
    styles = document.styles
    for style in list(styles):
        if style.name.removesuffix(" Char") not in KEPT:
            style.delete()
    for look in LOOKS:
        known = look.name in [style.name for style in styles]
        style = (
            styles[look.name] if known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        )
        if not known:
            style.base_style = styles["Normal"]
            style.quick_style = True
        _set(style, look, sheet)
        if (
            not chinese and look.font == HEI and look.name != ROUTE
        ):  # which is told from the text by its font alone
            style.font.bold = True
    for name in ("Header", "Footer"):
        styles[name].font.size = Pt(min(11.0, 9 * sheet.size / 10.5))
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # by which Word breaks lines


def _set(style: Any, look: Look, sheet: Sheet) -> None:
    size = _size(look, sheet)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    for spacing in style.element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)  # Word's own Title and Subtitle are spaced out
    style.font.color.rgb = SOFT if look.soft and not sheet.large else INK
    set_fonts(style.element.get_or_add_rPr(), look.font)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before * size), Pt(look.after * size)
    form.line_spacing = look.line * (1.15 if sheet.large else 1.0)
    form.left_indent = Pt(look.indent * sheet.size)
    form.first_line_indent = Pt(-look.hanging * sheet.size)
    if look.centred:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)  # Word's own Title is underlined
    if look.name == "Heading 1":
        style.element.get_or_add_pPr().insert_element_before(_rule(), *_AFTER_BORDERS)


def _size(look: Look, sheet: Sheet) -> float:
    """Return a size in half points; in large print nothing to be read is below the body's."""
    size = look.size * sheet.size
    if sheet.large:
        size = max(sheet.size, min(size, 1.6 * sheet.size))
    return round(size * 2) / 2


def set_fonts(properties: Any, chinese: str) -> None:
    """Set the Chinese font and the Latin one beside it on a style's or run's properties."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks are drawn by the Chinese font
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese), ("cs", LATIN)):
        fonts.set(qn(f"w:{name}"), font)


def _rule() -> Any:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, given in (("val", "single"), ("sz", "6"), ("space", "2"), ("color", "404040")):
        bottom.set(qn(f"w:{name}"), given)
    borders.append(bottom)
    return borders


def font_table() -> bytes:
    """Return the font table: what stands in for the Chinese fonts where they are missing."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{space}">{entries}</w:fonts>'.encode()
