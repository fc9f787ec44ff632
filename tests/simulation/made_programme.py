"""A small fictitious programme: three surveys alike but for their delivery, two waves.

Between the waves q2 gets a point more, q13 is new, fewer say q1, and q4 improves.
"""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Wave
from pipeline.questionnaire.read import version_hash
from pipeline.simulation.frame_truths import FrameTruth
from pipeline.simulation.simulate import Simulated, simulate
from pipeline.simulation.sites import fictitious_sites
from pipeline.simulation.survey_truths import Truths
from pipeline.simulation.truths import truths_of

BASELINE, FOLLOWUP = "2026-baseline", "2026-followup"
DATES = {BASELINE: ("2026-03-02", "2026-03-22"), FOLLOWUP: ("2026-09-01", "2026-09-20")}
LAYOUTS = {"cadres": "wjx_text", "residents": "odk_csv", "served_units": "sav"}
FRAME: dict[str, Any] = {
    "sites": {"rural": 14, "school": 10},
    "county_size": {"jia": 1.2, "yi": 0.8},
    "persons": {"rural": [60, 160], "school": [30, 90]},
    "staff": {"rural": [20, 40], "school": [25, 60]},
    "need": [1.0, 2.0],
}
THEME = {
    "weight": 1.0,
    "sentences": ["{place}的{thing}一直没有修好", "先解决{place}{thing}的问题，反映过好几次了"],
    "words": {"place": ["村口", "学校门口", "老小区", "河边"], "thing": ["路", "水管", "路灯"]},
}
OPEN: dict[str, Any] = {
    "answered": 0.8, "nothing": 0.1, "second_theme": 0.3, "nothing_words": ["无", "没有"],
    "openings": ["", "我觉得"], "closings": ["", "。"], "joint": ["；另外"],
    "themes": [{"theme": "roads", "county": {"jia": 2.0}, **THEME},
               {"theme": "forms", **THEME, "sentences": ["{place}的表格要填好几遍，{thing}也一样"]}],
}  # fmt: skip
ORDERED: dict[str, Any] = {
    "q1": {"shares": {1: 0.7, 2: 0.3}, "site_sd": 0.2, "dont_know": 0.05},
    "q2": {"shares": {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.25, 5: 0.15}, "site_sd": 0.4, "person": 0.4,
           "shifts": {"county": {"jia": -0.3}, "q11": {2: 0.2}}, "blank": 0.02},
    "q3": {"shares": {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.25, 5: 0.15}, "person": 0.6, "site_sd": 0.3},
    "q4": {"shares": {1: 0.2, 2: 0.3, 3: 0.2, 4: 0.2, 5: 0.1}, "person": 0.6, "site_sd": 0.5,
           "shifts": {"setting": {"rural": -0.2}, "q12": {1: -0.3}}, "dont_know": 0.04},
    "q5": {"shares": {1: 0.15, 2: 0.25, 3: 0.3, 4: 0.2, 5: 0.1}, "person": -0.6},
    "q6": {"shares": {1: 0.1, 2: 0.2, 3: 0.4, 4: 0.2, 5: 0.1}, "person": 0.5, "refused": 0.02},
    "q7": {"shares": {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.3, 5: 0.1}, "person": -0.5},
    "q13": {"shares": {1: 0.2, 2: 0.3, 3: 0.3, 4: 0.1, 5: 0.1}, "site_sd": 0.2},
}  # fmt: skip
DIRT = {
    "duplicates": 0.02, "speeders": 0.03, "straight_liners": 0.03, "out_of_range": 0.02,
    "full_width": 0.02, "contradictions": 0.02, "exclusive_broken": 0.01, "copied_open": 0.02,
    "phones": 0.02, "mistyped_person": 0.005,
}  # fmt: skip


def text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def question(name: str, kind: str, points: int = 0, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": name,
        "type": kind,
        "text": text(f"题目{name}怎么样？"),
        **more,
    }
    if points:
        choices = [
            {"code": c, "name": f"p{c}", "text": text(f"第{c}级")} for c in range(1, points + 1)
        ]
        said["choices"] = [
            *choices,
            {"code": 8, "name": "dk", "text": text("说不清"), "missing": "dont_know"},
            {"code": 9, "name": "refused", "text": text("不愿回答"), "missing": "refused"},
        ]
    return said


@cache
def questionnaire(survey: str, wave: str) -> Questionnaire:
    """The version that a wave fields."""
    ticks = [{"code": c, "name": n, "text": text(t)} for c, n, t in
             [(1, "a", "看病"), (2, "b", "上学"), (3, "c", "修路"), (4, "other", "其他")]]  # fmt: skip
    ticks += [{"code": 5, "name": "none", "text": text("都没有"), "exclusive": True},
              {"code": 9, "name": "refused", "text": text("不愿"), "missing": "refused", "exclusive": True}]  # fmt: skip
    items = [
        question(f"q{n}", "scale", 5, battery="drive", reverse=n in (5, 7)) for n in range(3, 8)
    ]
    later = [] if wave == BASELINE else [question("q13", "scale", 5)]
    asked = [
        question("q1", "single_choice", 2),
        question("q2", "scale", 4 if wave == BASELINE else 5, show_if={"=": ["q1", 1]}),
        *items,
        *later,
        {**question("q8", "multiple_choice", max_choices=2), "choices": ticks},
        question("q9", "number", minimum=0, maximum=31),
    ]
    return Questionnaire.model_validate({
        "survey": survey, "title": text("小问卷"), "population": text("居民"),
        "respondents": text("受访者"), "minutes": 3, "mode": text("任意"),
        "commissioned_by": text("甲"), "conducted_by": text("乙"), "simulated": True,
        "limitation": text("小"), "introduction": text("您好"), "frame_domains": ["county", "setting"],
        "batteries": [{"name": "drive", "title": text("劲头")}],
        "sections": [{"title": text("一"), "questions": asked},
                     {"title": text("二"), "questions": [question("q10", "open_ended"), question("q14", "open_ended")]},
                     {"title": text("三"), "questions": [question("q11", "single_choice", 2, domain=True),
                                                        question("q12", "single_choice", 3, domain=True)]}],
    })  # fmt: skip


