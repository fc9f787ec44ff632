"""The instructions in a written question: （单选）, [多选题], （最多选3项）."""

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["", "single", "many", "open", "blank", "ranking", "matrix", "scale"]
LONGEST_CHOICE = 20
"""Characters by which a skip outside of brackets may name a choice."""
BRACKETED = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]{1,60})[)）\]】〕]")
_NUMBER = r"([0-9]{1,2}|[一二两三四五六七八九十])"
_CHINESE = {word: at for at, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_SPAN = re.compile(rf"{_NUMBER}\s*[-~～至到—]+\s*{_NUMBER}\s*[项个种条]")
_MOST = re.compile(
    rf"(?:最多|至多|不超过|不多于|限|任)\s*(?:可|能)?\s*(?:选择|选|填)?\s*{_NUMBER}\s*[项个种条]"
)
_LEAST = re.compile(rf"(?:至少|最少|不少于)\s*(?:选择|选)?\s*{_NUMBER}\s*[项个种条]")
_EXACTLY = re.compile(
    rf"(?:选择|选出|选|排出)\s*(?:前)?\s*{_NUMBER}\s*[项个种条]|前\s*{_NUMBER}\s*[项个位名]"
)
_GOAL = r"(?:第|[Qq])?\s*([0-9]{1,3})\s*题?"
_JUMP = r"(?:跳转|跳过|跳答|跳|转)\s*(?:至|到|答|入)?"
SKIP = re.compile(
    rf"[,，;；]?\s*[→➔➜⇒>-]*\s*(?:请|直接|则|再)*{_JUMP}\s*{_GOAL}|[→➔➜⇒]\s*(?:请|直接|回答|答)*\s*{_GOAL}"
    r"|(?:请|直接)+(?:回答|做|答|填)\s*第\s*([0-9]{1,3})\s*题"
)
END = re.compile(
    r"[,，;；]?\s*[→➔➜⇒>-]*\s*(?:请|则|直接)*(?:跳至|跳到|转至)?(?:结束|终止)(?:问卷|答题|作答|调查|访问|填写|回答)?"
    r"|跳至(?:问卷)?(?:末尾|结尾|结束)"
)
_CHOSEN = r"(?:选择|选中|选|回答|答)(?:了)?\s*[“\"「『‘']?(?P<what>.+?)[”\"」』’']?\s*"
_RULE = re.compile(
    rf"(?:如果?|若|凡)?(?:本题|此题|您)?{_CHOSEN}(?:选项|的|者|项|时|人|，|,|请|直接|则|一律)*\s*"
    rf"(?:{_JUMP}\s*{_GOAL}|(?P<end>(?:结束|终止)))"
)
_OTHERWISE = re.compile(
    rf"(?:否则|其[他它余](?:选项|的)?|未选的?)(?:，|,|请|直接|则)*\s*{_JUMP}\s*{_GOAL}"
)
_WHEN = re.compile(
    rf"(?:仅|只|限|由|请|如果?|若|凡)*(?:在)?(?:(?:第|[Qq])\s*(?P<number>[0-9]{{1,3}})\s*题?|(?P<before>上一?题))"
    rf"(?:中|里|，|,)*{_CHOSEN}(?:选项|的|者|项|时|人|，|,|才|请|继续|需要?|须|要)*\s*"
    r"(?:回答|填写|作答|填答|答题|填|答|选答)"
)


@dataclass(frozen=True, slots=True)
class Skip:
    """Who chooses `what` goes on with question `goal` ("" ends the survey).

    `what` as written (A, 1、2, 是); with `otherwise` it is all who choose something else than the
    rule before says.
    """

    what: str
    goal: str
    otherwise: bool = False


@dataclass(slots=True)
class Notes:
    """What the instructions of a question say.

    Attributes
    ----------
    when : number of an earlier question ("" for the one before) and what was chosen there
    unread : instructions that say something about routing and could not be read
    """

    kind: Kind = ""
    many: bool = False
    least: int = 0
    most: int | None = None
    required: bool = False
    skips: list[Skip] = field(default_factory=list)
    when: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def taken(text: str, notes: Notes) -> str:
    """Take the bracketed instructions out of a text into `notes`; return the rest.

    A bare skip (（跳至第 5 题）) stays, for it belongs to the choice before it: see `goal_of`.
    """

    def _taken(found: re.Match[str]) -> str:
        return "" if take(found[1], notes) else found[0]

    rest = BRACKETED.sub(_taken, text)
    starred = re.sub(r"\s*[*＊]\s*$", "", rest)
    notes.required = notes.required or starred != rest
    return starred.strip()


def take(instruction: str, notes: Notes) -> bool:
    """Read one instruction into `notes`; tell whether it is one."""
    words = instruction.strip()
    if found := _WHEN.search(words):
        notes.when.append((found["number"] or "", found["what"]))
        return True
    if _routing(words, notes):
        return True
    return _limits(words, notes) | _kind(words, notes)


def _routing(words: str, notes: Notes) -> bool:
    before = len(notes.skips)
    for found in _RULE.finditer(words):
        numbers = [one for one in found.groups()[1:] if one and one.isdecimal()]
        notes.skips.append(Skip(found["what"], "" if found["end"] else numbers[0]))
    for found in _OTHERWISE.finditer(words):
        notes.skips.append(Skip("", found[1], otherwise=True))
    if len(notes.skips) > before:
        return True
    return False


def without_skips(text: str, notes: Notes) -> str:
    """Take skips that belong to no choice out of a question's words; they are told as unread."""

    def _taken(found: re.Match[str]) -> str:
        if SKIP.search(found[1]) or "跳" in found[1]:
            notes.unread.append(found[1])
            return ""
        return found[0]

    rest = BRACKETED.sub(_taken, text).strip()
    found = _RULE.search(rest)
    if found and len(found["what"]) <= LONGEST_CHOICE and _routing(found[0], notes):
        return (rest[: found.start()] + rest[found.end() :]).strip(" ，,；;。题")
    return rest


def _limits(words: str, notes: Notes) -> bool:
    if found := _SPAN.search(words):
        notes.least, notes.most = _number(found[1]), _number(found[2])
    elif found := _MOST.search(words):
        notes.most = _number(found[1])
    elif found := _EXACTLY.search(words):
        notes.most = _number(found[1] or found[2])
    if found := _LEAST.search(words):
        notes.least, notes.many = _number(found[1]), True
    limited = bool(_SPAN.search(words) or _MOST.search(words) or _EXACTLY.search(words) or found)
    if notes.most == 1 and limited:
        notes.most, notes.kind = None, notes.kind or "single"
    elif notes.most is not None and limited:
        notes.many = True
    return limited


_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"矩阵", "matrix"),
    (r"排序", "ranking"),
    (r"问答|简答|开放题|主观题", "open"),
    (r"填空", "blank"),
    (r"量表|打分|评分题", "scale"),
    (r"单选|只选一|单项选择|限选一", "single"),
)


def _kind(words: str, notes: Notes) -> bool:
    known = False
    if re.search(r"多选|不定项|可选多|可以?多项|任选|多项选择", words):
        notes.many = known = True
    for pattern, kind in _KINDS:
        if re.search(pattern, words) and len(words) <= 20:
            notes.kind = notes.kind if notes.kind == "matrix" else kind
            known = True
            break
    if re.fullmatch(r"必答题?|必填", words):
        notes.required = known = True
    return (
        known
        or re.fullmatch(r"选填|选答题?|非必[答填]|请打[√勾]|请在.{0,12}打[√勾].{0,6}", words)
        is not None
    )


def goal_of(label: str) -> tuple[str, str | None]:
    """Return a choice without its skip, and where that leads: a number, "" (the end), None."""
    for pattern in (SKIP, END):
        bracketed = re.compile(rf"[(（\[【]\s*(?:{pattern.pattern})\s*[^()（）]{{0,8}}[)）\]】]")
        for one in (bracketed, pattern):
            if found := one.search(label):
                rest = (label[: found.start()] + label[found.end() :]).strip(" ，,;；—-→")
                if rest:
                    number = next((group for group in found.groups() if group), "")
                    return rest, number
    return label, None


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else _CHINESE[written]
