"""What each kind of private data looks like."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.privacy.surnames import (
    COMMON,
    COMPOUND,
    NEVER_GIVEN,
    NO_NAMES,
    NOT_AFTER,
    RARE,
    TITLES,
)

Kind = Literal["id_number", "bank_card", "phone", "email", "plate", "wechat", "qq", "name"]

_HAN = r"\u4e00-\u9fff"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMERALS = "二三四五六七八九"
# What people do in a sentence, right after their names.
_ACTS = (
    "(?=很|和我|和会计|和副|带头|带着|带领|带我|带人|说|讲|表示|工作|为人|做事|办事|贪|收|亲自|上门|经常|从来|"
    "从不|一直|总是|已经|来我|来过|来看|去过|帮|不管|不理|不作为|多次|答应|没有|没来|家的|家里|两口|本人|等人)"
)
_CHINESE_DIGITS = "〇零一幺二三四五六七八九"
_BEFORE_A_NAME = (
    "请 找 问 跟 和 与 对 向 让 叫 给 被 由 是 的 像 书记 主任 局长 同志 长 谢 亏 里 部 委".split()
)
_NAME_LABELS = "姓名|联系人|我叫|名叫|本人叫|署名|签名|反映人|投诉人|举报人"
_PUBLIC_LINES = (
    "热线 热线电话 服务电话 咨询电话 投诉电话 监督电话 举报电话 办公电话 办公室电话 "
    "值班电话 值守电话 客服电话 公开电话 预约电话 急救电话 报警电话 求助电话 办事电话 窗口电话"
).split()
_LINKS = ("", "[:：是为和或（( ]", "[:：] ", "号码", "号码[:：是]")
# 银联 62, Visa and Mastercard 4 and 5, American Express 34 and 37, JCB 35, Discover 60 and 65.
_CARD = re.compile(r"62\d{14,17}|[45]\d{15}|3[47]\d{13}|(?:35|60|65)\d{14}", re.ASCII)
# Full-width digits, letters and the signs of numbers, each for its plain one.
_PLAIN = str.maketrans(
    {
        chr(code + 0xFEE0): chr(code)
        for code in range(0x21, 0x7F)
        if chr(code).isalnum() or chr(code) in "@.-+"
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a kind of private data is written; group 1 is what is masked."""

    kind: Kind
    pattern: re.Pattern[str]
    accept: Callable[[str], bool] = lambda found: True


def plain(text: str) -> str:
    """Return the text with plain digits and letters, character for character."""
    return text.translate(_PLAIN)


def worth_a_look(text: str) -> tuple[bool, bool]:
    """Tell whether a text can hold private numbers, and whether it can hold names."""
    return bool(_MAY_HOLD_NUMBERS.search(plain(text))), bool(_MAY_HOLD_NAMES.search(text))


def is_id_number(found: str) -> bool:
    """Tell whether a text is a resident identity number: 18 places, date of birth, check digit."""
    compact = re.sub(r"[\s-]", "", found).upper()
    if not re.fullmatch(r"[1-8]\d{16}[\dX]", compact, re.ASCII) or not _is_date(compact[6:14]):
        return False
    total = sum(int(digit) * 2 ** (17 - k) for k, digit in enumerate(compact[:17]))
    return "10X98765432"[total % 11] == compact[17]


def is_bank_card(found: str) -> bool:
    """Tell whether a text has the first digits and length of a payment card and passes Luhn."""
    compact = re.sub(r"[\s-]", "", found)
    if not _CARD.fullmatch(compact):
        return False
    total = 0
    for k, digit in enumerate(map(int, reversed(compact))):
        doubled = digit * 2 if k % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100


def _is_old_id_number(found: str) -> bool:
    return 11 <= int(found[:2]) <= 82 and _is_date(f"19{found[6:12]}")


def _has_a_digit(found: str) -> bool:
    return bool(re.search(r"\d", found))


def _is_name(found: str) -> bool:
    given = found[2:] if found.startswith(COMPOUND) else found[1:]
    return not (found.startswith(NO_NAMES) or NEVER_GIVEN.intersection(given))


def _not_a_day(found: str) -> bool:
    return not found.startswith(NO_NAMES)


