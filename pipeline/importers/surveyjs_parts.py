"""The parts of a SurveyJS survey as the JSON holds them: elements, choices, texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.i18n import Text
from pipeline.importers.building import worded
from pipeline.importers.offered import Offered, excluding
from pipeline.intake.definitions.contents import shown
from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.missing_words import missing_kind_of

Held = Mapping[str, Any]
MOST_ELEMENTS = 5_000
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Element:
    """A question or panel; `ours` is what our own web form says of it, '' of others."""

    held: Held

    @property
    def kind(self) -> str:
        return str(self.held.get("type") or "text").lower()

    @property
    def name(self) -> str:
        return str(self.held.get("name") or "")

    @property
    def ours(self) -> str:
        return str(self.held.get("kind") or "")

    def ours_sets(self, key: str) -> bool:
        """Tell whether our own form sets a property that says nothing of the questionnaire."""
        return bool(self.ours) and key == "defaultValue"


def mapping(held: object) -> Held:
    """Return what should be an object; nothing where it is none."""
    return held if isinstance(held, dict) else {}


def listed(held: object) -> list[object]:
    """Return what should be a list; nothing where it is none."""
    return list(held) if isinstance(held, list) else []


def elements_of(held: Held) -> list[Element]:
    """Return the questions and panels of a page or panel."""
    found = held.get("elements") or held.get("questions") or held.get("templateElements")
    listed = found if isinstance(found, list) else []
    return [Element(one) for one in listed[:MOST_ELEMENTS] if isinstance(one, dict)]


def local(held: object, language: str, fallback: str = "") -> Text:
    """Return a text that may be written in several languages (``{default, "zh-cn", en}``)."""
    if isinstance(held, dict):
        said = {str(key): shown(str(one)) for key, one in held.items() if isinstance(one, str)}
        default = said.pop("default", "")
        if default:
            said = {_language_of(default, language): default, **said}
        return worded(said, fallback)
    if isinstance(held, str | int | float) and not isinstance(held, bool):
        plain = shown(str(held))
        return worded({_language_of(plain, language): plain}, fallback)
    return Text(zh=fallback)


def _language_of(text: str, language: str) -> str:
    """Return the language of a text that bears none: the survey's own, or what its letters say."""
    return language or ("zh" if _CHINESE.search(text) else "en")


def value_of(held: object) -> str:
    """Return the value of a choice as conditions write it."""
    if isinstance(held, dict):
        held = held.get("value")
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, float) and held.is_integer() and abs(held) < 10**15:
        return str(int(held))
    return str(held) if isinstance(held, str | int | float) else ""


def offered_of(held: object, language: str, *, many: bool = False) -> list[Offered]:
    """Return a list of choices; each may be a bare value or value and text."""
    listed = held if isinstance(held, list) else []
    made = []
    for one in listed:
        value = value_of(one)
        about = mapping(one)
        text = local(about.get("text") or value, language, value)
        missing = _reason(text.zh) if about.get("kind") == "missing" else None
        alone = bool(about.get("isExclusive")) or (many and excluding(text.zh))
        made.append(
            Offered(
                value,
                text,
                exclusive=many and alone and missing is None,
                specify=bool(about.get("showCommentArea")),
                missing=missing,
            )
        )
    return made


def _reason(label: str) -> MissingKind:
    """Return why a choice that our own form marks as missing is so."""
    kinds = (missing_kind_of(part) for part in re.split(r"[，,；;]", label))
    return next((kind for kind in kinds if kind), "dont_know")


def further(held: Held, language: str, *, many: bool) -> list[Offered]:
    """Return the choices that switches add: other, none, refused, don't know."""
    made = []
    if held.get("showNoneItem") or held.get("hasNone"):
        none = local(held.get("noneText"), language, "以上都没有")
        made.append(Offered("none", none, exclusive=many))
    if held.get("showRefuseItem"):
        refuse = local(held.get("refuseText"), language, "拒答")
        made.append(Offered("refused", refuse, missing="refused"))
    if held.get("showDontKnowItem"):
        doubt = local(held.get("dontKnowText"), language, "不知道")
        made.append(Offered("dontknow", doubt, missing="dont_know"))
    if held.get("showOtherItem") or held.get("hasOther"):
        other = local(held.get("otherText"), language, "其他")
        made.append(Offered("other", other, specify=True))
    return made


def number(held: object) -> float | None:
    """Return a number, also one written as text; None of anything else."""
    if isinstance(held, bool) or not isinstance(held, int | float | str):
        return None
    written = str(held)
    return float(written) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", written) else None


def whole(held: object, default: int | None = None) -> int | None:
    """Return a whole number that is not negative."""
    found = number(held)
    return int(found) if found is not None and found >= 0 else default
