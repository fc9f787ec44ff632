"""The lines of an estimates table: gathered as arrays, put into one frame at the end.

A large study has tens of thousands of lines; no Python object is made for a single one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.estimation.estimate import ESTIMATE_COLUMNS, Estimates
from pipeline.estimation.intervals import IntervalMethod, interval, standard_errors
from pipeline.estimation.items import Base, Item
from pipeline.totals.units import Floats, Integers

NUMBERS = (
    "value", "variance", "degrees_of_freedom", "base", "n", "n_cell", "effective_n",
    "design_effect", "log_odds_variance",
)  # fmt: skip
"""What `Estimates` holds, and the variance that ``logit`` intervals take."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of `items`, in their order however they are added.

    Attributes
    ----------
    items : one per figure; of two that are the same the last one's place counts
    estimand : what all lines are called; None: as their item is
    base : who counts below the line
    """

    items: Sequence[Item]
    estimand: str | None = None
    base: Base = "valid"
    parts: list[tuple[Integers, npt.NDArray[np.object_], Floats]] = field(default_factory=list)

    def add(
        self,
        items: Sequence[Item],
        domains: Sequence[str],
        values: Sequence[str],
        found: Estimates,
        log_odds_variance: Floats | None = None,
    ) -> None:
        """Add estimates (groups, items) of some of the items; groups have a domain and a value.

        `log_odds_variance` is (groups, items), where the interval needs it.
        """
        places = {self._key(item): place for place, item in enumerate(self.items)}
        item = np.repeat([places[self._key(one)] for one in items], len(values))
        group = np.empty((2, len(values)), dtype=object)
        group[0], group[1] = domains, values
        shape = len(values), len(items)
        on_odds = np.nan if log_odds_variance is None else log_odds_variance
        each = [*(getattr(found, name) for name in NUMBERS[:-1]), on_odds]
        numbers = [np.broadcast_to(one, shape).T.reshape(-1) for one in each]
        kept = numbers[NUMBERS.index("n")] > 0
        texts = np.tile(group, len(items))
        self.parts.append((item[kept], texts[:, kept], np.stack(numbers)[:, kept]))

    def table(
        self,
        level: float,
        df: float | None,
        of_proportions: IntervalMethod,
        of_means: IntervalMethod,
    ) -> pd.DataFrame:
        """Return the lines that have respondents, with standard errors and intervals."""
        item = np.concatenate([part[0] for part in self.parts])
        order = np.argsort(item, kind="stable")
        item = item[order]
        domain, domain_value = np.concatenate([part[1] for part in self.parts], axis=1)[:, order]
        numbers = np.concatenate([part[2] for part in self.parts], axis=1)[:, order]
        of = dict(zip(NUMBERS, numbers, strict=True))
        named = np.empty((3, len(self.items)), dtype=object)
        for place, one in enumerate(self.items):
            named[:, place] = one.question, one.code, self.estimand or one.estimand
        question, code, estimand = named[:, item]
        share = estimand == "proportion"
        designed = of["degrees_of_freedom"]
        freedom = designed if df is None else np.full(len(item), float(df))
        low, high = np.full(len(item), np.nan), np.full(len(item), np.nan)
        for method, chosen in ((of_proportions, share), (of_means, ~share)):
            low[chosen], high[chosen] = interval(
                method, of["value"][chosen], of["variance"][chosen], level=level,
                df=(designed if method in ("beta", "beta_capped") else freedom)[chosen],
                n=of["base"][chosen], answered=of["n"][chosen],
                effective_n=of["effective_n"][chosen],
                log_odds_variance=of["log_odds_variance"][chosen],
            )  # fmt: skip
        whole = pd.DataFrame(
            {
                "question": question, "code": code, "base": self.base, "domain": domain,
                "domain_value": domain_value, "estimand": estimand, "value": of["value"],
                "standard_error": standard_errors(of["variance"]), "low": low, "high": high,
                "level": level,
                "interval_method": np.where(share, of_proportions, of_means),
                "degrees_of_freedom": freedom,
                "n": of["n"].astype(np.int64), "n_cell": of["n_cell"].astype(np.int64),
                "effective_n": of["effective_n"], "design_effect": of["design_effect"],
            }
        )  # fmt: skip
        texts = ("question", "code", "base", "domain", "domain_value", "estimand")
        kinds = dict.fromkeys((*texts, "interval_method"), "str")
        return whole[[c for c in ESTIMATE_COLUMNS if c in whole]].astype(kinds)

    @staticmethod
    def _key(item: Item) -> tuple[str, str, str]:
        return item.question, item.code, item.estimand
