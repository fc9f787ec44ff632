"""From a model in words to its columns: formulas, categories, interactions.

Formulas are read by formulaic (Wilkinson & Rogers (1973), Applied Statistics 22, 392-399). A
category becomes one indicator per level but the first, its reference. In an interaction a category
whose margin is not in the model keeps all its indicators, as does the first category of a model
without intercept; what is then too much is dropped when the model is fitted. These are the rules
of R (Chambers & Hastie (1992), Statistical Models in S, sec. 2.3.2), and so are the names:
``(Intercept)``, ``age``, ``countyB``, ``age:countyB``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.items import Level, encoded
from pipeline.estimation.models.model import INTERCEPT, Model, canonical
from pipeline.totals.coding import level_text
from pipeline.totals.units import Booleans, Floats, Integers

Term = tuple[str, ...]
"""The variables (or functions of them) that a term multiplies."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a model, (rows, columns), with their names and the term of each."""

    values: Floats
    names: tuple[str, ...]
    terms: tuple[str, ...]

    def only(self, kept: Booleans) -> "Columns":
        """Return some of the columns."""
        names = tuple(n for n, k in zip(self.names, kept, strict=True) if k)
        terms = tuple(t for t, k in zip(self.terms, kept, strict=True) if k)
        return Columns(self.values[:, kept], names, terms)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable by row: `code` of `labels` (-1 missing), or `values` of one or more columns."""

    labels: tuple[str, ...]
    code: Integers | None = None
    values: Floats | None = None

    @property
    def known(self) -> Booleans:
        """Which rows have a value."""
        if self.code is not None:
            return self.code >= 0
        known: Booleans = ~np.isnan(np.asarray(self.values)).any(axis=1)
        return known

    def columns(self, name: str, first: int) -> list[tuple[str, Floats]]:
        """Return names and values of its columns, of a category the levels from `first` on."""
        if self.values is not None:
            return [(name + at, x) for at, x in zip(self.labels, self.values.T, strict=True)]
        return [
            (name + label, np.asarray(self.code == place, dtype=np.float64))
            for place, label in enumerate(self.labels)
            if place >= first
        ]


@dataclass(frozen=True, slots=True)
class Coding:
    """How a model's variables become columns; what was learned from the rows stays with it.

    Attributes
    ----------
    levels : the categories of each categorical column
    learned : formulaic's state of each function of columns
    """

    terms: tuple[Term, ...]
    intercept: bool
    levels: Mapping[str, tuple[Level, ...]]
    learned: Mapping[str, Any]

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the rows that the terms read."""
        found = [name for term in self.terms for name in term if name not in self.learned]
        for spec in self.learned.values():
            found.extend(sorted(spec.required_variables))
        return tuple(dict.fromkeys(found))

    def without(self, terms: Iterable[str]) -> "Coding":
        """Return the coding of the model without some terms."""
        gone = {canonical(term) for term in terms}
        kept = tuple(t for t in self.terms if canonical(":".join(t)) not in gone)
        return replace(self, terms=kept)

    def variables(self, rows: pd.DataFrame) -> dict[str, Variable]:
        """Return each variable of the terms by row."""
        names = dict.fromkeys(name for term in self.terms for name in term)
        return {name: self._variable(rows, name) for name in names}

    def columns(self, rows: pd.DataFrame) -> tuple[Columns, Booleans]:
        """Return the columns, and which rows have a value in all; without one they hold 0."""
        known = np.ones(len(rows), dtype=bool)
        variables = self.variables(rows)
        for variable in variables.values():
            known &= variable.known
        values: list[Floats] = [np.ones(len(rows))] if self.intercept else []
        names, terms = ([INTERCEPT], [INTERCEPT]) if self.intercept else ([], [])
        whole = self._first_category(variables)
        for place, term in enumerate(self.terms):
            parts = [
                variables[name].columns(
                    name, self._first_level(term, name, whole == (place, name))
                )
                for name in term
            ]
            for combined in product(*reversed(parts)):
                ordered = combined[::-1]
                names.append(":".join(name for name, _ in ordered))
                terms.append(":".join(term))
                values.append(reduce(np.multiply, [column for _, column in ordered]))
        table = np.stack(values, axis=1) if values else np.zeros((len(rows), 0))
        table[~known] = 0.0
        return Columns(table, tuple(names), tuple(terms)), known

    def _first_level(self, term: Term, name: str, whole: bool) -> int:
        """Return 0 where a category keeps all its indicators, else 1."""
        margin = frozenset(term) - {name}
        present = not margin or margin in {frozenset(other) for other in self.terms}
        return 1 if present and not whole else 0

    def _first_category(self, variables: Mapping[str, Variable]) -> tuple[int, str] | None:
        """Return where a model without intercept has its first category."""
        if self.intercept:
            return None
        for place, term in enumerate(self.terms):
            for name in term:
                if variables[name].code is not None:
                    return place, name
        return None

    def _variable(self, rows: pd.DataFrame, name: str) -> Variable:
        if name in self.levels:
            levels = self.levels[name]
            return Variable(tuple(map(level_text, levels)), code=coded(rows[name], levels))
        if name not in self.learned:
            return Variable(("",), values=numbers(rows, name)[:, None])
        spec = self.learned[name]
        with np.errstate(divide="ignore", invalid="ignore"):
            table = np.asarray(spec.get_model_matrix(rows), dtype=np.float64)
        kind, state = spec.encoder_state.get(name, (None, {}))
        if getattr(kind, "name", "") == "CATEGORICAL":
            known = table.sum(axis=1) > 0
            code = np.where(known, table.argmax(axis=1), -1).astype(np.int64)
            return Variable(tuple(level_text(c) for c in state["categories"]), code=code)
        labels = [column.removeprefix(name) for column in spec.column_names]
        return Variable(tuple(label.strip("[]") for label in labels), values=table)


