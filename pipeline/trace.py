"""From a number on a page back to the wording, the cells and the raw file.

The value is computed again here, by the definition of a weighted share or mean and from the
weighted responses alone, so that a trace is a check and not an echo.
"""

from collections.abc import Iterator

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.findings.finding import read_findings
from pipeline.i18n import Language, word
from pipeline.places import FINDINGS, PROBLEMS, PROCESSED, RunPlaces
from pipeline.problems.problem import read_problems
from pipeline.questionnaire.codebook import missing_column, read_codebook
from pipeline.text_analysis.coding import code, read_codeframe
from pipeline.text_analysis.lexicon import read_lexicon
from pipeline.trace_answers import (
    hits,
    level_of,
    raw_columns,
    raw_file,
    raw_rows,
    unlike,
    weighted_mean,
    wording,
)
from pipeline.trace_comparisons import of_comparison
from pipeline.trace_interviews import of_interviews
from pipeline.trace_records import of_design, of_quality, of_withheld, record_of
from pipeline.trace_verdicts import followup_of, of_verdict

TABLES = {"E": "estimate", "C": "comparison", "T": "themes", "Q": "disclose", "I": "disclose"}


def trace(identifier: str, language: Language = "zh") -> str:
    """Return, line by line, where the number with this id comes from.

    Raises
    ------
    SurveyError
        If no table holds the id, or the raw file is no longer the one that was read.
    """
    identifier = _estimate_behind(identifier)
    return "\n".join(_lines(identifier, language))


def _lines(identifier: str, language: Language) -> Iterator[str]:
    match identifier[:2]:
        case "V-":
            yield from _verdict(identifier, language)
        case "D-" | "L-":
            record = record_of(identifier)
            if record is None:
                raise _unknown(identifier)
            yield from (of_design if identifier[0] == "D" else of_withheld)(record, language)
        case "E-":
            yield from _estimate(find(identifier), language)
        case "C-":
            yield from of_comparison(find(identifier), language)
        case "T-":
            yield from _theme(find(identifier), language)
        case "Q-":
            yield from of_quality(find(identifier), language)
        case _:
            yield from of_interviews(find(identifier), language)


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
    row = _found(identifier)
    if row is None:
        raise _unknown(identifier)
    return row


def _found(identifier: str) -> pd.Series | None:
    folder = PROCESSED / TABLES.get(identifier[:1], "disclose")
    for path in sorted(folder.rglob("*.parquet")):
        table = pd.read_parquet(path)
        if "id" in table and (found := table[table["id"] == identifier]).shape[0]:
            return found.iloc[0]
    return None


def _unknown(identifier: str) -> SurveyError:
    return SurveyError(
        f"{PROCESSED}: 没有编号 {identifier!r}。请从页面“如何算出”处复制编号，或先运行 dvc repro。"
        "(no such id; copy it from the page, or run dvc repro)"
    )


def _verdict(identifier: str, language: Language) -> Iterator[str]:
    """Yield the verdict, then the comparison that it rests on, or the share set as the goal."""
    followup = followup_of(identifier)
    if followup is None:
        raise _unknown(identifier)
    yield from of_verdict(followup, language)
    behind = followup.comparison or followup.metric
    if behind and _found(behind) is not None:  # a goal may name a share that is gone
        yield ""
        yield from _lines(behind, language)


def _estimate(row: pd.Series, language: Language) -> Iterator[str]:
    run = RunPlaces(row["survey"], row["wave"])
    codebook = read_codebook(run.record("codebook"))
    question = codebook.questionnaire.question(row["question"])
    weighted = pd.read_parquet(run.table("weight"))
    group = level_of(weighted, str(row["domain"]), str(row["domain_value"]))
    base = group[group[missing_column(question)] == ""]
    hit = hits(base, question, row["code"])
    value = weighted_mean(base, hit)

    yield f"{row['id']}  {row['estimand']} = {row['value']:.6f}"
    yield f"  {word('trace.again', language)}: Σw·y / Σw = {value:.6f}" + unlike(
        value, row["value"]
    )
    yield _interval(row, language)
    yield from wording(question, str(row["code"]), language)
    where = "" if row["domain"] == "all" else f", {row['domain']} = {row['domain_value']}"
    yield (
        f"{word('trace.base', language)}: {missing_column(question)} == ''{where}; "
        f"n = {len(base)}, Σw = {base['weight'].sum():,.1f}"
    )
    if row["estimand"] != "mean":  # the numerator of a mean is no count of persons
        yield f"{word('trace.counted', language)}: {int(hit.sum())} / {len(base)}"
    for reason, count in group[missing_column(question)].value_counts().sort_index().items():
        if reason:
            yield f"  {word(f'missing.{reason}', language)}: {count}"
    yield raw_columns(codebook, question, language)
    yield raw_rows(codebook, base, language)
    yield from raw_file(codebook, run, language)


def _interval(row: pd.Series, language: Language) -> str:
    if pd.isna(row["low"]):
        return f"  {word('trace.no_margin', language)}"
    return (
        f"  {row['level']:.0%} {word('trace.interval', language)}: {row['low']:.4f} – "
        f"{row['high']:.4f} ({row['interval_method']}), SE = {row['standard_error']:.6f}, "
        f"df = {row['degrees_of_freedom']:.0f}, deff = {row['design_effect']:.2f}"
    )


def _theme(row: pd.Series, language: Language) -> Iterator[str]:
    run = RunPlaces(row["survey"], row["wave"])
    codebook = read_codebook(run.record("codebook"))
    question = codebook.questionnaire.question(row["question"])
    weighted = pd.read_parquet(run.table("weight")).set_index("respondent")
    weighted = level_of(weighted, str(row["domain"]), str(row["domain_value"]))
    frame = read_codeframe(run.of_survey.codeframe)
    said = pd.read_parquet(run.table("verbatims"))
    said = said[(said["question"] == question.name) & said["respondent"].isin(weighted.index)]
    cutter = frame.segmenter(read_lexicon(run.of_survey.lexicon))
    coded = [code(text, frame, cutter) for text in said["text"]]
    usable = said[[one.usable for one in coded]]
    yield f"{row['id']}  {row['kind']} {row['theme']} {row['name_zh']}"
    yield from wording(question, "", language)
    yield f"{word('trace.base', language)}: {word('trace.usable', language)}; n = {len(usable)}"
    if row["kind"] == "theme":
        said_so = [row["theme"] in one.rules for one in coded if one.usable]
        base = weighted.loc[usable["respondent"]]
        value = weighted_mean(base, pd.Series(said_so, index=base.index, dtype="float64"))
        yield f"  {word('trace.again', language)}: Σw·y / Σw = {value:.6f}" + unlike(
            value, row["share"]
        )
        yield f"{word('trace.counted', language)}: {sum(said_so)} / {len(said_so)}"
        rules = pd.Series(
            [one.rules[row["theme"]] for one in coded if row["theme"] in one.rules], dtype="str"
        )
        for rule, count in rules.value_counts(sort=False).sort_index().items():
            yield f"  {run.of_survey.codeframe.as_posix()} {rule}: {count}"
    yield raw_columns(codebook, question, language)
    yield raw_rows(codebook, weighted.loc[usable["respondent"]], language)
    yield from raw_file(codebook, run, language)
