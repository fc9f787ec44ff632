"""Words in two languages: texts that definitions carry, and the interface words of the pages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Text(BaseModel):
    """A text of a definition, Chinese first, English alongside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str = ""

    def __call__(self, language: Language = "zh") -> str:
        """Return the text in `language`; where the English is missing, the Chinese stands."""
        return (self.en or self.zh) if language == "en" else self.zh


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
