"""The text of a condition or value for XLSForms: XPath 1.0 with the functions of OpenRosa.

Questions are called ``${name}``. A select_one holds the word of its choice, a select_multiple the
words with blanks between; a number is a number, a day ``2026-03-02``, a time of day or a moment
carries seconds and zone. The meaning is that of `pipeline.questionnaire.routing`: any comparison
with an empty value is false. XPath finds ``'' != 1`` true and makes NaN of ``'' + 1``; comparisons
of an answer are guarded, and those of computed values rest on NaN, which is equal to nothing.

Source: XLSForm reference (xlsform.org), OpenRosa XForms specification, section XPath functions.
"""

from typing import assert_never

from pipeline.forms.terms import (
    MIRRORED,
    plain,
    refuse_long,
    related,
    rounding,
    without_substance,
)
from pipeline.forms.xpath_answers import (
    Form,
    Word,
    answer,
    answered,
    choices_of,
    count,
    empty,
    exported_word,
    moment_text,
)
from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Comparator,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Or,
    Selected,
    Term,
    nodes_of,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Moment

__all__ = ["Word", "exported_word", "expression", "value_text"]


def expression(
    condition: Condition,
    questionnaire: Questionnaire,
    word: Word = exported_word,
    here: str = "",
) -> str:
    """Return the XPath of a condition on answers to `questionnaire`.

    Parameters
    ----------
    word : gives the written name of a choice; it holds neither quotes nor blanks
    here : name of the question whose constraint this is; it is written ``.``

    Raises
    ------
    QuestionnaireError
        Conditions and values stand so deep inside one another that the text becomes endless.
    """
    return _condition(condition, Form(questionnaire, word, here))


def value_text(
    term: Term,
    questionnaire: Questionnaire,
    word: Word = exported_word,
    here: str = "",
) -> str:
    """Return the XPath of a value (a calculation); '' where the value is empty.

    Parameters and errors are those of `expression`. A day is given as a date, a time of day as
    minutes since midnight.
    """
    form = Form(questionnaire, word, here)
    if (plainly := _plainly(term, form)) is not None:
        return refuse_long(plainly)
    return refuse_long(f"if({_there(term, form)}, {_term(term, form)}, '')")


def _condition(condition: Condition, form: Form) -> str:
    match condition:
        case Compare():
            return refuse_long(_compared(condition, form))
        case In():
            return _within(condition, form)
        case Selected():
            question = choices_of(condition.question, form)
            written = form.of(condition.question)
            return f"selected({written}, {form.quoted(question, condition.code)})"
        case Empty():
            return empty(condition.question, form)
        case Not():
            return f"not({_condition(condition.part, form)})"
        case And():
            return _joined("and", condition.parts, form)
        case Or():
            return _joined("or", condition.parts, form)
    assert_never(condition)


def _joined(word: str, parts: tuple[Condition, ...], form: Form) -> str:
    return refuse_long("(" + f" {word} ".join(_condition(part, form) for part in parts) + ")")


def _within(condition: In, form: Form) -> str:
    question = form.question(condition.question)
    if isinstance(question, ChoiceQuestion):
        known = {c.code for c in question.substantive}
        asked = dict.fromkeys(condition.values)  # in their order, so that it reads back the same
        return form.among(question, [int(code) for code in asked if code in known])
    written = form.of(condition.question)
    chain = " or ".join(f"{written} = {plain(value)}" for value in condition.values)
    return "(" + " and ".join([*answered(question, form), f"({chain})"]) + ")"


def _compared(condition: Compare, form: Form) -> str:
    left, operator, right = condition.left, condition.operator, condition.right
    if isinstance(left, Constant) and isinstance(right, Answer):
        left, operator, right = right, MIRRORED[operator], left
    match left, right:
        case Answer(question=name), Constant(value=int() | float() as value):
            question = form.question(name)
            if isinstance(question, ChoiceQuestion):
                return _code_compared(question, operator, value, form)
            comparison = f"{form.of(name)} {operator} {plain(value)}"
            return "(" + " and ".join([*answered(question, form), comparison]) + ")"
    return _values_compared(left, operator, right, form)


