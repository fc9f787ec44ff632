"""Apply the disclosure rules to the tables of estimates, comparisons and themes of one run."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.disclosure.membership import ALL, REST, Group, Respondents
from pipeline.disclosure.rules import (
    EFFECT_DECIMALS,
    EXTREME_N,
    EXTREME_SHARE,
    GROUP_DECIMALS,
    Cleared,
    as_bounds,
    is_extreme,
    rounded,
    rounded_up,
)
from pipeline.disclosure.suppression import group_sizes, safe_rests, withhold
from pipeline.questionnaire.programme import ReportingRules

_GROUP = ["question", "domain", "domain_value"]
_EXACT = ["value", "standard_error", "low", "high", "share", "value_a", "value_b", "difference"]


def publish_estimates(
    estimates: pd.DataFrame,
    rules: ReportingRules,
    sensitive: Mapping[str, bool],
    respondents: Respondents | None = None,
) -> Cleared:
    """Return the estimates of one run that may be published, in the columns of `disclose`.

    Parameters
    ----------
    estimates : DataFrame in the columns of `estimate`, one survey and wave
    sensitive : sensitive questions; True where the answers exclude each other (they sum to 100 %)
    respondents : who is in which group; lets groups of different domains be compared
    """
    counts: Counter[str] = Counter()
    kept = [estimates.iloc[:0]]
    for question, rows in estimates.groupby("question", sort=False):
        name = str(question)
        held: set[Group] = set()
        if name in sensitive:
            bare = rows[is_extreme(rows)]
            held = set(zip(bare["domain"], bare["domain_value"], strict=True))
        groups = group_sizes(rows, ["domain", "domain_value"])
        why = withhold(
            groups,
            respondents.base(name) if respondents else None,
            minimum=rules.minimum_n,
            remainder=rules.remainder_n,
            held=held,
            held_remainder=EXTREME_N if held else 0,
        )
        reason = _of_rows(rows, groups, why)
        kept.append(rows[reason == ""])
        counts.update(reason[~reason.isin(["", "held"])])
        if held:
            exclusive = sensitive[name]
            bounded, linked = _bounds(rows[reason == "held"], exclusive=exclusive)
            counts.update({"sensitive_extreme": len(bounded), "sensitive_linked": linked})
            kept.append(bounded)
    table = pd.concat(kept).sort_index(kind="stable")
    table = _coarse(table, table["domain"] != ALL, ["n", "effective_n"], rules)
    return Cleared(table.drop(columns="n_cell").reset_index(drop=True), _counted(counts))


def publish_comparisons(
    comparisons: pd.DataFrame,
    exact: pd.DataFrame,
    published: pd.DataFrame,
    rules: ReportingRules,
    sensitive: Mapping[str, bool],
    respondents: Respondents | None = None,
) -> Cleared:
    """Return the comparisons within one run that may be published.

    Parameters
    ----------
    comparisons : DataFrame in the columns of `comparison`, one survey and wave, of kinds ``group``
        and ``standard``; for the kind ``wave`` see `wave_rows`
    exact : the estimates of the run with exact n
    published : what `publish_estimates` made of them

    A comparison is shown where both sides have enough respondents, the estimate it starts from is
    shown with its value, and the rest it is held against gives no small group away.
    """
    shown = published[published["value"].notna()]
    figures = {tuple(key) for key in shown[[*_GROUP, "code"]].astype(str).to_numpy()}
    groups = exact.merge(shown[_GROUP].drop_duplicates(), on=_GROUP)
    groups = group_sizes(groups, _GROUP)
    safe = {
        str(question): safe_rests(
            groups[groups["question"] == question],
            [(str(d), f"{REST}{a}") for d, a in rests[["domain", "a"]].to_numpy()],
            respondents.base(str(question)) if respondents else None,
            remainder=rules.remainder_n,
        )
        for question, rests in comparisons[comparisons["b"] == "rest"].groupby("question")
    }
    why = [
        _why_not(row, figures, safe, rules, sensitive)
        for row in comparisons.to_dict(orient="records")
    ]
    reason = pd.Series(why, index=comparisons.index, dtype="object")
    table = _unstated(comparisons[reason == ""], published)
    grouped = (table["kind"] == "group") | ~table["domain"].isin([ALL, ""])
    table = _coarse(table, grouped, ["n_a", "n_b"], rules)
    table = table.assign(effect=table["effect"].astype("float64").round(EFFECT_DECIMALS))
    table = table.assign(**{name: rounded_up(table[name]) for name in ("p", "q")})
    return Cleared(table.reset_index(drop=True), _counted(Counter(reason[reason != ""])))


def _unstated(comparisons: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Take the figures from comparisons of a group that may not be stated as a percentage.

    The test stays (families are shown whole), but from a difference and the other side's share the
    withheld percentage could be worked out.
    """
    named = ["question", "code", "domain", "domain_value"]
    hidden = {
        tuple(key)
        for key in published.loc[~published["presentable"], named].astype(str).to_numpy()
    }
    unstated = [
        row["kind"] == "group"
        and any(
            (row["question"], row["code"], row["domain"], str(row[side])) in hidden
            for side in ("a", "b")
        )
        for row in comparisons.to_dict(orient="records")
    ]
    figures = ["value_a", "value_b", "difference", "standard_error", "low", "high", "effect"]
    table = comparisons.copy()
    table.loc[unstated, figures] = float("nan")
    return table


