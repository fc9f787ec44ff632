import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.independence import independence
from pipeline.estimation.hypotheses.significance import wald
from pipeline.estimation.items import Item
from pipeline.estimation.sample import sample_of
from pipeline.estimation.together import Joint, joint
from tests.estimation.two_stage import DESIGNS, PLAIN, sampled

ROWS = sampled()
STATISTICS = ("F", "chisq", "wald", "adjusted_wald", "linear_combination", "saddlepoint")
EVERY = pytest.mark.parametrize("statistic", STATISTICS)


def cells(rows, design, where=None, estimand="mean") -> Joint:
    """The cells of a x b as estimates of their own: another way to their covariance."""
    known = rows["a"].notna() & rows["b"].notna()
    both = rows["a"].astype(str) + rows["b"]
    rows = rows.assign(cell=both.where(known))
    levels = sorted(both[known & (True if where is None else where)].unique())
    items = [Item("cell", level, ("cell",), (level,), "proportion") for level in levels]
    return joint(rows, estimand, items, design=design, where=where)


def textbook(of: Joint, shape: tuple[int, int], n: int) -> tuple[float, np.ndarray]:
    """Rao & Scott (1981), eq. 3.3: X^2, and the eigenvalues of its generalised design effects."""
    share = of.value.reshape(shape)
    expected = np.outer(share.sum(1), share.sum(0))
    x2 = n * ((share - expected) ** 2 / expected).sum()
    # log-linear interaction contrasts, with main effects projected out, in dummies
    rows, columns = shape
    main = [np.ones(of.value.size)]
    main += [np.repeat(np.eye(rows)[i], columns) for i in range(1, rows)]
    main += [np.tile(np.eye(columns)[j], rows) for j in range(1, columns)]
    inner = [
        np.kron(np.eye(rows)[i], np.eye(columns)[j])
        for i in range(1, rows) for j in range(1, columns)
    ]  # fmt: skip
    x1, x2_ = np.array(main).T, np.array(inner).T
    c = x2_ - x1 @ np.linalg.lstsq(x1, x2_, rcond=None)[0]
    weighted = c / of.value[:, None]
    delta = np.linalg.solve(c.T @ weighted / n, weighted.T @ of.covariance @ weighted)
    return float(x2), np.sort(np.linalg.eigvals(delta).real)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("domain", [False, True])
def test_rao_scott_corrects_by_the_design_effects_of_the_cells(name, domain):
    where = ROWS["x"] > 2 if domain else None
    n = int(where.sum()) if domain else len(ROWS)
    of = cells(ROWS, DESIGNS[name], where)
    x2, effects = textbook(of, (3, 2), n)
    chosen = np.ones(len(ROWS), bool) if where is None else where.to_numpy()
    df = sample_of(ROWS, DESIGNS[name]).degrees_of_freedom(chosen)
    second = effects.sum() ** 2 / (effects**2).sum()

    f = independence(ROWS, "a", "b", design=DESIGNS[name], where=where)
    assert f.statistic == pytest.approx(x2 / effects.sum())
    assert f.df == pytest.approx((second, second * df))
    assert f.p_value == pytest.approx(stats.f.sf(f.statistic, *f.df))
    assert f.n == (ROWS["a"].notna() & chosen).sum()

    first = independence(ROWS, "a", "b", design=DESIGNS[name], where=where, statistic="chisq")
    assert (first.statistic, first.df) == (pytest.approx(x2), (2,))
    assert first.p_value == pytest.approx(stats.chi2.sf(x2 / effects.mean(), 2))


@pytest.mark.parametrize("name", DESIGNS)
def test_wald_compares_the_counts_with_what_their_margins_predict(name):
    of = cells(ROWS, DESIGNS[name], estimand="total")
    down = ("0.0", "1.0", "2.0")

    def distance(level: str):
        def formula(at):
            table = {(i, j): at[f"cell={i}{j}"] for i in down for j in ("甲", "乙")}
            row = table[level, "甲"] + table[level, "乙"]
            column = sum(table[i, "甲"] for i in down)
            return table[level, "甲"] - row * column / sum(table.values())

        return formula

    gradients, values = [], []
    for level in down[1:]:
        one = of.function(level, distance(level))
        values.append(one.value[0])
        at = dict(zip(of.names, of.value.astype(complex), strict=True))
        gradients.append(
            [distance(level)({**at, k: v + 1e-30j}).imag / 1e-30 for k, v in at.items()]
        )
    slope = np.array(gradients)
    spread = slope @ of.covariance @ slope.T
    df = sample_of(ROWS, DESIGNS[name]).degrees_of_freedom()
    square = np.array(values) @ np.linalg.solve(spread, values)
    found = independence(ROWS, "a", "b", design=DESIGNS[name], statistic="wald")
    assert (found.statistic, found.df) == (pytest.approx(square / 2, rel=1e-6), (2, df))
    adjusted = independence(ROWS, "a", "b", design=DESIGNS[name], statistic="adjusted_wald")
    assert adjusted.statistic == pytest.approx(square / 2 * (df - 1) / df, rel=1e-6)
    assert adjusted.df == (2, df - 1)
    by_joint = wald(Joint(down[1:], np.array(values), spread, df))
    assert by_joint.p_value == pytest.approx(adjusted.p_value, rel=1e-6)


