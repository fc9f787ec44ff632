"""The analysed responses of one run, labelled, for analysts who go on in SPSS or Stata.

Data on single persons, for the office that runs the survey and not for publication: no name, no
contact data, no token of a sampled person, no open answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

import pandas as pd

from pipeline.exports.columns_beside import AFTER, BEFORE, Made, flags, kept, numbers, orders
from pipeline.exports.missing import fitted
from pipeline.questionnaire.codebook import (
    Codebook,
    Column,
    columns_of,
    label_of,
    missing_codes,
    missing_column,
)
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    MissingKind,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.responses.dictionary import (
    Dictionary,
    Measure,
    MissingRange,
    ResponseSet,
    Variable,
)
from pipeline.responses.table import RawTable

MISSING_LABELS: Mapping[MissingKind, str] = {
    "no_answer": "未回答", "not_asked": "不适用", "dont_know": "不知道", "refused": "拒答",
}  # fmt: skip
ORDER: tuple[MissingKind, ...] = ("no_answer", "not_asked", "dont_know", "refused")
BASES = (0, 90, 990, 9_990, 99_990, 999_990)
"""Codes of missing answers are -9 to -6, or -99 to -96 and so on where answers have those."""

NOT_PLACED = 0
"""Stands for a choice that was left out of a ranking: an answer, and no place."""
MICRODATA = (
    "这是逐人数据，只供组织调研的机关内部分析，不得公布，也不得向外提供；"
    "没有联系方式、抽样名单上的人员编号和开放题的回答。"
)


def respondents_table(weighted: pd.DataFrame, codebook: Codebook) -> RawTable:
    """Return the responses of stage `weight` with all labels, in the order of the questionnaire.

    Parameters
    ----------
    weighted : one row a response, columns as stage `weight` makes them
    codebook : of the same run; its current version names the columns

    Returns
    -------
    Table with an empty cell nowhere in a closed question: the reason why an answer is missing
    stands there as the questionnaire's own code, or as one that the question does not use (-9
    未回答, -8 不适用 where these are free), declared missing. A choice that was left out of a
    ranking has 0 (未排入). A day or time has no room for a reason: its cell is then empty.
    """
    questionnaire = codebook.questionnaire
    notes: list[str] = [MICRODATA]
    domains = {name: name for name in questionnaire.frame_domains}
    made = list(kept(weighted, {**domains, **BEFORE}))
    sets = []
    for question in questionnaire.questions:
        if isinstance(question, OpenEnded):
            continue
        if isinstance(question, Moment):
            made.append(_moment(question, weighted[question.name]))
            continue
        columns = list(_of_question(question, weighted, notes))
        made += columns
        if isinstance(question, MultipleChoice) and columns:
            names = tuple(column.variable.name for column in columns)
            sets.append(ResponseSet(question.name, question.text.zh, names, "1"))
    # Of files that came without a design, a PSU and weights of 1 would only look like one.
    designed = codebook.design is None or bool(codebook.design.columns)
    made += kept(weighted, AFTER if designed else {})
    made += orders(weighted)
    made += flags(weighted)
    if moments := [q.name for q in questionnaire.questions if isinstance(q, Moment)]:
        notes.append(f"{'、'.join(moments)} 是日期或时刻，没有回答的格是空的，不写原因。")
    if left_out := [q.name for q in questionnaire.questions if isinstance(q, OpenEnded)]:
        notes.append(f"开放题 {'、'.join(left_out)} 没有写入。")
    return RawTable(
        Path(f"{codebook.survey}/{codebook.wave}"),
        codebook.raw.sha256,
        _side_by_side(made, len(weighted)),
        dictionary=Dictionary(
            tuple(column.variable for column in made),
            tuple(sets),
            notes=tuple(notes),
            title=questionnaire.title.zh,
            weight="weight" if designed else "",
        ),
    )


def _side_by_side(made: Sequence[Made], rows: int) -> pd.DataFrame:
    cells = pd.DataFrame(
        {column.variable.name: column.cells.to_numpy() for column in made}, dtype="str"
    )
    cells.index = pd.RangeIndex(1, rows + 1, name="raw_row")
    return cells


def _moment(question: Moment, given: pd.Series) -> Made:
    """Return days and times as statistical programs hold them: with seconds, without a T."""
    cells = given.fillna("").astype("str").str.replace("T", " ", regex=False)
    if question.type != "date":
        cells = (cells + ":00").mask(cells == "", "")
    variable = Variable(question.name, question.text.zh, question.type, measure="scale")
    return Made(variable, cells.astype("str"))


def _of_question(question: Question, weighted: pd.DataFrame, notes: list[str]) -> Iterator[Made]:
    """Yield the columns of a closed question."""
    columns = list(columns_of(question))
    given = [weighted[column.name] for column in columns]
    reasons = weighted[missing_column(question)]
    own = _own_codes(question)
    substance = _substance(question, given)
    codes = _reason_codes(question, own, substance, set(reasons.unique()))
    notes += _same_reason(question, own, set(reasons.unique()))
    absent = reasons.map({kind: str(code) for kind, code in codes.items()})
    added = {str(code): MISSING_LABELS[kind] for kind, code in codes.items() if code not in own}
    declared = sorted({*own, *codes.values()})
    for column, cells in zip(columns, given, strict=True):
        if isinstance(question, Ranking):
            cells = cells.mask(cells.isna() & (reasons == ""), NOT_PLACED)
        variable = Variable(
            column.name,
            _wording(column),
            "number",
            _labels(column, own) | added,
            tuple(MissingRange(str(code), str(code)) for code in declared),
            _measure(question),
        )
        yield Made(variable, numbers(cells).where(cells.notna(), absent).fillna(""))


def _wording(column: Column) -> str:
    wording = column.question.text.zh
    if column.code is None:
        return wording
    return f"{wording}：{label_of(column.question, column.code).zh}"


def _labels(column: Column, own: Mapping[int, MissingKind]) -> dict[str, str]:
    match column.question:
        case MultipleChoice(choices=choices):
            ticks = {"0": "未选", "1": "选中"}
            return ticks | {str(c.code): c.text.zh for c in choices if c.code in own}
        case Ranking() as question:
            places = {str(place): f"第{place}位" for place in range(1, question.depth + 1)}
            reasons = {str(c.code): c.text.zh for c in question.choices if c.code in own}
            return {str(NOT_PLACED): "未排入", **places, **reasons}
        case ChoiceQuestion(choices=choices) | Numeric(missing_codes=choices):
            return {str(choice.code): choice.text.zh for choice in choices}
    return {}


def _measure(question: Question) -> Measure:
    match question:
        case SingleChoice() | MultipleChoice() | OpenEnded():
            return "nominal"
        case Scale() | Ranking():
            return "ordinal"
        case Number() | Calculated() | Moment():
            return "scale"
    assert_never(question)


def _own_codes(question: Question) -> Mapping[int, MissingKind]:
    """Return the questionnaire's codes of missing answers; none that means a tick or a place."""
    ticks: Sequence[int] = (0, 1) if isinstance(question, MultipleChoice) else ()
    if isinstance(question, Ranking):
        ticks = range(question.depth + 1)
    return {code: kind for code, kind in missing_codes(question).items() if code not in ticks}


