"""What stands beside the answers of a run: facts of interview and sample, orders shown, marks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.responses.dictionary import Variable
from pipeline.responses.table import exact_text

BEFORE: Mapping[str, str] = {
    "respondent": "答卷编号", "submitted": "提交时间", "seconds": "用时（秒）",
    "mode": "调查方式", "language": "语言", "questionnaire_version": "问卷版本",
    "county": "县区", "setting": "城乡类型",
}  # fmt: skip
AFTER: Mapping[str, str] = {
    "stratum": "抽样层", "psu": "初级抽样单位", "base_weight": "设计权重",
    "weight": "最终权重（校准后）",
}  # fmt: skip
FLAGS: Mapping[str, str] = {
    "flag_conflicting": "标记：多选题两处不一致", "flag_speeding": "标记：作答过快",
    "flag_straight_lining": "标记：量表选项雷同",
    "flag_copied_open_answer": "标记：开放题雷同",
    "flag_phone_in_open_answer": "标记：开放题有电话",
    "flag_required_left_out": "标记：必答题未答",
    "flag_check_doubted": "标记：答案可疑（问卷写明的核对）",
    "flag_too_few_choices": "标记：选项少于要求的个数",
    "flag_ranking_incomplete": "标记：排序没有排满",
    "flag_calculated_differs": "标记：计算值与答案算出的不同",
    "flag_calculated_out_of_range": "标记：计算值超出范围",
}  # fmt: skip
ORDER_SHOWN = "__order"
NUMERIC = ("seconds", "base_weight", "weight")


@dataclass(frozen=True, slots=True)
class Made:
    """One column of the table: what it is, and its cells as text."""

    variable: Variable
    cells: pd.Series


def kept(weighted: pd.DataFrame, labels: Mapping[str, str]) -> Iterator[Made]:
    """Yield facts about the interview and the sample; a column without content is left out."""
    for name, label in labels.items():
        if name not in weighted:
            continue
        if name in NUMERIC:
            variable = Variable(name, label, "number", measure="scale")
            yield Made(variable, numbers(weighted[name]))
        elif (cells := weighted[name].fillna("").astype("str")).any():
            yield Made(Variable(name, label, "text", measure="nominal"), cells)


def numbers(cells: pd.Series) -> pd.Series:
    """Return numbers as exact text; '' where one is missing."""
    shown = ["" if pd.isna(value) else exact_text(float(value)) for value in cells]
    return pd.Series(shown, index=cells.index, dtype="str")


def flags(weighted: pd.DataFrame) -> Iterator[Made]:
    """Yield the marks that the soft rules put on responses, 0 or 1."""
    for name in weighted.columns:
        if name.startswith("flag_"):
            label = FLAGS.get(name, f"标记：{name.removeprefix('flag_')}")
            values = {"0": "否", "1": "是"}
            variable = Variable(name, label, "number", values, measure="nominal")
            yield Made(variable, weighted[name].astype("int64").astype("str"))


def orders(weighted: pd.DataFrame) -> Iterator[Made]:
    """Yield in which order choices (codes) and rows of a table (names) were shown to whom."""
    for name in weighted.columns:
        if name.endswith(ORDER_SHOWN) and (cells := weighted[name].fillna("").astype("str")).any():
            label = f"{name.removesuffix(ORDER_SHOWN)} 的选项或各行出示的顺序"
            yield Made(Variable(name, label, "text", measure="nominal"), cells)
