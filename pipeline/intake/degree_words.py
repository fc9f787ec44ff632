"""Wordings of ordered choices in Chinese, English and French, each list from least to most.

A label is compared as `plain_label` shows it: small letters, no accents, codes or remarks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.responses.cell_words import normal

LEADING_CODE = re.compile(r"\s*[(\[]?(-?\d{1,3})[)\]]?\s*[.、:=)\-]\s*(?=[^\d\s])")

PAIRS = (
    ("yes", "no"), ("true", "false"), ("male", "female"), ("man", "woman"), ("men", "women"),
    ("oui", "non"), ("homme", "femme"), ("masculin", "feminin"), ("是", "否"), ("是", "不是"),
    ("有", "无"), ("有", "没有"), ("男", "女"), ("男性", "女性"), ("y", "n"), ("m", "f"),
    ("会", "不会"),
)  # fmt: skip
"""Choices of which the first comes first; they stand in no order of degree."""

FREQUENCY = (
    "never|no, never|jamais|从不|从来不|从未|从没|从没有|没有过|less than once a year",
    "almost never|hardly ever|rarely|seldom|rarement|很少|几乎不|极少|not often",
    "just once or twice|once or twice|once in a while|a few times a year|once a year|yearly|每年",
    "occasionally|sometimes|parfois|de temps en temps|several times|有时|有时候|偶尔"
    "|some of the time"
    "|less than once a month|a few times|less often",
    "about half the time|half the time|monthly|a few times a month|once a month|每月",
    "often|frequently|usually|many times|souvent|weekly|a few times a week|once a week|经常|常常"
    "|通常|每周|most of the time|fairly often",
    "very often|almost always|almost every day|nearly every day|几乎每天|大多数时候",
    "always|all of the time|all the time|daily|every day|toujours|tous les jours|总是|一直"
    "|每天|天天"
    "|every time|more than once a day",
)
AMOUNT = (
    "not at all|none|none of them|nothing|nothing at all|pas du tout|一点也不|一点不|完全没有"
    "|毫不|none at all|not any",
    "not much|not very much|a little|just a little|only a little|a bit|un peu|有一点|一点"
    "|slightly|few|very little"
    "|little|peu",
    "some|somewhat|moyennement|a moderate amount|moderately|有些|部分|some of them",
    "quite a bit|quite a lot|mostly|most|most of them|较多|大部分",
    "a lot|a great deal|very much|much|beaucoup|很多|all|all of them|全部|completely"
    "|extremely|tout a fait",
)
QUALITY = (
    "terrible|awful|very bad|very poor|tres mauvais|很差|非常差|极差|很不好|非常不好",
    "poor|bad|mauvais|差|不好|较差|比较差|不太好",
    "fair|average|ok|okay|moyen|一般|普通|中等|还行|还可以|acceptable|satisfactory",
    "good|bon|好|较好|比较好",
    "very good|tres bon|很好|非常好",
    "excellent|outstanding|excellente|极好|优秀|非常优秀",
)
LEVEL = (
    "none|no|非常低|very low|很低|no information",
    "low|低|较低|novice|beginner|small|low information|简单|little",
    "medium|middle|moderate|intermediate|中|一般|中等|medium information",
    "high|高|较高|advanced|large|high information",
    "very high|非常高|很高|expert",
)
SCHOOLING = (
    "no schooling|no formal schooling|never attended|illiterate|文盲|未上过学|不识字|没上过学"
    "|未受教育"
    "|n'a jamais fait d'etudes",
    "less than high school|less than high school degree|did not complete high school"
    "|some primary|primary|primary school"
    "|elementary|grade school|小学|小学及以下|小学以下|derniere annee d'etudes primaires"
    "|primaire"
    "|a arrete ses etudes",
    "middle school|junior high school|some high school|lower secondary|初中|1er cycle"
    "|college unique"
    "|初中及以下",
    "high school|high school degree|high school graduate|high school or less"
    "|high school or g.e.d|secondary|upper secondary|高中|2eme cycle"
    "|中专|高中/中专|高中或中专|职高|技校|高中及以下|高中/中专/技校",
    "enseignement technique ou professionnel court|vocational|associate degree|some college"
    "|associate's degree|some college or associate degree|junior college|大专"
    "|专科|高职|大学专科|enseignement technique ou professionnel long",
    "college|college or more|bachelor|bachelor degree|bachelors degree|bachelor's degree"
    "|university|undergraduate"
    "|college graduate|enseignement superieur y compris technique superieur|本科|大学"
    "|大学本科|学士|licence",
    "master|masters degree|master's degree|postgraduate|graduate degree|研究生|硕士|研究生及以上"
    "|硕士及以上|硕士研究生|graduate school|post graduate degree",
    "doctorate|phd|doctoral degree|博士|博士及以上|博士研究生",
)
LISTS: Mapping[str, tuple[str, ...]] = {
    "frequency": FREQUENCY,
    "amount": AMOUNT,
    "quality": QUALITY,
    "level": LEVEL,
}

_STRENGTHS = (
    (-3.0, "not at all|pas du tout|完全不|一点也不|一点不|非常不|很不|十分不|极不|毫不|根本不"
           "|极其不"),
    (-1.2, "比较不|有点不|较不|不太|不大|不怎么|不是很|not very|not too|not so|not that"
           "|not really"),
    (2.6, "very strongly|very|strongly|highly|absolutely|severely|much|tres|非常|十分|很|特别"),
    (3.0, "extremely|completely|totally|entirely|fully|tout a fait|完全|极其|极|most"),
    (1.6, "quite|mostly|pretty|相当"),
    (1.0, "somewhat|fairly|rather|moderately|partly|tend to|plutot|assez|比较|较为|较|有点儿"
          "|有点"
          "|有些|基本上|基本|稍微|somehow"),
    (0.8, "slightly|a little|a bit|mildly|un peu"),
    (-2.0, "not|不|没有|没"),
)  # fmt: skip
_STRENGTH = tuple(
    (rank, re.compile(rf"(?:{words})(?:\s+|(?=[\u4e00-\u9fff])|$)")) for rank, words in _STRENGTHS
)
_AFTER = re.compile(
    r"(.+?) (very strongly|strongly|somewhat|slightly|completely"
    r"|a little)\b(.*)"
)
_GOOD = re.compile(
    r"(?:agree|satisfied|important|likely|approve|useful|helpful|interested|familiar|comfortable"
    r"|confident|easy|safe|happy|favou?rable|favou?r|support|good|well|better|positive|willing"
    r"|d'accord|satisfaite?|satisfaction|probable|utile|importante?|effective|free|clear"
    r"|同意|赞同|赞成|认同|满意|重要|可能|支持|了解|熟悉|信任|愿意|符合|方便|清楚|关心|关注"
    r"|有用|公平|安全|好)"
    r"(?: (?:with|of|about|that) (?!\d).*)?"
)
_BAD = re.compile(
    r"(?:disagree|dissatisfied|unsatisfied|unimportant|unlikely|disapprove|unfavou?rable|unsafe"
    r"|uncomfortable|useless|unhappy|unwilling|oppose|bad|badly|worse|poor|difficult|negative"
    r"|insatisfaite?|insatisfaction|improbable|pas d'accord|反对|差)(?: (?:with|of|about"
    r"|that) (?!\d).*)?"
)
_MIDDLE = re.compile(
    r"neither\b.*|ni .+ ni .+|neutral|neutre|no opinion|indifferent|undecided|not sure|unsure"
    r"|same"
    r"|about the same|mixed|no preference|equilibre|neutral or mixed.*|moderate|fair|average"
    r"|一般|中立|说不清|无所谓|不确定|普通|差不多|不好说"
)


@lru_cache(maxsize=4096)
def plain_label(label: str) -> str:
    """Return the words of a label alone."""
    shown = unicodedata.normalize("NFKD", normal(label).casefold())
    shown = "".join(letter for letter in shown if not unicodedata.combining(letter))
    shown = re.sub(r"[(\[].*?[)\]]", " ", unicodedata.normalize("NFC", shown).replace("’", "'"))
    shown = LEADING_CODE.sub("", shown)
    return " ".join(shown.replace("-", " ").replace("_", " ").split()).strip(" .。,;!！?？")


def in_list(label: str, words: Sequence[str]) -> float | None:
    """Return the place of a label in a list; what follows a comma does not count."""
    shown = plain_label(label)
    places = _places(tuple(words))
    whole = places.get(shown)
    return places.get(shown.split(",")[0].strip()) if whole is None else whole


@lru_cache(maxsize=32)
def _places(words: tuple[str, ...]) -> Mapping[str, float]:
    """Return the first place of every wording in a list."""
    said = [(one, place) for place, likes in enumerate(words) for one in likes.split("|")]
    return {one: float(place) for one, place in reversed(said)}


def strength_of(label: str) -> tuple[float, str] | None:
    """Return how strong a label speaks, and of what: (-1.2, "important"); None if it is plain."""
    shown = plain_label(label)
    if after := _AFTER.fullmatch(shown):
        shown = f"{after[2]} {after[1]}{after[3]}"
    for rank, words in _STRENGTH:
        if found := words.match(shown):
            return rank, shown[found.end() :].strip()
    return None


def two_sided(label: str) -> float | None:
    """Return where a label stands between the worst (below 0) and the best (above 0)."""
    shown = plain_label(label)
    if _MIDDLE.fullmatch(shown):
        return 0.0
    strength, of_what = strength_of(label) or (2.0, shown)
    if strength < 0 and _GOOD.fullmatch(shown):
        return 2.0
    for sign, words in ((-1, _BAD), (1, _GOOD)):
        if words.fullmatch(shown):
            return sign * 2.0
        if words.fullmatch(of_what):
            return sign * strength
    return None