def planted(survey: str, **changed: Any) -> dict[str, Any]:
    """The raw content of a survey's truths."""
    roll = {"cadres": "staff", "residents": "persons", "served_units": "unit"}[survey]
    alone = roll == "unit"
    nonces = {
        wave: {"甲方": f"{survey}-{wave}-nonce-one", "乙方": f"{survey}-{wave}-nonce-two"}
        for wave in DATES
    }
    lower = {**ORDERED["q4"], "shares": {1: 0.12, 2: 0.2, 3: 0.3, 4: 0.23, 5: 0.15}}
    whole: dict[str, Any] = {
        "delivery": LAYOUTS[survey],
        "people": {"q11": {"shares": {1: 0.5, 2: 0.5}, "by_setting": {"school": {1: 0.3, 2: 0.7}}},
                   "q12": {"shares": {1: 0.3, 2: 0.4, 3: 0.3}, "refused": 0.01}},
        "margins": ["q11", "q12"],
        "draw": {"sites_per_stratum": {"rural": 12, "school": 9} if alone else {"rural": 6, "school": 5},
                 "persons_per_site": 1 if alone else 16, "roll": roll, "kept": 0.6,
                 "size": {"staff": "staff", "persons": "persons_need", "unit": "equal"}[roll],
                 "nonces": nonces},
        "response": {"rate": 0.8, "shifts": {"q12": {1: -0.8, 3: 0.4}}, "partial": 0.03,
                     "otherwise": {"2.11": 0.5, "2.2": 0.5}},
        "site_change": 0.3,
        "ordered": copy.deepcopy(ORDERED),
        "counts": {"q9": {"mean": 3.0, "site_sd": 0.2, "person_sd": 0.6, "shifts": {"q12": {3: 0.4}}, "blank": 0.02}},
        "multiple": {"q8": {"shares": {1: 0.4, 2: 0.3, 3: 0.5, 4: 0.1}, "shifts": {2: {"q12": {1: 0.6}}},
                            "none": 5, "site_sd": 0.3, "refused": 0.02}},
        "open": {"q10": OPEN, "q14": OPEN},
        "interview": {"seconds": 300, "spread": 0.3},
        "dirt": DIRT,
        "waves": {BASELINE: {"ordered": {"q2": {"shares": {1: 0.2, 2: 0.3, 3: 0.3, 4: 0.2}}}},
                  FOLLOWUP: {"ordered": {"q1": {"shares": {1: 0.5, 2: 0.5}}, "q4": {"shares": lower["shares"]}},
                             "open": {"q10": {"answered": 0.6}}}},
    }  # fmt: skip
    return whole | changed


def during(wave: str) -> Wave:
    first, last = DATES[wave]
    return Wave.model_validate(
        {"wave": wave, "title": text(wave), "field_start": first, "field_end": last, "published": "2026-11-02"}
    )  # fmt: skip


def truths(survey: str, wave: str, **changed: Any) -> Truths:
    base = Truths.model_validate(planted(survey, **changed))
    return truths_of(base, questionnaire(survey, wave), wave, Path("truths.yaml"))


@cache
def frame() -> pd.DataFrame:
    rows = fictitious_sites(FrameTruth.model_validate(FRAME), seed=42)
    table = pd.DataFrame(rows, columns=["site", "county", "setting", "persons", "need", "staff"])
    return table.assign(stratum=table["county"] + "/" + table["setting"])


@cache
def made(survey: str, wave: str, seed: int = 42) -> Simulated:
    """A wave in memory; a later wave follows the draw of the baseline."""
    before = None if wave == BASELINE else made(survey, BASELINE, seed).draw
    return simulate(
        truths(survey, wave), questionnaire(survey, wave), frame(), during(wave), seed=seed, previous=before
    )  # fmt: skip


def write_questionnaires(folder: Path) -> Path:
    """Write the programme's definitions and truths as a project holds them."""
    levels = {"county": ["jia", "yi"], "setting": ["rural", "school"]}
    domains = [
        {"column": column, "name": text(column), "levels": [{"code": c, "name": text(c)} for c in codes]}
        for column, codes in levels.items()
    ]  # fmt: skip
    programme = {
        "title": text("小调研"), "place": text("某州"), "simulated": True, "frame_domains": domains,
        "areas": [{"code": "A1", "name": text("一"), "short": text("一"), "problems": [{"code": "A1.1", "name": text("一")}]}],
        "waves": [during(wave).model_dump(mode="json") for wave in DATES], "reporting": {},
    }  # fmt: skip
    write_yaml(folder / "programme.yaml", programme)
    write_yaml(folder / "truths.yaml", {"frame": FRAME})
    for survey in LAYOUTS:
        write_yaml(folder / survey / "truths.yaml", planted(survey))
        launches = ["wave,version"]
        for wave in DATES:
            asked = questionnaire(survey, wave)
            hashed = version_hash(asked)
            launches.append(f"{wave},{hashed}")
            for path in (f"versions/{hashed}.yaml", "questionnaire.yaml"):
                target = folder / survey / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(asked.model_dump_json(exclude_defaults=True), encoding="utf-8")
        (folder / survey / "versions/launches.csv").write_text("\n".join(launches) + "\n")
    return folder


def write_yaml(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(content, file)
