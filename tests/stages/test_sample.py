"""Stage `sample`: the tables it writes with a draw and without."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import DesignError
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.read import read_questionnaire
from pipeline.sampling.units import UNIT_COLUMNS
from pipeline.sampling.verify import read_draw
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


def codebook(root: Path, folder: Path, design: DeclaredDesign | None = None) -> Path:
    asked = read_questionnaire(root / "questionnaires/residents/questionnaire.yaml")
    raw = RawFile(path="a.csv", sha256="", layout="odk_csv", rows=1, columns={})
    path = folder / "codebook.json"
    write_codebook(
        Codebook(
            survey="residents",
            wave="w",
            current="v",
            versions={"v": asked},
            raw=raw,
            design=design,
        ),
        path,
    )
    return path


def run(
    root: Path,
    folder: Path,
    draw: Path,
    drawn: bool,
    valid: Path | None = None,
    design: DeclaredDesign | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    verdict = folder / "verdict.json"
    verdict.write_text(json.dumps({"drawn": drawn}), encoding="utf-8")
    sample(
        valid or validated(root, folder),
        codebook(root, folder, design),
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


DECLARED = DeclaredDesign(
    kind="probability", weight="w", strata=("h",), clusters=("c", "d"), fpc=("N", "M")
)


def surveyed(folder: Path) -> Path:
    """Write responses of a sample that others drew: two strata, clusters of two, then one each."""
    path = folder / "surveyed.parquet"
    pd.DataFrame(
        {
            "respondent": list("abcdef"), "person": None, "site": None, "q01": 3,
            "design_weight": [1.5, 0.5, 2, 2, 3, 3], "design_stratum": list("xxxxyy"),
            "design_cluster_1": list("112212"), "design_cluster_2": list("ababcc"),
            "design_fpc_1": [8.0] * 4 + [6.0] * 2, "design_fpc_2": [4.0] * 6,
        }
    ).to_parquet(path)  # fmt: skip
    return path


def with_design(root: Path, folder: Path, **changes: object) -> pd.DataFrame:
    design = DECLARED.model_copy(update=changes)
    units, rows = run(root, folder, folder, drawn=False, valid=surveyed(folder), design=design)
    assert units.empty
    assert not [column for column in rows if column.startswith("design_")]
    return rows


def test_a_declared_design_becomes_the_columns_of_the_tables(root: Path, tmp_path: Path) -> None:
    rows = with_design(root, tmp_path)
    assert rows["base_weight"].tolist() == [1.5, 0.5, 2, 2, 3, 3]
    assert rows["stratum"].tolist() == list("xxxxyy")
    assert rows["psu"].tolist() == list("112212")
    assert rows["cluster_2"].tolist() == list("ababcc")
    assert rows["fpc_1"].tolist() == [8, 8, 8, 8, 6, 6]
    assert rows["fpc_2"].tolist() == [4] * 6
    alone = with_design(root, tmp_path, clusters=(), fpc=())
    assert alone["psu"].tolist() == alone["respondent"].tolist()


def test_without_a_weight_sizes_give_it_and_else_all_count_alike(
    root: Path, tmp_path: Path
) -> None:
    rows = with_design(root, tmp_path, weight="")
    # stratum x: 2 of 8 clusters, in each 2 of 4; y: 2 of 6, in each 1 of 4
    assert rows["base_weight"].tolist() == [8, 8, 8, 8, 12, 12]
    assert set(with_design(root, tmp_path, weight="", fpc=())["base_weight"]) == {1}
    assert set(with_design(root, tmp_path, weight="", kind="open")["base_weight"]) == {1}


def test_a_draw_on_file_and_a_declared_design_contradict_each_other(
    root: Path, tmp_path: Path
) -> None:
    with pytest.raises(DesignError, match="既有抽取记录，又在"):
        run(root, tmp_path, root / DRAW, drawn=True, design=DECLARED)
    units, _ = run(root, tmp_path, root / DRAW, drawn=True, design=DeclaredDesign())
    assert len(units) == 2700
