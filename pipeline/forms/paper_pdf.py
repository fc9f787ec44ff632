"""The paper questionnaire as a PDF for printing, set by Typst without any network.

The texts go to the template as JSON and are never read as markup. The same bytes for the same
questionnaire on machines with the same fonts.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import SurveyError
from pipeline.forms.paper import Paper, paper
from pipeline.forms.paper_fields import Tick, Ticks
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme

TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"
LATIN_SERIF = ("Times New Roman", "Liberation Serif", "Libertinus Serif")
LATIN_SANS = ("Arial", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
SERIF = (
    "SimSun", "NSimSun", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "STSong",
    "FandolSong", "AR PL UMing CN",
)  # fmt: skip
SANS = (
    "SimHei", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
    "Heiti SC", "STHeiti", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip


def document(
    questionnaire: Questionnaire,
    programme: Programme,
    *,
    language: str = "zh",
    large: bool = False,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the questionnaire as PDF; `large` for readers who need large print.

    `images` has the content of the pictures by the paths that the definition gives them.

    Raises
    ------
    SurveyError
        A picture cannot be read, or the machine has no Chinese font.
    """
    import typst

    made = paper(questionnaire, programme, language=language, large=large, images=images)
    serif, sans = chosen_fonts(_families())
    if made.language != "zh":  # whose quotation marks Chinese fonts draw too wide
        serif, sans = (*_known(LATIN_SERIF), *serif), (*_known(LATIN_SANS), *sans)
    given = _described(made) | {"fonts": {"serif": serif, "sans": sans}}
    try:
        pdf = typst.Compiler(font_paths=_fonts()).compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"paper": json.dumps(given, ensure_ascii=False)},
            timestamp=0,
        )
    except typst.TypstError as error:
        if "image" not in error.message:
            raise
        raise SurveyError(
            f"{questionnaire.survey}: 问卷里有图片损坏，PDF 排不出来（{error.message}）。"
            "请用看图软件打开后另存为 PNG。(a picture is damaged; open it and save it as PNG)"
        ) from None
    assert isinstance(pdf, bytes)
    return pdf


def chosen_fonts(families: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fonts for text and for headings, first the one meant, then those in its stead.

    Raises
    ------
    SurveyError
        None of the Chinese fonts is among `families`, the fonts of the machine.
    """
    serif = tuple(name for name in SERIF if name.lower() in families)
    sans = tuple(name for name in SANS if name.lower() in families)
    if not serif and not sans:
        raise SurveyError(
            "paper.pdf: 这台电脑没有中文字体，排不出 PDF。请安装宋体和黑体（SimSun、SimHei），"
            "或思源字体（Noto Serif CJK SC、Noto Sans CJK SC；Linux 上是 fonts-noto-cjk 包）。"
            "(no Chinese font; install SimSun and SimHei, or Noto Serif/Sans CJK SC)"
        )
    return (*serif, *sans), (*sans, *serif)


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.lower() in _families())


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts()


@cache
def _families() -> frozenset[str]:
    return frozenset(name.lower() for name in _fonts().families())


def _described(made: Paper) -> dict[str, Any]:
    given = _json(made)
    assert isinstance(given, dict)
    return given


def _json(value: object) -> object:
    """Return a part of the layout as JSON values, choices with what is worked out of them."""
    match value:
        case bytes():
            return list(value)
        case tuple():
            return [_json(one) for one in value]
        case Ticks():
            lines = [[_tick(one, value.span(one)) for one in line] for line in value.lines]
            return {**_fields(value), "lines": lines}
        case Tick():
            return _tick(value, 1)
        case _ if is_dataclass(value):
            return _fields(value)
    return value


def _fields(value: Any) -> dict[str, object]:
    return {field.name: _json(getattr(value, field.name)) for field in fields(value)}


def _tick(tick: Tick, span: int) -> dict[str, object]:
    return {
        "code": tick.small_code,
        "text": tick.text,
        "specify": tick.specify,
        "apart": tick.apart,
        "span": span,
    }
