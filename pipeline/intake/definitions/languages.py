"""Which language a definition file means by the names and codes that it uses."""

import re

_CHINESE = re.compile(
    r"\b(?:zh|cn|chs|cht|chi|zho|cmn|chinese|mandarin)\b|中文|汉语|简体|繁体|普通话"
)
_ENGLISH = re.compile(r"\b(?:en|eng|english)\b|英文|英语")


def in_chinese(language: str) -> bool:
    """Tell whether a name or code (``Chinese (zh)``, ``zh-Hans``, ``ZH-S``) means Chinese."""
    return _CHINESE.search(language.lower().replace("_", "-")) is not None


def in_english(language: str) -> bool:
    """Tell whether a name or code (``English (en)``, ``en-GB``) means English."""
    return _ENGLISH.search(language.lower().replace("_", "-")) is not None
