"""How far the coding of the interviews can be relied on: coders against each other, and rules.

Source of alpha: `pipeline.agreement.krippendorff`. A value is None where it cannot be told: no
passage coded twice, or nothing varies.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Alpha(_Record):
    """Krippendorff's alpha, nominal.

    `n` units that both coders coded, `used` of them to which at least one gave the code.
    """

    value: float | None = None
    n: int = 0
    used: int = 0


class ThemeAlpha(Alpha):
    """Whether a passage speaks of one theme: units are passages."""

    theme: str
    problem: str


class RuleCheck(_Record):
    """The rules held against what the coders agree on.

    Units are decisions (passage by theme) on which the coders agree. `by_rule` of them the rules
    give the theme, `by_coders` the coders do, `both` both; `same_stance` of the latter. Rules that
    were written with these passages at hand look better here than they will on new ones.
    """

    by_rule: int = 0
    by_coders: int = 0
    both: int = 0
    same_stance: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the rules' themes that the coders give, too."""
        return self.both / self.by_rule if self.by_rule else None

    @property
    def recall(self) -> float | None:
        """Share of the coders' themes that the rules find."""
        return self.both / self.by_coders if self.by_coders else None


class OpenPassage(_Record):
    """A passage on which the coders differ, and in which themes; the rule's code stands."""

    interview: str
    passage: int
    themes: tuple[str, ...]


class MissingPassages(_Record):
    """How many passages were deleted from a coder's sheet."""

    coder: str
    passages: int


class Reliability(_Record):
    """What the coding sheets say of the coding.

    `passages` can be coded (all but the interviewer's), `coded` were by two coders. `themes` is
    alpha over all decisions, passage by theme; `stance` over passages and themes that both gave.
    `missing` has every coder, 0 for a whole sheet.
    """

    coders: tuple[str, ...] = ()
    missing: tuple[MissingPassages, ...] = ()
    passages: int = 0
    coded: int = 0
    themes: Alpha = Alpha()
    stance: Alpha = Alpha()
    by_theme: tuple[ThemeAlpha, ...] = ()
    rules: RuleCheck = RuleCheck()
    open: tuple[OpenPassage, ...] = ()


def read_reliability(path: Path) -> Reliability:
    """Read what stage `interviews` wrote."""
    return Reliability.model_validate_json(path.read_text(encoding="utf-8"))


def write_reliability(reliability: Reliability, path: Path) -> None:
    """Write it as JSON; the same record gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reliability.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
