"""All questions by one domain: our kernel beside the same shares question by question.

``python -m benchmarks.estimation [--rows 1000000] [--questions 20]``

The peer is what most scripts do: for each question, answer and group one pass over the rows with
pandas (`groupby` of PSU totals), then the same variance. If samplics is installed,
its TaylorEstimator is timed on one question and multiplied. Standard errors must agree.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.proportions import proportions

STRATA, PSUS, LEVELS, CODES = 200, 20, 10, 5
DESIGN = SurveyDesign(weight="w", strata=("stratum",), clusters=("psu",))


def invented(rows: int, questions: int, seed: int = 20240607) -> pd.DataFrame:
    """A stratified two-stage sample: 200 strata of 20 PSUs, five-point items, ten groups."""
    draw = np.random.default_rng(seed)
    psu = np.sort(draw.integers(0, STRATA * PSUS, rows))
    table = {
        "stratum": psu // PSUS,
        "psu": psu,
        "w": np.exp(draw.normal(0, 0.35, rows)),
        "group": draw.integers(1, LEVELS + 1, rows),
    }
    lean = draw.normal(0, 0.35, STRATA * PSUS)[psu]
    for number in range(questions):
        raw = lean + draw.normal(0, 1, rows)
        table[f"q{number + 1}"] = np.clip(np.round(raw + 3), 1, CODES).astype(np.int8)
    return pd.DataFrame(table)


def question_by_question(rows: pd.DataFrame, questions: list[str]) -> pd.DataFrame:
    """The named peer: pandas, one pass per question, answer and group."""
    strata = rows.drop_duplicates("psu").set_index("psu")["stratum"]
    found = []
    for question in questions:
        for code in range(1, CODES + 1):
            hit = (rows[question] == code).astype(float)
            for group in range(1, LEVELS + 1):
                inside = rows["w"] * (rows["group"] == group)
                share = (inside * hit).sum() / inside.sum()
                score = (inside * (hit - share) / inside.sum()).groupby(rows["psu"]).sum()
                of = score.groupby(strata)
                n = of.transform("size")
                spread = ((score - of.transform("mean")) ** 2 * n / (n - 1)).sum()
                found.append((question, str(code), str(group), share, np.sqrt(spread)))
    return pd.DataFrame(
        found, columns=["question", "code", "domain_value", "value", "standard_error"]
    )


def with_samplics(rows: pd.DataFrame, question: str) -> float | None:
    """Seconds for one question by one domain, or None if samplics is not installed."""
    try:
        from samplics import TaylorEstimator
        from samplics.utils.types import PopParam
    except ImportError:
        return None
    start = time.perf_counter()
    TaylorEstimator(PopParam.prop).estimate(
        y=rows[question], samp_weight=rows["w"], stratum=rows["stratum"], psu=rows["psu"],
        domain=rows["group"],
    )  # fmt: skip
    return time.perf_counter() - start


def timed(name: str, call: Callable[[], pd.DataFrame], times: float = 1) -> pd.DataFrame:
    start = time.perf_counter()
    result = call()
    print(f"| {name} | {(time.perf_counter() - start) * times:.2f} |")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.estimation")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--questions", type=int, default=20)
    asked = parser.parse_args()
    rows = invented(asked.rows, asked.questions)
    questions = [f"q{k + 1}" for k in range(asked.questions)]
    print(
        f"{asked.rows:,} rows, {asked.questions} questions of {CODES} answers, {LEVELS} groups\n"
    )
    print("| who | seconds |\n|---|---|")
    ours = timed("diaoyan", lambda: proportions(rows, questions, design=DESIGN, by="group"))
    peer = timed(
        "pandas, question by question (one question, times their number)",
        lambda: question_by_question(rows, questions[:1]),
        asked.questions,
    )
    seconds = with_samplics(rows, questions[0])
    shown = "not installed" if seconds is None else f"{seconds * asked.questions:.2f}"
    print(f"| samplics (one question, times their number) | {shown} |")
    both = ours.merge(peer, on=["question", "code", "domain_value"], suffixes=("", "_peer"))
    gap = (both["standard_error"] / both["standard_error_peer"] - 1).abs().max()
    print(
        f"\nLargest relative difference of a standard error: {gap:.1e} over {len(both)} estimates."
    )


if __name__ == "__main__":
    main()
