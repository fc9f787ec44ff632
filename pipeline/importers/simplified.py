"""Conditions put together and made shorter: guards go where a comparison says the same."""

from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Compare,
    Condition,
    Constant,
    Empty,
    In,
    Not,
    Or,
    Selected,
)


def all_parts(parts: tuple[Condition, ...]) -> Condition:
    """Return the condition that all parts hold, without guards that say nothing of ours."""
    filled = {p.part.question for p in parts if isinstance(p, Not) and isinstance(p.part, Empty)}
    made: list[Condition] = []
    for part in parts:
        match part:
            case Not(part=Compare(operator="=", left=Answer(question=name)) as inner) if (
                name in filled
            ):
                made.append(Compare("!=", inner.left, inner.right))
            case And():
                made += part.parts
            case _:
                made.append(part)
    named = {strict(part) for part in made} - {""}
    kept = [
        part
        for part in made
        if not (
            isinstance(part, Not) and isinstance(part.part, Empty) and part.part.question in named
        )
    ]
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def any_part(parts: tuple[Condition, ...]) -> Condition:
    """Return the condition that one of the parts holds."""
    made = tuple(
        one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))
    )
    if len(made) > 1 and (chosen := _one_of(made)):
        return chosen
    return made[0] if len(made) == 1 else Or(made)


def _one_of(parts: tuple[Condition, ...]) -> In | None:
    """Return "the answer is one of these" where all parts hold one answer against a code."""
    values: list[int | float] = []
    names: set[str] = set()
    for part in parts:
        match part:
            case Compare("=", Answer(question=name), Constant(value=int() | float() as value)):
                names.add(name)
                values.append(value)
            case In(question=name, values=more):
                names.add(name)
                values += more
            case _:
                return None
    return In(names.pop(), tuple(dict.fromkeys(values))) if len(names) == 1 else None


def strict(part: Condition) -> str:
    """Return the question without whose answer a comparison is false; '' of other conditions."""
    match part:
        case Compare(left=Answer(question=name)) | Compare(right=Answer(question=name)):
            return name
        case Selected(question=name) | In(question=name):
            return name
        case Or(parts=parts):
            names = {strict(one) for one in parts}
            return names.pop() if len(names) == 1 else ""
    return ""
