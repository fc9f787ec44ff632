"""What a model says in the outcome's own units: average marginal effects and predictive means.

Both average predictions over the sample, each respondent with the own values of all variables but
one. Uncertain are the coefficients (delta method) and the average over a sample of people.

Source: Graubard & Korn (1999), Biometrics 55, 652-659 (predictive margins); Bartus (2005), Stata
Journal 5, 309-329 (average marginal effects).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.items import Level
from pipeline.estimation.models.cumulative_links import LINKS
from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.irls import law_of
from pipeline.estimation.models.model import Model, quoted
from pipeline.estimation.models.model_matrix import coded, numbers, require
from pipeline.estimation.models.regression import regression
from pipeline.estimation.together import Joint
from pipeline.totals.coding import level_text
from pipeline.totals.units import Floats

SMALL = 1e-4
"""Step of a numeric derivative, in standard deviations of the variable."""
SMALL_ERROR = 1e-3
"""Step of the derivative by a coefficient, in its standard errors."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Averages of predictions, or of their changes, with their covariance.

    Attributes
    ----------
    n : respondents averaged over
    df : the model's degrees of freedom
    """

    names: tuple[str, ...]
    value: Floats
    covariance: Floats
    df: float
    n: int

    def joint(self) -> Joint:
        """Return them as estimates that contrasts can be taken of."""
        return Joint(self.names, self.value, self.covariance, self.df)

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return name, value, standard_error, low, high (t intervals) and n."""
        return self.joint().table(level).assign(n=self.n)


def margins(fit: Fit, variable: str) -> Margins:
    """Return the average marginal effect of a variable on the outcome's mean.

    Of a number it is the average change of the prediction per unit (its derivative), of a category
    the average difference from the reference. Functions and interactions of the variable follow.
    Of an ordinal model there is an effect on the chance of each category, ``name [category]``.

    The covariance joins what coefficients and sample add: with replicate weights every replicate
    has its own coefficients and its own average.

    Raises
    ------
    SurveyError
        The model does not use the variable.
    """
    seen, rows = fit.seen, fit.seen.rows[fit.seen.counted]
    if variable not in seen.coding.sources:
        raise SurveyError(
            f"{variable}: 模型 {fit.model.text} 没有用到这个变量；可用 "
            f"{'、'.join(seen.coding.sources)}。(not a variable of the model; use one of these)"
        )
    predict = _prediction(fit)
    if variable in seen.coding.levels:
        levels = seen.coding.levels[variable]
        tables = [_columns(fit, rows.assign(**{variable: _all(rows, level)})) for level in levels]
        names = [variable + level_text(level) for level in levels[1:]]

        def effect(value: Floats) -> Floats:
            reference = predict(tables[0], value)
            return np.hstack([predict(table, value) - reference for table in tables[1:]])

    else:
        given = numbers(rows, variable)
        width = SMALL * (float(given.std()) or 1.0)
        above, below = (
            _columns(fit, rows.assign(**{variable: given + side})) for side in (width, -width)
        )
        names = [variable]

        def effect(value: Floats) -> Floats:
            return (predict(above, value) - predict(below, value)) / (2 * width)

    if fit.kind == "ordinal":
        names = [f"{name} [{of}]" for name in names for of in _categories(fit)]
    return _averaged(fit, names, effect)


def predictive_means(fit: Fit, group: str, *, levels: Sequence[Level] | None = None) -> Margins:
    """Return the mean prediction of each group if everybody belonged to it.

    The group joins the model, which is fitted again; what remains between groups is the difference
    at equal values of the model's variables. The variance adds that of the coefficients and that
    of an average over the sample, as R's ``svypredmeans`` does.

    Parameters
    ----------
    fit : a regression in whose model `group` does not yet occur
    group : a column; numbers without `levels` enter as a number
    levels : its categories in order

    Returns
    -------
    Margins, groups in the order in which they first appear in the rows
    """
    seen = fit.seen
    require(seen.rows, [group])
    if fit.kind != "regression" or group in seen.coding.sources:
        raise SurveyError(
            f"{group}: 预测均值只用于 regression 的结果，且分组变量不应已在模型中。"
            "(predictive means take a regression whose model does not hold the group yet)"
        )
    model = _with(fit.model, group, levels)
    here = pd.Series(seen.counted, index=seen.rows.index)
    wider = regression(
        seen.rows, model, design=seen.design, where=here, level=fit.level, precision=fit.precision
    )
    rows = seen.rows[seen.counted]
    found = [value for value in dict.fromkeys(rows[group].tolist()) if not pd.isna(value)]
    if group in wider.seen.coding.levels:
        known = coded(pd.Series(found, dtype=rows[group].dtype), wider.seen.coding.levels[group])
        found = [value for value, place in zip(found, known, strict=True) if place >= 0]
    weight = seen.sample.weight[seen.counted]
    law, offset = law_of(model), seen.offset[seen.counted]
    fits, slopes = [], []
    for value in found:
        columns = _columns(wider, rows.assign(**{group: _all(rows, value)}))
        predictor = offset + columns @ wider.value
        fits.append(law.inverse(predictor))
        slopes.append((weight * law.slope(predictor)) @ columns / weight.sum())
    table, slope = np.stack(fits, axis=1), np.stack(slopes)
    mean = weight @ table / weight.sum()
    covariance = slope @ wider.covariance @ slope.T + _covariance_of_means(fit, table, mean)
    names = tuple(level_text(value) for value in found)
    return Margins(names, mean, covariance, wider.df_resid, fit.n)


