from pipeline.findings.changes import with_change
from pipeline.findings.finding import Change, Figure
from pipeline.problems.proposals import basis_of, proposals_of
from tests.disclosure.made import programme
from tests.problems.made import finding


def test_only_what_lies_beyond_a_standard_is_proposed() -> None:
    found = [
        finding(),
        finding(id="F-A1.3-01", problem="A1.3", against_standard="no_difference"),
        finding(id="F-A1.3-02", problem="A1.3", against_standard="below"),
        finding(
            id="F-A1.3-Q1", problem="A1.3", survey="", wave="", against_standard="no_standard"
        ),
    ]
    (proposal,) = proposals_of(found, programme(), {"P-A1.4-residents": "A1-2026-001"})
    assert proposal.id == "P-A1.4-residents"
    assert proposal.accepted_as == "A1-2026-001"
    assert proposals_of([], programme(), {}) == ()


def test_two_findings_of_one_problem_make_one_proposal_led_by_the_stronger() -> None:
    lead = finding(id="F-A1.4-02", grade="C", figure=Figure(value=0.9, low=None, high=None, n=50))
    (proposal,) = proposals_of([lead, finding()], programme(), {})
    assert proposal.findings == ("F-A1.4-01", "F-A1.4-02")
    assert proposal.grade == "B"


def test_problems_that_cannot_be_told_apart_share_a_tier() -> None:
    def at(survey: str, low: float, high: float, grade: str = "B") -> object:
        figure = Figure(value=(low + high) / 2, low=low, high=high, n=400)
        return finding(id=f"F-A1.4-0{survey[1]}", survey=survey, figure=figure, grade=grade)

    found = [at("s1", 0.60, 0.70), at("s2", 0.52, 0.61), at("s3", 0.40, 0.50)]
    found.append(finding(id="F-A1.4-09", survey="s9", grade="C"))
    tiers = {p.survey: p.tier for p in proposals_of(found, programme(), {})}
    assert tiers == {"s1": 1, "s2": 1, "s3": 2, "s9": 3}


def test_the_basis_has_its_numbers_written_out() -> None:
    basis = basis_of(finding())
    assert basis.zh == (
        "党员群众中，58%的人重复填过表，高于标准 28 个百分点（标准为不高于30%）"
        "（F-A1.4-01，95%区间 53%—63%，n=1,400，较可靠）"
    )
    assert "95% interval 53%–63%" in basis.en
    moved = Change(comparison="C-2", moved="lower", difference=-0.064)
    later = finding(change=moved, statement=with_change(finding().statement, moved))
    assert (
        "28 个百分点（标准为不高于30%）。这一比例比上一轮下降 6 个百分点（" in basis_of(later).zh
    )
    lead = basis_of(finding(grade="C", figure=Figure(value=0.58, low=None, high=None, n=50)))
    assert "区间" not in lead.zh
