"""The data behind published results: files, columns made from others, designs, subgroups."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.questionnaire.expressions import parse
from pipeline.questionnaire.routing import holds
from pipeline.responses.read import read_table
from pipeline.weighting import calibrate, make_replicates, rake

SOURCES = tomllib.loads((Path(__file__).parent / "sources.toml").read_text(encoding="utf-8"))
TABLES: Mapping[str, str] = SOURCES["tables"]
EMPTY = ("", "NA", "NULL")
LOGICAL = {"TRUE": 1, "FALSE": 0}


class Data:
    """The files of one source, read once; `called` names the columns that calls.csv asks for."""

    def __init__(self, folder: Path, name: str, called: str) -> None:
        self._given = SOURCES["data"][name]
        self.rows = _read(folder, self._given, f"{called} {self._given}")
        if self._given.get("missing") == "median":
            self.rows = self.rows.fillna(self.rows.median())
        for column, made in self._given.get("derived", {}).items():
            self.rows[column] = _derived(self.rows, made)
        where = self._given.get("where")
        self.where = None if where is None else holds(parse(where), self.rows)
        self.standard: Mapping[str, Mapping[str, float]] = self._given.get("standard", {})
        self._weighted = cache(self._weighted_by)

    def subgroup(self, printed: str) -> tuple[str, str]:
        """Return the columns (crossed by ``*``) and their value that a printed subgroup means."""
        if printed == "all":
            return ("all", "all")
        found = self._given["subgroups"][printed]
        return (found[0], found[1]) if found else ("all", "all")

    def designed(self, name: str) -> tuple[pd.DataFrame, SurveyDesign]:
        """Return the rows with the weights of a design, and the design."""
        return self._weighted(name)

    def _weighted_by(self, name: str) -> tuple[pd.DataFrame, SurveyDesign]:
        steps = self._given.get("weighted", {}).get(name)
        if steps is None:
            return self.rows, SurveyDesign(**self._given["designs"][name])
        rows, design = self.designed(steps["design"])
        if "replicates" in steps:
            rows, design = make_replicates(rows, design, method=steps["replicates"])
        if "rake" in steps:
            rows, design = rake(rows, design, steps["rake"], into="raked", tolerance=1e-10)
        if "calibrate" in steps:
            rows, design = calibrate(rows, design, into="calibrated", **steps["calibrate"])
        return rows, design


def _read(folder: Path, given: Mapping[str, Any], said: str) -> pd.DataFrame:
    """Read the files as a survey's are read, with the columns that are spoken of, and join them."""
    delivered = (read_table(folder / file).cells for file in given["files"])
    first, *others = (_numbered(c[[h for h in c.columns if h in said]]) for c in delivered)
    for other in others:
        first = first.merge(other, on=given["on"], how="inner")
    return first.reset_index(drop=True)


def _numbered(cells: pd.DataFrame) -> pd.DataFrame:
    """Return columns of numbers where every cell is one, else of texts; empty cells missing.

    R writes TRUE and FALSE for a column of ticks, and for one that holds 0 alone.
    """
    columns = {}
    for place, name in enumerate(cells.columns):
        column = cells.iloc[:, place]
        empty = column.isin(EMPTY)
        number = pd.to_numeric(column, errors="coerce")
        if column.isin([*EMPTY, *LOGICAL]).all():
            number = column.map(LOGICAL)
        whole = (number.notna() | empty).all()
        columns[name] = number.astype(float) if whole else column.astype(object).mask(empty)
    return pd.DataFrame(columns)


def _derived(rows: pd.DataFrame, made: Mapping[str, Any]) -> pd.Series:
    """Return a column of one value, of values by another's values, or of the bands it falls in.

    Bands begin at the cuts; their labels are 0, 1, ... unless given.
    """
    if "value" in made:
        return pd.Series(made["value"], index=rows.index)
    column = rows[made["column"]]
    if "values" in made:
        texts = {str(key): value for key, value in made["values"].items()}
        named = column.map(
            lambda cell: texts.get(f"{cell:g}" if isinstance(cell, float) else cell)
        )
        return named
    labels = np.array(made.get("labels", list(range(len(made["cuts"]) + 1))))
    band = np.searchsorted(made["cuts"], column.to_numpy(dtype=float), side="right")
    return pd.Series(labels[band], index=rows.index, dtype=object).where(column.notna())
