"""Names of questions and codes of choices for what other systems call otherwise."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.i18n import Text
from pipeline.importers.building import Building, cleaned
from pipeline.importers.conditions import Target
from pipeline.intake.choice_codes import codes_of
from pipeline.intake.names import RESERVED, question_names
from pipeline.questionnaire.questions import Choice, MissingKind
from pipeline.responses.missing_words import REASONS, is_doubtful, missing_kind_of

MOST_CHOICES = 1_000
SHOWN = 20
_NONE_OF_THESE = re.compile(
    r"(?:以上)?(?:都|均|全)?(?:没有|不是|不选|无)(?:以上)?(?:选项|任何一项|情况)?|以上[都皆均].*[没不无].*|无"
    r"|none(?: of (?:the above|these|them).*)?|no one|nothing"
)


@dataclass(slots=True)
class Names:
    """Gives every question a name of its own."""

    taken: set[str] = field(default_factory=lambda: set(RESERVED))
    given: int = 0

    def new(self, wanted: str) -> str:
        """Return a free name like the one wanted; ``q007`` for words without Latin letters."""
        self.given += 1
        slug = question_names([wanted])[0]
        if slug == "q001" and wanted.strip().lower() != "q001":
            slug = f"q{self.given:03}"
        chosen, count = slug, 2
        while chosen in self.taken:
            chosen, count = f"{slug}_{count}", count + 1
        self.taken.add(chosen)
        return chosen


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as the other system holds it; `value` is what its data write."""

    value: str
    text: Text
    exclusive: bool = False
    specify: bool = False
    missing: MissingKind | None = None


def choices_from(
    building: Building, question: str, offered: Sequence[Offered], *, least: int = -(10**9)
) -> tuple[Choice, ...]:
    """Return choices with codes; told are repeated values and what counts as missing.

    The value is the code where all values are whole numbers, and the `name` otherwise.
    """
    kept: dict[str, Offered] = {}
    repeated: list[str] = []
    for one in offered[:MOST_CHOICES]:
        value = cleaned(one.value)
        if value in kept or not value:
            repeated.append(one.text.zh)
        else:
            kept[value] = one
    if repeated:
        shown = "、".join(repeated[:SHOWN])
        building.mended(question, f"选项的值为空或重复，只留第一个：{shown}。")
    if len(offered) > MOST_CHOICES:
        building.left(question, f"选项有 {len(offered)} 个，只留前 {MOST_CHOICES} 个。")
    if any(one.specify for one in kept.values()):
        least = 0
    codes = codes_of(list(kept), least=least)
    plain = all(_same(value, code) for value, code in codes.items())
    labels = [one.text.zh for one in kept.values()]
    kinds = {
        value: one.missing or _guessed_kind(one.text.zh, labels) for value, one in kept.items()
    }
    if all(kinds.values()):
        kinds = {value: one.missing for value, one in kept.items()}
    guessed = [value for value, kind in kinds.items() if kind and not kept[value].missing]
    for value in guessed:
        building.mended(
            question,
            f"猜测：“{kept[value].text.zh}”按字面当作{REASONS[kinds[value] or 'no_answer']}。",
        )
    return tuple(
        Choice(
            code=codes[value],
            text=one.text,
            name="" if plain else value,
            missing=kinds[value],
            exclusive=one.exclusive,
            specify=one.specify and kinds[value] is None,
        )
        for value, one in kept.items()
    )


def _guessed_kind(label: str, labels: Sequence[str]) -> MissingKind | None:
    """Return why an answer of this wording is missing; None where it may be an answer.

    "不清楚" stands for no answer, but not where others say how clear things are.
    """
    kind = missing_kind_of(label)
    if kind is None or not is_doubtful(label):
        return kind
    word = label.strip()[-2:]
    return None if sum(word in one for one in labels) > 1 else kind


def _same(value: str, code: int) -> bool:
    return value == str(code)


def excluding(label: str) -> bool:
    """Tell whether a wording says "none of these"; such a choice stands alone."""
    return _NONE_OF_THESE.fullmatch(label.strip(" 。.（）()").casefold()) is not None


def target_of(question: str, choices: Sequence[Choice], *, many: bool) -> Target:
    """Return what conditions need to know of a question with choices."""
    return Target(
        question,
        "many" if many else "one",
        codes_by_value(choices),
        frozenset(choice.code for choice in choices if choice.missing),
    )


def codes_by_value(choices: Sequence[Choice]) -> Mapping[str, int]:
    """Return value of the other system -> code."""
    return {choice.exported_as: choice.code for choice in choices}
