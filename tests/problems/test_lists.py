from dataclasses import fields
from datetime import date

from pipeline.problems.followup import FollowUp
from pipeline.problems.lists import (
    DutyRow,
    ProblemRow,
    SupervisionRow,
    duty_rows,
    headers,
    problem_rows,
    supervision_rows,
)
from pipeline.problems.state import problems_of
from tests.disclosure.made import programme
from tests.problems.made import assigned, finding

(PROBLEM,) = problems_of(assigned(), [finding()], as_of=date(2026, 11, 15))


def test_the_columns_stand_in_the_order_of_the_ledgers() -> None:
    assert headers(ProblemRow) == (
        "序号", "问题编号", "问题表述", "所属内容", "问题类型", "表现层级", "根源层级", "问题来源", "依据",
        "可信等级", "主要原因", "整改类型", "优先档次",
    )  # fmt: skip
    assert headers(DutyRow)[3:11] == (
        "解决措施", "整改目标", "牵头领导", "责任单位", "配合单位", "责任人", "完成时限", "阶段节点",
    )  # fmt: skip
    assert headers(DutyRow)[2] == "问题"
    assert headers(SupervisionRow)[2:4] == ("督办事项", "督办来源")
    assert headers(SupervisionRow)[8:12] == (
        "进度（%）", "措施落实情况", "问题解决检验结论", "亮灯",
    )  # fmt: skip
    for row in (ProblemRow, DutyRow, SupervisionRow):
        assert len(headers(row, "en")) == len(fields(row))


def test_the_evidence_is_cited_with_marks_and_kept_when_it_is_gone() -> None:
    (row,) = problem_rows([PROBLEM], [finding()], programme())
    assert row.evidence == (
        "F-A1.4-01：[[E-1:value]]（95%区间 [[E-1:low]]—[[E-1:high]]），n=[[E-1:n]]"
    )
    assert (row.problem_type, row.tier) == ("T5 党的建设突出问题", "一档")
    gone = PROBLEM.model_copy(update={"finding_link": "gone"})
    (row,) = problem_rows([gone], [], programme())
    assert row.evidence.startswith("立项时：F-A1.4-01，[[E-1:value]]")
    assert "没有再判为超出标准" in row.evidence


def test_rows_are_sorted_by_tier_then_deadline() -> None:
    later = PROBLEM.model_copy(update={"number": "A1-2026-002", "deadline": None})
    lower = PROBLEM.model_copy(update={"number": "A1-2026-003", "tier": 2})
    rows = supervision_rows([lower, later, PROBLEM], ())
    assert [row.number for row in rows] == ["A1-2026-001", "A1-2026-002", "A1-2026-003"]
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert (rows[0].verdict, rows[0].lamp) == ("未检验", "■ 红")


def test_the_verdict_is_that_of_the_data_and_another_one_on_record_is_marked() -> None:
    measured = {
        "status": "tested", "verdict": "insufficient", "recorded": "improved", "metric": "E-1",
        "difference": -0.03, "low": -0.09, "high": 0.03,
    }  # fmt: skip
    one = FollowUp(number=PROBLEM.number, as_of=date(2026, 11, 15), **measured)
    (row,) = supervision_rows([PROBLEM], [one])
    cell = "V-A1-2026-001"
    assert row.verdict == (
        f"证据不足\n较基线 [[{cell}:difference]] 个百分点（[[{cell}:low]] 至 [[{cell}:high]]）\n"
        "登记：已改善（与数据不符）"
    )
    (row,) = supervision_rows([PROBLEM], [one.model_copy(update={"recorded": "untested"})])
    assert "登记" not in row.verdict


def test_duties_name_the_goal() -> None:
    (row,) = duty_rows([PROBLEM])
    assert row.goal == "再次测量时不高于 30%"
    assert row.measures == "合并台账"
    assert duty_rows([]) == ()
