from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def engine(root: Path) -> Path:
    """The built form engine; a run of the suite without set-up says what to do."""
    made = root / "build" / "form" / "survey.js"
    assert made.is_file(), "build/form is missing: run `python3 bootstrap.py` first"
    return made
