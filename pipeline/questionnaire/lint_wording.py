"""Rules on wording: one thing at a time, without leading, without double negation, short.

Source: Fowler (1995), Improving Survey Questions, ch. 1; Krosnick & Presser (2010), Handbook of
Survey Research, ch. 9; 袁方 (2004), 社会研究方法教程, 第八章.
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Note
from pipeline.questionnaire.cross_checks import placed_blocks
from pipeline.questionnaire.lint_finding import Finding, Worded, legible, plain, worded
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire

_CONSENT = re.compile(r"知情同意|(?i:consent)")
TO_FILL = "待填写"
"""What an import writes where a definition needs words that the file did not have."""
LONGEST = 60
LONGEST_WORDS = 40
_JUDGED = re.compile(
    r"满意|同意|赞成|支持|认可|信任|评价|怎么样|如何|是否|有没有用|好不好|够不够|及时|清楚|重要|"
    r"认为|觉得|感觉|喜欢|愿意|影响"
)
_FACTS = re.compile(r"多少|几次|几个|多长时间|哪一[个种项方]|哪些")
_JOINED = re.compile(
    r"(?P<a>[\u4e00-\u9fff]{2,})(?P<by>以及|及|和|与|、|，?并且?)(?P<b>[\u4e00-\u9fff]{2,})"
)
_PREPOSITION = re.compile(
    r"^[^，。？；]{0,16}(相比|比较|一样|一致|相称|相符|符合|有关|无关|之间|联系|沟通|打交道|往来|同住|"
    r"相同|不同|结合|相处|接触|合作|交流|谁|哪)"
)
_PAIRS = re.compile(
    r"意见[和与、]建议|党员[和与、]群众|干部[和与、]群众|干部[和与、]职工|知识[和与、]技能|知识[和与、]能力|"
    r"权利[和与、]义务|父亲[和与、]母亲|亲戚[和与、]朋友|亲戚[、]朋友|家人[和与、]朋友|老师[和与、]同学|"
    r"村[（(]?社区|乡镇[、和]街道|城市[和与、]农村|法律[、和]法规|及其|及以[上下]|及时|及早|及格|普及|涉及|"
    r"参与|并不|并没|并非|和谐|平和|温和|总和|饱和"
)
_TOGETHER = re.compile(r"一致|同一|相互|之间|相称|平衡|比较而言")
"""Words of questions that are about several things together."""
_LEADING = (
    (r"众所周知|大家都知道|我们都知道|毋庸置疑|不可否认|毫无疑问|显而易见", "先给了结论"),
    (r"难道|岂不|何尝", "用了反问"),
    (r"您是不是也|您也(认为|觉得|同意)|大多数人(都)?(认为|觉得)|专家(都)?(认为|指出)",
     "暗示了多数或权威"),
    (r"(对吧|是吧|不是吗|对不对吧)[？?]?$", "要人附和"),
    (r"是否(也)?(认为|觉得|同意)[^，。；？]{0,40}(非常好|很好|非常重要|很重要|应该|必须|有必要)",
     "只问了一边"),
    (r"(应当?该?|必须)[^，。；？]{0,20}(吗|吧|对吗)[？?]?$", "只问了一边"),
    (r"(?i)\b(don't you|wouldn't you|isn't it|everyone knows|obviously|as we all know)\b",
     "leads"),
)  # fmt: skip
_TWICE_NOT = re.compile(
    r"不得不|不能不|不可不|不会不|不是不|不是没|没有不|没有[^，。；？]{0,4}不是|并非不|并非没|未必不|"
    r"不无|无不|无非不|非[^，。；？]{1,6}不可|不[^，。；？不]{1,6}(?<!还是)(?<!或)不(?!清|同意)|"
    r"(反对|禁止|拒绝|避免|防止)[^，。；？]{0,8}(不|没有|禁止)"
)
_A_NOT_A = re.compile(
    r"([\u4e00-\u9fff]{1,4})不\1|([\u4e00-\u9fff])不\2[\u4e00-\u9fff]?|是不是|有没有|能不能|要不要|会不会|还是不[\u4e00-\u9fff]{1,4}"
)
_NEGATED = re.compile(
    r"不(?!断|同|仅|但|管|论|错|久|时|少)|没有|没(?=[\u4e00-\u9fff])|未(?!来|必)|无法|从未"
)


def double_barrelled(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield judgements that are asked of two things at once."""
    for one in worded(questionnaire):
        text = _asked(one)
        if _TOGETHER.search(text):
            continue
        judged = one.scale or (bool(one.choices) and _JUDGED.search(text))
        if not judged or _is_multiple(one) or (not one.scale and _FACTS.search(text)):
            continue
        bare = _PAIRS.sub("某", text)
        for clause in re.split(r"[，。；：？！“”]", bare):
            found = _JOINED.search(clause)
            if found is None or _is_preposition(clause, found):
                continue
            yield Finding(
                "double_barrelled", (*one.place, "text"),
                f"“{found['a'][-6:]}{found['by']}{found['b'][:6]}”：一题问了两件事，答案说不清是哪一件。",
                "请拆成两题，或只留一件。(two things in one question; split it)",
            )  # fmt: skip
            break


