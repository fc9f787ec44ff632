"""Stage `problems`: findings -> proposals; the event log -> problems as they stand."""

from datetime import date
from pathlib import Path

from pipeline.findings.finding import read_findings
from pipeline.problems.acceptance import accepted_proposals
from pipeline.problems.problem import write_problems, write_proposals
from pipeline.problems.proposals import proposals_of
from pipeline.problems.register import read_events
from pipeline.problems.state import problems_of
from pipeline.questionnaire.programme import read_programme


def problems(
    findings: Path,
    events: Path,
    programme: Path,
    proposals: Path,
    problems: Path,
    *,
    as_of: date,
) -> None:
    """Propose problems, and derive the accepted ones from the log as of a day."""
    found, log = read_findings(findings), read_events(events)
    accepted = accepted_proposals(log)
    write_proposals(proposals_of(found, read_programme(programme), accepted), proposals)
    write_problems(problems_of(log, found, as_of=as_of), problems)
