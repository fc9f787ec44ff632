"""Stage `verify_draw` on the example's draws, and without one."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import FrameError
from pipeline.stages.verify_draw import verify_draw

DRAWS = Path("data/raw/draws")
RUN = Path("residents/2026-baseline")
FRAME = Path("data/raw/frame/sites.csv")


def test_the_example_draws_are_proved(root: Path, tmp_path: Path) -> None:
    verify_draw(root / DRAWS, root / FRAME, tmp_path / "verdicts")
    runs = {path.relative_to(root / DRAWS) for path in (root / DRAWS).glob("*/*")}
    assert len(runs) >= 1
    for run in runs:
        found = json.loads((tmp_path / "verdicts" / f"{run}.json").read_text(encoding="utf-8"))
        assert found["verified"] is True
        assert found["strata"] == 21
        assert len(found["parties"]) == 2


def test_a_draw_under_another_wave_writes_no_verdict(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / DRAWS / RUN, tmp_path / "draws" / "residents" / "2027-second")
    with pytest.raises(FrameError, match="2027-second"):
        verify_draw(tmp_path / "draws", root / FRAME, tmp_path / "verdicts")
    assert not (tmp_path / "verdicts").exists()


def test_headers_only_mean_that_nothing_was_drawn(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "draws" / RUN
    folder.mkdir(parents=True)
    for name in ("sites.csv", "persons.csv"):
        header = (root / DRAWS / RUN / name).read_text(encoding="utf-8").splitlines()[0]
        (folder / name).write_text(header + "\n", encoding="utf-8")
    verify_draw(tmp_path / "draws", root / FRAME, tmp_path / "verdicts")
    found = json.loads((tmp_path / "verdicts" / f"{RUN}.json").read_text(encoding="utf-8"))
    assert found == {"drawn": False}
