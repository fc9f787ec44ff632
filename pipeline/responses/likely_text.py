"""How likely it is that bytes were written in a given encoding: which common characters appear.

Every encoding has a model of the text that people write in it: the chance of each character. The
chances are rough (the 400 commonest Chinese characters make up more than half of any running
text; accents stand beside letters of the same case), but a wrong encoding turns text into rare
characters, whose chances are smaller by factors of thousands, so rough ones tell them apart.
Wide-spread detectors were tried and name a wrong encoding for Western files of few accents.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import log

COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
    "过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心"
    "她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间"
    "由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给"
    "世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变"
    "四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社"
    "便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北"
    "请您选满男岁省县村级收元万服填问卷调查号注城镇乡族居农户职单其备答不清拒编码否谢龄历婚央港"
    "张李刘陈杨赵黄周商交规该费办证领局校改未停近环境共广付层准钱医健康护营业影响视网店务居委服"
    "這個們來為國時說會對過發後裡樣學現當沒動還進種經開與長機關點業將兩間見產話體實從無應戰問題"
    "頭給員變電數報計場處論義條氣總結認爾決區隊據統許則聽難權類設記達請選滿歲縣級萬務號註鎮鄉農"
    "戶職單備編碼謝齡歷調灣臺灣門車東馬書買賣錢響親覺愛樂謝讓誰麼麗黨團圖圍廣張強彈彙銀銷鐵"
)
"""The commonest Chinese characters, simplified and traditional, with the words of surveys."""

CHINESE_MARKS = frozenset("，。、？！：；（）“”‘’《》【】「」『』…—·～￥％〖〗┋→①②③④⑤⑥　")
KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
ACCENTED = frozenset("éèêëàâäáãåçñóòôöõíìîïúùûüßøæœýÉÈÊÀÂÄÁÅÇÑÓÔÖÕÍÎÚÜØÆŒ")
USUAL_ACCENTS = frozenset("éèêàâäáãåçñóôöõíúüßøæ")
DAMAGED = "\ufffd"
IMPOSSIBLE = -18.0
RARE = -15.0
CONTRACTED = re.compile(r"(?:s|t|d|m|re|ve|ll)\b")

Chance = Callable[[str], float]
"""Text as decoded -> the logarithm of its chance, of the characters beyond ASCII."""


@dataclass(frozen=True, slots=True)
class Model:
    """An encoding and the chance of text in it.

    Attributes
    ----------
    title : as people call it, and as ``--encoding`` takes it
    codec : that decodes it and its supersets
    before : how much rarer than others it is in practice, on the scale of `chance`
    least : a smaller mean chance per character is no text of this kind
    """

    title: str
    codec: str
    chance: Chance
    before: float
    least: float


def _utf_8(text: str) -> float:
    return sum(IMPOSSIBLE if one == DAMAGED else -8.0 for one in text if one > "\x7f")


def _gb18030(text: str) -> float:
    return _summed(text, _written("gb2312", 0xB0, 0xD7), _written("gb2312", 0xD8, 0xF7))


def _big5(text: str) -> float:
    return _summed(text, _written("big5", 0xA4, 0xC6), _written("big5", 0xC9, 0xF9))


def _shift_jis(text: str) -> float:
    kanji = _written("shift_jis", 0x88, 0x97) | KANA
    return _summed(text, kanji, _written("shift_jis", 0x98, 0xEA), common=KANA)


def _summed(
    text: str, usual: frozenset[str], seldom: frozenset[str], common: frozenset[str] = COMMON
) -> float:
    """Return the chance of East Asian text: each character by the class it is in."""
    return sum(
        count * _chance_of(one, usual, seldom, common)
        for one, count in Counter(text).items()
        if one > "\x7f"
    )


def _chance_of(
    one: str, usual: frozenset[str], seldom: frozenset[str], common: frozenset[str]
) -> float:
    if one in common:
        return log(0.55 / len(common))
    if one in CHINESE_MARKS:
        return log(0.08 / len(CHINESE_MARKS))
    if one in usual:
        return log(0.35 / len(usual))
    if one in seldom:
        return log(0.015 / len(seldom))
    if "\uff00" <= one <= "\uff5e":  # letters, digits and marks of full width
        return log(0.005 / 94)
    if one == DAMAGED or "\ue000" <= one <= "\uf8ff" or one < "\xa0":
        return IMPOSSIBLE
    return RARE


@cache
def _written(codec: str, first: int, last: int) -> frozenset[str]:
    """Return the characters whose first byte lies in a range of a two-byte code."""
    pairs = (
        bytes([lead, trail]) for lead in range(first, last + 1) for trail in range(0x40, 0xFF)
    )
    return frozenset(
        one for pair in pairs if len(one := pair.decode(codec, "replace")) == 1 and one != DAMAGED
    )


def _western(text: str) -> float:
    """Return the chance of text in a one-byte encoding: each character beside its neighbours."""
    return sum(
        _beside(text[at - 1 : at], text[at], text[at + 1 : at + 4])
        for at in (found.start() for found in re.finditer(r"[^\x00-\x7f]", text))
    )


def _beside(before: str, one: str, following: str) -> float:
    after = following[:1]
    if one == DAMAGED or "\x80" <= one < "\xa0":
        return IMPOSSIBLE
    if one in ACCENTED:
        return _accent(before, one, after)
    match one:
        case "’" if before.isalpha() and CONTRACTED.match(following):
            return -1.0
        case "’" if before.isalpha():
            return -5.5
        case "‘" | "“" | "«" | "¿" | "¡" if not before.isalnum() and (
            after.isalnum() or after == "\xa0"
        ):
            return -5.5
        case "”" | "»" if before and not before.isspace() and not after.isalnum():
            return -5.5
        case "\xa0" | "–" | "—" | "…":
            return -6.0
        case "€" | "£" | "©" | "®" | "™" | "°" | "·" | "±" | "²" | "•" if not before.isalpha():
            return -6.5
    return -10.0 if one.isalpha() else -12.0


def _accent(before: str, one: str, after: str) -> float:
    """Return the chance of an accented letter; its case must fit the letters beside it."""
    strange = max(before, after) > "\x7f" and not {before, after} & {"\xa0", "’", "«", "»", "—"}
    small_beside = (before.isalpha() and before.islower()) or (after.isalpha() and after.islower())
    if strange:
        return -9.0
    if one.isupper() and before.isalpha() and small_beside:
        return -14.0
    if one.islower() and after.isalpha() and after.isupper():
        return -14.0
    return -4.5 if one in USUAL_ACCENTS else -7.0


UTF_8 = Model("UTF-8", "utf-8", _utf_8, 0.0, -9.0)
MODELS = (
    UTF_8,
    Model("GB18030", "gb18030", _gb18030, 0.0, -9.0),
    Model("Big5", "cp950", _big5, -1.0, -9.0),
    Model("windows-1252", "cp1252", _western, 0.0, -8.5),
    Model("Mac Roman", "mac_roman", _western, -3.0, -8.5),
    Model("Shift-JIS", "cp932", _shift_jis, -3.0, -9.5),
)