def _code_compared(
    question: ChoiceQuestion, operator: Comparator, value: float, form: Form
) -> str:
    """Compare a choice: a code is a word here, so those that fit are named."""
    codes = [c.code for c in question.substantive]
    fitting = [code for code in codes if related(code, operator, value)]
    others = [code for code in codes if code not in fitting]
    if len(others) < len(fitting) and not without_substance(question):
        written = form.of(question.name)
        unequal = [f"{written} != {form.quoted(question, code)}" for code in others]
        return "(" + " and ".join([f"{written} != ''", *unequal]) + ")"
    return form.among(question, fitting)


def _values_compared(left: Term, operator: Comparator, right: Term, form: Form) -> str:
    one, other = _term(left, form), _term(right, form)
    if _is_moment(left, form) or _is_moment(right, form):
        guards = dict.fromkeys(g for term in (left, right) for g in _moments(term, form))
        return "(" + " and ".join([*guards, f"{one} {operator} {other}"]) + ")"
    if operator == "!=":  # NaN is unequal to everything, but no distance from it is above 0
        return f"abs({one} - {other}) > 0"
    return f"{one} {operator} {other}"


def _term(term: Term, form: Form) -> str:
    """Return a value: a number that is NaN where it is empty, or a day or moment."""
    match term:
        case Constant(value=value):
            return moment_text(value) if isinstance(value, str) else plain(value)
        case Answer():
            return answer(form.question(term.question), form)
        case Count():
            return count(choices_of(term.question, form), form)
        case Arithmetic():
            text = f"({_term(term.left, form)} {term.operator} {_term(term.right, form)})"
            places = rounding(term, form.questionnaire)
            return refuse_long(text if places is None else f"round({text}, {places})")
        case Choose():
            then, otherwise = _term(term.then, form), _term(term.otherwise, form)
            chosen = f"if({_condition(term.condition, form)}, {then}, {otherwise})"
            return refuse_long(chosen)
    assert_never(term)


def _is_moment(term: Term, form: Form) -> bool:
    """Tell whether a value is a day or moment; a time of day is a number of minutes."""
    match term:
        case Constant(value=value):
            return isinstance(value, str) and "-" in value
        case Answer():
            question = form.question(term.question)
            return isinstance(question, Moment) and question.type != "time"
        case Choose():
            return _is_moment(term.then, form)
    return False


def _moments(term: Term, form: Form) -> tuple[str, ...]:
    """Return the guards of a day or moment."""
    match term:
        case Answer():
            return (f"{form.of(term.question)} != ''",)
        case Choose():
            return (f"{_term(term, form)} != ''",)
    return ()


def _plainly(term: Term, form: Form) -> str | None:
    """Return a value whose text is '' of itself where it is empty; None for all others."""
    match term:
        case Constant() | Count():
            return _term(term, form)
        case Answer():
            question = form.question(term.question)
            coded = isinstance(question, ChoiceQuestion) or missing_codes(question)
            return None if coded else form.of(term.question)
        case Choose():
            then, otherwise = _plainly(term.then, form), _plainly(term.otherwise, form)
            if then is None or otherwise is None:
                return None
            return f"if({_condition(term.condition, form)}, {then}, {otherwise})"
    return None


def _there(term: Term, form: Form) -> str:
    """Return the condition that a computed number is not empty."""
    simple = all(not isinstance(one, Choose) for one in nodes_of(term))
    if not simple:
        value = _term(term, form)
        return f"{value} = {value}"  # false of NaN
    read = dict.fromkeys(one.question for one in nodes_of(term) if isinstance(one, Answer))
    return (
        " and ".join(
            f"not({empty(name, form)})"
            if isinstance(form.question(name), ChoiceQuestion)
            else " and ".join(answered(form.question(name), form))
            for name in read
        )
        or "true()"
    )
