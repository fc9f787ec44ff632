"""Which wordings say that an answer is missing, and why, in Chinese, English and French.

A wording proves little: who uses it marks what follows from it as guessed, unless the file itself
declares the code as missing.
"""

import re
import unicodedata

from pipeline.questionnaire.questions import MissingKind

_CODE = re.compile(r"^[\[(<]?-?\d+[\])>]?\s*[.、:：=)\-]?\s*(?=\D)")
"""A code before the words: ``-9. Refused``, ``99=拒答``, ``(98) DK``."""
_BRACKETED = re.compile(r"[(\[<{【〈《][^)\]>}】〉》]*[)\]>}】〉》]")
_PARTS = re.compile(r"\s*[/,;|、，；]\s*|\s+or\s+|\s+-+\s+|或者?")
_WHAT = r"(?:\s+(?:whether|when|what|which|why|how|whom?|if|where|for whom)\b(?!\s+to\b).*)?"
"""``NA whether voted`` is a missing answer; ``don't know how to report`` is a reason given."""

_WORDS: tuple[tuple[MissingKind, str], ...] = (
    (
        "dont_know",
        r"(?:i )?(?:don't|dont|do not|doesn't|didn't) know" + _WHAT
        + r"|d\.?k\.?" + _WHAT
        + r"|dk\s+.*|dont_know|(?:can't|cant|cannot) (?:say|choose)|(?:hard|difficult) to say"
        + r"|不知道?|说不清楚?|说不准|说不上来|不好说|很?难说|记不清楚?(?:了)?|不记得(?:了)?"
        + r"|不晓得|ne sai[st] pas|nsp|nvpr|sans opinion",
    ),
    (
        "refused",
        r"refus(?:ed|al|e|es)(?: to (?:answer|say|respond|reply|tell|state|disclose).*)?|rf|ref"
        r"|(?:i )?(?:would |'d )?(?:prefer|rather|choose) not(?: to)?(?: (?:say|answer|state"
        r"|disclose|respond).*)?|declined?(?: to (?:answer|say|state|respond))?|won't say"
        r"|拒答|拒绝(?:回答|作答|透露|访问)|不[想愿便](?:意)?(?:回答|作答|说|透露|提供)"
        r"|不方便(?:回答|透露|说)|refus(?: de répondre)?",
    ),
    (
        "not_asked",
        r"inap(?:plicable|p)?\.?|iap|not applicable|n/a|does not apply|doesn't apply|not asked"
        r"|(?:legitimate|valid|logical|system) skip|skip|not in universe|niu|not administered"
        r"|question not asked|不适用|(?:逻辑)?跳(?:过|答|题)|合理跳答|未(?:询)?问(?:及|到)?"
        r"|没有?问|未涉及|(?:无需|不需要?|不必)(?:回答|作答|填写)|未显示",
    ),
    (
        "no_answer",
        r"no (?:answer|response|reply|data|information available)|na" + _WHAT + r"|n\.a\.|nr"
        r"|missing(?: (?:data|values?|answer|response|code))?|system missing|sysmis"
        r"|not (?:answered|ascertained|reported|stated|available|provided)|unanswered|skipped.*"
        r"|left blank|blank|unknown|restricted|technical error|error|interview breakoff.*"
        r"|no (?:post|pre)[- ](?:election )?(?:interview|data).*|no interview|invalid(?: answer)?"
        r"|未(?:回答|作答|答|填|填写|填答|选|选择)|漏[答填]|无(?:回答|应答|数据|答案|效|效回答)"
        r"|系统缺失|缺失(?:值|数据)?|没有?(?:回答|作答|填写)|空|空白|不详|未知",
    ),
)  # fmt: skip
_DOUBTFUL: tuple[tuple[MissingKind, str], ...] = (
    (
        "dont_know",
        r"(?:not|un)\s?sure|uncertain|undecided|(?:can't|cannot|could not|couldn't|unable to)"
        r" (?:determine|tell|remember|recall|answer|judge).*|不太?清楚|不太?确定|说不好|无法判断"
        r"|无法回答|拿不准|(?:已经)?(?:忘记|忘)了?|没想好",
    ),
    ("refused", r"拒绝|保密"),
)
"""Words that are as often a true answer: between agreeing and disagreeing, or to "do you know"."""

_KINDS = [(kind, re.compile(words)) for kind, words in _WORDS]
_DOUBTS = [(kind, re.compile(words)) for kind, words in _DOUBTFUL]

REASONS: dict[MissingKind, str] = {
    "dont_know": "不知道",
    "refused": "拒绝回答",
    "not_asked": "没有问到",
    "no_answer": "没有回答",
}
"""The kinds of missing answers as analysts call them."""


def missing_kind_of(label: str) -> MissingKind | None:
    """Return why an answer with this wording is missing; None where it may be an answer.

    A code before the words and remarks in brackets do not count. Of several wordings
    (``Don't know/Haven't heard enough``) the first decides. "None", "never", "no" and 无 are
    answers.
    """
    return _found(label, [*_KINDS, *_DOUBTS])


def is_doubtful(label: str) -> bool:
    """Tell whether a wording that speaks of a missing answer is as often a true answer."""
    return _found(label, _KINDS) is None and _found(label, _DOUBTS) is not None


def _found(label: str, kinds: list[tuple[MissingKind, re.Pattern[str]]]) -> MissingKind | None:
    words = _plain(label)
    # Of "n/a" the stroke joins nothing; of "Don't know / refused" the first part decides.
    for said in dict.fromkeys((words, _PARTS.split(words, maxsplit=1)[0])):
        for kind, pattern in kinds:
            if pattern.fullmatch(said):
                return kind
    return None


def _plain(label: str) -> str:
    """Return the words alone: one width, small letters, no code, brackets or end marks."""
    words = unicodedata.normalize("NFKC", label).replace("’", "'").replace("‘", "'").strip()
    words = " ".join(words.casefold().split())
    bare = _BRACKETED.sub(" ", words).strip() or words.strip("()[]<>{}【】〈〉《》 ")
    bare = _CODE.sub("", bare)
    return bare.strip(" .。!！?？*\"“”'").strip()
