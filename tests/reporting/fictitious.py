"""A small fictitious survey, as the stages before the report would hand it over."""

import json
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.disclosure.public import read_public
from pipeline.findings.finding import Figure, Finding, read_findings, write_findings
from pipeline.i18n import Text
from pipeline.problems.followup import follow_up, write_followups
from pipeline.problems.problem import (
    Goal,
    Problem,
    Proposal,
    read_problems,
    read_proposals,
    write_problems,
    write_proposals,
)
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.reporting.provenance import Provenance
from pipeline.reporting.views import Site
from pipeline.stages.report import report

AS_OF = date(2026, 6, 1)
SURVEY, WAVE = "branches", "2026-first"
SCALE = [
    {"code": code, "text": {"zh": zh, "en": en}}
    for code, zh, en in [
        (1, "很差", "very poor"), (2, "较差", "poor"), (3, "一般", "fair"),
        (4, "较好", "good"), (5, "很好", "very good"),
    ]
] + [{"code": 8, "text": {"zh": "说不清", "en": "cannot say"}, "missing": "dont_know"}]  # fmt: skip
LEVELS = {
    "county": ("jia", "yi", "bing"),
    "setting": ("rural", "community", "hospital"),
    "sex": ("1", "2"),
}
FIRST, SECOND = "E-q01all", "E-q03all"


def programme() -> Programme:
    return Programme.model_validate(
        {
            "title": {"zh": "基层调研", "en": "Local inquiry"},
            "place": {"zh": "示例州（虚构）", "en": "Example Prefecture (fictitious)"},
            "simulated": True,
            "areas": [
                {
                    "code": "A1", "name": {"zh": "基层党建全面过硬"}, "short": {"zh": "基层党建", "en": "Branches"},
                    "problems": [
                        {"code": "A1.1", "name": {"zh": "功能不够强", "en": "Weak functions"}},
                        {"code": "A1.4", "name": {"zh": "形式主义", "en": "Formalism"}},
                        {"code": "A1.2", "name": {"zh": "面面俱到", "en": "No focus"}},
                    ],
                },
                {
                    "code": "A2", "name": {"zh": "干部队伍"}, "short": {"zh": "干部队伍", "en": "Cadres"},
                    "problems": [{"code": "A2.1", "name": {"zh": "人难找", "en": "Hard to find"}}],
                },
            ],
            "frame_domains": [
                {
                    "column": "county", "name": {"zh": "县（市）", "en": "County"},
                    "levels": [
                        {"code": "jia", "name": {"zh": "甲县", "en": "Jia"}},
                        {"code": "yi", "name": {"zh": "乙县", "en": "Yi"}},
                        {"code": "bing", "name": {"zh": "丙市", "en": "Bing"}},
                    ],
                },
                {
                    "column": "setting", "name": {"zh": "领域", "en": "Setting"},
                    "levels": [
                        {"code": "rural", "name": {"zh": "农村", "en": "Villages"}},
                        {"code": "community", "name": {"zh": "社区", "en": "Communities"}},
                        {"code": "hospital", "name": {"zh": "医院", "en": "Hospitals"}},
                    ],
                },
            ],
            "waves": [
                {
                    "wave": WAVE, "title": {"zh": "2026年第一轮", "en": "First wave 2026"},
                    "field_start": "2026-03-02", "field_end": "2026-03-20", "published": "2026-04-15",
                }
            ],
            "reporting": {},
        }
    )  # fmt: skip


