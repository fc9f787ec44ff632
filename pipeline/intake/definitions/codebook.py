"""Read a codebook: a table with one row per variable, as offices keep it beside their data.

``变量名,题目,选项`` with values written ``1=男;2=女`` or ``1 男|2 女``, or one row per value with
the value and its wording in columns of their own. A LimeSurvey question list
(``<title>;<question>;<subquestion1>``) is read as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.intake.definitions import Defined, Definition
from pipeline.intake.definitions.contents import Rows, sheets_of, shown
from pipeline.responses.delimited import read_csv
from pipeline.responses.described import ItemKind, Option

SYSTEM = "题目清单（变量名和题目的表）"
WORKBOOKS = (".xlsx", ".xls", ".xlsm")
MOST_COLUMNS = 40
"""A codebook has few columns; a wider table holds answers."""
_ROLES: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        "变量名 变量名称 变量 变量代码 字段名 字段 字段名称 列名 题号 题目编号 题目代码 编码名"
        " variable variablename varname var code column columnname field fieldname name title"
        " questioncode questionid item".split()
    ),
    "text": frozenset(
        "题目 题干 题目内容 题目文字 问题 问题内容 变量标签 标签 变量说明 变量含义 说明 含义 描述"
        " 中文名 label variablelabel question questiontext text wording description".split()
    ),
    "options": frozenset(
        "选项 选项内容 答案选项 取值 取值说明 取值标签 值标签 编码 编码说明 代码说明 赋值 备选项"
        " values valuelabels options choices responseoptions categories codes coding"
        " responses".split()
    ),
    "kind": frozenset("题型 类型 变量类型 题目类型 type questiontype vartype kind".split()),
    "missing": frozenset("缺失值 缺失 缺失码 missing missingvalues missingcodes".split()),
    "value": frozenset("值 取值代码 选项代码 选项编码 代码 value valuecode optioncode".split()),
    "wording": frozenset(
        "选项文字 选项标签 值含义 代码含义 valuelabel optionlabel optiontext".split()
    ),
    "english": frozenset("英文 英文题目 english questionen labelen".split()),
}
_STRONG = _ROLES["name"] - {"name", "title", "code", "item", "题号", "var", "field", "字段"}
"""Names that no column of answers has; the others need a column of options beside them."""
_KINDS: tuple[tuple[ItemKind, str], ...] = (
    ("multiple_choice", r"多选|复选|multi|checkbox|select.?all"),
    ("single_choice", r"单选|下拉|判断|single|radio|dropdown|categor|nominal"),
    ("scale", r"量表|评分|打分|等级|likert|scale|ordinal|rating"),
    ("number", r"数字|数值|整数|小数|连续|number|numeric|integer|float|decimal|continuous"),
    ("open_ended", r"填空|文本|文字|简答|开放|主观|text|open|string|character"),
)
_SPLIT = re.compile(r"[;；|｜\n\r]+|[┋]")
_LIGHT_SPLIT = re.compile(r"[,，、/]+")
_CODED = re.compile(
    r"\s*(?P<code>-?\d+|[A-Za-z]\d{0,3})\s*"
    r"(?:[=＝:：、)）]+\s*|[.．\-—]+(?:\s+|(?!\d))|\s+)(?P<label>\S.*)"
)
"""A code and its wording; ``18-24岁`` and ``1.5`` are none."""
_AHEAD = re.compile(
    r"(?<![\w.])(?=-?\d+\s*[=＝:：.．、)）])|(?<!\w)(?=[A-Z]\d?\s*[=＝:：.．、)）])"
)
_SUB = re.compile(r"sub_?question_?(\d+)")


def header_roles(headers: Sequence[str]) -> dict[str, int]:
    """Return what the columns of a codebook hold, each by its place; {} if it is none."""
    if len(headers) > MOST_COLUMNS:
        return {}
    plain = [_plain(header) for header in headers]
    roles: dict[str, int] = {}
    for role, names in _ROLES.items():
        for place, name in enumerate(plain):
            if name in names and place not in roles.values():
                roles.setdefault(role, place)
    if not {"name", "text"} <= roles.keys():
        return {}
    weak = plain[roles["name"]] not in _STRONG
    told = {"options", "value", "wording", "missing"} & roles.keys()
    subs = any(_SUB.fullmatch(name) for name in plain)
    return {} if weak and not told and not subs and headers[0][:1] != "<" else roles


def _plain(header: str) -> str:
    return re.sub(r"[\s_<>（）()\-*：:]+", "", header.replace("\ufeff", "")).lower()


def read_codebook(path: Path) -> Definition:
    """Read a codebook from a csv, or from the first sheet of a workbook that holds one.

    Raises
    ------
    ResponseError
        It cannot be read, has no columns for variables and texts, or no row with both.
    """
    rows = next((rows for rows in _tables(path) if rows and header_roles(rows[0])), None)
    if rows is None:
        raise ResponseError(
            f"{path}: 找不到变量名和题目两列。请在第一行写“变量名,题目,选项”。"
            "(no columns for variable and question)"
        )
    variables = list(_variables(rows))
    questions = [one for variable in variables for one in variable.questions()]
    if not questions:
        raise ResponseError(f"{path}: 里面没有题目。请核对文件。(no question in it)")
    bare = [one.name for one in variables if one.unread]
    lost = (
        f"{len(bare)} 个变量的选项看不懂，没有用：{'、'.join(bare)}。请写成“1=男;2=女”。",
    ) if bare else ()  # fmt: skip
    return Definition(path, SYSTEM, "", tuple(questions), lost)


def _tables(path: Path) -> Iterator[Rows]:
    if path.suffix.lower() in WORKBOOKS:
        for rows in sheets_of(path).values():
            yield [row for row in rows if any(map(str.strip, row))]
    else:
        table = read_csv(path)
        yield [table.headers, *table.cells.astype("str").to_numpy().tolist()]


@dataclass(slots=True)
class _Variable:
    """A variable while its rows are read."""

    name: str
    text: str
    written: str = ""
    kind: str = ""
    missing: str = ""
    english: str = ""
    values: dict[str, str] = field(default_factory=dict)
    subs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def unread(self) -> bool:
        """Whether options are written that could not be understood."""
        return bool(self.written) and not self.options() and self.kind_told() is None

    def options(self) -> tuple[Option, ...]:
        """Return the options of the variable."""
        found = tuple(Option(code, label) for code, label in self.values.items())
        found = found or options_written(self.written)
        declared = set(re.findall(r"-?\d+", self.missing))
        return tuple(
            Option(one.cell, one.label, "no_answer") if one.cell in declared else one
            for one in found
        )

    def kind_told(self) -> ItemKind | None:
        """Return the kind that the column of types, or the word in place of options, names."""
        for word in (self.kind, self.written if not options_written(self.written) else ""):
            for kind, pattern in _KINDS:
                if word and re.search(pattern, word, re.I):
                    return kind
        return None

    def questions(self) -> Iterator[Defined]:
        """Yield the question, or its sub-questions."""
        options = self.options()
        kind = self.kind_told()
        if kind == "open_ended" and options:
            kind = None  # "text" is then the type of the cells
        if kind == "number" and options:
            kind = None if any(one.missing is None for one in options) else kind
        if not self.subs:
            yield Defined(
                self.name, self.text, kind, options, english=self.english,
                wordings={one.cell: (one.label,) for one in options},
            )  # fmt: skip
        for number, text in self.subs:
            name = f"{self.name}[SQ{number}]"
            columns = (f"{self.name}_SQ{number}", f"{self.name}.SQ{number}.",
                       f"{self.name}[SQ{number:0>3}]")  # fmt: skip
            yield Defined(
                name, text, kind, options, self.name, self.text, columns=columns,
                wordings={one.cell: (one.label,) for one in options},
            )  # fmt: skip


def _variables(rows: Rows) -> Iterator[_Variable]:
    roles = header_roles(rows[0])
    subs = [
        (place, found[1])
        for place, header in enumerate(rows[0])
        if (found := _SUB.fullmatch(_plain(header)))
    ]
    made: dict[str, _Variable] = {}
    last = ""
    for row in rows[1:]:
        cells = {role: row[at].strip() if at < len(row) else "" for role, at in roles.items()}
        name = cells["name"] or (last if "value" in roles else "")
        if not name:
            continue
        if name not in made:
            made[name] = _Variable(
                name, shown(cells["text"]) or name, cells.get("options", ""),
                cells.get("kind", ""), cells.get("missing", ""), shown(cells.get("english", "")),
                subs=[(count, shown(row[at])) for at, count in subs if "".join(row[at : at + 1])],
            )  # fmt: skip
        last = name
        one = made[name]
        if cells.get("value"):
            told = cells.get("wording") or cells.get("options") or cells["value"]
            one.values.setdefault(cells["value"], shown(told))
    yield from made.values()


def options_written(written: str) -> tuple[Option, ...]:
    """Read options from one cell: ``1=男;2=女``, ``1 男|2 女``, ``1.是 2.否``, ``男;女``.

    () where the cell lists none: a range, or a word about what is filled in.
    """
    text = written.strip()
    for split in (_SPLIT, _LIGHT_SPLIT, _AHEAD):
        parts = [part.strip() for part in split.split(text) if part.strip()]
        coded = [_CODED.fullmatch(part) for part in parts]
        labels = [one["label"] for one in coded if one]
        # "1 次;2 次;3 次以上" begins with no codes: its wordings would be alike.
        if 1 < len(labels) == len(parts) == len(set(labels)):
            return tuple(Option(one["code"], shown(one["label"])) for one in coded if one)
    for split in (_SPLIT, re.compile(r"[,，、]")):
        parts = [part.strip() for part in split.split(text) if part.strip()]
        if len(parts) > 1:
            return tuple(Option(part, shown(part)) for part in dict.fromkeys(parts))
    alone = re.fullmatch(r"(-?\w+)\s*[=＝:：]\s*(\S.*)", text)
    return (Option(alone[1], shown(alone[2])),) if alone else ()
