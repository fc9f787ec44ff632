"""``python -m tests.real_files SAMPLES``: every real file whole, and docs/real-files.md anew."""

import argparse
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.conftest import ROOT
from tests.real_files.case import Case, cases
from tests.real_files.walk import Outcome, whole

PAGE = ROOT / "docs/real-files.md"
KINDS = {"single_choice": "单选", "scale": "量表", "multiple_choice": "多选", "number": "数字",
         "open_ended": "开放"}  # fmt: skip
LONGEST_REASON = 90


def main(arguments: Sequence[str] | None = None) -> int:
    """Take every case to the page; 1 if one that should reach it does not, or the other way."""
    parser = argparse.ArgumentParser(prog="python -m tests.real_files")
    parser.add_argument("samples", type=Path)
    asked = parser.parse_args(arguments)
    wrong, outcomes = [], []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases():
            try:
                outcome = whole(case, ROOT, asked.samples.resolve(), Path(folder) / "p")
            except Exception:
                traceback.print_exc()
                wrong.append(case)
                continue
            outcomes.append(outcome)
            if bool(outcome.refusal) != bool(case.refused):
                wrong.append(case)
            print(
                f"{'refused' if outcome.refusal else 'page   '} {outcome.seconds:6.1f} s  {case.id}"
            )
    PAGE.write_text(page(outcomes), encoding="utf-8", newline="\n")
    for case in wrong:
        print(f"not as expected: {case.id}", file=sys.stderr)
    return 1 if wrong else 0


def page(outcomes: Iterable[Outcome]) -> str:
    """Return the table of files as Markdown."""
    outcomes = list(outcomes)
    read = [one for one in outcomes if not one.refusal]
    lines = [
        "# 读过的真实文件", "",
        "由 `make real-files` 生成：每个文件各建一个项目，`diaoyan new` 之后走完全部阶段，直到页面核对通过。文件来自公开来源，不在本项目中。", "",
        f"{len(outcomes)} 例：{len(read)} 例到页面，{len(outcomes) - len(read)} 例拒绝（不是答卷，或没有可作题目的内容）。", "",
        "| 文件 | 读法 | 行 | 分析 | 题目 |", "|---|---|--:|--:|---|",
        *(_row(one) for one in read), "",
        "## 拒绝的", "", "| 文件 | 说明 |", "|---|---|", *_refusals(outcomes), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _row(one: Outcome) -> str:
    counts = {kind: one.asked.count(kind) for kind in KINDS}
    asked = "、".join(f"{KINDS[kind]} {n}" for kind, n in counts.items() if n)
    return f"| {_name(one.case)} | {one.system} | {one.rows:,} | {one.kept:,} | {asked} |"


def _refusals(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for one in outcomes:
        if one.refusal:
            said = one.refusal.splitlines()[0].split(": ", 1)[-1]
            short = said if len(said) <= LONGEST_REASON else said[:LONGEST_REASON] + "…"
            yield f"| {_name(one.case)} | {short.replace('|', '、')} |"


def _name(case: Case) -> str:
    return "`" + case.id.replace("|", "、") + "`"


if __name__ == "__main__":
    sys.exit(main())
