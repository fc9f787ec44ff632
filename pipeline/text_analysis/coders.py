"""Two human coders: how far they agree, what they decide, and what stays open.

Where the coders agree on a theme of a passage, their code counts and replaces the rule's; where
they differ the rule's stays, and the passage is listed as open. Agreement is Krippendorff's
alpha, for each theme on whether a passage speaks of it, and on the stance where both say it does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.agreement import krippendorff_alpha
from pipeline.text_analysis.coding import Codeframe, Stance, Theme
from pipeline.text_analysis.interviews import Call, Calls, Key
from pipeline.text_analysis.reliability import (
    Alpha,
    MissingPassages,
    OpenPassage,
    Reliability,
    RuleCheck,
    ThemeAlpha,
)

BY_CODERS = "coders"


@dataclass(frozen=True, slots=True)
class Judged:
    """What one coder gave: by passage the themes with their stance; not coded is not a key."""

    coder: str
    codes: Mapping[Key, Mapping[str, Stance]]
    missing: int = 0
    """Passages that the sheet was made with and that are not there any more."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """One theme of one passage, on which at least two coders judged."""

    key: Key
    theme: Theme
    given: tuple[bool, ...]
    stances: tuple[Stance, ...]
    """Of the coders that gave the theme."""
    by_rule: Call | None

    @property
    def agreed(self) -> bool:
        return len(set(self.given)) == 1

    @property
    def open(self) -> bool:
        """Whether the coders differ in the theme or in its stance."""
        return not self.agreed or len(set(self.stances)) > 1

    @property
    def call(self) -> Call | None:
        """The final code, None where the passage does not speak of the theme."""
        if not self.agreed:
            return self.by_rule
        if not self.given[0]:
            return None
        ruled = self.by_rule.stance if self.by_rule else ""
        stance = self.stances[0] if len(set(self.stances)) == 1 else ruled
        rule = self.by_rule.rule if self.by_rule else BY_CODERS
        return Call(self.theme.code, stance, rule, "coders")


def reconciled(
    ruled: Calls, judged: Sequence[Judged], frame: Codeframe
) -> tuple[Calls, Reliability]:
    """Return the final codes, and how far they can be relied on.

    Parameters
    ----------
    ruled : the rules' codes of all passages that can be coded
    judged : what the coders gave; passages that fewer than two coded keep the rules' codes
    """
    decisions = {
        key: list(_decisions(key, calls, judged, frame))
        for key, calls in ruled.items()
        if sum(key in one.codes for one in judged) >= 2
    }
    final = {
        key: [one.call for one in decisions[key] if one.call] if key in decisions else calls
        for key, calls in ruled.items()
    }
    return final, _reliability(decisions, ruled, judged, frame)


def _decisions(
    key: Key, calls: Sequence[Call], judged: Sequence[Judged], frame: Codeframe
) -> Sequence[_Decision]:
    by_rule = {call.theme: call for call in calls}
    codes = [one.codes[key] for one in judged if key in one.codes]
    return [
        _Decision(
            key,
            theme,
            tuple(theme.code in given for given in codes),
            tuple(given[theme.code] for given in codes if theme.code in given),
            by_rule.get(theme.code),
        )
        for theme in frame.themes
    ]


def _reliability(
    decisions: Mapping[Key, Sequence[_Decision]],
    ruled: Calls,
    judged: Sequence[Judged],
    frame: Codeframe,
) -> Reliability:
    every = [one for group in decisions.values() for one in group]
    both = [one for one in every if one.agreed and one.given[0] and one.theme.problem]
    return Reliability(
        coders=tuple(sorted(one.coder for one in judged)),
        missing=tuple(
            MissingPassages(coder=one.coder, passages=one.missing)
            for one in sorted(judged, key=lambda one: one.coder)
        ),
        passages=len(ruled),
        coded=len(decisions),
        themes=_of_themes(every),
        stance=_alpha([[one or "neither" for one in each.stances] for each in both], len(both)),
        by_theme=tuple(
            ThemeAlpha(
                theme=theme.code,
                problem=theme.problem,
                **_of_themes([one for one in every if one.theme is theme]).model_dump(),
            )
            for theme in frame.themes
        ),
        rules=_rule_check(every),
        open=tuple(
            OpenPassage(interview=key[0], passage=key[1], themes=themes)
            for key, group in decisions.items()
            if (themes := tuple(one.theme.code for one in group if one.open))
        ),
    )


def _of_themes(decisions: Sequence[_Decision]) -> Alpha:
    used = sum(any(one.given) for one in decisions)
    return _alpha([["yes" if yes else "no" for yes in one.given] for one in decisions], used)


def _alpha(codes: Sequence[Sequence[str]], used: int) -> Alpha:
    value = krippendorff_alpha(pd.DataFrame(codes)) if codes else math.nan
    return Alpha(value=None if math.isnan(value) else value, n=len(codes), used=used)


def _rule_check(decisions: Sequence[_Decision]) -> RuleCheck:
    agreed = [one for one in decisions if one.agreed]
    both = [one for one in agreed if one.given[0] and one.by_rule]
    return RuleCheck(
        by_rule=sum(one.by_rule is not None for one in agreed),
        by_coders=sum(one.given[0] for one in agreed),
        both=len(both),
        same_stance=sum(
            set(one.stances) == {one.by_rule.stance} for one in both if one.by_rule is not None
        ),
    )
