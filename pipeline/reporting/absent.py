"""What was asked for and has no figure, since nobody answered: it is said, never just dropped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import ALL, By, Where, crossed, divisions
from pipeline.estimation.sample import sample_of
from pipeline.i18n import Language, word
from pipeline.reporting.labels import Labels

LISTED = 12
"""Groups without anyone that are named at most: a filter may leave many."""


@dataclass(frozen=True, slots=True)
class Peopled:
    """The groups of one banner: those with respondents in the domain, and those without."""

    domain: str
    some: tuple[str, ...]
    nobody: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Groups without a figure.

    Attributes
    ----------
    question : '' where the groups have no respondents at all
    domain, levels : the groups; '' and () where nobody answered the question
    """

    question: str
    domain: str = ""
    levels: tuple[str, ...] = ()


def peopled(rows: pd.DataFrame, design: SurveyDesign, by: By, where: Where) -> list[Peopled]:
    """Return of each banner which groups have respondents in the domain.

    Of crossed columns only the groups count that anybody in the survey is in.
    """
    counted = sample_of(rows, design).weight > 0
    found = []
    entries = [ALL] if by is None else [by] if isinstance(by, str) else list(by)
    for entry, (domain, texts, code) in zip(entries, divisions(rows, by, where), strict=True):
        here = np.bincount(code[counted & (code >= 0)], minlength=len(texts)) > 0
        listed = np.ones(len(texts), dtype=bool)
        if not isinstance(entry, str):
            everywhere, _ = crossed(rows, entry)
            inside = everywhere[counted & (everywhere >= 0)]
            listed = np.bincount(inside, minlength=len(texts)) > 0
        found.append(
            Peopled(
                domain, tuple(t for t, yes in zip(texts, here, strict=True) if yes),
                tuple(t for t, yes, is_one in zip(texts, here, listed, strict=True)
                      if is_one and not yes),
            )
        )  # fmt: skip
    return found


def both(before: Sequence[Peopled], after: Sequence[Peopled]) -> list[Peopled]:
    """Return which groups have respondents in both waves."""
    found = []
    for one, two in zip(before, after, strict=True):
        some = tuple(level for level in one.some if level in two.some)
        every = dict.fromkeys((*one.some, *one.nobody, *two.some, *two.nobody))
        found.append(
            Peopled(one.domain, some, tuple(level for level in every if level not in some))
        )
    return found


def absent_of(
    found: pd.DataFrame, questions: Iterable[str], groups: Sequence[Peopled]
) -> tuple[Absent, ...]:
    """Return what of `questions` and `groups` has no row in the estimates `found`."""
    left_out = [Absent("", one.domain, one.nobody) for one in groups if one.nobody]
    keys = found[["question", "domain", "domain_value"]].astype(str)
    shown = set(keys.itertuples(index=False, name=None))
    answered = set(keys["question"])
    for question in dict.fromkeys(questions):
        if question not in answered:
            left_out.append(Absent(question))
            continue
        for one in groups:
            levels = tuple(v for v in one.some if (question, one.domain, v) not in shown)
            if levels:
                left_out.append(Absent(question, one.domain, levels))
    return tuple(left_out)


def absences(absent: Iterable[Absent], labels: Labels, language: Language) -> Iterator[str]:
    """Yield what a reader is told of them: first groups without anyone, then without answers."""
    told: dict[str, list[str]] = {"no_people": [], "no_answers": []}
    for one in absent:
        said = one.question
        if one.domain:
            levels = labels.in_order(one.domain, one.levels)
            shown = levels if one.question else levels[:LISTED]
            names = word("printed.comma", language).join(
                labels.code(one.domain, level, language) for level in shown
            )
            if len(shown) < len(levels):
                names = word("printed.more", language, names=names, n=len(levels))
            group = labels.name(one.domain, language)
            said = word(
                "printed.absent_groups" if one.question else "printed.absent_everywhere",
                language, question=one.question, group=group, levels=names,
            )  # fmt: skip
        told["no_answers" if one.question else "no_people"].append(said)
    for key, names_of in told.items():
        if names_of:
            joined = word("printed.semicolon", language).join(names_of)
            yield word(f"printed.{key}", language, names=joined)
