"""Put what an importer read together into a questionnaire that holds.

An importer hands over sections of blocks. What cannot stand (a condition on what is not asked
before, a choice question without choices) is left out here and told.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import QuestionnaireError
from pipeline.i18n import LANGUAGE_TAG, Text
from pipeline.importers.imported import Imported
from pipeline.importers.settling import exported, part_of, without, without_columns
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.questionnaire.blocks import Block, Note
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.model import Questionnaire, ScreenOut, Section
from pipeline.questionnaire.parts import Battery
from pipeline.questionnaire.questions import (
    Choice,
    MultipleChoice,
    OpenEnded,
    SingleChoice,
)
from pipeline.questionnaire.reading_length import estimated_minutes
from pipeline.questionnaire.type_check import Misreading, misreadings

TO_FILL = "待填写"
LONGEST_TEXT = 5_000
MOST_QUESTIONS = 5_000
"""A form of more is no questionnaire; to check one takes minutes."""
_BREAKS = re.compile(r"[ \t\u3000]+")


def cleaned(words: object) -> str:
    """Return a wording without control characters, halves of characters and idle blanks."""
    kept = (
        " " if letter in "\n\r\t\u2028\u2029" else letter
        for letter in str(words)[:LONGEST_TEXT]
        if unicodedata.category(letter) not in ("Cc", "Cs", "Cf", "Cn", "Co") or letter in "\n\r\t"
    )
    return _BREAKS.sub(" ", "".join(kept)).strip()


def worded(by_language: Mapping[str, str], fallback: str = "") -> Text:
    """Return a text from wordings by language codes of elsewhere (``zh-Hans``, ``English (en)``).

    Without any words the `fallback` stands.
    """
    said: dict[str, str] = {}
    for language, words in by_language.items():
        if clean := cleaned(words):
            said.setdefault(tag_of(language), clean)
    if not said:
        return Text(zh=fallback)
    return Text.model_validate({one: said[one] for one in sorted(said, key=_chinese_first)})


def _chinese_first(tag: str) -> tuple[bool, bool]:
    return tag != "zh", tag != "en"


def tag_of(language: str) -> str:
    """Return the tag of a language under which texts are kept; unknown ones count as Chinese."""
    named = language.strip()
    if not named or in_chinese(named):
        return "zh"
    if in_english(named):
        return "en"
    found = re.search(r"\(([A-Za-z-]+)\)\s*$", named)
    tag = (found[1] if found else named).replace("_", "-")
    head, _, rest = tag.partition("-")
    tag = f"{head.lower()}-{rest}" if rest else head.lower()
    if LANGUAGE_TAG.fullmatch(tag):
        return tag
    slug = re.sub(r"[^a-z]", "", named.lower())[:8]
    return f"und-{slug}" if len(slug) >= 2 else "und"


@dataclass(slots=True)
class Page:
    """A section in the making."""

    title: Text
    show_if: Condition | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Building:
    """What an importer has put together so far.

    With `notes_suffice` a form that asks nothing and only tells something will do.
    """

    path: Path
    survey: str
    title: Text = field(default_factory=lambda: Text(zh=TO_FILL))
    introduction: Text = field(default_factory=lambda: Text(zh=TO_FILL))
    pages: list[Page] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    screen_outs: list[ScreenOut] = field(default_factory=list)
    notes_suffice: bool = False
    batteries: list[Battery] = field(default_factory=list)

    def page(self, title: Text, show_if: Condition | None = None) -> None:
        """Begin a section."""
        self.pages.append(Page(title, show_if))

    def add(self, block: Block) -> None:
        """Put a block into the section that was begun last."""
        if not self.pages:
            self.page(Text(zh="问卷", en="Questionnaire"))
        self.pages[-1].blocks.append(block)

    def mended(self, name: str, sentence: str) -> None:
        """Tell what was mended or guessed of the block `name`; '' where of no one block."""
        self.repairs.append(f"{name}：{sentence}" if name else sentence)
        self._remark(name, sentence)

    def left(self, name: str, sentence: str) -> None:
        """Tell what could not be carried over of the block `name`; '' where of no one block."""
        self.lost.append(f"{name}：{sentence}" if name else sentence)
        self._remark(name, f"没有带过来：{sentence}")

    def _remark(self, name: str, sentence: str) -> None:
        if name:
            self.remarks.setdefault(name, []).append(sentence)

    def finished(self) -> Imported:
        """Return the questionnaire and what is told of it.

        Raises
        ------
        QuestionnaireError
            Nothing in the file could become a question.
        """
        self.pages = [page for page in self.pages if page.blocks]
        blocks = [block for page in self.pages for block in page.blocks]
        if not blocks or (not self.notes_suffice and all(isinstance(b, Note) for b in blocks)):
            told = "".join(f"\n  {one}" for one in self.lost[:10])
            raise QuestionnaireError(
                f"{self.path}: 里面没有能带过来的题目。请核对文件。(no question in it){told}"
            )
        count = sum(len(page.blocks) for page in self.pages)
        if count > MOST_QUESTIONS:
            raise QuestionnaireError(
                f"{self.path}: 有 {count} 道题，多于 {MOST_QUESTIONS}，不像问卷。请核对文件。"
                "(too many questions)"
            )
        self._settle_columns()
        self._settle_routes()
        try:
            questionnaire = Questionnaire.model_validate(self._content())
        except (ValidationError, RecursionError) as refused:
            said = (
                "; ".join(one["msg"] for one in refused.errors(include_url=False)[:5])
                if isinstance(refused, ValidationError)
                else "conditions too deep"
            )
            raise QuestionnaireError(
                f"{self.path}: 读出的内容合不成一份问卷（{said}）。请核对文件。"
                "(what it holds makes no questionnaire)"
            ) from None
        minutes = max(1, round(estimated_minutes(questionnaire)))
        questionnaire = questionnaire.model_copy(update={"minutes": minutes})
        remarks = {name: tuple(said) for name, said in self.remarks.items()}
        return Imported(questionnaire, tuple(self.repairs), tuple(self.lost), remarks)

    def _content(self) -> dict[str, Any]:
        sections = tuple(
            Section(title=page.title, show_if=page.show_if, questions=tuple(page.blocks))
            for page in self.pages
        )
        fill = Text(zh=TO_FILL)
        return {
            "survey": self.survey,
            "title": self.title,
            "population": fill,
            "respondents": Text(zh="受访者"),
            "minutes": 1,  # until it can be estimated
            "languages": self._languages(),
            "mode": fill,
            "commissioned_by": fill,
            "conducted_by": fill,
            "simulated": False,
            "limitation": fill,
            "introduction": self.introduction,
            "batteries": tuple(self.batteries),
            "screen_outs": tuple(self.screen_outs),
            "sections": sections,
        }

    def _languages(self) -> tuple[str, ...]:
        """Return the languages of the questions' texts."""
        found = {
            language
            for page in self.pages
            for block in page.blocks
            for language in block.text.languages
        }
        return tuple(sorted(found, key=lambda tag: (*_chinese_first(tag), tag))) or ("zh",)

    def _settle_columns(self) -> None:
        """Leave out the columns of exports where two questions would have the same."""
        seen: dict[str, int] = {}
        for page in self.pages:
            for block in page.blocks:
                for name in exported(block):
                    seen[name] = seen.get(name, 0) + 1
        if all(count == 1 for count in seen.values()):
            return
        for page in self.pages:
            page.blocks = [without_columns(block) for block in page.blocks]

    def _settle_routes(self) -> None:
        """Leave out every condition that reads what is not there, and tell it."""
        while found := list(misreadings(Questionnaire.model_construct(**self._content()))):
            places = {one.place: one for one in found}  # of one condition the last fault is told
            for one in reversed(places.values()):  # what is taken out moves what stands behind it
                self._drop(one)

    def _drop(self, misread: Misreading) -> None:
        if misread.place[0] == "screen_outs":
            ended = self.screen_outs.pop(_whole(misread.place[1]))
            self.left("", f"提前结束的条件 {ended.name}：{misread.said_zh}。")
            return
        page, rest = self.pages[_whole(misread.place[1])], misread.place[2:]
        if rest == ("show_if",):
            page.show_if = None
            self.left("", f"“{page.title.zh}”一节的显示条件：{misread.said_zh}。")
            return
        at = _whole(rest[1])
        block = page.blocks[at]
        page.blocks[at] = without(block, rest[2:])
        self.left(block.name, f"{part_of(rest[2:])}：{misread.said_zh}。")


