"""What interviews bring before it takes the form of an export: one record per submission."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.questionnaire.blocks import questions_of_block
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Wave
from pipeline.questionnaire.questions import OpenEnded
from pipeline.simulation.answers import cells
from pipeline.simulation.fieldwork import Interview, Sampled, interviews
from pipeline.simulation.population import Population


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission of one person.

    `answers` holds the questions that were asked, in the words of `cells` ('' if left blank);
    `number` counts the submissions of the person.
    """

    person: str
    site: str
    interview: Interview
    english: bool
    answers: Mapping[str, str]
    number: int = 1

    def answering(self, **changed: str) -> "Submission":
        """Return the same submission with other answers."""
        return replace(self, answers={**self.answers, **changed})

    def lasting(self, seconds: float) -> "Submission":
        """Return the same submission, made in so many seconds."""
        return replace(self, interview=replace(self.interview, seconds=seconds))

    def again(self, hours: int, **changed: str) -> "Submission":
        """Return the person's next submission, made some hours later."""
        start = self.interview.start + timedelta(hours=hours)
        later = replace(self.interview, start=start)
        return replace(self.answering(**changed), interview=later, number=self.number + 1)


def submissions(population: Population, sampled: Sampled, during: Wave) -> list[Submission]:
    """Return the submissions of those who were interviewed, in the draw's order."""
    met = sampled.interviewed
    answers = cells(population, sampled.site[met], sampled.group[met])
    _break_off(answers, population.questionnaire, sampled.disposition[met] == "1.2")
    names = list(answers.columns)
    given = [
        {name: text for name, text in zip(names, row, strict=True) if isinstance(text, str)}
        for row in answers.to_numpy(dtype=object).tolist()
    ]
    luck = population.luck.uniform("english", size=len(met))
    english = (luck < population.truths.interview.english).tolist()
    sites = population.frame["site"].to_numpy()[sampled.site[met]].tolist()
    persons = [sampled.persons[at] for at in met]
    held = interviews(population, sampled, during)
    return [Submission(*one) for one in zip(persons, sites, held, english, given, strict=True)]


def _break_off(
    answers: pd.DataFrame, questionnaire: Questionnaire, partial: NDArray[np.bool_]
) -> None:
    """Blank where partial interviews broke off: the last section with an open question.

    What describes the person was noted at the beginning, and stays.
    """
    for section in reversed(questionnaire.sections):
        there = [q for block in section.questions for q in questions_of_block(block)]
        if any(isinstance(question, OpenEnded) for question in there):
            for question in there:
                if not question.domain:
                    asked = answers[question.name].notna().to_numpy()
                    answers.loc[partial & asked, question.name] = ""
            return
