"""Reference: the analysis table that was published with the cleaned data of a household survey.

Unweighted shares and means of a water survey in Tal Afar, Iraq, with t intervals. The published
intervals use the respondents of each question as the base, so each question is its own domain.
"""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates

NOT_IN_THE_DATA = {"own_business", "5", "75"}
"""Two answers were written with a comma before the table was made; one n counts other rows."""


@pytest.fixture(scope="module")
def published(shared):
    folder = shared / "samples" / "microdata" / "pairs" / "xlsform_iraq"
    if not folder.is_dir():
        pytest.skip("the Iraq sample is absent")
    known = {"keep_default_na": False, "na_values": ["", "NA"], "low_memory": False}
    rows = pd.read_csv(folder / "cleaningtools_clean_data.csv", **known)
    return rows, pd.read_csv(folder / "cleaningtools_overall_analysis.csv", **known)


def item_of(rows: pd.DataFrame, question: str, choice: object) -> Item:
    if pd.isna(choice):
        return Item(question, "", (question,), (), "mean")
    if f"{question}.{choice}" in rows:
        return Item(question, str(choice), (f"{question}.{choice}",), (1,), "proportion")
    return Item(question, str(choice), (question,), (choice,), "proportion")


def test_shares_means_and_intervals_are_the_published_ones(published):
    rows, table = published
    agreed = 0
    table = table[~table["choice"].isin(NOT_IN_THE_DATA)]
    for question, answers in table.groupby("main_variable", sort=False):
        items = [item_of(rows, question, choice) for choice in answers["choice"]]
        found = estimates(
            rows, items, design=SurveyDesign(), where=rows[items[0].columns[0]].notna(),
            interval_of_proportions="t",
        )  # fmt: skip
        wanted = answers[["mean.pct", "mean.pct_low", "mean.pct_upp", "response_count"]].to_numpy()
        wanted[wanted[:, 3] == 1, 1:3] = np.nan  # of one respondent there is no standard error
        np.testing.assert_allclose(
            found[["value", "low", "high", "n"]].to_numpy(dtype=float),
            wanted,
            rtol=1e-9,
            atol=1e-12,
        )
        agreed += len(found)
    assert agreed >= 470
