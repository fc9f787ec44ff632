"""Read the XPath of an XLSForm's relevant, constraint and calculation into our expressions.

What is read means the same for every respondent: XPath finds ``'' != 1`` true, so an inequality is
read as "not equal". What has no counterpart (functions of text, today, division, repeats) is not
read, and the reason is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.questionnaire.expressions import (
    COMPARATORS,
    DEEPEST,
    And,
    Answer,
    Arithmetic,
    Choose,
    Comparator,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    Node,
    Not,
    Or,
    Selected,
    Term,
)
from pipeline.questionnaire.questions import (
    Choice,
    ChoiceQuestion,
    MultipleChoice,
    Numeric,
    Question,
    QuestionBase,
)
from pipeline.questionnaire.xpath_guards import (
    FALSE,
    TRUE,
    Truth,
    all_true,
    any_true,
    not_true,
    without_guards,
)
from pipeline.questionnaire.xpath_syntax import (
    Binary,
    Call,
    NotUnderstoodError,
    Numeral,
    Quoted,
    Reference,
    Tree,
    straightened,
    tree_of,
)
from pipeline.questionnaire.xpath_values import Values, numeral, written

__all__ = ["Calculation", "Unread", "read_condition", "read_value", "straightened"]

SIGNS: Mapping[str, Comparator] = {sign: sign for sign in COMPARATORS}
MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Unread:
    """An expression that has no counterpart; `why` is a whole Chinese sentence that quotes it."""

    why: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """A value worked out; `show_if` is the condition without which it is empty."""

    value: Term
    show_if: Condition | None = None


def read_condition(
    text: str,
    names: Mapping[str, Question],
    itself: str = "",
    word: Callable[[Choice], str] = lambda choice: choice.exported_as,
) -> Condition | Unread:
    """Return the condition that an XPath describes.

    Parameters
    ----------
    names : the form's name of a question -> the question
    itself : the form's name of the question that ``.`` stands for, '' where there is none
    word : the form's name of a choice
    """
    reader = _Reader(names, itself, word)
    try:
        found = reader.condition(tree_of(text))
        if isinstance(found, Truth):
            raise NotUnderstoodError("对谁都成立" if found is TRUE else "对谁都不成立")
        _refuse_deep(found)
        return found
    except NotUnderstoodError as fault:
        return _unread(text, str(fault))
    except RecursionError:  # many long chains inside one another
        return _unread(text, "套得太深")


def read_value(
    text: str,
    names: Mapping[str, Question],
    word: Callable[[Choice], str] = lambda choice: choice.exported_as,
) -> Calculation | Unread:
    """Return the value that an XPath describes; parameters are those of `read_condition`."""
    reader = _Reader(names, "", word)
    try:
        tree, shown = tree_of(text), None
        match tree:
            case Call("if", (guard, then, Quoted(""))) if reader.coded(tree) is None:
                value = reader.term(then)
                fits = reader.condition(guard)
                if fits is FALSE:
                    raise NotUnderstoodError("对谁都没有值")
                shown = without_guards(fits, value)
            case _:
                value = reader.term(tree)
        _refuse_deep(value)
        if shown is not None:
            _refuse_deep(shown)
        return Calculation(value, shown)
    except NotUnderstoodError as fault:
        return _unread(text, str(fault))
    except RecursionError:  # many long chains inside one another
        return _unread(text, "套得太深")


def _unread(text: str, why: str) -> Unread:
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 120 else f"{shown[:120]}……"
    return Unread(f"表达式 {shown} 没有读入：{why}。")


def _refuse_deep(node: Node) -> None:
    if _depth(node) > DEEPEST - 4:
        raise NotUnderstoodError("套得太深")


def _depth(node: Node) -> int:
    match node:
        case Compare() | Arithmetic():
            inner: tuple[Node, ...] = (node.left, node.right)
        case Choose():
            inner = (node.condition, node.then, node.otherwise)
        case Not():
            inner = (node.part,)
        case And() | Or():
            inner = node.parts
        case _:
            inner = ()
    return 1 + max((_depth(one) for one in inner), default=0)


@dataclass(frozen=True)
class _Reader(Values):
    def condition(self, tree: Tree) -> Condition | Truth:
        match tree:
            case Binary("or" | "and" as joined, left, right):
                parts = [self.condition(left), self.condition(right)]
                return (
                    any_true(parts, self.names) if joined == "or" else all_true(parts, self.names)
                )
            case Binary(operator, left, right) if operator in MIRRORED:
                return self.compared(left, operator, right)
            case Call("not", (part,)):
                return not_true(self.condition(part), self.names)
            case Call("selected", (Reference() as asked, chosen)):
                return self.chosen(self.question(asked), written(chosen))
            case Call("true", ()):
                return TRUE
            case Call("false", ()):
                return FALSE
            case Call("if", (guard, then, otherwise)):
                fits = self.condition(guard)
                first = all_true([fits, self.condition(then)], self.names)
                other = [not_true(fits, self.names), self.condition(otherwise)]
                return any_true([first, all_true(other, self.names)], self.names)
            case Call(function, _):
                raise NotUnderstoodError(f"用到函数 {function}()")
        raise NotUnderstoodError("单独一个值不是条件")

    def compared(self, left: Tree, operator: str, right: Tree) -> Condition | Truth:
        if isinstance(right, Reference) and not isinstance(left, Reference):
            left, operator, right = right, MIRRORED[operator], left
        match left, right:
            case ((Reference() | Call("string-length", (Reference(),))), _) if (
                found := self.answered(left, operator, right)
            ) is not None:
                return found
            case Reference(), Quoted() | Numeral() if isinstance(
                question := self.question(left), ChoiceQuestion
            ):
                return self.coded_compared(question, operator, right)
            case Call("abs", (Binary("-", one, other),)), Numeral(0) if operator == ">":
                return _unequal(*self.sides(one, other))
            case Reference(), Reference():
                return self.alike(left, operator, right)
            case _, Quoted("") if operator in ("=", "!="):
                value = self.term(left)
                there = Compare("=", value, value)  # false where it is empty
                return Not(there) if operator == "=" else there
        return _inequality(*self.sides(left, right), operator)

    def answered(self, left: Tree, operator: str, right: Tree) -> Condition | None:
        """Read ``= ''``, ``!= ''`` and their like by the length of the text."""
        match left, operator, right:
            case Reference(), "=" | "!=", Quoted(""):
                empty = operator == "="
            case Call(_, (Reference() as inner,)), ("=" | "!=" | ">") as sign, Numeral(0):
                left, empty = inner, sign == "="
            case Call(), _, _:
                raise NotUnderstoodError("用到函数 string-length()")
            case _:
                return None
        assert isinstance(left, Reference)
        nothing = Empty(self.question(left).name)
        return nothing if empty else Not(nothing)

    def alike(self, left: Reference, operator: str, right: Reference) -> Condition:
        """Compare two answers; XPath finds two empty ones equal."""
        one, other = self.sides(left, right)
        if operator not in ("=", "!="):
            return _placed(operator, one, other)
        equal: Condition = Compare("=", one, other)
        if self.itself not in (left.name or self.itself, right.name or self.itself):
            names = (self.question(left).name, self.question(right).name)
            equal = Or((equal, And((Empty(names[0]), Empty(names[1])))))
        return equal if operator == "=" else Not(equal)

    def coded_compared(
        self, question: ChoiceQuestion, operator: str, right: Quoted | Numeral
    ) -> Condition | Truth:
        if operator in ("=", "!="):
            only = self.chosen(question, written(right), alone=True)
            return only if operator == "=" else not_true(only, self.names)
        if isinstance(question, MultipleChoice):
            raise NotUnderstoodError(f"多选题 {question.name} 不能比较大小")
        bound = numeral(right)
        fitting = [c for c in question.choices if _fits(self.word(c), operator, bound)]
        if lost := [self.word(c) for c in fitting if c.missing is not None]:
            raise NotUnderstoodError(f"比较会包括缺失值选项 {'、'.join(lost)}")
        chain = [Compare("=", Answer(question.name), Constant(c.code)) for c in fitting]
        return any_true(list(chain), self.names)

    def chosen(self, question: QuestionBase, word: str, alone: bool = False) -> Condition:
        """Read that a choice is chosen; `alone`, as in ``${many} = 'a'``: and no other."""
        if isinstance(question, Numeric):  # selected(${n}, '1') of a number means that it is 1
            return Compare("=", Answer(question.name), Constant(numeral(Quoted(word))))
        if not isinstance(question, ChoiceQuestion):
            raise NotUnderstoodError(f"{question.name} 不是选择题")
        code = self.code(question, word)
        if not isinstance(question, MultipleChoice):
            self.single(question)
            return Compare("=", Answer(question.name), Constant(code))
        ticked = Selected(question.name, code)
        one = Compare("=", Count(question.name), Constant(1))
        return And((ticked, one)) if alone else ticked

    def code(self, question: ChoiceQuestion, word: str) -> int:
        for choice in question.choices:
            if self.word(choice) == word.strip():
                if choice.missing is not None:
                    raise NotUnderstoodError(
                        f"“{word}”是 {question.name} 的缺失值选项，不能用作条件"
                    )
                return choice.code
        raise NotUnderstoodError(f"{question.name} 没有选项“{word}”")


def _fits(word: str, operator: str, bound: int | float) -> bool:
    try:
        return _related(float(word), operator, bound)
    except ValueError:
        return False


def _related(left: float, operator: str, right: float) -> bool:
    told = {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }
    return told[operator]


def _inequality(left: Term, right: Term, operator: str) -> Condition | Truth:
    """Return the comparison; XPath finds an empty answer unequal, so "not equal" it is."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        if isinstance(left.value, str) or isinstance(right.value, str):
            raise NotUnderstoodError("比较的两边都是常数")
        return TRUE if _related(left.value, operator, right.value) else FALSE
    if operator != "!=":
        return _placed(operator, left, right)
    there = all(isinstance(one, Constant | Count) for one in (left, right))
    return _placed("!=", left, right) if there else Not(_placed("=", left, right))


def _placed(operator: str, left: Term, right: Term) -> Compare:
    """Return the comparison with the answer first and the constant last."""
    if isinstance(left, Constant) or (isinstance(right, Answer) and not isinstance(left, Answer)):
        left, operator, right = right, MIRRORED[operator], left
    return Compare(SIGNS[operator], left, right)


def _unequal(left: Term, right: Term) -> Condition | Truth:
    """Return that two values differ and neither is empty."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _inequality(left, right, "!=")
    return _placed("!=", left, right)
