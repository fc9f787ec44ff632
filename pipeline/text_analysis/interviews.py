"""Interview notes, passage by passage: mask them, code them by rule, lay them out as a table.

What the interviewer says is kept, but not coded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from pipeline.privacy.redact import redact
from pipeline.text_analysis.coding import Codeframe, Stance, code
from pipeline.text_analysis.notes import INTERVIEWERS, Note
from pipeline.text_analysis.segment import Segmenter

COLUMNS = (
    "interview", "county", "setting", "role", "passage", "text", "theme", "problem", "stance",
    "rule", "source", "date",
)  # fmt: skip
Key = tuple[str, int]
"""Interview and number of the passage within it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage with its private data masked, and where it was said."""

    interview: str
    day: date
    county: str
    setting: str
    passage: int
    role: str
    text: str

    @property
    def key(self) -> Key:
        return self.interview, self.passage

    @property
    def can_be_coded(self) -> bool:
        return self.role not in INTERVIEWERS


@dataclass(frozen=True, slots=True)
class Call:
    """One theme of a passage: its stance, which rule called it, and who decided."""

    theme: str
    stance: Stance
    rule: str
    source: Literal["rule", "coders", ""]


Calls = Mapping[Key, Sequence[Call]]
"""The themes of each passage, in the frame's order."""


def units_of(notes: Sequence[Note]) -> tuple[Unit, ...]:
    """Return all passages, masked, in the order of the notes."""
    return tuple(
        Unit(
            note.interview, note.date, note.county, note.setting,
            passage.number, passage.role, redact(passage.text).text,
        )
        for note in notes
        for passage in note.passages
    )  # fmt: skip


def calls_by_rule(units: Sequence[Unit], frame: Codeframe, segmenter: Segmenter) -> Calls:
    """Code every passage but the interviewer's by the rules of the frame."""
    themes = {theme.code: theme for theme in frame.themes}
    return {
        unit.key: [
            Call(
                name, themes[name].stance(unit.text) if themes[name].problem else "", rule, "rule"
            )
            for name, rule in code(unit.text, frame, segmenter).rules.items()
        ]
        for unit in units
        if unit.can_be_coded
    }


def coded_passages(units: Sequence[Unit], calls: Calls, frame: Codeframe) -> pd.DataFrame:
    """Lay out the passages with their codes.

    Returns
    -------
    DataFrame, one row per passage and theme
        The columns of `COLUMNS`; a passage without any theme has one row with theme, problem,
        stance, rule and source ''. `source` is ``rule`` or ``coders``, `rule` is ``coders`` where
        no rule called the theme, `date` the day of the interview (ISO text). No notes give no
        rows. Order: as given, then as the frame has it.
    """
    problems = {theme.code: theme.problem for theme in frame.themes} | {"": ""}
    nothing = Call("", "", "", "")
    rows = [
        (
            unit.interview, unit.county, unit.setting, unit.role, unit.passage, unit.text,
            call.theme, problems[call.theme], call.stance, call.rule, call.source,
            unit.day.isoformat(),
        )
        for unit in units
        for call in calls.get(unit.key) or [nothing]
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: "Int64" if name == "passage" else "str" for name in COLUMNS})
