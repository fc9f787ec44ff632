"""Counts and rates about the making of the data: for a survey as a whole only, never for groups.

They say how many were asked, came back, were set aside and left questions out; none of them is
an answer, so no smallest number applies except to the rates of unanswered questions.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.design import design_from_json
from pipeline.estimation.scales.reliability import alpha
from pipeline.questionnaire.codebook import Codebook, missing_column
from pipeline.sampling.dispositions import outcomes

QUALITY_COLUMNS = ["id", "survey", "wave", "group", "item", "value", "kind"]
_FLAG = "flag_"
LEAST_OF_ALPHA = 30
_DIAGNOSTICS = ("design_effect", "effective_n", "minimum", "maximum", "representativity")


@dataclass(frozen=True)
class Run:
    """The tables of one survey and wave that its quality is read from.

    `responses` are the analysed responses (columns of `weight`), `design` the record of weighting.
    """

    codebook: Codebook
    responses: pd.DataFrame
    quarantine: pd.DataFrame
    verdict: Mapping[str, Any]
    units: pd.DataFrame
    design: Mapping[str, Any]


def quality_of(run: Run, *, minimum_n: int = 10) -> pd.DataFrame:
    """Return the quality figures of one run, one row each, in `QUALITY_COLUMNS`.

    Groups: ``dispositions`` (item: AAPOR code), ``response`` (sampled, responded and the AAPOR
    rates), ``intake`` (delivered, kept, quarantined), ``quarantine`` (item: rule; responses that
    broke it), ``flags`` (item: rule), ``item_nonresponse`` (item: question; share of those asked
    without a substantive answer), ``weights`` (design effect, effective n, smallest and largest
    weight over their mean, representativity), ``reliability`` (item: battery; Cronbach's alpha of
    those who answered all its items, where there are 30 of them).
    """
    figures = [
        *_of_units(run.units),
        *_of_intake(run),
        *_of_items(run, minimum_n),
        *_of_weights(run.design),
        *_of_batteries(run),
    ]
    survey, wave = run.codebook.survey, run.codebook.wave
    rows = [
        (_id(survey, wave, group, item), survey, wave, group, item, float(value), kind)
        for group, item, value, kind in figures
    ]
    table = pd.DataFrame(rows, columns=QUALITY_COLUMNS)
    return table.astype(dict.fromkeys(QUALITY_COLUMNS, "str") | {"value": "float64"})


Figure = tuple[str, str, float, str]


def _of_units(units: pd.DataFrame) -> list[Figure]:
    if units.empty:
        return []
    codes = units["disposition"].astype(str).value_counts().sort_index()
    counts: list[Figure] = [("dispositions", str(code), n, "count") for code, n in codes.items()]
    counts += [
        ("response", "sampled", len(units), "count"),
        ("response", "responded", int(units["responded"].sum()), "count"),
    ]
    rates = outcomes(units).rates()
    return counts + [
        ("response", name.lower(), rate, "rate") for name, rate in rates.items() if pd.notna(rate)
    ]


def _of_intake(run: Run) -> list[Figure]:
    figures: list[Figure] = [
        ("intake", name, int(run.verdict[name]), "count")
        for name in ("delivered", "kept", "quarantined")
    ]
    broken = run.quarantine.groupby("rule")["raw_row"].nunique()
    figures += [("quarantine", str(rule), n, "count") for rule, n in broken.items()]
    flags = sorted(name for name in run.responses.columns if name.startswith(_FLAG))
    return figures + [
        ("flags", name.removeprefix(_FLAG), int(run.responses[name].sum()), "count")
        for name in flags
    ]


def _of_items(run: Run, minimum_n: int) -> list[Figure]:
    figures: list[Figure] = []
    for question in run.codebook.questionnaire.questions:
        column = missing_column(question)
        if column not in run.responses:
            continue
        reason = run.responses[column]
        asked = int((reason != "not_asked").sum())
        if asked >= minimum_n:
            without = int((~reason.isin(["", "not_asked"])).sum())
            figures.append(("item_nonresponse", question.name, without / asked, "rate"))
    return figures


def _of_weights(design: Mapping[str, Any]) -> list[Figure]:
    known = design.get("diagnostics") or {}
    return [
        ("weights", name, float(known[name]), "count" if name == "effective_n" else "factor")
        for name in _DIAGNOSTICS
        if known.get(name) is not None
    ]


def _of_batteries(run: Run) -> list[Figure]:
    figures: list[Figure] = []
    questionnaire = run.codebook.questionnaire
    for battery in questionnaire.batteries:
        items = questionnaire.items_of(battery.name)
        names = [item.name for item in items]
        rows = run.responses.astype(dict.fromkeys(names, "Float64"))
        if len(names) < 2 or rows[names].notna().all(axis=1).sum() < LEAST_OF_ALPHA:
            continue
        turned = [item.name for item in items if item.reverse]
        design = design_from_json(run.design["design"])
        found = alpha(rows, names, design=design, reverse=turned)
        figures.append(("reliability", battery.name, found.value, "factor"))
    return figures


def _id(*parts: str) -> str:
    return "Q-" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:10]
