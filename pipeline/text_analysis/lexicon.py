"""Words by list: those that say nothing, and those of a survey that are not to be cut."""

from pathlib import Path

from pipeline.errors import Fault, SurveyError, gathered

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
