"""The guide through a questionnaire on paper: who answers what, and where to go on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.forms.in_words import Teller, said_of
from pipeline.forms.numbering import numbers as numbers_of
from pipeline.forms.skips import SkipInstructions, skip_instructions
from pipeline.i18n import Language, word
from pipeline.questionnaire.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Guide:
    """What is printed before and after the blocks of one questionnaire, in one language.

    Whoever follows it is asked exactly the questions that the routing asks.
    """

    questionnaire: Questionnaire
    numbers: Mapping[str, str]
    skips: SkipInstructions
    language: Language

    def before(self, name: str) -> str:
        """Return what must stand before a block although skips are printed; '' where nothing."""
        if (condition := self.skips.before.get(name)) is None:
            return ""
        told = said_of(condition, Teller(self.questionnaire, self.numbers, self.language))
        return word("routes.before", self.language, condition=told)

    def after(self, name: str) -> tuple[str, ...]:
        """Return what is printed after a block: where to go on, and what ends the survey."""
        teller = replace(Teller(self.questionnaire, self.numbers, self.language), this=name)
        said = [
            word("routes.declined", self.language, condition=said_of(ended, teller))
            for ended in self.skips.ends.get(name, ())
        ]
        if skip := self.skips.after.get(name):
            condition = said_of(skip.condition, teller)
            onward = (
                _place(skip.onward, teller)
                if skip.onward in self.numbers
                else teller.said("below")
            )
            if skip.target is None:
                said.append(teller.said("after_end", condition=condition, onward=onward))
            else:
                target = _place(skip.target, teller)
                said.append(
                    teller.said("after", condition=condition, onward=onward, target=target)
                )
        return tuple(said)


def guide(questionnaire: Questionnaire, language: Language = "zh") -> Guide:
    """Return the guide through a questionnaire on paper."""
    return Guide(
        questionnaire, numbers_of(questionnaire), skip_instructions(questionnaire), language
    )


def _place(name: str, teller: Teller) -> str:
    """Return where to go on: a question, or the note before it."""
    if name in teller.numbers:
        return teller.said("question", number=teller.numbers[name])
    names = [block.name for block in teller.questionnaire.blocks]
    for block in teller.questionnaire.blocks[names.index(name) :]:
        if block.name in teller.numbers:
            return teller.said("notice", number=teller.numbers[block.name])
    return teller.said("last_notice")
