"""One piece of work through the public calls, timed in a process of its own.

``python -m benchmarks.ours WORK FILE [--items 60] [--banners 10]`` prints one line of JSON:
seconds of the call, peak memory of the process in MiB (the rows included), and figures that the
peers must find too.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.hypotheses.independence import independence
from pipeline.estimation.linear import means
from pipeline.estimation.shares import proportions
from pipeline.totals.parquet import ParquetRows
from pipeline.weighting import make_replicates, rake

DESIGN = SurveyDesign(weight="w", strata=("stratum",), clusters=("psu",))
REPLICATES = 500

Timed = tuple[float, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ours")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--banners", type=int, default=10)
    asked = parser.parse_args()
    items = [f"q{k + 1}" for k in range(asked.items)]
    banners = [f"b{k + 1}" for k in range(asked.banners)]
    seconds, figures = WORKS[asked.work](asked.file, items, banners)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if _in_kib() else 1024) / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "figures": figures}))


def _in_kib() -> bool:
    return sys.platform != "darwin"


def shares(file: Path, items: list[str], banners: list[str]) -> Timed:
    """Shares of all answers of all items in all banners, with standard errors and intervals."""
    rows = pd.read_parquet(file)
    start = time.perf_counter()
    found = proportions(rows, items, design=DESIGN, by=banners, interval="t")
    return time.perf_counter() - start, _errors(found, banners)


def parquet(file: Path, items: list[str], banners: list[str]) -> Timed:
    """The same shares from the file, without reading it into memory."""
    start = time.perf_counter()
    found = proportions(ParquetRows(file), items, design=DESIGN, by=banners, interval="t")
    return time.perf_counter() - start, _errors(found, banners)


def _errors(found: pd.DataFrame, banners: list[str]) -> list[float]:
    """Return the standard errors of the first item's first answer by the last banner."""
    chosen = found[
        (found["question"] == "q1") & (found["code"] == "1") & (found["domain"] == banners[-1])
    ]
    levels = chosen["domain_value"].astype(int)
    return chosen["standard_error"][levels.sort_values().index].tolist()


def raking(file: Path, items: list[str], banners: list[str]) -> Timed:
    """Raking to six margins."""
    counts = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    rows = pd.read_parquet(file, columns=["w", *counts])
    design = SurveyDesign(weight="w")
    start = time.perf_counter()
    weighted, _ = rake(rows, design, counts, into="raked")
    return time.perf_counter() - start, weighted["raked"].head(5).tolist()


def bootstrap(file: Path, items: list[str], banners: list[str]) -> Timed:
    """Bootstrap weights, and the standard errors of all items' means from them."""
    rows = pd.read_parquet(file, columns=["stratum", "psu", "w", *items])
    start = time.perf_counter()
    rows, design = make_replicates(rows, DESIGN, method="bootstrap", count=REPLICATES, seed=1)
    found = means(rows, items, design=design)
    return time.perf_counter() - start, found["value"].head(5).tolist()


def crosstab(file: Path, items: list[str], banners: list[str]) -> Timed:
    """Rao and Scott's F of one item by the banner of ten levels."""
    rows = pd.read_parquet(file, columns=["stratum", "psu", "w", "q1", "b8"])
    start = time.perf_counter()
    found = independence(rows, "q1", "b8", design=DESIGN)
    return time.perf_counter() - start, [found.statistic]


WORKS: dict[str, Callable[[Path, list[str], list[str]], Timed]] = {
    work.__name__: work for work in (shares, parquet, raking, bootstrap, crosstab)
}

if __name__ == "__main__":
    main()
