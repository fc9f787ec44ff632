"""Decode each response by the questionnaire version that it answered."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.codebook import missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Moment, OpenEnded
from pipeline.responses.decode import Decoded, decode
from pipeline.responses.layouts import Layout
from pipeline.responses.table import RawTable


def decode_versions(
    table: RawTable, layout: Layout, current: str, versions: Mapping[str, Questionnaire]
) -> Decoded:
    """Decode every response by the questionnaire version it answered.

    A response that names no version, or one of another system's numbering, counts as `current`,
    the version launched in the wave; ``questionnaire_version`` holds what each counts as. What a
    version did not ask is ``not_asked`` for its responses.

    Raises
    ------
    ResponseError
        If responses name a version that is not on file, none answers the current one, or a column
        is the wrong one.
    """
    header = layout.fields.get("questionnaire_version")
    named = (
        table.cells[header].str.strip()
        if header
        else pd.Series("", index=table.cells.index, dtype="str")
    )
    version = named.where(named.str.fullmatch(r"[0-9a-f]{12}").astype(bool), current)
    if unknown := sorted(set(version) - set(versions)):
        counts = "、".join(f"{one}（{int((version == one).sum())} 份）" for one in unknown)
        raise ResponseError(
            f"{table.path}: 列 {header!r}: 问卷版本 {counts} 没有存档。"
            "请把当时的问卷放入 versions/。"
            "(responses name a questionnaire version that is not in versions/)"
        )
    if not (version == current).any():
        raise ResponseError(
            f"{table.path}: 没有一份答卷回答本轮的问卷（版本 {current}），"
            f"它们回答的是 {'、'.join(sorted(set(version)))}。请在 versions/launches.csv "
            "写明本轮发放的版本（diaoyan freeze），页面才会印出真正问过的题目。"
            "(no response answers this wave's version; say in launches.csv which was fielded)"
        )
    if faults := list(_other_kinds(version, current, versions)):
        raise ResponseError(gathered(table.path, faults))
    parts = {
        one: decode(replace(table, cells=table.cells[version == one]), layout, asked)
        for one, asked in versions.items()
        if (version == one).any()
    }
    whole = pd.concat([part.responses for part in parts.values()], ignore_index=True)
    if len(parts) > 1:
        reasons = [missing_column(question) for question in versions[current].questions]
        whole[reasons] = whole[reasons].fillna("not_asked").astype("str")
    whole = whole[list(parts[current].responses)].sort_values("raw_row", ignore_index=True)
    return Decoded(
        whole.assign(questionnaire_version=whole["raw_row"].map(version).astype("str")),
        pd.concat([part.verbatims for part in parts.values()], ignore_index=True),
    )


def _other_kinds(
    version: pd.Series, current: str, versions: Mapping[str, Questionnaire]
) -> Iterator[Fault]:
    """Yield each question that is a day or time in one version and something else in another.

    Its column would hold texts and numbers, which no table can.
    """
    now = {question.name: question for question in versions[current].questions}
    for one in sorted(set(version) - {current}):
        for question in versions[one].questions:
            other = now.get(question.name)
            if other is None or isinstance(other, OpenEnded) or isinstance(question, OpenEnded):
                continue
            if isinstance(other, Moment) != isinstance(question, Moment):
                yield Fault(
                    question.name,
                    f"版本 {one} 的题型是 {question.type}，本轮的是 {other.type}。",
                    "题型变了就是另一道题，请换一个题号。(another type is another question; "
                    "give it another name)",
                )
