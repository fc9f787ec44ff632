"""Estimates with design-based standard errors, and comparisons of them: the public calls.

Each is loaded with its module when it is first used; see docs/estimation.md for what they do.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "linear": ("means", "totals", "ratios", "estimates"),
    "shares": ("proportions",),
    "together": ("joint", "Joint"),
    "items": ("Item", "items_of"),
    "waves": ("compare",),
    "scores": (
        "top_box", "net_score", "scale_score", "index_score", "shares_of_answers",
        "ranking_scores",
    ),
    "distributions.quantiles": ("quantiles",),
    "distributions.distribution": ("cdf",),
    "distributions.variances": ("variances",),
    "hypotheses.crosstabs": ("crosstab", "crosstabs", "Crosstab"),
    "hypotheses.independence": ("independence",),
    "hypotheses.significance": ("Test", "wald"),
    "hypotheses.mean_tests": ("t_test", "equivalence_test"),
    "hypotheses.rank_tests": ("rank_test",),
    "hypotheses.letters": ("column_letters",),
    "hypotheses.effects": ("cohens_d", "rank_biserial", "cramers_v"),
    "models.model": ("Model",),
    "models.regression": ("regression",),
    "models.ordinal": ("ordinal",),
    "models.term_tests": ("term_test",),
    "models.margins": ("margins", "predictive_means"),
    "models.drivers": ("drivers",),
    "scales.reliability": ("alpha",),
    "scales.omega": ("omega",),
    "scales.components": ("pca", "eigenvalues", "kmo_bartlett"),
    "scales.factors": ("factors",),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
_ELSEWHERE = {"ParquetRows": "pipeline.totals.parquet"}

__all__ = sorted([*_HOME_OF, *_ELSEWHERE])


def __getattr__(name: str) -> Any:
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
