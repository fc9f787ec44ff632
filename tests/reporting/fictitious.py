"""Two small fictitious surveys in two waves, as the stages before the report would hand them over."""

import json
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.disclosure.public import read_public
from pipeline.findings.finding import Figure, Finding, read_findings, write_findings
from pipeline.i18n import Text
from pipeline.problems.followup import FollowUp, read_followups, write_followups
from pipeline.problems.problem import (
    Goal,
    Problem,
    Proposal,
    read_problems,
    read_proposals,
    write_problems,
    write_proposals,
)
from pipeline.problems.verdicts import with_verdicts
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.reporting.provenance import Provenance
from pipeline.reporting.views import Site
from pipeline.stages.report import report
from tests.reporting.fictitious_rows import (
    EARLIER,
    FIRST,
    LOG,
    OFFICES,
    SECOND,
    SURVEY,
    WAVE,
    comparisons,
    designs,
    estimates,
    estimates_elsewhere,
    interviews,
    quality,
    themes,
)

AS_OF = date(2026, 6, 1)
SCALE = [
    {"code": code, "text": {"zh": zh, "en": en}}
    for code, zh, en in [
        (1, "很差", "very poor"), (2, "较差", "poor"), (3, "一般", "fair"),
        (4, "较好", "good"), (5, "很好", "very good"),
    ]
] + [{"code": 8, "text": {"zh": "说不清", "en": "cannot say"}, "missing": "dont_know"}]  # fmt: skip


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
                    "problems": [
                        {"code": "A2.1", "name": {"zh": "人难找", "en": "Hard to find"}},
                        {"code": "A2.2", "name": {"zh": "考不准", "en": "Assessed wrongly"}},
                    ],
                },
                {
                    "code": "A3", "name": {"zh": "公务员管理"}, "short": {"zh": "公务员", "en": "Servants"},
                    "problems": [{"code": "A3.1", "name": {"zh": "结构不优", "en": "Unbalanced"}}],
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
                    "wave": EARLIER, "title": {"zh": "2025年第二轮", "en": "Second wave 2025"},
                    "field_start": "2025-09-01", "field_end": "2025-09-20", "published": "2025-10-15",
                },
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
            "batteries": [{"name": "meetings", "title": {"zh": "议事情况", "en": "Meetings"}}],
            "sections": [
                {
                    "title": {"zh": "党组织的工作", "en": "The work"},
                    "questions": [
                        {
                            "name": "q01", "type": "scale", "choices": SCALE, "battery": "meetings",
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


def offices() -> Questionnaire:
    yes_no = [
        {"code": 1, "text": {"zh": "有", "en": "yes"}},
        {"code": 2, "text": {"zh": "没有", "en": "no"}},
    ]
    return Questionnaire.model_validate(
        questionnaire().model_dump()
        | {
            "survey": OFFICES, "title": {"zh": "单位问卷", "en": "Office survey"},
            "respondents": {"zh": "单位经办人", "en": "officers"}, "frame_domains": [],
            "population": {"zh": "三个县（市）的单位", "en": "All offices"}, "batteries": [],
            "limitation": {"zh": "每个单位只问一人", "en": "One person for each office"},
            "sections": [{"title": {"zh": "办事", "en": "Services"}, "questions": [
                {
                    "name": "s01", "type": "single_choice", "choices": yes_no,
                    "text": {"zh": "过去6个月，支部没有议过单位的事吗？", "en": "Was it never discussed?"},
                    "measure": {
                        "problem": "A1.1", "unfavourable": [1],
                        "claim": {"zh": "单位的事半年没有议过", "en": "say it was never discussed"},
                        "standard": {"value": 0.25, "kind": "target", "text": {"zh": "不高于25%", "en": "At most 25%"}},
                    },
                },
                {
                    "name": "s02", "type": "single_choice", "choices": yes_no,
                    "text": {"zh": "有没有岗位空缺半年以上？", "en": "Was a post vacant for half a year?"},
                    "measure": {
                        "problem": "A2.1", "unfavourable": [1],
                        "claim": {"zh": "有岗位空缺半年以上", "en": "have a post vacant for half a year"},
                    },
                },
            ]}],
        }
    )  # fmt: skip


def codebook(survey: str = SURVEY, wave: str = WAVE) -> Codebook:
    version = "0a1b2c3d4e5f" if wave == WAVE else "1a1b2c3d4e5f"
    return Codebook(
        survey=survey,
        wave=wave,
        current=version,
        versions={version: questionnaire() if survey == SURVEY else offices()},
        raw=RawFile(
            path=f"data/raw/{survey}/{wave}/export.csv", sha256="ab" * 32,
            layout="plain", rows=812, columns={},
        ),
    )  # fmt: skip


def codebooks() -> tuple[Codebook, ...]:
    return tuple(
        codebook(survey, wave) for survey in (SURVEY, OFFICES) for wave in (WAVE, EARLIER)
    )


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
        "comparisons": ("C-q01jia", "C-q01std", "C-q01was", "C-q01wasbing", "C-q01wasjia", "C-q01yi")
        if first else ("C-q03sex", "C-q03was"),
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


def problems_followed() -> tuple[Problem, ...]:
    """Problems in three tiers, one for each verdict but one that fell too little."""
    return (
        problem(verdict="improved"),
        problem(number="A1-2026-002", tier=1, goal=Goal(metric="E-q01jia-b", target=0.25),
                verdict="resolved", lamp="red", progress=40, measure_state="overdue",
                deadline=date(2026, 4, 30), owner="甲县县委办公室"),
        problem(number="A1-2026-003", problem="A1.4", tier=2, findings=("F-A1.4-01",),
                statement=finding(2).statement, goal=Goal(metric="E-q03all-b", target=0.35),
                basis=Text(zh="居民中44%的人重复填过表"), proposal=f"P-A1.4-{SURVEY}",
                lamp="yellow", progress=55, measure_state="underway"),
        problem(number="A1-2026-004", tier=2, goal=Goal(metric="E-q01bing-b", target=0.25),
                lamp="green", owner="丙市市委组织部", milestones=("2026年6月前完成调查", "年内推开")),
        problem(number="A1-2026-005", tier=3, goal=Goal(metric="E-s01all-b", target=0.25),
                finding_link="changed", lamp="grey", assigned=None, progress=0, owner="",
                deadline=None, measure_state="not_started", phase="accepted", findings=()),
    )  # fmt: skip


def followed(number: str, verdict: str, metric: str, latest: str, comparison: str,
             numbers: tuple[float, ...], **others: object) -> FollowUp:  # fmt: skip
    """`numbers`: baseline, value, difference, its 95 % interval."""
    baseline, value, difference, low, high = numbers
    given: dict[str, object] = {
        "number": number, "status": "tested", "verdict": verdict, "recorded": "untested",
        "comparison": comparison, "why_not": "", "metric": metric, "latest": latest,
        "baseline": baseline, "shrunk_baseline": None, "value": value, "difference": difference,
        "standard_error": 0.02, "low": low, "high": high, "low90": low + 0.006,
        "high90": high - 0.006, "p_fall": 0.2, "q_fall": 0.3, "p_rise": 0.8, "q_rise": 0.9,
        "checked": 4, "target": 0.2, "smallest_fall": 0.05, "needed_n": 1520,
        "detectable": False, "as_of": AS_OF,
    }  # fmt: skip
    return FollowUp.model_validate(given | others)


def followups() -> tuple[FollowUp, ...]:
    nothing = dict.fromkeys(
        ("value", "difference", "standard_error", "low", "high", "low90", "high90", "p_fall",
         "q_fall", "p_rise", "q_rise", "checked", "needed_n", "detectable")
    )  # fmt: skip
    return (
        followed("A1-2026-001", "improved", "E-q01all-b", FIRST, "C-q01was",
                 (0.3912, 0.3137, -0.0775, -0.12, -0.04), recorded="improved", q_fall=0.002),
        followed("A1-2026-002", "insufficient", "E-q01jia-b", "E-q01_county_jia", "C-q01wasjia",
                 (0.382, 0.30, -0.051, -0.13, 0.03), shrunk_baseline=0.351, recorded="resolved",
                 target=0.25),
        followed("A1-2026-003", "not_improved", "E-q03all-b", SECOND, "C-q03was",
                 (0.429, 0.4412, 0.0122, -0.03, 0.06), target=0.35),
        followed("A1-2026-004", "worsened", "E-q01bing-b", "E-q01_county_bing", "C-q01wasbing",
                 (0.29, 0.38, 0.075, 0.02, 0.13), shrunk_baseline=0.305, q_rise=0.012, target=0.25),
        followed("A1-2026-005", "untested", "E-s01all-b", "E-s01all", "C-s01was",
                 (0.3364, 0.2764, 0.0, 0.0, 0.0),
                 **nothing | {"status": "not_comparable", "why_not": "wording", "target": 0.25}),
    )  # fmt: skip


def untested(one: FollowUp) -> FollowUp:
    """What is left to say of a problem where the samples bear no test."""
    kept = {"number", "metric", "latest", "baseline", "target", "smallest_fall", "as_of"}
    return FollowUp(status="not_comparable", why_not="not_drawn", verdict="untested",
                    recorded="untested", **one.model_dump(include=kept))  # fmt: skip


def write_disclosed(folder: Path, *, probability: bool = True) -> Path:
    """Write the disclosed tables into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "estimates": estimates() + estimates_elsewhere(), "comparisons": comparisons(), "themes": themes(),
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
    listed = problems_followed() if problems is None else problems
    write_problems(listed, at["problems"])
    numbers = {one.number for one in listed}
    told = followups() if probability else tuple(untested(one) for one in followups())
    write_followups((one for one in told if one.number in numbers), at["followup"])
    at["programme"].write_text(programme().model_dump_json(), encoding="utf-8")  # JSON is YAML
    for book in codebooks():
        write_codebook(book, at["codebooks"] / book.survey / f"{book.wave}.json")
    return at


def render(folder: Path, **given: object) -> tuple[Path, Path]:
    """Render the site and return the folders of the site and of the disclosed tables."""
    at = write_inputs(folder, **given)
    report(**at, site=folder / "site", as_of=AS_OF)
    return folder / "site", at["disclosed"]


def site_of(folder: Path, **given: object) -> Site:
    """Return what pages are made from, without rendering it."""
    at = write_inputs(folder, **given)
    tested = read_followups(at["followup"])
    return Site(
        programme=programme(), codebooks=codebooks(),
        disclosed=with_verdicts(read_public(at["disclosed"]), tested),
        findings=read_findings(at["findings"]), proposals=read_proposals(at["proposals"]),
        problems=read_problems(at["problems"]), followups=tested, as_of=AS_OF,
        provenance=Provenance("0.1.0", "0123456789ab"),
    )  # fmt: skip
