"""Rules that hold a definition against its earlier versions: codes and names keep their meaning.

The codes of a scale are its points: a scale of more or fewer points numbers all of them anew, and
`comparability` keeps the two apart. That is a warning; other codes that are reused are errors.
"""

from collections.abc import Iterator, Mapping

from pipeline.questionnaire.comparability import bare
from pipeline.questionnaire.cross_checks import placed_blocks, placed_questions
from pipeline.questionnaire.lint_finding import Finding
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Question, Scale

LIKE = 0.4


def reused(
    questionnaire: Questionnaire, versions: Mapping[str, Questionnaire]
) -> Iterator[Finding]:
    """Yield codes that meant something else, and names that were questions of another type.

    Parameters
    ----------
    versions : frozen versions by hash
    """
    told: set[Place] = set()
    for version, before in versions.items():
        earlier = {question.name: question for question in before.questions}
        for block, place in placed_blocks(questionnaire):
            for question, where in placed_questions(block, place):
                old = earlier.get(question.name)
                for finding in _between(old, question, where, version) if old else ():
                    if finding.place not in told:
                        told.add(finding.place)
                        yield finding


def _between(old: Question, new: Question, where: Place, version: str) -> Iterator[Finding]:
    if old.type != new.type:
        yield Finding(
            "type_changed", (*where, "type"),
            f"{new.name} 在版本 {version} 里是 {old.type}，现在是 {new.type}。",
            "题名不能换题型：请用新的题名。(a name keeps its type; use a new name)", "error",
        )  # fmt: skip
    elif isinstance(old, ChoiceQuestion) and isinstance(new, ChoiceQuestion):
        yield from _other_meanings(old, new, where, version)


def _other_meanings(
    old: ChoiceQuestion, new: ChoiceQuestion, where: Place, version: str
) -> Iterator[Finding]:
    points = [len(question.substantive) for question in (old, new)]
    if isinstance(new, Scale) and points[0] != points[1]:
        yield Finding(
            "code_reused", (*where, "choices"),
            f"版本 {version} 里是 {points[0]} 级，现在是 {points[1]} 级，同一编码前后意思不同。",
            "前后不可比；请核对各轮按所发放的版本解码，并写明理由，或用新的题名。"
            "(another number of points: the codes mean something else)",
        )  # fmt: skip
        return
    meant = {choice.code: choice for choice in old.choices}
    for at, choice in enumerate(new.choices):
        was = meant.get(choice.code)
        if was is None or (_alike(was.text.zh, choice.text.zh) and was.missing == choice.missing):
            continue
        yield Finding(
            "code_reused", (*where, "choices", at),
            f"编码 {choice.code} 在版本 {version} 里是“{was.text.zh}”，现在是“{choice.text.zh}”。",
            "编码不能改作他用：新的选项请用新的编码。(a code keeps its meaning; use a new code)",
            "error",
        )  # fmt: skip


def _alike(one: str, two: str) -> bool:
    """Tell whether two texts may say the same: one holds the other, or they share most words."""
    first, second = set(bare(one)), set(bare(two))
    if not first or not second:
        return first == second
    return len(first & second) / min(len(first), len(second)) >= LIKE
