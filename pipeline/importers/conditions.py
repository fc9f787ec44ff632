"""From the raw conditions of other systems to our own expressions.

There a comparison for difference is true of an empty answer, here it is false: ``q <> 1`` becomes
"not (q = 1)".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from pipeline.importers.raw_expressions import (
    Call,
    Listed,
    Literal,
    Raw,
    Ref,
    UnsayableError,
    parse_raw,
)
from pipeline.importers.simplified import all_parts, any_part, strict
from pipeline.questionnaire.expressions import (
    COMPARATORS,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    Not,
    Selected,
    Term,
)

Kind = OneOf["one", "many", "tick", "number", "moment", "words", "rank", "count"]


@dataclass(frozen=True, slots=True)
class Target:
    """A question of ours to which a name of the other system leads.

    Attributes
    ----------
    codes : value of the other system -> code (of a tick: the one value that means ticked)
    missing : codes that give no substance
    """

    question: str
    kind: Kind
    codes: Mapping[str, int] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()


Resolve = Callable[[str], Target]
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def condition_of(written: str, resolve: Resolve) -> Condition:
    """Return our condition for a text of the other system.

    Raises
    ------
    UnsayableError
        Our expressions cannot say it, or it names what `resolve` does not know.
    """
    return _condition(parse_raw(written), resolve)


def term_of(written: str, resolve: Resolve) -> Term:
    """Return our value for a text of the other system; UnsayableError where there is none."""
    return _term(parse_raw(written), resolve)


def _condition(raw: Raw, resolve: Resolve) -> Condition:
    match raw:
        case Call(name="and", parts=parts):
            return _conjoined(parts, resolve)
        case Call(name="or", parts=parts):
            return _disjoined(parts, resolve)
        case Call(name="not", parts=(part,)):
            inner = _condition(part, resolve)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case Call(name=("empty" | "is_empty" | "isempty"), parts=(Ref() as ref,)):
            return _empty(resolve(ref.name))
        case Call(name="notempty", parts=(Ref() as ref,)):
            return Not(_empty(resolve(ref.name)))
        case Call(name=("=" | "!=" | "<" | "<=" | ">" | ">=") as operator, parts=(left, right)):
            return _compared(operator, left, right, resolve)
        case Call(name="in", parts=(Ref() as ref, Listed() as values)):
            return _among(resolve(ref.name), values.values)
        case Call(name=("contains" | "notcontains" | "anyof" | "allof" | "noneof") as word,
                  parts=(Ref() as ref, given)):  # fmt: skip
            return _held(word, resolve(ref.name), _values(given))
        case Ref(name=name) if (target := resolve(name)).kind == "one" and "true" in target.codes:
            return equal(target, "true")
        case Call(name=name):
            raise UnsayableError(f"没有对应的写法：{name}")
    raise UnsayableError("不是条件")


def _missing_of(raw: Raw, resolve: Resolve) -> tuple[str, str] | None:
    """Return operator and question where an answer is held against a code without substance."""
    match raw:
        case Call(name=("=" | "!=") as operator, parts=(Ref() as ref, Literal(value=value))):
            target = resolve(ref.name)
            if target.kind == "one" and target.codes.get(value) in target.missing:
                return operator, target.question
    return None


def _conjoined(parts: tuple[Raw, ...], resolve: Resolve) -> Condition:
    told = [_missing_of(part, resolve) for part in parts]
    plain = [_condition(part, resolve) for part, said in zip(parts, told, strict=True) if not said]
    guarded = {strict(part) for part in plain}
    guarded |= {p.part.question for p in plain if isinstance(p, Not) and isinstance(p.part, Empty)}
    for said in told:  # an answer without substance counts as none
        if said is not None and (said[0] == "=" or said[1] not in guarded):
            raise UnsayableError("用到了表示缺失的选项")
    return all_parts(tuple(dict.fromkeys(plain)))


def _disjoined(parts: tuple[Raw, ...], resolve: Resolve) -> Condition:
    told = [_missing_of(part, resolve) for part in parts]
    plain = [_condition(part, resolve) for part, said in zip(parts, told, strict=True) if not said]
    for said in told:
        if said is not None and (said[0] == "!=" or Empty(said[1]) not in plain):
            raise UnsayableError("用到了表示缺失的选项")
    return any_part(tuple(plain))


def _empty(target: Target) -> Condition:
    if target.kind == "tick":
        return Not(Selected(target.question, next(iter(target.codes.values()))))
    return Empty(target.question)


def equal(target: Target, value: str) -> Condition:
    """Return the condition that the answer is `value`, as the other system writes it."""
    if value == "":
        return _empty(target)
    match target.kind:
        case "one":
            return Compare("=", Answer(target.question), Constant(_code(target, value)))
        case "many":
            return Selected(target.question, _code(target, value))
        case "tick":
            return _ticked(target, value)
        case "number":
            return Compare("=", Answer(target.question), Constant(_number(value)))
        case "moment":
            return Compare("=", Answer(target.question), Constant(value))
        case "count":
            return Compare("=", Count(target.question), Constant(_number(value)))
    raise UnsayableError(f"用到了 {target.question} 的文字")


def _ticked(target: Target, value: str) -> Condition:
    """Return the condition that a box is ticked (``Y``), or not."""
    ((word, code),) = target.codes.items()
    ticked = Selected(target.question, code)
    if value == word:
        return ticked
    if value in ("N", "0"):
        return Not(ticked)
    raise UnsayableError(f"多选项不会有“{value}”")


def _compared(operator: str, left: Raw, right: Raw, resolve: Resolve) -> Condition:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, operator = right, left, _FLIPPED[operator]
    if isinstance(left, Ref) and isinstance(right, Literal):
        return _against(resolve(left.name), operator, right.value)
    if isinstance(left, Ref) and isinstance(right, Listed) and operator in ("=", "!="):
        target = resolve(left.name)
        raise UnsayableError(f"{target.question} 与一组值比较")
    terms = (_term(left, resolve), _term(right, resolve))
    return _related(operator, *terms)


def _related(operator: str, left: Term, right: Term) -> Condition:
    if operator == "!=":
        return Not(Compare("=", left, right))
    for known in COMPARATORS:
        if known == operator:
            return Compare(known, left, right)
    raise UnsayableError(f"没有对应的写法：{operator}")


def _against(target: Target, operator: str, value: str) -> Condition:
    if operator == "=":
        return equal(target, value)
    if operator == "!=":
        inner = equal(target, value)
        return inner.part if isinstance(inner, Not) else Not(inner)
    match target.kind:
        case "number":
            constant = Constant(_number(value))
        case "one" if all(_same(word, code) for word, code in target.codes.items()):
            constant = Constant(_number(value))
        case "moment":
            constant = Constant(value)
        case "count":
            return _related(operator, Count(target.question), Constant(_number(value)))
        case _:
            raise UnsayableError(f"{target.question} 不能比大小")
    return _related(operator, Answer(target.question), constant)


def _same(word: str, code: int) -> bool:
    return word in (str(code), "other", "none") or code < 0


def _among(target: Target, values: tuple[str, ...]) -> Condition:
    return any_part(tuple(equal(target, value) for value in values))


def _values(raw: Raw) -> tuple[str, ...]:
    match raw:
        case Literal(value=value):
            return (value,)
        case Listed(values=values) if values:
            return values
    raise UnsayableError("contains 后面不是选项")


def _held(word: str, target: Target, values: tuple[str, ...]) -> Condition:
    if target.kind not in ("many", "one") or (target.kind == "one" and "contain" in word):
        raise UnsayableError(f"{target.question} 不是多选题")
    parts = tuple(equal(target, value) for value in values)
    if word in ("contains", "allof"):
        return all_parts(parts)
    if word == "notcontains":
        return Not(all_parts(parts))
    return any_part(parts) if word == "anyof" else Not(any_part(parts))


def _term(raw: Raw, resolve: Resolve) -> Term:
    match raw:
        case Literal(value=value):
            return Constant(_number(value))
        case Ref(name=name):
            target = resolve(name)
            if target.kind == "count":
                return Count(target.question)
            if target.kind not in ("number", "moment") and not (
                target.kind == "one"
                and all(_same(word, code) for word, code in target.codes.items())
            ):
                raise UnsayableError(f"{target.question} 没有可以计算的数")
            return Answer(target.question)
        case Call(name=("+" | "-" | "*") as sign, parts=(left, right)):
            operator: OneOf["+", "-", "*"] = "+" if sign == "+" else "-" if sign == "-" else "*"
            return Arithmetic(operator, _term(left, resolve), _term(right, resolve))
        case Call(name="sum", parts=(first, *rest)):
            total = _term(first, resolve)
            for one in rest:
                total = Arithmetic("+", total, _term(one, resolve))
            return total
        case Call(name=("iif" | "if"), parts=(condition, then, otherwise)):
            return Choose(
                _condition(condition, resolve), _term(then, resolve), _term(otherwise, resolve)
            )
        case Call(name="count", parts=(Ref() as ref,)) if resolve(ref.name).kind == "many":
            return Count(resolve(ref.name).question)
        case Call(name=name):
            raise UnsayableError(f"没有对应的算法：{name}")
    raise UnsayableError("不是数值")


def _code(target: Target, value: str) -> int:
    if value not in target.codes:
        raise UnsayableError(f"{target.question} 没有选项“{value}”")
    if target.codes[value] in target.missing:
        raise UnsayableError("用到了表示缺失的选项")
    return target.codes[value]


def _number(value: str) -> int | float:
    try:
        number = float(value)
    except ValueError:
        raise UnsayableError(f"“{value[:20]}”不是数字") from None
    if number != number or abs(number) == float("inf"):
        raise UnsayableError(f"“{value[:20]}”不是数字")
    return int(number) if number.is_integer() and abs(number) < 10**15 else number
