"""Lists of variables in SPSS syntax: ``Q1 Q3 TO Q7 / AGE``."""

from collections.abc import Iterator, Sequence

from pipeline.responses.spss_layout import Unplaced
from pipeline.responses.spss_tokens import Token


def groups(rest: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the parts between slashes, leaving out empty ones."""
    held: list[Token] = []
    for token in rest:
        if token.is_sign("/"):
            if held:
                yield held
            held = []
        else:
            held.append(token)
    if held:
        yield held


def names_before_codes(group: Sequence[Token]) -> int:
    """Return how many tokens at the beginning of a group are names of variables."""
    for at, token in enumerate(group):
        if token.kind == "text" or (token.kind == "word" and _is_number(token.said)):
            return at
    return len(group)


def names_in(group: Sequence[Token], known: Sequence[str]) -> Iterator[str]:
    """Yield the variables that a list names, with ``A TO C`` spelt out in the file's order."""
    tokens = [token for token in group[: names_before_codes(group)] if token.kind == "word"]
    spelt = {name.casefold(): name for name in known}
    at = 0
    while at < len(tokens):
        first = spelt.get(tokens[at].said.casefold(), tokens[at].said)
        if at + 2 < len(tokens) and tokens[at + 1].is_word("TO"):
            last = spelt.get(tokens[at + 2].said.casefold(), tokens[at + 2].said)
            if first not in known or last not in known:
                raise Unplaced(f"不知道 {first} TO {last} 之间有哪些变量。", tokens[at].line)
            yield from known[known.index(first) : known.index(last) + 1]
            at += 3
        else:
            yield from known if first.upper() == "ALL" else (first,)
            at += 1


def _is_number(said: str) -> bool:
    try:
        float(said)
    except ValueError:
        return False
    return True
