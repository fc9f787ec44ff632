"""Which instructions on paper lead everybody to the questions that the routing asks them.

After a question stands a skip, "if ..., continue with 7; if not, go to 9", where the blocks that
follow at once are asked or not by the answer to it alone. Every other routed block has its
condition printed before it. Whoever answers in order, follows the skips and leaves out what is not
for them, is asked exactly what `pipeline.questionnaire.routing` asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from pipeline.forms.terms import related
from pipeline.questionnaire.blocks import Agreement, Block, Matrix, Note, Roster
from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Number,
    Or,
    Selected,
    Term,
    all_of,
    compared,
    questions_of,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated


@dataclass(frozen=True, slots=True)
class Skip:
    """Where to go on after a block: to `onward` if the condition holds, else to `target`.

    `target` is None where nothing more is asked.
    """

    condition: Condition
    onward: str
    target: str | None


@dataclass(frozen=True, slots=True)
class SkipInstructions:
    """What is printed between the questions; the keys are names of blocks.

    Attributes
    ----------
    before : only whoever fulfils this answers the block
    after : the skip that follows the block
    ends : answers to the block after which nothing more is asked (consent declined, screened out)
    """

    before: Mapping[str, Condition]
    after: Mapping[str, Skip]
    ends: Mapping[str, tuple[Condition, ...]]


def skip_instructions(questionnaire: Questionnaire) -> SkipInstructions:
    """Return the instructions for what is printed, which calculated values are not."""
    plan = _Plan(list(_printed(questionnaire)))
    plan.lay(0, len(plan.blocks), ())
    return SkipInstructions(plan.before, plan.after, _ends(questionnaire))


@dataclass(frozen=True, slots=True)
class _Printed:
    """A block on paper.

    `own` are the conditions that must all hold for it to be asked; `implied` are these, and those
    without which they cannot hold, because a question that they need is not asked.
    """

    block: Block
    own: tuple[Condition, ...]
    implied: tuple[Condition, ...]


@dataclass
class _Plan:
    blocks: list[_Printed]
    before: dict[str, Condition] = field(default_factory=dict)
    after: dict[str, Skip] = field(default_factory=dict)

    def lay(self, low: int, high: int, fulfilled: tuple[Condition, ...]) -> None:
        """Lay the instructions for some blocks, for readers of whom `fulfilled` holds."""
        at, reached = low, False  # reached: every reader here has just been asked the block before
        while at < high:
            block = self.blocks[at]
            left = tuple(one for one in block.own if one not in fulfilled)
            opening = self._opening(at, left) if reached else ()
            if opening:
                end = next(
                    (
                        i
                        for i in range(at, high)
                        if not set(opening) <= set(self.blocks[i].implied)
                    ),
                    high,
                )
                self._skip(at, end, opening)
                self.lay(at, end, (*fulfilled, *opening))
                at, reached = end, False
                continue
            if (condition := all_of(*left)) is not None:
                self.before[block.block.name] = condition
            at, reached = at + 1, not left

    def _opening(self, at: int, left: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return the conditions that the answer to the block before decides alone."""
        asked = self.blocks[at - 1].block
        if isinstance(asked, Note | Matrix | Roster):
            return ()
        return tuple(one for one in left if set(questions_of(one)) == {asked.name})

    def _skip(self, at: int, end: int, opening: tuple[Condition, ...]) -> None:
        condition = all_of(*opening)
        assert condition is not None
        target = self.blocks[end].block.name if end < len(self.blocks) else None
        onward = self.blocks[at].block.name
        self.after[self.blocks[at - 1].block.name] = Skip(condition, onward, target)


def _printed(questionnaire: Questionnaire) -> Iterator[_Printed]:
    implied: dict[str, tuple[Condition, ...]] = {}
    for section in questionnaire.sections:
        for block in section.questions:
            own = tuple(dict.fromkeys((*_parts(section.show_if), *_parts(block.show_if))))
            further = (
                condition
                for part in own
                for name in dict.fromkeys(questions_of(part))
                if name in implied and _needs(part, name, questionnaire)
                for condition in implied[name]
            )
            closed = tuple(dict.fromkeys((*own, *further)))
            if not isinstance(block, Note | Matrix | Roster):
                implied[block.name] = closed
            if not isinstance(block, Calculated):
                yield _Printed(block, own, closed)


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    if isinstance(condition, And):
        return tuple(part for one in condition.parts for part in _parts(one))
    return (condition,)


def _needs(condition: Condition, name: str, questionnaire: Questionnaire) -> bool:
    """Tell whether a condition on one question alone is false where it is not answered."""
    if set(questions_of(condition)) != {name}:
        return False
    return not isinstance(questionnaire.question(name), Calculated) and not _of_nothing(condition)


def _of_nothing(condition: Condition) -> bool:
    """Tell whether a condition is true of somebody who answered nothing."""
    match condition:
        case Compare():
            left, right = _worth(condition.left), _worth(condition.right)
            if isinstance(left, int | float) and isinstance(right, int | float):
                return related(left, condition.operator, right)
            return False
        case In() | Selected():
            return False
        case Empty():
            return True
        case Not():
            return not _of_nothing(condition.part)
        case And():
            return all(_of_nothing(part) for part in condition.parts)
        case Or():
            return any(_of_nothing(part) for part in condition.parts)
    assert_never(condition)


def _worth(term: Term) -> Number | str | None:
    match term:
        case Constant():
            return term.value
        case Answer() | Arithmetic():  # a sum of constants and counts decides no route
            return None
        case Count():
            return 0
        case Choose():
            return _worth(term.then if _of_nothing(term.condition) else term.otherwise)
    assert_never(term)


def _ends(questionnaire: Questionnaire) -> Mapping[str, tuple[Condition, ...]]:
    """Return the answers that end the survey, at the last question that each reads."""
    names = [block.name for block in questionnaire.blocks]
    found: dict[str, tuple[Condition, ...]] = {}
    for block in questionnaire.blocks:
        if isinstance(block, Agreement):
            found[block.name] = (compared(block.name, "=", 2),)
    for ended in questionnaire.screen_outs:
        if read := _read_blocks(ended.when, questionnaire, names):
            last = max(read, key=names.index)
            found[last] = (*found.get(last, ()), ended.when)
    return found


def _read_blocks(
    condition: Condition, questionnaire: Questionnaire, names: Sequence[str]
) -> set[str]:
    read = set(questions_of(condition))
    found = read & set(names)
    for block in questionnaire.blocks:
        match block:
            case Matrix() if read & {item.name for item in block.items}:
                found.add(block.name)
            case Roster() if any(one.startswith(f"{block.name}_") for one in read):
                found.add(block.name)
    return found
