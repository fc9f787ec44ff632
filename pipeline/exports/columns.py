"""Variables as they go into a statistical file, and what is told of them on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import Fault, ResponseError
from pipeline.exports.limits import SHOWN, Length, NameRules, Report, legal_names
from pipeline.responses.dictionary import Dictionary, Kind, Variable
from pipeline.responses.table import RawTable

Code = float | str
UTF8 = frozenset({"", "UTF-8", "UTF8", "ASCII", "US-ASCII"})


@dataclass(frozen=True, slots=True)
class Column:
    """One variable in a statistical file.

    Attributes
    ----------
    name : in the file
    variable : as the table's dictionary has it
    cells : floats (NaN where empty; letters beside them in Stata), or texts
    missing : pairs of ends, for SPSS
    recoded : content of the table's cells -> what the file shows instead
    """

    name: str
    variable: Variable
    kind: Kind
    cells: pd.Series
    label: str = ""
    values: Mapping[Code, str] = field(default_factory=dict)
    missing: tuple[tuple[Code, Code], ...] = ()
    format: str = ""
    recoded: Mapping[str, str] = field(default_factory=dict)


def named(
    headers: Sequence[str], rules: NameRules, spare: Sequence[int], report: Report
) -> list[str]:
    """Return a legal name for each header; what is renamed is told."""
    names = legal_names(headers, rules, spare)
    changed = [f"“{a}”改为 {b}" for a, b in zip(headers, names, strict=True) if a != b]
    if changed:
        report.notes.append(
            f"{len(changed)} 个变量名这种文件不能用，改了名（原名在编码本里）："
            f"{'，'.join(changed[:SHOWN])}{'……' if len(changed) > SHOWN else ''}。"
        )
    return names


def label_of(variable: Variable, name: str, limit: Length, report: Report) -> str:
    """Return a variable's label; one that is renamed and has no label bears its old name."""
    full = _without_end_blanks(variable, variable.label, report)
    if not full and name != variable.name:  # that it is renamed is told, and where its name stands
        return limit.cut(variable.name.strip())
    if limit.holds(full):
        return full
    short = limit.cut(full)
    report.notes.append(f"变量 {variable.name} 的标签超过 {limit}，缩短为“{short}”；全文：{full}")
    return short


def value_labels(
    variable: Variable, codes: Mapping[str, Code], limit: Length, report: Report
) -> Mapping[Code, str]:
    """Return the labels of a variable's codes, shortened where the format needs it.

    `codes` says for each code of the table which one stands in the file; one that is not there is
    left out. Labels that become the same by shortening are a fault.
    """
    made: dict[Code, str] = {}
    full_of: dict[str, str] = {}
    for text, label in variable.values.items():
        if text not in codes:
            continue
        full = _without_end_blanks(variable, label, report)
        short = limit.cut(full)
        if short != full:
            report.notes.append(
                f"变量 {variable.name} 代码 {text} 的标签超过 {limit}，缩短为“{short}”；"
                f"全文：{full}"
            )
        if full_of.setdefault(short, full) != full:
            report.faults.append(
                Fault(
                    f"变量 {variable.name}",
                    f"有两个标签缩短到 {limit} 后相同：“{full_of[short]}”和“{full}”。",
                    "请改短其中一个，或存成 .csv。(two labels are the same when shortened)",
                )
            )
        if made.setdefault(codes[text], short) != short:
            report.faults.append(
                Fault(
                    f"变量 {variable.name}",
                    f"代码 {text} 有两个标签：“{made[codes[text]]}”和“{short}”。",
                    "请只留一个。(two labels for one code)",
                )
            )
    return made


def _without_end_blanks(variable: Variable, label: str, report: Report) -> str:
    if label.endswith(" "):
        report.say_of(variable.name, "标签末尾的空格没有保留。")
    return label.rstrip(" ")


def told_of_all(table: RawTable, program: str, report: Report) -> None:
    """Tell what a statistical file cannot hold of the table as a whole."""
    about = table.dictionary
    if about is None:
        return
    report.notes += encoding_note(table)
    if about.sets:
        names = "、".join(one.name for one in about.sets)
        report.notes.append(
            f"多选题集 {names} 不能写进这种文件，记在编码本里；请在 {program} 中重新定义。"
        )
    if about.weight:
        report.notes.append(
            f"加权变量是 {about.weight}；文件里不能注明，请在 {program} 中自行指定。"
        )


def title_of(table: RawTable, limit: Length, report: Report) -> str:
    """Return what the file calls itself, shortened where the format needs it."""
    full = table.dictionary.title if table.dictionary else ""
    short = limit.cut(full)
    if short != full:
        report.notes.append(f"标题超过 {limit}，缩短为“{short}”；全文：{full}")
    return short


def encoding_note(table: RawTable) -> list[str]:
    """Tell that a file becomes UTF-8 which was not."""
    encoding = table.dictionary.encoding if table.dictionary else ""
    return [] if encoding.upper() in UTF8 else [f"原文件是 {encoding}，写成 UTF-8。"]


def unwritable(table: RawTable) -> list[Fault]:
    """Return a fault for each column that holds characters which no file can."""
    known = table.dictionary or Dictionary()
    found = [("文件的说明", [known.title, known.weight, *(one.label for one in known.sets)])]
    for place, header in enumerate(table.headers):
        texts = [header, *(str(cell) for cell in table.cells.iloc[:, place].unique())]
        found.append((f"第 {place + 1} 列", texts))
    for place, of in enumerate(known.variables, start=1):
        found.append((f"第 {place} 个变量", [of.name, of.label, *of.values, *of.values.values()]))
    return [
        Fault(
            place,
            "有不能写进文件的字符（NUL 或不成对的代理字符）。",
            "请在来源中删去。(a character that no file can hold)",
        )
        for place, texts in found
        if any("\0" in text or not _encodes(text) for text in texts)
    ]


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def frame_of(columns: Sequence[Column]) -> pd.DataFrame:
    """Return the cells side by side, under the names of the file."""
    return pd.DataFrame({c.name: c.cells.to_numpy() for c in columns})


def values_of(columns: Sequence[Column]) -> dict[str, dict[Any, str]]:
    """Return the value labels of each variable that has some; whole codes as integers."""
    return {
        column.name: {
            int(code) if isinstance(code, float) and code.is_integer() else code: label
            for code, label in column.values.items()
        }
        for column in columns
        if column.values
    }


def same_cells(found: pd.Series, meant: pd.Series) -> bool:
    """Tell whether two columns hold the same; an empty cell is the same as an empty cell."""
    if meant.dtype == "float64":
        return bool(np.array_equal(found.to_numpy("float64"), meant.to_numpy(), equal_nan=True))
    pairs = zip(found.tolist(), meant.tolist(), strict=True)
    return len(found) == len(meant) and all(a == b or (a != a and b != b) for a, b in pairs)


def refuse(wrong: Sequence[str], path: Path) -> None:
    """Refuse a file that does not hold what it should."""
    if wrong:
        raise ResponseError(
            f"{path.name}: 写成后读回来不一致：{'、'.join(wrong[:10])}。没有保存，请存成 .csv。"
            "(the file does not hold what was written; nothing is saved)"
        )
