"""Responses that ended before the last question: taking part was declined, or screened out.

They are no answers to the survey and leave the analysed set, each reason under a rule of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Agreement
from pipeline.questionnaire.expressions import Condition, compared
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.routing import holds

DECLINED = 2
"""Code of a consent that was not given (`pipeline.questionnaire.blocks.Agreement`)."""
OTHERWISE = "screened_out_otherwise"


@dataclass(frozen=True, slots=True)
class Ending:
    """One way to end early: on which answers, and how people call it."""

    name: str
    when: Condition
    called: Text

    @property
    def checked(self) -> str:
        """Column of the checked table: 1 where a response ended so."""
        return f"{self.name}:screened"


def endings(questionnaire: Questionnaire) -> tuple[Ending, ...]:
    """Return the ways in which a survey can end early, consent first; none for most surveys."""
    found = {
        block.name: Ending(
            block.name,
            compared(block.name, "=", DECLINED),
            Text(zh="筛除：不同意参加", en="screened out: declined to take part"),
        )
        for block in questionnaire.blocks
        if isinstance(block, Agreement)
    }
    for one in questionnaire.screen_outs:
        called = Text(zh=f"筛除：{one.message.zh}", en=f"screened out: {one.message('en')}")
        found.setdefault(one.name, Ending(one.name, one.when, called))
    return tuple(found.values())


def ended(
    responses: pd.DataFrame, questionnaire: Questionnaire
) -> Iterator[tuple[str, pd.Series]]:
    """Yield for each way to end early, and for all that have another name, who ended so (bool).

    What the form noted in ``screened_out`` counts, and what the answers say: files of paper or of
    another system have no such column.
    """
    ways = endings(questionnaire)
    if not ways:
        return
    noted = pd.Series("", index=responses.index, dtype="str")
    if "screened_out" in responses:
        noted = responses["screened_out"].fillna("").astype("str")
    for way in ways:
        yield way.checked, (noted == way.name) | holds(way.when, responses)
    yield OTHERWISE, (noted != "") & ~noted.isin([way.name for way in ways])
