"""How long the statistical core takes, beside its peers, in one run.

``python -m benchmarks [--rows 1000000] [--works shares crosstab] [--growth] [--peers PYTHON]``

Every piece of work runs in a process of its own. The peers are no dependencies: they run in the
environment whose Python ``--peers`` or the variable DIAOYAN_PEERS names, one made by
``pip install numpy pandas pyarrow numba svy==0.35 samplics ipfn``; a peer that is not installed
there is skipped, and the table says so. Standard errors, weights and means must agree with ours.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.invented import invent
from benchmarks.peers import PEERS

WORKS = {
    "shares": "60 items x 10 banners: shares, SE, t interval, df, deff",
    "parquet": "the same from Parquet, ten times the rows",
    "raking": "raking to 6 margins",
    "bootstrap": "500 bootstrap replicates x 60 means",
    "crosstab": "one crosstab with Rao-Scott F",
}
GOALS = {"shares": 5.0, "parquet": 60.0, "raking": 0.1, "bootstrap": 3.0, "crosstab": 0.1}
"""Seconds at a million rows."""
AGREE = 1e-4
REPEATS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--works", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--growth", action="store_true", help="also how the time grows")
    parser.add_argument("--peers", default=os.environ.get("DIAOYAN_PEERS", sys.executable))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "survey.parquet"
        invent(file, asked.rows)
        print(f"{asked.rows:,} rows in no order, {os.cpu_count()} cores\n")
        print(
            "| work | who | seconds | times ours | peak MiB | remarks |\n|---|---|---|---|---|---|"
        )
        for work in asked.works:
            if work == "parquet":
                large(Path(folder) / "large.parquet", 10 * asked.rows)
            else:
                compare(work, file, asked.peers)
        if asked.growth:
            growth(Path(folder), asked.rows)


def large(file: Path, rows: int) -> None:
    """Print the line of a file that is read in batches; no peer does that."""
    invent(file, rows)
    ours = run([sys.executable, "-m", "benchmarks.ours", "parquet", str(file)])
    file.unlink()
    print(
        f"| {WORKS['parquet']} | diaoyan | {ours['seconds']:.1f} | 1 | {ours['peak']:.0f} | "
        f"{rows:,} rows, one run; goal {GOALS['parquet']} s and 1,536 MiB at 10,000,000 rows |",
        flush=True,
    )


def compare(work: str, file: Path, peers: str) -> None:
    """Print the lines of one piece of work."""
    ours = best([sys.executable, "-m", "benchmarks.ours", work, str(file)])
    goal = f"best of {REPEATS}; goal {GOALS[work]} s at 1,000,000 rows"
    print(f"| {WORKS[work]} | diaoyan | {ours['seconds']:.3f} | 1 | {ours['peak']:.0f} | {goal} |")
    for peer, of in PEERS:
        if of != work:
            continue
        script = str(Path(__file__).with_name("peers.py"))
        theirs = run([peers, script, peer, work, str(file)])
        if "absent" in theirs:
            print(f"| | {peer} | | | | skipped: not installed ({', '.join(theirs['absent'])}) |")
            continue
        ratio = theirs["seconds"] / ours["seconds"]
        print(
            f"| | {peer} | {theirs['seconds']:.2f} | {ratio:.1f} | {theirs['peak']:.0f} | "
            f"{theirs['done']}; {agreement(ours['figures'], theirs['figures'])} |",
            flush=True,
        )


def growth(folder: Path, rows: int) -> None:
    """Print how the time of the shares grows with one size at a time."""
    print()
    heading("shares: rows", "items", "banners", "PSUs", "seconds", "peak MiB")
    sizes = [(rows // 4, 60, 10, 20), (rows // 2, 60, 10, 20), (rows, 60, 10, 20)]
    sizes += [(rows, items, 10, 20) for items in (15, 30)]
    sizes += [(rows, 60, banners, 20) for banners in (1, 5)]
    sizes += [(rows, 60, 10, psus) for psus in (2, 100, 500)]
    for rows_of, items, banners, psus in sizes:
        file = folder / f"{rows_of}-{psus}.parquet"
        if not file.exists():
            invent(file, rows_of, psus=psus)
        command = [sys.executable, "-m", "benchmarks.ours", "shares", str(file)]
        found = best([*command, "--items", str(items), "--banners", str(banners)])
        print(
            f"| {rows_of:,} | {items} | {banners} | {200 * psus:,} "
            f"| {found['seconds']:.2f} | {found['peak']:.0f} |",
            flush=True,
        )


def heading(*names: str) -> None:
    print(f"| {' | '.join(names)} |")
    print("|" + "---|" * len(names))


def best(command: list[str]) -> dict:
    """Return the fastest of several runs: the others waited for something else."""
    return min((run(command) for _ in range(REPEATS)), key=lambda found: found["seconds"])


def run(command: list[str]) -> dict:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def agreement(ours: list[float], theirs: list[float]) -> str:
    if not theirs:
        return "figures not compared"
    count = min(len(ours), len(theirs))
    gap = np.max(np.abs(np.array(theirs[:count]) / np.array(ours[:count]) - 1))
    return f"figures within {gap:.0e}" if gap < AGREE else f"FIGURES DIFFER by {gap:.1e}"


if __name__ == "__main__":
    main()
