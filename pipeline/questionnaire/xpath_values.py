"""Read the values in an XLSForm's XPath: numbers, days, times of day, counts of ticks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.expressions import (
    Answer,
    Arithmetic,
    Choose,
    Condition,
    Constant,
    Count,
    Term,
)
from pipeline.questionnaire.questions import (
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    OpenEnded,
    Question,
    Ranking,
    is_moment,
)
from pipeline.questionnaire.xpath_guards import TRUE, Truth
from pipeline.questionnaire.xpath_syntax import (
    Binary,
    Call,
    NotUnderstoodError,
    Numeral,
    Quoted,
    Reference,
    Tree,
)

MINUTES = 1440


@dataclass(frozen=True)
class Values(ABC):
    """What reads values; conditions inside them are read by who inherits.

    Attributes
    ----------
    names : the form's name of a question -> the question
    itself : the form's name of the question that ``.`` stands for
    word : the form's name of a choice
    """

    names: Mapping[str, Question]
    itself: str
    word: Callable[[Choice], str]

    @abstractmethod
    def condition(self, tree: Tree) -> Condition | Truth:
        """Read a condition; NotUnderstoodError where it has no counterpart."""

    def question(self, reference: Reference) -> Question:
        name = reference.name or self.itself
        if not name:
            raise NotUnderstoodError("“.”在这里没有所指")
        if name not in self.names:
            raise NotUnderstoodError(f"没有可用的题目 {name}")
        question = self.names[name]
        if isinstance(question, OpenEnded):
            raise NotUnderstoodError(f"{name} 是开放题，文字不能用作条件")
        return question

    def maybe_moment(self, tree: Tree, beside: Tree) -> Term:
        if isinstance(tree, Quoted) and isinstance(beside, Reference):
            question = self.question(beside)
            if isinstance(question, Moment) and is_moment(tree.text, question.type):
                return Constant(tree.text)
        return self.term(tree)

    def sides(self, left: Tree, right: Tree) -> tuple[Term, Term]:
        """Read two values to compare; texts and minutes beside a day or time are such."""
        one, other = self.maybe_moment(left, right), self.maybe_moment(right, left)
        first, second = self.kind(one), self.kind(other)
        if "time" in (first, second):
            return _of_day(one), _of_day(other)
        if first != second:
            raise NotUnderstoodError("比较的两边类型不同")
        return one, other

    def kind(self, term: Term) -> str:
        by_name = {question.name: question for question in self.names.values()}
        match term:
            case Constant(value=str(text)):
                return "datetime" if "T" in text else "date" if "-" in text else "time"
            case Answer(question=name):
                question = by_name[name]
                return question.type if isinstance(question, Moment) else "number"
            case Choose():
                return self.kind(term.then)
        return "number"

    def term(self, tree: Tree) -> Term:
        """Read a value: a number, a day, a time of day."""
        match tree:
            case Numeral():
                return Constant(tree.value)
            case Quoted():
                return Constant(numeral(tree))
            case Reference():
                return self.answer(tree)
            case Call("number", (inner,)):
                asked = self.coded(inner)
                return self.number(inner) if asked is None else Answer(asked)
            case Call("round", (Binary("*", Call("decimal-time", (asked,)), Numeral(1440)),)):
                return self.answer(asked) if isinstance(asked, Reference) else self.term(asked)
            case Call("round", (inner, Numeral(6))):
                return self.number(inner)
            case Call("count-selected", (Reference() as asked,)):
                return self.count(self.question(asked))
            case Call("date", (Quoted(text),)) if is_moment(text, "date"):
                return Constant(text)
            case Call("date-time", (Quoted(text),)) if is_moment(text[:16], "datetime"):
                return Constant(text[:16])
            case Call("if", (guard, then, otherwise)):
                return self.choice(guard, then, otherwise)
            case Binary("+" | "-" | "*" as sign, left, right):
                return Arithmetic(sign, self.number(left), self.number(right))
            case Binary("div" | "mod" as sign, _, _):
                raise NotUnderstoodError(f"用到 {sign}（除法各系统结果不同）")
            case Call(function, _):
                raise NotUnderstoodError(f"用到函数 {function}()")
        raise NotUnderstoodError("条件不能当作数值用")

    def number(self, tree: Tree) -> Term:
        term = self.term(tree)
        if self.kind(term) != "number":
            raise NotUnderstoodError("日期和时间不能加减")
        return term

    def choice(self, guard: Tree, then: Tree, otherwise: Tree) -> Term:
        fits = self.condition(guard)
        if isinstance(fits, Truth):
            return self.term(then if fits is TRUE else otherwise)
        first, second = self.term(then), self.term(otherwise)
        if "time" in (self.kind(first), self.kind(second)):
            first, second = _of_day(first), _of_day(second)
        elif self.kind(first) != self.kind(second):
            raise NotUnderstoodError("if 的两个值类型不同")
        return Choose(fits, first, second)

    def answer(self, reference: Reference) -> Term:
        question = self.question(reference)
        if isinstance(question, ChoiceQuestion):
            self.single(question)
            worded = any(self.word(c) != str(c.code) for c in question.substantive)
            if isinstance(question, MultipleChoice) or worded:
                raise NotUnderstoodError(f"选择题 {question.name} 的选项不是数字，不能当作数值用")
        return Answer(question.name)

    def count(self, question: Question) -> Term:
        if not isinstance(question, MultipleChoice):
            raise NotUnderstoodError(f"{question.name} 不是多选题，没有选中的项数")
        if missing_codes(question):
            raise NotUnderstoodError(f"{question.name} 有缺失值选项，选中的项数不同")
        return Count(question.name)

    def coded(self, tree: Tree) -> str | None:
        """Return the question whose code a tree looks up from its word; None where none."""
        match tree:
            case Call("if", (guard, Quoted(""), Reference() as asked)):
                question = self.question(asked)
                idle = {str(code) for code in missing_codes(question)}
                if isinstance(question, ChoiceQuestion):
                    idle = {self.word(c) for c in question.choices if c.missing is not None}
                found = set(_words(guard, asked))
                return question.name if idle and found == idle else None
        found_codes: dict[str, object] = {}
        asked_once: Reference | None = None
        while isinstance(tree, Call) and tree.function == "if" and len(tree.arguments) == 3:
            guard, then, tree = tree.arguments
            match guard, then:
                case Binary("=", Reference() as one, Quoted(word)), Numeral(code) if (
                    asked_once in (None, one)
                ):
                    asked_once, found_codes[word] = one, code
                case _:
                    return None
        if asked_once is None or tree != Quoted(""):
            return None
        question = self.question(asked_once)
        if not isinstance(question, ChoiceQuestion):
            return None
        wanted = {self.word(c): c.code for c in question.substantive}
        return question.name if wanted == found_codes else None

    def single(self, question: ChoiceQuestion) -> None:
        if isinstance(question, Ranking):
            raise NotUnderstoodError(f"排序题 {question.name} 不能用作条件")


def _words(tree: Tree, asked: Reference) -> list[str]:
    """Return the words of a chain ``q = 'a' or q = 'b'``; nothing where it is none."""
    match tree:
        case Binary("or", left, right):
            first, second = _words(left, asked), _words(right, asked)
            return [*first, *second] if first and second else []
        case Binary("=", Reference() as one, Quoted() | Numeral() as word) if one == asked:
            return [written(word)]
    return []


def written(tree: Tree) -> str:
    """Return a choice's word, which may stand without quotes if it is a number."""
    match tree:
        case Quoted():
            return tree.text
        case Numeral():
            return tree.written
    raise NotUnderstoodError("选项没有写成文字或数字")


def numeral(tree: Quoted | Numeral) -> int | float:
    """Return a number, which may stand in quotes."""
    if isinstance(tree, Numeral):
        return tree.value
    try:
        value = float(tree.text)
    except ValueError:
        raise NotUnderstoodError(f"“{tree.text}”不是数字") from None
    if not abs(value) < 1e15:
        raise NotUnderstoodError(f"“{tree.text}”不是可用的数字")
    return int(value) if value.is_integer() else value


def _of_day(term: Term) -> Term:
    """Return a time of day of minutes since midnight."""
    match term:
        case Constant(value=int(minutes)) if 0 <= minutes < MINUTES:
            return Constant(f"{minutes // 60:02d}:{minutes % 60:02d}")
        case Choose():
            return Choose(term.condition, _of_day(term.then), _of_day(term.otherwise))
        case Answer() | Constant(value=str()):
            return term
    raise NotUnderstoodError("时间不能这样比较")
