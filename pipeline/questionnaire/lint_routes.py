"""Rules on routes: every question can be reached by some respondent.

A route is decided by going through all answers that the questions it reads can have, each with
its own route: exact for codes, ticks and bounded numbers, for dates by the days that conditions
name. Where there are too many combinations nothing is said.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.questionnaire.cross_checks import placed_blocks, placed_questions
from pipeline.questionnaire.expressions import Condition, Node, questions_of
from pipeline.questionnaire.lint_answers import TooManyError, possible
from pipeline.questionnaire.lint_finding import Finding
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated, Question, Scale, SingleChoice
from pipeline.questionnaire.routing import holds, values

MOST_ROWS = 200_000
KEPT_ROWS = 5_000
Offered = tuple[str, str]
"""A question, and the answers it can have where these depend on what is read of it."""


def unreachable(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield questions whose route is true for no answers at all."""
    order = {question.name: at for at, question in enumerate(questionnaire.questions)}
    seen: set[Condition] = set()
    made = Combinations(questionnaire)
    for question, place in _routed(questionnaire):
        route = questionnaire.question(question.name).show_if
        if route is None or route in seen:
            continue
        seen.add(route)
        if can_hold(made, route, order):
            continue
        also = "，又是必答题" if getattr(question, "required", False) is True else ""
        yield Finding(
            "unreachable", (*place, "show_if"),
            f"{question.name} 的条件不可能成立，谁也问不到{also}。",
            "请核对条件、所用的编码，以及前面各题自己的条件。(no answers make this true)",
            "error",
        )  # fmt: skip
    for key in ("screen_outs", "quotas"):
        for at, one in enumerate(getattr(questionnaire, key)):
            if not can_hold(made, one.when, order, ended=key == "quotas"):
                yield Finding(
                    "unreachable", (key, at, "when"), f"{one.name} 的条件不可能成立。",
                    "请核对条件和编码。(no answers make this true)", "error",
                )  # fmt: skip


def routed_domain(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield questions by which results are grouped, yet which some respondents are not asked."""
    for question, place in _routed(questionnaire):
        if question.domain and questionnaire.question(question.name).show_if is not None:
            yield Finding(
                "routed_domain", (*place, "show_if"),
                f"{question.name} 用来分组（domain），却有人问不到，这些人不属于任何组。",
                "请对所有人都问，或不用它分组。(a domain that some are not asked)",
            )  # fmt: skip


def _routed(questionnaire: Questionnaire) -> Iterator[tuple[Question, Place]]:
    known = {question.name for question in questionnaire.questions}
    for block, place in placed_blocks(questionnaire):
        for question, where in placed_questions(block, place):
            if question.name in known:
                yield question, where


@dataclass(frozen=True, slots=True)
class Combinations:
    """The answers of a questionnaire in combination; short tables of them are kept.

    Most routes of a long questionnaire read the same first questions.
    """

    questionnaire: Questionnaire
    kept: dict[tuple[Offered, ...], pd.DataFrame] = field(default_factory=dict)

    def of(self, names: Sequence[str], read: list[Node]) -> pd.DataFrame:
        """Return every combination of answers to the questions, one per row.

        Parameters
        ----------
        names : what the routes of these questions read is among those before them
        read : expressions that tell which numbers, days and ticks make a difference
        """
        rows, key = pd.DataFrame(index=range(1)), tuple[Offered, ...]()
        for name in names:
            question = self.questionnaire.question(name)
            always = isinstance(question, SingleChoice | Scale | Calculated)
            given = None if always else possible(question, read)
            key = (*key, (name, "" if given is None else str(given.to_dict("list"))))
            if key in self.kept:
                rows = self.kept[key]
                continue
            if always and not isinstance(question, Calculated):
                given = possible(question, read)
            rows = _with_answers(rows, question, given)
            if len(rows) <= KEPT_ROWS:
                self.kept[key] = rows
        return rows


def can_hold(
    combinations: Combinations,
    condition: Condition,
    order: dict[str, int],
    *,
    ended: bool = True,
) -> bool:
    """Tell whether some answers make a condition true; True also where that is too much to tell.

    With `ended`, answers on which the survey ends early do not count.
    """
    try:
        return bool(holds(condition, _answers(combinations, condition, order, ended)).any())
    except TooManyError:
        return True


def _answers(
    combinations: Combinations, condition: Condition, order: dict[str, int], ended: bool
) -> pd.DataFrame:
    """Return every combination of answers to what a condition reads, one per row."""
    questionnaire = combinations.questionnaire
    last = max((order[name] for name in questions_of(condition)), default=-1)
    ends = [
        one.when
        for one in questionnaire.screen_outs
        if ended and all(order[name] <= last for name in questions_of(one.when))
    ]
    names = _all_read(questionnaire, [condition])
    ends = [one for one in ends if names & set(questions_of(one))]
    names = _all_read(questionnaire, [condition, *ends])
    expressions: list[Node] = [condition, *ends]
    for name in names:
        question = questionnaire.question(name)
        expressions += [question.show_if] if question.show_if is not None else []
        expressions += [question.value] if isinstance(question, Calculated) else []
    rows = combinations.of(sorted(names, key=order.__getitem__), expressions)
    for one in ends:
        rows = rows[~holds(one, rows)].reset_index(drop=True)
    return rows


def _all_read(questionnaire: Questionnaire, nodes: Iterable[Node]) -> set[str]:
    found: set[str] = set()
    waiting = [name for node in nodes for name in questions_of(node)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        question = questionnaire.question(name)
        if question.show_if is not None:
            waiting += questions_of(question.show_if)
        if isinstance(question, Calculated):
            waiting += questions_of(question.value)
    return found


def _with_answers(
    rows: pd.DataFrame, question: Question, given: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the rows, each once for every answer given to `question` where it is asked.

    `given` is None for a calculated value, which the rows themselves give.
    """
    shown = _shown(rows, question)
    if isinstance(question, Calculated):
        return rows.assign(**{question.name: values(question.value, rows).where(shown)})
    if given is None or len(rows) * len(given) > MOST_ROWS:
        raise TooManyError
    asked, left = np.flatnonzero(shown), np.flatnonzero(~shown)
    taken = np.concatenate([np.repeat(asked, len(given)), left])
    answer = np.concatenate([np.tile(np.arange(len(given)), len(asked)), np.full(len(left), -1)])
    # a place of -1 is nobody's answer
    told = given.reset_index(drop=True).reindex(answer).reset_index(drop=True)
    return pd.concat([rows.iloc[taken].reset_index(drop=True), told], axis=1)


def _shown(rows: pd.DataFrame, question: Question) -> pd.Series:
    if question.show_if is None:
        return pd.Series(True, index=rows.index)
    return holds(question.show_if, rows)


ROUTE_RULES = (unreachable, routed_domain)
