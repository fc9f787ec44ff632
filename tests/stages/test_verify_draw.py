"""Stage `verify_draw` on the example's draw, and without one."""

import json
from pathlib import Path

import pytest

from pipeline.errors import FrameError
from pipeline.stages.verify_draw import verify_draw

DRAW = Path("data/raw/draws/residents/2026-baseline")
FRAME = Path("data/raw/frame/sites.csv")


def test_the_example_draw_is_proved(root: Path, tmp_path: Path) -> None:
    verdict = tmp_path / "verify" / "verdict.json"
    verify_draw(root / DRAW, root / FRAME, verdict, survey="residents", wave="2026-baseline")
    found = json.loads(verdict.read_text(encoding="utf-8"))
    assert found["verified"] is True
    assert (found["strata"], found["sites"], found["persons"]) == (21, 60, 900)
    assert len(found["parties"]) == 2


def test_the_draw_of_another_wave_writes_no_verdict(root: Path, tmp_path: Path) -> None:
    verdict = tmp_path / "verdict.json"
    with pytest.raises(FrameError, match="2027-second"):
        verify_draw(root / DRAW, root / FRAME, verdict, survey="residents", wave="2027-second")
    assert not verdict.exists()


def test_headers_only_mean_that_nothing_was_drawn(root: Path, tmp_path: Path) -> None:
    for name in ("sites.csv", "persons.csv"):
        header = (root / DRAW / name).read_text(encoding="utf-8").splitlines()[0]
        (tmp_path / name).write_text(header + "\n", encoding="utf-8")
    verdict = tmp_path / "verdict.json"
    verify_draw(tmp_path, root / FRAME, verdict, survey="residents", wave="2026-baseline")
    assert json.loads(verdict.read_text(encoding="utf-8")) == {"drawn": False}
