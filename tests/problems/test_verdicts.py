from datetime import date

from pipeline.disclosure.public import read_public
from pipeline.problems.followup import FollowUp
from pipeline.problems.verdicts import with_verdicts
from tests.disclosure.made import comparison, comparisons, disclosed, estimate, estimates


def test_a_verdict_is_a_row_that_pages_can_cite(tmp_path) -> None:
    row = comparison("wave", "jia", "2026-baseline", wave="2026-followup", n_a=120, n_b=115)
    folder = disclosed(
        tmp_path, estimates=estimates(estimate(400, 120)), comparisons=comparisons(row)
    )
    one = FollowUp(
        number="A1-2026-001", status="tested", verdict="improved", recorded="untested",
        comparison=row["id"], metric="E-1", shrunk_baseline=0.351, difference=-0.0777,
        low=-0.121, high=-0.034, q_fall=0.0021, checked=12, needed_n=1520,
        as_of=date(2026, 11, 15),
    )  # fmt: skip
    public = with_verdicts(read_public(folder), [one])
    cell = "V-A1-2026-001"
    said = {name: public.text(cell, name) for name in ("difference", "low", "high", "q_fall")}
    assert said == {"difference": "−8", "low": "−12", "high": "−3", "q_fall": "= 0.002"}
    assert public.text(cell, "shrunk_baseline") == "35%"
    assert (public.text(cell, "checked"), public.text(cell, "needed_n")) == ("12", "1,520")
    assert public.rows[cell]["survey"] == "residents"
    assert (public.rows[cell]["n_a"], public.rows[cell]["n_b"]) == (120, 115)


def test_a_problem_that_was_not_tested_has_a_verdict_and_no_figures(tmp_path) -> None:
    folder = disclosed(
        tmp_path, estimates=estimates(estimate(400, 120)), comparisons=comparisons()
    )
    one = FollowUp(
        number="A1-2026-001", status="no_goal", verdict="untested", recorded="untested",
        metric="", as_of=date(2026, 11, 15),
    )  # fmt: skip
    public = with_verdicts(read_public(folder), [one])
    assert public.rows["V-A1-2026-001"]["verdict"] == "untested"
    assert public.rows["V-A1-2026-001"]["difference"] is None