def _is_preposition(clause: str, found: re.Match[str]) -> bool:
    if found["by"] not in ("和", "与"):
        return False
    rest = clause[found.start("b") :]
    return bool(_PREPOSITION.match(rest)) or rest.startswith("不")


def _is_multiple(one: Worded) -> bool:
    kind = getattr(one.block, "cells", getattr(one.block, "type", ""))
    return kind in ("multiple_choice", "ranking", "note")


def _asked(one: Worded) -> str:
    return plain(legible(one.text))


def leading(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield wordings that suggest the answer."""
    for one in worded(questionnaire):
        for pattern, why in _LEADING:
            if found := re.search(pattern, _asked(one)):
                yield Finding(
                    "leading", (*one.place, "text"), f"“{found[0][:20]}”：{why}，会引导回答。",
                    "请用中性的说法，正反两面都说出来。(leading; word it neutrally)",
                )  # fmt: skip
                break


def double_negative(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield wordings that negate twice, alone or together with a "disagree" among the choices."""
    for one in worded(questionnaire):
        if isinstance(one.block, Note):
            continue
        text = _asked(one)
        bare = _A_NOT_A.sub("", text)
        if found := _TWICE_NOT.search(bare):
            yield Finding(
                "double_negative", (*one.place, "text"), f"“{found[0]}”：双重否定，容易答反。",
                "请改成肯定的说法。(two negations; say it positively)",
            )  # fmt: skip
        elif any(re.search("不同意|不赞成", legible(c.text)) for c in one.choices):
            statement = re.sub(r"(您|你)?(是否|是不是)?(不)?(同意|赞成)[^，。：]*", "", bare)
            if found := _NEGATED.search(re.sub(r"和不[\u4e00-\u9fff]+", "", statement)):
                yield Finding(
                    "double_negative", (*one.place, "text"),
                    f"说法里有“{found[0]}”，不同意它就成了双重否定。",
                    "请改成肯定的说法，反向题也一样。(disagreeing negates twice)",
                )  # fmt: skip


def too_long(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield wordings that are hard to keep in mind, above all when read aloud."""
    for one in worded(questionnaire):
        text = _asked(one)
        if isinstance(one.block, Note) or _CONSENT.search(f"{one.name} {text}"):
            continue
        han = len(re.findall(r"[\u4e00-\u9fff]", text))
        words = len(re.findall(r"[A-Za-z]+", text))
        count, most, unit = (han, LONGEST, "字") if han else (words, LONGEST_WORDS, "词")
        if count > most:
            yield Finding(
                "too_long", (*one.place, "text"),
                f"题干 {count} 个{unit}，超过 {most} 个。",
                "请缩短，说明放进 hint。(too long; move explanations to the hint)",
            )  # fmt: skip


def missing_language(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what lacks its words in a language in which the questionnaire is said to be held."""
    for block, place in placed_blocks(questionnaire):
        yield from _untranslated(questionnaire, block, place)
    for at, section in enumerate(questionnaire.sections):
        yield from _untranslated(questionnaire, section.title, ("sections", at, "title"))
    for key in ("title", "introduction", "consent", "screen_outs"):
        yield from _untranslated(questionnaire, getattr(questionnaire, key), (key,))


def _untranslated(questionnaire: Questionnaire, part: object, place: Place) -> Iterator[Finding]:
    lacking: dict[str, list[Place]] = {}
    for where, text in _texts(part, place):
        if text.zh == TO_FILL:
            yield Finding(
                "missing_language",
                where,
                f"这里还写着“{TO_FILL}”。",
                "请写上文字。(not yet written)",
            )
            continue
        for language in questionnaire.languages:
            if text.zh and language not in text.languages:
                lacking.setdefault(language, []).append(where)
    if lacking:
        first, *_ = next(iter(lacking.values()))
        yield Finding(
            "missing_language", first,
            f"缺少 {'、'.join(lacking)} 的文字，共 {sum(map(len, lacking.values()))} 处。",
            "请补上译文，或从 languages 里去掉这种语言。(add the translation)",
        )  # fmt: skip


def _texts(part: object, place: Place) -> Iterator[tuple[Place, Text]]:
    """Yield the texts inside a part that respondents read, with their places."""
    if isinstance(part, Text):
        yield place, part
    elif isinstance(part, tuple):
        for at, one in enumerate(part):
            yield from _texts(one, (*place, at))
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name not in ("measure", "interviewer", "agree", "decline"):
                yield from _texts(getattr(part, name), (*place, name))


WORDING_RULES = (double_barrelled, leading, double_negative, too_long, missing_language)
