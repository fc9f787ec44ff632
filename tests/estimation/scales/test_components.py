"""Components, eigenvalues and adequacy, where theory gives them. R's numbers: reference group."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.scales.components import eigenvalues, kmo_bartlett, pca
from tests.estimation.scales.made_scales import exactly, survey

EQUAL = np.full((4, 4), 0.3) + 0.7 * np.eye(4)
WEIGHTED = SurveyDesign(weight="weight")


def test_equal_correlations_have_one_large_eigenvalue():
    found = eigenvalues(exactly(EQUAL), list("abcd"))
    assert found.values == pytest.approx((1.9, 0.7, 0.7, 0.7))
    assert found.n == 60


@settings(max_examples=25)
@given(st.floats(0.05, 0.9))
def test_adequacy_of_equal_correlations_follows_from_their_partial_ones(r):
    """Partial correlations given the two others are r / (1 + 2 r)."""
    rows = exactly(np.full((4, 4), r) + (1 - r) * np.eye(4))
    found = kmo_bartlett(rows, list("abcd"))
    partial = r / (1 + 2 * r)
    assert found.overall == pytest.approx(r**2 / (r**2 + partial**2))
    assert list(found.by_item) == pytest.approx([found.overall] * 4)
    determinant = (1 - r) ** 3 * (1 + 3 * r)
    assert found.chisq == pytest.approx(-np.log(determinant) * (59 - 13 / 6))
    assert found.df == 6


def test_bartletts_test_errs_as_often_as_it_says():
    random = np.random.default_rng(5)
    rejected = [
        kmo_bartlett(
            pd.DataFrame(random.normal(size=(80, 4)), columns=list("abcd")), list("abcd")
        ).p
        < 0.1
        for _ in range(300)
    ]
    assert 0.06 < np.mean(rejected) < 0.14


def test_with_equal_weights_components_are_the_eigenvectors():
    rows = survey().assign(weight=2.0)
    found = pca(rows, list("abc"), design=WEIGHTED)
    plain = pca(rows, list("abc"))
    values = eigenvalues(rows, list("abc")).values
    assert np.square(found.standard_deviation) == pytest.approx(values)
    np.testing.assert_allclose(found.rotation, plain.rotation, atol=1e-12)
    np.testing.assert_allclose(found.rotation.T @ found.rotation, np.eye(3), atol=1e-12)


def test_scaled_components_share_out_one_variance_per_item():
    found = pca(survey(), list("abc"), design=WEIGHTED)
    assert np.square(found.standard_deviation).sum() == pytest.approx(3)
    unscaled = pca(survey(), list("abc"), scale=False)
    assert np.square(unscaled.standard_deviation).sum() == pytest.approx(
        survey()[list("abc")].var().sum()
    )


def test_uncentred_components_are_those_of_the_raw_squares():
    rows = survey()[["a", "b"]]
    found = pca(rows, ["a", "b"], centre=False, scale=False)
    squares = np.linalg.eigvalsh(rows.T @ rows / (len(rows) - 1))[::-1]
    assert np.square(found.standard_deviation) == pytest.approx(squares)


def test_weighted_eigenvalues_are_those_of_repeated_rows():
    rows = survey()
    weight = np.tile([1, 2, 3], 40)
    found = eigenvalues(rows.assign(weight=weight), list("abc"), design=WEIGHTED)
    again = eigenvalues(rows.loc[rows.index.repeat(weight)], list("abc"))
    assert found.values == pytest.approx(again.values)


def test_rows_with_gaps_and_outside_the_domain_do_not_count():
    rows = survey()
    rows.loc[3, "a"] = np.nan
    inside = rows["stratum"] < 2
    found = pca(rows, list("abc"), where=inside)
    again = pca(rows[inside].dropna(), list("abc"))
    assert found.standard_deviation == pytest.approx(again.standard_deviation)
    assert found.n == int(inside.sum()) - 1


def test_an_item_without_variation_is_named():
    with pytest.raises(ResponseError, match="题目 c"):
        pca(survey().assign(c=1.0), list("abc"))
    with pytest.raises(ResponseError, match="题目 c"):
        kmo_bartlett(survey().assign(c=1.0), list("abc"))
