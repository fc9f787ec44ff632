"""What of a banner table may leave the machine.

Beyond the rules of `pipeline.disclosure`, whose lattice takes disjoint columns away from a column
that contains them, a table with crossed banners can be solved like a system of equations: rows and
columns of a cross add to the single banners, and those to the total. So

- a crossed banner of which any column is withheld is left out whole;
- no withheld column, and no small group made of two banners' columns, is a combination of shown
  columns. A column is the set of its people; by linear algebra, a set is determined when it lies
  in the space that the shown sets span over the smallest groups that all banners together make;
- figures are rounded to the digits that are shown, so that hidden digits say nothing.

Source: Eurostat/ESSnet, Handbook on Statistical Disclosure Control, ch. 4 (linked tables).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from pipeline.disclosure.membership import Group, Respondents
from pipeline.disclosure.publish import publish_estimates
from pipeline.disclosure.rules import rounded
from pipeline.disclosure.suppression import group_sizes
from pipeline.estimation.domains import ALL
from pipeline.questionnaire.programme import ReportingRules
from pipeline.reporting.banner_layout import shown_value
from pipeline.totals.units import Booleans, Floats, Integers

EXACT = 1e-7
"""Share of a set that may lie outside the span by rounding of the machine."""
UNSAID = ["standard_error", "degrees_of_freedom", "effective_n", "design_effect"]
"""Columns that a table does not show, and so does not give out."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is in which column of a table.

    Attributes
    ----------
    respondents : by banner, and who answered which question
    parts : one column of text per column that a banner is made of, '' where unknown
    crossed : names of the crossed banners
    """

    respondents: Respondents
    parts: pd.DataFrame
    crossed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The cells that may leave the machine, and the crossed banners that are left out."""

    rows: pd.DataFrame
    left_out: tuple[str, ...] = ()


def release(
    exact: pd.DataFrame,
    rules: ReportingRules,
    sensitive: Mapping[str, bool],
    people: People,
) -> Release:
    """Return what of a table may leave the machine.

    Parameters
    ----------
    exact : DataFrame in the columns of `BannerTable.frame`
    """
    small = exact["domain"].isin(people.crossed) & (exact["n"] < rules.minimum_n)
    left_out = set(exact.loc[small, "domain"])
    while True:
        kept = exact[~exact["domain"].isin(left_out)]
        cleared = publish_estimates(kept, rules, sensitive, people.respondents).rows
        broken = {domain for domain, _ in _hidden(kept, cleared)} & set(people.crossed)
        if not broken and (crosses := [c for c in people.crossed if c in set(kept["domain"])]):
            questions = kept["question"].unique()
            if any(_drops(str(q), kept, cleared, people, rules.minimum_n) for q in questions):
                broken = {crosses[-1]}
        if not broken:
            break
        left_out |= broken
    for question in kept["question"].unique():
        gone = _drops(str(question), kept, cleared, people, rules.minimum_n)
        keys = zip(cleared["domain"], cleared["domain_value"], strict=True)
        going = np.array([key in gone for key in keys], dtype=bool)
        cleared = cleared[~(going & (cleared["question"] == question).to_numpy())]
    return Release(_coarse(cleared, rules), tuple(c for c in people.crossed if c in left_out))


def _hidden(kept: pd.DataFrame, cleared: pd.DataFrame) -> set[Group]:
    """Return the columns of which a question's figures are withheld or told as bounds only."""
    named = ["question", "domain", "domain_value"]
    bare = cleared.groupby(named)["value"].apply(lambda value: bool(value.isna().any()))
    whole = set(bare[~bare].index)
    every = kept[named].drop_duplicates().itertuples(index=False, name=None)
    return {(str(key[1]), str(key[2])) for key in every if key not in whole}


def _drops(
    question: str, kept: pd.DataFrame, cleared: pd.DataFrame, people: People, minimum: int
) -> set[Group]:
    """Return the columns of a question that must go, too, so that no other is determined."""
    mine, said = kept[kept["question"] == question], cleared[cleared["question"] == question]
    atoms = _atoms(question, people)
    hidden = _hidden(mine, said)
    most = group_sizes(mine, ["domain", "domain_value"])
    sizes: dict[Group, int] = dict(
        zip(zip(most["domain"], most["domain_value"], strict=True), most["n"], strict=True)
    )
    # In a column with bounds other answers may stand: for them it is a shown column.
    told = said[said["value"].notna()]
    partly = hidden & set(zip(told["domain"], told["domain_value"], strict=True))
    dropped: set[Group] = set()
    clear = {*sizes} - hidden
    for shown in (clear, clear | partly) if partly else (clear,):
        left = shown - dropped
        while culprits := atoms.determining(left, {*sizes} - left, minimum):
            broken = {domain for domain, _ in dropped}  # rather one banner more than some of each
            worst = min(
                culprits, key=lambda key: (key[0] == ALL, key[0] not in broken, sizes[key], key)
            )
            dropped.add(worst)
            left = left - {worst}
    return dropped


