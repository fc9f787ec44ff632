"""The web form: one self-contained page that asks a questionnaire without any network.

Everything is inlined: the engine (SurveyJS, built at set-up), our script and our style. The page's
content security policy names the hash of each, so nothing else can run or be fetched.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from pipeline.documents.html import environment
from pipeline.errors import SurveyError
from pipeline.forms.response_file import AFTER, BEFORE, RECEIPT_LETTERS, described
from pipeline.forms.surveyjs import survey_json
from pipeline.i18n import LANGUAGES, Language, Text, keys, word
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import ChoiceQuestion
from pipeline.questionnaire.read import version_hash

TEMPLATES = Path(__file__).parent / "templates"


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


def page(questionnaire: Questionnaire, programme: Programme, engine: Engine) -> str:
    """Return the form as one HTML page; the same bytes for the same inputs."""
    style, response_file, script = (
        (TEMPLATES / name).read_text(encoding="utf-8")
        for name in ("form.css", "response_file.js", "form.js")
    )
    templates = environment("pipeline.forms", {"said": _said, "both": _both})
    return templates.get_template("form.html.j2").render(
        questionnaire=questionnaire,
        programme=programme,
        version=version_hash(questionnaire),
        policy=_policy(style, engine.script, response_file, script),
        style=Markup(style),
        engine=Markup(engine.script),
        response_file=Markup(response_file),
        script=Markup(script),
        licences=Markup(engine.licences.replace("--", "—")),
        settings=Markup(_settings(questionnaire)),
    )


def _settings(questionnaire: Questionnaire) -> str:
    """Return what the form's script has to know, as JSON that is safe inside a script element."""
    settings = {
        "survey": questionnaire.survey,
        "version": version_hash(questionnaire),
        "minutes": questionnaire.minutes,
        "languages": questionnaire.languages,
        "json": survey_json(questionnaire),
        "before": BEFORE,
        "cells": described(questionnaire),
        "after": AFTER,
        "exported": {
            question.name: {choice.code: choice.exported_as for choice in question.choices}
            for question in questionnaire.questions
            if isinstance(question, ChoiceQuestion)
        },
        "letters": RECEIPT_LETTERS,
        "words": {language: _words(language) for language in LANGUAGES},
    }
    return json.dumps(settings, ensure_ascii=False, indent=0).replace("<", "\\u003c")


def _words(language: Language) -> dict[str, str]:
    """Return the words that the script fills in itself: those whose key begins with `js_`."""
    return {
        key.removeprefix("forms.js_"): word(key, language).replace("[", "{").replace("]", "}")
        for key in sorted(keys(language))
        if key.startswith("forms.js_")
    }


def _policy(style: str, *scripts: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(inlined: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()}'"


def _said(key: str, **values: object) -> Text:
    return Text(zh=word(f"forms.{key}", "zh", **values), en=word(f"forms.{key}", "en", **values))


def _both(text: Text) -> Markup:
    """Return a text in both languages; the page's style shows the one that is chosen."""
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text("en")
    )
