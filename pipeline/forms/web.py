"""The web form: one self-contained page that asks a questionnaire without any network.

Everything is inlined: the engine (SurveyJS, built at set-up), our script, our style and the
pictures. The page's content security policy names the hash of each, so nothing else can run or be
fetched; only where an address to submit to is given, answers can be sent there.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup

from pipeline.documents.html import environment
from pipeline.errors import SurveyError
from pipeline.forms.pictures import data_uri
from pipeline.forms.pictures import read_images as read_images
from pipeline.forms.response_file import BEFORE, RECEIPT_LETTERS, after, described
from pipeline.forms.surveyjs import endings, survey_json
from pipeline.i18n import LANGUAGES, Language, Text, keys, word
from pipeline.questionnaire.blocks import Agreement
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import ChoiceQuestion, Numeric
from pipeline.questionnaire.read import version_hash

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("response_file.js", "arranged.js", "asking.js", "sending.js", "form.js")
OWN_NAMES = {
    "zh": "中文", "en": "English", "fr": "Français", "es": "Español", "pt": "Português",
    "ru": "Русский", "ar": "العربية", "de": "Deutsch", "ja": "日本語", "ko": "한국어",
    "vi": "Tiếng Việt", "th": "ไทย", "my": "မြန်မာ", "lo": "ລາວ", "hi": "हिन्दी",
    "bo": "བོད་ཡིག", "ug": "ئۇيغۇرچە", "mn": "Монгол", "kk": "Қазақша", "za": "Vahcuengh",
    "ii": "ꆈꌠꉙ", "sw": "Kiswahili", "ne": "नेपाली", "bn": "বাংলা", "id": "Bahasa Indonesia",
}  # fmt: skip
"""What a language calls itself; one that is not here goes by its tag."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The form engine as set-up built it: a script, and the notices that must go with it."""

    script: str
    licences: str


def read_engine(folder: Path) -> Engine:
    """Read the engine that set-up built into `folder`.

    Raises
    ------
    SurveyError
        It was not built.
    """
    script, licences = folder / "survey.js", folder / "LICENSES.txt"
    for file in (script, licences):
        if not file.is_file():
            raise SurveyError(
                f"{file}: 找不到表单引擎。请先运行 python3 bootstrap.py。"
                "(the form engine is not built; run python3 bootstrap.py)"
            )
    inlined = script.read_text(encoding="utf-8")
    for mark in ("</script", "<!--"):  # either would end or derail the script element
        inlined = inlined.replace(mark, mark[0] + "\\" + mark[1:])
    return Engine(inlined, licences.read_text(encoding="utf-8"))


def page(
    questionnaire: Questionnaire,
    programme: Programme,
    engine: Engine,
    *,
    submit_to: str = "",
    images: Mapping[str, bytes] = {},
) -> str:
    """Return the form as one HTML page; the same bytes for the same inputs.

    Parameters
    ----------
    submit_to : address that takes a finished response; '' to hand out a response file only
    images : path in the definition -> content of the picture (`read_images`)

    Raises
    ------
    SurveyError
        `submit_to` is no address, or a picture is none.
    """
    style = (TEMPLATES / "form.css").read_text(encoding="utf-8")
    scripts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS]
    templates = environment("pipeline.forms", _spoken_in(questionnaire.languages))
    return templates.get_template("form.html.j2").render(
        questionnaire=questionnaire,
        programme=programme,
        submits=bool(submit_to),
        asks_consent=any(isinstance(block, Agreement) for block in questionnaire.blocks),
        language=questionnaire.languages[0],
        languages=[(one, OWN_NAMES.get(one, one)) for one in questionnaire.languages],
        version=version_hash(questionnaire),
        policy=_policy(_origin(submit_to), style, engine.script, *scripts),
        style=Markup(style),
        engine=Markup(engine.script),
        scripts=[Markup(script) for script in scripts],
        licences=Markup(engine.licences.replace("--", "—")),
        settings=Markup(_settings(questionnaire, submit_to, images)),
    )


def _settings(questionnaire: Questionnaire, submit_to: str, images: Mapping[str, bytes]) -> str:
    """Return what the form's script has to know, as JSON that is safe inside a script element."""
    settings = {
        "survey": questionnaire.survey,
        "version": version_hash(questionnaire),
        "minutes": questionnaire.minutes,
        "languages": questionnaire.languages,
        "json": survey_json(questionnaire),
        "endings": endings(questionnaire),
        "images": {path: data_uri(path, content) for path, content in sorted(images.items())},
        "submitTo": submit_to,
        "before": BEFORE,
        "cells": described(questionnaire),
        "after": after(questionnaire),
        "exported": _exported(questionnaire),
        "letters": RECEIPT_LETTERS,
        "words": {language: _words(language) for language in LANGUAGES},
    }
    packed = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return packed.replace("<", "\\u003c")


def _exported(questionnaire: Questionnaire) -> dict[str, dict[int, str]]:
    """Return the words by which the file calls codes: question -> code -> word."""
    found: dict[str, dict[int, str]] = {}
    for question in questionnaire.questions:
        match question:
            case ChoiceQuestion(choices=codes) | Numeric(missing_codes=codes) if codes:
                found[question.name] = {code.code: code.exported_as for code in codes}
    return found


def _words(language: Language) -> dict[str, str]:
    """Return the words that the script fills in itself: those whose key begins with `js_`."""
    return {
        key.removeprefix("forms.js_"): word(key, language).replace("[", "{").replace("]", "}")
        for key in sorted(keys(language))
        if key.startswith("forms.js_")
    }


def _policy(origin: str, style: str, *scripts: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    sent = f"connect-src {origin}; " if origin else ""
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        f"{sent}base-uri 'none'; form-action 'none'"
    )


def _origin(address: str) -> str:
    """Return scheme, host and port of an address; '' of none."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named or set(address) & set(" \t\r\n'\";,<>"):
        raise SurveyError(
            f"submit_to: {address!r} 不是网址。请写成 https://收答卷的主机/路径，或删去。"
            "(no address; write https://host/path, or remove it)"
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _hash(inlined: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()}'"


def _spoken_in(languages: tuple[str, ...]) -> dict[str, Callable[..., object]]:
    """Return what writes a text in every language; the page's script shows the chosen one.

    `both` writes a text of the definition, `said` a word of the interface: that is in Chinese or
    English, and any other language reads the English.
    """

    def both(text: Text) -> Markup:
        return _spans((one, one, text(one)) for one in languages)

    def said(key: str, **values: object) -> Markup:
        spoken: dict[str, Language] = {one: "zh" if one == "zh" else "en" for one in languages}
        return _spans(
            (one, tongue, word(f"forms.{key}", tongue, **values)) for one, tongue in spoken.items()
        )

    return {"both": both, "said": said}


def _spans(texts: Iterable[tuple[str, str, str]]) -> Markup:
    """Return one element per (language chosen, language of the text, text), the first shown."""
    return Markup("").join(
        Markup('<span data-in="{}" lang="{}"{}>{}</span>').format(
            chosen, "zh-CN" if tongue == "zh" else tongue, Markup(" hidden") if at else "", text
        )
        for at, (chosen, tongue, text) in enumerate(texts)
    )
