"""Whether choices are the points of a scale, by their wording."""

from collections.abc import Sequence

from pipeline.intake.orders import rises
from pipeline.questionnaire.questions import Choice


def is_scale(choices: Sequence[Choice]) -> bool:
    """Tell whether the choices of substance stand in an order of degree, and rise or fall in it.

    The codes are those of the file: whoever reads it decides in which direction they count.
    """
    return direction_of(choices) is not None


def guess_said(choices: Sequence[Choice]) -> str:
    """Return the sentence that tells that choices were taken for a scale by their wording."""
    falls = direction_of(choices) is False and [c.code for c in choices] == sorted(
        c.code for c in choices
    )
    doubt = "编码越大程度越低，请核对。" if falls else ""
    return f"猜测：选项有程度顺序，当作量表。{doubt}"


def direction_of(choices: Sequence[Choice]) -> bool | None:
    """Return whether the wording rises with the order given; None where it has no such order."""
    labels = [choice.text.zh for choice in choices if choice.missing is None]
    if len(labels) < 3 or len(set(labels)) < len(labels) or any(c.specify for c in choices):
        return None
    return rises(labels)