@dataclass(frozen=True, slots=True)
class _Atoms:
    """The smallest groups that all banners make: which columns each is in, and its people."""

    banners: pd.DataFrame
    parts: pd.DataFrame
    n: Floats

    def determining(self, shown: set[Group], hidden: set[Group], minimum: int) -> list[Group]:
        """Return the shown columns that a hidden column or small group is a combination of."""
        listed = sorted(shown)
        if not listed or not len(self.n):
            return []
        known = np.column_stack([self._inside(*key) for key in listed])
        left, size, _ = np.linalg.svd(known, full_matrices=False)
        span = left[:, size > EXACT * size[0]]
        for code, wanted in self._divided(hidden, minimum):
            # A set lies in the span where its projection on the span is as long as itself.
            projected = sum(np.bincount(code, axis, len(wanted)) ** 2 for axis in span.T)
            number = np.bincount(code, minlength=len(wanted))
            solved = np.flatnonzero(wanted & (projected >= (1 - EXACT) * number))
            if len(solved):
                target = (code == solved[0]).astype(np.float64)
                combination = np.linalg.lstsq(known, target, rcond=None)[0]
                used = np.abs(combination) > EXACT
                return [key for key, is_used in zip(listed, used, strict=True) if is_used]
        return []

    def _inside(self, domain: str, level: str) -> Floats:
        if domain == ALL:
            return np.ones(len(self.n))
        return np.asarray(self.banners[domain] == level, dtype=np.float64)

    def _divided(self, hidden: set[Group], minimum: int) -> Iterator[tuple[Integers, Booleans]]:
        """Yield divisions of the people, and which of their groups must not be determined."""
        if hidden_all := [key for key in hidden if key[0] == ALL]:
            yield np.zeros(len(self.n), dtype=np.int64), np.ones(len(hidden_all[:1]), dtype=bool)
        for domain in self.banners:
            code, levels = pd.factorize(self.banners[domain])
            yield (
                code.astype(np.int64),
                np.array([(domain, level) in hidden for level in levels], dtype=bool),
            )
        names = list(self.parts)
        pairs = list(map(list, combinations(names, 2)))
        for chosen in [*([name] for name in names), *pairs, *([names] if names else [])]:
            group = self.parts.groupby(chosen, sort=False).ngroup().to_numpy().astype(np.int64)
            yield group, np.bincount(group, self.n) < minimum


def _atoms(question: str, people: People) -> _Atoms:
    answered = people.respondents.answered[question]
    banners = people.respondents.domains[answered].reset_index(drop=True)
    parts = people.parts[answered].reset_index(drop=True)
    if parts.columns.empty:
        return _Atoms(banners.iloc[:1], parts.iloc[:1], np.array([float(len(parts))]))
    code = parts.groupby(list(parts), sort=False).ngroup().to_numpy()
    _, first = np.unique(code, return_index=True)
    return _Atoms(banners.iloc[first], parts.iloc[first], np.bincount(code).astype(np.float64))


def _coarse(cleared: pd.DataFrame, rules: ReportingRules) -> pd.DataFrame:
    """Round figures to what is shown, and take out letters of cells that are not shown."""
    grouped = cleared["domain"] != ALL
    kish = cleared["base_effective_n"]
    coarse = rounded(kish, 1).mask(grouped, rounded(kish, rules.round_domain_n_to))
    values = [
        shown_value(value, line)
        for value, line in zip(cleared["value"], cleared["line"], strict=True)
    ]
    keys = zip(cleared["question"], cleared["code"], cleared["letter"], strict=True)
    has = cleared["value"].notna()
    visible = {key for key, is_shown in zip(keys, has, strict=True) if is_shown}
    kept = [
        " ".join(one for one in str(higher).split() if (question, code, one) in visible)
        if is_shown
        else ""
        for question, code, is_shown, higher in zip(
            cleared["question"], cleared["code"], has, cleared["higher_than"], strict=True
        )
    ]  # fmt: skip
    bounds = {end: cleared[end].where(~has) for end in ("low", "high")}
    return cleared.drop(columns=UNSAID, errors="ignore").assign(
        value=values, base_effective_n=coarse, higher_than=kept, **bounds
    )