def publish_themes(themes: pd.DataFrame, rules: ReportingRules) -> Cleared:
    """Return the themes of one run that may be published.

    A group needs 20 usable answers; a single word needs 10 people who used it, because rare
    words point at persons, while a theme is a heading that a codeframe gave. Those outside the
    published groups who used it are nobody or again 10: from keyness, n and the share of one
    group the count elsewhere could be solved for. Keyness is published as a whole number for the
    same reason, and its p and q, which say it exactly, are missing.

    Groups of different domains are not taken away from each other here: who gave a *usable*
    answer is known to the coding only, not to the responses (unlike `publish_estimates`).
    """
    counts: Counter[str] = Counter()
    kept = [themes.iloc[:0]]
    for _, rows in themes.groupby(["question", "kind"], sort=False):
        groups = group_sizes(rows, ["domain", "domain_value"])
        why = withhold(groups, minimum=rules.quote_n, remainder=rules.remainder_n)
        reason = _of_rows(rows, groups, why)
        word = (rows["kind"] == "keyword") & (reason == "")
        rare = _rare_words(rows[word], rules.minimum_n)
        reason = reason.mask(rare.reindex(rows.index, fill_value=False), "rare_word")
        counts.update(reason[reason != ""])
        kept.append(rows[reason == ""])
    table = pd.concat(kept).sort_index(kind="stable")
    table = _coarse(table, table["domain"] != ALL, ["n"], rules)
    table = table.assign(keyness=table["keyness"].astype("float64").round(), p=np.nan, q=np.nan)
    return Cleared(
        table.drop(columns=["n_cell", "n_elsewhere"]).reset_index(drop=True), _counted(counts)
    )


def _rare_words(rows: pd.DataFrame, minimum: int) -> pd.Series:
    """Tell which rows of words go: few speakers in a group, or few (not nobody) beside it.

    `n_elsewhere` counts the speakers in the other groups of the domain. Of a word that is shown
    for several groups of a domain, those in none of them are nobody or enough, too.
    """
    rare = rows["n_cell"] < minimum
    for _, word in rows[rows["n_elsewhere"].notna()].groupby(["theme", "domain"], sort=True):
        speakers = int((word["n_cell"] + word["n_elsewhere"]).max())
        beside = word["n_elsewhere"].between(1, minimum - 1).astype(bool)
        rare = rare | beside.reindex(rows.index, fill_value=False)
        left = word[~rare[word.index]].sort_values(["n_cell", "domain_value"])
        while len(left) and 0 < speakers - int(left["n_cell"].sum()) < minimum:
            rare[left.index[0]] = True
            left = left.iloc[1:]
    return rare.astype(bool)


def _of_rows(rows: pd.DataFrame, groups: pd.DataFrame, why: pd.Series) -> pd.Series:
    """Carry the reason of each group to the rows of `rows`."""
    of_group = dict(
        zip(zip(groups["domain"], groups["domain_value"], strict=True), why, strict=True)
    )
    keys = zip(rows["domain"], rows["domain_value"], strict=True)
    return pd.Series([of_group[key] for key in keys], index=rows.index, dtype="object")


def _bounds(rows: pd.DataFrame, *, exclusive: bool) -> tuple[pd.DataFrame, int]:
    """Return the extreme shares of sensitive groups as bounds, and how many other rows go.

    Where answers exclude each other the other shares of the group would give the value away, and
    so would a mean. Of sets of codes too, since their complement may be the extreme code.
    """
    extreme = is_extreme(rows)
    free = ~extreme & (rows["estimand"] == "proportion") & (not exclusive)
    kept = pd.concat([as_bounds(rows[extreme]), rows[free]])
    return kept, int((~extreme & ~free).sum())


def _why_not(
    row: Mapping[Hashable, Any],
    figures: set[tuple[str, ...]],
    safe: Mapping[str, set[Group]],
    rules: ReportingRules,
    sensitive: Mapping[str, bool],
) -> str:
    kind, question, domain, a, b = (str(row[k]) for k in ("kind", "question", "domain", "a", "b"))
    against_people = b not in ("standard", "")
    sides = [row["n_a"], row["n_b"]] if against_people else [row["n_a"]]
    if any(pd.isna(n) or n < rules.minimum_n for n in sides):
        return "small_comparison"
    levels = [a] if b in ("rest", "standard", "") else [a, b]
    for level in levels if kind == "group" or domain not in (ALL, "") else ():
        if (question, domain, level, str(row["code"])) not in figures:
            return "withheld_group"
    if b == "rest" and (domain, f"{REST}{a}") not in safe.get(question, set()):
        return "remainder"
    if question in sensitive:
        for n, value in ((row["n_a"], row["value_a"]), (row["n_b"], row["value_b"])):
            if pd.notna(n) and n < EXTREME_N and not EXTREME_SHARE < value < 1 - EXTREME_SHARE:
                return "sensitive_linked"
    return ""


def _coarse(
    table: pd.DataFrame, grouped: pd.Series, counts: list[str], rules: ReportingRules
) -> pd.DataFrame:
    """Round counts and figures of groups; the figures of a whole survey stay as they are."""
    coarse = table.copy()
    for name in counts:
        exact = coarse[name].astype("float64")
        coarse[name] = exact.mask(grouped, rounded(exact, rules.round_domain_n_to))
    for name in _EXACT:
        if name in coarse:
            values = coarse[name].astype("float64")
            coarse[name] = np.where(grouped, values.round(GROUP_DECIMALS), values)
    if "design_effect" in coarse:
        coarse["design_effect"] = coarse["design_effect"].where(
            ~grouped, coarse["design_effect"].round(1)
        )
    for name in set(counts) & {"n", "n_a", "n_b"}:
        coarse[name] = coarse[name].astype("Int64")
    return coarse


def _counted(counts: Counter[str]) -> pd.Series:
    return pd.Series(
        {rule: counts[rule] for rule in sorted(counts) if counts[rule]}, dtype="int64"
    )
