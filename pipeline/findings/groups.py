"""Sentences on groups: who stands out from the rest, or that nobody clearly does.

A group is named only if its difference to the rest is established (q and size) and both sides may
be stated as percentages. Groups are never put in an order.
"""

from collections.abc import Iterator

import pandas as pd

from pipeline.disclosure.public import PublicTables
from pipeline.findings.wording import mark, said
from pipeline.i18n import Text
from pipeline.questionnaire.codebook import label_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, ReportingRules


def group_notes(
    comparisons: pd.DataFrame,
    public: PublicTables,
    questionnaire: Questionnaire,
    programme: Programme,
) -> tuple[Text, ...]:
    """Return one sentence, with marks, for each domain whose groups were compared.

    Parameters
    ----------
    comparisons : published comparisons of one question and code; rows of kind ``group`` are read
    """
    rows = comparisons[comparisons["kind"] == "group"]
    compared = set(rows["domain"])
    return tuple(
        _note(rows[rows["domain"] == domain], domain, public, questionnaire, programme)
        for domain in questionnaire.domains
        if domain in compared
    )


def _note(
    rows: pd.DataFrame,
    domain: str,
    public: PublicTables,
    questionnaire: Questionnaire,
    programme: Programme,
) -> Text:
    named = rows[[_stands_out(row, public, programme.reporting) for _, row in rows.iterrows()]]
    by = domain_name(domain, questionnaire, programme)
    if named.empty:
        return said("groups_alike", domain=by)
    parts = list(_parts(named, domain, questionnaire, programme))
    listed = Text(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))
    others = len(named) < len(rows)
    return said("groups_apart_others" if others else "groups_apart", domain=by, listed=listed)


def _parts(
    named: pd.DataFrame, domain: str, questionnaire: Questionnaire, programme: Programme
) -> Iterator[Text]:
    for _, row in named.iterrows():
        other = str(row["b"])
        yield said(
            "group_above" if row["difference"] > 0 else "group_below",
            level=level_of(domain, str(row["a"]), questionnaire, programme),
            other=said("the_rest")
            if other == "rest"
            else level_of(domain, other, questionnaire, programme),
            a=mark(row["id"], "value_a"),
            b=mark(row["id"], "value_b"),
            gap=mark(row["id"], "gap"),
        )


def _stands_out(row: pd.Series, public: PublicTables, rules: ReportingRules) -> bool:
    if row["conclusion"] not in ("higher", "lower") or pd.isna(row["q"]):
        return False
    # Published differences carry three decimals, so half a unit there is no shortfall.
    large = abs(row["difference"]) >= rules.smallest_important_difference - 0.0005
    enough = min(row["n_a"], row["n_b"]) >= rules.statement_n
    table = public.estimates
    stated = table[
        (table["survey"] == row["survey"])
        & (table["wave"] == row["wave"])
        & (table["question"] == row["question"])
        & (table["code"] == row["code"])
        & (table["domain"] == row["domain"])
        & (table["domain_value"] == row["a"])
    ]["presentable"]
    sure = row["q"] <= rules.false_discovery_rate
    return bool(sure and large and enough and stated.astype(bool).any())


def domain_name(domain: str, questionnaire: Questionnaire, programme: Programme) -> Text:
    """Return what a domain is called: of the frame, or the wording of the question."""
    if (frame := programme.frame_domain(domain)) is not None:
        return frame.name
    wording = questionnaire.question(domain).text
    return Text(zh=wording.zh.removeprefix("您的"), en=wording.en.removeprefix("Your "))


def level_of(domain: str, value: str, questionnaire: Questionnaire, programme: Programme) -> Text:
    """Return what a level of a domain is called; the level itself where nothing names it."""
    if (frame := programme.frame_domain(domain)) is not None:
        return next((one.name for one in frame.levels if one.code == value), Text(zh=value))
    try:
        return label_of(questionnaire.question(domain), int(value))
    except (KeyError, ValueError):
        return Text(zh=value)
