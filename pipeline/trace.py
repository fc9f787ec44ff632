"""From a number on a page back to the wording, the cells and the raw file.

The value is computed again here, by the definition of a weighted share or mean and from the
weighted responses alone, so that a trace is a check and not an echo.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.findings.finding import read_findings
from pipeline.i18n import Language, word
from pipeline.places import (
    FINDINGS,
    PROBLEMS,
    PROCESSED,
    RunPlaces,
)
from pipeline.problems.problem import read_problems
from pipeline.questionnaire.codebook import (
    Codebook,
    columns_of,
    label_of,
    missing_column,
    read_codebook,
)
from pipeline.questionnaire.model import ChoiceQuestion, MultipleChoice, Question
from pipeline.text_analysis.coding import code, read_codeframe
from pipeline.text_analysis.lexicon import read_lexicon
from pipeline.trace_interviews import of_interviews

TABLES = {"E": "estimate", "C": "comparison", "T": "themes", "Q": "disclose", "I": "disclose"}
SOURCES = {
    "dispositions": ("units", "disposition"),
    "response": ("units", "disposition"),
    "intake": ("quarantine", "rule"),
    "quarantine": ("quarantine", "rule"),
    "flags": ("validate", "flag_*"),
    "item_nonresponse": ("weight", "*__missing"),
    "weights": ("weight", "weight"),
}
"""Quality figures -> the table and column that they are counted in."""


def trace(identifier: str, language: Language = "zh") -> str:
    """Return, line by line, where the number with this id comes from.

    Raises
    ------
    SurveyError
        If no table holds the id, or the raw file is no longer the one that was read.
    """
    identifier = _estimate_behind(identifier)
    row = find(identifier)
    match identifier[0]:
        case "E":
            lines = _estimate(row, language)
        case "C":
            lines = _comparison(row, language)
        case "T":
            lines = _theme(row, language)
        case "Q":
            lines = _quality(row, language)
        case _:
            lines = of_interviews(row, language)
    return "\n".join(lines)


def _estimate_behind(identifier: str) -> str:
    """Return the estimate that a finding (F-...) or a problem (A1-2026-001) rests on."""
    if identifier.startswith("F-") and FINDINGS.is_file():
        found = {one.id: one.estimate for one in read_findings(FINDINGS)}
        return found.get(identifier) or identifier
    if identifier.startswith("A") and PROBLEMS.is_file():
        for problem in read_problems(PROBLEMS):
            if problem.number == identifier and problem.findings:
                return _estimate_behind(problem.findings[0])
    return identifier


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
    if pd.notna(row["p"]):
        yield (
            f"  SE = {row['standard_error']:.6f}, df = {row['degrees_of_freedom']:.1f}, "
            f"{word('trace.interval', language)}: {row['low']:.4f} – {row['high']:.4f}"
        )
        yield (
            f"  p = {row['p']:.4f}, q = {row['q']:.4f} ({row['family']}, "
            f"{word('trace.family', language)} {row['family_size']}) → {row['conclusion']}"
        )
    run = RunPlaces(row["survey"], row["wave"])
    question = read_codebook(run.record("codebook")).questionnaire.question(row["question"])
    weighted = pd.read_parquet(run.table("weight"))
    weighted = weighted[weighted[missing_column(question)] == ""]
    for side in ("a", "b"):
        members = _side(weighted, row, side)
        if members is None:
            yield f"{row[side]}: {row['value_b']:.6f} ({word('trace.standard', language)})"
            continue
        hit = _hit(members, question, row["code"])
        value = float((members["weight"] * hit).sum() / members["weight"].sum())
        yield (
            f"{row[side]}: {word('trace.again', language)} {value:.6f}, "
            f"{int(hit.sum())} / {len(members)}"
        )
    estimates = pd.read_parquet(run.table("estimate"))
    first = estimates[
        (estimates["question"] == row["question"])
        & (estimates["code"] == row["code"])
        & (estimates["estimand"] == "proportion")
        & (estimates["domain"] == row["domain"])
        & (estimates["domain_value"] == row["a"])
    ]
    for _, one in first.iterrows():
        yield from _estimate(one, language)


def _side(weighted: pd.DataFrame, row: pd.Series, side: str) -> pd.DataFrame | None:
    """Return the respondents of one side of a comparison, or None for a standard."""
    if row[side] == "standard":
        return None
    if row[side] == "all":
        return weighted
    levels = weighted[str(row["domain"])].astype("str")
    if row[side] == "rest":
        return weighted[weighted[str(row["domain"])].notna() & (levels != str(row["a"]))]
    return weighted[levels == str(row[side])]


def _theme(row: pd.Series, language: Language) -> Iterator[str]:
    run = RunPlaces(row["survey"], row["wave"])
    codebook = read_codebook(run.record("codebook"))
    question = codebook.questionnaire.question(row["question"])
    weighted = pd.read_parquet(run.table("weight")).set_index("respondent")
    if row["domain"] != "all":
        weighted = weighted[_level(weighted, row)]
    frame = read_codeframe(run.of_survey.codeframe)
    said = pd.read_parquet(run.table("verbatims"))
    said = said[(said["question"] == question.name) & said["respondent"].isin(weighted.index)]
    cutter = frame.segmenter(read_lexicon(run.of_survey.lexicon))
    coded = [code(text, frame, cutter) for text in said["text"]]
    usable = said[[one.usable for one in coded]]
    yield f"{row['id']}  {row['kind']} {row['theme']} {row['name_zh']}"
    yield from _wording(question, "", language)
    yield f"{word('trace.base', language)}: {word('trace.usable', language)}; n = {len(usable)}"
    if row["kind"] == "theme":
        hits = [row["theme"] in one.rules for one in coded if one.usable]
        weights = weighted.loc[usable["respondent"], "weight"].to_numpy()
        value = float((weights * hits).sum() / weights.sum())
        yield f"  {word('trace.again', language)}: Σw·y / Σw = {value:.6f} ({row['share']:.6f})"
        yield f"{word('trace.counted', language)}: {sum(hits)} / {len(hits)}"
        rules = pd.Series(
            [one.rules[row["theme"]] for one in coded if row["theme"] in one.rules], dtype="str"
        )
        for rule, count in rules.value_counts(sort=False).sort_index().items():
            yield f"  {run.of_survey.codeframe.as_posix()} {rule}: {count}"
    base = weighted.loc[usable["respondent"]]
    yield from _raw(codebook, question, run, base, language)


def _quality(row: pd.Series, language: Language) -> Iterator[str]:
    run = RunPlaces(row["survey"], row["wave"])
    stage, column = SOURCES[row["group"]]
    yield f"{row['id']}  {row['group']} {row['item']} = {row['value']:g} ({row['kind']})"
    yield f"{word('trace.table', language)}: {run.table(stage).as_posix()}, {column}"
    table = pd.read_parquet(run.table(stage))
    again: float | None = None
    match row["group"]:
        case "dispositions":
            again = int((table["disposition"] == row["item"]).sum())
        case "quarantine":
            again = int(table.loc[table["rule"] == row["item"], "raw_row"].nunique())
        case "flags":
            again = int(table[f"flag_{row['item']}"].sum())
        case "item_nonresponse":
            reason = table[f"{row['item']}__missing"]
            asked = reason[reason != "not_asked"]
            again = float((asked != "").mean())
        case _:
            pass
    if again is not None:
        yield f"  {word('trace.again', language)}: {again:g}"
    if stage == "units":
        yield f"{word('trace.file', language)}: {run.dispositions.as_posix()}"
        return
    raw = read_codebook(run.record("codebook")).raw
    yield f"{word('trace.file', language)}: {raw.path}"
    yield f"  sha256 {raw.sha256} {_same(Path(raw.path), raw.sha256, language)}"
