"""What goes into an export, and what a finished export is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Wave
from pipeline.simulation.streams import Luck
from pipeline.simulation.submissions import Submission


@dataclass(frozen=True, slots=True)
class Delivery:
    """The submissions of a wave, and what an export says about all of them."""

    submissions: Sequence[Submission]
    questionnaire: Questionnaire
    version: str
    wave: Wave
    mode: str
    luck: Luck


@dataclass(frozen=True, slots=True)
class Export:
    """A delivered file.

    Attributes
    ----------
    name : of the file
    content : its bytes
    keys : the response key of each submission, in the order in which they were given
    headers : question, or `person` -> the header of the column that holds it
    """

    name: str
    content: bytes
    keys: tuple[str, ...]
    headers: Mapping[str, str]
