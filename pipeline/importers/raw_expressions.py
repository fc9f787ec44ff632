"""Parse the conditions of other systems into one raw tree, whatever their spelling.

ExpressionScript of LimeSurvey (``(q1.NAOK == "A1") && !is_empty(q2)``) and the conditions of
SurveyJS (``{a} = 1 and {b} contains 2``) have the same shape: operators, calls, names, literals.
What the tree means is said in ``conditions``.
"""

import re
from dataclasses import dataclass

DEEPEST = 30
LONGEST = 4_000


class UnsayableError(Exception):
    """A condition that our expressions cannot say; the message is the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of a question, as the other system writes it."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or truth value, as written without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Listed:
    """``[1, 2]``."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with what it is applied to; operators in today's spelling."""

    name: str
    parts: tuple["Raw", ...]


Raw = Ref | Literal | Listed | Call

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<ref>\{[^{}]*\})
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<sign>&&|\|\||==|!=|<>|<=|>=|[=<>!()\[\],+*/%^-])
    | (?P<word>[A-Za-z_\u4e00-\u9fff][\w.:#-]*)
    )""",
    re.VERBOSE,
)
_SPELLINGS = {
    "&&": "and", "||": "or", "==": "=", "<>": "!=", "!": "not", "eq": "=", "equal": "=",
    "ne": "!=", "notequal": "!=", "lt": "<", "less": "<", "gt": ">", "greater": ">", "le": "<=",
    "lessorequal": "<=", "ge": ">=", "greaterorequal": ">=", "contain": "contains",
    "notcontain": "notcontains", "noteempty": "notempty", "negate": "not",
}  # fmt: skip
_AFTER = ("empty", "notempty")
_BETWEEN = ("=", "!=", "<", "<=", ">", ">=", "contains", "notcontains", "anyof", "allof",
            "noneof", "in", "startswith", "endswith")  # fmt: skip
_WORDS = frozenset({*_AFTER, *_BETWEEN, "and", "or", "not"})


def parse_raw(written: str) -> Raw:
    """Return the tree of a condition.

    Raises
    ------
    UnsayableError
        It is not written as these conditions are.
    """
    return _Parser(written).whole()


class _Parser:
    def __init__(self, written: str) -> None:
        if len(written) > LONGEST:
            raise UnsayableError("条件太长")
        self.tokens = list(_tokens(written))
        self.at = 0
        self.depth = 0

    def whole(self) -> Raw:
        found = self.either()
        if self.at < len(self.tokens):
            raise UnsayableError(f"读不懂“{self.tokens[self.at][1]}”")
        return found

    def either(self) -> Raw:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnsayableError("括号套得太深")
        parts = [self.both()]
        while self.takes("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Call("or", tuple(parts))

    def both(self) -> Raw:
        parts = [self.denied()]
        while self.takes("and"):
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else Call("and", tuple(parts))

    def denied(self) -> Raw:
        count = 0
        while self.takes("not"):
            count += 1
        found = self.compared()
        return Call("not", (found,)) if count % 2 else found

    def compared(self) -> Raw:
        left = self.summed()
        word = self.word()
        if word in _AFTER:
            self.at += 1
            return Call(word, (left,))
        if word in _BETWEEN:
            self.at += 1
            return Call(word, (left, self.summed()))
        return left

    def summed(self) -> Raw:
        found = self.multiplied()
        while (word := self.word()) in ("+", "-"):
            self.at += 1
            found = Call(word, (found, self.multiplied()))
        return found

    def multiplied(self) -> Raw:
        found = self.operand()
        while (word := self.word()) in ("*", "/", "%", "^"):
            self.at += 1
            found = Call(word, (found, self.operand()))
        return found

    def operand(self) -> Raw:
        if self.at >= len(self.tokens):
            raise UnsayableError("条件没有写完")
        kind, word = self.tokens[self.at]
        self.at += 1
        match kind, word:
            case "ref", _:
                return Ref(word[1:-1].strip())
            case "text", _:
                return Literal(re.sub(r"\\(.)", r"\1", word[1:-1]))
            case "number", _:
                return Literal(word)
            case "sign", "-":
                inner = self.operand()
                if isinstance(inner, Literal):
                    return Literal(f"-{inner.value}")
                return Call("-", (Literal("0"), inner))
            case "sign", "(":
                inner = self.either()
                self.must(")")
                return inner
            case "sign", "[":
                return self.listed()
            case "sign", "not":
                return Call("not", (self.operand(),))
            case "word", ("true" | "false" | "True" | "False"):
                return Literal(word.lower())
            case "word", _ if self.takes("("):
                return Call(word.lower(), self.arguments())
            case "word", _ if word not in _WORDS:
                return Ref(word)
        raise UnsayableError(f"读不懂“{word}”")

    def arguments(self) -> tuple[Raw, ...]:
        parts: list[Raw] = []
        if self.takes(")"):
            return ()
        while True:
            parts.append(self.either())
            if not self.takes(","):
                break
        self.must(")")
        return tuple(parts)

    def listed(self) -> Raw:
        values: list[str] = []
        while not self.takes("]"):
            one = self.operand()
            if not isinstance(one, Literal):
                raise UnsayableError("列表里不是数值或文字")
            values.append(one.value)
            self.takes(",")
        return Listed(tuple(values))

    def word(self) -> str:
        """Return the operator that comes next; '' where none does."""
        if self.at >= len(self.tokens):
            return ""
        kind, word = self.tokens[self.at]
        return word if kind in ("sign", "word") else ""

    def takes(self, word: str) -> bool:
        if self.word() == word:
            self.at += 1
            return True
        return False

    def must(self, word: str) -> None:
        if not self.takes(word):
            raise UnsayableError(f"缺少“{word}”")


def _tokens(written: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(written.rstrip())
    while at < end:
        token = _TOKEN.match(written, at)
        if token is None:
            raise UnsayableError(f"读不懂“{written[at : at + 20].strip()}”")
        kind = str(token.lastgroup)
        word = token[kind]
        if kind == "sign":
            word = _SPELLINGS.get(word, word)
        elif kind == "word":
            plain = _SPELLINGS.get(word.lower(), word.lower())
            word = plain if plain in _WORDS else word
        found.append((kind, word))
        at = token.end()
    return found