def questionnaire() -> Questionnaire:
    return Questionnaire.model_validate(
        {
            "survey": SURVEY,
            "title": {"zh": "支部问卷", "en": "Branch survey"},
            "population": {"zh": "三个县（市）18岁及以上居民", "en": "Residents aged 18 and over"},
            "respondents": {"zh": "居民", "en": "residents"},
            "minutes": 6,
            "mode": {"zh": "入户平板", "en": "Tablet at home"},
            "commissioned_by": {"zh": "示例州组织部（虚构）", "en": "Example department"},
            "conducted_by": {"zh": "调研组（虚构）", "en": "Inquiry team"},
            "simulated": True,
            "exclusions": {"zh": "不含外出一年以上的人", "en": "Not those away for over a year"},
            "introduction": {"zh": "您好。", "en": "Hello."},
            "limitation": {"zh": "只问在家的人", "en": "Only people at home were asked"},
            "frame_domains": ["county", "setting"],
            "sections": [
                {
                    "title": {"zh": "党组织的工作", "en": "The work"},
                    "questions": [
                        {
                            "name": "q01", "type": "scale", "choices": SCALE,
                            "text": {"zh": "过去6个月，支部议事做得怎么样？", "en": "How well are matters discussed?"},
                            "hint": {"zh": "按实际情况回答。", "en": "As it is."},
                            "measure": {
                                "problem": "A1.1", "unfavourable": [1, 2],
                                "claim": {"zh": "认为支部议事做得较差或很差", "en": "say matters are discussed poorly"},
                                "standard": {
                                    "value": 0.2, "kind": "target",
                                    "text": {"zh": "较差的比例不高于20%", "en": "At most 20% say poorly"},
                                },
                                "decision": {"zh": "是否推行支部议事会", "en": "Whether to hold meetings"},
                            },
                        },
                        {
                            "name": "q03", "type": "single_choice",
                            "choices": [
                                {"code": 1, "text": {"zh": "重复填过", "en": "yes"}},
                                {"code": 2, "text": {"zh": "没有", "en": "no"}},
                            ],
                            "text": {"zh": "过去一个月重复填过表吗？", "en": "Did you fill in a form twice?"},
                            "measure": {
                                "problem": "A1.4", "unfavourable": [1],
                                "claim": {"zh": "过去一个月重复填过表", "en": "filled in a form twice"},
                            },
                        },
                        {
                            "name": "q04", "type": "number", "unit": {"zh": "次", "en": "times"},
                            "text": {"zh": "过去一个月去过几次？", "en": "How often did you go?"},
                        },
                        {
                            "name": "q06", "type": "open_ended",
                            "text": {"zh": "最希望先解决什么？", "en": "What first?"},
                        },
                    ],
                },
                {
                    "title": {"zh": "关于您", "en": "About you"},
                    "questions": [
                        {
                            "name": "sex", "type": "single_choice", "domain": True,
                            "text": {"zh": "性别", "en": "Sex"},
                            "choices": [
                                {"code": 1, "text": {"zh": "男", "en": "Men"}},
                                {"code": 2, "text": {"zh": "女", "en": "Women"}},
                            ],
                        }
                    ],
                },
            ],
        }
    )  # fmt: skip


def codebook() -> Codebook:
    return Codebook(
        survey=SURVEY,
        wave=WAVE,
        current="0a1b2c3d4e5f",
        versions={"0a1b2c3d4e5f": questionnaire()},
        raw=RawFile(
            path="data/raw/branches/2026-first/export.csv", sha256="ab" * 32,
            layout="plain", rows=812, columns={},
        ),
    )  # fmt: skip


def estimate(name: str, question: str, code: str, value: float, n: int, domain: str = "all",
             level: str = "all", half: float = 0.04, **others: object) -> dict[str, object]:  # fmt: skip
    row: dict[str, object] = {
        "id": f"E-{name}", "survey": SURVEY, "wave": WAVE, "question": question, "code": code,
        "base": "valid", "domain": domain, "domain_value": level, "estimand": "proportion",
        "value": value, "standard_error": half / 2, "low": value - half, "high": value + half,
        "level": 0.95, "interval_method": "beta", "degrees_of_freedom": 41.0, "n": n,
        "effective_n": n / 1.3, "design_effect": 1.3, "presentable": True, "why_not": "",
    }  # fmt: skip
    return row | others


