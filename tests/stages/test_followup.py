from datetime import date
from pathlib import Path

from pipeline.problems.followup import read_followups
from pipeline.problems.problem import write_problems
from pipeline.problems.register import write_events
from pipeline.problems.state import problems_of
from pipeline.stages.followup import followup
from tests.disclosure.made import comparisons, disclosed, estimate, estimates
from tests.problems.made import assigned, finding

AS_OF = date(2026, 11, 15)


def test_every_problem_is_followed_up(tmp_path: Path) -> None:
    row = estimate(400, 232) | {"id": "E-1"}
    disclosed(tmp_path / "disclose", estimates=estimates(row), comparisons=comparisons())
    for log, expected in ((assigned(), ["one_wave"]), ((), [])):
        write_events(log, tmp_path / "events.csv")
        problems = problems_of(log, [finding()], as_of=AS_OF)
        write_problems(problems, tmp_path / "problems.json")
        followup(
            tmp_path / "problems.json", tmp_path / "disclose", tmp_path / "events.csv",
            tmp_path / "followup.json", as_of=AS_OF,
        )  # fmt: skip
        assert [f.status for f in read_followups(tmp_path / "followup.json")] == expected
