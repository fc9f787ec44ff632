"""The example on file is what its truths and seed make, and holds what was planted."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from pipeline.errors import FrameError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import version_hash
from pipeline.sampling.dispositions import read_dispositions
from pipeline.sampling.frame import read_frame
from pipeline.sampling.verify import verify
from pipeline.simulation.simulate import Simulated

WAVE = "data/raw/residents/2026-baseline"
EXPORT = f"{WAVE}/residents_2026-baseline.csv"
DRAW = "data/raw/draws/residents/2026-baseline"
FRAME = "data/raw/frame/sites.csv"


def test_the_example_on_file_is_reproduced_byte_for_byte(
    root: Path, example: tuple[Path, Simulated]
) -> None:
    folder, _ = example
    made = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert len(made) == 8
    for path in made:
        assert (root / path).read_bytes() == (folder / path).read_bytes(), path


def test_the_draw_can_be_verified_and_everybody_has_a_disposition(
    example: tuple[Path, Simulated],
) -> None:
    folder, made = example
    frame = read_frame(folder / FRAME)
    draw = verify(folder / DRAW, frame, survey="residents", wave="2026-baseline")
    assert draw is not None
    became = read_dispositions(folder / WAVE / "dispositions.csv", draw.persons["person"])
    assert len(became) == made.persons_drawn == 900
    assert 200 <= len(frame) <= 260
    assert frame["stratum"].nunique() == 21
    assert draw.sites.groupby("stratum").size().min() >= 2


def test_margins_count_the_frames_persons_in_every_variable(
    example: tuple[Path, Simulated],
) -> None:
    folder, _ = example
    margins = pd.read_csv(folder / "questionnaires/residents/margins.csv")
    totals = margins.groupby("variable")["population"].sum()
    assert set(totals.index) == {"county", "setting", "q16", "q17"}
    assert set(totals) == {read_frame(folder / FRAME)["persons"].sum()}


@pytest.fixture
def export(example: tuple[Path, Simulated]) -> pd.DataFrame:
    folder, _ = example
    return pd.read_csv(folder / EXPORT, dtype="str", keep_default_na=False)


def test_the_export_holds_only_choices_of_the_questionnaire(
    export: pd.DataFrame, residents: Questionnaire
) -> None:
    assert set(export["FormVersion"]) == {version_hash(residents)}
    assert export["KEY"].is_unique
    for number, section in enumerate(residents.sections, start=1):
        for question in section.questions:
            given = set(export[f"g{number}-{question.exported_as}"]) - {""}
            if question.type in {"scale", "single_choice"}:
                assert given <= {choice.exported_as for choice in question.choices}  # type: ignore[union-attr]


def test_split_columns_say_what_the_joined_column_says(export: pd.DataFrame) -> None:
    ticks = [name for name in export if name.startswith("g4-q14/")]
    assert len(ticks) == 9
    for _, row in export.iterrows():
        ticked = {name.split("/")[1] for name in ticks if row[name] == "1"}
        assert ticked == set(row["g4-q14"].split())


def test_every_planted_fault_is_where_it_is_said_to_be(
    export: pd.DataFrame, example: tuple[Path, Simulated]
) -> None:
    _, made = example
    rows, planted = export.set_index("KEY"), made.planted
    assert set(rows.loc[list(planted["out_of_range"]), "g1-q06"]) == {"45", "99", "300"}
    assert all(not n.isascii() for n in rows.loc[list(planted["full_width"]), "g1-q06"])
    unasked = rows.loc[list(planted["contradictions"])]
    assert ((unasked["g1-q03"] != "1") & (unasked["g1-q04"] != "")).all()
    assert rows.loc[list(planted["phones"]), "g4-q15"].str.contains("13800").all()
    seconds = pd.to_datetime(rows["end"]) - pd.to_datetime(rows["start"])
    fast = seconds.dt.total_seconds()
    assert (fast[list(planted["speeders"])] < fast.median() / 3).all()
    copies = rows.loc[list(planted["duplicates"]), "person"]
    assert (rows["person"].isin(set(copies)).sum()) == 2 * len(copies) == 8
    assert not rows["person"].drop(list(planted["duplicates"])).duplicated().any()
    broken = rows.loc[list(planted["exclusive_broken"]), "g4-q14"]
    assert set(broken) == {"medical none"}
    keys = [key for listed in planted.values() for key in listed]
    assert len(keys) == len(set(keys))  # one fault a submission


def test_corrections_meet_their_cells(
    export: pd.DataFrame, example: tuple[Path, Simulated]
) -> None:
    folder, _ = example
    corrections = pd.read_csv(folder / WAVE / "corrections.csv", dtype="str")
    rows = export.set_index("KEY")
    assert len(corrections) == 2
    for _, one in corrections.iterrows():
        assert rows.at[one["key"], one["column"]] == one["old"] != one["new"]
    drawn = set(pd.read_csv(folder / DRAW / "persons.csv", dtype="str")["person"])
    token = corrections.loc[corrections["column"] == "person"].iloc[0]
    assert token["new"] in drawn
    assert token["old"] not in drawn


def test_interviews_lie_in_the_field_period_and_in_working_hours(export: pd.DataFrame) -> None:
    start = pd.to_datetime(export["start"])
    assert start.min() >= pd.Timestamp("2026-09-01T08:30+08:00")
    assert start.max() < pd.Timestamp("2026-09-21T00:00+08:00")
    assert export["SubmissionDate"].is_monotonic_decreasing


def test_nothing_on_file_is_overwritten(
    example: tuple[Path, Simulated], simulated_into: Callable[..., Simulated]
) -> None:
    folder, _ = example
    with pytest.raises(FrameError, match="模拟不会覆盖"):
        simulated_into(folder)


def everybody_answers(root: Path, folder: Path) -> Path:
    """Write truths without nonresponse and without dirt."""
    yaml = YAML()
    raw = yaml.load((root / "questionnaires/residents/truths.yaml").read_text(encoding="utf-8"))
    raw["response"]["rate"] = 0.999999
    raw["response"]["shifts"] = {}
    raw["dirt"] = {}
    path = folder / "truths.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(raw, file)
    return path


def test_a_large_full_sample_finds_the_planted_shares(
    root: Path, tmp_path: Path, simulated_into: Callable[..., Simulated], residents: Questionnaire
) -> None:
    planted = everybody_answers(root, tmp_path)
    made = simulated_into(tmp_path, seed=3, responses=3000, truths=planted)
    assert 2900 <= made.rows <= 3100
    rows = pd.read_csv(tmp_path / EXPORT, dtype="str", keep_default_na=False)
    sites = pd.read_csv(tmp_path / DRAW / "sites.csv").set_index("site")
    persons = pd.read_csv(tmp_path / DRAW / "persons.csv").set_index("person")
    weight = 1 / (rows["site"].map(sites["p1"]) * rows["person"].map(persons["p2"]))
    stratum = rows["site"].map(sites["stratum"])
    for number, section in enumerate(residents.sections, start=1):
        for question in section.questions:
            if question.measure is None:
                continue
            given = rows[f"g{number}-{question.exported_as}"]
            substance = {c.exported_as for c in question.substantive}  # type: ignore[union-attr]
            asked = given.isin(substance)
            wrong = given.isin([str(code) for code in question.measure.unfavourable])
            w = weight.where(asked, 0)
            share = (w * wrong).sum() / w.sum()
            residual = (w * (wrong - share)).groupby([stratum, rows["site"]]).sum() / w.sum()
            inside = residual.groupby(level=0)
            variance = (inside.var() * inside.size()).sum()
            truth = made.population.share(question.name, question.measure.unfavourable)
            assert abs(share - truth) < 4 * np.sqrt(variance), question.name
            assert np.sqrt(variance) < 0.04
