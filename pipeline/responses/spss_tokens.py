"""SPSS syntax cut into commands, and commands into words, texts and signs.

A command ends at a full stop that ends a line, or at an empty line (IBM SPSS Command Syntax
Reference, "Running commands"). Comments are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import Fault, ResponseError, gathered

TOKEN = re.compile(
    r"""\s+
    | /\*.*?(?:\*/|$)
    | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
    | (?P<sign>[()/,=+])
    | (?P<word>[^\s()/,=+"']+(?:\.[^\s()/,=+"']+)*)
    | (?P<wrong>.)""",
    re.VERBOSE,
)
COMMENTS = ("*", "COMMENT")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a command, and the line it stands in. A text has no quotes any more."""

    kind: Literal["text", "sign", "word"]
    said: str
    line: int

    def is_sign(self, sign: str) -> bool:
        return self.kind == "sign" and self.said == sign

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of some keywords, cut to three letters or not."""
        said = self.said.upper()
        return self.kind == "word" and any(
            word == said or (len(said) >= 3 and word.startswith(said)) for word in words
        )


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its tokens, at least one."""

    tokens: tuple[Token, ...]

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.tokens[0].line

    def rest_of(self, *words: str) -> tuple[Token, ...] | None:
        """Return what follows a command's name; None if it is another command."""
        if len(self.tokens) < len(words):
            return None
        if all(t.is_word(word) for t, word in zip(self.tokens, words, strict=False)):
            return self.tokens[len(words) :]
        return None


def commands(path: Path, text: str) -> list[Command]:
    """Return the commands of a syntax file in their order.

    Raises
    ------
    ResponseError
        Every line in which a quotation mark is opened and not closed.
    """
    found: list[Command] = []
    faults: list[Fault] = []
    for lines in _paragraphs(text):
        if lines[0][1].lstrip().startswith("*") or lines[0][1].split()[0].upper() == COMMENTS[1]:
            continue
        tokens: list[Token] = []
        for number, line in lines:
            tokens += _tokens(number, line, faults)
        if tokens := _joined(tokens):
            found.append(Command(tuple(tokens)))
    if faults:
        raise ResponseError(gathered(path, faults))
    return found


def _paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the numbered lines of each command, without the full stop that ends it."""
    held: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.rstrip()
        if bare.endswith("."):
            held.append((number, bare[:-1]))
        elif bare:
            held.append((number, bare))
            continue
        if any(one.strip() for _, one in held):
            yield [one for one in held if one[1].strip()]
        held = []
    if any(one.strip() for _, one in held):
        yield [one for one in held if one[1].strip()]


def _tokens(number: int, line: str, faults: list[Fault]) -> Iterator[Token]:
    for match in TOKEN.finditer(line):
        kind, said = match.lastgroup, match[0]
        if kind == "wrong":
            faults.append(
                Fault(
                    f"第 {number} 行 (line {number})",
                    f"引号 {said} 没有成对：{line.strip()[:60]!r}。",
                    "请补上引号。(a quotation mark is not closed)",
                )
            )
            return
        if kind == "text":
            yield Token("text", said[1:-1].replace(said[0] * 2, said[0]), number)
        elif kind == "sign":
            yield Token("sign", said, number)
        elif kind == "word":
            yield Token("word", said, number)


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Join texts that stand on both sides of a plus."""
    made: list[Token] = []
    for token in tokens:
        if (
            token.kind == "text"
            and len(made) > 1
            and made[-1].is_sign("+")
            and made[-2].kind == "text"
        ):
            made[-2:] = [Token("text", made[-2].said + token.said, made[-2].line)]
        else:
            made.append(token)
    return made
