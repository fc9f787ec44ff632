"""What single questions, choices and moments are called in the XPath of an XLSForm."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.forms.terms import is_listed, refuse_long, without_substance
from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Moment, Question

Word = Callable[[ChoiceQuestion, int], str]
"""The word by which a form calls a code of a question."""

MINUTES_OF_A_DAY = 1440


def exported_word(question: ChoiceQuestion, code: int) -> str:
    """Return the word by which exports call a code."""
    return next(choice.exported_as for choice in question.choices if choice.code == code)


@dataclass(frozen=True, slots=True)
class Form:
    """How the answers to a questionnaire are written; `here` is the question written ``.``."""

    questionnaire: Questionnaire
    word: Word
    here: str

    def of(self, name: str) -> str:
        """The reference to a question."""
        return "." if name == self.here else f"${{{name}}}"

    def question(self, name: str) -> Question:
        """The question of a name."""
        return self.questionnaire.question(name)

    def quoted(self, question: ChoiceQuestion, code: int) -> str:
        """The word of a choice, in quotes."""
        return f"'{self.word(question, code)}'"

    def among(self, question: ChoiceQuestion, codes: list[int]) -> str:
        """The condition that a single choice has one of the codes."""
        written = self.of(question.name)
        chain = [f"{written} = {self.quoted(question, code)}" for code in codes]
        if not chain:
            return "false()"
        return chain[0] if len(chain) == 1 else "(" + " or ".join(chain) + ")"


def choices_of(name: str, form: Form) -> ChoiceQuestion:
    """Return the choice question of a name."""
    question = form.question(name)
    assert isinstance(question, ChoiceQuestion)  # the type check refuses what is none
    return question


def answered(question: Question, form: Form) -> tuple[str, ...]:
    """Return the guards under which a number or moment is an answer."""
    written = form.of(question.name)
    return (f"{written} != ''", *(f"{written} != {code}" for code in missing_codes(question)))


def empty(name: str, form: Form) -> str:
    """Return the condition that a question has no answer of substance."""
    question, written = form.question(name), form.of(name)
    if isinstance(question, ChoiceQuestion):
        codes = [choice.code for choice in question.substantive]
        if not without_substance(question):
            return f"{written} = ''"
        if not is_listed(question):
            return f"not({form.among(question, codes)})"
        ticks = [f"selected({written}, {form.quoted(question, code)})" for code in codes]
        return "not(" + " or ".join(ticks) + ")"
    chain = [f"{written} = ''", *(f"{written} = {code}" for code in missing_codes(question))]
    return chain[0] if len(chain) == 1 else "(" + " or ".join(chain) + ")"


def answer(question: Question, form: Form) -> str:
    """Return an answer as a number that is NaN where there is none, or a day or moment."""
    written = form.of(question.name)
    match question:
        case Moment(type="time"):
            return f"round(decimal-time({written}) * {MINUTES_OF_A_DAY})"
        case Moment():
            return written
        case ChoiceQuestion():
            return f"number({_coded(question, form)})"
    if codes := missing_codes(question):
        idle = " or ".join(f"{written} = {code}" for code in codes)
        return f"number(if({idle}, '', {written}))"
    return f"number({written})"


def _coded(question: ChoiceQuestion, form: Form) -> str:
    """Return the code of a choice: its word if that is the code, else looked up."""
    written = form.of(question.name)
    words = {c.code: form.word(question, c.code) for c in question.choices}
    if all(words[c.code] == str(c.code) for c in question.substantive):
        idle = [f"{written} = '{words[code]}'" for code in without_substance(question)]
        return f"if({' or '.join(idle)}, '', {written})" if idle else written
    found = "''"
    for choice in reversed(question.substantive):
        found = f"if({written} = '{words[choice.code]}', {choice.code}, {found})"
    return refuse_long(found)


def count(question: ChoiceQuestion, form: Form) -> str:
    """Return how many choices of substance are ticked."""
    written = form.of(question.name)
    if not without_substance(question):
        return f"count-selected({written})"
    ticks = [
        f"if(selected({written}, {form.quoted(question, choice.code)}), 1, 0)"
        for choice in question.substantive
    ]
    return "(" + " + ".join(ticks) + ")"


def moment_text(moment: str) -> str:
    """Return a day or moment as such, a time of day as minutes since midnight."""
    if "T" in moment:
        return f"date-time('{moment}:00')"
    if "-" in moment:
        return f"date('{moment}')"
    hours, minutes = moment.split(":")
    return str(int(hours) * 60 + int(minutes))
