"""Cut Chinese text into words (the only module that imports jieba).

A segmenter owns its dictionary: jieba's list, with the survey's lexicon and the terms of its code
frame added. Nothing is shared between segmenters, nothing is logged, no cache is written, so the
same text always gives the same words. Words that jieba cannot hold (with spaces, digits or
punctuation) are matched before the rest is cut.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import accumulate
from math import log
from types import ModuleType
from typing import Any

from pipeline.privacy.redact import MASKS
from pipeline.privacy.surnames import COMMON, COMPOUND, RARE
from pipeline.text_analysis.lexicon import STOP_WORDS

_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_A_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_WITH_MASKS = re.compile(f"({_MASK.pattern})")
_SURNAMES = (*COMPOUND, *COMMON, *RARE)

USUAL = 4
"""A word with more letters is long."""


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Cuts texts into words with one dictionary of its own.

    `lexicon` are words that are never cut; `terms` those that a code frame looks for. `has` also
    finds the parts of long words: 上门 in 上门服务. Texts are kept once cut.
    """

    lexicon: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    _cutter: Any = field(init=False, repr=False, compare=False)
    _phrases: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _own: frozenset[str] = field(init=False, repr=False, compare=False)
    _within: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _edges: dict[str, frozenset[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = frozenset((*self.lexicon, *self.terms))
        odd = sorted(
            (word for word in own if not _HAN_ONLY.fullmatch(word)),
            key=lambda word: (-len(word), word),
        )
        made = {
            "_cutter": _cutter(self.lexicon, self.terms),
            "_phrases": re.compile("|".join(map(re.escape, odd))) if odd else None,
            "_own": own,
            "_within": dict.fromkeys(self.lexicon, ()),
            "_edges": {},
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text in order, without masks, punctuation and bare numbers."""
        return tuple(
            word
            for part in _MASK.split(text)
            for word in self._cut(part, guess=True)
            if word in self._own or _A_WORD.search(word)
        )

    def keywords(self, text: str) -> frozenset[str]:
        """Return the words of a text that can be key words.

        Left out are stop words, single characters and words that look like a person's name;
        words of the lexicon always stay.
        """
        return frozenset(
            word
            for word in self.words(text)
            if word in self.lexicon
            or (len(word) > 1 and word not in STOP_WORDS and not _like_a_name(word))
        )

    def has(self, text: str, term: str) -> bool:
        """Tell whether a term stands in a text as a word, or as several words in a row.

        路灯 stands in 村口的路灯, not in 公路灯会; 公路 also in 高速公路, which is 高速 and 公路.
        """
        start = text.find(term)
        if start < 0:
            return False
        edges = self._edges.get(text)
        if edges is None:
            edges = self._edges[text] = frozenset(self._boundaries(text))
        while start >= 0:
            if start in edges and start + len(term) in edges:
                return True
            start = text.find(term, start + 1)
        return False

    def _boundaries(self, text: str) -> Iterator[int]:
        """Yield the places between the letters where a word begins or ends.

        Words are those of the dictionary only: what jieba guesses to be a new word could hide a
        term.
        """
        at = 0
        for part in _WITH_MASKS.split(text):
            yield at
            if _MASK.fullmatch(part):
                at += len(part)
                continue
            for word in self._cut(part, guess=False):
                yield at
                yield from (at + place for place in self._parts(word))
                at += len(word)
        yield at

    def _parts(self, word: str) -> tuple[int, ...]:
        """Return the places within a word where it is made of others, none in the lexicon's."""
        if word not in self._within:
            if word in self._own:
                ends = list(accumulate(len(one) for one in _plain().cut(word, HMM=False)))
                self._within[word] = tuple(ends[:-1])
            else:
                self._within[word] = _joints(word, self._cutter.FREQ)
        return self._within[word]

    def _cut(self, part: str, *, guess: bool) -> Iterable[str]:
        if self._phrases is None:
            yield from self._cutter.cut(part, HMM=guess)
            return
        end = 0
        for match in self._phrases.finditer(part):
            yield from self._cutter.cut(part[end : match.start()], HMM=guess)
            yield match[0]
            end = match.end()
        yield from self._cutter.cut(part[end:], HMM=guess)


def _like_a_name(word: str) -> bool:
    return (
        2 <= len(word) <= 4
        and word.startswith(_SURNAMES)
        and (word in _dictionary().names or word not in _dictionary().frequencies)
    )


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """A word list: frequencies, their sum, person names, and how words begin.

    `heads` are the first two letters of all words of two and more letters; `longest` is, by head,
    the length of its longest word, if that is beyond `USUAL`.
    """

    frequencies: dict[str, int]
    total: int
    names: frozenset[str]
    heads: set[str]
    longest: dict[str, int]

    def copy(self) -> "_Dictionary":
        """Return a word list that words can be added to."""
        frequencies, heads, longest = (
            self.frequencies.copy(),
            self.heads.copy(),
            self.longest.copy(),
        )
        return _Dictionary(frequencies, self.total, self.names, heads, longest)

    def begins(self, word: str) -> None:
        """Note how a word begins."""
        self.heads.add(word[:2])
        if len(word) > USUAL:
            self.longest[word[:2]] = max(len(word), self.longest.get(word[:2], 0))


@cache
def _jieba() -> ModuleType:
    with warnings.catch_warnings():
        # Its source uses invalid escapes and an old way to find its files; neither is our fault.
        warnings.simplefilter("ignore")
        import jieba
    return jieba  # type: ignore[no-any-return]


@cache
def _dictionary() -> _Dictionary:
    """Return jieba's word list."""
    _jieba()
    cells = (resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").split()
    words, counts, tags = cells[::3], [int(count) for count in cells[1::3]], cells[2::3]
    # 顾客, 高峰 are tagged as names as well.
    names = frozenset(
        word for word, tag in zip(words, tags, strict=True) if tag[:2] == "nr" and len(word) > 2
    )
    heads = {word[:2] for word in words if len(word) > 1}
    known = _Dictionary(dict(zip(words, counts, strict=True)), sum(counts), names, heads, {})
    for word in words:
        if len(word) > USUAL:
            known.begins(word)
    return known


def _tokenizer(known: _Dictionary) -> Any:
    """Return jieba's tokenizer on a word list; it finds the words that jieba finds.

    jieba lists every beginning of every word, which takes longer than all the rest; here it is
    enough to know how words begin.
    """
    frequency = known.frequencies.get

    def graph(text: str) -> dict[int, list[int]]:
        """Return for each place the last letters of the words that begin there."""
        ends = {}
        for start in range(len(text)):
            head = text[start : start + 2]
            if head not in known.heads:
                ends[start] = [start]
                continue
            reach = min(len(text), start + known.longest.get(head, USUAL))
            found = [end for end in range(start, reach) if frequency(text[start : end + 1])]
            ends[start] = found or [start]
        return ends

    def most_likely(text: str, ends: dict[int, list[int]], route: dict[int, Any]) -> None:
        """Set the score of the rest of the text from each place on, and where its word ends."""
        all_words = log(cutter.total)
        route[len(text)] = (0, 0)
        for start in range(len(text) - 1, -1, -1):
            route[start] = max(
                [
                    (
                        log(frequency(text[start : end + 1]) or 1) - all_words + route[end + 1][0],
                        end,
                    )
                    for end in ends[start]
                ]
            )

    cutter = _jieba().Tokenizer()
    cutter.FREQ, cutter.total = known.frequencies, known.total
    cutter.get_DAG, cutter.calc = graph, most_likely
    cutter.initialized = True  # or it would read and write a cache in the shared temporary folder
    return cutter


@cache
def _plain() -> Any:
    return _tokenizer(_dictionary())


def _cutter(lexicon: tuple[str, ...], terms: tuple[str, ...]) -> Any:
    known = _dictionary().copy()
    cutter = _tokenizer(known)
    # A term is kept whole where it stands alone, but is no more common than that takes: it must
    # not be cut out of two words (路灯 of 公路灯会).
    floors = dict.fromkeys(terms, 1) | dict.fromkeys(lexicon, 1000)
    for word, floor in floors.items():
        if _HAN_ONLY.fullmatch(word):
            cutter.add_word(word, max(cutter.suggest_freq(word), floor))
            known.begins(word)
    return cutter


def _joints(word: str, frequencies: dict[str, int]) -> tuple[int, ...]:
    """Return where a word is most likely joined of words of two and more letters: 上门|服务.

    Single letters do not count as words here: 大学 is no part of 大学生.
    """
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for end in range(2, len(word) + 1):
        ways = [
            (best[start][0] + log(count) - log(_dictionary().total), (*best[start][1], end))
            for start in range(end - 1)
            if start in best and end - start < len(word)
            if (count := frequencies.get(word[start:end]))
        ]
        if ways:
            best[end] = max(ways)
    return best[len(word)][1][:-1] if len(word) in best else ()
