"""Code texts with a code frame that people wrote: which themes, and by which rule.

A code frame is a YAML file: themes with the words and patterns that call them and those that
forbid them. Words count where they stand as words of the cut text, not inside another word;
patterns see the bare text. Every decision names the rule that made it, so that a person can check
and mend it. Answers without substance (无, 没有, 不知道) are recognised first, counted, and coded
with nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.errors import SurveyError
from pipeline.i18n import Text
from pipeline.questionnaire.parts import Name, Part
from pipeline.questionnaire.read import read_definition
from pipeline.text_analysis.segment import Segmenter

Stance = Literal["supports", "contradicts", ""]


def _compiles(pattern: str) -> str:
    try:
        matches_nothing = re.compile(pattern).search("") is None
    except re.error as fault:
        raise ValueError(f"{pattern!r} is no regular expression: {fault}") from None
    if not matches_nothing:
        raise ValueError(f"{pattern!r} matches the empty text and would fit every answer")
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
Term = Annotated[str, Field(min_length=1)]


class Theme(Part):
    """One code of the frame.

    `include` are words that call the theme where they stand as words, `patterns` regular
    expressions that do; a match of `exclude` takes it back. `supports` and `contradicts` tell
    whether a passage confirms or denies the problem; without `supports` every passage of the theme
    confirms. `definition` tells human coders what belongs here.
    """

    code: Name
    name: Text
    definition: Text = Text(zh="")
    problem: Annotated[str, Field(pattern=r"^(A[1-7]\.[1-9])?$")] = ""
    include: tuple[Term, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    supports: tuple[Pattern, ...] = ()
    contradicts: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _can_be_called(self) -> Self:
        if not (self.include or self.patterns):
            raise ValueError(f"theme {self.code} has neither include nor patterns")
        return self

    def rule(self, text: str, segmenter: Segmenter) -> str:
        """Return the rule by which the theme holds for a text, or ''."""
        if any(re.search(pattern, text) for pattern in self.exclude):
            return ""
        for term in self.include:
            if segmenter.has(text, term):
                return f"include:{term}"
        for pattern in self.patterns:
            if re.search(pattern, text):
                return f"pattern:{pattern}"
        return ""

    def stance(self, text: str) -> Stance:
        """Tell whether a passage of this theme confirms or denies the problem, or ''."""
        confirms = not self.supports or any(re.search(one, text) for one in self.supports)
        denies = any(re.search(one, text) for one in self.contradicts)
        if denies and not (self.supports and confirms):
            return "contradicts"
        return "supports" if confirms and not denies else ""


class Codeframe(Part):
    """The themes of one survey's open answers, or of the interviews; `themes: []` is in order."""

    themes: tuple[Theme, ...] = ()
    noncommittal: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _codes_are_told_apart(self) -> Self:
        codes = [theme.code for theme in self.themes]
        if repeated := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"theme codes are used twice: {', '.join(repeated)}")
        return self

    def segmenter(self, lexicon: Sequence[str] = ()) -> Segmenter:
        """Return a segmenter that knows the words of the frame, and those of a lexicon."""
        terms = dict.fromkeys(term for theme in self.themes for term in theme.include)
        return Segmenter(tuple(lexicon), tuple(terms))


@dataclass(frozen=True, slots=True)
class Coded:
    """The themes of one text, each with the rule that called it, in the frame's order."""

    rules: Mapping[str, str]
    usable: bool


def read_codeframe(path: Path) -> Codeframe:
    """Read and check a code frame; every fault with its line."""
    return read_definition(path, Codeframe, SurveyError)


def code(text: str, frame: Codeframe, segmenter: Segmenter) -> Coded:
    """Code one text: which themes it speaks of and why; not usable if it has no substance.

    `segmenter` should know the frame's words: `Codeframe.segmenter` makes one.
    """
    if is_noncommittal(text, frame.noncommittal):
        return Coded({}, usable=False)
    fired = {theme.code: theme.rule(text, segmenter) for theme in frame.themes}
    return Coded({name: rule for name, rule in fired.items() if rule}, usable=True)


_NOTHING = re.compile(
    r"(?:我|我们|本人|还|也|目前|现在|真的|基本上?|确实)*"
    r"(?:无+|没有?|没(?:有)?(?:什么|啥|任何|哪样)|没啥|没什么|沒有|暂无|暂时没有|都没有|一切都?好|都好|都?挺好的?|很好|好|可以|还行|还可以"
    r"|满意|很满意|非常满意|不知道|不晓得|不清楚|不了解|说不清楚?|说不上来?|(?:暂时)?没想好|没想过|谢谢(?:您|你|大家|领导|政府|你们|了)*|想不出来?"
    r"|不好说|不想说|不便说|随便|同上|略|保密|不填|不说|空|测试"
    r"|none|no|na|nil|null|nothing|ok|test|idk|dontknow)"
    r"(?:意见|建议|想法|问题|困难|要求|要说的|可说的|好说的|需要解决的?|其他|补充|特别的)*"
    r"(?:了|吧|啊|呢|的|哦)*"
)


def is_noncommittal(text: str, further: Sequence[str] = ()) -> bool:
    """Tell whether an answer has no substance: 无, 没有意见, 不知道, mere signs or digits."""
    bare = re.sub(r"[^\u4e00-\u9fffA-Za-z]", "", text).lower()
    clauses = re.findall(r"[\u4e00-\u9fffA-Za-z]+", text.lower())
    if not bare or _NOTHING.fullmatch(bare) or all(map(_NOTHING.fullmatch, clauses)):
        return True
    return any(re.fullmatch(pattern, text.strip()) for pattern in further)
