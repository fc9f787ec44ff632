"""The verdict of Great Expectations on the same rules; the only module that imports it.

Its row lists are not used (they drop row conditions and stop at 20 rows in places): which
responses are set aside is computed in ``quarantine`` from the rules themselves; both counts must
agree.
"""

import logging
import os
from collections.abc import Sequence
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


def judge(checked: pd.DataFrame, rules: Sequence[Rule], suite_name: str) -> list[Verdict]:
    """Run the rules as an expectation suite over the checked columns.

    Parameters
    ----------
    checked : DataFrame of Float64, from `rules.checked_columns`

    Raises
    ------
    SurveyError
        If Great Expectations and the masks count differently: then neither can be trusted.
    """
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
        .add_dataframe_asset(suite_name)
        .add_batch_definition_whole_dataframe("wave")
        .get_batch({"dataframe": checked.astype("float64")})
    )
    suite = gx.ExpectationSuite(
        name=suite_name,
        expectations=[
            ExpectColumnValuesToBeBetween(
                column=rule.checked, min_value=rule.low, max_value=rule.high, id=None
            )
            for rule in rules
        ],
    )
    result = batch.validate(suite, result_format="BOOLEAN_ONLY" if checked.empty else "BASIC")
    counted = {
        one.expectation_config.kwargs["column"]: int(one.result.get("unexpected_count", 0))
        for one in result.results
        if one.expectation_config is not None
    }
    verdicts = [
        Verdict(
            rule.name,
            rule.question,
            "expect_column_values_to_be_between",
            rule.hard,
            counted[rule.checked],
            int(rule.broken(checked).sum()),
        )
        for rule in rules
    ]
    if differ := [v for v in verdicts if v.unexpected != v.masked]:
        told = "; ".join(f"{v.rule} {v.question}: {v.unexpected} / {v.masked}" for v in differ)
        raise SurveyError(
            f"{suite_name}: Great Expectations 与掩码计数不一致（{told}）。请报告这一缺陷。"
            "(counts of Great Expectations and masks differ; please report)"
        )
    return verdicts