def estimates() -> list[dict[str, object]]:
    rows = [
        estimate("q01all", "q01", "1+2", 0.3137, 812),
        estimate("q03all", "q03", "1", 0.4412, 798),
        estimate("q03no", "q03", "2", 0.5588, 798),
        estimate("q04", "q04", "", 3.4567, 805, estimand="mean", half=0.3),
        estimate("sex1", "sex", "1", 0.4871, 810),
        estimate("sex2", "sex", "2", 0.5129, 810),
    ]
    shares = {"1": 0.1012, "2": 0.2125, "3": 0.3201, "4": 0.2544, "5": 0.1118}
    rows += [estimate(f"q01_{c}", "q01", c, share, 812) for c, share in shares.items()]
    for d, (domain, levels) in enumerate(LEVELS.items()):
        for i, level in enumerate(levels):
            small = level == "hospital"
            n, half = (20, 0.2) if small else (255 - 40 * i, 0.06 + 0.01 * i)
            why = {"presentable": not small, "why_not": "n_below_30" if small else ""}
            shift = 0.04 * i - 0.02 * d
            for question, code, value in (("q01", "1+2", 0.30), ("q03", "1", 0.44)):
                key = f"{question}_{domain}_{level}"
                rows.append(
                    estimate(key, question, code, value + shift, n, domain, level, half, **why)
                )
            for code, share in shares.items():
                key = f"q01_{code}_{domain}_{level}"
                rows.append(estimate(key, "q01", code, share, n, domain, level, 0.03, **why))
    return rows


def comparison(name: str, kind: str, question: str, domain: str, a: str, b: str, conclusion: str,
               **numbers: float) -> dict[str, object]:  # fmt: skip
    row: dict[str, object] = {
        "id": f"C-{name}", "kind": kind, "survey": SURVEY, "wave": WAVE, "question": question,
        "code": "1+2" if question == "q01" else "1", "domain": domain, "a": a, "b": b,
        "value_a": 0.34, "value_b": 0.28, "n_a": 255, "n_b": 560, "difference": 0.06,
        "standard_error": 0.02, "low": 0.02, "high": 0.1, "degrees_of_freedom": 41.0,
        "p": 0.004, "q": 0.012, "family": f"{SURVEY}:{domain}", "family_size": 12, "effect": 0.13,
        "conclusion": conclusion,
    }  # fmt: skip
    return row | numbers


def comparisons() -> list[dict[str, object]]:
    none = float("nan")
    return [
        comparison("q01std", "standard", "q01", "all", "all", "standard", "higher",
                   value_a=0.3137, value_b=0.2, n_a=812, n_b=none, difference=0.1137, low=0.07,
                   high=0.15, q=0.0002),
        comparison("q01jia", "group", "q01", "county", "jia", "rest", "no_difference", q=0.41,
                   difference=-0.02, low=-0.06, high=0.02),
        comparison("q01yi", "group", "q01", "county", "yi", "rest", "higher"),
        comparison("q03sex", "group", "q03", "sex", "1", "2", "no_difference", q=0.6),
        comparison("wave", "wave", "q01", "all", "", "", "one_wave", **dict.fromkeys(
            ("value_a", "value_b", "n_a", "n_b", "difference", "low", "high", "p", "q",
             "family_size", "effect", "standard_error", "degrees_of_freedom"), none)),
    ]  # fmt: skip


def themes() -> list[dict[str, object]]:
    common = {
        "survey": SURVEY, "wave": WAVE, "question": "q06", "n": 320, "standard_error": 0.02,
        "keywords": "道路 水", "domain": "all", "domain_value": "all", "keyness": float("nan"),
        "p": float("nan"), "q": float("nan"), "presentable": True, "why_not": "", "problem": "",
    }  # fmt: skip
    rows = [
        common | {"id": f"T-{code}", "kind": "theme", "theme": code, "name_zh": zh, "name_en": en,
                  "share": share, "low": share - 0.05, "high": share + 0.05, "problem": problem}
        for code, zh, en, share, problem in [
            ("roads", "道路和用水", "roads and water", 0.36, "A1.1"),
            ("forms", "少填表", "fewer forms", 0.21, "A1.4"),
            ("care", "老人照料", "care", 0.12, ""),
        ]
    ]  # fmt: skip
    word = {
        "id": "T-word", "kind": "keyword", "theme": "水渠", "name_zh": "水渠", "name_en": "",
        "domain": "setting", "domain_value": "rural", "n": 150, "share": 0.2, "low": 0.14,
        "high": 0.27, "keyness": 18.42, "p": 0.0001, "q": 0.001,
    }  # fmt: skip
    return [*rows, common | word]


