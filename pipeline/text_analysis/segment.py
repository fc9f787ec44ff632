"""Cut Chinese text into words (the only module that imports jieba).

A segmenter owns its dictionary: jieba's list, with the survey's lexicon added. Nothing is shared
between segmenters, nothing is logged, no cache is written, so the same text always gives the
same words. Words of the lexicon that jieba cannot hold (with spaces, digits or punctuation) are
matched before the rest is cut.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from types import ModuleType

from pipeline.errors import Fault, SurveyError, gathered
from pipeline.privacy.redact import MASKS
from pipeline.privacy.surnames import COMMON, COMPOUND, RARE

_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_A_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_SURNAMES = (*COMPOUND, *COMMON, *RARE)

STOP_WORDS = frozenset(
    """
    的 了 是 在 有 和 与 或 及 等 到 对 把 被 让 给 从
    向 由 就 都 还 也 又 再 很 太 更 最 非常 比较 一些
    一点 一个 一下 一件 一次 一种 这 那 这个 那个 这些 那些
    这样 那样 我 你 他 她 它 我们 你们 他们 大家 自己 什么
    怎么 怎样 如何 为什么 哪里 因为 所以 但是 可是 不过 虽然 如果
    就是 还是 或者 而且 并且 以及 然后 其实 可能 应该 应 可以
    能 能够 能不能 会 要 想 说 做 去 来 没 没有 不 不是
    不能 不要 无 时候 现在 目前 以后 之后 以前 已经 一直 有点
    有些 有时 真的 特别 觉得 感觉 认为 希望 建议 请 谢谢 尽快
    多 少 好 大 小 先 上 下 里 中 后 前 年 月 日 天 个
    件 件事 事 事情 问题 方面 情况 进行 需要 关于 通过 比如
    例如 以 为 于 之 其 该 此 并 而 则 但 吧 吗 呢 啊
    嘛 呀 哦
    一条 主要 还有 说实话 再就是 另外 有人 最好 办个 搞个 几次
    """.split()
)
"""Words that say nothing about the matter."""


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Cuts texts into words with one dictionary of its own."""

    lexicon: tuple[str, ...] = ()
    _cutter: object = field(init=False, repr=False, compare=False)
    _phrases: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cutter = _cutter(self.lexicon)
        odd = sorted(
            (word for word in self.lexicon if not _HAN_ONLY.fullmatch(word)),
            key=lambda word: (-len(word), word),
        )
        object.__setattr__(self, "_cutter", cutter)
        object.__setattr__(
            self, "_phrases", re.compile("|".join(map(re.escape, odd))) if odd else None
        )

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text in order, without masks, punctuation and bare numbers."""
        return tuple(
            word
            for part in _MASK.split(text)
            for word in self._cut(part)
            if word in self.lexicon or _A_WORD.search(word)
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

    def _cut(self, part: str) -> Iterable[str]:
        if self._phrases is None:
            yield from self._cutter.cut(part)  # type: ignore[attr-defined]
            return
        end = 0
        for match in self._phrases.finditer(part):
            yield from self._cutter.cut(part[end : match.start()])  # type: ignore[attr-defined]
            yield match[0]
            end = match.end()
        yield from self._cutter.cut(part[end:])  # type: ignore[attr-defined]


def read_lexicon(path: Path) -> tuple[str, ...]:
    """Read a survey's own words: one a line, ``#`` begins a comment; an empty file is in order.

    Raises
    ------
    SurveyError
        File missing, not UTF-8, or words given twice: all faults, each with its line.
    """
    if not path.is_file():
        raise SurveyError(
            f"{path}: 找不到文件。没有词语也请留一个空文件。"
            "(file not found; an empty file will do)"
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise SurveyError(
            f"{path}: 不是 UTF-8 编码（第 {fault.start + 1} 字节）。请另存为 UTF-8。"
            "(not UTF-8; save it as UTF-8)"
        ) from None
    seen: dict[str, int] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        word = line.split("#", 1)[0].strip()
        if not word:
            continue
        if word in seen:
            faults.append(
                Fault(
                    f"第 {number} 行 (line {number})",
                    f"“{word}”在第 {seen[word]} 行已经有了。",
                    "请删去一个。(given twice; delete one)",
                )
            )
        seen.setdefault(word, number)
    if faults:
        raise SurveyError(gathered(path, faults))
    return tuple(seen)


def _like_a_name(word: str) -> bool:
    return (
        2 <= len(word) <= 4
        and word.startswith(_SURNAMES)
        and (word in _dictionary().names or word not in _dictionary().frequencies)
    )


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """jieba's word list: frequencies (0 for mere beginnings of words), their sum, person names."""

    frequencies: dict[str, int]
    total: int
    names: frozenset[str]


@cache
def _jieba() -> ModuleType:
    with warnings.catch_warnings():
        # Its source uses invalid escapes and an old way to find its files; neither is our fault.
        warnings.simplefilter("ignore")
        import jieba
    return jieba  # type: ignore[no-any-return]


@cache
def _dictionary() -> _Dictionary:
    _jieba()
    frequencies: dict[str, int] = {}
    names = set()
    total = 0
    source = resources.files("jieba") / "dict.txt"
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            word, frequency, tag = line.split()
            frequencies[word] = int(frequency)
            total += int(frequency)
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
            if tag.startswith("nr") and len(word) > 2:  # 顾客, 高峰 are tagged as names as well
                names.add(word)
    return _Dictionary(frequencies, total, frozenset(names))


def _cutter(lexicon: tuple[str, ...]) -> object:
    known = _dictionary()
    cutter = _jieba().Tokenizer()
    cutter.FREQ = dict(known.frequencies)
    cutter.total = known.total
    cutter.initialized = True  # or it would read and write a cache in the shared temporary folder
    for word in lexicon:
        if _HAN_ONLY.fullmatch(word):
            cutter.add_word(word, max(cutter.suggest_freq(word), 1000))
    return cutter
