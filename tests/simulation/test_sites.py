"""The fictitious frame has the planted sites, sizes and staff."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.sampling.frame import read_frame
from pipeline.simulation.frame_truths import FrameTruth, read_programme_truths
from pipeline.simulation.sites import fictitious_sites, write_sites
from tests.simulation.made_programme import FRAME, write_yaml

TRUTH = FrameTruth.model_validate(FRAME)


def test_a_frame_can_be_read_and_lies_within_its_bounds(tmp_path: Path) -> None:
    write_sites(tmp_path / "sites.csv", TRUTH, seed=1)
    frame = read_frame(tmp_path / "sites.csv")
    assert frame.groupby("setting").size().to_dict() == {"rural": 28, "school": 20}
    rural = frame[(frame["setting"] == "rural") & (frame["county"] == "jia")]
    assert rural["persons"].between(60 * 1.2, 160 * 1.2).all()
    assert rural["staff"].between(20 * 1.2, 40 * 1.2).all()
    assert frame["need"].astype(float).between(1, 2).all()


def test_small_sites_have_more_need(tmp_path: Path) -> None:
    rows = [row for row in fictitious_sites(TRUTH, seed=1) if row[0].startswith("jia-rural")]
    by_size = sorted(rows, key=lambda row: row[3])
    half = len(rows) // 2
    assert sum(float(row[4]) for row in by_size[:half]) > sum(
        float(row[4]) for row in by_size[half:]
    )


def test_sites_can_be_larger_or_more() -> None:
    usual = fictitious_sites(TRUTH, seed=1)
    larger = fictitious_sites(TRUTH, seed=1, larger=3)
    assert [row[3] / 3 for row in larger] == pytest.approx([row[3] for row in usual], abs=0.5)
    more = fictitious_sites(TRUTH, seed=1, more=10)
    assert len(more) == 10 * len(usual)
    assert len({row[0] for row in more}) == len(more)


def test_settings_without_a_size_are_named(tmp_path: Path) -> None:
    raw = {"frame": {**FRAME, "staff": {"rural": [5, 9]}}}
    write_yaml(tmp_path / "truths.yaml", raw)
    with pytest.raises(QuestionnaireError, match="staff disagree on the settings school"):
        read_programme_truths(tmp_path / "truths.yaml")