def _whole(step: int | str) -> int:
    assert isinstance(step, int)
    return step


def column_of(name: str, exported: str) -> str:
    """Return the column to note for a question: '' where exports call it by its own name."""
    clean = cleaned(exported)
    return "" if clean == name else clean


def choice_block(
    building: Building, common: Mapping[str, object], choices: Sequence[Choice], *, many: bool
) -> Block:
    """Return a single or multiple choice; told where there are not two choices to have.

    One lone choice to tick becomes ticked or not ticked (code 0); none at all an open question.
    """
    name = str(common["name"])
    kept = {
        key: value
        for key, value in common.items()
        if key not in ("order", "min_choices", "max_choices")
    }
    if not choices:
        building.left(name, "没有选项，先作开放题。")
        return OpenEnded.model_validate({"type": "open_ended", **kept})
    if len(choices) == 1:
        free = 0 if choices[0].code != 0 else 1
        building.mended(name, "只有一个选项，补上“没有选”。")
        choices = (*choices, Choice(code=free, text=Text(zh="没有选", en="Not chosen")))
        many = False
    if many:
        return MultipleChoice.model_validate(
            {"type": "multiple_choice", **common, "choices": tuple(choices)}
        )
    single = {k: v for k, v in common.items() if k not in ("min_choices", "max_choices")}
    return SingleChoice.model_validate(
        {"type": "single_choice", **single, "choices": tuple(choices)}
    )
