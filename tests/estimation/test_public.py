"""The public calls are where docs/estimation.md says, also after their modules were loaded."""

import subprocess
import sys

import pytest

import pipeline
import pipeline.estimation


@pytest.mark.parametrize("package", [pipeline, pipeline.estimation])
def test_every_public_name_is_a_call_or_a_type(package):
    for name in package.__all__:
        assert callable(getattr(package, name)), name
    for name in package.__all__:  # a submodule of the same name would now stand in its place
        assert callable(getattr(package, name)), name
    with pytest.raises(AttributeError):
        package.no_such_call  # noqa: B018


def test_the_package_alone_loads_no_statistics():
    code = (
        "import sys, pipeline.estimation; print('scipy' in sys.modules, 'pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]
