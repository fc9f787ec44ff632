"""Truths are merged by wave; those that contradict themselves or the questionnaire are refused."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.simulation.frame_truths import FrameTruth
from pipeline.simulation.truths import read_truths
from pipeline.simulation.truths_check import unknown_levels
from tests.simulation.made_programme import (
    BASELINE,
    FOLLOWUP,
    FRAME,
    ORDERED,
    planted,
    questionnaire,
    truths,
    write_yaml,
)

EVERYTHING = {f"q{number}" for number in range(1, 15)}


def refused(folder: Path, raw: dict[str, Any], wave: str = FOLLOWUP) -> str:
    write_yaml(folder / "truths.yaml", raw)
    with pytest.raises(QuestionnaireError) as caught:
        read_truths(
            folder / "truths.yaml", questionnaire("residents", wave), wave, asked_elsewhere=EVERYTHING
        )  # fmt: skip
    return str(caught.value)


def test_what_differs_in_a_wave_is_merged_key_by_key_and_shares_are_replaced_whole() -> None:
    before, after = truths("residents", BASELINE), truths("residents", FOLLOWUP)
    assert sorted(before.ordered["q2"].shares) == [1, 2, 3, 4]
    assert sorted(after.ordered["q2"].shares) == [1, 2, 3, 4, 5]
    assert before.ordered["q2"].shifts == after.ordered["q2"].shifts
    assert after.ordered["q4"].shares[1] == 0.12
    assert after.ordered["q4"].person == before.ordered["q4"].person == 0.6
    assert (before.open["q10"].answered, after.open["q10"].answered) == (0.8, 0.6)
    assert after.open["q10"].themes == before.open["q10"].themes
    assert after.counts == before.counts
    assert not after.waves


def test_a_question_of_another_version_may_have_its_truth_in_the_file(tmp_path: Path) -> None:
    write_yaml(tmp_path / "truths.yaml", planted("residents"))
    asked = questionnaire("residents", BASELINE)
    assert "q13" not in {question.name for question in asked.questions}
    for elsewhere in (EVERYTHING, None):
        read = read_truths(
            tmp_path / "truths.yaml", asked, BASELINE, asked_elsewhere=elsewhere
        )  # fmt: skip
        assert "q13" in read.ordered


def test_shares_that_do_not_add_up_are_named_with_their_line(tmp_path: Path) -> None:
    raw = planted("residents")
    raw["ordered"]["q4"]["shares"] = {1: 0.5, 2: 0.7}
    said = refused(tmp_path, raw)
    line = (tmp_path / "truths.yaml").read_text(encoding="utf-8").split("  q4:")[0].count("\n") + 1
    assert f"(line {line}), ordered.q4" in said
    assert "1.2000, not 1" in said


def test_faults_of_what_differs_in_a_wave_name_their_place(tmp_path: Path) -> None:
    raw = planted("residents")
    raw["waves"][FOLLOWUP]["ordered"]["q4"]["shares"] = {1: 0.5, 2: 0.7}
    assert f"waves.{FOLLOWUP}.ordered.q4" in refused(tmp_path, raw)


def test_people_cannot_differ_between_waves(tmp_path: Path) -> None:
    raw = planted("residents")
    raw["waves"][FOLLOWUP]["people"] = {}
    assert "cannot change people" in refused(tmp_path, raw)


def test_all_misfits_are_told_together(tmp_path: Path) -> None:
    raw = planted("residents", margins=["q99"])
    raw["ordered"]["q6"]["shares"] = {1: 0.4, 2: 0.6}
    raw["ordered"]["q3"]["shifts"] = {"q12": {7: 0.1}, "region": {"x": 1}}
    raw["ordered"]["q98"] = ORDERED["q3"]
    raw["counts"] = {}
    raw["multiple"]["q8"]["none"] = 4
    raw["draw"]["nonces"] = {BASELINE: {}}
    said = refused(tmp_path, raw)
    for words in (
        "8 处有误",
        "q6: 比例给了选项 [1, 2]，问卷有 [1, 2, 3, 4, 5]",
        "q9: 没有真值",
        "q8: 比例给了选项 [1, 2, 3, 4, 4]",
        "ordered.q3.shifts: shifts 中没有 q12 7",
        "ordered.q3.shifts: shifts 中没有 region (",
        "margins.q99",
        "q98: 没有这道题",
        f"draw.nonces.{FOLLOWUP}",
    ):
        assert words in said


def test_moods_that_would_bind_a_question_to_its_route_are_refused(tmp_path: Path) -> None:
    raw = planted("residents")
    raw["ordered"]["q1"]["person"] = 0.3
    assert "q2: 与决定其路由的 q1 都有 person" in refused(tmp_path, raw)


def test_levels_that_the_frame_lacks_are_named() -> None:
    ordered = {**ORDERED, "q3": {**ORDERED["q3"], "shifts": {"county": {"jai": 0.1}}}}
    faults = unknown_levels(
        truths("residents", FOLLOWUP, ordered=ordered), FrameTruth.model_validate(FRAME)
    )
    assert [(fault.place, "jai" in fault.found) for fault in faults] == [("ordered.q3", True)]
