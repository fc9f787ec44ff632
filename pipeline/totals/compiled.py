"""The additive kernel compiled: the same sums as with bincount, one pass over the rows per column.

The rows come in the order of their units, so that a unit's cells stay in the processor's nearest
cache while its rows are added; a row goes to its cells in all banners at once. Sums are taken in
the order of the rows, as bincount takes them: a unit's totals have the same digits.

The only module that imports numba. The first use on a machine compiles for some seconds; after
that the machine code is read from the cache beside this file.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt

from pipeline.totals.coding import Codes, Integers

Cells = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., object])

BLOCK = 1024
"""So many rows of a unit are looked up before they are added."""


def _compiled(function: Function) -> Function:
    # Without the global lock, so that columns can be added on several cores.
    decorated: Any = numba.njit(nogil=True, cache=True)(function)
    return decorated  # type: ignore[no-any-return]


@_compiled
def add_codes(
    start: Integers,
    order: Integers,
    weight: Floats,
    cell: Cells,
    code: Codes,
    by_unit: Floats,
    rows: Counts,
    squares: Floats,
) -> None:
    """Add a coded column to `by_unit`, `rows` and `squares`.

    Parameters
    ----------
    start, order : where each unit begins in the order of units, and at the end their number; the
        rows in that order
    weight, cell : (rows,) and (rows, banners), in the order of units; a row outside a banner has
        the cell after the last
    code : (rows,), as the rows stand; below 0 where the row adds nothing
    by_unit : (units, codes, cells) sum of weights
    rows : (codes, cells + 1) rows with a weight above 0
    squares : (cells + 1,) sum of squared weights, or of length 0 if not wanted
    """
    units, codes, cells = by_unit.shape
    width, banners = np.uint64(cells + 1), np.uint64(cell.shape[1])
    local = np.zeros(codes * (cells + 1))
    counted = rows.reshape(-1)
    begins = np.empty(BLOCK, np.int64)
    for unit in range(np.uint64(units)):
        first, end = np.uint64(start[unit]), np.uint64(start[unit + np.uint64(1)])
        while first < end:
            last = min(end, first + np.uint64(BLOCK))
            for place in range(first, last):
                begins[place - first] = np.int64(code[order[place]]) * np.int64(cells + 1)
            for place in range(first, last):
                if begins[place - first] < 0:
                    continue
                begin, w = np.uint64(begins[place - first]), weight[place]
                one = np.uint32(w > 0)
                for banner in range(banners):
                    at = begin + np.uint64(cell[place, banner])
                    local[at] += w
                    counted[at] += one
                if squares.size > 0:
                    for banner in range(banners):
                        squares[np.uint64(cell[place, banner])] += w * w
            first = last
        for k in range(np.uint64(codes)):
            for c in range(np.uint64(cells)):
                by_unit[unit, k, c] += local[k * width + c]
                local[k * width + c] = 0.0


@_compiled
def add_values(
    start: Integers,
    order: Integers,
    weight: Floats,
    cell: Cells,
    value: Floats,
    by_unit: Floats,
    rows: Counts,
    squares: Floats,
) -> None:
    """Add weight, weight x value and weight x value squared; NaN is a missing value.

    See `add_codes`; the middle axis of `by_unit` holds the three sums, `rows` is (cells + 1,).
    """
    units, _, cells = by_unit.shape
    width, banners = np.uint64(cells + 1), np.uint64(cell.shape[1])
    local = np.zeros(3 * (cells + 1))
    values = np.empty(BLOCK)
    for unit in range(np.uint64(units)):
        first, end = np.uint64(start[unit]), np.uint64(start[unit + np.uint64(1)])
        while first < end:
            last = min(end, first + np.uint64(BLOCK))
            for place in range(first, last):
                values[place - first] = value[order[place]]
            for place in range(first, last):
                y, w = values[place - first], weight[place]
                if np.isnan(y):
                    continue
                one = np.uint32(w > 0)
                for banner in range(banners):
                    at = np.uint64(cell[place, banner])
                    local[at] += w
                    local[width + at] += w * y
                    local[width + width + at] += w * y * y
                    rows[at] += one
                if squares.size > 0:
                    for banner in range(banners):
                        squares[np.uint64(cell[place, banner])] += w * w
            first = last
        for part in range(np.uint64(3)):
            for c in range(np.uint64(cells)):
                by_unit[unit, part, c] += local[part * width + c]
                local[part * width + c] = 0.0


@_compiled
def add_deviations(
    y: Floats,
    x: Floats,
    ratio: Floats,
    first_unit: Integers,
    first_cluster: Integers,
    scale: Floats,
    centred: npt.NDArray[np.bool_],
    total: Floats,
) -> None:
    """Add the scaled squared deviations of y - ratio x from the mean of their stratum to `total`.

    Parameters
    ----------
    y : (units, codes, cells); x : (units, cells); ratio, total : (codes, cells)
    first_unit, first_cluster : positions of the first unit of each cluster and of the first
        cluster of each stratum, and after the last one their number
    scale : (clusters,) factor of each squared deviation
    centred : (strata,) whether deviations are from the mean of the stratum, or from 0
    """
    _, codes, cells = y.shape
    longest = 0
    for stratum in range(centred.size):
        longest = max(longest, first_cluster[stratum + 1] - first_cluster[stratum])
    score = np.empty((longest, cells))
    mean = np.empty(cells)
    for stratum in range(centred.size):
        before = first_cluster[stratum]
        clusters = first_cluster[stratum + 1] - before
        for k in range(np.uint64(codes)):
            score[:clusters] = 0.0
            mean[:] = 0.0
            for cluster in range(clusters):
                for unit in range(first_unit[before + cluster], first_unit[before + cluster + 1]):
                    for c in range(np.uint64(cells)):
                        score[cluster, c] += y[unit, k, c] - ratio[k, c] * x[unit, c]
                for c in range(np.uint64(cells)):
                    mean[c] += score[cluster, c]
            for c in range(np.uint64(cells)):
                mean[c] = mean[c] / clusters if centred[stratum] else 0.0
            for cluster in range(clusters):
                for c in range(np.uint64(cells)):
                    gap = score[cluster, c] - mean[c]
                    total[k, c] += scale[before + cluster] * gap * gap
