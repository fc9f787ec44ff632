"""Frozen versions of a questionnaire: what was asked stays on file under its content's hash."""

from pathlib import Path

from pipeline.errors import Fault, QuestionnaireError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire, version_hash


def freeze(definition: Path, versions: Path) -> Path:
    """Keep the definition as it stands as ``versions/<hash>.yaml``, once; return that file.

    A version already frozen is left alone: its comments or measures may differ from the
    definition's, what respondents see and the codes cannot.
    """
    frozen = versions / f"{version_hash(read_questionnaire(definition))}.yaml"
    if not frozen.exists():
        versions.mkdir(parents=True, exist_ok=True)
        frozen.write_bytes(definition.read_bytes())
    return frozen


def read_versions(definition: Path, versions: Path) -> dict[str, Questionnaire]:
    """Read the definition and every frozen version, by hash; the definition comes last.

    The definition stands for its own hash also where that version is frozen, so that a measure
    corrected after launch is the one that counts.

    Raises
    ------
    QuestionnaireError
        A frozen file was changed after launch: its name is not the hash of its content.
    """
    faults, read = [], {}
    for path in sorted(versions.glob("*.yaml")):
        questionnaire = read_questionnaire(path)
        found = version_hash(questionnaire)
        if path.stem != found:
            faults.append(
                Fault(
                    path.name,
                    f"内容的版本号是 {found}，与文件名不符 (the content hashes to {found}).",
                    "已冻结的版本不可改动：请恢复原文件，改动写在 questionnaire.yaml 并重新冻结。"
                    "(restore the file; change the definition instead and freeze it)",
                )
            )
        read[found] = questionnaire
    if faults:
        raise QuestionnaireError(gathered(versions, faults))
    current = read_questionnaire(definition)
    read.pop(version_hash(current), None)
    read[version_hash(current)] = current
    return read


def changed_measures(definition: Path, versions: Path) -> tuple[str, ...]:
    """Return the questions whose measure is not the one that was frozen at launch.

    A standard, or the set of answers that count as unfavourable, that was chosen after the answers
    came in proves nothing: findings on these questions are exploratory. Where the definition was
    never frozen, no measure was locked.
    """
    current = read_questionnaire(definition)
    frozen = versions / f"{version_hash(current)}.yaml"
    locked = read_questionnaire(frozen) if frozen.is_file() else None
    return tuple(
        question.name
        for question, measure in current.measures()
        if locked is None or locked.question(question.name).measure != measure
    )
