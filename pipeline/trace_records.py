"""From a count of the making of the data, a design or a withheld row back to its file."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.disclosure.public import read_public
from pipeline.errors import DisclosureError
from pipeline.i18n import Language, word
from pipeline.places import DISCLOSED, RunPlaces
from pipeline.questionnaire.codebook import read_codebook
from pipeline.questionnaire.questions import Scale
from pipeline.trace_answers import hashed, raw_file, unlike, weighted_mean

SOURCES = {
    "dispositions": ("units", "disposition"),
    "response": ("units", "disposition"),
    "intake": ("quarantine", "rule"),
    "quarantine": ("quarantine", "rule"),
    "flags": ("weight", "flag_*"),
    "item_nonresponse": ("weight", "*__missing"),
    "weights": ("weight", "weight"),
    "reliability": ("weight", "battery"),
}
"""Quality figures -> the table and column that they are counted in."""
STAGES = {"estimates": "estimate", "comparisons": "comparison", "themes": "themes"}
"""Disclosed table -> the stage whose rows it holds."""
Row = Mapping[str, Any]


def record_of(identifier: str) -> Row | None:
    """Return a design (``D-…``) or what a rule withheld (``L-…``), None if there is none."""
    try:
        return read_public(DISCLOSED).rows.get(identifier)
    except DisclosureError:
        return None  # nothing was disclosed yet, so nothing bears the id


def of_quality(row: pd.Series, language: Language) -> Iterator[str]:
    """Yield, line by line, what a quality figure is counted in."""
    run = RunPlaces(row["survey"], row["wave"])
    stage, column = SOURCES[row["group"]]
    yield f"{row['id']}  {row['group']} {row['item']} = {row['value']:g} ({row['kind']})"
    yield f"{word('trace.table', language)}: {run.table(stage).as_posix()}, {column}"
    again = _counted(row, pd.read_parquet(run.table(stage)), run)
    if again is not None:
        yield f"  {word('trace.again', language)}: {again:g}{unlike(again, row['value'])}"
    if stage == "units":
        yield f"{word('trace.file', language)}: {run.dispositions.as_posix()}"
        return
    yield from hashed(read_codebook(run.record("codebook")), language)


def of_design(row: Row, language: Language) -> Iterator[str]:
    """Yield how one wave was drawn, and from which files that is known."""
    run = RunPlaces(row["survey"], row["wave"])
    yield f"{row['id']}  {row['survey']} {row['wave']}"
    units = pd.read_parquet(run.table("units"))
    for name, column in (("strata", "stratum"), ("psus", "site")):
        again = float(units[column].nunique()) if row["probability_sample"] else 0.0
        yield f"  {name} = {row[name]}; {word('trace.again', language)}: {again:g}" + unlike(
            again, row[name]
        )
    raked = "、".join(row["raked_variables"])
    yield (
        f"  probability_sample = {row['probability_sample']}, weighted = {row['weighted']}, "
        f"raked_variables = {raked}, lonely_psu = {row['lonely_psu']}, level = {row['level']:.0%}"
    )
    yield f"{word('trace.table', language)}: {(DISCLOSED / 'designs.json').as_posix()}"
    yield (
        f"  ← {run.table('units').as_posix()}, {run.record('design').as_posix()}, "
        f"{run.draw.as_posix()}"
    )
    yield from raw_file(read_codebook(run.record("codebook")), run, language)


def of_withheld(row: Row, language: Language) -> Iterator[str]:
    """Yield what a rule of disclosure withheld of a table, and what was made and published."""
    run = RunPlaces(row["survey"], row["wave"])
    table, stage = str(row["table"]), STAGES[row["table"]]
    rule = word(f"disclosure.{row['rule']}", language)
    yield f"{row['id']}  {row['survey']} {row['wave']} {table}: {rule} = {row['value']}"
    path = run.of_survey.comparison if stage == "comparison" else run.table(stage)
    shown = _of_run(pd.read_parquet(DISCLOSED / f"{table}.parquet"), run)
    made = _of_run(pd.read_parquet(path), run)
    yield f"{word('trace.table', language)}: {(DISCLOSED / 'log.json').as_posix()}"
    yield (
        f"  {path.as_posix()}: {made} → {(DISCLOSED / f'{table}.parquet').as_posix()}: "
        f"{row['published']}; {word('trace.again', language)}: {shown}"
        + unlike(float(shown), row["published"])
    )
    for name, count in row["withheld"].items():
        yield f"  {word(f'disclosure.{name}', language)}: {count}"


def _of_run(table: pd.DataFrame, run: RunPlaces) -> int:
    return int(((table["survey"] == run.survey) & (table["wave"] == run.wave)).sum())


def _counted(row: pd.Series, table: pd.DataFrame, run: RunPlaces) -> float | None:
    """Count a figure again; None for a rate that takes more than one count."""
    item = row["item"]
    match row["group"]:
        case "dispositions":
            return float((table["disposition"] == item).sum())
        case "quarantine":
            return float(table.loc[table["rule"] == item, "raw_row"].nunique())
        case "flags":
            return float(table[f"flag_{item}"].sum())
        case "item_nonresponse":
            reason = table[f"{item}__missing"]
            return float((reason[reason != "not_asked"] != "").mean())
        case "reliability":
            return _alpha(table, item, run)
    match item:
        case "sampled":
            return float(len(table))
        case "responded":
            return float(table["responded"].sum())
        case "quarantined":
            return float(table["raw_row"].nunique())
    return None


def _alpha(weighted: pd.DataFrame, battery: str, run: RunPlaces) -> float:
    """Return Cronbach's alpha of those who answered all items of a battery, by its definition."""
    items = read_codebook(run.record("codebook")).questionnaire.items_of(battery)
    answers = weighted[[item.name for item in items]].astype("Float64").astype("float64")
    whole = answers.dropna()
    scores = pd.DataFrame({item.name: _turned(whole[item.name], item) for item in items})
    weight = weighted.loc[whole.index, ["weight"]]
    spread = [_variance(weight, scores[name]) for name in scores]
    total = _variance(weight, scores.sum(axis=1))
    return len(items) / (len(items) - 1) * (1 - sum(spread) / total)


def _turned(answers: pd.Series, item: Scale) -> pd.Series:
    return -answers if item.reverse else answers


def _variance(weight: pd.DataFrame, values: pd.Series) -> float:
    return weighted_mean(weight, (values - weighted_mean(weight, values)) ** 2)
