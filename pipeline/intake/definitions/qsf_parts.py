"""A question of a .qsf as the file holds it: its choices, codes, wordings and translations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.intake.definitions import Defined, Extra
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.responses.described import ItemKind, Option

Held = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the file holds it.

    Attributes
    ----------
    payload : as in the file
    id : Qualtrics' own name (``QID3``), which the ImportId begins with
    block : title of the block that it stands in
    language : of the survey, as a code (``EN``, ``ZH-S``)
    """

    payload: Held
    id: str
    block: str
    language: str

    @property
    def tag(self) -> str:
        """The name by which exports know the question."""
        return str(self.payload.get("DataExportTag") or self.id)

    @property
    def kind(self) -> tuple[str, str, str]:
        """Type, selector and sub-selector."""
        named = (self.payload.get(key) for key in ("QuestionType", "Selector", "SubSelector"))
        one, two, three = (str(word or "") for word in named)
        return one, two, three

    @property
    def validation(self) -> Held:
        """The settings by which answers are checked."""
        return mapping(mapping(self.payload.get("Validation")).get("Settings"))

    @property
    def forced(self) -> bool:
        """Whether it must be answered."""
        return self.validation.get("ForceResponse") == "ON"


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a question; `unread` names its type where no question of ours holds it."""

    questions: tuple[Defined, ...] = ()
    extras: tuple[Extra, ...] = ()
    unread: str = ""


def mapping(held: object) -> Held:
    """Return what Qualtrics writes as an object, or as a list or false where it is empty."""
    if isinstance(held, Mapping):
        return {str(key): value for key, value in held.items()}
    if isinstance(held, list):
        return {str(at): value for at, value in enumerate(held, start=1)}
    return {}


def ordered(held: object, order: object) -> dict[str, str]:
    """Return key -> wording of choices or answers, in the order in which they are shown."""
    found = mapping(held)
    keys = [str(one) for one in order] if isinstance(order, list) else []
    listed = [key for key in keys if key in found] + [key for key in found if key not in keys]
    return {
        key: shown(str(mapping(found[key]).get("Display") or key)) for key in dict.fromkeys(listed)
    }


def choices_of(asked: Asked) -> dict[str, str]:
    """Return key -> wording of the choices; of a matrix these are its rows."""
    return ordered(asked.payload.get("Choices"), asked.payload.get("ChoiceOrder"))


def answers_of(asked: Asked) -> dict[str, str]:
    """Return key -> wording of the answers to every row of a matrix."""
    return ordered(asked.payload.get("Answers"), asked.payload.get("AnswerOrder"))


def codes_of(asked: Asked, keys: Sequence[str]) -> dict[str, str]:
    """Return key -> the code that exports write."""
    recoded = mapping(asked.payload.get("RecodeValues"))
    codes = {key: str(recoded.get(key) or key).strip() for key in keys}
    # Two answers recoded alike cannot be told apart again: their own numbers would be a guess.
    return codes if len(set(codes.values())) == len(codes) else {key: key for key in keys}


def options_of(asked: Asked, part: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a `Defined` that hold its options."""
    codes = codes_of(asked, tuple(labels))
    naming = mapping(asked.payload.get("VariableNaming"))
    held = mapping(asked.payload.get(part))
    translated = [ordered(mapping(one).get(part), None) for _, one in languages_of(asked)]
    first = next(iter(in_chinese_too(asked, part)), {})
    options, words = [], {}
    for key, label in labels.items():
        exclusive = mapping(held.get(key)).get("ExclusiveAnswer") is True
        options.append(Option(codes[key], first.get(key, label) or label, exclusive=exclusive))
        named = shown(naming[key]) if isinstance(naming.get(key), str) else ""
        others = (named, *(one.get(key, "") for one in translated))
        words[codes[key]] = tuple(dict.fromkeys(one for one in (label, *others) if one))
    return {"options": tuple(options), "wordings": words}


def languages_of(asked: Asked) -> Iterator[tuple[str, Held]]:
    """Yield the translations of a question by their language's code."""
    for code, held in mapping(asked.payload.get("Language")).items():
        if isinstance(held, Mapping):
            yield code, held


def in_chinese_too(asked: Asked, part: str) -> Iterator[dict[str, str]]:
    """Yield the Chinese wordings of choices or answers where the survey is in another language."""
    if not in_chinese(asked.language):
        for code, held in languages_of(asked):
            if in_chinese(code):
                yield ordered(held.get(part), None)


def worded(asked: Asked, kind: ItemKind | None) -> Defined:
    """Return a question with its texts, and no columns yet."""
    written = shown(str(asked.payload.get("QuestionText") or "")) or shown(
        str(asked.payload.get("QuestionDescription") or "")
    )
    texts = {asked.language: written} | {
        code: shown(str(held.get("QuestionText") or "")) for code, held in languages_of(asked)
    }
    said = {code: text for code, text in texts.items() if text}
    text = next((said[code] for code in said if in_chinese(code)), written or asked.tag)
    english = next((said[code] for code in said if in_english(code)), "")
    chinese = any(in_chinese(code) for code in said)
    return Defined(
        asked.tag, text, kind, english=english if chinese and english != text else "",
        texts=tuple(dict.fromkeys(one for one in said.values() if one != text)),
        path=(asked.block,) if asked.block else (),
    )  # fmt: skip
