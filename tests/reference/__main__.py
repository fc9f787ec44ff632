"""``python -m tests.reference DIR [--group G] [--why]``: agreement with R, by group."""

import argparse
from collections import Counter
from pathlib import Path

from tests.reference.runner import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reference")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--group")
    parser.add_argument(
        "--why", action="store_true", help="say why, for every case that disagrees"
    )
    asked = parser.parse_args()
    results = list(run(asked.folder, asked.group))
    for group in dict.fromkeys(r.group for r in results):
        print(f"{group}: {_counted(Counter(r.verdict for r in results if r.group == group))}")
    for r in results if asked.why else ():
        if r.verdict in ("disagree", "explained"):
            print(f"  {r.verdict} {r.group}/{r.case}: {r.why}")
    total = Counter(r.verdict for r in results)
    print(_counted(total))
    return 1 if total["disagree"] else 0


def _counted(c: Counter[str]) -> str:
    kinds = ("agree", "disagree", "unsupported", "explained")
    return " ".join(f"{kind} {c[kind]}" for kind in kinds) + f" of {sum(c.values())}"


if __name__ == "__main__":
    raise SystemExit(main())
