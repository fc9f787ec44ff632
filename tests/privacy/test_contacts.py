from pathlib import Path

import pandas as pd
import pytest

from pipeline.privacy.contacts import contact_columns, holds_contacts, is_contact_header


@pytest.mark.parametrize(
    "header",
    [
        "来自IP", "IPAddress", "deviceid", "DeviceID", "subscriberid", "simserial", "username",
        "phonenumber", "_submitted_by", "SubmitterName", "RecipientLastName", "LocationLatitude", "openid",
        "微信昵称", "2、您的手机号码：", "3、您的联系电话是？", "姓名 (填空题 *必答)", "Q4. 您的姓名和联系电话",
        "2、请输入您的收货地址：—收货人姓名：", "group/telephone_1", "next_of_kin_contact_phone", "first_name",
        "１、身份证号", "您的电子邮箱", "Your email address", "家庭住址", "respondent_backgr-phone", "\ufeff手机",
        "Please enter your address [Street]",
    ],
)  # fmt: skip
def test_contact_headers_are_known(header):
    assert is_contact_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "1、手机部数", "2、手机价格", "12345热线电话是否好打", "您通过什么方式联系电话客服？", "q15", "site", "person",
        "submitted", "meta-instanceID", "cell_count", "number", "household_size", "wave", "所用时间", "来源",
        "工作人员打电话联系过您几次？", "是否愿意留下联系方式以便回访？您的看法", "county", "KEY", "会议名称",
    ],
)  # fmt: skip
def test_questions_that_only_mention_a_contact_stay(header):
    assert not is_contact_header(header)


def test_columns_are_known_by_their_content():
    cells = pd.DataFrame(
        {
            "a": ["13800138000", None, "138 0013 8001", ""],
            "b": ["11010519491231002X", "无", None, None],
            "c": [13800138000.0, 13900139000.0, None, None],
            "d": ["183.192.16.69(上海-上海)"] * 4,
            "e": ["a@b.cn", "不便说", "c@d.cn", "不便说"],
            "f": ["打13800138000没人接", "好", "好", "好"],
            "g": ["2019", "13800", "5", "3"],
            "h": [None, None, None, None],
            "i": ["0691-2123456", "0691-2123457", "", ""],
        }
    )
    assert contact_columns(cells) == ("a", "b", "c", "d", "e", "i")


@pytest.mark.parametrize(
    "value",
    [
        "１３８００１３８０００", "ａ＠ｂ．ｃｎ", "a@b.cn", "1.2.3.4", "10.0.0.1(内网)", "+86 138-0013-8000",
        "(0691)2123456", "11010519491231002X", "13800138000.0",
    ],
)  # fmt: skip
def test_a_contact_is_known_however_it_is_written(value):
    assert holds_contacts(pd.Series([value]))


def test_the_order_is_that_of_the_columns_and_headers_may_repeat():
    cells = pd.DataFrame([["1", "2", "3"]], columns=["手机", "q1", "手机"])
    assert contact_columns(cells) == ("手机", "手机")
    assert contact_columns(pd.DataFrame(columns=["q1", "姓名"])) == ("姓名",)


def test_real_exports(shared: Path):
    forms = shared / "samples" / "forms"
    qualtrics = pd.read_csv(
        forms / "export_qualtrics" / "ropensci_qualtRics__sample.csv", dtype=str
    )
    assert set(contact_columns(qualtrics)) == {
        "IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
        "LocationLatitude", "LocationLongitude",
    }  # fmt: skip
    redcap = pd.read_csv(forms / "export_redcap" / "OuhscBbmc_REDCapR__data.csv", dtype=str)
    assert set(contact_columns(redcap)) >= {
        "first_name", "last_name", "telephone_1", "email", "ec_phone", "next_of_kin_contact_name",
        "next_of_kin_contact_address", "next_of_kin_contact_phone",
    }  # fmt: skip
    assert not {"age", "sex", "study_id", "weight"} & set(contact_columns(redcap))
