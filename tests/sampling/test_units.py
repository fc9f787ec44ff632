"""Responses and sampled units: who belongs to whom, and what does not fit."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FrameError
from pipeline.sampling.draw import Draw, make_draw
from pipeline.sampling.units import (
    UNIT_COLUMNS,
    joined,
    no_units,
    open_links,
    sampled_units,
    subsample,
)


@pytest.fixture
def frame() -> pd.DataFrame:
    rows = [(f"s{k}", "jia", "rural" if k < 5 else "school", 10 + k, "1") for k in range(9)]
    frame = pd.DataFrame(rows, columns=["site", "county", "setting", "persons", "need"])
    return frame.assign(stratum=frame["county"] + "/" + frame["setting"])


@pytest.fixture
def draw(frame: pd.DataFrame) -> Draw:
    return make_draw(
        frame,
        survey="s",
        wave="w",
        sites_per_stratum=2,
        persons_per_site=4,
        nonces={"甲方": "a-secret-of-sixteen-1", "乙方": "a-secret-of-sixteen-2"},
    )


def responses_of(draw: Draw, count: int) -> pd.DataFrame:
    chosen = draw.persons.iloc[:count]
    return pd.DataFrame(
        {
            "respondent": [f"uuid:{k}" for k in range(count)],
            "person": chosen["person"].tolist(),
            "site": chosen["site"].tolist(),
        }
    )


def test_units_are_everybody_drawn_with_the_documented_columns(
    draw: Draw, frame: pd.DataFrame
) -> None:
    became = dict.fromkeys(draw.persons["person"], "1.1")
    units = sampled_units(draw, frame, became, responses_of(draw, 10))
    assert list(units) == list(UNIT_COLUMNS)
    assert len(units) == 16
    assert units["responded"].sum() == 10
    in_stratum = dict(zip(units["stratum"], units["sites_in_stratum"], strict=True))
    assert in_stratum == {"jia/rural": 5, "jia/school": 4}
    assert not units.isna().any(axis=None)


def test_base_weights_undo_both_probabilities(draw: Draw, frame: pd.DataFrame) -> None:
    became = dict.fromkeys(draw.persons["person"], "1.1")
    valid = responses_of(draw, 16).iloc[::-1]
    rows = joined(valid, sampled_units(draw, frame, became, valid))
    assert rows["person"].tolist() == valid["person"].tolist()
    assert (rows["psu"] == rows["site"]).all()
    # persons_in_site / 4 a person, so the 4 persons of a site stand for its persons / p1
    by_site = rows.groupby("site")["base_weight"].sum()
    drawn = draw.sites.set_index("site")
    for site in by_site.index:
        assert by_site[site] == pytest.approx(drawn.at[site, "persons"] / drawn.at[site, "p1"])


def test_the_weights_of_a_full_pps_sample_add_up_to_the_persons(
    draw: Draw, frame: pd.DataFrame
) -> None:
    became = dict.fromkeys(draw.persons["person"], "1.1")
    valid = responses_of(draw, 16)
    rows = joined(valid, sampled_units(draw, frame, became, valid))
    # size = persons and nobody missing: the weights count every stratum's persons exactly
    totals = rows.groupby("stratum")["base_weight"].sum().to_dict()
    assert totals == pytest.approx(frame.groupby("stratum")["persons"].sum().to_dict())


def test_everything_that_does_not_fit_is_said_at_once(draw: Draw, frame: pd.DataFrame) -> None:
    became = dict.fromkeys(draw.persons["person"], "1.1")
    valid = responses_of(draw, 6)
    valid.loc[1, "person"] = "nobody"
    valid.loc[2, "person"] = valid.loc[0, "person"]
    valid.loc[3, "site"] = "elsewhere"
    valid.loc[4, "person"] = None
    became[str(valid.loc[5, "person"])] = "2.11"
    with pytest.raises(FrameError) as refused:
        sampled_units(draw, frame, became, valid)
    message = str(refused.value)
    assert "5 faults" in message
    assert "答卷 uuid:1: 人员 'nobody' 不在抽样名单上" in message
    assert "另有答卷 uuid:0" in message
    assert "单位为 elsewhere" in message
    assert "答卷 uuid:4: 人员 '' 不在抽样名单上" in message
    assert "处置代码是 2.11" in message


def test_open_links_have_no_design() -> None:
    valid = pd.DataFrame({"respondent": ["a", "b"], "person": [None, None], "site": [None, None]})
    rows = open_links(valid)
    assert rows["stratum"].tolist() == ["", ""]
    assert rows["psu"].tolist() == ["a", "b"]
    assert rows["base_weight"].tolist() == [1, 1]
    assert rows["p1"].isna().all()
    assert no_units().empty
    assert list(no_units()) == list(UNIT_COLUMNS)


@given(st.integers(0, 60), st.floats(0, 1))
def test_a_subsample_has_the_size_asked_for(count: int, share: float) -> None:
    names = pd.Series([f"r{k}" for k in range(count)], dtype="str")
    marked = subsample(names, share, "seed", "callback")
    assert marked.dtype == bool
    assert abs(marked.sum() - share * count) <= 1
    if share > 0 and count:
        assert marked.any()


def test_a_subsample_does_not_depend_on_the_order_and_differs_by_purpose() -> None:
    names = pd.Series([f"r{k}" for k in range(100)])
    marked = subsample(names, 0.2, "seed", "callback")
    turned = subsample(names.iloc[::-1], 0.2, "seed", "callback")
    assert marked.equals(turned.sort_index())
    assert not marked.equals(subsample(names, 0.2, "seed", "double_coding"))
    assert not marked.equals(subsample(names, 0.2, "another", "callback"))
    with pytest.raises(FrameError, match="比例须在0和1之间"):
        subsample(names, 1.5, "seed", "callback")
