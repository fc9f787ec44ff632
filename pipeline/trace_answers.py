"""What a number rests on in the weighted answers of one run, and in the file they were read from.

Shares and means are computed here by their definition alone, apart from the estimators, and held
against the number traced: ``≠`` marks one that differs.
"""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.items import AT
from pipeline.i18n import Language, word
from pipeline.places import RunPlaces
from pipeline.questionnaire.codebook import Codebook, columns_of, label_of, missing_column
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice, Question, Ranking

ROUNDING = 1e-9
_SAV = ".sav"
_SHEETS = frozenset({".xlsx", ".xls"})


def weighted_mean(base: pd.DataFrame, hit: pd.Series) -> float:
    """Return Σw·y / Σw; NaN where nobody is in the base."""
    total = float(base["weight"].sum())
    return float((base["weight"] * hit).sum()) / total if total else math.nan


def unlike(again: float, stated: float | None, grid: float = 0.0) -> str:
    """Return a mark where a number computed again is not the one stated, '' where it is.

    `grid` is the step on which the stated number stands where it is rounded.
    """
    if stated is None or pd.isna(stated):
        return "" if math.isnan(again) else "  ≠ – !"
    return "" if abs(again - stated) <= grid / 2 + ROUNDING else f"  ≠ {stated:.6f} !"


def level_of(rows: pd.DataFrame, domain: str, level: str) -> pd.DataFrame:
    """Return the rows of one level of a domain; all rows of ``all``."""
    return rows if domain == "all" else rows[rows[domain].astype("str").eq(level)]


def hits(base: pd.DataFrame, question: Question, code: str) -> pd.Series:
    """Return what is averaged: 1 for a person whose answer counts, or the number itself."""
    if not code:
        return base[question.name].astype("float64")
    if isinstance(question, Ranking):
        choice, last = code.split(AT)
        return (base[f"{question.name}__{choice}"] <= int(last)).fillna(False).astype(float)
    codes = [int(one) for one in code.split("+")]
    if isinstance(question, MultipleChoice):
        return (base[[f"{question.name}__{one}" for one in codes]] == 1).any(axis=1).astype(float)
    return base[question.name].isin(codes).astype(float)


def answered(rows: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return the rows that were asked a question and answered it with substance."""
    return rows[rows[missing_column(question)] == ""]


def wording(question: Question, code: str, language: Language) -> Iterator[str]:
    """Yield the text of a question and of the choices that count."""
    yield f"{word('trace.wording', language)}: {question.name} {question.text(language)}"
    if isinstance(question, ChoiceQuestion):
        choices, _, last = code.partition(AT)
        for one in choices.split("+") if code else []:
            label = label_of(question, int(one))(language)
            yield f"  {one} = {_ranked(label, last, language) if last else label}"


def _ranked(label: str, last: str, language: Language) -> str:
    """Return a choice with the places that count: put first, or among the first `last`."""
    key = "ranked_first" if last == "1" else "ranked_within"
    return word(f"printed.{key}", language, name=label, places=last)


def raw_columns(codebook: Codebook, question: Question, language: Language) -> str:
    """Return which columns of the raw file (variables of a .sav) hold the answers."""
    read = codebook.raw.columns
    names = [question.name, *(column.name for column in columns_of(question))]
    headers = dict.fromkeys(read[name] for name in names if name in read)
    kind = "variables" if _suffix(codebook) == _SAV else "columns"
    return f"{word(f'trace.{kind}', language)}: {'、'.join(headers)}"


def raw_rows(codebook: Codebook, base: pd.DataFrame, language: Language) -> str:
    """Return how many rows of the raw file (cases of a .sav) are counted, from first to last."""
    rows = base["raw_row"].astype(int)
    span = f"{rows.min()}–{rows.max()}" if len(rows) else "–"
    suffix = _suffix(codebook)
    kind = "cases" if suffix == _SAV else "sheet_rows" if suffix in _SHEETS else "rows"
    return f"{word(f'trace.{kind}', language)}: {len(rows)} ({span})"


def raw_file(codebook: Codebook, run: RunPlaces, language: Language) -> Iterator[str]:
    """Yield the raw file with its hash, what was set aside of it, and the version it answers.

    Raises
    ------
    SurveyError
        If the file is gone, or is not the one that was read.
    """
    raw = codebook.raw
    quarantined = pd.read_parquet(run.table("quarantine"))["raw_row"].nunique()
    yield f"{word('trace.quarantined', language)}: {quarantined} / {raw.rows}"
    yield from hashed(codebook, language)
    yield f"  {word('trace.version', language)}: {codebook.current}"


def hashed(codebook: Codebook, language: Language) -> Iterator[str]:
    """Yield the raw file and its hash; SurveyError if it is not the one that was read."""
    raw = codebook.raw
    yield f"{word('trace.file', language)}: {raw.path}"
    yield f"  sha256 {raw.sha256} {_same(Path(raw.path), raw.sha256, language)}"


def _suffix(codebook: Codebook) -> str:
    return Path(codebook.raw.path).suffix.lower()


def _same(path: Path, sha256: str, language: Language) -> str:
    if not path.is_file():
        raise SurveyError(f"{path}: 原始文件不在了。请放回。(the raw file is gone; put it back)")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SurveyError(
            f"{path}: 原始文件与读取时不同。请还原，或重新运行 dvc repro。"
            "(the raw file has changed since; restore it, or run dvc repro)"
        )
    return word("trace.unchanged", language)
