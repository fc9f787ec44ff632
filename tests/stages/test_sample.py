"""Stage `sample`: the tables it writes with a draw and without."""

import json
from pathlib import Path

import pandas as pd

from pipeline.sampling.units import UNIT_COLUMNS
from pipeline.sampling.verify import read_draw
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.read import read_questionnaire
from pipeline.stages.sample import sample

DRAW = Path("data/raw/draws/residents/2026-baseline")
FRAME = Path("data/raw/frame/sites.csv")
DISPOSITIONS = Path("data/raw/residents/2026-baseline/dispositions.csv")


def validated(root: Path, folder: Path) -> Path:
    """Write responses of everybody whose disposition says that there was an interview."""
    became = pd.read_csv(root / DISPOSITIONS, dtype="str")
    met = became.loc[became["disposition"].str.startswith("1."), "person"].reset_index(drop=True)
    path = folder / "valid.parquet"
    pd.DataFrame(
        {
            "respondent": "uuid:" + met,
            "person": met,
            "site": met.str.rsplit("-", n=1).str[0],
            "q01": 3,
        }
    ).to_parquet(path)
    return path


def codebook(root: Path, folder: Path) -> Path:
    asked = read_questionnaire(root / "questionnaires/residents/questionnaire.yaml")
    raw = RawFile(path="a.csv", sha256="", layout="odk_csv", rows=1, columns={})
    path = folder / "codebook.json"
    write_codebook(
        Codebook(survey="residents", wave="w", current="v", versions={"v": asked}, raw=raw), path
    )
    return path


def run(root: Path, folder: Path, draw: Path, drawn: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    verdict = folder / "verdict.json"
    verdict.write_text(json.dumps({"drawn": drawn}), encoding="utf-8")
    sample(
        validated(root, folder),
        codebook(root, folder),
        draw,
        verdict,
        root / FRAME,
        root / DISPOSITIONS,
        folder / "units" / "u.parquet",
        folder / "sample" / "s.parquet",
        callback_share=0.05,
        double_coding_share=0.2,
    )
    return tuple(
        pd.read_parquet(folder / name) for name in ("units/u.parquet", "sample/s.parquet")
    )  # type: ignore[return-value]


def test_responses_get_their_place_in_the_design(root: Path, tmp_path: Path) -> None:
    units, rows = run(root, tmp_path, root / DRAW, drawn=True)
    assert list(units) == list(UNIT_COLUMNS)
    assert len(units) == 2700
    assert units["responded"].sum() == len(rows)
    assert rows.columns.tolist() == [
        *("respondent", "person", "site", "q01", "county", "setting", "stratum", "psu"),
        *("p1", "p2", "base_weight", "callback", "double_coding"),
    ]
    assert rows["callback"].sum() == int(0.05 * len(rows) + 0.5)
    assert rows["double_coding"].sum() == int(0.2 * len(rows) + 0.5)
    drawn = read_draw(root / DRAW)
    assert drawn is not None
    assert set(rows["psu"]) <= set(drawn.sites["site"])


def test_without_a_draw_responses_are_open_links(root: Path, tmp_path: Path) -> None:
    empty = tmp_path / "draw"
    empty.mkdir()
    for name in ("sites.csv", "persons.csv"):
        header = (root / DRAW / name).read_text(encoding="utf-8").splitlines()[0]
        (empty / name).write_text(header + "\n", encoding="utf-8")
    units, rows = run(root, tmp_path, empty, drawn=False)
    assert units.empty
    assert (rows["base_weight"] == 1).all()
    assert (rows["psu"] == rows["respondent"]).all()
    assert rows["callback"].any()
