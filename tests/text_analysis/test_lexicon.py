from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.text_analysis.lexicon import read_lexicon


def test_a_lexicon_is_read_without_comments(tmp_path: Path):
    path = tmp_path / "lexicon.txt"
    path.write_text("# 说明\n党支部\n\n12345 热线  # 电话\n", encoding="utf-8")
    assert read_lexicon(path) == ("党支部", "12345 热线")
    path.write_text("", encoding="utf-8")
    assert read_lexicon(path) == ()


def test_faults_of_a_lexicon_are_said_together(tmp_path: Path):
    path = tmp_path / "lexicon.txt"
    path.write_text("甲\n乙\n甲\n乙\n", encoding="utf-8")
    with pytest.raises(SurveyError, match=r"(?s)2 处有误.*第 3 行.*第 1 行.*第 4 行"):
        read_lexicon(path)
    path.write_bytes("党支部".encode("gb18030"))
    with pytest.raises(SurveyError, match="UTF-8"):
        read_lexicon(path)
    with pytest.raises(SurveyError, match="找不到文件"):
        read_lexicon(tmp_path / "absent.txt")
