"""Several estimates together with their covariance, and what can be computed from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import several
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import Estimand, scores_of
from pipeline.estimation.intervals import standard_errors, t_quantile
from pipeline.estimation.items import Item, numbers, only, read_items
from pipeline.estimation.ratio import RatioTotals, ratio_totals, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.coding import level_text
from pipeline.totals.units import Floats


@dataclass(frozen=True, slots=True)
class Joint:
    """Estimates with their covariance.

    Attributes
    ----------
    names : ``question``, or ``question=code``; with `by` followed by ``@domain_value``
    value : (estimates,)
    covariance : (estimates, estimates)
    df : PSUs minus strata over the bases of all estimates
    """

    names: tuple[str, ...]
    value: Floats
    covariance: Floats
    df: float

    def contrast(self, coefficients: Mapping[str, Mapping[str, float]]) -> "Joint":
        """Return linear combinations: label -> name of an estimate -> coefficient."""
        table = np.array(
            [[of.get(name, 0.0) for name in self.names] for of in coefficients.values()]
        )
        for label, of in coefficients.items():
            if unknown := sorted(set(of) - set(self.names)):
                raise KeyError(f"{label}: {', '.join(unknown)}")
        return Joint(
            tuple(coefficients), table @ self.value, table @ self.covariance @ table.T, self.df
        )

    def function(
        self, label: str, expression: Callable[[Mapping[str, complex]], complex]
    ) -> "Joint":
        """Return a smooth function of the estimates, with its variance by the delta method.

        `expression` gets the estimates by name and must also take complex numbers (use numpy's
        functions): the derivative is taken by a complex step, exact to the last digits.
        """
        at = dict(zip(self.names, self.value.astype(complex), strict=True))
        step = 1e-30
        slope = np.array(
            [expression({**at, name: at[name] + 1j * step}).imag / step for name in self.names]
        )
        value = np.array([expression(at).real])
        return Joint((label,), value, np.array([[slope @ self.covariance @ slope]]), self.df)

    def table(self, level: float = 0.95, df: float | None = None) -> pd.DataFrame:
        """Return name, value, standard_error, low, high of each estimate (t intervals)."""
        error = standard_errors(np.diag(self.covariance))
        t = t_quantile((1 + level) / 2, np.full(len(error), self.df if df is None else float(df)))
        return pd.DataFrame(
            {
                "name": list(self.names), "value": self.value, "standard_error": error,
                "low": self.value - t * error, "high": self.value + t * error,
            }
        )  # fmt: skip


def joint(
    rows: pd.DataFrame,
    estimand: Estimand,
    questions: str | Item | Sequence[str | Item | tuple[str, str]],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
) -> Joint:
    """Estimate means, shares (items), totals or ratios (pairs of columns) with their covariance.

    See `means` for the arguments; a row missing one question counts for the others unless
    ``missing="domain_jointly"``. Groups are the outer order of the result within each question.

    Raises
    ------
    ResponseError
        Nobody in the domain has an answer to any of the questions.
    """
    questions = [questions] if isinstance(questions, tuple) else several(questions)
    items = [q if isinstance(q, Item) else _item(q) for q in questions if not isinstance(q, tuple)]
    pairs = [q for q in questions if isinstance(q, tuple)]
    paired = [_item(column) for column in dict.fromkeys(c for pair in pairs for c in pair)]
    rows, where, counted = without_gaps(rows, [*items, *paired], where, missing)
    sample = sample_of(rows, design)
    names: list[str] = []
    parts: list[tuple[RatioTotals, int, int]] = []
    for domain, values, groups in banners(rows, sample, by, where):
        for question in questions:
            if isinstance(question, tuple):
                above, below = (numbers(rows[str(column)]) for column in question)
                if counted is not None:
                    above = np.where(counted, above, np.nan)
                found, label = ratio_totals(sample, above, below, groups), "/".join(question)
            else:
                item = question if isinstance(question, Item) else _item(question)
                found = totals_of(sample, only(read_items(rows, [item]), counted), groups)
                label = f"{item.question}={item.code}" if item.code else item.question
            for place, value in enumerate(values):
                if found.n[place, 0] > 0:
                    names.append(label if domain == "all" else f"{label}@{level_text(value)}")
                    parts.append((found, place, 0))
    if not parts:
        raise ResponseError(
            f"joint: {'、'.join(_shown(q) for q in questions)} 在所选的 {sample.weight.size} 行里"
            "没有一个可用的答案。请核对 where、by 和题目，或改选有答案的范围。"
            "(nobody in this domain has an answer; choose another domain or question)"
        )
    return _joined(names, parts, sample, estimand)


def _shown(question: str | Item | tuple[str, str]) -> str:
    if isinstance(question, Item):
        return question.question
    return "/".join(question) if isinstance(question, tuple) else question


def _joined(
    names: list[str], parts: list[tuple[RatioTotals, int, int]], sample: Sample, estimand: Estimand
) -> Joint:
    values, columns = [], []
    inside = np.zeros(len(sample.weight), dtype=bool)
    present = np.zeros((sample.units.count, 1), dtype=bool)
    for totals, group, item in parts:
        value, scores = scores_of(totals, sample, estimand)
        values.append(value[group, item])
        columns.append(scores[:, group, item])
        inside |= totals.groups.code == group
        present |= totals.present[:, [group]]
    matrix = sample.covariance(np.stack(columns, axis=1), present=present)
    return Joint(tuple(names), np.array(values), matrix, sample.degrees_of_freedom(inside))


def _item(question: str) -> Item:
    return Item(question, "", (question,), (), "mean")
