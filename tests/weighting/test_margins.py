from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import CalibrationError
from pipeline.weighting.margins import category_text, margins_of, read_margins, refuse_misfits

HEAD = "variable,category,population\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "margins.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_counts_are_read_in_the_order_of_the_file(tmp_path: Path):
    margins = read_margins(
        written(tmp_path, HEAD + "county,甲县,40\ncounty,乙县,60\n\nq02,1,100\n")
    )
    assert margins.counts == {"county": {"甲县": 40.0, "乙县": 60.0}, "q02": {"1": 100.0}}
    assert [cell.line for cell in margins.cells] == [2, 3, 5]
    assert read_margins(written(tmp_path, HEAD)).cells == ()


def test_all_faults_of_a_file_are_said_with_their_lines(tmp_path: Path):
    text = HEAD + 'county,甲县,"4,000"\ncounty,乙县,60\ncounty,乙县,61\ncounty,丙市\nq02,1,-5\n'
    with pytest.raises(CalibrationError) as refused:
        read_margins(written(tmp_path, text))
    said = str(refused.value)
    assert "4 处有误" in said
    for part in ("第 2 行", "'4,000'", "第 4 行", "在第 3 行已有", "第 5 行", "第 6 行", "-5"):
        assert part in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variable,category\n", "应为 variable,category,population"),
        ("", "（空）"),
        (HEAD + "county,甲县,100\nq02,1,90\n", "第 3 行.*90.*100"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(CalibrationError, match=said):
        read_margins(written(tmp_path, text))


def test_a_missing_file_says_what_to_put_there(tmp_path: Path):
    with pytest.raises(CalibrationError, match="只有表头"):
        read_margins(tmp_path / "none.csv")


def test_categories_that_no_weights_can_meet_are_listed_together(tmp_path: Path):
    rows = pd.DataFrame(
        {"county": ["甲县", "丁县", "丁县"], "q02": pd.array([1, 2, None], dtype="Int64")}
    )
    text = HEAD + "county,甲县,40\ncounty,乙县,60\nq02,1,50\nq02,2,50\nage,1,100\n"
    with pytest.raises(CalibrationError) as refused:
        refuse_misfits(read_margins(written(tmp_path, text)), rows)
    said = str(refused.value)
    assert "3 处有误" in said
    assert "第 3 行 (line 3), county=乙县: 没有一名受访者属于此类，而总体有 60 人" in said
    assert "2 名受访者的类别 '丁县' 没有总体数" in said
    assert "没有列 age" in said


def test_codes_are_categories_as_whole_numbers():
    column = pd.Series(pd.array([1, None, 10], dtype="Int64"))
    assert category_text(column).tolist()[0::2] == ["1", "10"]
    assert category_text(column).isna().tolist() == [False, True, False]
    assert category_text(pd.Series([1.0, 2.5])).tolist() == ["1", "2.5"]
    assert category_text(pd.Series(["甲县", ""])).isna().tolist() == [False, True]
    assert category_text(pd.Series([True, False])).tolist() == ["1", "0"]
    assert margins_of({"q": {"1": 2}}).counts == {"q": {"1": 2.0}}
