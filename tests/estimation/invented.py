"""An invented two-stage sample with its questionnaire, for the tests of estimation and its stages."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.model import Questionnaire

COUNTIES = ("甲县", "乙县", "丙市")
SETTINGS = ("村", "社区", "机关")


def _text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def questionnaire() -> Questionnaire:
    points = [{"code": code, "text": _text(f"第{code}级")} for code in range(1, 6)]
    unknown = {"code": 8, "text": _text("说不清"), "missing": "dont_know"}
    measure = {
        "problem": "A1.1", "unfavourable": [5, 4], "claim": _text("不满意"),
        "standard": {"value": 0.3, "kind": "target", "text": _text("不高于30%")},
    }  # fmt: skip
    return Questionnaire.model_validate(
        {
            "survey": "invented", "title": _text("问卷"), "population": _text("居民"),
            "respondents": _text("受访者"), "minutes": 3, "mode": _text("网页"),
            "commissioned_by": _text("甲"), "conducted_by": _text("乙"), "simulated": True,
            "limitation": _text("虚构"), "introduction": _text("您好"),
            "frame_domains": ["county", "setting"],
            "sections": [{"title": _text("一"), "questions": [
                {"name": "q01", "type": "scale", "text": _text("满意吗？"),
                 "choices": [*points, unknown], "measure": measure},
                {"name": "q02", "type": "single_choice", "text": _text("党员吗？"), "domain": True,
                 "choices": [{"code": 1, "text": _text("是")}, {"code": 2, "text": _text("否")}]},
                {"name": "q03", "type": "multiple_choice", "text": _text("哪些困难？"),
                 "show_if": {"=": ["q02", 1]},
                 "choices": [{"code": code, "text": _text(f"困难{code}")} for code in (1, 2, 3)],
                 "measure": {"problem": "A1.2", "unfavourable": [1, 2], "claim": _text("有困难")}},
                {"name": "q04", "type": "number", "text": _text("几次？"), "minimum": 0, "maximum": 20},
                {"name": "q05", "type": "open_ended", "text": _text("为什么？")},
            ]}],
        }
    )  # fmt: skip


def sampled(people: int = 600, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables `sample` and `units`; one sampled site answered nothing at all.

    Unfavourable answers to q01 are 60 % in 甲县 and 25 % elsewhere.
    """
    rng = np.random.default_rng(seed)
    sites = 45
    site = np.sort(np.arange(people) % sites)
    county = np.array(COUNTIES)[site % 3]
    setting = np.array(SETTINGS)[(site // 3) % 3]
    everyone = pd.DataFrame(
        {
            "person": [f"p{k:04}" for k in range(people)], "site": [f"s{k:02}" for k in site],
            "county": county, "setting": setting,
            "stratum": [f"{c}/{s}" for c, s in zip(county, setting, strict=True)],
            "p1": 0.25, "p2": rng.choice([0.1, 0.05], sites)[site], "sites_in_stratum": 20,
            "persons_in_site": 200, "disposition": "1.1", "responded": site != sites - 1,
        }
    )  # fmt: skip
    rows = everyone[everyone["responded"]].reset_index(drop=True)
    n = len(rows)
    bad = rng.random(n) < np.where(rows["county"] == "甲县", 0.6, 0.25)
    q01 = np.where(bad, rng.integers(4, 6, n), rng.integers(1, 4, n))
    party = rng.integers(1, 3, n)
    unsaid = rng.random(n) < 0.05
    answers = {
        "q01": pd.array(np.where(unsaid, np.nan, q01), dtype="Int64"),
        "q01__missing": np.where(unsaid, "dont_know", ""),
        "q02": pd.array(party, dtype="Int64"), "q02__missing": "",
        "q03__missing": np.where(party == 2, "not_asked", ""),
        "q04": rng.poisson(4, n).astype(float), "q04__missing": "", "q05__missing": "no_answer",
    }  # fmt: skip
    for code, share in ((1, 0.3), (2, 0.1), (3, 0.5)):
        ticked = np.where(party == 2, np.nan, rng.random(n) < share)
        answers[f"q03__{code}"] = pd.array(ticked, dtype="Int64")
    rows = rows.assign(
        respondent=[f"r{k:04}" for k in range(n)], psu=rows["site"],
        base_weight=1 / (rows["p1"] * rows["p2"]), **answers,
    ).drop(columns=["sites_in_stratum", "persons_in_site", "disposition", "responded"])  # fmt: skip
    text = {name: "str" for name in rows if rows[name].dtype == object}
    return rows.astype(text), everyone


def open_links(people: int = 120) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `sample` and the empty `units` of a survey without a draw."""
    rows, units = sampled(people)
    rows = rows.assign(stratum="", psu=rows["respondent"], base_weight=1.0)
    return rows, units.iloc[:0]


def write(
    folder: Path, rows: pd.DataFrame, units: pd.DataFrame, margins: str = ""
) -> dict[str, Path]:
    """Write the inputs of the stages below `folder`; return their paths by name."""
    paths = {
        "sample": folder / "sample/w1.parquet", "units": folder / "units/w1.parquet",
        "margins": folder / "margins.csv", "weighted": folder / "weight/w1.parquet",
        "design": folder / "design/w1.json", "codebook": folder / "codebook/w1.json",
        "estimates": folder / "estimate/w1.parquet", "comparison": folder / "comparison.parquet",
    }  # fmt: skip
    for name in ("sample", "units"):
        paths[name].parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(paths["sample"], index=False)
    units.to_parquet(paths["units"], index=False)
    paths["margins"].write_text("variable,category,population\n" + margins, encoding="utf-8")
    raw = RawFile(path="x.csv", sha256="0", layout="plain", rows=len(rows), columns={})
    asked = questionnaire()
    write_codebook(
        Codebook(survey="invented", wave="w1", current="v", versions={"v": asked}, raw=raw),
        paths["codebook"],
    )
    return paths
