"""How many minutes a questionnaire takes, from its length.

minutes = (characters read / READING + sum of seconds to answer / 60), over the blocks that are
shown; a block with a condition counts half, for nobody knows yet how many will see it.

Reading: Trauzettel-Klosinski & Dietz (2012), Investigative Ophthalmology & Visual Science 53(9),
5452-5461, table 2: young adults read Chinese aloud at 255 characters a minute; Brysbaert (2019),
Journal of Memory and Language 109, 104047: adults read English silently at 238 words a minute.
Questionnaires are read by everybody, so a quarter is taken off. Answering: after Yan & Tourangeau
(2008), Applied Cognitive Psychology 22(1), 51-68, who find that time grows with the number of
clauses and answers; the seconds below are our assumption and are to be replaced by what a pretest
measured.
"""

import re
from collections.abc import Iterable
from typing import assert_never

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Agreement, Block, Matrix, Note, Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)

CHINESE_PER_MINUTE = 190
WORDS_PER_MINUTE = 180
ROUTED = 0.5
TICK, ROW, TYPED, RANKED, WRITTEN, EACH_CHOICE = 4.0, 3.5, 7.0, 5.0, 35.0, 0.5
"""Seconds: to tick one answer, in one row of a matrix, to type a number or day, per place of a
ranking, to write an open answer, and for each further choice of a list of several."""
ENTRIES = 3
"""So many entries of a roster are reckoned with, if it takes as many."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9]+")


def estimated_minutes(questionnaire: Questionnaire) -> float:
    """Return the estimated minutes from the greeting to the last question."""
    total = _reading([questionnaire.introduction])
    if questionnaire.consent is not None:
        told = questionnaire.consent
        total += _reading(
            [told.who, told.use, told.not_recorded, told.kept_until, told.withdrawal]
        )
    for section in questionnaire.sections:
        total += _reading([section.title])
        for block in section.questions:
            routed = section.show_if is not None or block.show_if is not None
            total += seconds(block) * (ROUTED if routed else 1)
    return total / 60


def seconds(block: Block) -> float:
    """Return the seconds that a block takes to read and to answer."""
    read = _reading([block.text, block.hint])
    match block:
        case Note():
            return read
        case Agreement():
            return read + TICK
        case Calculated():
            return 0.0
        case SingleChoice() | Scale():
            return read + _reading(c.text for c in block.offered) + TICK
        case MultipleChoice():
            choices = _reading(c.text for c in block.offered)
            return read + choices + TICK + EACH_CHOICE * len(block.offered)
        case Ranking():
            return read + _reading(c.text for c in block.offered) + RANKED * block.depth
        case Number() | Moment():
            return read + TYPED
        case OpenEnded():
            return read + WRITTEN
        case Matrix():
            choices = _reading(c.text for c in block.offered)
            rows = _reading(item.text for item in block.items)
            return read + choices + rows + ROW * len(block.items)
        case Roster():
            inner = sum(seconds(question) for question in block.questions)
            return read + TYPED + inner * min(block.maximum, ENTRIES)
    assert_never(block)


def _reading(texts: Iterable[Text]) -> float:
    return sum(
        len(_HAN.findall(text.zh)) / CHINESE_PER_MINUTE * 60
        + len(_WORD.findall(text.zh)) / WORDS_PER_MINUTE * 60
        for text in texts
    )
