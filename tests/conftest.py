"""What several tests need: where the reference files lie, and a small questionnaire."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.questionnaire.model import Questionnaire

settings.register_profile("diaoyan", deadline=None)
settings.load_profile("diaoyan")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference and sample files; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("DIAOYAN_SHARED", ROOT.parent / "shared"))
    if not (folder / "reference").is_dir():
        pytest.skip("../shared is absent (set DIAOYAN_SHARED)")
    return folder


@pytest.fixture(scope="session")
def engine(root: Path) -> Path:
    """The built form engine; a run of the suite without set-up says what to do."""
    made = root / "build" / "form" / "survey.js"
    assert made.is_file(), "build/form is missing: run `python3 bootstrap.py` first"
    return made


def text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def small_questionnaire() -> Questionnaire:
    """One question of each type, with a route, missing codes and an exclusive choice."""
    yes_no = [
        {"code": 1, "name": "yes", "text": text("是")},
        {"code": 2, "name": "no", "text": text("否")},
    ]
    points = [{"code": code, "text": text(f"第{code}级")} for code in range(1, 6)]
    return Questionnaire.model_validate(
        {
            "survey": "small", "title": text("小问卷"), "population": text("居民"),
            "respondents": text("受访者"), "minutes": 3, "mode": text("网页"),
            "commissioned_by": text("甲"), "conducted_by": text("乙"), "simulated": True,
            "limitation": text("小"), "introduction": text("您好"),
            "sections": [{"title": text("一"), "questions": [
                {"name": "q1", "type": "single_choice", "text": text("参加过吗？"), "required": True,
                 "choices": [*yes_no, {"code": 9, "name": "refused", "text": text("不愿回答"), "missing": "refused"}]},
                {"name": "q2", "type": "scale", "text": text("满意吗？"), "show_if": {"=": ["q1", 1]},
                 "choices": [*points, {"code": 8, "name": "dk", "text": text("说不清"), "missing": "dont_know"}]},
                {"name": "q3", "type": "multiple_choice", "text": text("哪些？"), "max_choices": 2,
                 "choices": [{"code": 1, "name": "a", "text": text("甲")}, {"code": 2, "name": "b", "text": text("乙")},
                             {"code": 3, "name": "c", "text": text("丙")},
                             {"code": 4, "name": "none", "text": text("都没有"), "exclusive": True}]},
                {"name": "q4", "type": "number", "text": text("几次？"), "minimum": 0, "maximum": 31},
                {"name": "q5", "type": "open_ended", "text": text("为什么？")},
            ]}],
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return small_questionnaire()
