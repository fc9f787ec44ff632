"""One sentence on how a share moved since the wave before, where a test or a reason allows one."""

import pandas as pd

from pipeline.findings.finding import Change
from pipeline.findings.wording import mark, said
from pipeline.i18n import LANGUAGES, Text, word
from pipeline.questionnaire.programme import ReportingRules


def change_of(comparisons: pd.DataFrame, rules: ReportingRules) -> Change | None:
    """Return what is established of the change of the whole survey's share, or why nothing can be.

    Parameters
    ----------
    comparisons : published comparisons of one question and code in one wave

    Returns
    -------
    Change or None
        None where there is one wave, or no clear difference, or no figure to state.
    """
    rows = comparisons[(comparisons["kind"] == "wave") & comparisons["domain"].isin(["all", ""])]
    for row in rows.to_dict(orient="records"):
        id_, found = str(row["id"]), row["conclusion"]
        if found == "not_comparable":
            return Change(comparison=id_, moved=found, why_not=str(row["why_not"]))
        sure = found in ("higher", "lower") and row["q"] <= rules.false_discovery_rate
        if sure and pd.notna(row["difference"]):
            return Change(comparison=id_, moved=found, difference=float(row["difference"]))
    return None


def with_change(statement: Text, change: Change | None) -> Text:
    """Return a statement followed by the sentence on the change since the wave before."""
    if change is None:
        return statement
    sentence = said(
        f"change_{change.moved}", gap=mark(change.comparison, "gap"), why=_reason(change)
    )
    return Text(zh=statement.zh + sentence.zh, en=f"{statement.en} {sentence.en}")


def _reason(change: Change) -> Text:
    if not change.why_not:
        return Text(zh="")
    told = {language: word(f"report.why_{change.why_not}", language) for language in LANGUAGES}
    return Text(zh=told["zh"], en=told["en"])
