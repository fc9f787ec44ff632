"""What an XLSForm asks, as far as a questionnaire can hold it.

ODK Central and KoBo name a column by the groups and the question (``hh-age``, ``hh/age``), or by
the question alone; a select_multiple has a column of joined names, and may have a 0/1 column for
each choice (``source/well``, after R ``source.well``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.intake.definitions import Defined, Definition, Extra
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.intake.definitions.xlsform import Choice, Form, Labels, Row
from pipeline.responses.described import ItemKind, Option, Role

SYSTEM = "XLSForm"
_KINDS: Mapping[str, ItemKind] = {
    "select_one": "single_choice", "select_one_from_file": "single_choice",
    "select_one_external": "single_choice", "select_multiple": "multiple_choice",
    "select_multiple_from_file": "multiple_choice", "integer": "number", "decimal": "number",
    "range": "number", "text": "open_ended",
}  # fmt: skip
_EXTRAS: Mapping[str, tuple[Role, str]] = {
    "start": ("start", "开始填答的时间"), "end": ("end", "结束填答的时间"),
    "today": ("date", "填答日期"), "date": ("date", "日期题"), "time": ("date", "时刻题"),
    "datetime": ("date", "日期时间题"), "deviceid": ("identifier", "设备编号"),
    "phonenumber": ("contact", "电话号码"), "email": ("contact", "电子邮箱"),
    "username": ("identifier", "访员账号"), "subscriberid": ("identifier", "SIM 卡用户编号"),
    "simserial": ("identifier", "SIM 卡编号"), "caseid": ("identifier", "个案编号"),
    "audit": ("metadata", "操作记录文件"), "text_audit": ("metadata", "操作记录文件"),
    "audio_audit": ("metadata", "录音抽查文件"), "comments": ("metadata", "访员备注文件"),
    "start-geopoint": ("contact", "开始时的位置"), "geopoint": ("contact", "位置"),
    "geotrace": ("contact", "路线"), "geoshape": ("contact", "区域边界"),
    "background-geopoint": ("contact", "位置"), "image": ("unreadable", "图片"),
    "audio": ("unreadable", "录音"), "video": ("unreadable", "录像"),
    "file": ("unreadable", "上传的文件"), "background-audio": ("unreadable", "录音"),
    "barcode": ("identifier", "条码"), "calculate": ("derived", "由表单算出"),
    "hidden": ("metadata", "隐藏字段"), "note": ("metadata", "说明文字"),
    "acknowledge": ("metadata", "确认项"),
}  # fmt: skip
_LOST: tuple[tuple[str, str], ...] = (
    ("relevant", "{} 行有显示条件（relevant），没有带过来：谁该答、谁不该答需要在问卷里另写。"),
    ("required", "{} 行标为必答（required），没有带过来。"),
    ("choice_filter", "{} 道题的选项随前面的答案变化（choice_filter），这里列出了全部选项。"),
    ("calculation", "{} 行是计算（calculation），没有带过来；算出的列不当作题目。"),
)
_BOUND = re.compile(r"\(?\s*\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*\)?")


def definition_of(form: Form) -> Definition:
    """Take the questions from a form."""
    languages = _preferred(form)
    asked = [row for row in form.rows if row.type in _KINDS and row.name]
    return Definition(
        form.path, SYSTEM, shown(form.title),
        tuple(_defined(row, form, languages) for row in asked),
        (*form.oddities, *_lost(form, asked)), tuple(_extras(form)),
    )  # fmt: skip


def _preferred(form: Form) -> tuple[str, ...]:
    """Return the form's languages, the one to be shown first: Chinese, or the form's default."""
    languages = sorted(form.languages, key=lambda one: not in_chinese(one))
    if languages and not in_chinese(languages[0]) and form.language in languages:
        languages.remove(form.language)
        languages.insert(0, form.language)
    return tuple(languages)


def _worded(labels: Labels, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the wordings that there are, in the order of the languages."""
    found = (shown(labels[one]) for one in languages if one in labels)
    return tuple(dict.fromkeys(text for text in found if text))


def _defined(row: Row, form: Form, languages: Sequence[str]) -> Defined:
    texts = _worded(row.labels, languages) or _worded(row.hints, tuple(row.hints)) or (row.name,)
    english = next((shown(row.labels[one]) for one in row.labels if in_english(one)), "")
    chinese = any(in_chinese(one) for one in row.labels)
    choices = _offered(row, form)
    options = tuple(
        Option(one.name, (_worded(one.labels, languages) or (one.name,))[0]) for one in choices
    )
    low, high = _limits(row)
    matrix = next((r for r in form.rows if r.matrix == "" and r.name == row.matrix), None)
    return Defined(
        row.name, texts[0], _KINDS[row.type], options,
        group=row.matrix,
        group_text="".join(_worded(matrix.labels, languages)[:1]) if matrix else "",
        english=english if chinese and english != texts[0] else "",
        minimum=low, maximum=high, columns=_places(row),
        ticks=_ticks(row, choices) if _KINDS[row.type] == "multiple_choice" else (),
        wordings={one.name: _worded(one.labels, languages) for one in choices},
        texts=texts[1:], path=row.groups, repeated=bool(row.repeats),
    )  # fmt: skip


