"""The lists of an XLSForm as choices with codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.forms.xlsform_cells import OWN
from pipeline.importers.xlsform_languages import Languages
from pipeline.intake.definitions.xlsform import Choice as Listed
from pipeline.intake.definitions.xlsform import Form
from pipeline.questionnaire.questions import Choice

LONGEST_CODE = 9
OTHER = {"zh": "其他", "en": "Other", "fr": "Autre", "es": "Otro", "pt": "Outro", "de": "Anderes"}
NOT_CHOSEN = {"zh": "没有选", "en": "Not chosen", "fr": "Non choisi", "es": "No elegido"}
YES = {"zh": "是", "en": "Yes", "fr": "Oui", "es": "Sí", "pt": "Sim", "de": "Ja"}
NO = {"zh": "否", "en": "No", "fr": "Non", "es": "No", "pt": "Não", "de": "Nein"}


@dataclass(frozen=True, slots=True)
class Offered:
    """The choices of a list, and the code of each name that the form's conditions use."""

    choices: tuple[Choice, ...]
    codes: Mapping[str, int]


def own_words(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the own column of a row says: ``type=scale`` -> type, scale."""
    parts = (part.partition("=") for part in columns.get(OWN, "").split())
    return {key: unquote(value) for key, sign, value in parts if sign}


def lists_of(form: Form, languages: Languages) -> dict[str, Offered]:
    """Return every list of the form, by its name."""
    return {name: _offered(listed, languages) for name, listed in form.lists.items()}


def yes_no(languages: Languages) -> Offered:
    """Return the list that older form programs had of themselves."""
    choices = (
        Choice(code=1, name="yes", text=languages.said(YES)),
        Choice(code=2, name="no", text=languages.said(NO)),
    )
    return Offered(choices, {"yes": 1, "no": 2})


def lone(word: str, languages: Languages, offered: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return a list of one choice with "not chosen" beside it."""
    code = 0 if offered[0].code != 0 else 1
    return (*offered, Choice(code=code, name=word, text=languages.said(NOT_CHOSEN)))


def with_other(offered: Offered, languages: Languages) -> Offered:
    """Return a list with "other, please specify", as ``or_other`` adds it."""
    if "other" in offered.codes:
        choices = tuple(
            one.model_copy(update={"specify": one.specify or one.exported_as == "other"})
            for one in offered.choices
        )
        return Offered(choices, offered.codes)
    code = max((0, *offered.codes.values())) + 1
    other = Choice(code=code, name="other", text=languages.said(OTHER), specify=True)
    return Offered((*offered.choices, other), {**offered.codes, "other": code})


def _offered(listed: Sequence[Listed], languages: Languages) -> Offered:
    said = [own_words(one.columns) for one in listed]
    codes = [
        _code(one.name, words.get("code", "")) for one, words in zip(listed, said, strict=True)
    ]
    taken = {code for code in codes if code is not None}
    free = 1
    choices: list[Choice] = []
    known: dict[str, int] = {}
    used: set[int] = set()
    for one, words, wanted in zip(listed, said, codes, strict=True):
        code = wanted
        if code is None or code in used:
            while free in taken:
                free += 1
            code = free
            taken.add(code)
        used.add(code)
        known[one.name] = code
        missing = words.get("missing", "")
        choices.append(
            Choice(
                code=code,
                name=_name(one.name, code, words.get("name", "")),
                text=languages.text(one.labels, one.name),
                missing=missing if missing in ("dont_know", "refused") else None,
                exclusive=words.get("exclusive") == "yes",
                specify=words.get("specify") == "yes",
            )
        )
    return Offered(tuple(choices), known)


def _name(written: str, code: int, own: str) -> str:
    """Return the name to keep of a choice: none where it is the code; our own say so by ``-``."""
    if own:
        return "" if own == "-" else own
    return "" if written == str(code) else written


def _code(name: str, own: str) -> int | None:
    """Return the code that a choice's name or own column gives; None where it gives none."""
    if own.removeprefix("-").isdecimal() and len(own) <= LONGEST_CODE:
        return int(own)
    if (
        name.isascii()
        and name.isdecimal()
        and len(name) <= LONGEST_CODE
        and str(int(name)) == name
    ):
        return int(name)
    return None
