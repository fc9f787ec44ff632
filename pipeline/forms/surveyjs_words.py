"""Texts as the form engine (SurveyJS) wants them: the default, and one entry per other language.

Words of the interface are in Chinese and English; any other language reads the English.
"""

from collections.abc import Iterable

from pipeline.i18n import Text, word
from pipeline.questionnaire.model import Questionnaire

Json = dict[str, object]


def local(text: Text, questionnaire: Questionnaire) -> Json | str:
    """Return a text in the languages of the questionnaire.

    The Chinese is the default; where a text has no Chinese, its first language is.
    """
    others = {
        language: text(language)
        for language in questionnaire.languages
        if language != "zh" and language in text.languages
    }
    return {"default": text.zh, **others} if others else text.zh


def said(key: str, questionnaire: Questionnaire, **values: object) -> Text:
    """Return an interface word of the forms; a Text among `values` is put in in each language."""
    return Text(
        **{
            language: word(
                f"forms.{key}", "zh" if language == "zh" else "en", **_spoken(values, language)
            )
            for language in ("zh", "en", *questionnaire.languages)
        }
    )


def together(texts: Iterable[Text], questionnaire: Questionnaire) -> Text:
    """Return the texts one after another, in each language of the questionnaire."""
    listed = tuple(texts)
    return Text(
        **{
            language: ("" if language == "zh" else " ").join(text(language) for text in listed)
            for language in ("zh", "en", *questionnaire.languages)
        }
    )


def _spoken(values: dict[str, object], language: str) -> dict[str, object]:
    return {
        name: value(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }
