"""The frame: what is refused, with lines, and what its hash stands for."""

from pathlib import Path

import pytest

from pipeline.errors import FrameError
from pipeline.sampling.draw import make_draw
from pipeline.sampling.frame import frame_hash, read_frame

GOOD = "site,county,setting,persons,need\nb,jia,rural,30,1.5\na,yi,rural,20,1\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "sites.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_sites_are_sorted_and_have_their_stratum(tmp_path: Path) -> None:
    frame = read_frame(written(tmp_path, GOOD))
    assert frame["site"].tolist() == ["a", "b"]
    assert frame["stratum"].tolist() == ["yi/rural", "jia/rural"]
    assert frame["persons"].tolist() == [20, 30]
    assert frame["line"].tolist() == [3, 2]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "site,county,setting,persons,need\n"
        "a,jia,rural,30,1\n"
        "a,jia,rural,30,1\n"
        "b,,rural,2.5,1\n"
        "\n"
        "c,jia,rural,0,-1\n"
        "d|x,jia,rural,１２,abc\n",
    )
    with pytest.raises(FrameError) as refused:
        read_frame(path)
    message = str(refused.value)
    assert "8 处有误 (8 faults)" in message
    assert "第 3 行 (line 3): 单位 'a' 已在第 2 行" in message
    assert "第 4 行 (line 4): county 为空" in message
    assert "第 4 行 (line 4): persons = '2.5'" in message
    assert "第 6 行 (line 6): persons = '0'" in message
    assert "第 6 行 (line 6): need = '-1'" in message
    assert "第 7 行 (line 7): site 含有分隔符" in message
    assert "第 7 行 (line 7): persons = '１２'" in message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "空文件"),
        ("site,county,setting,persons\na,b,c,1\n", "列 'need' 出现 0 次"),
        ("site,site,county,setting,persons,need\n", "列 'site' 出现 2 次"),
        ("site,county,setting,persons,need\na,b,c,1\n", "第 2 行 (line 2): 有 4 格"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(FrameError) as refused:
        read_frame(written(tmp_path, text))
    assert sentence in str(refused.value)


def test_a_missing_or_gbk_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match="找不到文件"):
        read_frame(tmp_path / "none.csv")
    text = GOOD.replace("jia", "甲县")
    with pytest.raises(FrameError, match="CSV UTF-8"):
        read_frame(written(tmp_path, text, "gb18030"))


def test_a_spreadsheet_that_saves_the_file_again_keeps_the_hash(tmp_path: Path) -> None:
    before = frame_hash(read_frame(written(tmp_path, GOOD)))
    again = (
        "\ufeffname,site,county,setting,persons,need\r\n"
        "甲,a,yi,rural,20,1.0\r\n乙,b,jia,rural,30,1.50\r\n"
    )
    assert frame_hash(read_frame(written(tmp_path, again))) == before


@pytest.mark.parametrize(
    ("old", "new"), [("30", "31"), ("1.5", "1.6"), ("b,jia", "b,yi"), ("b,", "c,")]
)
def test_any_change_of_content_changes_the_hash(tmp_path: Path, old: str, new: str) -> None:
    before = frame_hash(read_frame(written(tmp_path, GOOD)))
    assert frame_hash(read_frame(written(tmp_path, GOOD.replace(old, new)))) != before


def test_a_survey_without_a_frame_has_a_header_only_and_no_draw(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("site,county,setting,persons,need\n", encoding="utf-8")
    frame = read_frame(path)
    assert frame.empty
    with pytest.raises(FrameError, match="没有单位"):
        make_draw(
            frame, survey="s", wave="w", sites_per_stratum=2, persons_per_site=5,
            nonces={"a": "x" * 16, "b": "y" * 16},
        )  # fmt: skip
