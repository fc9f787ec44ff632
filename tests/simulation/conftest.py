"""The small programme, written and simulated on file once for all tests of this folder."""

from pathlib import Path

import pytest

from pipeline.simulation.programme import simulate_programme
from pipeline.simulation.simulate import Simulated
from tests.simulation.made_programme import write_questionnaires


@pytest.fixture(scope="session")
def questionnaires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_questionnaires(tmp_path_factory.mktemp("questionnaires"))


@pytest.fixture(scope="session")
def on_file(
    questionnaires: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Simulated]]:
    """The whole programme on file: its raw folder, with the margins beside, and its runs."""
    folder = tmp_path_factory.mktemp("raw")
    runs = simulate_programme(questionnaires, folder, seed=42, margins=folder / "margins")
    return folder, runs
