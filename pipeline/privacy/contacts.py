"""Which columns of an export hold contact data and therefore never come in.

A column is known by its header (metadata of the collection systems, or a question that asks for a
contact) or by its content (nearly all of its cells are telephone numbers, identity numbers and
the like). Systems: ODK, KoBo, 问卷星, 腾讯问卷, LimeSurvey, REDCap, Qualtrics.
"""

import re

import pandas as pd

from pipeline.privacy.patterns import is_bank_card, is_id_number, plain

_METADATA = frozenset(
    """
    username user_name userid user_id uid deviceid device_id subscriberid subscriber_id simserial
    sim_serial simid phonenumber phone_number submitterid submittername submitted_by enumerator
    enumerator_name interviewer interviewer_name ip ipaddress ip_address ipaddr 来自ip ip地址
    openid open_id unionid union_id wx wxid wx_id weixin wechat 微信id 微信openid 微信昵称 昵称
    用户id 用户名 用户昵称 头像
    email e_mail emailaddress email_address recipientemail recipientfirstname recipientlastname
    firstname first_name lastname last_name fullname full_name surname token
    locationlatitude locationlongitude latitude longitude geopoint gps mac mac_address imei
    """.split()
)
# The last words of a machine name that ask for a contact, as in telephone_1 or kin_contact_phone.
_MACHINE_ENDING = re.compile(
    r"(?:^|_)(?:phone|telephone|tel|mobile|cellphone|cell|email|wechat|weixin|qq|openid|id_?card|id_?number"
    r"|bank_?card|contact_name|contact_address|address|xingming|shouji|dianhua)(?:_?\d+)?$"
)
_ASKED_FOR = (
    "姓名|名字|身份证|身份证号|身份证号码|证件号|证件号码|手机|手机号|手机号码|电话|电话号码|联系电话|联系手机"
    "|联系方式|联系人|座机|固定电话|微信|微信号|qq|qq号|qq号码|邮箱|电子邮箱|电子邮件|邮箱地址|车牌|车牌号"
    "|车牌号码|银行卡|银行卡号|银行账号|家庭住址|家庭地址|详细住址|详细地址|住址|收货地址|收货人姓名|通讯地址"
)
_QUESTION = re.compile(
    r"(?:请)?(?:您|你)?(?:填写|留下|输入|提供)?(?:您|你)?(?:本人|家人|家长|户主|联系人|被访者|受访者|答卷人)?的?"
    rf"(?:真实)?(?:常用)?(?:{_ASKED_FOR})(?:(?:和|及|与|、|/|或)(?:{_ASKED_FOR}))*"
    r"(?:是|是什么|是多少)?",
    re.IGNORECASE,
)
_ENGLISH_QUESTION = re.compile(
    r"(?:please )?(?:enter |give |provide )?(?:your )?(?:full |mobile |cell |home |telephone "
    r"|phone )?(?:name|phone|telephone|mobile|e-?mail|address|wechat|id card|(?<=phone )number)"
    r"(?: number| address| id)?(?: \[.*\])?"
)
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:\(.*\))?")
_PHONE = re.compile(r"(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}")
_LANDLINE = re.compile(r"\(?0\d{2,3}\)?[\s-]?\d{7,8}")
_WXID = re.compile(r"wxid_[a-z0-9]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBERED = re.compile(r"^(?:第?\d+\s*题?[、.．:：)）]?|[qQ]\d+[、.．:：])\s*")
_MARKS = re.compile(
    r"[（(【\[](?:单选题|多选题|填空题|必填|选填|必答|选答|\*|\s)*[）)】\]]|[:：?？*\s]+$"
)
_WORTH_A_LOOK = re.compile(r"[@＠]|wxid_|\d(?:\D{0,2}\d){3}", re.IGNORECASE)
"""No contact is without an at sign or four digits close together: most cells need no more."""
LEAST_SHARE = 0.5
"""Share of the filled cells that must look like contact data for the column to stay out."""


def contact_columns(cells: pd.DataFrame) -> tuple[str, ...]:
    """Return the headers of the columns that hold contact data, in the order of the columns.

    Parameters
    ----------
    cells : DataFrame, one row per response, cells as delivered (text or numbers; may be missing)

    Returns
    -------
    tuple of str
        Headers that name contact data, or whose filled cells are contact data in at least half
        of the rows. A header that only mentions a telephone (热线电话是否好打) is none of them.
    """
    return tuple(
        str(header)
        for position, header in enumerate(cells.columns)
        if is_contact_header(str(header)) or holds_contacts(cells.iloc[:, position])
    )


def is_contact_header(header: str) -> bool:
    """Tell whether a header names contact data: metadata of a system, or a question for it."""
    shown = plain(header).replace("\u3000", " ").replace("\ufeff", "").strip()
    machine = re.split(r"[/\-—.]", shown)[-1].strip().lower()
    if machine.lstrip("_") in _METADATA or shown.lower() in _METADATA:
        return True
    if re.fullmatch(r"[a-z0-9_]+", machine) and _MACHINE_ENDING.search(machine):
        return True
    asked = _NUMBERED.sub("", shown)
    while (bare := _MARKS.sub("", asked).strip()) != asked:
        asked = bare
    return any(
        _QUESTION.fullmatch(part) or _ENGLISH_QUESTION.fullmatch(part.lower())
        for part in (asked, *re.split(r"[—/：:]", asked)[-1:])
    )


def holds_contacts(values: pd.Series) -> bool:
    """Tell whether at least half of the filled cells of a column are contact data and no more."""
    filled = [text for value in values if not pd.isna(value) and (text := str(value).strip())]
    found = sum(map(is_contact, filled))
    return found > 0 and found >= LEAST_SHARE * len(filled)


def is_contact(text: str) -> bool:
    """Tell whether a text without outer blanks is contact data and no more."""
    if _WORTH_A_LOOK.search(text) is None:
        return False
    value = plain(text).strip().removesuffix(".0")
    if is_id_number(value):
        return True
    if any(shape.fullmatch(value) for shape in (_PHONE, _LANDLINE, _EMAIL, _IP, _WXID)):
        return True
    return len(value) >= 15 and is_bank_card(value)
