"""A survey that answers by the names of its questions: estimates, tests, models, banner tables.

It needs rows, their design and the questionnaire; `pipeline.study` opens it from a project.
Results print with their labels and hold their figures in `.frame`; they are a researcher's own,
before the disclosure rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ResponseError
from pipeline.estimation.arguments import refuse_bad_level
from pipeline.estimation.domains import By
from pipeline.estimation.items import Item
from pipeline.questionnaire.filters import Filter
from pipeline.reporting.opened import Opened
from pipeline.reporting.questions import Questions, chances, require_number, with_boxes

if TYPE_CHECKING:
    from pipeline.estimation.hypotheses.letters import Adjust
    from pipeline.reporting.banner_tables import BannerTable
    from pipeline.reporting.comparisons import CrosstabTable, DifferencesTable
    from pipeline.reporting.fits import FitTable
    from pipeline.reporting.formulas import Kind
    from pipeline.reporting.results import EstimatesTable
    from pipeline.reporting.tested import AlphaTable, TestTable


@dataclass(frozen=True, repr=False)
class Survey(Opened):
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
        SurveyError
            No such question, column or group (near names are listed); nobody in the filter.
        """
        from pipeline.estimation.shares import proportions

        items, by, inside = self._read(questions, "share", by, where, level)
        found = proportions(
            self.rows, items, design=self.design, by=by, where=inside, level=level,
            interval="beta_capped",
        )  # fmt: skip
        return self._told(found, items, by, inside)

    def means(
        self,
        questions: Questions = None,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate the means of scales, numbers and columns, by groups; see `proportions`."""
        from pipeline.estimation.linear import means

        items, by, inside = self._read(questions, "mean", by, where, level)
        found = means(self.rows, items, design=self.design, by=by, where=inside, level=level)
        return self._told(found, items, by, inside)

    def totals(
        self,
        questions: Questions = None,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate how many people gave each answer, and sums of numbers; see `proportions`."""
        from pipeline.estimation.linear import totals

        items, by, inside = self._read(questions, "total", by, where, level)
        found = totals(self.rows, items, design=self.design, by=by, where=inside, level=level)
        return self._told(found, items, by, inside)

    def ratios(
        self,
        numerator: str,
        denominator: str,
        *,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate the ratio of the totals of two columns, by groups; see `proportions`.

        People without an answer to either do not count.
        """
        from pipeline.estimation.linear import ratios

        pair = (self._column(numerator), self._column(denominator))
        _, by, inside = self._read(list(pair), "mean", by, where, level)
        found = ratios(self.rows, [pair], design=self.design, by=by, where=inside, level=level)
        items = [Item(numerator, denominator, pair, (), "mean")]
        return self._told(found, items, by, inside)

    def quantiles(
        self,
        questions: Questions = None,
        *,
        probabilities: float | Sequence[float] = (0.25, 0.5, 0.75),
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "EstimatesTable":
        """Estimate quantiles of numbers and scales, by groups; see `proportions`."""
        from pipeline.estimation.distributions.quantiles import quantiles

        each = chances(probabilities)
        items, by, inside = self._read(questions, "mean", by, where, level)
        found = quantiles(
            self.rows, items, design=self.design, probabilities=each, by=by, where=inside,
            level=level,
        )  # fmt: skip
        return self._told(found, items, by, inside)

    def crosstab(self, a: str, b: str, *, where: Filter | None = None) -> "CrosstabTable":
        """Cross-tabulate two single answers, with the Rao-Scott test of independence."""
        from pipeline.estimation.hypotheses.crosstabs import crosstab
        from pipeline.reporting.comparisons import CrosstabTable, judged, unused

        inside, probability = self._domain(where), self.design.probability_sample
        found = crosstab(
            self.rows, self._column(a), self._column(b), design=self.design, where=inside,
            interval="beta_capped",
        )  # fmt: skip
        tested = probability and min(found.n_cells.shape) > 1
        return CrosstabTable(
            judged(found, probability_sample=probability), self.language, self.labels, found,
            found.independence() if tested else None, probability, unused(found, self.rows),
        )  # fmt: skip

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
        from pipeline.reporting.comparisons import compared

        if not isinstance(before, Survey):
            raise ResponseError(
                f"before={before!r}: 请给打开的前一期，或（由 Study.open 打开时）期次的名称。"
                "(give the earlier wave, opened, or in a Study by its name)"
            )
        items, by, inside = self._read(questions, "any", by, where, level)
        before._groups(by)
        return compared(before, self, items, by, (before._domain(where), inside), level)

    def t_test(
        self,
        question: str | Item,
        group: str | None = None,
        *,
        null_value: float = 0.0,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "TestTable":
        """Test whether the means of two groups differ, or a mean from `null_value`.

        `group` is a column with two levels in the domain; the second is held against the first.
        """
        from pipeline.reporting.tested import t_test_of

        refuse_bad_level(level)
        require_number(null_value, "null_value")
        (item, *others) = self._asked(question, "mean")
        if others or (group is not None and self._column(group) == item.question):
            raise ResponseError(
                f"t_test: {question!r} 与 {group!r}：请给一个有均值的题目和另一列分组。"
                "(give one question with a mean, and another column of groups)"
            )
        return t_test_of(
            self.rows, item, group, design=self.design, null_value=null_value,
            where=self._domain(where), level=level, labels=self.labels, language=self.language,
        )  # fmt: skip

    def alpha(
        self,
        questions: Sequence[str],
        *,
        reverse: str | Sequence[str] = (),
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "AlphaTable":
        """Estimate Cronbach's alpha of scales that measure one thing, and what each item adds.

        `reverse` names the questions whose answers point the other way.
        """
        from pipeline.estimation.scales.reliability import alpha
        from pipeline.reporting.tested import AlphaTable

        refuse_bad_level(level)
        names = [item.question for item in self._asked(questions, "mean")]
        turned = [item.question for item in self._asked(reverse, "mean")] if reverse else []
        found = alpha(
            self.rows, names, design=self.design, where=self._domain(where), reverse=turned,
            level=level,
        )  # fmt: skip
        probability = self.design.probability_sample
        return AlphaTable(found.items, self.language, self.labels, found, probability)

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

        refuse_bad_level(level)
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
        items, by, inside = self._read(questions, "any", across, where, level)
        return banner_table(
            self.rows, with_boxes(items, form), by, design=self.design, labels=self.labels,
            where=inside, level=level, adjust=adjust, ranges=ranges_of(form),
            rules=self.programme.reporting if self.programme else None,
            sensitive=sensitive_questions({q.name: q for q in form.questions}),
            about=about_of(form, self.programme, self.wave, where), language=self.language,
            path=path,
        )  # fmt: skip
