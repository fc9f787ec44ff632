"""The grade of a finding, computed from its evidence and never typed.

- A (confirmed): a probability sample, the statistical rules pass, the check of nonresponse holds
  (`nonresponse_faults`), and an independent source of another kind agrees while none contradicts.
  Answers to open questions come from the same respondents and are no independent source;
  interviews are.
- B (rather reliable): the statistical rules pass on a single kind of source.
- C (a lead): not a probability sample, or exploratory, or at least two reports from two sites;
  and whatever is contradicted by another source, until the contradiction is explained.
- D (to be verified): a single report.
"""

from dataclasses import dataclass
from typing import Literal

from pipeline.findings.finding import Grade
from pipeline.findings.wording import said
from pipeline.i18n import Text

SITES = 2
"""Interviews speak for more than one report from this number of sites on."""

LARGEST_GAP = 0.10
"""Largest gap, in share, between respondents with base weights and the known margins.

Raking removes the gap of the raked variables, but whatever goes with them as strongly stays: a
sample that missed a group by more than ten points before raking leans on few people of it.
"""
LARGEST_ITEM_NONRESPONSE = 0.20
"""Largest share of those asked who gave no answer of substance to the question.

With a fifth missing, respondents who differ by 25 points from the rest move the share by five
points, the smallest difference that the programme calls important.
"""
NonresponseFault = Literal[
    "rate_unknown", "gap_unknown", "gap_large", "item_unknown", "item_large"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a grade depends on.

    Attributes
    ----------
    survey : the finding rests on a published estimate
    probability_sample : people were drawn with known probabilities
    rules_passed : the presentation rule and, for a claimed difference, q and size
    exploratory : the measure or its standard was changed or added after launch
    nonresponse_faults : what fails of the check of nonresponse; a check not made fails
    agreeing, agreeing_sites : interviews that agree with the statement, and their sites
    contradicting : interviews that contradict it
    explained : how many of those a person explained and signed
    """

    survey: bool
    probability_sample: bool = False
    rules_passed: bool = False
    exploratory: bool = False
    nonresponse_faults: tuple[NonresponseFault, ...] = ("rate_unknown",)
    agreeing: int = 0
    agreeing_sites: int = 0
    contradicting: int = 0
    explained: int = 0


def nonresponse_faults(
    response_rate: float | None, largest_gap: float | None, item_nonresponse: float | None
) -> tuple[NonresponseFault, ...]:
    """Return what fails of the check of nonresponse; nothing if it holds.

    Parameters
    ----------
    response_rate : AAPOR RR1; it needs to be known, no value of it makes a sample good or bad
    largest_gap : between base-weighted respondents and the margins (shares, 0-1)
    item_nonresponse : share of those asked without an answer of substance to the question
    """
    faults: list[NonresponseFault] = []
    if response_rate is None:
        faults.append("rate_unknown")
    if largest_gap is None:
        faults.append("gap_unknown")
    elif not largest_gap <= LARGEST_GAP:
        faults.append("gap_large")
    if item_nonresponse is None:
        faults.append("item_unknown")
    elif not item_nonresponse <= LARGEST_ITEM_NONRESPONSE:
        faults.append("item_large")
    return tuple(faults)


def grade(evidence: Evidence) -> tuple[Grade, Text]:
    """Return the grade and the sentence that gives its reason."""
    letter, reason = _grade(evidence)
    words = said(f"reason_{reason}")
    if letter not in "AB":
        return letter, words
    checks = [said(f"nonresponse_{fault}") for fault in evidence.nonresponse_faults]
    checks = checks or [said("nonresponse_holds")]
    return letter, Text(
        zh="；".join([words.zh, *(one.zh for one in checks)]),
        en="; ".join([words.en, *(one.en for one in checks)]),
    )


def _grade(evidence: Evidence) -> tuple[Grade, str]:
    if not evidence.survey or not evidence.rules_passed:
        several = evidence.agreeing >= SITES and evidence.agreeing_sites >= SITES
        return ("C", "interviews") if several else ("D", "one_report")
    if not evidence.probability_sample:
        return "C", "no_probability_sample"
    if evidence.exploratory:
        return "C", "exploratory"
    if evidence.contradicting > evidence.explained:
        return "C", "contradicted"
    if evidence.agreeing == 0 or evidence.agreeing_sites < SITES:
        return "B", "single_source"
    if evidence.nonresponse_faults:
        return "B", "agreed_only"
    return "A", "confirmed"
