"""Frozen versions: kept once, never changed; each wave fields one of them."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.questionnaire.versions import (
    Launch,
    freeze,
    launched,
    read_fielded,
    read_launches,
    read_versions,
    refuse_unlaunched,
    unlaunched,
)

WAVE, NEXT = "2026-baseline", "2026-followup"


SMALL = """\
survey: small
title: {zh: 小问卷}
population: {zh: 居民}
respondents: {zh: 受访者}
minutes: 3
mode: {zh: 网页}
commissioned_by: {zh: 甲}
conducted_by: {zh: 乙}
simulated: true
limitation: {zh: 小}
introduction: {zh: 您好}
sections:
  - title: {zh: 一}
    questions:
      - name: q08
        type: single_choice
        text: {zh: 兑现了没有？}
        choices: [{code: 1, text: {zh: 兑现了}}, {code: 2, text: {zh: 没有}}]
        measure:
          problem: A4.1
          unfavourable: [2]
          claim: {zh: 表示没有兑现}
          standard: {value: 0.40, kind: duty, text: {zh: 不高于40%}}
      - name: q16
        type: single_choice
        text: {zh: 您的性别}
        choices: [{code: 1, text: {zh: 男}}, {code: 2, text: {zh: 女}}]
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("survey", ["residents", "cadres", "served_units"])
def test_the_example_is_frozen_as_it_stands(root: Path, survey: str) -> None:
    folder = root / "questionnaires" / survey
    fielded = read_fielded(folder / "questionnaire.yaml", folder / "versions", NEXT)
    assert fielded.version == list(fielded.versions)[-1]
    assert fielded.changed_measures == ()
    assert launched(folder / "versions", WAVE) not in (None, fielded.version)


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


def test_a_measure_changed_after_launch_is_named(definition: Path) -> None:
    versions = definition.parent / "versions"
    assert "q08" in read_fielded(definition, versions, WAVE).changed_measures  # nothing was locked
    freeze(definition, versions, WAVE)
    assert read_fielded(definition, versions, WAVE).changed_measures == ()
    edited(definition, "value: 0.40", "value: 0.45")
    assert read_fielded(definition, versions, WAVE).changed_measures == ("q08",)


def test_a_wave_is_launched_with_the_version_frozen_for_it(definition: Path) -> None:
    versions = definition.parent / "versions"
    assert launched(versions, WAVE) is None
    old = freeze(definition, versions, WAVE).stem
    edited(definition, "zh: 您的性别", "zh: 您是男性还是女性")
    new = freeze(definition, versions, NEXT).stem
    assert (launched(versions, WAVE), launched(versions, NEXT)) == (old, new)
    written = (versions / "launches.csv").read_text(encoding="utf-8")
    assert written == f"wave,version\n{WAVE},{old}\n{NEXT},{new}\n"
    assert freeze(definition, versions, NEXT).stem == new  # the same again changes nothing
    assert (versions / "launches.csv").read_text(encoding="utf-8") == written


def test_a_launched_wave_keeps_its_version(definition: Path) -> None:
    versions = definition.parent / "versions"
    old = freeze(definition, versions, WAVE)
    edited(definition, "zh: 您的性别", "zh: 您是男性还是女性")
    with pytest.raises(QuestionnaireError, match=f"{WAVE} 已按版本 {old.stem} 发放"):
        freeze(definition, versions, WAVE)
    assert [path.name for path in sorted(versions.glob("*.yaml"))] == [old.name]


def test_a_wave_fields_the_definition_where_nothing_was_ever_frozen(definition: Path) -> None:
    versions = definition.parent / "versions"
    versions.mkdir()
    (versions / ".gitkeep").touch()
    fielded = read_fielded(definition, versions, NEXT)
    assert fielded.version == version_hash(read_questionnaire(definition))
    refuse_unlaunched("small", versions, [WAVE, NEXT])
    assert unlaunched(versions, [WAVE, NEXT]) == (WAVE, NEXT)


def test_waves_not_written_down_are_refused_once_versions_are_frozen(definition: Path) -> None:
    versions = definition.parent / "versions"
    old = freeze(definition, versions, WAVE).stem
    with pytest.raises(QuestionnaireError, match=f"launches.csv 没有 {NEXT} 这一轮") as refused:
        read_fielded(definition, versions, NEXT)
    assert f"diaoyan freeze small --wave {NEXT}" in str(refused.value)
    assert old in str(refused.value)
    (versions / "launches.csv").unlink()
    with pytest.raises(QuestionnaireError) as refused:
        refuse_unlaunched("small", versions, [WAVE, NEXT])
    assert str(refused.value).count("diaoyan freeze") == 2


def test_an_earlier_wave_is_judged_by_its_own_measures(definition: Path) -> None:
    versions = definition.parent / "versions"
    old = freeze(definition, versions, WAVE).stem
    edited(definition, "zh: 您的性别", "zh: 您是男性还是女性")
    freeze(definition, versions, NEXT)
    edited(definition, "value: 0.40", "value: 0.45")
    earlier, later = (read_fielded(definition, versions, wave) for wave in (WAVE, NEXT))
    assert earlier.version == old
    assert earlier.changed_measures == ()
    assert later.changed_measures == ("q08",)
    values = []
    for fielded in (earlier, later):
        measure = fielded.versions[fielded.version].question("q08").measure
        assert measure is not None
        assert measure.standard is not None
        values.append(measure.standard.value)
    assert values == [0.40, 0.45]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version,wave\n", ["line 1", "wave,version"]),
        ("wave,version\n2026-baseline\n", ["line 2", "轮次,版本号"]),
        ("wave,version\na,000000000000\n\na,111111111111\n",
         ["3 处有误", "line 2", "没有 000000000000.yaml", "line 4", "轮次 a 在第 2 行已经写过"]),
    ],
)  # fmt: skip
def test_faults_of_the_launches_are_told_with_their_lines(
    definition: Path, text: str, said: list[str]
) -> None:
    versions = definition.parent / "versions"
    freeze(definition, versions)
    (versions / "launches.csv").write_text(text, encoding="utf-8")
    with pytest.raises(QuestionnaireError) as refused:
        read_versions(definition, versions)
    assert all(part in str(refused.value) for part in said)
    assert "launches.csv" in str(refused.value)


def test_launches_are_read_as_a_spreadsheet_saves_them(definition: Path) -> None:
    versions = definition.parent / "versions"
    version = freeze(definition, versions).stem
    (versions / "launches.csv").write_text(
        f"\ufeffwave,version\r\n{WAVE} ,{version}\r\n", encoding="utf-8"
    )
    assert read_launches(versions) == (Launch(WAVE, version),)
