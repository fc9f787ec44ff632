"""Truths that contradict themselves or the questionnaire are refused."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.model import Questionnaire
from pipeline.simulation.truths import read_truths


def changed(root: Path, folder: Path, old: str, new: str) -> Path:
    text = (root / "questionnaires/residents/truths.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "truths.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_shares_that_do_not_add_up_are_named_with_their_line(
    root: Path, tmp_path: Path, residents: Questionnaire
) -> None:
    path = changed(root, tmp_path, "{1: 0.54, 2: 0.30, 3: 0.16}", "{1: 0.54, 2: 0.30, 3: 0.36}")
    line = path.read_text(encoding="utf-8").split("  q05:")[0].count("\n") + 1
    with pytest.raises(QuestionnaireError, match=rf"line {line}\), ordered.q05.*1\.2000, not 1"):
        read_truths(path, residents)


def test_a_code_without_a_share_is_named(
    root: Path, tmp_path: Path, residents: Questionnaire
) -> None:
    path = changed(root, tmp_path, "{1: 0.54, 2: 0.30, 3: 0.16}", "{1: 0.70, 2: 0.30}")
    with pytest.raises(QuestionnaireError, match=r"q05.*\[1, 2, 3\]"):
        read_truths(path, residents)


def test_a_question_without_a_truth_is_named(
    root: Path, tmp_path: Path, residents: Questionnaire
) -> None:
    path = changed(root, tmp_path, "  q06: {mean", "  q99: {mean")
    with pytest.raises(QuestionnaireError, match="q06"):
        read_truths(path, residents)