def _averaged(fit: Fit, names: Sequence[str], effect: Callable[[Floats], Floats]) -> Margins:
    """Return weighted means over the rows of what depends on the coefficients."""
    seen = fit.seen
    weight = seen.sample.weight[seen.counted]

    def mean(value: Floats, of: Floats) -> Floats:
        averaged: Floats = of @ effect(value) / of.sum()
        return averaged

    theta = mean(fit.value, weight)
    if seen.sample.replicates is not None:
        replicates = zip(seen.sample.replicates.weights(), fit.parts, strict=True)
        parts = np.stack(
            [mean(fit.value + part, of[seen.counted]) - theta for of, part in replicates]
        )
    else:
        steps = np.diag(SMALL_ERROR * fit.standard_error)
        change = [
            (mean(fit.value + step, weight) - mean(fit.value - step, weight)) / (2 * step.sum())
            for step in steps
        ]
        parts = fit.parts @ np.stack(change)
        own = np.zeros((len(seen.counted), len(theta)))
        own[seen.counted] = (effect(fit.value) - theta) / weight.sum()
        parts = parts + seen.sample.scores(own)
    covariance = seen.sample.covariance(parts, seen.counted)
    return Margins(tuple(names), theta, covariance, fit.df_resid, fit.n)


def _covariance_of_means(fit: Fit, table: Floats, mean: Floats) -> Floats:
    seen = fit.seen
    weight = seen.sample.weight[seen.counted]

    def again(of: Floats) -> Floats:
        inside = of[seen.counted]
        averaged: Floats = inside @ table / inside.sum()
        return averaged

    def influence() -> Floats:
        own = np.zeros((len(seen.counted), len(mean)))
        own[seen.counted] = (table - mean) / weight.sum()
        return own

    return seen.sample.covariance(seen.sample.parts(mean, again, influence), seen.counted)


def _prediction(fit: Fit) -> Callable[[Floats, Floats], Floats]:
    """Return the function from columns and coefficients to means (rows, 1 or categories)."""
    offset = fit.seen.offset[fit.seen.counted]
    if fit.kind == "regression":
        law = law_of(fit.model)
        return lambda columns, value: law.inverse(offset + columns @ value)[:, None]
    link, width = LINKS[fit.model.link or "logit"], len(fit.columns.names)

    def shares(columns: Floats, value: Floats) -> Floats:
        predictor = offset + columns @ value[:width]
        below = link.share(value[width:][None, :] - predictor[:, None])
        return np.diff(np.pad(below, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1))), axis=1)

    return shares


def _columns(fit: Fit, rows: pd.DataFrame) -> Floats:
    """Return the fit's columns, without those that were dropped, for other rows."""
    every, _ = fit.seen.coding.columns(rows)
    place = [every.names.index(name) for name in fit.columns.names]
    return every.values[:, place]


def _categories(fit: Fit) -> list[str]:
    chosen = np.unique(fit.seen.outcome[fit.seen.counted].astype(np.int64))
    return [fit.seen.categories[place] for place in chosen]


def _all(rows: pd.DataFrame, value: Level) -> pd.Series:
    return pd.Series([value] * len(rows), index=rows.index)


def _with(model: Model, group: str, levels: Sequence[Level] | None) -> Model:
    terms = model.terms if isinstance(model.terms, str) else " + ".join(model.terms)
    known = {**model.levels, **({group: tuple(levels)} if levels is not None else {})}
    return replace(model, terms=f"{terms or '1'} + {quoted(group)}", levels=known)
