"""The grade of a finding, computed from its evidence and never typed.

- A (confirmed): a probability sample, the statistical rules pass, nonresponse was looked into,
  and an independent source of another kind agrees while none contradicts. Answers to open
  questions come from the same respondents and are no independent source; interviews are.
- B (rather reliable): the statistical rules pass on a single kind of source.
- C (a lead): not a probability sample, or exploratory, or at least two reports from two sites;
  and whatever is contradicted by another source, until the contradiction is explained.
- D (to be verified): a single report.
"""

from dataclasses import dataclass

from pipeline.findings.finding import Grade
from pipeline.findings.wording import said
from pipeline.i18n import Text

SITES = 2
"""Interviews speak for more than one report from this number of sites on."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a grade depends on.

    Attributes
    ----------
    survey : the finding rests on a published estimate
    probability_sample : people were drawn with known probabilities
    rules_passed : the presentation rule and, for a claimed difference, q and size
    exploratory : the question was not declared as a measure before answers were seen
    bias_checked : the response rate is known and the representativity was recorded
    agreeing, agreeing_sites : interviews that agree with the statement, and their sites
    contradicting : interviews that contradict it
    explained : how many of those a person explained and signed
    """

    survey: bool
    probability_sample: bool = False
    rules_passed: bool = False
    exploratory: bool = False
    bias_checked: bool = False
    agreeing: int = 0
    agreeing_sites: int = 0
    contradicting: int = 0
    explained: int = 0


def grade(evidence: Evidence) -> tuple[Grade, Text]:
    """Return the grade and the sentence that gives its reason."""
    letter, reason = _grade(evidence)
    return letter, said(f"reason_{reason}")


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
    if not evidence.bias_checked:
        return "B", "bias_unchecked"
    return "A", "confirmed"
