"""What the rules judge: one number per response and rule, computed from the decoded responses."""

from typing import assert_never

import pandas as pd

from pipeline.privacy.redact import MASKS
from pipeline.questionnaire.codebook import columns_of, missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.routing import holds, values
from pipeline.validation.copies import shared_open_answers
from pipeline.validation.ended_early import ended

ROUNDING = 1e-6
"""Beside the rounding to its decimals, a calculated value may differ by this share of itself."""
STRAIGHT_LINE_ITEMS = 5
"""From this many answers on, the same point throughout counts as straight-lining."""


def checked_columns(
    responses: pd.DataFrame, questionnaire: Questionnaire, verbatims: pd.DataFrame
) -> pd.DataFrame:
    """Compute what the rules judge.

    Parameters
    ----------
    responses : DataFrame, one row per response, in the columns of the ``ingest`` table
    verbatims : DataFrame, one row per open answer, in the columns of the ``verbatims`` table

    Returns
    -------
    DataFrame of Float64, same index as `responses`
        One column per `Rule.checked`.
    """
    person = responses["person"].fillna("").astype("str")
    columns: dict[str, pd.Series] = {
        "copies_of_key": _copies(responses, responses["respondent"]),
        "copies_of_person": _copies(responses, person).where(person != "", 0),
        "undecoded_cells": responses["undecoded"] != "",
        "undesigned_cells": _undesigned(responses),
        "conflicting_cells": responses["conflicting"] != "",
        "seconds_by_median": _pace(responses),
        "same_point_throughout": _straight_lines(responses, questionnaire),
        "shared_open_answers": shared_open_answers(responses, verbatims),
        "phones_in_open_answers": _phones(responses, verbatims),
    }
    columns |= dict(ended(responses, questionnaire))
    for question in questionnaire.questions:
        columns |= _of_a_question(responses, question)
    return pd.DataFrame({name: values.astype("Float64") for name, values in columns.items()})


def _undesigned(responses: pd.DataFrame) -> pd.Series:
    """Tell which responses have no place in a declared design; without one, none."""
    none = pd.Series("", index=responses.index, dtype="str")
    return responses.get("undesigned", none) != ""


def _of_a_question(responses: pd.DataFrame, question: Question) -> dict[str, pd.Series]:
    name, reason = question.name, responses[missing_column(question)]
    columns: dict[str, pd.Series] = {}
    asked = pd.Series(True, index=responses.index)
    if question.show_if is not None:
        asked = holds(question.show_if, responses)
        # An answer by a person the question was not meant for, whatever the answer was.
        columns[f"{name}:unasked"] = ~asked & ~reason.isin(["not_asked", "no_answer"])
    if question.required:
        columns[f"{name}:left_out"] = reason == "no_answer"
    if question.checks:
        broken = [~holds(check.holds, responses) & (reason == "") for check in question.checks]
        kinds = [check.soft for check in question.checks]
        for soft, column in ((False, f"{name}:checks"), (True, f"{name}:doubts")):
            of_kind = [one for one, is_soft in zip(broken, kinds, strict=True) if is_soft == soft]
            if of_kind:
                columns[column] = pd.concat(of_kind, axis=1).sum(axis=1)
    match question:
        case Number():
            columns[name] = responses[name]
        case Calculated():
            columns[name] = responses[name]
            columns[f"{name}:differs"] = _differs(responses, question, asked)
        case Moment():
            columns[f"{name}:outside"] = _outside(responses[name], question)
        case Ranking():
            placed = responses[[column.name for column in columns_of(question)]].notna()
            left = question.depth - placed.sum(axis=1)
            columns[f"{name}:unfilled"] = left.where(reason == "", 0)
        case MultipleChoice():
            ticks = responses[[column.name for column in columns_of(question)]]
            exclusive = [f"{name}__{c.code}" for c in question.substantive if c.exclusive]
            count = ticks.sum(axis=1)
            columns[f"{name}:ticked"] = count
            alone = ticks[exclusive].sum(axis=1) > 0
            columns[f"{name}:beside_exclusive"] = (count - 1).where(alone, 0)
            if question.min_choices:  # "none of these" alone is an answer
                enough = alone | (reason != "")
                columns[f"{name}:lacking"] = (question.min_choices - count).mask(enough, 0)
        case SingleChoice() | Scale() | OpenEnded():
            pass
        case _:
            assert_never(question)
    return columns


def _differs(responses: pd.DataFrame, question: Calculated, asked: pd.Series) -> pd.Series:
    """Tell where a calculated value is not what the answers come to, beyond rounding."""
    stated = responses[question.name].astype("Float64")
    due = values(question.value, responses).where(asked).astype("Float64")
    allowed = 0.5 * 10.0**-question.decimals + ROUNDING * due.abs()
    apart = ((stated - due).abs() > allowed).fillna(False)
    return apart.astype(bool) | (stated.isna() != due.isna())


def _outside(given: pd.Series, question: Moment) -> pd.Series:
    """Tell which moments lie outside the bounds; ISO texts of one kind sort as the moments do."""
    text = given.fillna("").astype("str")
    outside = pd.Series(False, index=given.index)
    if question.earliest:
        outside |= (text != "") & (text < question.earliest)
    if question.latest:
        outside |= text > question.latest
    return outside


def _copies(responses: pd.DataFrame, key: pd.Series) -> pd.Series:
    """Return how many responses with the same key were submitted before this one.

    Exports are often newest first: the time of submission decides, then the place in the file.
    """
    ordered = responses.assign(key=key).sort_values(["submitted", "raw_row"], kind="stable")
    return ordered.groupby("key").cumcount().reindex(responses.index)


def _pace(responses: pd.DataFrame) -> pd.Series:
    seconds = responses["seconds"].astype("Float64")
    median = seconds.median()
    if pd.isna(median) or median <= 0:
        return pd.Series(pd.NA, index=responses.index, dtype="Float64")
    return seconds / median


def _phones(responses: pd.DataFrame, verbatims: pd.DataFrame) -> pd.Series:
    """Return in how many open answers a telephone number was masked."""
    found = verbatims.loc[verbatims["text"].str.contains(MASKS["phone"], regex=False)]
    return responses["respondent"].map(found.groupby("respondent").size()).fillna(0)


def _straight_lines(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Tell who chose one point throughout a battery of which some items say the opposite.

    Somebody who gives the same point to five or more items, reversed ones among them, agrees and
    disagrees with the same thing, or has no view of any of it. Without reversed items one point
    throughout can be a true answer (Reuning & Plutzer 2020, Survey Research Methods 14(5)), so
    where a questionnaire has batteries with reversed items, only they are judged; where it has
    none, all its scales together are. The middle point is judged as any other (as in the simple
    nondifferentiation of Kim et al. 2019, Social Science Computer Review 37(2)): it is the point
    that satisficing prefers. It contradicts nothing, though: this rule only flags.
    """
    batteries = [questionnaire.items_of(battery.name) for battery in questionnaire.batteries]
    judged = [
        items
        for items in batteries
        if len(items) >= STRAIGHT_LINE_ITEMS and any(item.reverse for item in items)
    ] or [tuple(q for q in questionnaire.questions if isinstance(q, Scale))]
    lined = pd.Series(False, index=responses.index)
    for items in judged:
        answers = responses[[item.name for item in items]]
        enough = answers.notna().sum(axis=1) >= STRAIGHT_LINE_ITEMS
        reversed_items = [item.name for item in items if item.reverse]
        if reversed_items:
            enough &= answers[reversed_items].notna().any(axis=1)
        lined |= enough & (answers.nunique(axis=1) == 1)
    return lined
