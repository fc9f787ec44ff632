"""A fitted model: coefficients with their covariance, diagnostics, and how it is shown."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.estimation.intervals import t_quantile, two_sided_p
from pipeline.estimation.models.irls import Precision
from pipeline.estimation.models.model import INTERCEPT, Model
from pipeline.estimation.models.model_matrix import Columns
from pipeline.estimation.models.model_rows import ModelRows
from pipeline.estimation.together import Joint
from pipeline.totals.units import Floats


@dataclass(frozen=True, slots=True, repr=False)
class Fit:
    """What `regression` and `ordinal` found.

    Attributes
    ----------
    names : of the coefficients; of an ordinal model the thresholds ``low|high`` follow
    value, covariance : coefficients, and their covariance under the sample design
    parts : the coefficients' parts (see `Sample.parts`), from which the covariance comes
    naive : inverse information with weights of mean 1: the covariance (but for the dispersion)
        that a simple random sample would have
    df_resid : the design's degrees of freedom + 1 - coefficients (of an ordinal model: degrees of
        freedom - coefficients without thresholds)
    dispersion : variance of the Pearson residuals (with replicate weights their mean square); 1 in
        an ordinal model
    deviance, null_deviance : with weights of mean 1; the null model has the intercept only
    dropped : columns that are combinations of those before them, and so have no coefficient
    warnings : what stands between the numbers and their use, in words
    """

    kind: Literal["regression", "ordinal"]
    seen: ModelRows
    columns: Columns
    names: tuple[str, ...]
    value: Floats
    covariance: Floats
    parts: Floats
    naive: Floats
    df_resid: float
    dispersion: float
    deviance: float
    null_deviance: float
    level: float
    precision: Precision
    dropped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def model(self) -> Model:
        """The model that was fitted."""
        return self.seen.model

    @property
    def n(self) -> int:
        """Respondents that the model was fitted to."""
        return self.seen.n

    @property
    def standard_error(self) -> Floats:
        """Of each coefficient."""
        error: Floats = np.sqrt(np.diag(self.covariance))
        return error

    def joint(self) -> Joint:
        """Return the coefficients as estimates that contrasts can be taken of."""
        return Joint(self.names, self.value, self.covariance, self.df_resid)

    def table(
        self,
        *,
        level: float | None = None,
        exponentiate: bool = False,
        labels: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        """Return one row per coefficient.

        Parameters
        ----------
        exponentiate : odds ratios, rate ratios: estimate and interval are exp of the
            coefficient's, the standard error is by the delta method; statistic and p stay
        labels : name of a coefficient -> what is shown in its place

        Returns
        -------
        DataFrame: name, estimate, standard_error, statistic (t), p, low, high, degrees_of_freedom,
        n; p, low and high are missing where no degrees of freedom are left
        """
        error, df = self.standard_error, np.full(len(self.value), float(self.df_resid))
        t = t_quantile((1 + (level or self.level)) / 2, df)
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = self.value / error
        estimate, low, high = self.value, self.value - t * error, self.value + t * error
        if exponentiate:
            estimate, low, high = np.exp(estimate), np.exp(low), np.exp(high)
            error = error * estimate
        named = labels or {}
        return pd.DataFrame(
            {
                "name": [named.get(name, name) for name in self.names],
                "estimate": estimate, "standard_error": error, "statistic": statistic,
                "p": two_sided_p(statistic, df), "low": low, "high": high,
                "degrees_of_freedom": df, "n": self.n,
            }
        )  # fmt: skip

    def r_squared(self) -> dict[str, float]:
        """Return how much is explained.

        Of a linear model ``r_squared`` and ``adjusted``; of a logistic or ordinal one McFadden's,
        Cox & Snell's and Nagelkerke's (Nagelkerke 1991, Biometrika 78, 691-692), from deviances
        whose weights have a mean of 1 (Lumley 2017, Austral. N.Z. J. Statist. 59, 231-246); of the
        others ``deviance_explained``.
        """
        n, share = self.n, self.deviance / self.null_deviance
        if self.kind == "regression" and self.model.family == "gaussian":
            free = n - len(self.value)
            ones = int(INTERCEPT in self.names)
            return {"r_squared": 1 - share, "adjusted": 1 - share * (n - ones) / free}
        if self.kind == "regression" and self.model.family != "binomial":
            return {"deviance_explained": 1 - share}
        cox_snell = -np.expm1((self.deviance - self.null_deviance) / n)
        most = -np.expm1(-self.null_deviance / n)
        return {
            "mcfadden": 1 - share, "cox_snell": float(cox_snell),
            "nagelkerke": float(cox_snell / most),
        }  # fmt: skip

    def variance_inflation(self) -> pd.DataFrame:
        """Return how much the terms' overlap inflates their variances.

        Returns
        -------
        DataFrame: term, columns, inflation (generalised; the usual VIF of a term of one column),
        per_column = inflation^(1 / (2 columns)). From weighted correlations of the columns.

        Source: Fox & Monette (1992), JASA 87, 178-183.
        """
        weight = self.seen.weight
        varying = np.array([term != INTERCEPT for term in self.columns.terms])
        columns = self.columns.only(varying)
        x = columns.values - np.average(columns.values, axis=0, weights=weight)
        cross = (x * weight[:, None]).T @ x
        size = np.sqrt(np.diag(cross))
        correlation = cross / np.outer(size, size)
        terms = np.array(columns.terms)
        found = []
        whole = np.linalg.det(correlation)
        for term in dict.fromkeys(columns.terms):
            own = terms == term
            within = np.linalg.det(correlation[np.ix_(own, own)])
            others = np.linalg.det(correlation[np.ix_(~own, ~own)])
            inflation = float(within * others / whole)
            k = int(own.sum())
            found.append((term, k, inflation, inflation ** (1 / (2 * k))))
        return pd.DataFrame(found, columns=["term", "columns", "inflation", "per_column"])

    def __str__(self) -> str:
        shown = self.table().drop(columns=["degrees_of_freedom", "n"])
        with pd.option_context("display.unicode.east_asian_width", True):
            body = shown.to_string(
                index=False, float_format=lambda x: f"{x:.4g}", formatters={"p": _small}
            )
        explained = ", ".join(f"{name} {value:.3f}" for name, value in self.r_squared().items())
        return "\n".join([self._head(), body, explained, *(f"! {said}" for said in self.warnings)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape

        said = "".join(f"<p>! {escape(one)}</p>" for one in self.warnings)
        shown = self.table().drop(columns=["degrees_of_freedom", "n"])
        return f"<p>{escape(self._head())}</p>{shown.to_html(index=False)}{said}"

    def _head(self) -> str:
        law = self.model.family if self.kind == "regression" else "ordinal"
        link = self.model.chosen_link if self.kind == "regression" else self.model.link or "logit"
        return (
            f"{self.model.text}  [{law}, {link}]  n = {self.n:,}, df = {self.df_resid:g}, "
            f"{self.level:.0%} 置信区间 (CI)"
        )


def _small(p: float) -> str:
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"
