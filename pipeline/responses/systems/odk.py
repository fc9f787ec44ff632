"""ODK Central, Aggregate and Briefcase: csv, one column per question, groups joined by ``-``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

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

_JOINTS = "-/"
_KEYS = ("KEY", "meta-instanceID", "instanceID", "meta/instanceID")
_OWN: Mapping[str, Known] = {
    **xform.OWN,
    "SubmissionDate": Known("submitted", "服务器收到答卷的时间。"),
    "SubmitterID": Known("contact", "提交答卷的账号。"),
    "SubmitterName": Known("contact", "提交答卷的人。"),
    "FormVersion": Known("version", "表单的版本。"),
    "AttachmentsPresent": Known("metadata", "附件的个数。"),
    "AttachmentsExpected": Known("metadata", "应有附件的个数。"),
    "Status": Known("metadata", "提交状态。"),
    "ReviewState": Known("metadata", "核查状态。"),
    "Edits": Known("metadata", "修改的次数。"),
    "PARENT_KEY": Known("metadata", "所属答卷的编号。"),
    **{name: Known("key", "每份答卷一个编号。") for name in _KEYS},
}
_TELLING = (
    "SubmissionDate", "meta-instanceID", "meta/instanceID", "instanceID", "PARENT_KEY",
    "SubmitterID", "AttachmentsPresent", "ReviewState",
)  # fmt: skip
_ENGLISH_DATE = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}.*")


def _signs(table: RawTable) -> str:
    """Return why a table is an export of ODK; '' if it is not."""
    if has_value_labels(table) or "_uuid" in map(xform.plain, table.headers):
        return ""
    names = {xform.plain(header): header for header in table.headers}
    keys = [names[name] for name in _KEYS if name in names]
    told = [names[name] for name in _TELLING if name in names and names[name] not in keys[:1]]
    if not keys or not told:
        return ""
    return f"有列 {keys[0]}、{'、'.join(told[:3])}，是 ODK 的导出。"


def _tidied(table: RawTable) -> RawTable:
    """Return the table with names without groups as labels; ``Dec 11, 2018, 1:15 AM`` is ISO."""
    labels = [shown(xform.stem(header, _JOINTS)) for header in table.headers]
    made = with_labels(table, table.headers, labels)
    cells = made.cells.copy()
    for header in made.headers:
        found = contents(cells[header])
        if found and all(_ENGLISH_DATE.fullmatch(word) for word in found):
            cells[header] = in_iso(cells[header])
    return replace(made, cells=cells)


def _described(table: RawTable) -> Described:
    """Return ODK's own columns and the multiple choices."""
    table = of_unique(table)
    headers = table.headers
    first_keys = sorted(
        (header for header in headers if xform.plain(header) in _KEYS),
        key=lambda header: _KEYS.index(xform.plain(header)),
    )
    asides = set_aside(
        table.cells,
        ((h, _known(headers, h)) for h in dict.fromkeys([*first_keys, *headers])),
    )
    aside = {one.header for one in asides}
    found = xform.questions(table.cells, [h for h in headers if h not in aside], _JOINTS)
    return Described(found.items, (*asides, *found.asides), notes=(*found.notes, *_notes(table)))


def _known(headers: Sequence[str], header: str) -> Known | None:
    name = xform.plain(header)
    known = _OWN.get(name) or xform.OWN.get(xform.stem(header, _JOINTS))
    return known or xform.is_place(header, headers, _JOINTS)


def _notes(table: RawTable) -> Iterator[str]:
    if "PARENT_KEY" in table.headers:
        yield (
            "这是一个重复组的文件：每行是一份答卷中的一个成员，不是一份答卷。"
            "比例的分母是成员；要按答卷计，请用主表，或用 --on 把主表接上。"
        )
    if "ReviewState" in table.headers:
        states = given(table.cells["ReviewState"])
        if rejected := int((states == "rejected").sum()):
            yield f"列 ReviewState 显示有 {rejected} 份核查未通过，请决定是否计入。"


SYSTEM = System("odk", "ODK", _signs, _tidied, _described)
