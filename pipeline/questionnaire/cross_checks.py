"""What the parts of a questionnaire contradict: names, batteries, measures, columns, readings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipeline.questionnaire.blocks import Block, Matrix, Note, Roster, questions_of_block
from pipeline.questionnaire.misfits import Misfit, Place
from pipeline.questionnaire.own_misfits import repeated
from pipeline.questionnaire.questions import (
    ChoiceQuestion,
    Question,
    QuestionBase,
    Ranking,
    Scale,
)
from pipeline.questionnaire.type_check import Misreading, misreadings

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Blocks with faults of their own, left out of the checks of how all fit together.

    Attributes
    ----------
    names : the names that they and their rows bear, so far as these can be read
    nameless : whether one of them has no name that can be read: then any name may be its
    batteries : the batteries that they name
    """

    names: tuple[tuple[str, Place], ...] = ()
    nameless: bool = False
    batteries: frozenset[str] = frozenset()

    def may_be(self, name: str) -> bool:
        """Tell whether `name` may be that of a question that was left out."""
        return self.nameless or any(
            name == one or name.startswith(f"{one}_") for one, _ in self.names
        )


NONE_OUT = TakenOut()


def misfits(questionnaire: "Questionnaire", taken_out: TakenOut = NONE_OUT) -> Iterator[Misfit]:
    """Yield what does not fit together, in the order of the definition's kinds of parts.

    Nothing is said that may be owed to what was `taken_out`.
    """
    yield from _repeated_names(questionnaire, taken_out)
    yield from _repeated_columns(questionnaire)
    for key in ("batteries", "screen_outs", "quotas"):
        names = [
            (one.name, (key, at, "name")) for at, one in enumerate(getattr(questionnaire, key))
        ]
        yield from _twice([(n, place) for n, place in names if n], f"names of {key}", "名称")
    for name, choices in questionnaire.choice_lists.items():
        for found in repeated(choices, f"the choices of list {name}"):
            yield Misfit(
                ("choice_lists", name, *found.place[1:]), found.en, found.zh, found.remedy
            )
    yield from _batteries(questionnaire, taken_out)
    for block, place in placed_blocks(questionnaire):
        for question, where in placed_questions(block, place):
            countable = isinstance(question, ChoiceQuestion) and not isinstance(question, Ranking)
            if question.measure is not None and not countable:
                yield Misfit(
                    (*where, "measure"),
                    f"{question.name} has a measure, but no choices to count",
                    f"{question.name} 有 measure，但没有可数的选项。",
                    "measure 只用于单选、多选和量表。"
                    "(only single and multiple choices and scales are measured)",
                )
    yield from _misreadings(questionnaire, taken_out)


def placed_blocks(questionnaire: "Questionnaire") -> Iterator[tuple[Block, Place]]:
    """Yield each block with its place in the definition."""
    for at, section in enumerate(questionnaire.sections):
        for position, block in enumerate(section.questions):
            yield block, ("sections", at, "questions", position)


def placed_questions(block: Block, place: Place) -> Iterator[tuple[Question, Place]]:
    """Yield each question that a block stands for, with the place of what describes it.

    Of a roster that is the first entry of each question, after the count of entries.
    """
    made = list(questions_of_block(block))
    match block:
        case Matrix():
            for at, row in enumerate(made):
                yield row, (*place, "items", at)
        case Roster():
            yield made[0], place
            for at, question in enumerate(block.questions):
                yield question, (*place, "questions", at)
        case _:
            for question in made:
                yield question, place


def _twice(placed: Iterable[tuple[str, Place]], what: str, zh: str) -> Iterator[Misfit]:
    first: dict[str, Place] = {}
    told: set[tuple[Place, Place]] = set()
    for name, place in placed:
        before = first.setdefault(name, place)
        if before is not place and (before, place) not in told:
            told.add((before, place))
            yield Misfit(
                place, f"{what} are used twice: {name}", f"{zh} {name} 用了两次。",
                "请改其中一个。(change one of them)", before,
            )  # fmt: skip