def _substance(question: Question, given: Sequence[pd.Series]) -> frozenset[float]:
    """Return the numbers that are answers: those that can be given, and those that were."""
    possible: list[float] = []
    if isinstance(question, MultipleChoice):
        possible = [0, 1]
    elif isinstance(question, Ranking):
        possible = list(range(question.depth + 1))
    elif isinstance(question, ChoiceQuestion):
        possible = [choice.code for choice in question.substantive]
    found = [float(value) for cells in given for value in cells.dropna().unique()]
    return frozenset([*map(float, possible), *found])


def _reason_codes(
    question: Question,
    own: Mapping[int, MissingKind],
    substance: frozenset[float],
    occurring: set[str],
) -> Mapping[MissingKind, int]:
    """Return the code of each reason: the questionnaire's own, or one that no answer has."""
    codes: dict[MissingKind, int] = {}
    for code, kind in own.items():
        codes.setdefault(kind, code)
    needed = [
        kind
        for kind in ORDER
        if kind not in codes and (kind in occurring or kind in ("no_answer", "not_asked"))
    ]
    free: list[dict[MissingKind, int]] = []
    for tried in _placed(needed, own):
        new = set(tried.values())
        if any(_may_be_given(question, code) for code in new) or new & {*own, *substance}:
            continue
        free.append(tried)
        if fitted([(code, code) for code in map(float, {*own, *new})], substance) is not None:
            return codes | tried
    return codes | (free[0] if free else {})


def _placed(
    needed: Sequence[MissingKind], own: Mapping[int, MissingKind]
) -> Iterator[dict[MissingKind, int]]:
    """Yield codes that may be free: the usual ones, then those next to the questionnaire's own."""
    for base in BASES:
        yield {kind: -(base + 9 - ORDER.index(kind)) for kind in needed}
    if own:
        yield {kind: max(own) + place for place, kind in enumerate(needed, start=1)}
        yield {kind: min(own) - place for place, kind in enumerate(needed, start=1)}


def _may_be_given(question: Question, code: int) -> bool:
    """Tell whether a code lies in the range of numbers that may be answered."""
    if not isinstance(question, Numeric) or question.minimum is None:
        return False
    return question.minimum <= code <= (code if question.maximum is None else question.maximum)


def _same_reason(
    question: Question, own: Mapping[int, MissingKind], occurring: set[str]
) -> Iterator[str]:
    """Tell where several codes have one reason: which of them was given is not known any more."""
    for kind in ORDER:
        same = [str(code) for code, of in own.items() if of == kind]
        if kind in occurring and len(same) > 1:
            yield (
                f"{question.name} 的代码 {'、'.join(same)} 都表示“{MISSING_LABELS[kind]}”，"
                f"都写成 {same[0]}。"
            )
