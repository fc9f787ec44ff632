"""What became of a measured share since the wave before, and what may be said of it."""

from dataclasses import dataclass
from typing import Literal

from pipeline.questionnaire.questions import Question
from pipeline.reporting.tables import Results, Row

Movement = Literal[
    "higher", "lower", "no_difference", "untested", "not_comparable", "withheld", "one_wave"
]
"""Words in the locale table `report`, as ``wave_<movement>``."""


@dataclass(frozen=True, slots=True)
class Change:
    """One share in two waves; the word for it rests on a test, or there is no word."""

    movement: Movement
    cell: str = ""
    """Id of the comparison of the waves, '' where none was published."""
    earlier: str = ""
    """Id of the share in the earlier wave where it may be shown beside the later one."""
    why_not: str = ""
    """Why the waves are not comparable: words in the locale table `report`, as ``why_<word>``."""

    @property
    def compared(self) -> bool:
        """Whether both waves are shown side by side."""
        return self.movement in ("higher", "lower", "no_difference")


def change_of(results: Results, before: Results | None, question: str, code: str) -> Change:
    """Return the change of a share of the whole survey since `before`."""
    row = results.compared("wave", question, code)
    if row is None:
        return Change("withheld" if before is not None else "one_wave")
    cell, said = str(row["id"]), str(row["conclusion"])
    match said:
        case "higher" | "lower" | "no_difference":
            if not results.disclosed.probability_sample(row) or row["q"] != row["q"]:
                return Change("untested", cell)
            if row["difference"] != row["difference"]:  # a share that may not be stated
                return Change("withheld", cell)
            return Change(said, cell, _shown(before, question, code))
        case "not_comparable":
            return Change("not_comparable", cell, why_not=str(row.get("why_not") or ""))
    return Change("one_wave", cell)


def reworded(results: Results) -> tuple[tuple[Question, str], ...]:
    """Return the measured questions that can not be compared with the wave before, and why."""
    why = {
        row["question"]: str(row.get("why_not") or "")
        for row in results.comparisons
        if row["conclusion"] == "not_comparable" and row["domain"] in ("", "all")
    }
    asked = results.codebook.questionnaire.questions
    return tuple((one, why[one.name]) for one in asked if one.name in why)


def _shown(before: Results | None, question: str, code: str) -> str:
    row: Row | None = before.total(question, code) if before is not None else None
    return str(row["id"]) if row is not None and row["presentable"] else ""
