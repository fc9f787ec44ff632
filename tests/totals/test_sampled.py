import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.totals.sampled import with_silent_psus

UNITS = pd.DataFrame(
    {
        "person": list("abcd"),
        "site": ["s1", "s3", "s2", "s3"],
        "county": ["甲县", "乙县", "甲县", "乙县"],
    }
)


def rows():
    return pd.DataFrame(
        {"psu": ["s1"], "county": ["甲县"], "weight": [2.0], "q01": pd.array([3], dtype="Int64")}
    ).astype({"psu": "str", "county": "str"})


def test_each_site_without_a_response_is_appended_once_with_weight_0():
    found = with_silent_psus(
        rows(), UNITS, psu="psu", cluster="site", design=SurveyDesign(weight="weight")
    )
    assert found["psu"].tolist() == ["s1", "s2", "s3"]
    assert found["weight"].tolist() == [2.0, 0.0, 0.0]
    assert found["county"].tolist() == ["甲县", "甲县", "乙县"]
    assert found["q01"].isna().tolist() == [False, True, True]
    assert found["q01"].dtype == "Int64"


def test_nothing_is_added_where_all_answered_or_nobody_was_drawn():
    for units in (UNITS.iloc[:1], UNITS.iloc[:0]):
        found = with_silent_psus(
            rows(), units, psu="psu", cluster="site", design=SurveyDesign(weight="weight")
        )
        pd.testing.assert_frame_equal(found, rows())
