"""The example's definitions, simulated once for all tests of this folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire
from pipeline.simulation.simulate import Simulated, simulate
from pipeline.simulation.truths import Truths, read_truths

SEED = 42
"""The seed of the committed example."""


@pytest.fixture(scope="session")
def residents(root: Path) -> Questionnaire:
    return read_questionnaire(root / "questionnaires/residents/questionnaire.yaml")


@pytest.fixture(scope="session")
def truths(root: Path, residents: Questionnaire) -> Truths:
    return read_truths(root / "questionnaires/residents/truths.yaml", residents)


@pytest.fixture(scope="session")
def simulated_into(root: Path) -> Callable[..., Simulated]:
    """Simulate the example's survey into a folder laid out like the project."""

    def into(
        folder: Path, *, seed: int = SEED, responses: int | None = None, truths: Path | None = None
    ) -> Simulated:
        definitions = root / "questionnaires"
        return simulate(
            definitions / "residents/questionnaire.yaml",
            definitions / "programme.yaml",
            truths or definitions / "residents/truths.yaml",
            wave="2026-baseline",
            frame=folder / "data/raw/frame/sites.csv",
            draw=folder / "data/raw/draws/residents/2026-baseline",
            raw=folder / "data/raw/residents/2026-baseline",
            margins=folder / "questionnaires/residents/margins.csv",
            seed=seed,
            responses=responses,
        )

    return into


@pytest.fixture(scope="session")
def example(
    simulated_into: Callable[..., Simulated], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Simulated]:
    folder = tmp_path_factory.mktemp("example")
    return folder, simulated_into(folder)
