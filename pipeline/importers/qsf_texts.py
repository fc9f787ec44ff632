"""Texts in all languages and settings of a question of a .qsf."""

import re

from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.qsf_parts import Asked, languages_of, mapping


def question_texts(asked: Asked) -> dict[str, str]:
    """Return language -> wording of a question."""
    written = shown(str(asked.payload.get("QuestionText") or "")) or shown(
        str(asked.payload.get("QuestionDescription") or "")
    )
    others = {
        code: shown(str(held.get("QuestionText") or "")) for code, held in languages_of(asked)
    }
    return {asked.language: written} | {code: text for code, text in others.items() if text}


def part_texts(asked: Asked, part: str, key: str, label: str) -> dict[str, str]:
    """Return language -> wording of a choice, answer or row."""
    # rows_of shows the Chinese where there is any; the survey's own wording stands in the choice
    own = mapping(mapping(asked.payload.get(part)).get(key)).get("Display")
    said = {asked.language: shown(str(own)) if own else label}
    for code, held in languages_of(asked):
        words = shown(str(mapping(mapping(held.get(part)).get(key)).get("Display") or ""))
        if words:
            said[code] = words
    return said


def required(asked: Asked) -> bool | str:
    """Return whether a question must be answered, or is asked for once more."""
    force = asked.validation.get("ForceResponse")
    return True if force == "ON" else "soft" if force in ("RequestResponse",) else False


def limits(asked: Asked) -> dict[str, object]:
    """Return how many choices must and may be ticked."""
    low, high = (number(asked.validation.get(key)) for key in ("MinChoices", "MaxChoices"))
    return {
        "min_choices": int(low) if low and low > 0 else 0,
        "max_choices": int(high) if high and high > 0 else None,
    }


def shuffled(asked: Asked) -> bool:
    """Tell whether choices or rows are shown in random order."""
    random = mapping(asked.payload.get("Randomization"))
    return str(random.get("Type") or "None") in ("All", "Advanced", "Subset")


def number(written: object) -> float | None:
    """Return a number of a setting; None where it is none."""
    text = str(written)
    return float(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", text) else None