def _repeated_names(questionnaire: "Questionnaire", taken_out: TakenOut) -> Iterator[Misfit]:
    placed = [*taken_out.names]
    for block, place in placed_blocks(questionnaire):
        own = (*place, "name")
        if isinstance(block, Matrix | Roster | Note) and block.name:
            placed.append((block.name, own))
        if isinstance(block, Matrix):
            placed += [(i.name, (*place, "items", n, "name")) for n, i in enumerate(block.items)]
        else:
            placed += [(question.name, own) for question in questions_of_block(block)]
    placed.sort(key=lambda one: [step for step in one[1] if isinstance(step, int)])
    yield from _twice(placed, "question names", "题目名")


def _repeated_columns(questionnaire: "Questionnaire") -> Iterator[Misfit]:
    names: set[str] = set()
    placed: list[tuple[str, Place]] = []
    for block, place in placed_blocks(questionnaire):
        for question in questions_of_block(block):
            if question.name not in names:  # of a name used twice, enough is said already
                where = (*place, "column" if getattr(block, "column", "") else "name")
                placed.append((question.exported_as, where))
            names.add(question.name)
    yield from _twice(placed, "columns of the export", "导出的列名")


def _batteries(questionnaire: "Questionnaire", taken_out: TakenOut) -> Iterator[Misfit]:
    named = {battery.name for battery in questionnaire.batteries}
    items: dict[str, list[tuple[Scale, Place]]] = {name: [] for name in sorted(named)}
    for block, place in placed_blocks(questionnaire):
        for question, where in placed_questions(block, place):
            if not isinstance(question, Scale) or not question.battery:
                continue
            if question.battery in named:
                items[question.battery].append((question, where))
                continue
            yield Misfit(
                (*(place if isinstance(block, Matrix) else where), "battery"),
                f"batteries are not described: {question.battery}",
                f"batteries 里没有 {question.battery}。",
                near(question.battery, named, "请在 batteries 里写上它。(describe it there)"),
            )
    positions = {one.name: at for at, one in enumerate(questionnaire.batteries)}
    for name, scales in items.items():
        codes = {tuple(choice.code for choice in scale.substantive) for scale, _ in scales}
        if len(codes) > 1:
            odd = next(p for s, p in scales if tuple(c.code for c in s.substantive) !=
                       tuple(c.code for c in scales[0][0].substantive))  # fmt: skip
            yield Misfit(
                odd, f"the items of battery {name} need one scale of the same codes",
                f"量表 {name} 各题的编码不一样。",
                "合成一个量表的题，选项编码须相同。", scales[0][1],
            )  # fmt: skip
        elif not scales and name not in taken_out.batteries and not taken_out.nameless:
            yield Misfit(
                ("batteries", positions[name]),
                f"the items of battery {name} need one scale of the same codes; it has none",
                f"没有一道题属于量表 {name}。",
                "请在题目里写 battery，或删去它。(it has no items)",
            )  # fmt: skip


def _misreadings(questionnaire: "Questionnaire", taken_out: TakenOut) -> Iterator[Misfit]:
    later = {
        question.name: (*place, "name")
        for block, place in placed_blocks(questionnaire)
        for question in questions_of_block(block)
        if isinstance(block, QuestionBase | Matrix | Roster) or question.name == block.name
    }
    for found in misreadings(questionnaire):
        if not any(taken_out.may_be(name) for name in found.reads):
            yield _misfit(found, later)


def _misfit(found: Misreading, later: dict[str, Place]) -> Misfit:
    zh = found.said_zh.rstrip("。") + "。"
    if not found.unknown:
        return Misfit(found.place, found.said, zh)
    if found.unknown in later:
        return Misfit(
            found.place, found.said, f"条件用到 {found.unknown}，它在这之前没有问过。",
            "条件只能用前面的题，请把它移到前面。(move it before)", later[found.unknown],
        )  # fmt: skip
    remedy = near(found.unknown, later, "请改成前面一道题的名称。(name a question before it)")
    return Misfit(found.place, found.said, f"没有 {found.unknown} 这道题。", remedy)


def near(name: object, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for a name that is not known: the nearest that are, or `otherwise`."""
    found = get_close_matches(str(name), list(known), n=2, cutoff=0.6)
    if not found:
        return otherwise
    return f"是不是 {' 或 '.join(found)}？(did you mean {' or '.join(found)}?)"