@EVERY
@given(order=st.permutations(range(3)), seed=st.integers(0, 99))
@settings(max_examples=10)
def test_names_and_the_order_of_rows_do_not_matter(statistic, order, seed):
    before = independence(ROWS, "a", "b", design=PLAIN, statistic=statistic)
    shuffled = ROWS.sample(frac=1, random_state=seed)
    shuffled["a"] = shuffled["a"].map(dict(enumerate(order)))
    shuffled["psu"] = "p" + (99 - shuffled["psu"]).astype(str)
    after = independence(shuffled, "b", "a", design=PLAIN, statistic=statistic)
    assert after.statistic == pytest.approx(before.statistic)
    assert after.p_value == pytest.approx(before.p_value)


def test_equal_weights_and_no_clusters_give_the_pearson_test():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({"a": rng.integers(0, 4, 500), "b": rng.integers(0, 3, 500), "w": 7.0})
    pearson = stats.chi2_contingency(pd.crosstab(rows["a"], rows["b"]), correction=False)
    first = independence(rows, "a", "b", design=SurveyDesign(weight="w"), statistic="chisq")
    assert first.statistic == pytest.approx(pearson.statistic)
    assert first.p_value == pytest.approx(stats.chi2.sf(pearson.statistic * 499 / 500, 6))
    f = independence(rows, "a", "b", design=SurveyDesign(weight="w"))
    assert f.df == pytest.approx((6, 6 * 499))
    assert f.statistic == pytest.approx(pearson.statistic * 499 / 500 / 6)


@EVERY
def test_a_census_leaves_nothing_to_chance(statistic):
    rows = ROWS.assign(all=20)
    census = SurveyDesign(weight="w", clusters=("psu",), fpc=("all",))
    found = independence(rows, "a", "b", design=census, statistic=statistic)
    assert found.p_value == 0


@EVERY
def test_infinite_freedom_makes_f_a_chi_squared(statistic):
    found = independence(ROWS, "a", "b", design=PLAIN, statistic=statistic, df=np.inf)
    finite = independence(ROWS, "a", "b", design=PLAIN, statistic=statistic)
    assert np.isfinite(found.p_value)
    if statistic in ("F", "wald"):
        q = found.df[0]
        assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic * q, q))
        assert found.p_value < finite.p_value


def test_rows_without_an_answer_stay_in_the_design_or_go():
    stays = independence(ROWS, "a", "b", design=PLAIN, statistic="chisq")
    goes = independence(ROWS, "a", "b", design=PLAIN, statistic="chisq", missing="drop_rows")
    answered = int(ROWS["a"].notna().sum())
    assert stays.n == goes.n == answered < len(ROWS)
    assert stays.statistic == pytest.approx(goes.statistic * len(ROWS) / answered)
    with pytest.raises(ResponseError, match="a: "):
        independence(ROWS, "a", "b", design=PLAIN, missing="refuse")


def test_a_level_that_nobody_in_the_domain_has_is_left_out():
    found = independence(ROWS, "a", "b", design=PLAIN, where=ROWS["a"] != 2, statistic="chisq")
    assert found.df == (1,)


def test_crossed_columns_are_one_variable():
    crossed = ROWS.assign(ab=ROWS["sex"].astype(str) + "*" + ROWS["b"])
    one = independence(crossed, "a", "ab", design=PLAIN)
    assert independence(ROWS, "a", ("sex", "b"), design=PLAIN).statistic == one.statistic


def test_what_cannot_be_tested_is_said():
    with pytest.raises(ResponseError, match="只有一类"):
        independence(ROWS, "a", "b", design=PLAIN, where=ROWS["b"] == "甲")
    with pytest.raises(ResponseError, match="score"):
        independence(ROWS, "a", "b", design=PLAIN, statistic="score")
    with pytest.raises(ResponseError, match="q99"):
        independence(ROWS, "a", "q99", design=PLAIN)
    with pytest.raises(ResponseError, match="没有同时回答"):
        independence(ROWS, "a", "b", design=PLAIN, where=ROWS["x"] > 99)
    few = ROWS[ROWS["psu"] < 5]
    with pytest.raises(ResponseError, match="Wald"):
        independence(few, "a", ("sex", "b"), design=PLAIN, statistic="wald")


def test_the_size_is_near_5_percent_where_pearson_rejects_far_too_often():
    rng = np.random.default_rng(1)
    psu = np.repeat(np.arange(30), 12)
    rejected, naive = [], []
    for _ in range(100):
        a = rng.random(360) < 1 / (1 + np.exp(-rng.normal(0, 1.6, 30)))[psu]
        b = rng.random(360) < 1 / (1 + np.exp(-rng.normal(0, 1.6, 30)))[psu]
        rows = pd.DataFrame({"a": a * 1, "b": b * 1, "psu": psu, "w": 1.0})
        test = independence(rows, "a", "b", design=SurveyDesign(weight="w", clusters=("psu",)))
        rejected.append(test.p_value < 0.05)
        table = np.bincount(2 * a + b, minlength=4).reshape(2, 2)
        naive.append(stats.chi2_contingency(table, correction=False).pvalue < 0.05)
    assert 0.01 <= np.mean(rejected) <= 0.10
    assert np.mean(naive) > 0.15
