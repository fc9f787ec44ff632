"""McDonald's omega: what all factors, and a general one, account for in a scale's sum score.

The items' factors (minimum residuals) are rotated obliquely; the factor that they share is found
from their correlations, and the Schmid-Leiman transformation takes it out of them.

Sources: McDonald (1999), Test Theory; Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70,
123-133; Schmid & Leiman (1957), Psychometrika 22, 53-61. R's psych package is the reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Where
from pipeline.estimation.scales.extraction import extract
from pipeline.estimation.scales.rotation import oblimin, varimax
from pipeline.estimation.scales.scale_items import (
    MissingItems,
    covariances,
    multiple_correlations,
    read_scale,
    refuse_dependent,
)
from pipeline.totals.units import Floats


@dataclass(frozen=True, slots=True)
class Omega:
    """Reliability of the sum of standardised items.

    Attributes
    ----------
    hierarchical : share of the sum's variance that the general factor explains
    total : share that all factors explain
    alpha, lambda6 : Cronbach's alpha and Guttman's lambda 6 of the same items
    loadings : DataFrame, one row per item; columns general, then one per group factor, and
        communality
    keys : per item 1, or -1 where it was reversed because its general loading is negative
    n : rows with all answers
    warnings : what to look at, in Chinese and English
    """

    hierarchical: float
    total: float
    alpha: float
    lambda6: float
    loadings: pd.DataFrame = field(compare=False)
    keys: tuple[int, ...]
    n: int
    warnings: tuple[str, ...] = ()


def omega(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    factors: int = 3,
    design: SurveyDesign | None = None,
    where: Where = None,
    missing: MissingItems = "domain_jointly",
) -> Omega:
    """Return omega of a scale.

    Parameters
    ----------
    rows : DataFrame, one row per response; with a design all rows of the sample
    items : columns of numbers; those that load negatively on the general factor are reversed
    factors : how many group factors; three or more tell the general factor apart
    design : None: rows count alike; otherwise the weighted correlations are analysed
    where, missing : see `read_scale`

    Raises
    ------
    ResponseError
        Items that cannot be read or are linearly dependent; more factors than items.
    """
    scale = read_scale(rows, items, design=design, where=where, missing=missing)
    if not 1 <= factors <= len(items):
        raise ResponseError(
            f"omega: {len(items)} 个题目分成 {factors} 个因子，太多或太少。请改因子数。"
            "(the number of factors does not fit the number of items)"
        )
    correlation = covariances(scale.counted, scale.weight[scale.inside]).correlation
    refuse_dependent(scale.names, correlation)
    orthogonal = _signed(varimax(_signed(extract(correlation, factors, "minres").loadings)))
    common = (orthogonal**2).sum(axis=1)
    general, group = _schmid_leiman(orthogonal)
    keys = np.where(general < 0, -1, 1)
    turned = correlation * np.outer(keys, keys)
    whole, own = float(turned.sum()), float(np.trace(turned))
    size = len(items)
    explained = pd.DataFrame(
        np.column_stack([general * keys, group * keys[:, None], common]),
        index=pd.Index(scale.names),
        columns=["general", *(f"F{k + 1}" for k in range(factors)), "communality"],
    )
    return Omega(
        hierarchical=float((general * keys).sum()) ** 2 / whole,
        total=(whole - float((1 - common).sum())) / whole,
        alpha=(whole - own) / whole * size / (size - 1),
        lambda6=(whole - own + float(multiple_correlations(correlation).sum())) / whole,
        loadings=explained, keys=tuple(int(k) for k in keys), n=scale.n,
        warnings=tuple(_warnings(factors, scale.names, keys)),
    )  # fmt: skip


def _schmid_leiman(orthogonal: Floats) -> tuple[Floats, Floats]:
    """Return the loadings on the general factor, and on what is left of the group factors."""
    number = orthogonal.shape[1]
    if number == 1:
        return orthogonal[:, 0], np.zeros_like(orthogonal)
    found = oblimin(orthogonal)
    if number == 2:
        # Two factors share one correlation: their loadings on the general factor are taken equal.
        shared = found.correlation[0, 1]
        of_factors = np.sqrt(abs(shared)) * np.array([1.0, np.sign(shared)])
    else:
        of_factors = _signed(extract(found.correlation, 1, "minres").loadings)[:, 0]
    left = np.maximum(found.pattern**2 * (1 - of_factors**2), 0.0)
    group: Floats = np.sign(found.pattern) * np.sqrt(left)
    return found.pattern @ of_factors, group


def _signed(loadings: Floats) -> Floats:
    """Return the loadings with each factor turned so that they add up to 0 or more."""
    return loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)


def _warnings(factors: int, names: Sequence[str], keys: Floats) -> list[str]:
    found = []
    if reversed_items := [name for name, key in zip(names, keys, strict=True) if key < 0]:
        found.append(
            f"题目 {'、'.join(reversed_items)} 在总因子上为负，已反向计分。"
            "(items load negatively on the general factor and were reversed)"
        )
    if factors < 3:
        found.append(
            "少于三个因子无法识别总因子，分层 omega 仅供参考。"
            "(a general factor needs three group factors; do not rely on omega hierarchical)"
        )
    return found
