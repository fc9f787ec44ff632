"""Quadratic forms of unequal-probability designs against formulas written out pair by pair."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import Pps, SurveyDesign
from pipeline.errors import DesignError
from pipeline.estimation.linear import means, totals
from pipeline.totals.pairs import joint_form

P = np.array([0.2, 0.5, 0.3, 0.6])
Y = np.array([3.0, 8.0, 4.0, 9.0])
ROWS = pd.DataFrame({"p": P, "y": Y})


def joint_of_simple_random(n: int, population: int) -> np.ndarray:
    joint = np.full((n, n), n * (n - 1) / (population * (population - 1)))
    np.fill_diagonal(joint, n / population)
    return joint


def variance(pps: Pps, rows: pd.DataFrame = ROWS, call=totals) -> float:
    table = call(rows, ["y"], design=SurveyDesign(probability="p", pps=pps))
    return float(table["standard_error"].iloc[0] ** 2)


@pytest.mark.parametrize("of", ["horvitz_thompson", "yates_grundy"])
def test_equal_joint_probabilities_are_simple_random_sampling(of):
    rows = ROWS.assign(p=0.4)
    found = variance(Pps("joint_probabilities", of, joint_of_simple_random(4, 10)), rows)
    assert found == pytest.approx(10**2 * (1 - 0.4) * Y.var(ddof=1) / 4)


def test_yates_and_grundy_written_out():
    joint = joint_of_simple_random(4, 10) * np.outer(P, P) / 0.16
    np.fill_diagonal(joint, P)
    x = Y / P
    by_hand = sum(
        (P[i] * P[j] / joint[i, j] - 1) * (x[i] - x[j]) ** 2
        for i in range(4) for j in range(i + 1, 4)
    )  # fmt: skip
    assert variance(Pps("joint_probabilities", "yates_grundy", joint)) == pytest.approx(by_hand)


def test_hartley_and_rao_with_equal_probabilities_are_simple_random():
    rows = ROWS.assign(p=0.4)
    exact = variance(
        Pps("joint_probabilities", "yates_grundy", joint_of_simple_random(4, 10)), rows
    )
    assert variance(Pps("hartley_rao", "yates_grundy"), rows) == pytest.approx(exact)
    assert variance(Pps("overton", "yates_grundy"), rows) == pytest.approx(exact)
    assert variance(Pps("brewer"), rows) == pytest.approx(exact)


def test_the_matrix_follows_the_rows_not_the_codes():
    """Joint probabilities are given in the order of the rows, whatever the strata's names."""
    joint = joint_of_simple_random(4, 10) * np.outer(P, P) / 0.16
    np.fill_diagonal(joint, P)
    turned = ROWS.iloc[::-1].reset_index(drop=True)
    for of in ("horvitz_thompson", "yates_grundy"):
        plain = variance(Pps("joint_probabilities", of, joint), call=means)
        back = variance(Pps("joint_probabilities", of, joint[::-1, ::-1]), turned, call=means)
        assert back == pytest.approx(plain)


def test_strata_are_independent():
    stratum = np.array([0, 0, 1, 1])
    form = joint_form(Pps("hartley_rao"), P, stratum, np.arange(4))
    assert (form[:2, 2:] == 0).all()
    assert (form[:2, :2] != 0).all()


def test_impossible_probabilities_are_refused():
    with pytest.raises(DesignError, match="between 0 and 1"):
        variance(Pps("brewer"), ROWS.assign(p=[0.2, 1.5, 0.3, 0.6]))
    with pytest.raises(DesignError, match="another size"):
        variance(Pps("joint_probabilities", "yates_grundy", np.eye(3)))
    with pytest.raises(DesignError, match="above 0"):
        variance(Pps("joint_probabilities", "yates_grundy", np.eye(4)))
    with pytest.raises(DesignError, match="probabilities are needed"):
        SurveyDesign(weight="w", pps=Pps("brewer"))
