"""Read an XLSForm: the sheets survey and choices, or the two as csv files.

The names of columns and types follow the XLSForm reference (xlsform.org) with the older spellings
that forms in use still have (``select one from``, ``begin group``, ``label:English``, ``value``).
`Form` keeps every row with its type, name, labels per language and list; `definition_of` takes
from it what a questionnaire can hold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.intake.definitions.contents import Rows, sheets_of
from pipeline.responses.delimited import read_csv

Labels = Mapping[str, str]
"""Language as the form names it ('' where it names none) -> text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the sheet choices; `columns` are those besides name, list and labels."""

    name: str
    labels: Labels
    line: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet survey.

    Attributes
    ----------
    line : as a spreadsheet program numbers it (1-based, the header has the first)
    type : the type's word alone, in today's spelling (``select_one``, ``begin_group``)
    list : name of the list of choices or of the external file, '' where there is none
    other : the type ends in ``or_other``
    groups, repeats : names of the groups, and of the repeats among them, outermost first
    within : lines of all groups it stands in, also of those without a name, outermost first
    matrix : name of the group that shows its questions as one table, '' where there is none
    columns : all further columns that are filled, by their names in today's spelling
    """

    line: int
    type: str
    name: str
    labels: Labels
    list: str = ""
    other: bool = False
    groups: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    matrix: str = ""
    hints: Labels = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    within: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An XLSForm, row by row.

    Attributes
    ----------
    rows : of the sheet survey; rows that close a group, are disabled or have no type are left out
    lists : name of a list -> its choices in their order
    language : the form's default, '' where it names none
    oddities : what is wrong with the form and was passed over, in whole Chinese sentences
    repeated : line, list and name of the choices left out for their repeated name
    """

    path: Path
    title: str
    language: str
    rows: tuple[Row, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    oddities: tuple[str, ...] = ()
    repeated: tuple[tuple[int, str, str], ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the labels in the order of their first use."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.labels))


_ALIASES = {
    "relevance": "relevant", "bind:relevant": "relevant", "bind:constraint": "constraint",
    "calculate": "calculation", "bind:calculate": "calculation", "readonly": "read_only",
    "bind:required": "required", "caption": "label", "command": "type", "list": "list_name",
    "bind:type": "type", "tag": "name",
}  # fmt: skip
_TYPES = {
    "int": "integer", "string": "text", "gps": "geopoint", "location": "geopoint",
    "phone_number": "phonenumber", "phone": "phonenumber", "get_phone_number": "phonenumber",
    "start_time": "start", "get_start_time": "start", "end_time": "end", "get_end_time": "end",
    "get_today": "today", "device_id": "deviceid", "imei": "deviceid", "get_device_id": "deviceid",
    "uri:deviceid": "deviceid", "uri:phonenumber": "phonenumber", "uri:username": "username",
    "trigger": "acknowledge", "photo": "image", "date_time": "datetime",
    "q_calculate": "calculate",
    "q_string": "text", "q_image": "image", "begin_loop": "begin_repeat", "end_loop": "end_repeat",
    "begin_lgroup": "begin_repeat", "end_lgroup": "end_repeat", "begin_kobomatrix": "begin_group",
    "end_kobomatrix": "end_group", "begin_looped_group": "begin_repeat",
    "end_looped_group": "end_repeat", "note_": "note",
}  # fmt: skip
_SELECT = re.compile(
    r"(?:add\s+)?(?P<kind>select[ _]one[ _]from[ _]file|select[ _]multiple[ _]from[ _]file"
    r"|select[ _]one[ _]external|select[ _]multiple|select[ _]all[ _]that[ _]apply|select[ _]one"
    r"|select1|select|rank)"
    r"(?:\s+(?:prompt\s+)?(?:from|using))?(?:\s+(?P<list>\S+))?"
    r"(?P<other>\s+or[ _]other|\s+or\s+specify\s+other)?",
    re.I,
)
_LABEL = re.compile(r"(?:media)?:{0,2}(?P<what>label|hint)(?:\s*:{1,2}\s*(?P<language>.*))?", re.I)
_SHOWN_TOGETHER = ("table-list", "list-nolabel", "kobomatrix")


def is_survey(headers: Sequence[str]) -> bool:
    """Tell whether headers are those of a survey sheet."""
    found = {_header(one)[0] for one in headers}
    return {"type", "name"} <= found and "label" in found


def is_choices(headers: Sequence[str]) -> bool:
    """Tell whether headers are those of a choices sheet."""
    found = {_header(one)[0] for one in headers}
    return "list_name" in found and bool({"name", "value"} & found) and "label" in found


def read_workbook(path: Path) -> Form:
    """Read an .xlsx or .xls with the sheets survey and, if any question has choices, choices.

    Raises
    ------
    ResponseError
        It cannot be opened, has no sheet survey, or no column type and name on it.
    """
    sheets = {name.strip().lower(): rows for name, rows in sheets_of(path).items()}
    if "survey" not in sheets:
        raise ResponseError(
            f"{path}: 没有名为 survey 的工作表（有 {'、'.join(sheets) or '0 个工作表'}）。"
            "请给 XLSForm 文件。(no sheet named survey)"
        )
    settings = next(iter(_records(sheets.get("settings", []))), (0, {}))[1]
    return _form(path, sheets["survey"], sheets.get("choices", []), settings)


def read_pair(survey: Path, choices: Path | None) -> Form:
    """Read the two sheets from csv files.

    Raises
    ------
    ResponseError
        One of them cannot be read, or has no column type and name.
    """
    return _form(survey, _csv_rows(survey), _csv_rows(choices) if choices else [], {})


def _csv_rows(path: Path) -> Rows:
    table = read_csv(path)
    return [table.headers, *table.cells.astype("str").to_numpy().tolist()]


def _form(path: Path, survey: Rows, choices: Rows, settings: Mapping[str, str]) -> Form:
    records = list(_records(survey))
    if not is_typed(survey):
        raise ResponseError(
            f"{path}: 工作表 survey 没有 type 和 name 列，不是 XLSForm。请核对文件。"
            "(the sheet survey has no columns type and name)"
        )
    lists, repeated = _lists(choices)
    rows, faults = _rows(records)
    if repeated:
        faults.append(f"选项表里有 {len(repeated)} 个选项在同一列表中重名，只用第一个。")
    if absent := sorted({r.list for r in rows if r.type in CHOICES and r.list not in lists}):
        faults.append(f"题目用到的选项列表不在选项表里：{'、'.join(absent)}。")
    return Form(
        path, settings.get("form_title", ""), settings.get("default_language", ""),
        tuple(rows), lists, tuple(faults), tuple(repeated),
    )  # fmt: skip


CHOICES = ("select_one", "select_multiple", "rank")


def is_typed(survey: Rows) -> bool:
    """Tell whether the first filled row of a sheet names the columns type and name."""
    header = next((row for row in survey if any(map(str.strip, row))), [])
    return {"type", "name"} <= {_header(one)[0] for one in header}


def _records(rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and filled cells of every row below the header, languages kept in the keys."""
    filled = [(line, row) for line, row in enumerate(rows, start=1) if any(map(str.strip, row))]
    if not filled:
        return
    keys = ["::".join(filter(None, _header(one))) for one in filled[0][1]]
    for line, row in filled[1:]:
        record: dict[str, str] = {}
        for key, cell in zip(keys, row, strict=False):
            if key and cell.strip():
                record.setdefault(key, cell.strip())
        yield line, record


