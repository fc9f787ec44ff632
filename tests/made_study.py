"""A small project on disk: two waves of one survey, with shared PSUs, for the front door."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign, design_to_json
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.model import Questionnaire

DESIGN = SurveyDesign(weight="weight", strata=("stratum",), clusters=("psu",))
COUNTIES = ("甲县", "乙县", "丙市")


def questionnaire_of(small: Questionnaire, wording: str = "") -> Questionnaire:
    """The small questionnaire with groups; `wording` changes the text of q1."""
    raw = small.model_dump(mode="json", exclude_defaults=True)
    raw["frame_domains"] = ["county"]
    first = raw["sections"][0]["questions"][0]
    first["domain"] = True
    if wording:
        first["text"] = {"zh": wording, "en": wording}
    return Questionnaire.model_validate(raw)


def rows_of(seed: int, *, psus: int = 6, persons: int = 12) -> pd.DataFrame:
    """Answers as `weight` writes them: 3 counties are the strata, PSUs are named within them."""
    random = np.random.default_rng(seed)
    n = len(COUNTIES) * psus * persons
    county = np.repeat(COUNTIES, psus * persons)
    psu = np.repeat([f"{c}{k}" for c in "ABC" for k in range(psus)], persons)
    q1 = random.choice([1, 2, 9], n, p=[0.6, 0.3, 0.1])
    q2 = random.choice([1, 2, 3, 4, 5, 8], n)
    why = {9: "refused", 8: "dont_know"}
    asked = q1 == 1
    ticks = random.random((n, 3)) < 0.4
    rows = pd.DataFrame(
        {
            "respondent": [f"{seed}-{k}" for k in range(n)],
            "q1": pd.array(np.where(q1 < 9, q1, -1), dtype="Int64"),
            "q1__missing": [why.get(a, "") for a in q1],
            "q2": pd.array(np.where(asked & (q2 < 8), q2, -1), dtype="Int64"),
            "q2__missing": np.where(asked, [why.get(a, "") for a in q2], "not_asked"),
            **{f"q3__{k + 1}": pd.array(ticks[:, k].astype(int), dtype="Int64") for k in range(3)},
            "q3__4": pd.array((~ticks.any(axis=1)).astype(int), dtype="Int64"),
            "q3__missing": "",
            "q4": random.poisson(3, n).astype(float),
            "q4__missing": "",
            "q5__missing": "no_answer",
            "county": county, "stratum": county, "psu": psu,
            "weight": random.uniform(1, 4, n),
        }
    )  # fmt: skip
    for name in ("q1", "q2"):
        rows[name] = rows[name].mask(rows[name] == -1)
    return rows


def project(
    folder: Path,
    waves: dict[str, tuple[pd.DataFrame, Questionnaire]],
    design: SurveyDesign = DESIGN,
) -> Path:
    """Write what the stages would have made; return the root."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dvc.yaml").write_text("stages: {}\n", encoding="utf-8")
    made = folder / "data" / "processed"
    for wave, (rows, questionnaire) in waves.items():
        raw = RawFile(path="x.csv", sha256="0", layout="x", rows=len(rows), columns={})
        book = Codebook(
            survey="small", wave=wave, current="v", versions={"v": questionnaire}, raw=raw
        )
        write_codebook(book, made / "codebook" / "small" / f"{wave}.json")
        units = (
            rows[["psu", "county", "stratum"]].drop_duplicates().rename(columns={"psu": "site"})
        )
        for stage, table in (("weight", rows), ("units", units)):
            path = made / stage / "small" / f"{wave}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table.to_parquet(path, index=False)
        record = made / "design" / "small" / f"{wave}.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"design": design_to_json(design)}), encoding="utf-8")
    return folder
