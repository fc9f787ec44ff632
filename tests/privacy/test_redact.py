import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy.patterns import is_bank_card, is_id_number
from pipeline.privacy.redact import MASKS, redact, redact_all

# 11010519491231002X is the example of GB 11643-1999; 6222021234567894 is made to pass Luhn's check.
PRIVATE = [
    ("电话13800138000，随时打", "电话〔电话〕，随时打"),
    ("打 138-0013-8000 或 +86 139 0013 8000", "打 〔电话〕 或 〔电话〕"),
    ("１３８００１３８０００", "〔电话〕"),
    ("一三八零零一三八零零零", "〔电话〕"),
    ("我家电话：0691-2123456", "我家电话：〔电话〕"),
    ("身份证11010519491231002X", "身份证〔身份证号〕"),
    ("身份证号码：110105 19491231 002x。", "身份证号码：〔身份证号〕。"),
    ("身份证号是110105194912310021", "身份证号是〔身份证号〕"),
    ("身份证130503670401001", "身份证〔身份证号〕"),
    ("卡号6222021234567894", "卡号〔银行卡号〕"),
    ("6222 0212 3456 7894", "〔银行卡号〕"),
    ("发到 a.b-c@mail.example.cn。", "发到 〔邮箱〕。"),
    ("车牌云A12345和云A·D12345", "车牌〔车牌〕和〔车牌〕"),
    ("微信号：wx_abc123，QQ：12345678", "微信号：〔微信〕，QQ：〔QQ〕"),
    ("加我vx abc12345", "加我vx 〔微信〕"),
    ("找王书记反映", "找〔姓名〕书记反映"),
    ("张某某同志和欧阳主任", "〔姓名〕同志和〔姓名〕主任"),
    ("请李小梅老师看看", "请〔姓名〕老师看看"),
    ("王建国书记来过", "〔姓名〕书记来过"),
    ("村支书王建国说过", "村支书〔姓名〕说过"),
    ("我叫岩温，住在村里", "我叫〔姓名〕，住在村里"),
    ("联系人：刀美兰", "联系人：〔姓名〕"),
    ("找张三书记反映", "找〔姓名〕书记反映"),
    ("支书张三说", "支书〔姓名〕说"),
    ("我们村支书李大明和会计", "我们村支书〔姓名〕和会计"),
    ("村支书李大明很好", "村支书〔姓名〕很好"),
    ("书记王强带头", "书记〔姓名〕带头"),
    ("感谢李大明同志", "感谢〔姓名〕同志"),
    ("打0878-3123456没人接", "打〔电话〕没人接"),
    ("联系电话：０８７８－３１２３４５６", "联系电话：〔电话〕"),
]
HARMLESS = [
    "2019年12月31日 14:22:55", "12345热线和0691-2123456", "补贴13800元，共3800138万元", "第110105号文件",
    "县委书记、村支书和办公室主任都来了", "感谢书记，任何同志都可以来", "向书记反映，对主任说", "高新区书记",
    "分管副局长和人武部长", "项目经理，包括组长", "模范同志", "1个微信群", "QQ群有20000人", "2020-2025年",
    "A区B栋2单元", "订单号20190228112505001234", "周末主任不在", "每周老师都来", "希望部门重视，请同志们看看",
    "服务热线：0878-3123456", "投诉电话是0878-3123456", "书记马上来", "老师严格一点", "主任何时来", "周三主任在",
    "姚三组长", "编号0000-00000000", "书记帮我们", "医生曾经说",
]  # fmt: skip


@pytest.mark.parametrize(("given_text", "masked"), PRIVATE)
def test_private_data_is_masked(given_text, masked):
    assert redact(given_text).text == masked


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_private_stays(text):
    assert redact(text).text == text
    assert redact(text).counts == ()


def test_masks_are_counted_by_kind():
    masked = redact("王书记电话13800138000，李主任电话13900139000，邮箱a@b.cn")
    assert masked.counts == (("phone", 2), ("email", 1), ("name", 2))
    assert masked.total == 5


def test_a_mask_that_was_there_before_is_not_counted_again():
    assert redact("〔电话〕或13800138000").counts == (("phone", 1),)


def test_check_digits():
    assert is_id_number("11010519491231002X")
    assert not is_id_number("110105194912310021")
    assert not is_id_number("11010519491331002X")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("0000000000000000")
    assert not is_bank_card("3530111333300000123")  # no card of 19 digits begins so


def test_a_column_keeps_its_index():
    table = redact_all(pd.Series(["13800138000", "好"], index=[7, 3]))
    assert list(table.index) == [7, 3]
    assert list(table["text"]) == ["〔电话〕", "好"]
    assert list(table["masked"]) == [1, 0]
    assert str(table["masked"].dtype) == "Int64"


PIECES = [
    "13800138000", "138 0013 8000", "11010519491231002X", "王", "书记", "李某某", "同志", "〔电话〕", "微信：",
    "abc123", "QQ", "12345678", "云A12345", "a@b.cn", "6222021234567894", "：", "，", "1", "-", " ", "我叫", "陈小明",
    "身份证", "姓名", "〔姓名〕", "在", "村", "０", "x", "主任", "某",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=8).map("".join)


@given(texts)
def test_masking_twice_changes_nothing(text):
    once = redact(text)
    twice = redact(once.text)
    assert twice.text == once.text
    assert twice.total == 0


@given(
    st.text(max_size=20), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=20)
)
def test_no_mobile_number_is_left(before, number, after):
    masked = redact(before + number + after).text
    assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", masked)


@given(texts)
def test_what_is_outside_the_masks_was_said(text):
    outside = re.split("|".join(map(re.escape, MASKS.values())), redact(text).text)
    position = 0
    for piece in outside:
        position = text.index(piece, position) + len(piece)


def test_real_messages_raise_few_false_alarms(shared: Path):
    """Every third of 4,570 citizen messages (whose source masked mobiles): no number is masked.

    They hold hundreds of landlines, dates and sums; names by title are in one of seven messages
    (尊敬的胡书记), and nearly all are names.
    """
    counts: dict[str, int] = {}
    number = 0
    for name in ("teddy_labelled", "teddy_hot", "teddy_reply"):
        source = shared / "samples" / "text" / f"{name}.jsonl"
        for line in source.read_text(encoding="utf-8").splitlines()[::3]:
            number += 1
            for kind, count in redact(json.loads(line)["text"]).counts:
                counts[kind] = counts.get(kind, 0) + count
    assert number == 1524
    assert set(counts) <= {"name", "plate"}
    assert counts.get("plate", 0) <= 3
    assert 0.1 < counts["name"] / number < 0.2
