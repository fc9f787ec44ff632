"""Designs whose variance needs more than strata and clusters: PPS without replacement, replicates.

Source: Brewer & Donadio (2003), Survey Methodology 29, 189-196; Wolter (2007), Introduction to
Variance Estimation, 2nd ed.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from pipeline.errors import DesignError

PpsMethod = Literal["brewer", "overton", "hartley_rao", "joint_probabilities"]
PpsVariance = Literal["horvitz_thompson", "yates_grundy"]
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pps:
    """Sampling with unequal probabilities without replacement; `probability` is the inclusion's.

    Attributes
    ----------
    method : ``brewer`` as if the sampling fraction were the unit's own probability; ``overton``
        and ``hartley_rao`` approximate the joint probabilities; ``joint_probabilities`` gives them
    variance : ``horvitz_thompson`` or ``yates_grundy`` (not used by ``brewer``)
    joint : square matrix, PSUs in the order in which they first appear in the rows
    sum_p_squared_over_n : of ``hartley_rao``: the population's sum of p^2 divided by n; None
        estimates it by the sum of p over the sample divided by n
    """

    method: PpsMethod = "brewer"
    variance: PpsVariance = "horvitz_thompson"
    joint: Matrix | None = field(default=None, compare=False)
    sum_p_squared_over_n: float | None = None

    def __post_init__(self) -> None:
        if self.method not in get_args(PpsMethod) or self.variance not in get_args(PpsVariance):
            raise DesignError(
                f"Pps: {self.method!r}、{self.variance!r} 不可用，可用 "
                f"{', '.join((*get_args(PpsMethod), *get_args(PpsVariance)))}。(use one of these)"
            )
        if self.method != "joint_probabilities":
            return
        object.__setattr__(self, "joint", _matrix(self.joint))
        if self.joint is None or self.joint.shape[0] != self.joint.shape[1]:
            raise DesignError(
                "Pps: joint_probabilities 需要联合入样概率的方阵。(a square matrix is needed)"
            )


@dataclass(frozen=True, slots=True)
class Replicates:
    """Replicate weights: given as columns, or made and kept once per sampled cluster.

    The variance of an estimate t is scale x sum over r of rscales_r x (t_r - c)^2, where c is the
    full sample's estimate if `mse`, otherwise the mean of the t_r with rscales above 0.

    Attributes
    ----------
    columns : replicate weights of each row
    combined : `columns` hold the full analysis weight; otherwise they multiply the design's weight
    unit, factors : in place of `columns`: the column of whole numbers 0, 1, ... that says which
        line of `factors` (units, replicates) multiplies a row's weight
    """

    columns: tuple[str, ...] = ()
    scale: float = 1.0
    rscales: float | tuple[float, ...] = 1.0
    mse: bool = False
    combined: bool = True
    unit: str | None = None
    factors: Matrix | None = field(default=None, compare=False)
    count: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        given = len(self.columns)
        if self.factors is not None:
            if self.columns or self.unit is None:
                raise DesignError(
                    "Replicates: columns 与 factors 只能给一种；factors 须同时给 unit。"
                    "(give either columns, or factors with unit)"
                )
            object.__setattr__(self, "factors", _matrix(self.factors))
            given = self.factors.shape[1]
        if given < 2:
            raise DesignError("Replicates: 至少需要两组重复权数。(at least two replicates)")
        if not isinstance(self.rscales, int | float):
            object.__setattr__(self, "rscales", tuple(self.rscales))
            if len(self.rscales) != given:
                raise DesignError(
                    f"Replicates.rscales: 有 {len(self.rscales)} 个，而重复权数有 {given} 组。"
                    "(one per replicate, or one number)"
                )
        object.__setattr__(self, "count", given)


def _matrix(given: Any) -> Matrix | None:
    return None if given is None else np.atleast_2d(np.asarray(given, dtype=np.float64))
