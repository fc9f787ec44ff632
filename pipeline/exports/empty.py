"""A labelled data file without a row: what SPSS users fill in, or check their own file against."""

import tempfile
from pathlib import Path

import pandas as pd

from pipeline.exports.respondents import respondents_table
from pipeline.exports.sav import write_sav
from pipeline.questionnaire.codebook import Codebook, RawFile, columns, missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import OpenEnded
from pipeline.questionnaire.read import version_hash
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.table import RawTable

KEY = Variable("respondent", "答卷编号", "text", measure="nominal")


def empty_table(questionnaire: Questionnaire) -> RawTable:
    """Return the table of a survey before anyone has answered: labels, codes, missing codes.

    The closed questions stand as ``diaoyan save`` writes them; open questions are text variables.
    """
    version = version_hash(questionnaire)
    codebook = Codebook(
        survey=questionnaire.survey,
        wave="",
        current=version,
        versions={version: questionnaire},
        raw=RawFile(path="", sha256="", layout="", rows=0, columns={}),
    )
    frame = pd.DataFrame(
        {column.name: pd.Series(dtype="Float64") for column in columns(questionnaire)}
        | {missing_column(q): pd.Series(dtype="str") for q in questionnaire.questions}
    )
    table = respondents_table(frame, codebook)
    assert table.dictionary is not None
    known = {one.name: one for one in table.dictionary.variables}
    open_ended = {
        q.name: Variable(q.name, q.text.zh, "text", measure="nominal")
        for q in questionnaire.questions
        if isinstance(q, OpenEnded)
    }
    ordered = [KEY] + [
        {**known, **open_ended}[column.name]
        for column in columns(questionnaire)
        if column.name in known or column.name in open_ended
    ]
    names = [one.name for one in ordered]
    cells = pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    return RawTable(
        Path(f"{questionnaire.survey}.sav"), "", cells,
        dictionary=Dictionary(tuple(ordered), table.dictionary.sets, title=questionnaire.title.zh),
    )  # fmt: skip


def empty_sav(questionnaire: Questionnaire) -> bytes:
    """Return the labelled .sav without rows; the same bytes for the same questionnaire."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sav"
        write_sav(empty_table(questionnaire), path)
        return path.read_bytes()
