"""The rows that a model is fitted to: outcome, weights and columns, under the sample's design.

Rows outside the domain and rows without a value keep their place in the design and count with
weight 0. Weights are brought to a mean of 1, so that deviances compare with a sample's size.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.domains import Missing, Where, inside
from pipeline.estimation.items import Level
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.model_matrix import (
    Coding,
    coded,
    coding_of,
    levels_of,
    numbers,
    require,
)
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.coding import level_text
from pipeline.totals.units import Booleans, Floats


@dataclass(frozen=True, slots=True)
class ModelRows:
    """What a model is fitted to; arrays are by row of the sample.

    Attributes
    ----------
    domain : rows of the domain, with or without all values
    counted : rows of the domain with all values and a weight above 0
    weight : analysis weights divided by their mean in the domain; 0 where a row does not count
    outcome : of an ordinal or binomial outcome the place of its category; 0 where not known
    categories : of the outcome, in order; () for a numeric one
    """

    rows: pd.DataFrame
    design: SurveyDesign
    sample: Sample
    model: Model
    coding: Coding
    domain: Booleans
    counted: Booleans
    weight: Floats
    outcome: Floats
    offset: Floats
    categories: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many respondents count."""
        return int(self.counted.sum())

    @property
    def df(self) -> float:
        """The design's degrees of freedom over the rows that count.

        With replicate weights it is their rank over the whole domain, as in R's survey package.
        """
        if self.sample.replicates is not None:
            return self.sample.degrees_of_freedom(self.domain)
        return self.sample.degrees_of_freedom(self.counted)


def model_rows(
    rows: pd.DataFrame,
    model: Model,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    ordinal: bool = False,
) -> ModelRows:
    """Return the rows that `model` is fitted to; see `regression` for the arguments."""
    coding = coding_of(rows, model)
    require(rows, [model.outcome])
    chosen = inside(rows, where)
    outcome, categories = _outcome(rows, model, ordinal, chosen)
    offset = np.zeros(len(rows)) if model.offset is None else numbers(rows, model.offset)
    columns, known = coding.columns(rows)
    known &= ~(np.isnan(outcome) | np.isnan(offset))
    infinite = np.isinf(columns.values[chosen & known])
    if infinite.any():
        name = columns.names[int(np.argmax(infinite.any(axis=0)))]
        raise SurveyError(
            f"{name}: {int(infinite.any(axis=1).sum())} 行的值无穷大；请先处理或用 where 排除。"
            "(infinite values; mend them, or leave them out with where)"
        )
    if missing == "refuse" and not known[chosen].all():
        gaps = {name: int(rows[name].isna()[chosen].sum()) for name in _sources(model, coding)}
        listed = "、".join(f"{name} ({count})" for name, count in gaps.items() if count)
        raise ResponseError(
            f"模型 {model.text}: {int((~known[chosen]).sum())} 行缺少数值: {listed}。"
            "请选定缺失值的处理方式（missing=...）。"
            "(values are missing; choose how to treat them)"
        )
    if missing == "drop_rows" and not known.all():
        rows, chosen, outcome = rows[known], chosen[known], outcome[known]
        offset, known = offset[known], known[known]
    sample = sample_of(rows, design)
    counted = chosen & known & (sample.weight > 0)
    if not counted.any():
        raise SurveyError(
            f"模型 {model.text}: 范围内没有一行各列齐全；请核对 where 与缺失值。"
            "(no row of the domain has all values; check where, and what is missing)"
        )
    return ModelRows(
        rows, design, sample, model, coding, chosen, counted,
        weight=np.where(counted, sample.weight / _mean_weight(sample, design, chosen), 0.0),
        outcome=np.where(known, outcome, 0.0), offset=np.where(known, offset, 0.0),
        categories=tuple(level_text(category) for category in categories),
    )  # fmt: skip


def _mean_weight(sample: Sample, design: SurveyDesign, domain: Booleans) -> float:
    """Return the domain's mean weight.

    As in R's survey package, calibrated and PPS designs keep the rows outside a domain, with
    weight 0, in this mean; it scales deviances and nothing else.
    """
    kept = len(domain) if design.calibration or design.pps is not None else domain.sum()
    return float(sample.weight[domain].sum() / kept)


def _outcome(
    rows: pd.DataFrame, model: Model, ordinal: bool, domain: Booleans
) -> tuple[Floats, tuple[Level, ...]]:
    column = rows[model.outcome]
    listed = model.outcome in model.levels or isinstance(column.dtype, pd.CategoricalDtype)
    text = not pd.api.types.is_numeric_dtype(column) and _no_truth(column)
    if ordinal or (model.family == "binomial" and (listed or text)):
        categories = levels_of(rows, model, model.outcome)
        if not ordinal and len(categories) != 2:
            raise SurveyError(
                f"{model.outcome}: 二项模型的结果应有两个类别，而有 {len(categories)} 个: "
                f"{'、'.join(map(level_text, categories[:8]))}。请合并类别，或改用 ordinal。"
                "(a binomial outcome has two categories; merge some, or use ordinal)"
            )
        code = coded(column, categories)
        return np.where(code >= 0, code, np.nan).astype(np.float64), categories
    value = numbers(rows, model.outcome)
    known = value[domain & ~np.isnan(value)]
    lowest = {"gaussian": -np.inf, "binomial": 0.0, "poisson": 0.0, "gamma": 0.0}[model.family]
    highest = 1.0 if model.family == "binomial" else np.inf
    wrong = (known < lowest) | (known > highest) | np.isinf(known)
    if model.family == "gamma":
        wrong |= known == 0
    if wrong.any():
        raise SurveyError(
            f"{model.outcome}: {int(wrong.sum())} 行的值不适合 {model.family} 模型"
            f"（如 {known[wrong][0]:g}）。请核对编码，或改用另一分布。"
            f"(values that a {model.family} model cannot have; check the coding)"
        )
    return value, ()


def _no_truth(column: pd.Series) -> bool:
    kind = pd.api.types.infer_dtype(column, skipna=True)
    return kind not in ("boolean", "integer", "floating", "mixed-integer-float", "empty")


def _sources(model: Model, coding: Coding) -> list[str]:
    extra = [] if model.offset is None else [model.offset]
    return list(dict.fromkeys([model.outcome, *coding.sources, *extra]))
