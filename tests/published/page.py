"""The table of docs/published-results.md, from what a run found."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.published.printed import INDEX
from tests.published.runner import Result

VERDICTS = ("agree", "disagree", "not ours")


def counted(results: Sequence[Result]) -> Counter[str]:
    """Return how many results have each verdict."""
    return Counter(r.verdict for r in results)


def share_that_agrees(results: Sequence[Result]) -> float:
    """Return the share that agrees among those whose statistic is ours."""
    found = counted(results)
    return found["agree"] / (found["agree"] + found["disagree"])


def page(results: Sequence[Result]) -> str:
    """Return the table by file and the lists of what disagrees or is not ours, in Chinese."""
    return "\n".join(_lines(results))


def _lines(results: Sequence[Result]) -> Iterator[str]:
    yield "| 印在何处 | 数据文件 | 条数 | 一致 | 不一致 | 没有此统计 | 印有标准误 | 印有区间 | 凭记忆引用 | 未发表 |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for table in dict.fromkeys(r.printed.table for r in results):
        of_table = [r for r in results if r.printed.table == table]
        files = dict.fromkeys(r.printed.file for r in of_table)
        for file in files:
            yield _row(table, file, [r for r in of_table if r.printed.file == file])
        if len(files) > 1:
            yield _row(f"**{table}**", "**合计**", of_table)
    yield ""
    yield "不一致："
    yield ""
    for r in results:
        if r.verdict == "disagree":
            yield f"- {r.printed}，见 {r.printed.table}（{r.why}）：{r.reason or '原因未明'}"
    yield ""
    yield "没有此统计："
    yield ""
    reasons = Counter((r.printed.file, r.why) for r in results if r.verdict == "not ours")
    for (file, why), count in reasons.items():
        yield f"- {file}，{count} 条：{why}"


def _row(table: str, file: str, results: Sequence[Result]) -> str:
    found, printed = counted(results), [r.printed for r in results]
    cells = (
        table, file, len(results), *(found[verdict] for verdict in VERDICTS),
        sum(p.error is not None for p in printed), sum(p.interval is not None for p in printed),
        sum(p.standing == "memory" for p in printed),
        sum(p.standing == "computed" for p in printed),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def in_index(results: Sequence[Result]) -> list[Result]:
    """Return the results that the index lists."""
    return [r for r in results if r.printed.table == INDEX]
