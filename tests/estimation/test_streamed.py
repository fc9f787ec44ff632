"""Rows from Parquet give what the same rows give as a table, however they are split."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import Poststratify, SurveyDesign
from pipeline.errors import DesignError, ResponseError
from pipeline.estimation import streamed
from pipeline.estimation.items import Item
from pipeline.estimation.linear import means, totals
from pipeline.estimation.shares import proportions
from pipeline.questionnaire.expressions import parse
from pipeline.totals.parquet import ParquetRows

DESIGN = SurveyDesign(weight="w", strata=("h",), clusters=("psu",), fpc=("N",))
TOP = Item("q", "2+3", ("q",), (2, 3), "proportion", "q__missing")
NET = Item("q", "net", ("q",), (3, 1), "mean", "q__missing", (1.0, -1.0))
ANY = Item("any", "1", ("t1", "t2"), (1,), "proportion")


@pytest.fixture(scope="module")
def rows():
    draw, n = np.random.default_rng(8), 60
    psu = draw.integers(0, 12, n)
    psu[:12] = np.arange(12)
    frame = pd.DataFrame({"psu": psu, "h": psu // 4, "N": 30, "w": draw.random(n) + 0.5})
    why = draw.choice(["", "", "", "refused", "not_asked"], n)
    q = np.where(why == "", draw.integers(1, 4, n), np.nan)
    return frame.assign(
        q=q, q__missing=why, d=draw.choice(["county", "city", None], n), e=psu % 3,
        y=np.where(draw.random(n) < 0.2, np.nan, draw.normal(100, 9, n)),
        t1=draw.random(n) < 0.3, t2=draw.integers(0, 2, n),
    )  # fmt: skip


def calls(rows, where):
    by = ["all", "d", ("d", "e")]
    given = {"design": DESIGN, "by": by, "where": where}
    return [
        proportions(rows, ["q", "d", TOP, ANY], **given),
        proportions(rows, [TOP], base="asked", interval="logit", **given),
        means(rows, ["y", NET, TOP], missing="domain_jointly", df=5, **given),
        means(rows, ["y"], missing="drop_rows", design=DESIGN),
        totals(rows, ["y", "e", TOP], design=DESIGN, by="e", level=0.9),
    ]


@pytest.mark.parametrize("batch", [1, 7, 60])
def test_splitting_the_rows_changes_nothing(rows, tmp_path, batch, monkeypatch):
    monkeypatch.setattr(streamed, "TABLES", 8 * 12 * 12 * 4)  # some columns at a time
    for k, part in enumerate((rows[:25], rows[25:])):
        part.to_parquet(tmp_path / f"{k}.parquet", index=False)
    where = parse({"!=": ["e", 1]})
    read = calls(ParquetRows(tmp_path, batch_rows=batch), where)
    for found, wanted in zip(read, calls(rows, where), strict=True):
        pd.testing.assert_frame_equal(found, wanted, rtol=1e-10, atol=1e-12)


def test_categories_keep_their_order(rows, tmp_path):
    sizes = pd.Categorical(rows["e"].map({0: "small", 1: "large", 2: "middle"}),
                           categories=["small", "middle", "large", "giant"])  # fmt: skip
    ordered = rows.assign(e=sizes)
    ordered.to_parquet(tmp_path / "rows.parquet")
    file = ParquetRows(tmp_path / "rows.parquet")
    pd.testing.assert_frame_equal(
        proportions(file, ["e"], design=DESIGN, by="e"),
        proportions(ordered, ["e"], design=DESIGN, by="e"), rtol=1e-10, atol=1e-12,
    )  # fmt: skip


def test_what_needs_all_rows_is_refused(rows, tmp_path):
    rows.to_parquet(tmp_path / "rows.parquet")
    file = ParquetRows(tmp_path / "rows.parquet")
    calibrated = SurveyDesign(
        weight="w", clusters=("psu",), calibration=(Poststratify("e", {"0": 1.0}),)
    )
    for design in (SurveyDesign(weight="w"), calibrated):
        with pytest.raises(DesignError, match=r"read_parquet.*into a DataFrame"):
            means(file, ["y"], design=design)
    with pytest.raises(ResponseError, match="give a condition"):
        means(file, ["y"], design=DESIGN, where=rows["e"] == 1)
    with pytest.raises(ResponseError, match="only totals, means and"):
        file["y"]
    with pytest.raises(ResponseError, match="only totals, means and"):
        file.assign(y=1)
    with pytest.raises(ResponseError, match="nobody"):
        means(file, ["nobody"], design=DESIGN)
    with pytest.raises(ResponseError, match="no Parquet file"):
        means(ParquetRows(tmp_path / "other.parquet"), ["y"], design=DESIGN)
