"""The grammar of XPath as the relevant, constraint and calculation of XLSForms use it.

Names of questions stand as ``${name}``, ``.`` is the question itself. Paths, predicates and axes
are not followed. Source: XPath 1.0, section 3 (Expressions) and 3.7 (Lexical Structure).
"""

import re
from dataclasses import dataclass

DEEPEST = 60
LONGEST = 20_000
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\xa0": " "})
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<reference>\$\{\s*[^{}\s][^{}]*?\s*\})
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<name>[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)
    | (?P<sign>!=|<=|>=|\.\.|//|[-+*=<>(),.|/@\[\]])
    )""",
    re.VERBOSE,
)
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))


class NotUnderstoodError(ValueError):
    """The text is outside the grammar or has no counterpart; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text in quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, and how it was written."""

    value: int | float
    written: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A question, by the name that the form gives it; '' is the question itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions with an operator between them."""

    operator: str
    left: "Tree"
    right: "Tree"


Tree = Quoted | Numeral | Reference | Call | Binary


def straightened(text: str) -> str:
    """Return a text with straight quotes for the curly ones that word processors make."""
    return text.translate(_QUOTES)


def tree_of(text: str) -> Tree:
    """Return the tree of an expression.

    Raises
    ------
    NotUnderstoodError
        It is no XPath, or of a kind that XLSForm conditions of answers do not need.
    """
    if len(text) > LONGEST:
        raise NotUnderstoodError(f"超过 {LONGEST} 个字符")
    reader = _Reader(_tokens(straightened(text)))
    tree = reader.level(0)
    if reader.kind:
        raise NotUnderstoodError(f"“{reader.word}”多余或位置不对")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None or match.lastgroup is None:
            raise NotUnderstoodError(f"看不懂“{text[at : at + 20].strip()}”")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    if not found:
        raise NotUnderstoodError("是空的")
    return found


class _Reader:
    """Reads tokens from left to right, by precedence."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        word = self.word
        self.at += 1
        return word

    def expect(self, sign: str) -> None:
        if self.kind != "sign" or self.word != sign:
            raise NotUnderstoodError(
                f"缺少“{sign}”" + (f"，却是“{self.word}”" if self.word else "")
            )
        self.at += 1

    def level(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self.single()
        left = self.level(level + 1)
        chain = 0
        while self.kind in ("sign", "name") and self.word in _LEVELS[level]:
            chain += 1
            if chain > 4 * DEEPEST:
                raise NotUnderstoodError("太长")
            operator = self.take()
            left = Binary(operator, left, self.level(level + 1))
        return left

    def single(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstoodError(f"括号套了 {DEEPEST} 层以上")
        made = self._single()
        self.depth -= 1
        return made

    def _single(self) -> Tree:
        kind, word = self.kind, self.take()
        match kind, word:
            case "sign", "-":
                inner = self.single()
                if isinstance(inner, Numeral):
                    return Numeral(-inner.value, f"-{inner.written}")
                return Binary("-", Numeral(0, "0"), inner)
            case "sign", "(":
                inner = self.level(0)
                self.expect(")")
                return inner
            case "sign", ".":
                return Reference("")
            case "reference", _:
                return Reference(word[2:-1].strip())
            case "number", _:
                value = float(word)
                return Numeral(int(value) if value.is_integer() else value, word)
            case "text", _:
                return Quoted(word[1:-1])
            case "name", _ if self.kind == "sign" and self.word == "(":
                return self.call(word)
        if not kind:
            raise NotUnderstoodError("没有写完")
        raise NotUnderstoodError(f"“{word}”不是题目、数字、带引号的文字或函数")

    def call(self, function: str) -> Tree:
        self.take()
        arguments: list[Tree] = []
        if self.kind == "sign" and self.word == ")":
            self.take()
            return Call(function, ())
        if (self.kind, self.word) == ("sign", ".."):
            raise NotUnderstoodError(f"用到函数 {function}(..)")
        arguments.append(self.level(0))
        while self.kind == "sign" and self.word == ",":
            self.take()
            arguments.append(self.level(0))
        self.expect(")")
        return Call(function, tuple(arguments))
