"""What an importer brings home: a questionnaire, and what became of the rest of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.questionnaire.blocks import Matrix, Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, ChoiceQuestion

LEAST_SHARED = 2
"""A list of choices that so many questions have is written once."""
Choices = tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire from a file of another system.

    Attributes
    ----------
    questionnaire : with the lists of choices that its questions share in `choice_lists`
    repairs : what was mended or guessed, in whole Chinese sentences with the place
    lost : what could not be carried over, in whole Chinese sentences with the place
    remarks : name of a question -> the sentences that stand above it in the file
    """

    questionnaire: Questionnaire
    repairs: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Here and not in the writer: what is read back from the file is then the same.
        object.__setattr__(self, "questionnaire", with_shared_lists(self.questionnaire))


def with_shared_lists(questionnaire: Questionnaire) -> Questionnaire:
    """Return the questionnaire with every list that several questions have in `choice_lists`.

    Lists that it has already keep their names; a further one is called by its first question.
    """
    known = dict(questionnaire.choice_lists)
    counts: dict[Choices, list[str]] = {}
    for name, choices in lists_of(questionnaire):
        counts.setdefault(choices, []).append(name)
    for choices, users in counts.items():
        if len(users) >= LEAST_SHARED and choices not in known.values():
            known.setdefault(f"{users[0]}_choices", choices)
    if known == dict(questionnaire.choice_lists):
        return questionnaire
    return questionnaire.model_copy(update={"choice_lists": known})


def lists_of(questionnaire: Questionnaire) -> Iterator[tuple[str, Choices]]:
    """Yield the name and the choices of everything that has a list of choices, in order."""
    for block in questionnaire.blocks:
        for one in block.questions if isinstance(block, Roster) else (block,):
            if isinstance(one, ChoiceQuestion | Matrix):
                yield one.name, one.choices
