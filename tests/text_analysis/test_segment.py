import json
import logging
import tempfile
import warnings
from pathlib import Path

import pytest

from pipeline.text_analysis.segment import Segmenter


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


@pytest.fixture(scope="module")
def framed() -> Segmenter:
    return Segmenter(("党群服务中心",), ("路灯", "重复填表", "填表", "服务", "号", "3+X 模式"))


@pytest.mark.parametrize(
    ("text", "term", "there"),
    [
        ("村口的路灯坏了", "路灯", True),
        ("公路灯会", "路灯", False),
        ("公路灯会散了，路灯也坏了", "路灯", True),
        ("又是重复填表", "填表", True),  # a part of another term
        ("党群服务中心很远", "服务", False),  # of a lexicon's word no part counts
        ("上门服务", "服务", True),
        ("号召大家", "号", False),
        ("来了几个大学生", "大学", False),
        ("推行3+X 模式", "3+X 模式", True),
        ("党员大会开了", "大会开", True),  # several words in a row
        ("没有人", "路灯", False),
        ("〔姓名〕书记说", "姓名", False),
    ],
)
def test_a_term_counts_where_it_stands_as_words(framed, text, term, there):
    assert framed.has(text, term) == there


def test_terms_do_not_change_the_key_words():
    assert "老人" in Segmenter().keywords("关心独居老人")
    assert "独居老人" in Segmenter((), ("独居老人",)).words("关心独居老人")


def test_words_are_those_of_jieba_itself(shared: Path, tmp_path: Path, plain):
    """Every word of 60 messages, against jieba's own tokenizer with the same list."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    own = jieba.Tokenizer()
    own.tmp_dir = str(tmp_path)
    source = shared / "samples" / "text" / "teddy_labelled.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines()[:60]
    texts = [json.loads(line)["text"] for line in lines]
    assert sum(map(len, texts)) > 10_000
    for guess in (True, False):
        for text in texts:
            assert list(plain._cut(text, guess=guess)) == list(own.cut(text, HMM=guess))
