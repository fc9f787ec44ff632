"""Words to read in one group's answers rather than in the others': a screen, not a test.

The statistic is the log-likelihood ratio G2 on DOCUMENT counts: in how many answers of the group,
and of the rest, a word occurs. Counting answers, not occurrences, keeps one long answer from
deciding. A positive sign means that the group uses the word more often than the rest. p and q take
the answers for independent draws, which those of a cluster sample are not: they rank and cut a
list of words, they establish no difference.

Source: Dunning (1993), Computational Linguistics 19(1), 61-74; Rayson & Garside (2000), Comparing
Corpora, 1-6; document counts: Egbert & Biber (2019), Corpora 14(1), 77-104.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

MINIMUM_DOCUMENTS = 5
"""In fewer answers than this, a word is neither compared nor listed."""

COLUMNS = ("word", "group", "n_group", "n_rest", "count_group", "count_rest", "keyness", "p", "q")


def keyness(
    documents: Sequence[frozenset[str]],
    groups: Sequence[str],
    *,
    minimum_documents: int = MINIMUM_DOCUMENTS,
) -> pd.DataFrame:
    """Compare each group's answers with all others, word by word.

    Parameters
    ----------
    documents : the set of words of each answer
    groups : the group of each answer; answers of the group '' are left out

    Returns
    -------
    DataFrame, one row per group and word
        word, group, n_group and n_rest (answers), count_group and count_rest (answers with the
        word), keyness (signed G2), p (chi-square, 1 df), q (Benjamini-Hochberg over all rows of
        the call); by group, then falling keyness, then word. Empty with fewer than two groups.
    """
    from scipy.special import chdtrc  # scipy.stats takes longer to import than the stage to run

    kept = [(words, group) for words, group in zip(documents, groups, strict=True) if group]
    names = sorted({group for _, group in kept})
    if len(names) < 2:
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})
    counts = document_counts([words for words, _ in kept])
    words = sorted(word for word, count in counts.items() if count >= minimum_documents)
    tables = []
    for name in names:
        inside = document_counts([words for words, group in kept if group == name])
        n_group = sum(group == name for _, group in kept)
        a = np.array([inside.get(word, 0) for word in words], dtype=float)
        b = np.array([counts[word] for word in words], dtype=float) - a
        tables.append(
            pd.DataFrame(
                {
                    "word": words,
                    "group": name,
                    "n_group": n_group,
                    "n_rest": len(kept) - n_group,
                    "count_group": a.astype(int),
                    "count_rest": b.astype(int),
                    "keyness": log_likelihood(a, b, n_group, len(kept) - n_group),
                }
            )
        )
    compared = pd.concat(tables, ignore_index=True)
    compared["p"] = chdtrc(1, compared["keyness"].abs())
    compared["q"] = _false_discovery(compared["p"].to_numpy(dtype=float))
    ordered = compared.sort_values(["group", "keyness", "word"], ascending=[True, False, True])
    return ordered.reset_index(drop=True)[list(COLUMNS)]


def log_likelihood(a: np.ndarray, b: np.ndarray, n_a: float, n_b: float) -> np.ndarray:
    """Return signed G2 of the 2 x 2 tables (with, without the word) x (group, rest).

    `a` and `b` count the documents with the word, `n_a` and `n_b` all documents. Empty cells add
    nothing.
    """
    share = (a + b) / (n_a + n_b)
    cells = (
        (a, n_a * share),
        (b, n_b * share),
        (n_a - a, n_a * (1 - share)),
        (n_b - b, n_b * (1 - share)),
    )
    total = np.zeros(np.shape(a))
    for observed, expected in cells:
        filled = observed > 0
        total[filled] += observed[filled] * np.log(observed[filled] / expected[filled])
    sign = np.where(a / n_a >= b / n_b, 1.0, -1.0)
    return np.asarray(sign * 2 * np.maximum(total, 0.0))


def document_counts(documents: Sequence[frozenset[str]]) -> dict[str, int]:
    """Return in how many documents each word occurs, in alphabetical order of the words."""
    counts: dict[str, int] = {}
    for words in documents:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items()))


def _false_discovery(p: np.ndarray) -> np.ndarray:
    """Return the p-values adjusted by Benjamini & Hochberg (1995), JRSS B 57, 289-300."""
    falling = np.argsort(-p, kind="stable")
    raised = p[falling] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[falling] = np.minimum(np.minimum.accumulate(raised), 1.0)
    return adjusted


def _dtype(name: str) -> str:
    if name in ("word", "group"):
        return "str"
    return "int64" if name.startswith(("n_", "count_")) else "float64"
