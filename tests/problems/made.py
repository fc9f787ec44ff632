"""Findings and a log that tests of the problems share."""

from datetime import date
from typing import Any

from pipeline.findings.finding import Figure, Finding
from pipeline.findings.wording import said
from pipeline.i18n import Text
from pipeline.problems.acceptance import accept
from pipeline.problems.lifecycle import change
from pipeline.problems.problem import Proposal
from pipeline.problems.proposals import proposals_of
from pipeline.problems.register import Change, Event
from pipeline.questionnaire.parts import Standard
from tests.disclosure.made import WAVE, programme

NUMBER = "A1-2026-001"
OFFICE, OWNER, CHECKER = "州委组织部办公室", "甲县县委组织部", "州委督查室"


def finding(**given: Any) -> Finding:
    plain = {
        "id": "F-A1.4-01", "survey": "residents", "wave": WAVE, "problem": "A1.4",
        "question": "q1", "estimate": "E-1", "comparisons": ("C-1",), "notes": (), "themes": (),
        "statement": Text(zh="党员群众中，[[E-1:value]]的人重复填过表，高于标准 [[C-1:gap]] 个百分点（标准为不高于[[C-1:value_b]]）。",
                          en="Of residents, [[E-1:value]] filled in forms twice."),
        "figure": Figure(value=0.58, low=0.53, high=0.63, n=1400),
        "interview_support": 0, "interview_contradict": 0,
        "standard": Standard(value=0.30, kind="target", text=Text(zh="不高于30%")),
        "against_standard": "above", "presentable": True, "grade": "B",
        "grade_reason": said("reason_single_source"), "contrary": (said("no_contrary"),),
        "decision": Text(zh="是否合并台账"), "manifest_level": "村（社区）",
        "root_level": "州（市）", "headline": 1, "exploratory": False,
        "limitation": Text(zh="样本小"),
    }  # fmt: skip
    return Finding(**(plain | given))


def proposal() -> Proposal:
    (one,) = proposals_of([finding()], programme(), {})
    return one


def accepted(at: date = date(2026, 10, 12)) -> tuple[Event, ...]:
    return accept((), proposal(), at=at, who=OFFICE, problem_type="T5", rectification="staged")


def assigned() -> tuple[Event, ...]:
    facts = {"owner": OWNER, "responsible_role": "副部长", "deadline": "2026-12-31",
             "goal_target": "0.30", "measure": "合并台账"}  # fmt: skip
    changes = [Change(action="assign", field=name, value=value) for name, value in facts.items()]
    return change(accepted(), changes, at=date(2026, 10, 20), who=OFFICE, problem=NUMBER)