def interviews() -> list[dict[str, object]]:
    rows = [("I-for", "count", "supports", 7, 3, ""), ("I-con", "count", "contradicts", 2, 2, ""),
            ("I-quote", "quote", "supports", 1, 1, "一个表要填三遍。")]  # fmt: skip
    return [
        {"id": name, "kind": kind, "theme": "forms", "problem": "A1.1", "stance": stance,
         "role": "", "interviews": many, "sites": sites, "quote_zh": quote, "quote_en": "",
         "direct": True}
        for name, kind, stance, many, sites, quote in rows
    ]  # fmt: skip


def quality() -> list[dict[str, object]]:
    rows = [
        ("response", "sampled", 1180, "count"), ("response", "responded", 842, "count"),
        ("response", "RR1", 0.7136, "rate"), ("dispositions", "1.1", 842, "count"),
        ("dispositions", "2.11", 121, "count"), ("intake", "delivered", 842, "count"),
        ("intake", "kept", 812, "count"), ("intake", "quarantined", 30, "count"),
        ("quarantine", "twice", 18, "count"), ("flags", "straightlining", 41, "count"),
        ("item_nonresponse", "q01", 0.021, "rate"), ("weights", "design_effect", 1.31, "factor"),
        ("weights", "effective_n", 619.8, "count"),
    ]  # fmt: skip
    return [
        {"id": f"Q-{group}-{item}", "survey": SURVEY, "wave": WAVE, "group": group, "item": item,
         "value": float(value), "kind": kind}
        for group, item, value, kind in rows
    ]  # fmt: skip


def finding(number: int = 1, **others: object) -> Finding:
    first = number == 1
    mark, gap = (FIRST, "C-q01std") if first else (SECOND, "")
    said = f"[[{mark}:value]]的人" + ("认为支部议事做得较差" if first else "过去一个月重复填过表")
    in_english = f"[[{mark}:value]] of residents say so"
    if gap:
        said += f"，高于标准 [[{gap}:gap]] 个百分点"
        in_english += f", [[{gap}:gap]] points above the standard"
    given: dict[str, object] = {
        "id": f"F-A1.{1 if first else 4}-01", "survey": SURVEY, "wave": WAVE,
        "problem": "A1.1" if first else "A1.4", "question": "q01" if first else "q03",
        "statement": Text(zh=f"居民中，{said}；需由县（市）研究。", en=f"{in_english}."),
        "estimate": mark, "figure": Figure(value=0.31, low=0.27, high=0.35, n=812),
        "comparisons": ("C-q01std", "C-q01jia", "C-q01yi", "C-wave") if first else ("C-q03sex",),
        "notes": (Text(zh="乙县（[[C-q01yi:value_a]]）高于其余 [[C-q01yi:gap]] 个百分点。",
                       en="Yi ([[C-q01yi:value_a]]) is [[C-q01yi:gap]] points above."),)
        if first else (),
        "themes": ("T-roads",) if first else (), "interview_support": 7 if first else 0,
        "interview_contradict": 2 if first else 0,
        "standard": questionnaire().question("q01").measure.standard if first else None,
        "against_standard": "above" if first else "no_standard", "presentable": True,
        "grade": "A" if first else "B", "grade_reason": Text(zh="两类来源一致", en="Two sources agree"),
        "contrary": (Text(zh="[[I-con:interviews]] 场访谈有不同说法", en="[[I-con:interviews]] differ"),)
        if first else (Text(zh="未发现相反证据", en="None found"),),
        "decision": Text(zh="是否推行支部议事会", en="Whether to hold meetings"),
        "manifest_level": "村（社区）", "root_level": "县（市）", "headline": number,
        "exploratory": False, "limitation": Text(zh="只问在家的人", en="Only people at home"),
    }  # fmt: skip
    return Finding.model_validate(given | others)


def proposal(number: int, accepted: str = "") -> Proposal:
    one = finding(number)
    return Proposal(
        id=f"P-{one.problem}-{SURVEY}", problem=one.problem, survey=SURVEY,
        statement=one.statement, basis=Text(zh="居民中31%的人认为议事较差"), estimate=one.estimate, findings=(one.id,),
        grade=one.grade, tier=number, manifest_level=one.manifest_level,
        root_level=one.root_level, source=Text(zh="支部问卷"), decision=one.decision,
        accepted_as=accepted,
    )  # fmt: skip


