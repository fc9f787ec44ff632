"""Expressions held against the questions that they read: types, codes, and the order of asking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.questionnaire.blocks import Block, Matrix, Roster, questions_of_block
from pipeline.questionnaire.expressions import (
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Node,
    Selected,
    Term,
    nodes_of,
    questions_of,
)
from pipeline.questionnaire.misfits import Place as Place
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    OpenEnded,
    Question,
    QuestionBase,
    Ranking,
    SingleChoice,
    is_moment,
)

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire

Kind = Literal["number", "date", "time", "datetime"]


@dataclass(frozen=True, slots=True)
class Misreading:
    """An expression that reads what is not there.

    Attributes
    ----------
    place : keys and 0-based positions from the top of the definition, ``("sections", 0, ...)``
    said : what is wrong, in a short English sentence; ``said_zh`` the same in Chinese
    reads : the names of all questions that the expression reads
    unknown : the one of them that is not asked before it; '' if all are
    """

    place: Place
    said: str
    said_zh: str
    reads: tuple[str, ...] = ()
    unknown: str = ""


def misreadings(questionnaire: "Questionnaire") -> Iterator[Misreading]:
    """Yield everything that expressions read and cannot, in the order of the definition."""
    asked: dict[str, Question] = {}
    for at, section in enumerate(questionnaire.sections):
        here: Place = ("sections", at)
        yield from _of_condition(section.show_if, asked, (*here, "show_if"), "a section's show_if")
        for position, block in enumerate(section.questions):
            yield from _of_block(block, asked, (*here, "questions", position))
            asked |= {question.name: question for question in questions_of_block(block)}
    for at, ended in enumerate(questionnaire.screen_outs):
        place: Place = ("screen_outs", at, "when")
        yield from _of_condition(ended.when, asked, place, f"when of {ended.name}")
    for at, quota in enumerate(questionnaire.quotas):
        place = ("quotas", at, "when")
        yield from _of_condition(quota.when, asked, place, f"when of {quota.name}")


def misread(node: Node, asked: Mapping[str, Question]) -> Iterator[Misreading]:
    """Yield what one expression reads and cannot, if `asked` are the questions before it."""
    yield from _of_nodes(node, asked, (), "it")


def is_number(term: Term, asked: Mapping[str, Question]) -> bool:
    """Tell whether a value is a number, and not a day or time."""
    return _kind(term, asked) == "number"


def _of_block(block: Block, asked: Mapping[str, Question], place: Place) -> Iterator[Misreading]:
    route = f"show_if of {block.name}"
    yield from _of_condition(block.show_if, asked, (*place, "show_if"), route)
    match block:
        case Matrix():
            rows = list(questions_of_block(block))
            for at, item in enumerate(block.items):
                known = {**asked, **{row.name: row for row in rows[:at]}}
                where: Place = (*place, "items", at, "show_if")
                yield from _of_condition(item.show_if, known, where, f"show_if of {item.name}")
        case Roster():
            known = dict(asked)
            for at, question in enumerate(block.questions):
                where = (*place, "questions", at)
                yield from _of_condition(
                    question.show_if, known, (*where, "show_if"), f"show_if of {question.name}"
                )
                yield from _of_question(question, known, where)
                known |= {one.name: one for one in questions_of_block(question)}
        case QuestionBase():
            yield from _of_question(block, asked, place)
        case _:
            pass


def _of_question(
    question: Question, asked: Mapping[str, Question], place: Place
) -> Iterator[Misreading]:
    for at, check in enumerate(question.checks):
        known = {**asked, question.name: question}
        where: Place = (*place, "checks", at, "holds")
        yield from _of_condition(check.holds, known, where, f"checks of {question.name}")
    if isinstance(question, Calculated):
        where = (*place, "value")
        yield from _of_nodes(question.value, asked, where, f"value of {question.name}")
        if _kind(question.value, asked) != "number":
            yield _said(where, f"value of {question.name} is no number", "算出来的不是数字")
    if question.domain and not isinstance(question, SingleChoice):
        yield _said(
            (*place, "domain"),
            f"{question.name} is a domain; only a single_choice can be one",
            f"{question.name} 作分组用（domain），只有 single_choice 可以",
        )


def _of_condition(
    condition: Condition | None, asked: Mapping[str, Question], place: Place, where: str
) -> Iterator[Misreading]:
    if condition is not None:
        yield from _of_nodes(condition, asked, place, where)


def _of_nodes(
    node: Node, asked: Mapping[str, Question], place: Place, where: str
) -> Iterator[Misreading]:
    for one in nodes_of(node):
        if isinstance(one, Answer | Count | In | Selected | Empty) and one.question not in asked:
            yield Misreading(
                place,
                f"{where} reads {one.question}, which is not asked before it",
                f"条件用到 {one.question}，它在这之前没有问过（或没有这道题）",
                tuple(questions_of(node)),
                one.question,
            )
            return
    for one in nodes_of(node):
        if found := _wrong(one, asked, where):
            yield Misreading(place, *found, tuple(questions_of(node)))


def _wrong(node: Node, asked: Mapping[str, Question], where: str) -> tuple[str, str] | None:
    """Return what is wrong of one node alone, in English and Chinese; None where nothing is."""
    match node:
        case Selected() | Count():
            question = asked[node.question]
            word = "selected" if isinstance(node, Selected) else "count"
            if not isinstance(question, MultipleChoice):
                return (
                    f"{where}: '{word}' needs a multiple_choice, not {question.name}",
                    f"{word} 只用于多选题，{question.name} 不是多选题",
                )
            return _unknown(question, {node.code}, where) if isinstance(node, Selected) else None
        case Empty(question=name) if isinstance(asked[name], OpenEnded):
            return (
                f"{where} reads {name}, whose words are kept apart",
                f"{name} 是开放题，文字单独存放，不能用作条件",
            )
        case Answer(question=name) | In(question=name) if isinstance(
            asked[name], MultipleChoice | OpenEnded | Ranking
        ):
            kind = asked[name].type
            return (
                f"{where} compares {name}, a {kind}; it has no one value",
                f"{name} 是 {kind}，没有单一的值，不能比较；多选题请用 selected 或 count",
            )
        case In():
            if _kind(Answer(node.question), asked) != "number":
                return (f"{where}: 'in' needs codes", f"in 只用于编码和数字，{node.question} 不是")
            return _unknown(asked[node.question], set(node.values), where)
        case Compare():
            return _miscompared(node, asked, where)
        case Arithmetic():
            if {_kind(node.left, asked), _kind(node.right, asked)} != {"number"}:
                return (
                    f"{where}: '{node.operator}' needs numbers",
                    f"“{node.operator}”只能用于数字",
                )
        case Choose():
            if _kind(node.then, asked) != _kind(node.otherwise, asked):
                return (f"{where}: the two values of 'if' differ in kind", "if 的两个值类型不同")
    return None


def _miscompared(
    node: Compare, asked: Mapping[str, Question], where: str
) -> tuple[str, str] | None:
    left, right = _kind(node.left, asked), _kind(node.right, asked)
    if left != right:
        return (
            f"{where} compares a {left} with a {right}",
            f"类型不同，不能比较：一边是 {left}，一边是 {right}",
        )
    if isinstance(node.left, Constant) and isinstance(node.right, Constant):
        return (f"{where} compares two constants", "比较的两边都是常数")
    for term, other in ((node.left, node.right), (node.right, node.left)):
        match term, other:
            case Answer(question=name), Constant(value=int() | float() as value):
                if wrong := _unknown(asked[name], {value}, where):
                    return wrong
            case _, Constant(value=str() as text) if left != "number" and not is_moment(
                text, left
            ):
                return (f"{where}: {text!r} is no {left}", f"{text!r} 不是有效的 {left}")
    return None


def _unknown(question: Question, read: set[int | float], where: str) -> tuple[str, str] | None:
    if not isinstance(question, ChoiceQuestion):
        return None
    unknown = sorted(read - {choice.code for choice in question.substantive})
    if not unknown:
        return None
    named = ", ".join(f"{code:g}" for code in unknown)
    return (
        f"{where} reads {named} of {question.name}, which is no answer code of it",
        f"{question.name} 没有编码 {named}（“说不清”“拒答”等缺失编码也不能用作条件）",
    )


def _kind(term: Term, asked: Mapping[str, Question]) -> Kind:
    """Return what kind of value a term has; what cannot be known counts as a number."""
    match term:
        case Constant(value=str(text)):
            for kind in ("date", "time", "datetime"):
                if is_moment(text, kind):
                    return kind
            return "datetime" if "T" in text else "date" if "-" in text else "time"
        case Answer(question=name):
            question = asked.get(name)
            return question.type if isinstance(question, Moment) else "number"
        case Choose():
            return _kind(term.then, asked)
    return "number"


def _said(place: Place, english: str, chinese: str) -> Misreading:
    return Misreading(place, english, chinese)
