"""From a difference back to both its sides: two groups, a share and its standard, two waves."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.estimation.published import VALUE_DECIMALS
from pipeline.i18n import Language, word
from pipeline.places import RunPlaces
from pipeline.questionnaire.codebook import Codebook, read_codebook
from pipeline.questionnaire.expressions import questions_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Question
from pipeline.trace_answers import (
    answered,
    hits,
    level_of,
    raw_columns,
    raw_file,
    raw_rows,
    unlike,
    weighted_mean,
    wording,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: what it is called, who is in it, and the share stated of it."""

    name: str
    base: pd.DataFrame
    stated: float


@dataclass(frozen=True, slots=True)
class Wave:
    """What one wave asked, and the places of its files."""

    run: RunPlaces
    codebook: Codebook

    @property
    def asked(self) -> Questionnaire:
        return self.codebook.questionnaire


def of_comparison(row: pd.Series, language: Language) -> Iterator[str]:
    """Yield, line by line, what a row of `comparison` rests on."""
    if row["conclusion"] == "one_wave":
        only = word("report.wave_one_wave", language)
        yield f"{row['id']}  {row['survey']} {row['wave']}: {only}"
    elif row["conclusion"] == "not_comparable":
        yield from _not_comparable(row, language)
    elif row["kind"] == "wave":
        yield from _waves(row, language)
    else:
        yield from _groups(row, language)


def _groups(row: pd.Series, language: Language) -> Iterator[str]:
    wave = _wave(row["survey"], row["wave"])
    question = wave.asked.question(row["question"])
    rows = answered(pd.read_parquet(wave.run.table("weight")), question)
    yield f"{row['id']}  {row['domain']}: {row['a']} − {row['b']} = {row['difference']:.6f}"
    yield from _test(row, language)
    yield from wording(question, row["code"], language)
    yield raw_columns(wave.codebook, question, language)
    if any(one.name == row["domain"] for one in wave.asked.questions):
        by = wave.asked.question(row["domain"])
        yield from wording(by, "", language)
        yield raw_columns(wave.codebook, by, language)
    for side in _sides(rows, row):
        yield from _again(side, question, row, wave.codebook, language)
    if row["kind"] == "standard":
        yield f"{row['b']}: {row['value_b']:.6f} ({word('trace.standard', language)})"
    yield from raw_file(wave.codebook, wave.run, language)


def _sides(rows: pd.DataFrame, row: pd.Series) -> Iterator[Side]:
    """Yield the sides that have respondents; a standard has none."""
    if row["kind"] == "standard":
        yield Side("all", rows, row["value_a"])
        return
    domain, a, b = str(row["domain"]), str(row["a"]), str(row["b"])
    yield Side(f"{domain} = {a}", level_of(rows, domain, a), row["value_a"])
    if b == "rest":
        rest = rows[rows[domain].notna() & ~rows[domain].astype("str").eq(a)]
        yield Side(f"{domain}: rest", rest, row["value_b"])
    else:
        yield Side(f"{domain} = {b}", level_of(rows, domain, b), row["value_b"])