def _offered(row: Row, form: Form) -> tuple[Choice, ...]:
    listed = form.lists.get(row.list, ())
    if row.other and all(one.name != "other" for one in listed):
        return (*listed, Choice("other", {"English": "Other", "中文 (zh)": "其他"}))
    return listed


def _places(row: Row) -> tuple[str, ...]:
    """Return the names of a row's column, with its groups before it."""
    return tuple(joint.join((*row.groups, row.name)) for joint in "/-.") if row.groups else ()


def _ticks(row: Row, choices: Sequence[Choice]) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {one.name: f"{place}{joint}{one.name}" for one in choices}
        for place in (*_places(row), row.name)
        for joint in "/."
    )


def _limits(row: Row) -> tuple[float | None, float | None]:
    """Return the least and greatest number allowed, as far as a constraint says no more."""
    if row.type == "range":
        found = dict(re.findall(r"\b(start|end)\s*=\s*(-?\d+(?:\.\d+)?)", _parameters(row)))
        return tuple(float(found[end]) if end in found else None for end in ("start", "end"))  # type: ignore[return-value]
    if row.type not in ("integer", "decimal") or not _carried(row):
        return None, None
    step = 1 if row.type == "integer" else 0
    lows, highs = [], []
    for sign, number in _bounds(row):
        bound = float(number)
        if sign[0] == ">":
            lows.append(bound if sign == ">=" else bound + step)
        else:
            highs.append(bound if sign == "<=" else bound - step)
    return max(lows, default=None), min(highs, default=None)


def _parameters(row: Row) -> str:
    return row.columns.get("parameters", "") + row.columns.get("body:parameters", "")


def _bounds(row: Row) -> list[tuple[str, str]]:
    parts = re.split(r"\s+and\s+", row.columns.get("constraint", ""), flags=re.I)
    found = [_BOUND.fullmatch(part.strip()) for part in parts]
    return [(one[1], one[2]) for one in found if one] if all(found) else []


def _carried(row: Row) -> bool:
    return row.type in ("integer", "decimal") and bool(_bounds(row))


def _extras(form: Form) -> Iterator[Extra]:
    for row in form.rows:
        if row.type in _EXTRAS and row.name:
            role, what = _EXTRAS[row.type]
            said = next(iter(_worded(row.labels, tuple(row.labels))), "")
            why = f"表单里它是{what}（{row.type}）" + (f"：“{said[:40]}”。" if said else "。")
            yield Extra((*_places(row), row.name), role, why)


def _lost(form: Form, asked: Sequence[Row]) -> Iterator[str]:
    for column, sentence in _LOST:
        if count := sum(column in row.columns for row in form.rows):
            yield sentence.format(count)
    limited = [row for row in form.rows if "constraint" in row.columns and not _carried(row)]
    if limited:
        yield f"{len(limited)} 行有取值限制（constraint）不只是上下限，没有带过来。"
    if repeats := [row.name for row in form.rows if row.type == "begin_repeat"]:
        inside = sum(bool(row.repeats) for row in asked)
        yield (
            f"{len(repeats)} 个重复组（{'、'.join(repeats)}）中的 {inside} 道题"
            "对每个成员各问一次，导出时另成一个文件；这里只用答卷文件里有的列。"
        )
    outside = [row for row in asked if row.type.endswith(("_from_file", "_external"))]
    if outside:
        yield f"{len(outside)} 道题的选项在另外的文件里，没有读；选项由答案推断。"
    if ranked := [row.name for row in form.rows if row.type == "rank"]:
        yield f"{len(ranked)} 道排序题（{'、'.join(ranked)}）没有对应的题型，由答案推断。"
    known = {*_KINDS, *_EXTRAS, "rank", "begin_group", "begin_repeat"}
    if strange := sorted({row.type for row in form.rows} - known):
        yield f"不认识的题型：{'、'.join(strange)}；它们的列由答案推断。"
    if media := sum(any(_is_media(key) for key in row.columns) for row in form.rows):
        yield f"{media} 行带有图片、录音或录像，没有带过来。"


def _is_media(column: str) -> bool:
    return column.removeprefix("media:").split(":")[0] in ("image", "audio", "video", "big-image")
