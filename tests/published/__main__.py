"""``python -m tests.published DIR [--page]``: published results, computed and compared."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.published.page import VERDICTS, counted, page, share_that_agrees
from tests.published.runner import NothingToRunError, Result, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 if a result disagrees without a reason, 2 if there is nothing to run."""
    parser = argparse.ArgumentParser(prog="python -m tests.published")
    parser.add_argument("folder", type=Path, help="samples/microdata")
    parser.add_argument(
        "--page", action="store_true", help="print the tables of docs/published-results.md"
    )
    asked = parser.parse_args(arguments)
    try:
        results = run(asked.folder)
    except NothingToRunError as fault:
        print(fault, file=sys.stderr)
        return 2
    print(page(results) if asked.page else told(results))
    return int(any(r.verdict == "disagree" and r.reason is None for r in results))


def told(results: Sequence[Result]) -> str:
    """Return the verdicts by table and file, with what disagrees and why."""
    lines = []
    for table, file in dict.fromkeys((r.printed.table, r.printed.file) for r in results):
        here = [r for r in results if (r.printed.table, r.printed.file) == (table, file)]
        lines.append(f"{table} / {file}: {_counted(here)}")
        for r in here:
            if r.verdict == "disagree":
                lines.append(f"  disagree {r.printed}: {r.why}\n    {r.reason or 'NO REASON'}")
        for reason in dict.fromkeys(r.why for r in here if r.verdict == "not ours"):
            lines.append(f"  not ours: {reason}")
    for table in dict.fromkeys(r.printed.table for r in results):
        here = [r for r in results if r.printed.table == table]
        lines.append(f"{table}: {_counted(here)}; {share_that_agrees(here):.1%} of ours agree")
    return "\n".join(lines)


def _counted(results: Sequence[Result]) -> str:
    found = counted(results)
    return " ".join(f"{v} {found[v]}" for v in VERDICTS) + f" of {len(results)}"


if __name__ == "__main__":
    raise SystemExit(main())