def _waves(row: pd.Series, language: Language) -> Iterator[str]:
    domain, level = str(row["domain"]), str(row["a"])
    where = "" if domain == "all" else f"{domain} = {level}: "
    yield f"{row['id']}  {where}{row['wave']} − {row['b']} = {row['difference']:.6f}"
    yield from _test(row, language)
    sites: list[set[tuple[str, str]]] = []
    for name, stated in ((row["wave"], row["value_a"]), (row["b"], row["value_b"])):
        wave = _wave(row["survey"], name)
        question = wave.asked.question(row["question"])
        rows = answered(pd.read_parquet(wave.run.table("weight")), question)
        base = level_of(rows, domain, level)
        sites.append(set(zip(base["stratum"].astype(str), base["psu"].astype(str), strict=True)))
        yield f"== {name}"
        yield from wording(question, row["code"], language)
        yield from _again(Side(f"{where}{name}", base, stated), question, row, wave.codebook,
                          language)  # fmt: skip
        yield raw_columns(wave.codebook, question, language)
        yield from raw_file(wave.codebook, wave.run, language)
    later, earlier = sites
    yield "=="
    yield (
        f"{word('trace.shared_sites', language)}: {len(later & earlier)} "
        f"({row['wave']} {len(later)}, {row['b']} {len(earlier)})"
    )
    if pd.notna(row["shrunk_b"]):
        yield (
            f"{word('trace.shrunk', language)}: {row['shrunk_b']:.6f}; "
            f"{row['value_a']:.6f} − {row['shrunk_b']:.6f} = "
            f"{row['value_a'] - row['shrunk_b']:.6f}, SE = {row['shrunk_error']:.6f}"
        )


def _not_comparable(row: pd.Series, language: Language) -> Iterator[str]:
    why = word(f"report.why_{row['why_not']}", language)
    yield (
        f"{row['id']}  {row['wave']} − {row['b']}: {row['question']} "
        f"{word('report.wave_not_comparable', language)} ({why})"
    )
    for name in (row["wave"], row["b"]):
        wave = _wave(row["survey"], name)
        yield f"== {name}"
        if all(one.name != row["question"] for one in wave.asked.questions):
            yield f"{word('trace.not_asked', language)}: {row['question']}"
            yield from raw_file(wave.codebook, wave.run, language)
            continue
        question = wave.asked.question(row["question"])
        yield from _as_asked(question, wave.asked, row["why_not"], language)
        yield raw_columns(wave.codebook, question, language)
        yield from raw_file(wave.codebook, wave.run, language)


def _as_asked(
    question: Question, asked: Questionnaire, why_not: str, language: Language
) -> Iterator[str]:
    """Yield how a wave asked a question, with the part that the waves do not have alike."""
    yield from wording(question, "", language)
    if hint := question.hint(language):
        yield f"  {hint}"
    if isinstance(question, ChoiceQuestion):
        for choice in question.choices:
            yield f"  {choice.code} = {choice.text(language)}"
    if why_not == "routing" and question.show_if is not None:
        for name in sorted(questions_of(question.show_if)):
            yield f"  ← {name} {asked.question(name).text(language)}"
    if why_not == "mode":
        yield f"  {asked.mode(language)}"


def _again(
    side: Side, question: Question, row: pd.Series, codebook: Codebook, language: Language
) -> Iterator[str]:
    """Yield one side computed again, and the raw rows that it counts."""
    hit = hits(side.base, question, row["code"])
    value = weighted_mean(side.base, hit)
    on_grid = row["kind"] == "wave" and row["domain"] != "all"
    mark = unlike(value, side.stated, 10.0**-VALUE_DECIMALS if on_grid else 0.0)
    yield f"{side.name}: {word('trace.again', language)} Σw·y / Σw = {value:.6f}{mark}"
    yield f"  {word('trace.counted', language)}: {int(hit.sum())} / {len(side.base)}"
    yield f"  {raw_rows(codebook, side.base, language)}"


def _test(row: pd.Series, language: Language) -> Iterator[str]:
    if pd.isna(row["p"]):
        yield f"  {word('report.wave_untested', language)}"
        return
    yield (
        f"  SE = {row['standard_error']:.6f}, df = {row['degrees_of_freedom']:.1f}, "
        f"{word('trace.interval', language)}: {row['low']:.4f} – {row['high']:.4f}"
    )
    yield (
        f"  p = {row['p']:.4f}, q = {row['q']:.4f} ({row['family']}, "
        f"{word('trace.family', language)} {row['family_size']}) → {row['conclusion']}"
    )


def _wave(survey: str, wave: str) -> Wave:
    run = RunPlaces(survey, wave)
    return Wave(run, read_codebook(run.record("codebook")))
