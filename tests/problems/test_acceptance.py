from datetime import date

import pytest

from pipeline.errors import RegisterError
from pipeline.problems.acceptance import accept, accepted_proposals, next_number
from pipeline.problems.lifecycle import change
from pipeline.problems.register import Change
from tests.problems.made import NUMBER, OFFICE, accepted, proposal


def test_a_proposal_becomes_a_numbered_problem_once() -> None:
    log = accepted()
    assert accepted_proposals(log) == {"P-A1.4-residents": NUMBER}
    with pytest.raises(RegisterError, match=NUMBER):
        accept(log, proposal(), at=date(2026, 11, 1), who=OFFICE, problem_type="T5",
               rectification="staged")  # fmt: skip


def test_a_dropped_problem_frees_the_proposal_but_not_the_number() -> None:
    log = change(accepted(), [Change(action="drop", evidence="核实后不成立")],
                 at=date(2026, 10, 15), who=OFFICE, problem=NUMBER)  # fmt: skip
    again = accept(log, proposal(), at=date(2026, 11, 1), who=OFFICE, problem_type="T5",
                   rectification="staged")  # fmt: skip
    assert accepted_proposals(again) == {"P-A1.4-residents": "A1-2026-002"}


def test_numbers_run_by_area_and_year() -> None:
    assert next_number(accepted(), "A1", 2026) == "A1-2026-002"
    assert next_number(accepted(), "A1", 2027) == "A1-2027-001"
    assert next_number(accepted(), "A4", 2026) == "A4-2026-001"
