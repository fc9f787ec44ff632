"""A small made survey: its definition, its tables, and the disclosed folder that follows."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.estimation.estimate import ESTIMATE_COLUMNS
from pipeline.estimation.families import COMPARISON_COLUMNS
from pipeline.questionnaire.codebook import Codebook, RawFile
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme

WAVE = "2026-baseline"


def words(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def programme(*waves: str) -> Programme:
    return Programme.model_validate(
        {
            "title": words("调研"), "place": words("示例州（虚构）"), "simulated": True,
            "areas": [{
                "code": "A1", "name": words("基层党建"), "short": words("基层党建"),
                "problems": [
                    {"code": "A1.3", "name": words("有形缺实", "Form without substance")},
                    {"code": "A1.4", "name": words("形式主义", "Formalism")},
                ],
            }],
            "frame_domains": [{"column": "county", "name": words("县（市）", "county"), "levels": [
                {"code": "jia", "name": words("甲县", "Jia")},
                {"code": "yi", "name": words("乙县", "Yi")},
                {"code": "bing", "name": words("丙市", "Bing")},
            ]}],
            "waves": [
                {"wave": wave, "title": words("基线调查", "baseline"), "field_start": "2026-09-01",
                 "field_end": "2026-09-20", "published": "2026-11-02"}
                for wave in (waves or (WAVE,))
            ],
            "reporting": {},
        }
    )  # fmt: skip


def survey(name: str = "residents", *, measured: bool = True) -> Questionnaire:
    yes_no = [{"code": 1, "text": words("有", "Yes")}, {"code": 2, "text": words("没有", "No")}]
    measure = {
        "problem": "A1.4", "unfavourable": [1],
        "claim": words("（参加过活动的）重复填过表", "(among participants) filled in forms twice"),
        "standard": {"value": 0.30, "kind": "target", "text": words("不高于30%")},
        "decision": words("是否合并台账", "Whether to merge the ledgers"),
        "manifest_level": "村（社区）", "root_level": "州（市）",
    }  # fmt: skip
    q1: dict[str, Any] = {
        "name": "q1", "type": "single_choice", "text": words("重复填过表吗？"), "choices": yes_no,
    }  # fmt: skip
    return Questionnaire.model_validate(
        {
            "survey": name, "title": words("问卷"), "population": words("居民"),
            "respondents": words("党员群众", "Residents"), "minutes": 3, "mode": words("网页"),
            "commissioned_by": words("甲"), "conducted_by": words("乙"), "simulated": True,
            "limitation": words("样本小"), "introduction": words("您好"),
            "frame_domains": ["county"],
            "sections": [{"title": words("一"), "questions": [
                {**q1, "measure": measure} if measured else q1,
                {**q1, "name": "q2", "sensitive": True},
                {**q1, "name": "q9", "domain": True, "text": words("您的性别", "Your sex")},
            ]}],
        }
    )  # fmt: skip


def codebook(
    definition: Questionnaire | None = None, wave: str = WAVE, changed: tuple[str, ...] = ()
) -> Codebook:
    definition = definition or survey()
    raw = RawFile(path="raw.csv", sha256="0", layout="odk_csv", rows=0, columns={})
    return Codebook(
        survey=definition.survey, wave=wave, current="v1", versions={"v1": definition}, raw=raw,
        changed_measures=changed,
    )  # fmt: skip


def estimate(n: int, n_cell: int, **given: Any) -> dict[str, Any]:
    value = n_cell / n if n else float("nan")
    half = 1.96 * (value * (1 - value) / n) ** 0.5 if n else float("nan")
    row = {
        "survey": "residents", "wave": WAVE, "question": "q1", "code": "1", "base": "valid",
        "domain": "all", "domain_value": "", "estimand": "proportion", "value": value,
        "standard_error": half / 1.96, "low": max(0.0, value - half),
        "high": min(1.0, value + half), "level": 0.95, "interval_method": "beta",
        "degrees_of_freedom": 40.0, "n": n, "n_cell": n_cell, "effective_n": n / 1.2,
        "design_effect": 1.2, "presentable": n >= 30, "why_not": "" if n >= 30 else "n_below_30",
    } | given  # fmt: skip
    key = "|".join(str(row[k]) for k in ("survey", "wave", "question", "code", "domain"))
    return {"id": f"E-{key}|{row['domain_value']}|{row['estimand']}".replace(":", ""), **row}


def estimates(*rows: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))


def comparison(kind: str, a: str, b: str, **given: Any) -> dict[str, Any]:
    row = {
        "kind": kind, "survey": "residents", "wave": WAVE, "question": "q1", "code": "1",
        "domain": "all" if kind == "standard" else "county", "a": a, "b": b, "value_a": 0.58,
        "value_b": 0.30, "n_a": 400, "n_b": None if kind == "standard" else 200,
        "difference": 0.28, "standard_error": 0.025, "low": 0.23, "high": 0.33,
        "degrees_of_freedom": 40.0, "p": 0.0001, "q": 0.0003, "family": "f", "family_size": 3,
        "effect": 0.57, "conclusion": "higher",
    } | given  # fmt: skip
    return {"id": f"C-{kind}-{row['wave']}-{row['question']}-{row['domain']}-{a}", **row}


def comparisons(*rows: Mapping[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))
    return table.astype({"n_a": "Int64", "n_b": "Int64", "family_size": "Int64"})


THEME_COLUMNS = [
    "id", "kind", "survey", "wave", "question", "theme", "name_zh", "name_en", "problem",
    "keywords", "domain", "domain_value", "n", "n_cell", "share", "standard_error", "low", "high",
    "keyness", "p", "q", "presentable", "why_not", "n_elsewhere",
]  # fmt: skip


def theme(n: int, n_cell: int, **given: Any) -> dict[str, Any]:
    row = {
        "kind": "theme", "survey": "residents", "wave": WAVE, "question": "q15",
        "theme": "forms", "name_zh": "填表", "name_en": "Forms", "problem": "A1.4",
        "keywords": "", "domain": "all", "domain_value": "", "n": n, "n_cell": n_cell,
        "share": n_cell / n, "standard_error": 0.02, "low": 0.1, "high": 0.2,
        "keyness": float("nan"), "p": float("nan"), "q": float("nan"), "presentable": True,
        "why_not": "", "n_elsewhere": float("nan"),
    } | given  # fmt: skip
    return {"id": f"T-{row['kind']}-{row['theme']}-{row['domain']}-{row['domain_value']}", **row}


def themes(*rows: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=THEME_COLUMNS)


PASSAGE_COLUMNS = [
    "interview", "county", "setting", "role", "passage", "text", "theme", "problem", "stance",
    "rule",
]  # fmt: skip


def passages(*rows: Sequence[Any]) -> pd.DataFrame:
    """Rows of (interview, county, passage, text, problem, stance)."""
    full = [
        (i, county, "rural", "支部书记", n, text, f"theme {problem}", problem, stance, "include")
        for i, county, n, text, problem, stance in rows
    ]
    return pd.DataFrame(full, columns=PASSAGE_COLUMNS)


DESIGN = {
    "survey": "residents", "wave": WAVE, "probability_sample": True, "strata": 3, "psus": 12,
    "weighted": True, "raked_variables": [], "lonely_psu": "adjust", "level": 0.95,
}  # fmt: skip
NONRESPONSE = {
    ("response", "rr1"): 0.6,
    ("weights", "representativity"): 0.02,
    ("item_nonresponse", "q1"): 0.05,
}
QUALITY = ["id", "survey", "wave", "group", "item", "value", "kind"]


def disclosed(
    folder: Path,
    *,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    interviews: pd.DataFrame | None = None,
    themes: pd.DataFrame | None = None,
    quality: Mapping[tuple[str, str], float] = NONRESPONSE,
    **design: Any,
) -> Path:
    """Write a disclosed folder as stage `disclose` does."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = pd.DataFrame(
        [
            (f"Q-{group}", "residents", WAVE, group, item, value, "rate")
            for (group, item), value in quality.items()
        ],
        columns=QUALITY,
    )
    tables = {
        "estimates": estimates.drop(columns="n_cell"),
        "comparisons": comparisons,
        "themes": themes if themes is not None else pd.DataFrame(columns=THEME_COLUMNS),
        "interviews": interviews if interviews is not None else pd.DataFrame(),
        "quality": figures,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / "designs.json").write_text(json.dumps([DESIGN | design]), encoding="utf-8")
    (folder / "log.json").write_text('{"tables": []}', encoding="utf-8")
    return folder
