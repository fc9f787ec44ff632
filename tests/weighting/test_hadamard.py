import numpy as np
import pytest

from pipeline.weighting.hadamard import hadamard


@pytest.mark.parametrize("least", [1, 2, 3, 7, 12, 20, 28, 36, 37, 60, 92, 150, 201])
def test_columns_are_orthogonal_and_the_first_is_constant(least):
    made = hadamard(least).astype(int)
    order = len(made)
    assert least <= order <= least + 15
    np.testing.assert_array_equal(made @ made.T, order * np.eye(order))
    assert (made[0] == 1).all()
    assert (made[:, 0] == 1).all()
