"""A survey is made anew only where nothing that was fielded or given is lost."""

from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.intake.redo import discard


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "questionnaires/mine/questionnaire.yaml",
        "questionnaires/mine/versions/.gitkeep",
        "data/raw/mine/w1/source.yaml",
        "data/raw/draws/mine/w1/sites.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    return tmp_path


def test_what_was_made_from_files_goes(made: Path) -> None:
    discard("mine", "w1", [made / "elsewhere.csv"])
    assert not [path for path in made.rglob("mine") if path.exists()]


@pytest.mark.parametrize(
    ("file", "wave", "given", "why"),
    [
        ("questionnaires/mine/versions/0a1b2c3d4e5f.yaml", "w1", "a.csv", "已冻结"),
        ("data/raw/mine/w0/answers.csv", "w1", "a.csv", "不是由 diaoyan new 建立的"),
        ("data/raw/mine/w0/source.yaml", "w1", "a.csv", "已有轮次 w0、w1"),
        ("data/raw/mine/w1/a.csv", "w1", "data/raw/mine/w1/a.csv", "重做会删去这个文件"),
    ],
)
def test_otherwise_it_is_refused_and_all_stays(
    made: Path, file: str, wave: str, given: str, why: str
) -> None:
    (made / file).parent.mkdir(parents=True, exist_ok=True)
    (made / file).write_text("", encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=why):
        discard("mine", wave, [Path(given)])
    assert (made / file).is_file()
    assert (made / "questionnaires/mine/questionnaire.yaml").is_file()
