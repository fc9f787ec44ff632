"""What a methodologist would object to in a questionnaire that is otherwise without fault.

Each rule is a function of its own in the modules ``lint_*``; here they are run, and what was
silenced with a reason is taken out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.questionnaire.blocks import Matrix, Roster
from pipeline.questionnaire.cross_checks import placed_blocks
from pipeline.questionnaire.lint_choices import CHOICE_RULES
from pipeline.questionnaire.lint_finding import Finding
from pipeline.questionnaire.lint_ranges import RANGE_RULES
from pipeline.questionnaire.lint_routes import ROUTE_RULES
from pipeline.questionnaire.lint_whole import WHOLE_RULES
from pipeline.questionnaire.lint_wording import WORDING_RULES
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire

Rule = Callable[[Questionnaire], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    *WORDING_RULES, *CHOICE_RULES, *RANGE_RULES, *ROUTE_RULES, *WHOLE_RULES,
)  # fmt: skip
ELSEWHERE = ("unmeasured_problem", "code_reused", "type_changed")
"""Rules that look beyond one definition; see `lint_versions` and the command `check`."""
OF_PROGRAMME = ("unmeasured_problem",)
"""Rules that hold of all questionnaires together: one alone cannot tell whether it is idle."""
OF_SILENCE = ("unknown_silence", "idle_silence", "silence_without_reason")


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that the author let stand, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What the rules found, in the order of the definition, and what was silenced."""

    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...]


def rule_names() -> frozenset[str]:
    """Return the names by which rules can be silenced."""
    return frozenset(rule.__name__ for rule in RULES) | frozenset(ELSEWHERE)


def lint(questionnaire: Questionnaire, further: tuple[Finding, ...] = ()) -> Linted:
    """Hold a questionnaire against every rule.

    Parameters
    ----------
    further : findings of the rules that look beyond one definition, to be silenced here as well
    """
    silences = dict(_silences(questionnaire))
    found = [finding for rule in RULES for finding in rule(questionnaire)]
    kept, silenced, used = [], [], set()
    for finding in (*found, *further):
        by = next(
            (p for p in _outwards(finding.place) if finding.rule in silences.get(p, {})), None
        )
        if by is None or finding.severity == "error" or not silences[by][finding.rule].strip():
            kept.append(finding)
        else:
            silenced.append(Silenced(finding, silences[by][finding.rule]))
        if by is not None:
            used.add((by, finding.rule))
    kept += _of_silences(questionnaire, silences, used)
    kept.sort(key=lambda finding: _order(finding.place))
    return Linted(tuple(kept), tuple(silenced))


def _silences(questionnaire: Questionnaire) -> Iterator[tuple[Place, Mapping[str, str]]]:
    yield (), questionnaire.silence
    for block, place in placed_blocks(questionnaire):
        yield place, block.silence
        if isinstance(block, Matrix):
            for at, item in enumerate(block.items):
                yield (*place, "items", at), item.silence
        if isinstance(block, Roster):
            for at, question in enumerate(block.questions):
                yield (*place, "questions", at), question.silence


def _outwards(place: Place) -> Iterator[Place]:
    for length in range(len(place), -1, -1):
        yield place[:length]


def _of_silences(
    questionnaire: Questionnaire,
    silences: Mapping[Place, Mapping[str, str]],
    used: set[tuple[Place, str]],
) -> Iterator[Finding]:
    known = rule_names()
    for place, given in silences.items():
        for rule, reason in given.items():
            where = (*place, "silence", rule)
            if rule not in known:
                yield Finding(
                    "unknown_silence", where, f"没有叫 {rule} 的规则。",
                    f"请改成其中一个：{'、'.join(sorted(known))}。(no such rule)",
                )  # fmt: skip
            elif not reason.strip():
                yield Finding(
                    "silence_without_reason", where, f"{rule} 被静默，没有写理由。",
                    "请写明为什么这里不适用。(say why it does not apply)",
                )  # fmt: skip
            elif (place, rule) not in used and rule not in OF_PROGRAMME:
                yield Finding(
                    "idle_silence", where, f"这里没有可静默的 {rule}。",
                    "请删去这一行。(it silences nothing; delete it)",
                )  # fmt: skip


def _order(place: Place) -> list[tuple[int, str]]:
    first = {"sections": 1, "screen_outs": 2, "quotas": 3}
    return [
        (step, "") if isinstance(step, int) else (first.get(step, 0) if not at else 0, str(step))
        for at, step in enumerate(place)
    ]
