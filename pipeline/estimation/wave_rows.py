"""The rows of a survey's comparisons that hold one wave against the wave before it.

Only what was asked alike in both is compared (`pipeline.questionnaire.comparability`); of the rest
a row says why not. In groups, levels picked as worst are judged by a baseline shrunk for the same
item across the levels of the domain (`pipeline.estimation.shrinkage`).

Figures of groups stand on the grid on which they are published, three decimals, and errors on
four, rounded up: a verdict drawn from the published table is then the verdict, not nearly so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.comparison import MINIMUM_PSUS, MINIMUM_SIDE
from pipeline.estimation.domains import ALL
from pipeline.estimation.families import without_margin_of_error
from pipeline.estimation.items import Item, measured_items
from pipeline.estimation.published import ERROR_DECIMALS, VALUE_DECIMALS, rounded_up
from pipeline.estimation.shrinkage import change_error, shrink
from pipeline.estimation.waves import compare
from pipeline.questionnaire.comparability import NotComparable, comparable
from pipeline.questionnaire.model import Questionnaire

NOT_COMPARABLE = "not_comparable"
_NAMES = {
    "domain_value": "a", "value_after": "value_a", "value_before": "value_b", "n_after": "n_a",
    "n_before": "n_b",
}  # fmt: skip
_ITEM = ["question", "code", "domain"]
_VALUES, _ERRORS = ("value_a", "value_b", "shrunk_b"), ("standard_error", "shrunk_error")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One wave of a survey: all rows of its sample, their design, and what was asked."""

    wave: str
    rows: pd.DataFrame
    design: SurveyDesign
    questionnaire: Questionnaire


def wave_rows(
    before: Surveyed, after: Surveyed, *, survey: str, level: float = 0.95
) -> pd.DataFrame:
    """Compare the shares of unfavourable answers of two waves, in all and by domain.

    What counts as unfavourable in the later wave counts in both.

    Returns
    -------
    DataFrame, one row per item, domain and level with respondents in both waves, of kind ``wave``
        `a` is the level ('' for all), `b` the earlier wave; `difference` is later minus earlier
        share, so that more is worse. A row with fewer than 30 respondents or 4 PSUs with an answer
        in either wave has its values, but no test. `shrunk_b` is the earlier share shrunk toward
        the item's mean over the tested levels of the domain, `shrunk_error` the standard error of
        the later share minus `shrunk_b`; missing for all, the plain share and error of the
        difference where fewer than three levels say nothing of their mean. An item that is not
        comparable has one row, for all, with `why_not` in place of numbers.
    """
    items, refused = _items(before.questionnaire, after.questionnaire)
    known = {"kind": "wave", "survey": survey, "wave": after.wave, "b": before.wave}
    told = pd.DataFrame(
        [
            {"question": item.question, "code": item.code, "domain": ALL, "a": "",
             "why_not": why, "conclusion": NOT_COMPARABLE}
            for item, why in refused
        ]
    ).assign(**known)  # fmt: skip
    if not items:
        return told
    by = [ALL, *common_domains(before.questionnaire, after.questionnaire)]
    designs = (before.design, after.design)
    found = compare(before.rows, after.rows, items, design=designs, by=by, level=level)
    if found.empty:
        return told
    table = _with_baselines(_untested_where_few(found)).rename(columns=_NAMES).assign(**known)
    whole = table["domain"] == ALL
    table["a"] = table["a"].mask(whole, "")
    table["family"] = f"{survey}|{after.wave}|wave" + ("|" + table["domain"]).mask(whole, "")
    table = _on_the_grid(table, ~whole)
    if not (before.design.probability_sample and after.design.probability_sample):
        table = without_margin_of_error(table).assign(shrunk_b=np.nan, shrunk_error=np.nan)
    return pd.concat([table, told], ignore_index=True) if refused else table


def common_domains(before: Questionnaire, after: Questionnaire) -> tuple[str, ...]:
    """Return the domains by which both waves can be divided alike."""
    return tuple(
        name
        for name in after.domains
        if name in before.domains
        and (name in after.frame_domains or comparable(before, after, name) == "")
    )


def _items(
    before: Questionnaire, after: Questionnaire
) -> tuple[list[Item], list[tuple[Item, NotComparable]]]:
    """Return the items to compare, and the others with the reason, in questionnaire order.

    An item of the earlier wave whose question is gone belongs to the others.
    """
    asked = {question.name for question in after.questions}
    measured = [item for item, _ in measured_items(after)]
    measured += [item for item, _ in measured_items(before) if item.question not in asked]
    judged = [(item, comparable(before, after, item.question)) for item in measured]
    return [i for i, why in judged if why == ""], [(i, why) for i, why in judged if why != ""]


def _untested_where_few(found: pd.DataFrame) -> pd.DataFrame:
    few = found[["n_before", "n_after"]].min(axis=1) < MINIMUM_SIDE
    few |= found[["psus_before", "psus_after"]].min(axis=1) < MINIMUM_PSUS
    gone = ["standard_error", "low", "high", "degrees_of_freedom", "p"]
    return found.assign(**{name: found[name].mask(few) for name in gone})


def _with_baselines(found: pd.DataFrame) -> pd.DataFrame:
    """Add the shrunk earlier shares of groups and the errors of the change since."""
    tested = found[found["p"].notna() & (found["domain"] != ALL)]
    made = pd.DataFrame(np.nan, index=found.index, columns=["shrunk_b", "shrunk_error"])
    for places, value, error in _baselines(tested):
        made.loc[places, "shrunk_b"], made.loc[places, "shrunk_error"] = value, error
    return found.assign(shrunk_b=made["shrunk_b"], shrunk_error=made["shrunk_error"])


def _baselines(
    tested: pd.DataFrame,
) -> Iterator[tuple[pd.Index, list[float], list[float]]]:
    for _, levels in tested.groupby(_ITEM, sort=False):
        before, after = (levels[f"error_{side}"].to_numpy() for side in ("before", "after"))
        shrunk = shrink(levels["value_before"].to_numpy(), before**2)
        if shrunk.why_not:
            yield levels.index, list(shrunk.value), levels["standard_error"].tolist()
            continue
        shared = levels["correlation"].fillna(0.0).to_numpy() * before * after
        yield levels.index, list(shrunk.value), list(change_error(after**2, shared, shrunk))


def _on_the_grid(table: pd.DataFrame, grouped: pd.Series) -> pd.DataFrame:
    """Round the figures of groups as they are published; the difference is that of the shares."""
    made = table.copy()
    for name in _VALUES:
        made[name] = table[name].where(~grouped, table[name].round(VALUE_DECIMALS))
    for name in _ERRORS:
        made[name] = table[name].where(~grouped, rounded_up(table[name], ERROR_DECIMALS))
    apart = (made["value_a"] - made["value_b"]).round(VALUE_DECIMALS)
    moved = (apart - table["difference"]).where(grouped, 0.0)
    made["difference"] = table["difference"].where(~grouped, apart)
    for name in ("low", "high"):
        ends = (table[name] + moved).round(VALUE_DECIMALS)
        made[name] = table[name].where(~grouped, ends)
    return made
