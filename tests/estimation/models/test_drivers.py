import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.models.drivers import drivers
from pipeline.estimation.models.regression import regression
from pipeline.weighting import make_replicates

DESIGN = SurveyDesign(weight="w", clusters=("psu",))
METHODS = ("lmg", "relative_weights")


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(2)
    n = 600
    a, b, c = rng.normal(size=(3, n))
    b = b + 0.6 * a
    made = pd.DataFrame(
        {"a": a, "b": b, "c": c, "g": rng.choice(list("uvw"), n), "psu": np.arange(n) // 10}
    )
    y = a + 0.8 * b + 0.4 * c + 0.7 * (made["g"] == "v") + rng.normal(size=n)
    return made.assign(y=y, w=rng.uniform(1, 3, n))


@pytest.mark.parametrize("method", METHODS)
def test_importances_add_up_to_r_squared(rows, method):
    found = drivers(rows, "y", ["a", "b", "c", "g"], design=DESIGN, method=method)
    whole = regression(rows, "y ~ a + b + c + g", design=DESIGN).r_squared()["r_squared"]
    assert found["importance"].sum() == pytest.approx(whole)
    assert found.attrs["r_squared"] == pytest.approx(whole)
    assert found["share"].sum() == pytest.approx(1)
    assert (found["low"] < found["share"]).all()
    assert (found["share"] < found["high"]).all()
    assert found["predictor"].tolist() == ["a", "b", "c", "g"]


def test_two_drivers_have_the_same_importance_by_both_methods(rows):
    """Johnson (2000): with two variables relative weights are the averages over both orders."""
    one, other = (drivers(rows, "y", ["a", "b"], design=DESIGN, method=m) for m in METHODS)
    np.testing.assert_allclose(one["importance"], other["importance"])
    np.testing.assert_allclose(one["standard_error"], other["standard_error"], rtol=1e-5)
    alone = [
        regression(rows, f"y ~ {f}", design=DESIGN).r_squared()["r_squared"]
        for f in ("a", "b", "a + b")
    ]
    assert one["importance"][0] == pytest.approx((alone[0] + alone[2] - alone[1]) / 2)


@pytest.mark.parametrize("method", METHODS)
def test_uncorrelated_drivers_have_their_squared_correlations(method):
    levels = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1)
    rows = pd.DataFrame(np.tile(levels, 5).T, columns=list("abc"))
    noise = np.random.default_rng(0).normal(size=len(rows))
    rows["y"] = 2 * rows["a"] + rows["b"] + noise
    found = drivers(rows, "y", ["a", "b", "c"], design=SurveyDesign(), method=method)
    squared = rows[["a", "b", "c"]].corrwith(rows["y"]) ** 2
    np.testing.assert_allclose(found["importance"], squared)


@pytest.mark.parametrize("method", METHODS)
def test_the_linearised_error_agrees_with_the_jackknife(rows, method):
    wide, jackknife = make_replicates(rows, DESIGN, method="JK1")
    names = ["a", "b", "g"]
    taylor = drivers(rows, "y", names, design=DESIGN, method=method)
    spread = drivers(wide, "y", names, design=jackknife, method=method)
    np.testing.assert_allclose(taylor["share"], spread["share"])
    np.testing.assert_allclose(taylor["standard_error"], spread["standard_error"], rtol=0.03)


def test_the_bootstrap_is_near_and_the_same_twice(rows):
    arguments = {"design": DESIGN, "bootstrap": 200}
    first, again = (drivers(rows, "y", ["a", "b", "c"], seed=3, **arguments) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    taylor = drivers(rows, "y", ["a", "b", "c"], design=DESIGN)
    np.testing.assert_allclose(first["share"], taylor["share"])
    np.testing.assert_allclose(first["standard_error"], taylor["standard_error"], rtol=0.25)
    np.testing.assert_allclose(first["low"], taylor["low"], atol=0.03)


def test_what_cannot_be_shared_out_is_refused(rows):
    def refused(said, predictors, frame=rows, **options):
        with pytest.raises(SurveyError, match=said):
            drivers(frame, "y", predictors, design=DESIGN, **options)

    refused("至少要有两个", ["a"])
    refused("至少要有两个", ["a", "a"])
    refused("method", ["a", "b"], method="dominance")
    refused("线性组合", ["a", "a2"], rows.assign(a2=rows["a"] * 2))
    refused("没有变化", ["a", "b"], rows.assign(y=1.0))
    refused("relative_weights", [f"x{k}" for k in range(17)])
    wide, jackknife = make_replicates(rows, DESIGN, method="JK1")
    with pytest.raises(SurveyError, match="重复权数"):
        drivers(wide, "y", ["a", "b"], design=jackknife, bootstrap=10, seed=1)
    with pytest.raises(SurveyError, match="seed"):
        drivers(rows, "y", ["a", "b"], design=DESIGN, bootstrap=10)
