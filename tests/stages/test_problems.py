from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RegisterError
from pipeline.findings.finding import Finding, write_findings
from pipeline.problems.problem import Problem, Proposal, read_problems, read_proposals
from pipeline.problems.register import Event, write_events
from pipeline.stages.problems import problems
from tests.disclosure.made import programme
from tests.problems.made import assigned, finding


def run(
    folder: Path, found: list[Finding], log: tuple[Event, ...]
) -> tuple[tuple[Proposal, ...], tuple[Problem, ...]]:
    write_findings(found, folder / "findings.json")
    write_events(log, folder / "events.csv")
    (folder / "programme.yaml").write_text(programme().model_dump_json(), encoding="utf-8")
    problems(
        folder / "findings.json", folder / "events.csv", folder / "programme.yaml",
        folder / "proposals.json", folder / "problems.json", as_of=date(2026, 11, 15),
    )  # fmt: skip
    return read_proposals(folder / "proposals.json"), read_problems(folder / "problems.json")


def test_proposals_say_which_problem_they_became(tmp_path: Path) -> None:
    (proposal,), (problem,) = run(tmp_path, [finding()], assigned())
    assert proposal.accepted_as == problem.number == "A1-2026-001"


def test_an_accepted_problem_stays_when_its_proposal_is_gone(tmp_path: Path) -> None:
    proposals, (problem,) = run(tmp_path, [], assigned())
    assert proposals == ()
    assert problem.finding_link == "gone"


def test_nothing_found_and_nothing_accepted_gives_empty_lists(tmp_path: Path) -> None:
    assert run(tmp_path, [], ()) == ((), ())


def test_a_tampered_log_stops_the_stage(tmp_path: Path) -> None:
    log = list(assigned())
    log[2] = log[2].model_copy(update={"value": "别的"})
    with pytest.raises(RegisterError, match="line 4"):
        run(tmp_path, [finding()], tuple(log))
