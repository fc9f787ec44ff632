"""A sheet that is no data but says what the codes of the data mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.responses.dictionary import Variable

VARIABLE = frozenset(
    "变量 变量名 变量名称 字段 字段名 字段名称 列名 题号 指标代码"
    " variable variables var varname variablename field fieldname column item".split()
)
CODE = frozenset(
    "编码 代码 码 值 取值 变量值 选项编码 选项代码 选项值 数值"
    " code codes value values optioncode".split()
)
LABEL = frozenset(
    "标签 值标签 含义 编码含义 选项 选项内容 选项文字 选项文本 文本 取值含义 中文含义 说明"
    " 名称 label labels valuelabel meaning text".split()
)
TEXT = frozenset(
    "变量标签 题目 题干 题目内容 问题 变量含义 变量说明"
    " variablelabel question questiontext".split()
)
PACKED = re.compile(r"\s*([^=＝:：;；,，、\s]+)\s*[=＝:：]\s*([^;；,，、\n]+)")
"""``1=男；2=女`` in one cell."""
LONGEST = 2000
"""Characters of such a cell that are looked at."""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """What a code table says.

    Attributes
    ----------
    values : variable -> code as cell text -> label
    texts : variable -> its label
    """

    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def code_table(rows: Sequence[Sequence[str]]) -> CodeTable | None:
    """Return what a sheet says of codes, None if its header is not that of a code table.

    The header names a column of variables and columns of codes and labels (or one column that
    holds ``1=男；2=女``); a blank variable means the one above.
    """
    for at, row in enumerate(rows[:10]):
        names = [_plain(cell) for cell in row]
        variable, code = _place(names, VARIABLE), _place(names, CODE)
        if variable is None or code is None or not 2 <= sum(map(bool, names)) <= 8:
            continue
        label, text = _place(names, LABEL), _place(names, TEXT)
        return _read(rows[at + 1 :], variable, code, label, text)
    return None


def described(table: CodeTable, headers: Sequence[str]) -> tuple[tuple[Variable, ...], list[str]]:
    """Return the columns that the code table knows, in their order, and the names it has besides.

    A variable is the header itself, or what stands before the text in it (``Q4 总体满意度``).
    """
    places = _places(headers)
    found: dict[str, Variable] = {}
    unknown = []
    for name in table.values:
        header = places.get(_plain(name), "")
        if not header or header in found:
            unknown.append(name)
            continue
        values = table.values[name]
        found[header] = Variable(
            header,
            label=table.texts.get(name, ""),
            kind="number" if all(map(_is_number, values)) else "text",
            values=values,
        )
    return tuple(found[header] for header in headers if header in found), unknown


def _read(
    rows: Sequence[Sequence[str]], variable: int, code: int, label: int | None, text: int | None
) -> CodeTable:
    values: dict[str, dict[str, str]] = {}
    texts: dict[str, str] = {}
    name = ""
    for row in rows:
        name = _at(row, variable) or name
        if not name or not _at(row, code):
            continue
        codes = values.setdefault(name, {})
        if label is not None and _at(row, label):
            codes.setdefault(_at(row, code), _at(row, label))
        else:
            codes.update(dict(PACKED.findall(_at(row, code)[:LONGEST])))
        if _at(row, text):
            texts.setdefault(name, _at(row, text))
    return CodeTable({name: codes for name, codes in values.items() if codes}, texts)


def _at(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _place(names: Sequence[str], known: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in known), None)


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", name)).lower()


def _places(headers: Sequence[str]) -> dict[str, str]:
    """Return how a header may be called -> the header; a name of two headers is left out."""
    whole = {_plain(header): header for header in reversed(headers) if header}
    starts: dict[str, list[str]] = {}
    for header in headers:
        if start := _plain(re.split(r"[\s、.．:：]", header.strip(), maxsplit=1)[0]):
            starts.setdefault(start, []).append(header)
    return {start: found[0] for start, found in starts.items() if len(found) == 1} | whole


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
