"""A whole programme on file: draws that can be verified, exports that can be read, nothing lost."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import FrameError
from pipeline.questionnaire.read import version_hash
from pipeline.sampling.dispositions import read_dispositions
from pipeline.sampling.frame import read_frame
from pipeline.sampling.verify import verify
from pipeline.simulation.frame_truths import FrameTruth
from pipeline.simulation.programme import scale_for, simulate_programme
from pipeline.simulation.simulate import Simulated, expected_responses, scaled, simulate
from pipeline.simulation.sites import write_sites
from pipeline.stages.ingest import ingest
from tests.simulation.made_programme import (
    BASELINE,
    DATES,
    FOLLOWUP,
    FRAME,
    LAYOUTS,
    during,
    questionnaire,
    truths,
)

OnFile = tuple[Path, list[Simulated]]


def test_every_survey_and_wave_has_its_files(on_file: OnFile) -> None:
    folder, runs = on_file
    assert [(run.survey, run.wave) for run in runs] == [(s, w) for s in LAYOUTS for w in DATES]
    for run in runs:
        found = {path.name for path in (folder / run.survey / run.wave).iterdir()}
        assert found == {run.export.name, "dispositions.csv", "corrections.csv"}
    assert len(read_frame(folder / "frame/sites.csv")) == 48


def test_draws_can_be_verified_and_everybody_has_a_disposition(on_file: OnFile) -> None:
    folder, runs = on_file
    frame = read_frame(folder / "frame/sites.csv")
    for run in runs:
        draw = verify(
            folder / "draws" / run.survey / run.wave, frame, survey=run.survey, wave=run.wave
        )
        assert draw is not None
        became = folder / run.survey / run.wave / "dispositions.csv"
        assert len(read_dispositions(became, draw.persons["person"])) == len(run.sampled.persons)
        assert [one.wave for one in draw.record.earlier] == [BASELINE] * (run.wave == FOLLOWUP)


def test_later_waves_meet_sites_again_and_persons_anew(on_file: OnFile) -> None:
    _, runs = on_file
    before, after = (run for run in runs if run.survey == "residents")
    again = set(before.draw.sites["site"]) & set(after.draw.sites["site"])
    assert 0 < len(again) < len(after.draw.sites)
    assert before.soiled.submissions[0].answers != after.soiled.submissions[0].answers


def test_margins_count_the_rolls_in_every_variable(on_file: OnFile) -> None:
    folder, _ = on_file
    frame = read_frame(folder / "frame/sites.csv")
    totals = {
        "cadres": frame["staff"].sum(),
        "residents": frame["persons"].sum(),
        "served_units": 48,
    }
    for survey, total in totals.items():
        margins = pd.read_csv(folder / f"margins/{survey}/margins.csv")
        assert set(margins.groupby("variable")["population"].sum()) == {total}


@pytest.mark.parametrize("survey", LAYOUTS)
def test_ingest_reads_what_was_answered(
    survey: str, on_file: OnFile, questionnaires: Path, tmp_path: Path
) -> None:
    folder, runs = on_file
    run = next(run for run in runs if (run.survey, run.wave) == (survey, BASELINE))
    raw, definitions = folder / survey / BASELINE, questionnaires / survey
    ingest(
        raw, raw / "corrections.csv", definitions / "questionnaire.yaml", definitions / "versions",
        tmp_path / "codebook.json", tmp_path / "rows.parquet", tmp_path / "words.parquet",
        survey=survey, wave=BASELINE,
    )  # fmt: skip
    rows = pd.read_parquet(tmp_path / "rows.parquet").set_index("respondent")
    assert set(rows["questionnaire_version"]) == {version_hash(questionnaire(survey, BASELINE))}
    assert (rows["undecoded"] == "").all()
    mended = {(one.at, one.field): one.new for one in run.soiled.mended}
    assert set(mended) == {(at, field) for at, field in mended if field in {"q9", "person"}}
    for at, (key, one) in enumerate(zip(run.export.keys, run.soiled.submissions, strict=True)):
        row = rows.loc[key]
        assert row["person"] == mended.get((at, "person"), one.person)
        assert float(row["seconds"]) == pytest.approx(one.interview.seconds, abs=0.5)
        times = mended.get((at, "q9"), one.answers["q9"])
        assert row["q9"] == int(times) if times else pd.isna(row["q9"])
        for name in ("q1", "q2", "q4", "q11"):
            word = one.answers.get(name, "")
            code = int(word[1:]) if word.startswith("p") else None
            assert row[name] == code if code else pd.isna(row[name])
        missing = (
            "not_asked"
            if "q2" not in one.answers
            else "no_answer"
            if not one.answers["q2"]
            else ""
        )
        assert row["q2__missing"] == missing
    words = pd.read_parquet(tmp_path / "words.parquet")
    assert set(words.loc[words["masked"] > 0, "respondent"]) == set(run.planted["phones"])


def test_nothing_on_file_is_overwritten(on_file: OnFile, questionnaires: Path) -> None:
    folder, _ = on_file
    with pytest.raises(FrameError, match="模拟不会覆盖"):
        simulate_programme(
            questionnaires, folder, seed=42, surveys=["served_units"], waves=[BASELINE]
        )


def test_one_wave_alone_has_the_bytes_it_has_in_the_programme(
    on_file: OnFile, questionnaires: Path, tmp_path: Path
) -> None:
    folder, _ = on_file

    def files(of: Path) -> dict[str, bytes]:
        found = [p for p in of.rglob("*") if p.is_file() and "served_units" in p.parts]
        return {str(p.relative_to(of)): p.read_bytes() for p in found if "margins" not in p.parts}

    for wave in DATES:  # one after the other: the second finds the draw of the first on file
        simulate_programme(
            questionnaires, tmp_path, seed=42, surveys=["served_units"], waves=[wave]
        )
    assert len(files(tmp_path)) == 12
    assert files(tmp_path) == files(folder)
    for name in ("sites.csv",):
        assert (tmp_path / "frame" / name).read_bytes() == (folder / "frame" / name).read_bytes()


def test_a_number_of_responses_tells_the_scale(questionnaires: Path) -> None:
    usual = expected_responses(truths("residents", BASELINE), 2)
    assert scale_for(questionnaires, "residents", 1500) == pytest.approx(1500 / usual)


@pytest.mark.parametrize(("survey", "scale"), [("residents", 3.0), ("residents", 0.1), ("served_units", 2.0), ("served_units", 0.4)])  # fmt: skip
def test_any_size_can_be_made(survey: str, scale: float) -> None:
    usual = truths(survey, BASELINE)
    changed = scaled(usual, scale)
    wanted = scale * expected_responses(usual, 2)
    assert expected_responses(changed, 2) == pytest.approx(wanted, rel=0.25)
    if survey == "served_units":
        assert changed.draw.persons_per_site == 1
    assert min(changed.draw.sites_per_stratum.values()) >= 2


def test_a_frame_has_room_for_a_large_sample(tmp_path: Path) -> None:
    planted = scaled(truths("residents", BASELINE), 6.0)
    write_sites(tmp_path / "sites.csv", FrameTruth.model_validate(FRAME), seed=1, larger=6)
    frame = read_frame(tmp_path / "sites.csv")
    run = simulate(planted, questionnaire("residents", BASELINE), frame, during(BASELINE), seed=1)
    assert run.rows == pytest.approx(expected_responses(planted, 2), rel=0.1)
    assert run.rows > 1500


def test_the_example_on_file_is_what_its_truths_and_seed_make(root: Path, tmp_path: Path) -> None:
    """One survey of the three stands for all: its frame, draws and exports, byte for byte."""
    simulate_programme(root / "questionnaires", tmp_path, seed=42, surveys=["served_units"])
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 13
    for path in made:
        assert (root / "data/raw" / path).read_bytes() == (tmp_path / path).read_bytes(), path
