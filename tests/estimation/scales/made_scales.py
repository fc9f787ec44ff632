"""Scales made for tests: answers whose sample correlations are exactly the ones asked for."""

import numpy as np
import pandas as pd


def exactly(correlation: np.ndarray, rows: int = 60, seed: int = 1) -> pd.DataFrame:
    """Answers to items a, b, ... with exactly these correlations."""
    size = len(correlation)
    random = np.random.default_rng(seed).normal(size=(rows, size))
    white = np.linalg.qr(random - random.mean(axis=0))[0] * np.sqrt(rows - 1)
    return pd.DataFrame(
        white @ np.linalg.cholesky(correlation).T, columns=list("abcdefghijkl")[:size]
    )


def of_factors(loadings: np.ndarray, between: np.ndarray | None = None) -> np.ndarray:
    """The correlations that a factor model implies."""
    between = np.eye(loadings.shape[1]) if between is None else between
    implied = loadings @ between @ loadings.T
    np.fill_diagonal(implied, 1)
    return implied


def survey(seed: int = 3) -> pd.DataFrame:
    """24 clusters in 4 strata, 5 persons each, with weights and three items on one trait."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(24), 5)
    trait = random.normal(size=120) + random.normal(size=24)[cluster] * 0.5
    items = {name: np.clip(np.round(3 + trait + random.normal(size=120)), 1, 5) for name in "abc"}
    return pd.DataFrame(
        {"stratum": cluster % 4, "cluster": cluster, "weight": random.uniform(1, 4, 120), **items}
    )
