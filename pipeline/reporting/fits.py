"""A fitted model as a readable table: categories under their question, with their reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.model import INTERCEPT
from pipeline.i18n import word
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import Grid, Printed
from pipeline.reporting.results import p_value
from pipeline.totals.coding import level_text

RATIOS = {"logit": "odds_ratio", "log": "ratio"}
"""What exp of a coefficient is, by link."""


@dataclass(frozen=True, repr=False)
class FitTable(Printed):
    """Coefficients of a regression; `fit` is the model for tests, contrasts and margins."""

    labels: Labels
    fit: Fit
    probability_sample: bool = True

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        names = ["coefficient", "standard_error", "interval", "p"]
        if not self.probability_sample:
            names = names[:1]
        if ratio := self._ratio:
            names.append(ratio)
        level = f"{self.fit.level:.0%}"
        head = ("", *(word(f"printed.{name}", self.language, level=level) for name in names))
        return [Grid(self._caption(), head, tuple(self._rows(len(names))))]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = [
            f"{word(f'printed.{name}', self.language)} = {value:.3f}"
            for name, value in self.fit.r_squared().items()
        ]
        kept = [f"! {warning}" for warning in self.fit.warnings]
        errors = "errors_of_design" if self.probability_sample else "no_margin"
        kept.append(word(f"printed.{errors}", self.language))
        told = word("printed.fit_size", self.language, n=f"{self.fit.n:,}",
                    df=f"{self.fit.df_resid:g}")  # fmt: skip
        return ["  ".join([told, *said]), *kept, word("printed.no_cause", self.language),
                word("printed.unpublished", self.language)]  # fmt: skip

    @property
    def _ratio(self) -> str:
        model = self.fit.model
        link = (model.link or "logit") if self.fit.kind == "ordinal" else model.chosen_link
        return RATIOS.get(link, "")

    def _caption(self) -> str:
        model, categories = self.fit.model, self.fit.seen.categories
        outcome = f"{model.outcome}  {self.labels.name(model.outcome, self.language)}"
        kind = "ordinal" if self.fit.kind == "ordinal" else model.family
        lines = [outcome, f"{word(f'printed.{kind}', self.language)}  {model.text}"]
        if self.fit.kind == "regression" and len(categories) == 2:
            first, second = (self._level(model.outcome, one) for one in categories)
            lines.append(word("printed.second", self.language, second=second, first=first))
        return "\n".join(lines)

    def _rows(self, width: int) -> Iterator[tuple[str, ...]]:
        terms = self.fit.columns.terms
        thresholds = ("",) * (len(self.fit.names) - len(terms))
        last = ""
        for row, term in zip(self.frame.to_dict("records"), (*terms, *thresholds), strict=True):
            levels = self.fit.seen.coding.levels.get(term, ())
            name = str(row["name"])
            if levels and term != last:
                called = self.labels.name(term, self.language)
                first = level_text(levels[0])
                if f"{term}{first}" in self.fit.names:  # without a constant no level is left out
                    yield (called,)
                else:
                    yield (word("printed.reference", self.language, name=called,
                                level=self._level(term, first)),)  # fmt: skip
            last = term
            figures = self._figures(pd.Series(row), threshold=not term)
            if levels:
                label = "  " + self._level(term, name.removeprefix(term))
            else:
                label = self._name(name) if term else self._threshold(name)
            yield (label, *figures[:width])

    def _figures(self, row: pd.Series, *, threshold: bool) -> list[str]:
        estimate = f"{row['estimate']:.3f}"
        figures = [estimate]
        if self.probability_sample:
            known = not np.isnan(row["standard_error"])
            figures += [
                f"{row['standard_error']:.3f}" if known else "",
                f"[{row['low']:.3f}, {row['high']:.3f}]" if not np.isnan(row["low"]) else "",
                p_value(row["p"]),
            ]
        if self._ratio:
            plain = threshold or row["name"] == INTERCEPT
            figures.append("" if plain else self._exponentiated(row))
        return figures

    def _exponentiated(self, row: pd.Series) -> str:
        value, low, high = (np.exp(row[name]) for name in ("estimate", "low", "high"))
        if not self.probability_sample or np.isnan(low):
            return f"{value:.2f}"
        return f"{value:.2f} [{low:.2f}, {high:.2f}]"

    def _threshold(self, name: str) -> str:
        """Return what the cut point between two answers of an ordinal outcome is called."""
        outcome = self.fit.model.outcome
        for low, high in combinations(self.fit.seen.categories, 2):
            if name == f"{low}|{high}":
                return f"{self._level(outcome, low)} | {self._level(outcome, high)}"
        return name

    def _name(self, name: str) -> str:
        """Return what a coefficient is called; parts of an interaction are joined."""
        if name == INTERCEPT:
            return word("printed.intercept", self.language)
        parts = [self._part(part) for part in name.split(":")]
        return " × ".join(parts)

    def _part(self, part: str) -> str:
        for variable, levels in self.fit.seen.coding.levels.items():
            level = part.removeprefix(variable)
            if part.startswith(variable) and level in map(str, levels):
                return f"{self.labels.name(variable, self.language)}: " + self._level(
                    variable, level
                )
        if part in self.labels.columns:
            return f"{part}  {self.labels.name(part, self.language)}"
        return part

    def _level(self, column: str, level: str) -> str:
        return self.labels.code(column, level, self.language)
