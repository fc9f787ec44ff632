"""Split responses into those that are analysed and those set aside, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import MultipleChoice, OpenEnded, Ranking
from pipeline.validation.rules import Rule

QUARANTINE_COLUMNS = ("respondent", "raw_row", "rule", "question", "value", "sentence")


@dataclass(frozen=True, slots=True)
class Split:
    """`valid`: responses, with a flag per soft rule; `quarantined`: one row a broken rule."""

    valid: pd.DataFrame
    quarantined: pd.DataFrame


def split(
    responses: pd.DataFrame,
    checked: pd.DataFrame,
    rules: Sequence[Rule],
    questionnaire: Questionnaire,
) -> Split:
    """Set aside every response that breaks a hard rule.

    Parameters
    ----------
    responses : DataFrame, one row per response (the ``ingest`` table)
    checked : DataFrame, same index, from `rules.checked_columns`

    Returns
    -------
    Split
        Responses in = rows of `valid` + distinct `raw_row` of `quarantined`.
    """
    out = pd.Series(False, index=responses.index)
    flags: dict[str, pd.Series] = {}
    rows: list[pd.DataFrame] = []
    for rule in rules:
        broken = rule.broken(checked)
        if not rule.hard:
            column = f"flag_{rule.name}"
            flags[column] = flags[column] | broken if column in flags else broken
            continue
        if not broken.any():  # a roster makes hundreds of rules, nearly all of them kept
            continue
        out |= broken
        rows.append(
            pd.DataFrame(
                {
                    "respondent": responses.loc[broken, "respondent"],
                    "raw_row": responses.loc[broken, "raw_row"],
                    "rule": rule.name,
                    "question": rule.question,
                    "value": _values(responses[broken], checked[broken], rule, questionnaire),
                    "sentence": rule.sentence.zh,
                }
            )
        )
    none = pd.DataFrame({name: [] for name in QUARANTINE_COLUMNS})
    quarantined = pd.concat(rows, ignore_index=True) if rows else none
    texts = ["respondent", "rule", "question", "value", "sentence"]
    quarantined = quarantined.astype({name: "str" for name in texts} | {"raw_row": "int64"})
    valid = pd.concat([responses, pd.DataFrame(flags, index=responses.index)], axis=1)[~out]
    return Split(
        valid.reset_index(drop=True).copy(),
        quarantined.sort_values(["raw_row", "rule", "question"]).reset_index(drop=True),
    )


def _values(
    broken: pd.DataFrame, checked: pd.DataFrame, rule: Rule, questionnaire: Questionnaire
) -> pd.Series:
    """Return, as text, the value that broke a rule."""
    if rule.name in ("undecoded", "undesigned"):
        return broken[rule.name]
    if rule.name == "screened_out":
        noted = broken.get("screened_out", pd.Series("", index=broken.index)).fillna("")
        return noted.mask(noted == "", rule.question).astype("str")
    if not rule.question:
        return checked[rule.checked].astype("str")
    question = questionnaire.question(rule.question)
    if isinstance(question, Ranking):
        return _in_order(broken, question)
    if isinstance(question, MultipleChoice):
        prefix = f"{question.name}__"
        ticks = broken[[c for c in map(str, broken) if c.removeprefix(prefix).isdigit()]]
        return pd.Series(
            [
                " ".join(str(n)[len(prefix) :] for n, tick in row.items() if tick == 1)
                for _, row in ticks.iterrows()
            ],
            index=broken.index,
            dtype="str",
        )
    if isinstance(question, OpenEnded):
        return pd.Series("(文字)", index=broken.index, dtype="str")
    return broken[question.name].astype("str")


def _in_order(broken: pd.DataFrame, question: Ranking) -> pd.Series:
    """Return the codes of a ranking in order of rank."""
    names = {f"{question.name}__{choice.code}": choice.code for choice in question.substantive}
    said = []
    for _, row in broken[list(names)].iterrows():
        placed = sorted(
            (int(place), names[str(at)]) for at, place in row.items() if pd.notna(place)
        )
        said.append(" ".join(str(code) for _, code in placed))
    return pd.Series(said, index=broken.index, dtype="str")
