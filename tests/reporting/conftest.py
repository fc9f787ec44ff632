import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.disclosure.manifest import Recorder
from pipeline.reporting.cells import Cells


@pytest.fixture(scope="session")
def fictitious():
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "fictitious.py")))


@pytest.fixture(scope="session")
def site(fictitious, tmp_path_factory):
    return fictitious.site_of(tmp_path_factory.mktemp("inputs"))


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def cells(site, recorder):
    return Cells(site.disclosed, recorder, "page.html", "zh")
