"""From a number on a page back to the wording, the cells and the raw file.

The value is computed again here, by the definition of a weighted share or mean and from the
weighted responses alone, so that a trace is a check and not an echo.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.i18n import Language, word
from pipeline.places import PROCESSED, RunPlaces
from pipeline.questionnaire.codebook import (
    Codebook,
    columns_of,
    label_of,
    missing_column,
    read_codebook,
)
from pipeline.questionnaire.model import ChoiceQuestion, MultipleChoice, Question

TABLES = {"E": "estimate", "C": "comparison", "T": "themes"}


def trace(identifier: str, language: Language = "zh") -> str:
    """Return, line by line, where the number with this id comes from.

    Raises
    ------
    SurveyError
        If no table holds the id, or the raw file is no longer the one that was read.
    """
    row = find(identifier)
    if identifier.startswith("E-"):
        return "\n".join(_estimate(row, language))
    if identifier.startswith("C-"):
        return "\n".join(_comparison(row, language))
    return "\n".join(f"{name}: {value}" for name, value in row.items())


def find(identifier: str) -> pd.Series:
    """Return the row of `data/processed` that bears an id; SurveyError if there is none."""
    folder = PROCESSED / TABLES.get(identifier[:1], "disclose")
    for path in sorted(folder.rglob("*.parquet")):
        table = pd.read_parquet(path)
        if "id" in table and (found := table[table["id"] == identifier]).shape[0]:
            return found.iloc[0]
    raise SurveyError(
        f"{folder}: 没有编号 {identifier!r}。请从页面“如何算出”处复制编号，或先运行 dvc repro。"
        "(no such id; copy it from the page, or run dvc repro)"
    )


def _estimate(row: pd.Series, language: Language) -> Iterator[str]:
    run = RunPlaces(row["survey"], row["wave"])
    codebook = read_codebook(run.record("codebook"))
    question = codebook.questionnaire.question(row["question"])
    weighted = pd.read_parquet(run.table("weight"))
    group = weighted if row["domain"] == "all" else weighted[_level(weighted, row)]
    base = group[group[missing_column(question)] == ""]
    hit = _hit(base, question, row["code"])
    value = float((base["weight"] * hit).sum() / base["weight"].sum())

    yield f"{row['id']}  {row['estimand']} = {row['value']:.6f}"
    yield f"  {word('trace.again', language)}: Σw·y / Σw = {value:.6f}" + (
        "" if abs(value - row["value"]) < 1e-9 else f"  ≠ {row['value']:.6f} !"
    )
    yield _interval(row, language)
    yield from _wording(question, str(row["code"]), language)
    where = "" if row["domain"] == "all" else f", {row['domain']} = {row['domain_value']}"
    yield (
        f"{word('trace.base', language)}: {missing_column(question)} == ''{where}; "
        f"n = {len(base)}, Σw = {base['weight'].sum():,.1f}"
    )
    if not question_is_mean(row):
        yield f"{word('trace.counted', language)}: {int(hit.sum())} / {len(base)}"
    for reason, count in group[missing_column(question)].value_counts().sort_index().items():
        if reason:
            yield f"  {word(f'missing.{reason}', language)}: {count}"
    yield from _raw(codebook, question, run, base, language)


def question_is_mean(row: pd.Series) -> bool:
    """Tell whether an estimate is a mean (its numerator is no count of persons)."""
    return bool(row["estimand"] == "mean")


def _level(weighted: pd.DataFrame, row: pd.Series) -> pd.Series:
    return weighted[str(row["domain"])].astype("str").eq(str(row["domain_value"]))


def _hit(base: pd.DataFrame, question: Question, code: str) -> pd.Series:
    """Return what is averaged: 1 for a person whose answer counts, or the number itself."""
    if not code:
        return base[question.name].astype("float64")
    codes = [int(one) for one in code.split("+")]
    if isinstance(question, MultipleChoice):
        return (base[[f"{question.name}__{one}" for one in codes]] == 1).any(axis=1).astype(float)
    return base[question.name].isin(codes).astype(float)


def _interval(row: pd.Series, language: Language) -> str:
    if pd.isna(row["low"]):
        return f"  {word('trace.no_margin', language)}"
    return (
        f"  {row['level']:.0%} {word('trace.interval', language)}: {row['low']:.4f} – "
        f"{row['high']:.4f} ({row['interval_method']}), SE = {row['standard_error']:.6f}, "
        f"df = {row['degrees_of_freedom']:.0f}, deff = {row['design_effect']:.2f}"
    )


def _wording(question: Question, code: str, language: Language) -> Iterator[str]:
    yield f"{word('trace.wording', language)}: {question.name} {question.text(language)}"
    if isinstance(question, ChoiceQuestion):
        for one in code.split("+") if code else []:
            yield f"  {one} = {label_of(question, int(one))(language)}"


def _raw(
    codebook: Codebook, question: Question, run: RunPlaces, base: pd.DataFrame, language: Language
) -> Iterator[str]:
    raw = codebook.raw
    headers = [
        raw.columns[name]
        for name in [question.name, *(column.name for column in columns_of(question))]
        if name in raw.columns
    ]
    rows = base["raw_row"].astype(int)
    yield f"{word('trace.columns', language)}: {'、'.join(dict.fromkeys(headers))}"
    span = f"{rows.min()}–{rows.max()}" if len(rows) else "–"
    yield f"{word('trace.rows', language)}: {len(rows)} ({span})"
    quarantined = pd.read_parquet(run.table("quarantine"))["raw_row"].nunique()
    yield f"{word('trace.quarantined', language)}: {quarantined} / {raw.rows}"
    yield f"{word('trace.file', language)}: {raw.path}"
    yield f"  sha256 {raw.sha256} {_same(Path(raw.path), raw.sha256, language)}"
    yield f"  {word('trace.version', language)}: {codebook.current}"


def _same(path: Path, sha256: str, language: Language) -> str:
    if not path.is_file():
        raise SurveyError(f"{path}: 原始文件不在了。请放回。(the raw file is gone; put it back)")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SurveyError(
            f"{path}: 原始文件与读取时不同。请还原，或重新运行 dvc repro。"
            "(the raw file has changed since; restore it, or run dvc repro)"
        )
    return word("trace.unchanged", language)


def _comparison(row: pd.Series, language: Language) -> Iterator[str]:
    yield f"{row['id']}  {row['a']} − {row['b']} = {row['difference']:.6f}"
    yield (
        f"  p = {row['p']:.4f}, q = {row['q']:.4f} ({row['family']}, "
        f"{word('trace.family', language)} {row['family_size']}) → {row['conclusion']}"
    )
    run = RunPlaces(row["survey"], row["wave"])
    estimates = pd.read_parquet(run.table("estimate"))
    same = estimates[
        (estimates["question"] == row["question"])
        & (estimates["code"] == row["code"])
        & (estimates["estimand"] == "proportion")
    ]
    for side in ("a", "b"):
        level = "all" if row["domain"] == "all" else row[side]
        found = same[(same["domain"] == row["domain"]) & (same["domain_value"] == level)]
        for _, one in found.iterrows():
            yield ""
            yield from _estimate(one, language)
            break
