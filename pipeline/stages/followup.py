"""Stage `followup`: problems and published figures -> whether each is really gone."""

from datetime import date
from pathlib import Path

from pipeline.disclosure.public import read_public
from pipeline.problems.followup import follow_up, write_followups
from pipeline.problems.problem import read_problems
from pipeline.problems.register import read_events


def followup(problems: Path, disclosed: Path, events: Path, out: Path, *, as_of: date) -> None:
    """Say for each problem what it is compared with; the log is verified once more."""
    read_events(events)
    public = read_public(disclosed)
    write_followups(follow_up(read_problems(problems), public, as_of=as_of), out)