def coding_of(rows: pd.DataFrame, model: Model) -> Coding:
    """Return how `model` is coded, with levels and functions learned from `rows`.

    Raises
    ------
    SurveyError
        A formula that cannot be read; a column that is not there or has a single category.
    """
    terms, looked_up, intercept = _parsed(model)
    names = dict.fromkeys(name for term in terms for name in term)
    learned = {name: _learned(rows, name) for name in names if name not in looked_up}
    levels: dict[str, tuple[Level, ...]] = {}
    for name in names:
        if name in learned:
            continue
        require(rows, [name])
        if name in model.levels or not _numeric(rows[name]):
            levels[name] = levels_of(rows, model, name)
    return Coding(terms, intercept, levels, learned)


def levels_of(rows: pd.DataFrame, model: Model, name: str) -> tuple[Level, ...]:
    """Return the categories of a column in order, the reference first."""
    if name in model.levels:
        return tuple(model.levels[name])
    column = rows[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(column.cat.categories)
    return encoded(column)[1]


def coded(column: pd.Series, levels: Sequence[Level]) -> Integers:
    """Return the place of each value among the levels; -1 where it is none of them."""
    if pd.api.types.is_numeric_dtype(column):
        wanted = pd.Index([float(level) for level in levels])
        value = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return wanted.get_indexer(pd.Index(value)).astype(np.int64)
    wanted = pd.Index(list(levels), dtype="object")
    return wanted.get_indexer(pd.Index(column.astype("object"))).astype(np.int64)


def numbers(rows: pd.DataFrame, name: str) -> Floats:
    """Return a column of numbers, NaN where missing."""
    require(rows, [name])
    try:
        value: Floats = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise ResponseError(
            f"列 {name}: 不是数值；请先解码，或在 Model.levels 中列出它的类别。"
            "(not numeric; decode it, or name its levels)"
        ) from None
    return value


def require(rows: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse names that are no columns."""
    if absent := [name for name in names if name not in rows]:
        raise ResponseError(
            f"模型所需的列 {'、'.join(absent)} 不在数据表中；请核对公式。"
            "(columns of the model are missing; check the formula)"
        )


def _parsed(model: Model) -> tuple[tuple[Term, ...], set[str], bool]:
    """Return the terms, those of their variables that are columns, and whether 1 is a term."""
    from formulaic import Formula
    from formulaic.errors import FormulaicError
    from formulaic.parser import DefaultFormulaParser

    text = model.terms if isinstance(model.terms, str) else " + ".join(model.terms)
    try:
        parsed = Formula(
            text or ("1" if model.intercept else "0"),
            _parser=DefaultFormulaParser(include_intercept=model.intercept),
        )
        listed = [[(f.expr, f.eval_method.name) for f in term.factors] for term in parsed]
    except (FormulaicError, AttributeError, TypeError) as fault:
        said = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise SurveyError(
            f"公式 {text!r} 无法读取: {said} 请改正公式；列名不是标识符时用反引号括起。"
            "(the formula cannot be read; put unusual column names into backticks)"
        ) from None
    one = [[("1", "LITERAL")]]
    terms = tuple(tuple(name for name, _ in term) for term in listed if term not in one)
    looked_up = {name for term in listed for name, how in term if how == "LOOKUP"}
    return terms, looked_up, any(term in one for term in listed)


def _learned(rows: pd.DataFrame, name: str) -> Any:
    """Return formulaic's state of a function of columns, which later rows are put through."""
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        formula = Formula("0 + {" + name + "}")
        require(rows, sorted(formula.required_variables))
        with np.errstate(divide="ignore", invalid="ignore"):
            matrix = formula.get_model_matrix(
                rows, context={}, na_action="ignore", ensure_full_rank=False, output="numpy"
            )
    except FormulaicError as fault:
        raise SurveyError(
            f"公式中的 {name} 无法计算: {str(fault).splitlines()[0]}"
            "(this part of the formula cannot be computed)"
        ) from None
    return matrix.model_spec


def _numeric(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    if column.dtype == object:
        return pd.api.types.infer_dtype(column, skipna=True) == "boolean"
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
