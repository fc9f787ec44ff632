"""``python -m tests.reference DIR [--group G] [--why]``: agreement with R, by group."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.reference.runner import NothingToRunError, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 if a case disagrees, 2 if there is nothing to run."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--group")
    parser.add_argument(
        "--why", action="store_true", help="also say why for the cases explained or unsupported"
    )
    asked = parser.parse_args(arguments)
    try:
        results = list(run(asked.folder, asked.group))
    except NothingToRunError as fault:
        print(fault, file=sys.stderr)
        return 2
    told = ("disagree", "explained", "unsupported") if asked.why else ("disagree",)
    for group in dict.fromkeys(r.group for r in results):
        print(f"{group}: {_counted(Counter(r.verdict for r in results if r.group == group))}")
        for r in results:
            if r.group == group and r.verdict in told:
                print(f"  {r.verdict} {r.group}/{r.case}: {r.why}")
    total = Counter(r.verdict for r in results)
    print(_counted(total))
    return 1 if total["disagree"] else 0


def _counted(c: Counter[str]) -> str:
    kinds = ("agree", "disagree", "unsupported", "explained")
    return " ".join(f"{kind} {c[kind]}" for kind in kinds) + f" of {sum(c.values())}"


if __name__ == "__main__":
    raise SystemExit(main())
