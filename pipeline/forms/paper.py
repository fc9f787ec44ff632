"""What a paper questionnaire prints, whatever the file: the head, the questions, where to answer.

`paper` lays a questionnaire out for A4; `paper_docx` and `paper_pdf` draw the same layout. The
choices carry their codes, by which the data-entry workbook knows them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.errors import SurveyError
from pipeline.forms.guide import Guide, guide
from pipeline.forms.paper_answers import Words, field_of, marks_of
from pipeline.forms.paper_fields import (
    LARGE,
    NORMAL,
    Field,
    Grid,
    Sheet,
    field_height,
    height,
)
from pipeline.questionnaire.blocks import Block, Note
from pipeline.questionnaire.model import Questionnaire, Section
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import Calculated, Number
from pipeline.questionnaire.read import version_hash

SITE_DIGITS, NUMBER_DIGITS = 6, 6
TOGETHER = {True: 0.75, False: 0.6}
"""What is lower than this part of a page is kept on one page; tables (True) more than others."""
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside a question; without `content` only its name is printed."""

    name: str
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Printed:
    """One block of the questionnaire as it is printed.

    `marks` follow the wording (可多选); `before` says who is to answer, `after` where to go on.
    `together`: it is kept on one page.
    """

    name: str
    number: str
    stem: str
    marks: str
    hint: str
    interviewer: str
    before: str
    after: tuple[str, ...]
    picture: Picture | None
    field: Field
    together: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its title, who is to answer it, and what it asks."""

    title: str
    before: str
    printed: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A questionnaire laid out for print; all texts are in one language."""

    language: str
    sheet: Sheet
    title: str
    programme: str
    notice: str
    boxes: tuple[tuple[str, int], ...]
    office: str
    introduction: str
    conducted_by: str
    consent: tuple[str, tuple[tuple[str, str], ...]]
    how: tuple[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    thanks: str
    footer: str
    colon: str
    page: tuple[str, str, str]
    """What stands before, between and after the number of the page and that of all pages."""


def paper(
    questionnaire: Questionnaire,
    programme: Programme,
    *,
    language: str = "zh",
    large: bool = False,
    images: Mapping[str, bytes] | None = None,
) -> Paper:
    """Lay a questionnaire out; `images` has the content of its pictures by their paths.

    Raises
    ------
    SurveyError
        A picture is not of a kind that Word and PDF both show.
    """
    words = Words(questionnaire, language, LARGE if large else NORMAL)
    return Paper(
        language=language,
        sheet=words.sheet,
        title=words.text(questionnaire.title),
        programme=words.text(programme.title),
        notice=_notice(questionnaire, words),
        boxes=(
            (words.said("number_box"), NUMBER_DIGITS),
            (words.said("site_box"), SITE_DIGITS),
            (words.said("interviewer_box"), 3),
        ),
        office=words.said("office"),
        introduction=words.text(questionnaire.introduction),
        conducted_by=words.text(questionnaire.conducted_by),
        consent=_consent(questionnaire, words),
        how=(words.said("how"), tuple(_how(questionnaire, words))),
        parts=tuple(_parts(questionnaire, words, images or {})),
        thanks=words.said("thanks"),
        footer=f"{words.text(questionnaire.title)}  "
        + words.said("version", version=version_hash(questionnaire)),
        colon="：" if language == "zh" else ": ",
        page=_page(words),
    )


def _page(words: Words) -> tuple[str, str, str]:
    before, between, after = re.split(r"\[pages?\]", words.said("page"))
    return before, between, after


def _notice(questionnaire: Questionnaire, words: Words) -> str:
    minutes = words.said("about_minutes", table="forms", minutes=questionnaire.minutes)
    if not questionnaire.simulated:
        return minutes
    simulated = (
        words.said("simulated", table="forms"),
        words.said("simulated_note", table="forms"),
    )
    return ("\n" if words.sheet.large else "  ").join(("  ".join(simulated), minutes))


def _consent(
    questionnaire: Questionnaire, words: Words
) -> tuple[str, tuple[tuple[str, str], ...]]:
    told = questionnaire.consent
    title = words.said("consent_title", table="forms")
    if told is None:
        return title, ()
    return title, tuple(
        (words.said(name, table="forms"), words.text(getattr(told, name)))
        for name in ("who", "use", "not_recorded", "kept_until", "withdrawal")
    )


def _how(questionnaire: Questionnaire, words: Words) -> Iterator[str]:
    yield words.said("how_tick")
    if any(isinstance(one, Number) for one in questionnaire.questions):
        yield words.said("how_number")
    if any(one.show_if is not None for one in questionnaire.questions):
        yield words.said("how_skip")
    yield words.said("how_code")


def _parts(
    questionnaire: Questionnaire, words: Words, images: Mapping[str, bytes]
) -> Iterator[Part]:
    through = guide(questionnaire, words.interface)
    for section in questionnaire.sections:
        printed = tuple(
            _printed(block, words, through, images)
            for block in section.questions
            if not isinstance(block, Calculated)
        )
        if printed:
            yield _part(section, printed, words)


def _part(section: Section, printed: tuple[Printed, ...], words: Words) -> Part:
    """Return a section; what all its questions would say of who answers them stands once."""
    routes = {one.before for one in printed}
    if section.show_if is None or len(routes) > 1:
        return Part(words.text(section.title), "", printed)
    (route,) = routes
    alike = tuple(replace(one, before="") for one in printed)
    return Part(words.text(section.title), route, alike)


def _printed(
    block: Block,
    words: Words,
    guide: Guide,
    images: Mapping[str, bytes],
) -> Printed:
    number = guide.numbers
    field = field_of(block, words, number)
    made = Printed(
        name=block.name,
        number=number.get(block.name, ""),
        stem=words.text(block.text),
        marks=words.beside(marks_of(block, words)),
        hint=words.text(block.hint),
        interviewer=_to_interviewer(block, words),
        before=words.clean(guide.before(block.name)),
        after=_after(block, words, guide),
        picture=_picture(block.image, images),
        field=field,
        together=False,
    )
    return _kept(made, words.sheet)


def _to_interviewer(block: Block, words: Words) -> str:
    note = words.text(block.interviewer)
    return words.said("interviewer") + note if note else ""


def _after(block: Block, words: Words, guide: Guide) -> tuple[str, ...]:
    if isinstance(block, Note | Calculated):
        return ()
    return tuple(words.clean(said) for said in guide.after(block.name))


def _kept(made: Printed, sheet: Sheet) -> Printed:
    texts = (made.before, made.stem + made.marks, made.hint, made.interviewer, *made.after)
    lines = sum(height(text, sheet.width - 2) for text in texts) + field_height(made.field, sheet)
    if made.picture is not None:
        lines += sheet.lines / 5
    table = isinstance(made.field, Grid) and len(made.field.tables) == 1
    return replace(made, together=lines <= TOGETHER[table] * sheet.lines)


def _picture(path: str, images: Mapping[str, bytes]) -> Picture | None:
    if not path:
        return None
    content = images.get(path, b"")
    if content and not content.startswith(_PICTURES):
        raise SurveyError(
            f"{path}: 图片不是 PNG、JPEG 或 GIF。请另存为 PNG 再放回原处。"
            "(the picture is no PNG, JPEG or GIF; save it as PNG)"
        )
    return Picture(path, content)
