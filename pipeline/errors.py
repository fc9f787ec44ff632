"""What can go wrong with what a person gave us, said so that the person can mend it.

A message names the file, the place in it, what was found and what to do. ``cli.main`` prints it
without a traceback and exits 1. Faults of one file are gathered and shown together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class SurveyError(Exception):
    """Input that cannot be used as it is; the message says where, what, and the remedy."""


class QuestionnaireError(SurveyError):
    """A questionnaire definition is wrong."""


class ProgrammeError(SurveyError):
    """The programme definition is wrong."""


class ResponseError(SurveyError):
    """A delivered file cannot be read or decoded."""


class FrameError(SurveyError):
    """A frame, draw or disposition file is wrong or does not fit the others."""


class DesignError(SurveyError):
    """A sample design cannot be used as declared."""


class CalibrationError(SurveyError):
    """Weights cannot be brought to the population figures."""


class DisclosureError(SurveyError):
    """Something would be published that the disclosure rules forbid."""


class RegisterError(SurveyError):
    """The event log of the problems is broken or an event is not allowed."""


class AuditError(SurveyError):
    """A page says something that no published figure carries."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: where it stands, what was found, what to do."""

    place: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.found} {self.remedy}".rstrip()


def gathered(path: Path | str, faults: Iterable[Fault]) -> str:
    """Return one message for all faults of one file, in the order they were found."""
    listed = list(faults)
    head = f"{path}: {len(listed)} 处有误 ({len(listed)} fault{'s' if len(listed) != 1 else ''})"
    return "\n".join([head, *(f"  {fault}" for fault in listed)])
