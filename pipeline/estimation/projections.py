"""From the calibration steps of a design to their projections over the rows of a sample."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.design import (
    INTERCEPT,
    Calibrate,
    CalibrationStep,
    Poststratify,
    Rake,
    SurveyDesign,
    Trim,
)
from pipeline.errors import DesignError
from pipeline.estimation.items import encoded
from pipeline.estimation.residuals import Calibration, Covariates, Margin, Projection
from pipeline.totals.coding import level_text
from pipeline.totals.kernel import OUTSIDE, cell_totals
from pipeline.totals.units import Floats, Integers, VarianceUnits


def calibration_of(
    rows: pd.DataFrame, design: SurveyDesign, units: VarianceUnits
) -> Calibration | None:
    """Return the projections of a calibrated design, or None."""
    steps: list[Projection] = []
    for step in design.calibration:
        if not isinstance(step, Trim):
            steps.append(_projection(rows, step, units, steps))
    return Calibration(tuple(steps)) if steps else None


def _projection(
    rows: pd.DataFrame, step: CalibrationStep, units: VarianceUnits, before: Sequence[Projection]
) -> Projection:
    after = units.weight if step.after is None else _weights(rows, step.after)
    earlier_weight = after if step.before is None else _weights(rows, step.before)
    blocks: tuple[Margin | Covariates, ...]
    match step:
        case Rake():
            pull = (after > 0).astype(np.float64)
            blocks = tuple(_margin(rows[name], after) for name in step.margins)
        case Poststratify():
            pull = earlier_weight
            blocks = (_margin(rows[step.variable], after),)
        case Calibrate():
            values = _variables(rows, step, earlier_weight)
            pull = earlier_weight
            if step.equal_within_stage is not None:
                first = units.stages[0].cluster_of(units.unit)
                size = np.bincount(first).astype(np.float64)
                held: Floats = np.bincount(first, pull).astype(np.float64, copy=False)
                sums = np.stack([np.bincount(first, pull * x) for x in values.T], axis=1)
                values = (sums / np.where(held > 0, held, 1.0)[:, None])[first]
                pull = (held / size)[first]
            blocks = (Covariates(values),)
        case _:
            raise TypeError(type(step).__name__)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(after != 0, pull * (units.weight / after), 0.0)
    everyone = np.zeros(len(rows), dtype=np.int64)
    return Projection(
        blocks, pull, after, reach,
        counts=_by_unit(blocks, after, units),
        normal=_cross(blocks, blocks, pull, everyone),
        earlier=tuple(
            _cross(blocks, other.blocks, _ratio(pull * other.after, after), everyone)
            for other in before
        ),
    )  # fmt: skip


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.zeros_like(above), where=below != 0)
    return ratio


def _by_unit(
    blocks: Sequence[Margin | Covariates], weight: Floats, units: VarianceUnits
) -> Floats:
    parts = []
    for block in blocks:
        if isinstance(block, Margin):
            known = np.where(block.code >= 0, 0, OUTSIDE)
            parts.append(
                cell_totals(units.unit, units.count, weight, known, 1, block.code, block.width)
                .by_unit[:, 0, :]
            )  # fmt: skip
        else:
            columns = [np.bincount(units.unit, weight * x, units.count) for x in block.values.T]
            parts.append(np.stack(columns, axis=1))
    return np.concatenate(parts, axis=1)


def _cross(
    blocks: Sequence[Margin | Covariates],
    others: Sequence[Margin | Covariates],
    weight: Floats,
    everyone: Integers,
) -> Floats:
    lines = []
    for a in blocks:
        line = []
        for b in others:
            if isinstance(b, Margin):
                line.append(a.cells(weight, everyone, 1, b.code, b.width).by_unit[:, 0, :])
            else:
                line.append(
                    np.concatenate(
                        [a.sums(weight, everyone, 1, x).value for x in b.values.T], axis=1
                    )
                )
        lines.append(line)
    return np.block(lines)


def _weights(rows: pd.DataFrame, column: str) -> Floats:
    given: Floats = rows[column].to_numpy(dtype=np.float64)
    return given


def _margin(column: pd.Series, weight: Floats) -> Margin:
    code, levels = encoded(column)
    return Margin(np.where(weight > 0, code, OUTSIDE), max(1, len(levels)))


def _variables(rows: pd.DataFrame, step: Calibrate, weight: Floats) -> Floats:
    """Return the variables that the totals were given of, (rows, variables).

    Rows of `weight` 0 may lack them.
    """
    columns: list[Floats] = [np.ones(len(rows))] if INTERCEPT in step.totals else []
    for name in step.terms:
        total = step.totals[name]
        if isinstance(total, int | float):
            value = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
            gap = np.isnan(value)
            if (gap & (weight != 0)).any():
                raise DesignError(
                    f"校准变量 {name}: {int((gap & (weight != 0)).sum())} 行没有数值；请先补全。"
                    "(a calibration variable has missing values; complete it first)"
                )
            columns.append(np.where(gap, 0.0, value))
            continue
        code, levels = encoded(rows[name])
        texts = [level_text(level) for level in levels]
        for category in total:
            place = texts.index(str(category)) if str(category) in texts else -2
            columns.append((code == place).astype(np.float64))
    return np.stack(columns, axis=1)
