"""The fast lane gives what the general way gives, whatever the design and the question."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.design import Poststratify, SurveyDesign
from pipeline.estimation import fused
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates, means, totals
from pipeline.estimation.sample import sample_of
from pipeline.estimation.shares import proportions
from pipeline.totals import adding
from pipeline.weighting import make_replicates

DESIGNS = {
    "clusters": SurveyDesign(weight="w", strata=("h",), clusters=("psu",)),
    "clusters with fpc": SurveyDesign(weight="w", strata=("h",), clusters=("psu",), fpc=("N",)),
    "no strata": SurveyDesign(weight="w", clusters=("psu",)),
    "persons": SurveyDesign(weight="w", strata=("h",)),
    "persons with fpc": SurveyDesign(strata=("h",), fpc=("M",)),
    "two stages": SurveyDesign(weight="w", strata=("h",), clusters=("psu", "ssu"), fpc=("N", "m")),
    "persons in clusters": SurveyDesign(strata=("h",), clusters=("psu",), fpc=("N", "k")),
}
ITEMS = [
    *(Item("q", str(k), ("q",), (k,), "proportion", "q__missing") for k in range(3)),
    Item("q", "1+2", ("q",), (1, 2), "proportion", "q__missing"),
    Item("q", "", ("q",), (), "mean", "q__missing"),
    Item("q", "net", ("q",), (2, 0), "mean", "q__missing", (1.0, -1.0)),
    Item("all", "1", ("alike",), (1,), "proportion"),
    Item("all", "2", ("alike",), (2,), "proportion"),
    Item("any", "1", ("t1", "t2"), (1,), "proportion"),
    Item("y", "", ("y",), (), "mean"),
]


@st.composite
def samples(draw):
    """Three strata of PSUs of one to three rows; some without weight, some without answers."""
    rows = []
    for h in range(3):
        for psu in range(draw(st.integers(2, 4))):
            for _ in range(draw(st.integers(1, 3))):
                row = st.tuples(
                    st.integers(0, 6), st.sampled_from([0, 1, 2, None]),
                    st.sampled_from(["", "", "refused", "not_asked"]),
                    st.one_of(st.none(), st.integers(0, 50)), st.integers(0, 2), st.booleans(),
                )  # fmt: skip
                rows.append((h, 10 * h + psu, *draw(row)))
    frame = pd.DataFrame(rows, columns=["h", "psu", "w", "q", "q__missing", "y", "d", "t1"])
    frame = frame.assign(
        ssu=np.arange(len(frame)) // 2 * 2 + frame["psu"] * 100, alike=1.0, t2=frame["d"] == 1,
        w=frame["w"] / 2 + (frame.index == 0), N=9, M=50, m=40, k=30, e=frame["d"] % 2,
        y=frame["y"].astype(float) + 1000,
    )  # fmt: skip
    frame.loc[frame["q__missing"] != "", "q"] = None
    return frame.sample(frac=1, random_state=len(frame)).reset_index(drop=True)


@pytest.fixture
def lane(monkeypatch):
    """Return what makes a call take the lane, and counts that it did."""
    taken = []
    add = fused.add_in_one_pass

    def counted(*given, **options):
        taken.append(given)
        return add(*given, **options)

    def forced(make, *, table=None):
        with monkeypatch.context() as patched:
            patched.setattr(adding, "WORTH_COMPILED", 1)
            patched.setattr("pipeline.estimation.linear.add_in_one_pass", counted)
            if table is not None:
                patched.setattr(fused, "TABLE", table)
            before = len(taken)
            found = make()
            assert len(taken) == before + 1
        return found

    return forced


def assert_same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-10, atol=1e-12)


def calls(rows, design):
    """Shares, means and totals with everything that changes a table."""
    by = ["all", "d", ("d", "e")]
    where = rows["psu"] != 0
    one = {"rows": rows, "items": ITEMS, "design": design}
    return [
        lambda: estimates(**one, by=by, base="valid", where=where),
        lambda: estimates(**one, by=by, missing="domain_jointly", df=7, level=0.9),
        lambda: estimates(
            **one,
            by=by,
            estimand="total",
            design_effect="without_replacement",
            interval_of_proportions="t",
        ),
        lambda: proportions(rows, ITEMS[:4], design=design, by=by, base="asked"),
        lambda: proportions(rows, ["d", "t1"], design=design, by="e", interval="logit"),
        lambda: means(rows, ["y", "d"], design=design, by=by),
        lambda: totals(rows, ["y", "d"], design=design),
    ]


@pytest.mark.parametrize("name", DESIGNS)
def test_the_lane_gives_what_the_general_way_gives(name, lane):
    @settings(max_examples=3, phases=[Phase.generate])
    @given(samples(), st.sampled_from(["remove", "certainty", "adjust"]))
    def law(rows, rule):
        if rule != "certainty":  # the last stratum gets a single PSU
            rows = rows[(rows["h"] < 2) | (rows["psu"] == 20)].reset_index(drop=True)
        for call in calls(rows, replace(DESIGNS[name], lonely_psu=rule)):
            assert_same(lane(call), call())

    law()


def test_many_answers_and_banners_are_taken_in_parts(lane):
    draw = np.random.default_rng(5)
    rows = pd.DataFrame({"psu": draw.integers(0, 9, 400), "w": draw.random(400) + 0.5})
    rows = rows.assign(q=draw.integers(0, 40, 400), d=draw.integers(0, 7, 400), e=rows["psu"] % 3)
    items = [Item("q", str(k), ("q",), (k,), "proportion") for k in range(40)]

    def call():
        return proportions(rows, [*items, "d"], design=DESIGNS["no strata"], by=["d", "e", "all"])

    assert_same(lane(call, table=8 * 9 * fused.USUAL_CODES * 7), call())


@pytest.mark.parametrize("interval", ["beta", "logit"])
def test_replicates_of_units_take_the_lane(lane, interval):
    draw = np.random.default_rng(6)
    rows = pd.DataFrame({"psu": np.arange(300) % 30, "q": draw.integers(0, 3, 300)})
    rows = rows.assign(h=rows["psu"] // 10, w=draw.random(300) * (draw.random(300) > 0.1))
    rows = rows.assign(y=np.where(rows["q"] == 1, np.nan, rows["q"] * 7.0), d=rows["psu"] % 4)
    rows, design = make_replicates(rows, DESIGNS["clusters"], method="bootstrap", count=40, seed=1)

    def call():
        return proportions(rows, ["q"], design=design, by=["all", "d"], interval=interval)

    assert_same(lane(call), call())
    assert_same(
        lane(lambda: means(rows, ["y"], design=design, by="d")),
        means(rows, ["y"], design=design, by="d"),
    )


def test_what_the_lane_cannot_do_goes_the_general_way(monkeypatch):
    monkeypatch.setattr(adding, "WORTH_COMPILED", 1)
    rows = pd.DataFrame({"psu": [1, 1, 2, 2, 3], "w": 1.0, "q": [1, 2, 1, 1, 2]})
    divided = [("all", ("all",), np.zeros(5, dtype=np.int64))]

    def taken(**other):
        design = SurveyDesign(weight="w", clusters=("psu",), **other)
        return fused.lane_of(sample_of(rows, design), ITEMS, divided) is not None

    assert taken()
    assert taken(lonely_psu="adjust")
    assert not taken(lonely_psu="average")
    assert not taken(lonely_psu="adjust", lonely_psu_in_domains=True)
    assert not taken(calibration=(Poststratify("q", {"1": 3.0, "2": 2.0}),))
    monkeypatch.setattr(adding, "WORTH_COMPILED", 5 * len({i.columns for i in ITEMS}) + 1)
    assert not taken()


def test_little_work_loads_no_compiler():
    code = """
import sys
import pandas as pd
from pipeline.design import SurveyDesign
from pipeline.estimation.shares import proportions
from pipeline.estimation.sample import sample_of
rows = pd.DataFrame({"psu": range(500), "q": [1, 2] * 250})
proportions(rows, ["q"], design=SurveyDesign(clusters=("psu",)), by=["all", "q"])
print("numba" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
