"""What the rules judge is computed from the responses: pace, straight lines, telephone numbers."""

import pandas as pd
import pytest

from pipeline.questionnaire.model import Questionnaire
from pipeline.validation.checked import checked_columns
from tests.conftest import text
from tests.validation.made import NO_VERBATIMS, responses, verbatims

NAMES = [f"s{n}" for n in range(1, 8)]


def scales(battery: int, reverse: tuple[str, ...] = ()) -> Questionnaire:
    """Return seven scales of five points, the first `battery` of them one battery."""
    points = [{"code": code, "text": text(f"第{code}级")} for code in range(1, 6)]
    fields = ("title", "population", "respondents", "mode", "commissioned_by", "conducted_by")
    questions = [
        {
            "name": name, "type": "scale", "text": text(name), "choices": points,
            "battery": "mood" if n < battery else "", "reverse": name in reverse,
        }
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    return Questionnaire.model_validate(
        dict.fromkeys([*fields, "limitation", "introduction"], text("某"))
        | {"survey": "scales", "minutes": 3, "simulated": True}
        | {"batteries": [{"name": "mood", "title": text("心情")}] if battery else []}
        | {"sections": [{"title": text("一"), "questions": questions}]}
    )


def lined(questionnaire: Questionnaire, points: str) -> bool:
    """Tell whether answers such as 3333333 (- for none) are judged a straight line."""
    answers = {n: pd.NA if p == "-" else int(p) for n, p in zip(NAMES, points, strict=True)}
    row = {
        "respondent": "r", "raw_row": 2, "person": pd.NA, "site": pd.NA, "submitted": "",
        "seconds": 300.0, "undecoded": "", "conflicting": "", **answers,
        **{f"{name}__missing": "" for name in NAMES},
    }  # fmt: skip
    frame = pd.DataFrame([row]).astype(dict.fromkeys(NAMES, "Int64"))
    found = checked_columns(frame, questionnaire, NO_VERBATIMS)["same_point_throughout"]
    return bool(found.iloc[0])


@pytest.mark.parametrize(
    ("points", "judged"),
    [
        ("4444412", True),  # the battery alone counts
        ("3333325", True),  # also at the middle
        ("444441-", True),
        ("4444-44", False),  # four answers are too few
        ("4444244", False),
        ("44-4444", False),  # the reversed item was left out, and four are left
    ],
)
def test_one_point_throughout_a_battery_with_a_reversed_item(points: str, judged: bool) -> None:
    assert lined(scales(5, reverse=("s3",)), points) is judged


def test_without_answers_to_reversed_items_one_point_can_be_true() -> None:
    questionnaire = scales(6, reverse=("s6",))
    assert not lined(questionnaire, "44444-4")
    assert lined(questionnaire, "4444441")


@pytest.mark.parametrize("questionnaire", [scales(0), scales(5), scales(4, reverse=("s3",))])
def test_where_no_battery_can_be_judged_all_scales_are(questionnaire: Questionnaire) -> None:
    assert lined(questionnaire, "4444444")
    assert lined(questionnaire, "444--44")
    assert not lined(questionnaire, "4444441")
    assert not lined(questionnaire, "444---4")


def test_telephone_numbers_in_open_answers_are_counted(questionnaire: Questionnaire) -> None:
    rows = responses(questionnaire, [{}, {}, {}])
    said = verbatims(
        [
            ("r0", "q5", "请打〔电话〕"),
            ("r1", "q5", "请找〔姓名〕主任，电话打不通"),
            ("r2", "q5", "打〔电话〕或〔电话〕"),
        ]
    )
    found = checked_columns(rows, questionnaire, said)["phones_in_open_answers"]
    assert found.tolist() == [1, 0, 1]


def test_pace_is_measured_by_the_median(questionnaire: Questionnaire) -> None:
    rows = responses(questionnaire, [{"seconds": s} for s in (100.0, 200.0, 300.0, pd.NA)])
    pace = checked_columns(rows, questionnaire, NO_VERBATIMS)["seconds_by_median"]
    assert pace.tolist()[:3] == [0.5, 1.0, 1.5]
    assert pd.isna(pace.iloc[3])
    none = responses(questionnaire, [{"seconds": pd.NA}])
    assert checked_columns(none, questionnaire, NO_VERBATIMS)["seconds_by_median"].isna().all()