def _number_rules() -> Iterator[Rule]:
    start, end, link = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])", r"(?:号码?|[:：是为]|\s){0,4}"
    yield _rule("email", rf"{start}([A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
    yield _rule("id_number", r"(?<!\d)(\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXx])(?![\dXx])", is_id_number)
    # A mistyped number still tells who somebody is, where the writer says what it is.
    yield _rule("id_number", r"身份证[^\d，。；,;]{0,8}(\d{14,17}[\dXx])(?!\d)")
    yield _rule("id_number", r"身份[^\d，。；,;]{0,10}(\d{15})(?!\d)", _is_old_id_number)
    needed = link.replace("{0,4}", "{1,4}")
    wechat = "(?:[微薇威]信|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|[Ww]e[Cc]hat))"
    yield _rule("wechat", rf"{wechat}{needed}([A-Za-z1-9][-_A-Za-z0-9]{{5,19}}){end}")
    yield _rule("qq", rf"(?<![A-Za-z])[Qq][Qq]{link}([1-9]\d{{4,10}})(?![\d人元万个])")
    yield _rule("phone", r"(?<!\d)((?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
    yield _rule(
        "phone", rf"([一幺][三四五六七八九][{_CHINESE_DIGITS}]{{9}})(?![{_CHINESE_DIGITS}])"
    )
    # Without an area code a landline may be any number; one that the writer calls his own is not.
    own = "(?:我|本人|我家|家里|家庭|住宅)的?(?:座机|固话|联系|固定|家庭)?(?:电话|座机|固话)"
    yield _rule("phone", rf"{own}{link}((?:0\d{{2,3}}[\s-]?)?[2-9]\d{{6,7}})(?!\d)")
    # With its area code a landline is anybody's; it stays where the words before it say public.
    public = "".join(f"(?<!{words}{by})" for words in _PUBLIC_LINES for by in _LINKS)
    yield _rule("phone", rf"(?<![\d-]){public}(0[1-9]\d{{1,2}}-[2-9]\d{{6,7}})(?![\d-])")
    card = r"\d{13,19}|\d{4}(?:[\s-]\d{4}){3}(?:[\s-]\d{1,3})?"
    yield _rule("bank_card", rf"(?<!\d)({card})(?!\d)", is_bank_card)
    serial = "(?:[A-HJ-NP-Z0-9]{4}[学警挂港澳]|[A-HJ-NP-Z0-9]{5,6})"
    yield _rule("plate", rf"([{_PROVINCES}][A-HJ-NP-Z][·•.\s]?{serial}){end}", _has_a_digit)


def _name_rules() -> Iterator[Rule]:
    compound = "|".join(COMPOUND)
    common = "|".join(
        f"(?<![{NOT_AFTER[name]}]){name}" if name in NOT_AFTER else name for name in COMMON
    )
    name = f"(?:{compound}|[{COMMON}{RARE}])[{_HAN}]{{1,2}}"
    edge = f"(?<![{_HAN}])"
    # A name with a given name is believed at the beginning of a clause or after these words.
    opened = "".join(f"|(?<={before})" for before in _BEFORE_A_NAME)
    said = f"(?=同志|说|表示|介绍|[^{_HAN}]|$)"
    yield _rule("name", rf"(?:{_NAME_LABELS})[:：是为\s]{{0,2}}({name})(?![{_HAN}])", _is_name)
    yield _rule("name", f"((?:{compound}|{common})某{{1,2}}|[{RARE}]某某)")
    yield _rule("name", f"(?:{edge}{opened})({name})(?={_TITLE})", _is_name)
    yield _rule("name", f"{_TITLE}((?:{compound}|[{COMMON}])[{_HAN}]{{2}}){said}", _is_name)
    yield _rule("name", f"{_TITLE}((?:{compound}|[{COMMON}])[{_HAN}]{{1,2}}){_ACTS}", _is_name)
    # 张三, 李四: a number is believed as a given name right before or after a title only.
    numbered = f"[{COMMON}][{_NUMERALS}]"
    yield _rule("name", f"(?:{edge}{opened})({numbered})(?={_TITLE})(?![组队处])", _not_a_day)
    yield _rule("name", f"{_TITLE}({numbered})(?:{said}|{_ACTS})", _not_a_day)
    yield _rule("name", f"({compound}|{common})(?={_TITLE})")
    yield _rule("name", f"{edge}([{RARE}])(?={_TITLE})")


def _rule(kind: Kind, pattern: str, accept: Callable[[str], bool] = lambda found: True) -> Rule:
    return Rule(kind, re.compile(pattern, re.ASCII), accept)


_TITLE = f"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})"
_MAY_HOLD_NUMBERS = re.compile(
    rf"\d{{4}}|\d[A-Z]|@|信|[XxQqt]|[{_CHINESE_DIGITS}]{{11}}", re.ASCII
)
_MAY_HOLD_NAMES = re.compile(f"某|{_NAME_LABELS}|{_TITLE}")
NUMBER_RULES = tuple(_number_rules())
NAME_RULES = tuple(_name_rules())
