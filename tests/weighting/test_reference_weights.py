"""Weights of the reference cases, as R's survey package makes them; standard errors elsewhere."""

import json

import numpy as np
import pytest

from pipeline.errors import CalibrationError
from tests.reference.cases.weighting import calibrated
from tests.reference.designs import prepared

pytestmark = pytest.mark.shared


def cases(shared):
    path = shared / "reference" / "calibration.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"]


def test_weights_are_those_of_r(shared):
    checked = 0
    for case in cases(shared):
        if "outputs" not in case:
            continue
        rows, design = _weighted(shared, case)
        found, outputs = rows[design.weight].to_numpy(), case["outputs"]
        some = np.array(outputs.get("weights_all") or outputs["weights_first20"], dtype=float)
        np.testing.assert_allclose(found[: len(some)], some, rtol=1e-9, err_msg=case["id"])
        if "weights_sum" in outputs:
            assert found.sum() == pytest.approx(np.ravel(outputs["weights_sum"])[0], rel=1e-10)
            squares = np.ravel(outputs["weights_sumsq"])[0]
            assert (found**2).sum() == pytest.approx(squares, rel=1e-9)
        checked += 1
    assert checked == 28


def test_bounds_that_no_weights_can_satisfy_are_refused_by_the_name_of_the_total(shared):
    """All 14 high schools of the sample at 1.5 times 33.847 are 710.79 schools, not 755."""
    (case,) = [case for case in cases(shared) if case.get("refusal") == "required"]
    with pytest.raises(CalibrationError, match=r"stype=H: 应为 755.*只到 710\.787"):
        _weighted(shared, case)


def _weighted(shared, case):
    spec = {**case["spec"], "calibration": []}
    made = prepared(shared / "reference", case["data"], spec)
    rows, design = made.rows, made.design
    for step in case["spec"]["calibration"]:
        rows, design = calibrated(rows, design, step)
    return rows, design
