"""The verdict of Great Expectations on the same rules; the only module that imports it.

Its row lists are not used (they drop row conditions and stop at 20 rows in places): which
responses are set aside is computed in ``quarantine`` from the rules themselves; both counts must
agree.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.validation.rules import Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """How often a rule was broken, by Great Expectations and by its mask."""

    rule: str
    question: str
    expectation: str
    hard: bool
    unexpected: int
    masked: int


def judged(
    checked: pd.DataFrame, rules: Sequence[Rule], quarantined: pd.DataFrame, name: str
) -> list[Verdict]:
    """Judge the checked columns by the rules, and hold the counts against the masks'.

    Parameters
    ----------
    checked : DataFrame of Float64, from `checked.checked_columns`
    quarantined : DataFrame, one row per broken hard rule of a response, as it was written down
    name : of the run, for the suite and for messages

    Raises
    ------
    SurveyError
        If Great Expectations counts otherwise than what was set aside (hard rules) or flagged
        (soft ones): then neither can be trusted.
    """
    counted = _unexpected(checked, rules, name)
    set_aside = quarantined.groupby(["rule", "question"]).size()
    verdicts = [
        Verdict(
            rule.name,
            rule.question,
            "expect_column_values_to_be_between",
            rule.hard,
            counted[rule.checked],
            int(set_aside.get((rule.name, rule.question), 0))
            if rule.hard
            else int(rule.broken(checked).sum()),
        )
        for rule in rules
    ]
    if differ := [v for v in verdicts if v.unexpected != v.masked]:
        told = "; ".join(f"{v.rule} {v.question}: {v.unexpected} / {v.masked}" for v in differ)
        raise SurveyError(
            f"{name}: Great Expectations 与掩码计数不一致（{told}）。请报告这一缺陷。"
            "(counts of Great Expectations and masks differ; please report)"
        )
    return verdicts


def _unexpected(checked: pd.DataFrame, rules: Sequence[Rule], name: str) -> Mapping[str, int]:
    """Return how many values of each checked column Great Expectations finds out of bounds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas("responses")
        .add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("wave")
        .get_batch({"dataframe": checked.astype("float64")})
    )
    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            ExpectColumnValuesToBeBetween(
                column=rule.checked, min_value=rule.low, max_value=rule.high, id=None
            )
            for rule in rules
        ],
    )
    result = batch.validate(suite, result_format="BOOLEAN_ONLY" if checked.empty else "BASIC")
    return {
        one.expectation_config.kwargs["column"]: int(one.result.get("unexpected_count", 0))
        for one in result.results
        if one.expectation_config is not None
    }
