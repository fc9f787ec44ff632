"""What a header or label says: its number, its stem, and words that tell what it holds."""

import re
from dataclasses import dataclass

from pipeline.responses.cell_words import normal

_REPEATED = re.compile(r"(.+) \(\d+\)", re.DOTALL)
_STEMS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(?P<stem>.+?)___(?P<rest>.+)",
        r"(?P<stem>.+?)\s*[\[(](?P<rest>[^\[\]]+)[\])]",
        r"(?P<stem>[^\s/]+(?:/[^\s/]+)*)/(?P<rest>[^\s/]+)",
        r"(?P<stem>.*[A-Za-z0-9])[_.\-](?P<rest>\d{1,4}|[A-Za-z])",
        r"(?P<stem>.*[A-Za-z])(?P<rest>\d{1,3})",
        r"(?P<stem>.*\d)(?P<rest>[A-Za-z])",
        r"(?P<stem>.{2,}?)(?:\s*[:：—]+\s*|\s+-\s*)(?P<rest>[^:：—]+)",
    )
)
_NUMBERED = re.compile(r"([A-Za-z]{1,3}\d+[A-Za-z0-9_.]{0,8}?)[\s.:、)]+(\S.*)", re.DOTALL)
_SAID_NUMBER = re.compile(r"([\w.\- ]{1,20})[.:]\s*(\S.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_.][\w.$\[\]]{0,63}", re.ASCII)
_MARK = re.compile(r"[【\[(]\s*(?:单选|多选|填空|量表|必答|必填|选答|选填)题?\s*[】\])]|\s*\*$")
_MACHINE_WORDS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+|[\u4e00-\u9fff]+|#")


@dataclass(frozen=True, slots=True)
class Stem:
    """A header cut in two: what it has in common with its neighbours, and its own part."""

    text: str
    rest: str
    pattern: int


def stem_of(header: str) -> Stem | None:
    """Return the common and the own part of a header; None where nothing tells them apart."""
    shown = normal(header)
    if found := _REPEATED.fullmatch(shown):
        return Stem(found[1], "", -1)
    for number, pattern in enumerate(_STEMS):
        if found := pattern.fullmatch(shown):
            return Stem(found["stem"].strip(" _.-"), found["rest"].strip(), number)
    return None


def bare(header: str) -> str:
    """Return a header without the count that tells it from an earlier one of the same name."""
    found = _REPEATED.fullmatch(normal(header))
    return found[1] if found else normal(header)


def shape_of(header: str) -> str:
    """Return a header with every number as #: ``c82cop1`` and ``c83cop2`` have one shape."""
    return re.sub(r"\d+", "#", normal(header))


def name_and_text(header: str, label: str) -> tuple[str, str]:
    """Return what exports call a question, and what was asked."""
    shown, said = normal(header), _MARK.sub("", " ".join(label.split())).strip()
    if (numbered := _SAID_NUMBER.fullmatch(said)) and _letters(numbered[1]) == _letters(shown):
        said = numbered[2]
    if said:
        return (shown if _NAME.fullmatch(shown) else "", said)
    text = _MARK.sub("", " ".join(shown.split())).strip() or shown
    if found := _NUMBERED.fullmatch(text):
        return found[1], found[2].strip()
    return (shown if _NAME.fullmatch(shown) else "", text or header.strip() or "(无标题)")


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def machine_words(header: str) -> tuple[str, ...]:
    """Return the words of a machine name in small letters: RespondentID is respondent, id."""
    return tuple(word.casefold() for word in _MACHINE_WORDS.findall(normal(header)))


_ID_NAMES = frozenset(
    """
    # id _id idno pid iid hhid key uuid _uuid guid caseid case_id respid respno respondentid
    respondent_id responseid response_id serial serialno seqn seqno recordid record_id subjid
    subject_id instanceid sample_id study_id 序号 编号 问卷编号 样本编号 答卷编号 个案号 样本号
    受访者编号 uid
    """.split()
)
_ID_LABELS = re.compile(
    r"(?:respondent|case|sequence|serial|record|response|participant|subject)(?:'s)?"
    r"(?: sequence| identification)? (?:number|id|no\.?)|case identification number"
    r"|(?:19|20)\d\d case id"
    r"|(?:问卷|样本|答卷|个案|受访者)?(?:编号|序号)"
)
_CODE_ENDING = re.compile(r"(?:.*[_.])?[a-z]{0,4}(?:num|code|no)|cds|fips", re.IGNORECASE)
_FIELDWORK = re.compile(
    r"(?:interviewer|enumerator|supervisor|访员|访问员|调查员|督导员?)\W*(?:s\b)?.{0,3}"
    r"(?:_|\b)?(?:num(?:ber)?|id|code|no|编号|工号|代码)\b"
)
_VERBATIM = re.compile(
    r"verbatim|specify|comments?\b|remarks?\b|feedback|suggestions?|(?:_|\b)text$|other$|(?:_|\b)other\b"
    r"|请注明|请说明|备注|其他〗|意见|建议|其他$"
)
_NAMED_VERBATIM = re.compile(r"(?:备注|意见|建议|说明|notes?|comments?|remarks?|feedback|_notes)")
_COUNT = re.compile(
    r"\b(?:number of|how many|count|no of|nb)\b|^num\b|# of|数量|人数|次数|几[个次口人天年]|多少"
)
_QUANTITY = re.compile(
    r"\b(?:number|how much money|hours?|minutes?|days|weeks|months?|years?|total|score"
    r"|amount|percent|ratio|salary|spent|price|index)\b|^age|\bage\b|_age\b"
    r"|年龄|年纪|周岁|小时|分钟|天数|金额|收入|支出|得分|总分"
)
_RATED = re.compile(
    r"满意|评价|同意|赞同|认同|重要|程度|信任|打分|评分|rat(?:e|ing)\b|satisf|agree|scale|importan|likel|trust"
)


def is_id_name(header: str, label: str = "") -> bool:
    """Tell whether a column is called an identifier of the response or the person."""
    shown = normal(header).casefold()
    words = machine_words(header)
    return (
        shown in _ID_NAMES
        or bool(words and words[-1] == "id" and len(words) > 1)
        or (bool(label) and _ID_LABELS.fullmatch(normal(label).casefold()) is not None)
    )


def is_code_name(header: str) -> bool:
    """Tell whether a column is called a number or code of some unit (``dnum``, ``area_code``)."""
    return _CODE_ENDING.fullmatch(normal(header)) is not None


def is_fieldwork(words: str) -> bool:
    """Tell whether a column names who carried out the interview."""
    return _FIELDWORK.search(words) is not None


def is_verbatim(words: str) -> bool:
    """Tell whether a column asks for words of one's own, typed beside a choice or alone."""
    return _VERBATIM.search(words) is not None


def is_named_verbatim(header: str) -> bool:
    """Tell whether a header as a whole asks for words of one's own."""
    return _NAMED_VERBATIM.fullmatch(normal(header).casefold()) is not None


def is_count(words: str) -> bool:
    """Tell whether a column asks how many there are."""
    return _COUNT.search(words) is not None


def is_quantity(words: str) -> bool:
    """Tell whether a column asks for a number: how many, how long, how old."""
    return is_count(words) or _QUANTITY.search(words) is not None


def is_rated(words: str) -> bool:
    """Tell whether a column asks for a judgement by degrees."""
    return _RATED.search(words) is not None
