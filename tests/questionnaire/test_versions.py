"""Frozen versions: kept once, never changed."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.questionnaire.versions import changed_measures, freeze, read_versions


@pytest.fixture
def definition(root: Path, tmp_path: Path) -> Path:
    path = tmp_path / "questionnaire.yaml"
    path.write_bytes((root / "questionnaires/residents/questionnaire.yaml").read_bytes())
    return path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_example_is_frozen_as_it_stands(root: Path) -> None:
    folder = root / "questionnaires/residents"
    current = version_hash(read_questionnaire(folder / "questionnaire.yaml"))
    assert (folder / "versions" / f"{current}.yaml").is_file()
    assert list(read_versions(folder / "questionnaire.yaml", folder / "versions"))[-1] == current


def test_a_version_is_frozen_once(definition: Path) -> None:
    versions = definition.parent / "versions"
    frozen = freeze(definition, versions)
    before = frozen.read_bytes()
    edited(definition, "value: 0.40", "value: 0.45")  # a standard is no part of the version
    assert freeze(definition, versions) == frozen
    assert frozen.read_bytes() == before
    (only,) = read_versions(definition, versions).values()
    measure = only.question("q08").measure
    assert measure is not None
    assert measure.standard is not None
    assert measure.standard.value == 0.45  # the definition counts, not its frozen copy


def test_a_new_wording_is_a_new_version_beside_the_old(definition: Path) -> None:
    versions = definition.parent / "versions"
    old = freeze(definition, versions).stem
    edited(definition, "zh: 您的性别", "zh: 您是男性还是女性")
    new = freeze(definition, versions).stem
    read = read_versions(definition, versions)
    assert list(read) == [old, new]
    assert read[old].question("q16").text.zh == "您的性别"
    assert read[new].question("q16").text.zh == "您是男性还是女性"


def test_a_definition_that_is_not_frozen_is_read_last(definition: Path) -> None:
    versions = definition.parent / "versions"
    assert len(read_versions(definition, versions)) == 1
    assert not versions.exists()


def test_a_frozen_file_that_was_changed_is_refused(definition: Path) -> None:
    versions = definition.parent / "versions"
    frozen = freeze(definition, versions)
    edited(frozen, "zh: 您的性别", "zh: 性别")
    with pytest.raises(QuestionnaireError) as refused:
        read_versions(definition, versions)
    assert frozen.name in str(refused.value)
    assert "已冻结的版本不可改动" in str(refused.value)


def test_a_measure_changed_after_launch_is_named(root: Path, definition: Path) -> None:
    versions = definition.parent / "versions"
    assert "q08" in changed_measures(definition, versions)  # nothing was locked yet
    freeze(definition, versions)
    assert changed_measures(definition, versions) == ()
    edited(definition, "value: 0.40", "value: 0.45")
    assert changed_measures(definition, versions) == ("q08",)
