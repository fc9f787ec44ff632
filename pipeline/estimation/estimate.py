"""Estimates of means, shares, ratios and totals in domains, with their linearised variance.

A domain keeps the whole design: rows outside it add zero to the totals of their unit.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.estimation.ratio import RatioTotals
from pipeline.estimation.sample import Sample
from pipeline.totals.units import Booleans, Floats

Estimand = Literal["mean", "total"]
DesignEffect = Literal["with_replacement", "without_replacement"]

ESTIMATE_COLUMNS = (
    "id", "survey", "wave", "question", "code", "base", "domain", "domain_value", "estimand",
    "value", "standard_error", "low", "high", "level", "interval_method", "degrees_of_freedom",
    "n", "n_cell", "effective_n", "design_effect", "presentable", "why_not",
)  # fmt: skip
"""Order of the columns of an estimates table; the public calls give those from question on."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Results, each (groups, items).

    The degrees of freedom are PSUs minus strata, counted over the base: the rows of the group that
    were asked, with or without an answer, and those of weight 0 (sampled sites without a response)
    that are known to lie in the group. `base` counts its responses. The design effect compares
    with simple random sampling of the same number of respondents; `effective_n` = n / design
    effect with replacement. Where everyone answers alike both variances are 0: then the effective
    n is Kish's, (sum of weights)^2 / sum of squared weights.
    """

    value: Floats
    variance: Floats
    degrees_of_freedom: Floats
    base: Floats
    n: Floats
    n_cell: Floats
    effective_n: Floats
    design_effect: Floats


def scores_of(totals: RatioTotals, sample: Sample, estimand: Estimand) -> tuple[Floats, Floats]:
    """Return the estimates (groups, items) and their parts (parts, groups, items).

    See `pipeline.estimation.sample` for what parts are.
    """
    above, below = totals.y.sum(axis=0), totals.x.sum(axis=0)
    if totals.replicate_y is not None and totals.replicate_x is not None:
        if estimand == "total":
            return above, totals.replicate_y - above
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(below != 0, above / below, np.nan)
            return value, totals.replicate_y / totals.replicate_x - value
    if estimand == "total":
        value, scores, pulled = above, totals.y, totals.pulled_y
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(below != 0, above / below, np.nan)
            # Sums in another order would leave a share of 1 a last digit short of it.
            value = np.where((totals.y == totals.x).all(axis=0) & (below != 0), 1.0, value)
            scores = (totals.y - value * totals.x) / below
            pulled = (
                None
                if totals.pulled_y is None or totals.pulled_x is None
                else (totals.pulled_y - value * totals.pulled_x) / below
            )
    if sample.calibration is not None and pulled is not None:
        flat = np.nan_to_num(scores.reshape(len(scores), -1))
        by_category = np.nan_to_num(pulled.reshape(len(pulled), -1))
        scores = sample.calibration.residual(flat, by_category).reshape(scores.shape)
    return value, scores


def estimated(
    totals: RatioTotals,
    sample: Sample,
    estimand: Estimand = "mean",
    design_effect: DesignEffect = "with_replacement",
) -> Estimates:
    """Return the estimates of each group and item with their variances."""
    value, scores = scores_of(totals, sample, estimand)
    units, shape = sample.units, value.shape
    present = None
    if units.needs_presence and sample.replicates is None:
        wide = np.broadcast_to(totals.present[:, :, None], scores.shape)
        present = wide.reshape(units.count, -1)
    spread = sample.variance(scores.reshape(len(scores), -1), present).reshape(shape)
    known = np.ones((1, 1), dtype=bool)
    if units.stages:
        # A mean of answers from a single PSU has no spread between PSUs: that is no certainty.
        psus = units.stages[0].clusters(totals.present.astype(np.float64)) > 0
        known = psus.sum(axis=0)[:, None] > 1
    return described(totals, value, spread, known, estimand, design_effect)


def described(
    totals: RatioTotals,
    value: Floats,
    spread: Floats,
    several: Booleans,
    estimand: Estimand,
    design_effect: DesignEffect,
) -> Estimates:
    """Return estimates with what their variance means.

    Parameters
    ----------
    value, spread : (groups, items) the estimates and their variances
    several : (groups, items or 1) whether the answers come from several PSUs
    """
    shape, known = value.shape, several | (estimand == "total")
    freedom = totals.groups.freedom[:, None]
    spread = np.where((totals.n > 0) & known, spread, np.nan)
    srs = _simple_random(totals, value, estimand)
    # A census and a stratifying variable leave rounding noise where the variance is 0.
    spread = np.where(spread < 1e-20 * srs, 0.0, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = spread / srs
        kish = totals.weight**2 / totals.squared_weight
        alike = srs == 0
        effective = np.where(alike, kish, totals.n / effect)
        if design_effect == "without_replacement":
            effect = effect / (1 - totals.n / totals.weight)
        effect = np.where(alike, totals.n / kish, effect)
    return Estimates(
        value, spread, np.broadcast_to(freedom, shape),
        np.broadcast_to(totals.groups.size[:, None], shape), totals.n, totals.n_cell,
        np.broadcast_to(effective, shape), np.broadcast_to(effect, shape),
    )  # fmt: skip


def _simple_random(totals: RatioTotals, value: Floats, estimand: Estimand) -> Floats:
    """Return the variance under simple random sampling with replacement of as many respondents."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if estimand == "total":
            about, expansion = (totals.yx / totals.weight) ** 2, totals.weight
            square = totals.yy / totals.weight - about
        else:
            square = totals.yy - 2 * value * totals.yx + value**2 * totals.xx
            square = square / totals.weight
            expansion = totals.weight / totals.x.sum(axis=0)
        square = np.where(square < 1e-12 * np.abs(totals.yy / totals.weight), 0.0, square)
        srs: Floats = expansion**2 * square / (totals.n - 1)
    return srs


def identified(estimates: pd.DataFrame, survey: str, wave: str) -> pd.DataFrame:
    """Add `id`, `survey` and `wave` to estimates; the id is made of the keys of the row."""
    named = estimates.assign(survey=survey, wave=wave)
    keys = ["survey", "wave", "question", "code", "base", "domain", "domain_value", "estimand"]
    ids = [estimate_id(*key) for key in named[keys].itertuples(index=False)]
    return named.assign(id=ids)


def estimate_id(*keys: str) -> str:
    """Return the id: of survey, wave, question, code, base, domain, domain_value, estimand."""
    return "E-" + hashlib.sha256("|".join(keys).encode()).hexdigest()[:10]