def problem(**others: object) -> Problem:
    one = finding(1)
    given: dict[str, object] = {
        "number": "A1-2026-001", "proposal": f"P-A1.1-{SURVEY}", "statement": one.statement,
        "basis": Text(zh="居民中31%的人认为支部议事较差", en="31% of residents say poorly"),
        "area": "A1", "problem": "A1.1", "problem_type": "T5", "manifest_level": "村（社区）",
        "root_level": "县（市）", "source": Text(zh="支部问卷，入户", en="Branch survey"),
        "findings": (one.id,), "finding_link": "current", "grade": "A",
        "main_cause": "议题来源不明", "rectification": "staged", "tier": 1, "owner": "甲县县委组织部",
        "co_units": (), "responsible_role": "组织科科长", "lead_role": "分管副部长",
        "goal": Goal(metric=FIRST, target=0.2), "measures": ("建立议事会",), "milestones": (),
        "difficulty": "", "next_step": "", "supervisor_role": "督查室主任",
        "accepted": date(2026, 4, 20), "assigned": date(2026, 4, 25),
        "deadline": date(2026, 9, 30), "closed": None, "progress": 100,
        "measure_state": "done", "verdict": "untested", "phase": "measures_done",
        "lamp": "green",
    }  # fmt: skip
    return Problem.model_validate(given | others)


def designs(probability: bool = True) -> list[dict[str, object]]:
    return [
        {"survey": SURVEY, "wave": WAVE, "probability_sample": probability, "strata": 9,
         "psus": 50, "weighted": True, "raked_variables": ["county", "sex"],
         "lonely_psu": "adjust", "level": 0.95}
    ]  # fmt: skip


LOG = {
    "rules": {},
    "tables": [
        {"survey": SURVEY, "wave": WAVE, "table": "estimates", "published": 40,
         "withheld": {"small_group": 14}},
    ],
    "attack": {"groups": 12, "recoverable": 0},
}  # fmt: skip


def write_disclosed(folder: Path, *, probability: bool = True) -> Path:
    """Write the disclosed tables into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "estimates": estimates(), "comparisons": comparisons(), "themes": themes(),
        "interviews": interviews(), "quality": quality(),
    }  # fmt: skip
    for name, rows in tables.items():
        pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet", index=False)
    for name, content in (("designs", designs(probability)), ("log", LOG)):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def write_inputs(
    folder: Path,
    *,
    probability: bool = True,
    findings: tuple[Finding, ...] | None = None,
    problems: tuple[Problem, ...] | None = None,
) -> dict[str, Path]:
    """Write everything that stage `report` reads and return where it lies."""
    at = {
        name: folder / f"{name}.json" for name in ("findings", "proposals", "problems", "followup")
    }
    at |= {
        "disclosed": write_disclosed(folder / "disclose", probability=probability),
        "programme": folder / "programme.yaml",
        "codebooks": folder / "codebook",
    }
    write_findings((finding(1), finding(2)) if findings is None else findings, at["findings"])
    write_proposals((proposal(1, "A1-2026-001"), proposal(2)), at["proposals"])
    listed = (problem(),) if problems is None else problems
    write_problems(listed, at["problems"])
    public = read_public(at["disclosed"])
    write_followups(follow_up(listed, public, as_of=AS_OF), at["followup"])
    at["programme"].write_text(programme().model_dump_json(), encoding="utf-8")  # JSON is YAML
    write_codebook(codebook(), at["codebooks"] / SURVEY / f"{WAVE}.json")
    return at


def render(folder: Path, **given: object) -> tuple[Path, Path]:
    """Render the site and return the folders of the site and of the disclosed tables."""
    at = write_inputs(folder, **given)
    report(**at, site=folder / "site", as_of=AS_OF)
    return folder / "site", at["disclosed"]


def site_of(folder: Path, **given: object) -> Site:
    """Return what pages are made from, without rendering it."""
    at = write_inputs(folder, **given)
    return Site(
        programme=programme(), codebooks=(codebook(),), disclosed=read_public(at["disclosed"]),
        findings=read_findings(at["findings"]), proposals=read_proposals(at["proposals"]),
        problems=read_problems(at["problems"]), followups=(), as_of=AS_OF,
        provenance=Provenance("0.1.0", "0123456789ab"),
    )  # fmt: skip
