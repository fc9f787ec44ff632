"""Factor analysis: models recovered from exact correlations, fit indices, and weights.

R's numbers are in the reference group psychometrics.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ncx2

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.scales.factors import factors
from tests.estimation.scales.made_scales import exactly, of_factors

LOADINGS = np.array(
    [[0.8, 0], [0.7, 0], [0.6, 0.1], [0.5, 0], [0, 0.7], [0.1, 0.6], [0, 0.5], [0, 0.4]]
)
ITEMS = list("abcdefgh")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return exactly(of_factors(LOADINGS), rows=300)


@pytest.mark.parametrize("extraction", ["ml", "minres"])
def test_the_factors_of_an_exact_model_are_found(answers, extraction):
    found = factors(answers, ITEMS, number=2, extraction=extraction)
    np.testing.assert_allclose(np.abs(found.loadings), LOADINGS, atol=0.02)
    np.testing.assert_allclose(found.communality, (LOADINGS**2).sum(axis=1), atol=1e-4)
    np.testing.assert_allclose(found.uniqueness, 1 - found.communality, atol=1e-4)
    assert found.rms < 1e-4
    assert found.rmsea == 0
    assert found.df == 13
    assert found.n == 300


def test_principal_axes_come_close(answers):
    found = factors(answers, ITEMS, number=2, extraction="pa")
    np.testing.assert_allclose(found.communality, (LOADINGS**2).sum(axis=1), atol=0.02)


def test_unrotated_and_rotated_factors_explain_the_same(answers):
    plain, rotated = (factors(answers, ITEMS, number=2, rotation=r) for r in ("none", "varimax"))
    np.testing.assert_allclose(plain.communality, rotated.communality)
    np.testing.assert_allclose(
        plain.loadings @ plain.loadings.T, rotated.loadings @ rotated.loadings.T, atol=1e-12
    )


def test_the_ends_of_rmsea_leave_five_percent_on_each_side(answers):
    """Under the noncentrality of an end, a chi-squared as found lies at the 95th or 5th percent."""
    found = factors(answers, ITEMS, number=1)
    assert found.low < found.rmsea < found.high
    for end, share in ((found.low, 0.95), (found.high, 0.05)):
        noncentral = end**2 * (found.n - 1) * found.df
        assert ncx2.cdf(found.chisq, found.df, noncentral) == pytest.approx(share)
    assert 0 < found.tli < 1


def test_a_weight_counts_like_so_many_rows(answers):
    weight = np.tile([1, 2, 3], 100)
    weighted = answers.assign(weight=weight)
    repeated = answers.loc[answers.index.repeat(weight)].assign(weight=1)
    design = SurveyDesign(weight="weight")
    found, again = (factors(r, ITEMS, number=2, design=design) for r in (weighted, repeated))
    np.testing.assert_allclose(found.loadings, again.loadings, rtol=1e-4)
    assert (found.n, again.n) == (300, 600)
    assert np.isnan(found.rmsea)


def test_a_domain_is_the_rows_in_it(answers):
    inside = pd.Series(np.arange(300) < 150)
    design = SurveyDesign(weight="weight")
    rows = answers.assign(weight=1.5)
    found = factors(rows, ITEMS, number=2, design=design, where=inside)
    again = factors(rows[:150], ITEMS, number=2, design=design)
    np.testing.assert_allclose(found.uniqueness, again.uniqueness)
    assert found.n == 150


def test_too_many_factors_and_dependent_items_are_refused(answers):
    with pytest.raises(ResponseError, match="太多或太少"):
        factors(answers, ITEMS[:3], number=4)
    design = SurveyDesign(weight="weight")
    with pytest.raises(ResponseError, match="太多或太少"):
        factors(answers.assign(weight=1), ITEMS[:4], number=2, design=design)
    with pytest.raises(ResponseError, match="奇异"):
        factors(answers.assign(twin=answers["a"]), [*ITEMS, "twin"], number=2)


def test_more_factors_than_items_can_tell_carry_a_warning(answers):
    found = factors(answers, ITEMS[:5], number=3, extraction="minres")
    assert found.df == -2
    assert "more factors than" in " ".join(found.warnings)
    assert np.isnan(found.tli)
