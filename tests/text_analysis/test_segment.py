import logging
import tempfile
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.text_analysis.segment import Segmenter, read_lexicon


@pytest.fixture(scope="module")
def plain() -> Segmenter:
    return Segmenter()


def test_text_is_cut_as_jieba_cuts_it(plain):
    """The first sentence of jieba's own README."""
    assert plain.words("我来到北京清华大学") == ("我", "来到", "北京", "清华大学")


@pytest.mark.parametrize(
    "word",
    ["党群服务中心", "四抓四促", "12345 热线", "3+X模式", "村（社区）", "e-办事", "两新组织"],
)
def test_words_of_the_lexicon_reach_the_key_words(word):
    own = Segmenter(
        ("党群服务中心", "四抓四促", "12345 热线", "3+X模式", "村（社区）", "e-办事", "两新组织")
    )
    assert word in own.words(f"希望{word}早点办起来")
    assert word in own.keywords(f"希望{word}早点办起来")


def test_the_longest_phrase_wins():
    assert "12345 热线电话" in Segmenter(("12345 热线", "12345 热线电话")).words(
        "打12345 热线电话"
    )


def test_segmenters_do_not_share_their_lexicon(plain):
    assert "岩温庄园里" not in plain.words("在岩温庄园里")
    assert "岩温庄园里" in Segmenter(("岩温庄园里",)).words("在岩温庄园里")
    assert "岩温庄园里" not in plain.words("在岩温庄园里")


def test_masks_stop_words_numbers_and_names_are_no_key_words(plain):
    found = plain.keywords("〔姓名〕书记说2026年的报表，王建国医生和李莫愁都觉得可以，打〔电话〕")
    assert found == {"书记", "报表", "医生"}


def test_everyday_words_that_begin_like_a_name_stay(plain):
    assert {"高峰", "顾客", "石头"} <= plain.keywords("高峰时顾客多，石头挡路")


def test_no_log_and_no_cache_in_the_temporary_folder(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        Segmenter(("没有缓存",)).words("没有缓存，也没有日志")
    assert list(tmp_path.iterdir()) == []
    assert caplog.records == []


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
