"""Words in two languages: texts that definitions carry, and the interface words of the pages."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language as BCP 47 names it, so far as definitions need it."""


class Text(BaseModel):
    """A text of a definition, in Chinese and in any other languages (keys such as ``en``, ``fr``).

    A definition of elsewhere may have no Chinese; then `zh` reads as its first language, and the
    text is still written without Chinese.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)

    zh: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        others = self.model_extra or {}
        if strange := [one for one in others if not LANGUAGE_TAG.fullmatch(one)]:
            raise ValueError(
                f"{', '.join(strange)}: no language; write zh, en, or a tag such as fr"
            )
        if "zh" not in self.model_fields_set:
            first = next((getattr(self, one) for one in self.languages), None)
            if first is None:
                raise ValueError("a text needs words in one language: {zh: ...}")
            self.__dict__["zh"] = first  # not as if it were given: it is not written
        return self

    @model_serializer(mode="wrap")
    def _as_given(self, written: SerializerFunctionWrapHandler) -> dict[str, str]:
        content: dict[str, str] = written(self)
        if "zh" not in self.model_fields_set:
            content.pop("zh", None)
        return content

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it was given in, Chinese first, then English."""
        given = [one for one in LANGUAGES if one in self.model_fields_set and getattr(self, one)]
        return (*given, *(self.model_extra or {}))

    def __call__(self, language: str = "zh") -> str:
        """Return the text in `language`; where that is missing, the Chinese stands."""
        if language == "zh":
            return self.zh
        said = self.en if language == "en" else (self.model_extra or {}).get(language, "")
        return said or self.zh


@cache
def _words(language: Language) -> Mapping[str, str]:
    source = resources.files("pipeline") / "locale" / f"{language}.toml"
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        f"{table}.{key}": word
        for table, entries in tables.items()
        for key, word in entries.items()
    }


def keys(language: Language) -> frozenset[str]:
    """Return the keys of all interface words, as ``table.key``."""
    return frozenset(_words(language))


def template(key: str, language: Language = "zh") -> str:
    """Return the interface word `key` with its ``{names}`` not yet filled in."""
    return _words(language)[key]


def word(key: str, language: Language = "zh", **values: object) -> str:
    """Return the interface word `key` (``table.key``) with `values` filled in.

    Raises
    ------
    KeyError
        If no such word exists: a fault of the program, never of the data.
    """
    return _words(language)[key].format(**values)
