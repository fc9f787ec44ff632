"""A survey that answers by the names of its questions: estimates, tests, models, banner tables.

It needs rows, their design and the questionnaire; `pipeline.study` opens it from a project.
Results print with their labels and hold their figures in `.frame`; they are a researcher's own,
before the disclosure rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import By
from pipeline.estimation.items import Item
from pipeline.i18n import Language, Text, word
from pipeline.questionnaire.filters import Filter
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.reporting.labels import Labels
from pipeline.reporting.questions import (
    Figure,
    Questions,
    asked,
    domain,
    groups,
    reworded,
    with_boxes,
)

if TYPE_CHECKING:
    from pipeline.estimation.hypotheses.letters import Adjust
    from pipeline.reporting.banner_tables import BannerTable
    from pipeline.reporting.fits import FitTable
    from pipeline.reporting.formulas import Kind
    from pipeline.reporting.results import CrosstabTable, DifferencesTable, EstimatesTable

New = pd.Series | Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True, repr=False)
class Survey:
    """One survey in one wave.

    Attributes
    ----------
    rows : weighted responses, and a row of weight 0 for each sampled site without any
        They are what the estimators of `pipeline.estimation` take together with `design`.
    design : how the sample was drawn and calibrated
    questionnaire : what the columns mean
    programme : names the frame's columns and the waves; holds the reporting rules
    wave : how the wave is called
    language : in which results print

    Where a method takes `questions`, it takes one name, several, or none for the whole
    questionnaire; names of other columns and items such as ``top_box("q01", (4, 5))`` do as well.
    """

    rows: pd.DataFrame
    design: SurveyDesign
    questionnaire: Questionnaire
    programme: Programme | None = None
    wave: str = ""
    language: Language = "zh"

    @cached_property
    def labels(self) -> Labels:
        """What questions, answers and groups are called; truth values are yes and no."""
        known = Labels.of(self.questionnaire, self.programme)
        answers = {
            code: Text(zh=word(f"printed.{name}", "zh"), en=word(f"printed.{name}", "en"))
            for code, name in (("1", "yes"), ("0", "no"))
        }
        truths = {str(c): answers for c in self.rows if pd.api.types.is_bool_dtype(self.rows[c])}
        return replace(known, codes={**truths, **known.codes})

    def assign(self, **columns: New) -> Self:
        """Return the survey with more columns: a Series on `rows`, or a function of the rows.

        >>> survey.assign(old=lambda rows: rows["q17"] >= 3).proportions("q01", by="old")
        """
        rows = self.rows
        for name, new in columns.items():
            made = new if isinstance(new, pd.Series) else new(rows)
            if not made.index.equals(rows.index):
                raise ResponseError(
                    f"{name}: 新列的行与数据不一致；请由 survey.rows 算出。"
                    "(the new column is not on the rows of this survey)"
                )
            rows = rows.assign(**{name: made})
        return replace(self, rows=rows)

    def proportions(
        self,
        questions: Questions = None,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate the shares of the answers, by groups.

        Parameters
        ----------
        by : columns of groups, each a banner of its own; a tuple is crossed; "all" is everyone
        where : a filter: ``"q18 == 1 and county == 'jia'"``, a condition, or truth values; it
            makes a domain and keeps the whole design
        level : of the intervals (Korn-Graubard, the effective n at most n, as in reports)

        Raises
        ------
        ResponseError
            No such question, column or group (near names are listed); nobody in the filter.
        """
        from pipeline.estimation.proportions import proportions

        found = proportions(
            self.rows, self._asked(questions, "share"), design=self.design, by=self._groups(by),
            where=self._domain(where), level=level, interval="beta_capped",
        )  # fmt: skip
        return self._told(found)

    def means(
        self,
        questions: Questions = None,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate the means of scales, numbers and columns, by groups; see `proportions`."""
        from pipeline.estimation.means import means

        found = means(
            self.rows, self._asked(questions, "mean"), design=self.design, by=self._groups(by),
            where=self._domain(where), level=level,
        )  # fmt: skip
        return self._told(found)

    def totals(
        self,
        questions: Questions = None,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate how many people gave each answer, and sums of numbers; see `proportions`."""
        from pipeline.estimation.means import totals

        found = totals(
            self.rows, self._asked(questions, "total"), design=self.design, by=self._groups(by),
            where=self._domain(where), level=level,
        )  # fmt: skip
        return self._told(found)

    def quantiles(
        self,
        questions: Questions = None,
        *,
        probabilities: Sequence[float] = (0.25, 0.5, 0.75),
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate quantiles of numbers and scales, by groups; see `proportions`."""
        from pipeline.estimation.distributions.quantiles import quantiles

        found = quantiles(
            self.rows, self._asked(questions, "mean"), design=self.design,
            probabilities=probabilities, by=self._groups(by), where=self._domain(where),
            level=level,
        )  # fmt: skip
        return self._told(found)

    def crosstab(self, a: str, b: str, *, where: Filter | None = None) -> "CrosstabTable":
        """Cross-tabulate two single answers, with the Rao-Scott test of independence."""
        from pipeline.estimation.hypotheses.crosstabs import crosstab
        from pipeline.reporting.results import CrosstabTable

        self._groups([a, b])
        found = crosstab(
            self.rows, a, b, design=self.design, where=self._domain(where), interval="beta_capped"
        )
        test = found.independence() if self.design.probability_sample else None
        return CrosstabTable(found.table, self.language, self.labels, found, test)

    def compare_waves(
        self,
        questions: Questions = None,
        *,
        before: "Survey",
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "DifferencesTable":
        """Estimate the change since an earlier wave, with the covariance of shared PSUs.

        Shares are compared, and the means of scales and numbers. A question must have the same
        codes in both waves.
        """
        from pipeline.estimation.waves import compare
        from pipeline.reporting.results import DifferencesTable

        items = self._asked(questions, "any")
        reread = dict.fromkeys(
            item.question for item in items
            if reworded(item.question, before.questionnaire, self.questionnaire)
        )  # fmt: skip
        found = compare(
            before.rows, self.rows, items, design=(before.design, self.design),
            by=self._groups(by), where=(before._domain(where), self._domain(where)), level=level,
        )  # fmt: skip
        probability = before.design.probability_sample and self.design.probability_sample
        return DifferencesTable(
            found, self.language, self.labels, before.wave, self.wave, probability, tuple(reread)
        )

    def regress(
        self,
        formula: str,
        *,
        family: "Kind | None" = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "FitTable":
        """Fit a regression: ``survey.regress("q01 ~ q17 + county")``.

        Single choices and texts are categories, scales and numbers are numbers. `family` is
        gaussian, binomial, poisson, gamma or ordinal; by default logistic for an outcome of two
        categories, else linear. `.fit` of the result takes tests, contrasts and margins.
        """
        from pipeline.estimation.models.ordinal import ordinal
        from pipeline.estimation.models.regression import regression
        from pipeline.reporting.fits import FitTable
        from pipeline.reporting.formulas import model_of

        model, ordered = model_of(formula, family, self.questionnaire, self.labels, self.rows)
        fit = (ordinal if ordered else regression)(
            self.rows, model, design=self.design, where=self._domain(where), level=level
        )
        probability = self.design.probability_sample
        return FitTable(fit.table(), self.language, self.labels, fit, probability)

    def banner_table(
        self,
        questions: Questions = None,
        banners: By = None,
        *,
        where: Filter | None = None,
        level: float = 0.95,
        adjust: "Adjust" = "bh",
        path: str | Path | None = None,
    ) -> "BannerTable":
        """Make a banner table: every question down, every banner across, with column letters.

        Without names it is the whole questionnaire by all of its domains. Scales also get their
        highest and lowest answers together, the net score and the mean. Files hold what the
        disclosure rules let through.

        >>> survey.banner_table(banners=["county", "setting"], path="table.xlsx")
        >>> survey.banner_table("q01").to_html("q01.html")
        """
        from pipeline.disclosure.rules import sensitive_questions
        from pipeline.estimation.presentation import ranges_of
        from pipeline.reporting.banner_about import about_of
        from pipeline.reporting.banner_tables import banner_table

        form = self.questionnaire
        across = list(form.domains) if banners is None else banners
        return banner_table(
            self.rows, with_boxes(self._asked(questions, "any"), form), self._groups(across),
            design=self.design, labels=self.labels, where=self._domain(where), level=level,
            adjust=adjust, ranges=ranges_of(form), language=self.language, path=path,
            rules=self.programme.reporting if self.programme else None,
            sensitive=sensitive_questions({q.name: q for q in form.questions}),
            about=about_of(form, self.programme, self.wave, where),
        )  # fmt: skip

    def __repr__(self) -> str:
        weight, form = self.design.weight, self.questionnaire
        n = len(self.rows) if weight is None else int((self.rows[weight] > 0).sum())
        return f"{form.survey} {self.wave}: {form.title(self.language)}, n = {n:,}"

    def _asked(self, questions: Questions, figure: Figure) -> list[Item]:
        return asked(questions, figure, self.questionnaire, self.rows)

    def _domain(self, where: Filter | None) -> pd.Series | None:
        return domain(where, self.rows, self.design.weight)

    def _groups(self, by: By) -> By:
        return groups(by, self.questionnaire, self.rows)

    def _told(self, found: pd.DataFrame) -> "EstimatesTable":
        from pipeline.reporting.results import told

        return told(found, self.design, self.questionnaire, self.labels, self.language)