def _header(header: str) -> tuple[str, str]:
    """Return a column's name in today's spelling, and the language of a label or hint."""
    bare = header.replace("\ufeff", "").strip()
    if found := _LABEL.fullmatch(bare):
        return found["what"].lower(), (found["language"] or "").strip()
    name = re.sub(r"\s*:+\s*", ":", bare.lower()).replace(" ", "_")
    return _ALIASES.get(name, name), ""


def _worded(record: Mapping[str, str], what: str) -> Labels:
    return {
        key.partition("::")[2]: cell
        for key, cell in record.items()
        if key.partition("::")[0] == what
    }


def _lists(
    choices: Rows,
) -> tuple[dict[str, tuple[Choice, ...]], list[tuple[int, str, str]]]:
    """Return the lists of choices, and which were left out for their repeated name."""
    lists: dict[str, dict[str, Choice]] = {}
    repeated: list[tuple[int, str, str]] = []
    for line, record in _records(choices):
        name = record.get("name", record.get("value", ""))
        if not name or not (listed := record.get("list_name")):
            continue
        known = lists.setdefault(listed, {})
        if name in known:
            repeated.append((line, listed, name))
            continue
        further = {key: cell for key, cell in record.items() if not key.startswith("label")}
        known[name] = Choice(name, _worded(record, "label"), line, further)
    return {name: tuple(known.values()) for name, known in lists.items()}, repeated


def _rows(records: Sequence[tuple[int, dict[str, str]]]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    open_groups: list[Row] = []
    unbalanced = 0
    for line, record in records:
        if not record.get("type") or record.get("disabled", "").lower() in ("yes", "true", "1"):
            continue
        row = _row(line, record, open_groups)
        if row.type.startswith("end_"):
            unbalanced += not open_groups
            open_groups = open_groups[:-1]
            continue
        rows.append(row)
        if row.type.startswith("begin_"):
            open_groups.append(row)
    unbalanced += len(open_groups)
    faults = [f"有 {unbalanced} 处分组的开始和结束不成对。"] if unbalanced else []
    if nameless := [row.line for row in rows if not row.name and row.type != "begin_group"]:
        shown = "、".join(map(str, nameless))
        faults.append(f"survey 表有 {len(nameless)} 行没有 name（第 {shown} 行），没有用。")
    return rows, faults


def _row(line: int, record: Mapping[str, str], open_groups: Sequence[Row]) -> Row:
    kind, listed, other = _type(record["type"])
    named = [group for group in open_groups if group.name]
    together = [
        group.name
        for group in named
        if any(one in group.columns.get("appearance", "") for one in _SHOWN_TOGETHER)
        or group.columns.get("type", "").startswith("begin_kobomatrix")
    ]
    return Row(
        line, kind, record.get("name", ""), _worded(record, "label"), listed, other,
        tuple(group.name for group in named),
        tuple(group.name for group in named if group.type == "begin_repeat"),
        together[-1] if together else "", _worded(record, "hint"),
        {key: cell for key, cell in record.items() if not key.startswith(("label", "hint"))},
        tuple(group.line for group in open_groups),
    )  # fmt: skip


def _type(written: str) -> tuple[str, str, bool]:
    """Return the type's word in today's spelling, its list, and whether it ends in or_other."""
    words = " ".join(written.split())
    if found := _SELECT.fullmatch(words):
        kind = found["kind"].lower().replace(" ", "_")
        if kind in ("select_all_that_apply", "select"):
            kind = "select_multiple"
        return {"select1": "select_one"}.get(kind, kind), found["list"] or "", bool(found["other"])
    if (first := words.split(" ")[0]).lower() in ("select_one", "select_multiple", "rank"):
        return first.lower(), words.split(" ")[1], False
    plain = words.lower().replace(" ", "_")
    if plain.startswith("begin_loop_over"):
        plain = "begin_loop"
    return _TYPES.get(plain, plain), "", False
