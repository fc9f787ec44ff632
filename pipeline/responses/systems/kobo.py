"""KoBoToolbox: csv or workbook, also with headers that R rewrote (``X_uuid``, ``q.choice``)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.responses.described import Described
from pipeline.responses.systems import System, xform
from pipeline.responses.systems.columns import (
    Known,
    contents,
    given,
    has_value_labels,
    of_unique,
    set_aside,
    shown,
    with_labels,
)
from pipeline.responses.systems.moments import in_iso
from pipeline.responses.table import RawTable

_JOINTS = "/"
_KEYS = ("_uuid", "meta/instanceID", "_id", "_submission__uuid", "_index")
_OWN: Mapping[str, Known] = {
    **xform.OWN,
    "_submission_time": Known("submitted", "服务器收到答卷的时间。"),
    "_duration": Known("seconds", "作答用时（秒）。"),
    "__version__": Known("version", "表单的版本。"),
    "_version": Known("version", "表单的版本。"),
    "_submitted_by": Known("contact", "提交答卷的账号。"),
    "_id": Known("identifier", "KoBo 的答卷编号。"),
    "_uuid": Known("identifier", "KoBo 的答卷编号。"),
    "meta/instanceID": Known("identifier", "答卷编号。"),
    "meta/rootUuid": Known("identifier", "答卷编号。"),
    "formhub/uuid": Known("metadata", "表单的编号。"),
    "_xform_id_string": Known("metadata", "表单的编号。"),
    "_xform_id": Known("metadata", "表单的编号。"),
    "_index": Known("identifier", "导出时的行号。"),
    "_parent_index": Known("metadata", "所属答卷在主表中的行号。"),
    "_parent_table_name": Known("metadata", "所属的表。"),
    "_validation_status": Known("metadata", "核查状态。"),
    "_status": Known("metadata", "提交状态。"),
    "_notes": Known("metadata", "核查时写的备注。"),
    "_tags": Known("metadata", "标签。"),
    "_attachments": Known("metadata", "附件。"),
    "_geolocation": Known("contact", "定位，可以认出人。"),
}
_TELLING = ("_submission_time", "_id", "_index", "_submitted_by", "_parent_index", "_status")
_NO_PARENT = frozenset({"", "-1"})


def _signs(table: RawTable) -> str:
    """Return why a table is an export of KoBo; '' if it is not."""
    if has_value_labels(table):
        return ""
    names = {xform.plain(header): header for header in table.headers}
    told = [names[name] for name in _TELLING if name in names]
    if "_uuid" in names and told:
        return f"有列 {names['_uuid']}、{'、'.join(told[:3])}，是 KoBo 的导出。"
    if "_parent_index" in names and "_index" in names:
        return "有列 _index、_parent_index，是 KoBo 导出的一个重复组。"
    return ""


def _tidied(table: RawTable) -> RawTable:
    """Return the table with its names without groups as labels, and the times in ISO."""
    labels = [shown(xform.stem(header, _JOINTS)) for header in table.headers]
    made = with_labels(table, table.headers, labels)
    cells = made.cells.copy()
    for header in made.headers:
        if xform.plain(header) in ("start", "end", "_submission_time"):
            cells[header] = in_iso(cells[header])
    return replace(made, cells=cells)


def _described(table: RawTable) -> Described:
    """Return KoBo's own columns and the multiple choices."""
    table = of_unique(table)
    key, headers = _key_of(table), table.headers
    asides = set_aside(table.cells, ((h, _known(headers, h, key)) for h in headers))
    aside = {one.header for one in asides}
    found = xform.questions(table.cells, [h for h in headers if h not in aside], _JOINTS)
    return Described(found.items, (*asides, *found.asides), notes=(*found.notes, *_notes(table)))


def _key_of(table: RawTable) -> str:
    """Return the first column made to tell rows apart that does; '' where none does."""
    names = {xform.plain(header): header for header in reversed(table.headers)}
    keys = [names[name] for name in _KEYS if name in names]
    if _is_repeat(table) and "_index" in names:
        return names["_index"]
    for header in keys:
        if _tells_apart(table.cells[header]):
            return header
    return keys[0] if keys else ""


def _tells_apart(cells: pd.Series) -> bool:
    words = given(cells)
    return bool(len(words)) and bool((words != "").all()) and words.is_unique


def _is_repeat(table: RawTable) -> bool:
    """Tell whether the rows are members of a repeat group: their parent is another table's row."""
    for header in table.headers:
        if xform.plain(header) == "_parent_index":
            return not set(contents(table.cells[header])) <= _NO_PARENT
    return False


def _known(headers: Sequence[str], header: str, key: str) -> Known | None:
    if header == key:
        return Known("key", "每行一个不同的编号。")
    name = xform.plain(header)
    if name.startswith("_submission__"):
        return Known("metadata", "所属答卷的信息。")
    if (known := _OWN.get(name) or xform.OWN.get(xform.stem(header, _JOINTS))) is not None:
        return known
    return xform.is_place(header, headers, _JOINTS)


def _notes(table: RawTable) -> Iterator[str]:
    if _is_repeat(table):
        yield (
            "这是一个重复组的文件：每行是一份答卷中的一个成员（如一名儿童），不是一份答卷。"
            "比例的分母是成员；要按答卷计，请用主表，或用 --on 把主表接上。"
        )
    for header in table.headers:
        name = xform.plain(header)
        if name.startswith("_") and name.endswith("_validation_status"):
            rejected = given(table.cells[header]).str.contains("not_approved|Not approved")
            if count := int(rejected.sum()):
                yield f"列 {header} 显示有 {count} 份核查未通过，请决定是否计入。"


SYSTEM = System("kobo", "KoBoToolbox", _signs, _tidied, _described)
