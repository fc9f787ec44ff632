"""How each estimator of the reference vocabulary is computed through the public calls.

Every module maps names of `spec["estimator"]` to a function of a `Case` that returns the outputs
under R's keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.design import SurveyDesign


class UnsupportedError(Exception):
    """The case asks for something that is not there yet."""


def listed(given: Any) -> list[Any]:
    """Return a list also where the file has one value, or none."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


@dataclass(frozen=True)
class Case:
    """One case, made ready.

    `rows` hold derived columns and calibrated weights, of the whole design; `design` is None for
    an unweighted data matrix; `where` is the domain; `folder` holds the files the spec names.
    """

    spec: Mapping[str, Any]
    rows: pd.DataFrame
    design: SurveyDesign | None
    where: pd.Series | None
    folder: Path

    @property
    def options(self) -> Mapping[str, Any]:
        """The options that are used: `null` is as good as absent."""
        given = self.spec.get("options") or {}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def variables(self) -> list[str]:
        return listed(self.spec.get("variables"))

    @property
    def by(self) -> list[str]:
        return listed(self.spec.get("by"))

    @property
    def missing(self) -> str:
        """The public word for the case's rule on missing values."""
        return {
            "none": "domain", "domain": "domain_jointly", "drop_rows": "drop_rows",
            "pairwise": "domain", "propagate": "refuse",
        }[self.spec.get("missing") or "none"]  # fmt: skip

    @property
    def df(self) -> float | None:
        """Degrees of freedom as the public calls take them: None is the design's."""
        given = self.options.get("df", "infinite")
        return None if given == "design" else float("inf") if given == "infinite" else float(given)

    def levels(self, column: str) -> list[Any] | None:
        """The levels of a categorical column in order, or None for a numeric one."""
        return (self.spec.get("categories") or {}).get(column)
