"""Which differences between two waves may be published, and how exactly.

- A difference stands where both waves' shares of that group stand with their values: it and its n
  then say no more than these do. Waves are samples of different people, so no group is left over
  when one is taken from the other.
- Where either share may not be stated as a percentage, the test stays and the figures go.
- A shrunk baseline is made of all tested levels of its domain. Where one of them is withheld, all
  baselines of that domain go, or the withheld share could be worked out.
- Figures of groups come with three decimals and errors with four, rounded up, as they were made:
  rounding them again changes nothing, so no verdict depends on disclosure.
"""

from collections import Counter

import pandas as pd

from pipeline.disclosure.membership import ALL
from pipeline.disclosure.rules import (
    EFFECT_DECIMALS,
    GROUP_DECIMALS,
    Cleared,
    rounded,
    rounded_up,
)
from pipeline.estimation.published import ERROR_DECIMALS
from pipeline.estimation.published import rounded_up as up
from pipeline.questionnaire.programme import ReportingRules

WITHOUT_FIGURES = ("one_wave", "not_comparable")
_ITEM = ["question", "code", "domain"]
_GRID = ["value_a", "value_b", "difference", "low", "high", "shrunk_b"]
_ERRORS = ["standard_error", "shrunk_error"]
_BASELINE = ["shrunk_b", "shrunk_error"]
_FIGURES = [*_GRID, *_ERRORS, "effect"]
Key = tuple[str, str, str, str]


def publish_wave_rows(
    rows: pd.DataFrame, published: pd.DataFrame, earlier: pd.DataFrame, rules: ReportingRules
) -> Cleared:
    """Return the comparisons of one run with an earlier wave that may be published.

    Parameters
    ----------
    rows : comparisons of kind ``wave``, of one survey and (later) wave
    published : what `publish_estimates` made of that wave's estimates
    earlier : the same of the survey's earlier waves together
    """
    shares = {"a": _stated(published), "b": _stated(earlier)}
    reasons, stated = [], []
    for row in rows.to_dict(orient="records"):
        key = (str(row["question"]), str(row["code"]), str(row["domain"]), str(row["a"]))
        sides = [shares["a"].get((str(row["wave"]), key)), shares["b"].get((str(row["b"]), key))]
        plain = row["conclusion"] in WITHOUT_FIGURES
        few = not plain and min(row["n_a"], row["n_b"]) < rules.minimum_n
        gone = not plain and None in sides
        reasons.append("small_comparison" if few else "withheld_group" if gone else "")
        stated.append(plain or all(sides))
    reason = pd.Series(reasons, index=rows.index, dtype="object")
    shown, linked = _without_linked_baselines(rows, reason)
    table = shown[reason == ""].copy()
    hidden = ~pd.Series(stated, index=rows.index, dtype=bool)[table.index]
    table.loc[hidden, _FIGURES] = float("nan")
    counts = Counter(reason[reason != ""]) + Counter({"withheld_baseline": linked})
    withheld = pd.Series({rule: counts[rule] for rule in sorted(counts)}, dtype="int64")
    return Cleared(_coarse(table, rules).reset_index(drop=True), withheld)


def _stated(published: pd.DataFrame) -> dict[tuple[str, Key], bool]:
    """Return of each share that stands with its value whether it may be stated as a percentage."""
    shown = published[published["value"].notna() & (published["estimand"] == "proportion")]
    level = shown["domain_value"].astype(str).mask(shown["domain"] == ALL, "")
    keys = zip(*(shown[name].astype(str) for name in ["wave", *_ITEM]), level, strict=True)
    return {
        (wave, (question, code, domain, value)): bool(presentable)
        for (wave, question, code, domain, value), presentable in zip(
            keys, shown["presentable"], strict=True
        )
    }


def _without_linked_baselines(rows: pd.DataFrame, reason: pd.Series) -> tuple[pd.DataFrame, int]:
    """Blank the baselines of domains with a withheld level in them; count those that go."""
    made = rows["shrunk_b"].notna()
    whole = made & (reason != "")
    broken = whole.groupby([rows[name] for name in _ITEM]).transform("any").astype(bool)
    table = rows.copy()
    table.loc[broken, _BASELINE] = float("nan")
    return table, int((broken & made & (reason == "")).sum())


def _coarse(table: pd.DataFrame, rules: ReportingRules) -> pd.DataFrame:
    """Round counts and figures of groups; the figures of a whole survey stay as they are."""
    grouped, coarse = table["domain"] != ALL, table.copy()
    for name in ("n_a", "n_b"):
        exact = coarse[name].astype("float64")
        coarse[name] = exact.mask(grouped, rounded(exact, rules.round_domain_n_to)).astype("Int64")
    for name in _GRID:
        values = coarse[name].astype("float64")
        coarse[name] = values.mask(grouped, values.round(GROUP_DECIMALS))
    for name in _ERRORS:
        values = coarse[name].astype("float64")
        coarse[name] = values.mask(grouped, up(values, ERROR_DECIMALS))
    coarse["effect"] = coarse["effect"].astype("float64").round(EFFECT_DECIMALS)
    return coarse.assign(**{name: rounded_up(coarse[name]) for name in ("p", "q")})
