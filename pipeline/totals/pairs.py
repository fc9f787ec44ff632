"""Sampling without replacement with unequal probabilities: the variance as a quadratic form.

With weighted unit scores x_i the Horvitz-Thompson variance is the sum over pairs of D_ij x_i x_j,
D_ij = 1 - p_i p_j / p_ij, and that of Yates and Grundy - sum over i < j of D_ij (x_i - x_j)^2.
Strata are drawn independently: D_ij = 0 between them.

Source: Horvitz & Thompson (1952), JASA 47, 663-685; Yates & Grundy (1953), JRSS B 15, 253-261;
approximations of p_ij: Hartley & Rao (1962), Ann. Math. Stat. 33, 350-374, and Overton (1985), as
compared by Brewer & Donadio (2003), Survey Methodology 29, 189-196.
"""

import numpy as np
import numpy.typing as npt

from pipeline.design import Pps
from pipeline.errors import DesignError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST = 20_000
"""Units for which a square matrix is still held."""


def joint_form(pps: Pps, probability: Floats, stratum: Integers, unit: Integers) -> Floats:
    """Return the matrix Q for which x'Qx is the variance of the sum of the unit scores x.

    Parameters
    ----------
    probability, stratum : of each unit
    unit : of each row; the given joint matrix has the units in their order of appearance

    Raises
    ------
    DesignError
        Too many units, a matrix of another size, a stratum of one unit, joint probabilities that
        are not above 0.
    """
    count = len(probability)
    if count > MOST:
        raise DesignError(
            f"Pps: {count:,} 个单元的联合概率矩阵过大；请改用 brewer。"
            "(too many units for a square matrix; use brewer)"
        )
    if pps.method == "joint_probabilities":
        check = _given(pps, count, unit)
    else:
        check = _approximated(pps, probability, stratum)
    if pps.variance == "horvitz_thompson":
        return check
    np.fill_diagonal(check, 0.0)
    np.fill_diagonal(check, -check.sum(axis=1))
    return check


def _given(pps: Pps, count: int, unit: Integers) -> Floats:
    joint = pps.joint
    if joint is None or len(joint) != count:
        raise DesignError(
            f"Pps.joint: 矩阵有 {0 if joint is None else len(joint)} 行，而样本有 {count} 个初级"
            "单元。请核对顺序与数目。(the matrix has another size than the sample has PSUs)"
        )
    if not (joint > 0).all():
        raise DesignError(
            "Pps.joint: 联合入样概率须大于 0，否则方差无法估计。"
            "(joint probabilities must be above 0)"
        )
    _, first_row = np.unique(unit, return_index=True)
    place = np.argsort(np.argsort(first_row))
    ordered = joint[np.ix_(place, place)]
    own = np.diag(ordered).copy()
    check: Floats = 1 - np.outer(own, own) / ordered
    np.fill_diagonal(check, 1 - own)
    return check


def _approximated(pps: Pps, probability: Floats, stratum: Integers) -> Floats:
    check = np.zeros((len(probability), len(probability)))
    for code in np.unique(stratum):
        here = np.flatnonzero(stratum == code)
        p, n = probability[here], len(here)
        if n == 1 and p[0] < 1:
            raise DesignError(
                "Pps: 有的层只有一个单元，无法估计方差；请合并相邻的层。"
                "(only one unit in a stratum; merge strata)"
            )
        pair = p[:, None] + p[None, :]
        if pps.method == "overton":
            between = n - pair / 2
        else:
            given = pps.sum_p_squared_over_n
            between = n - pair + (p.sum() / n if given is None else given)
        block = 1 - between / max(n - 1, 1)
        np.fill_diagonal(block, 1 - p)
        check[np.ix_(here, here)] = block
    return check
