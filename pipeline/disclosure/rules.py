"""The disclosure rules: which figures about few people may be published, and how exactly.

- A score needs 10 respondents, a figure on open answers 20 usable answers; smaller groups are
  withheld whole, with all their figures.
- What is left when published groups are taken away from a published group that contains them is
  nobody, or again at least 10 respondents (`suppression`).
- The number of respondents behind a *share* counts, not the number who gave the answer: 3 of 200
  is published as 2 %. Exact counts cannot be had back: n of a group is rounded to 5, figures of
  groups to three decimals, effects to two, p and q to four; the count of a cell is not published.
- For sensitive questions in groups below 50, shares up to 5 % and from 95 % are shown only as
  these bounds; everything else that would give them away in that group goes, and what is left
  beside such a group has at least 50 respondents.
- A routed question has its own base. Who was asked but gave no answer is counted for the survey
  as a whole only; such a difference of two bases reveals how many gave no answer, never what
  they said, because no other figure of theirs stands on a base that includes them.
- A difference between two waves stands where both shares stand (`wave_rows`).

The limits are fixed when a programme starts, are told to respondents, and are never lowered.
Sources: UK Civil Service People Survey (groups under 10 not reported), Washington State
Department of Health small-numbers guideline (secondary suppression, 0-5 % and 95-100 % coded),
Eurostat/ESSnet handbook on disclosure control, ch. 4 (thresholds and differencing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.errors import DisclosureError
from pipeline.estimation.published import VALUE_DECIMALS
from pipeline.estimation.published import rounded_up as up
from pipeline.questionnaire.programme import ReportingRules
from pipeline.questionnaire.questions import MultipleChoice, Question

Rule = Literal[
    "small_group", "remainder", "small_comparison", "withheld_group", "sensitive_extreme",
    "sensitive_linked", "rare_word", "withheld_baseline",
]  # fmt: skip

EXTREME_N = 50
EXTREME_SHARE = 0.05
GROUP_DECIMALS = VALUE_DECIMALS
EFFECT_DECIMALS = 2
PROBABILITY_DECIMALS = 4
_LOWEST = ReportingRules()


@dataclass(frozen=True, slots=True)
class Cleared:
    """The rows of a table that may be published, and why the others may not."""

    rows: pd.DataFrame
    withheld: pd.Series
    """Number of withheld rows by rule (`Rule`); rows shown as bounds are counted too."""


def require_limits(rules: ReportingRules) -> None:
    """Refuse reporting rules that are laxer than what respondents were told.

    Raises
    ------
    DisclosureError
        Naming each limit that was lowered.
    """
    lowered = [
        f"{name}: {getattr(rules, name)} < {getattr(_LOWEST, name)}"
        for name in ("minimum_n", "remainder_n", "statement_n", "quote_n", "round_domain_n_to")
        if getattr(rules, name) < getattr(_LOWEST, name)
    ]
    if lowered:
        raise DisclosureError(
            f"发布规则低于对受访者的承诺：{'；'.join(lowered)}。请在 reporting 中恢复原值。"
            "(reporting limits were lowered below what respondents were told; restore them)"
        )


def rounded(n: pd.Series, base: int) -> pd.Series:
    """Round counts (float64, NaN where missing) to the nearest multiple of `base`, halves up."""
    return (n.astype("float64") / base + 0.5).apply(np.floor) * base


def rounded_up(probability: pd.Series) -> pd.Series:
    """Round p or q up to four decimals (float64, NaN where missing).

    Up, so that a q is within a limit of at most four decimals, such as 0.05, before and after.
    """
    return up(probability, PROBABILITY_DECIMALS)


def sensitive_questions(questions: Mapping[str, Question]) -> dict[str, bool]:
    """Return the sensitive questions; True where their answers exclude each other.

    The shares of a ranking that were put first do; the rule for such questions is the stricter.
    """
    return {
        name: not isinstance(question, MultipleChoice)
        for name, question in questions.items()
        if question.sensitive
    }


def is_extreme(rows: pd.DataFrame) -> pd.Series:
    """Tell which shares would say that (nearly) nobody or everybody in a small group did it.

    Parameters
    ----------
    rows : DataFrame in the columns of `estimate`, of sensitive questions
    """
    share = (rows["estimand"] == "proportion") & (rows["n"] < EXTREME_N)
    few = rows["value"].le(EXTREME_SHARE) | rows["value"].ge(1 - EXTREME_SHARE)
    nobody = rows["n_cell"].eq(0) | rows["n_cell"].eq(rows["n"])
    return (share & (few | nobody)).astype(bool)


def as_bounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Replace extreme shares by the bounds 0-5 % and 95-100 %; no value, no error, no degrees."""
    low_end = rows["value"].lt(0.5)
    bounded = rows.assign(
        low=np.where(low_end, 0.0, 1 - EXTREME_SHARE),
        high=np.where(low_end, EXTREME_SHARE, 1.0),
        interval_method="bounds",
        presentable=False,
        why_not="sensitive_extreme",
    )
    blank = ["value", "standard_error", "degrees_of_freedom", "effective_n", "design_effect"]
    return bounded.assign(**{name: np.nan for name in blank})
