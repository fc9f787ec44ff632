"""The stage on a made survey of 120 people in three counties, one of them tiny."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.disclosure.public import read_public
from pipeline.errors import DisclosureError
from pipeline.questionnaire.codebook import write_codebook
from pipeline.stages.disclose import disclose
from pipeline.text_analysis.reliability import Reliability, write_reliability
from tests.disclosure.made import (
    WAVE,
    codebook,
    comparison,
    comparisons,
    estimate,
    estimates,
    passages,
    programme,
    theme,
    themes,
)

PEOPLE = {"jia": 80, "yi": 33, "bing": 7}
FOLDERS = ("estimate", "comparison", "themes", "quarantine", "validation", "units", "design")


def project(folder: Path, *, empty: bool = False, **reporting: int) -> Path:
    county = [name for name, n in PEOPLE.items() for _ in range(0 if empty else n)]
    n = len(county)
    responses = pd.DataFrame({
        "respondent": [f"r{i}" for i in range(n)], "county": county,
        "q1": pd.array([1 + i % 2 for i in range(n)], dtype="Int64"),
        "q1__missing": ["" for _ in range(n)],
        "q2__missing": ["refused" if i < 12 else "" for i in range(n)],
        "q9": pd.array([1 + i % 2 for i in range(n)], dtype="Int64"),
        "q9__missing": ["" for _ in range(n)],
        "flag_speeding": [i < 4 for i in range(n)],
    }).astype({"county": "str"})  # fmt: skip
    units = pd.DataFrame({
        "person": [f"p{i}" for i in range(2 * n)], "site": ["s1", "s2"] * n,
        "stratum": ["a", "b"] * n, "disposition": ["1.1", "2.11"] * n,
        "responded": [True, False] * n,
    })  # fmt: skip
    made = [] if empty else [
        estimate(120, 66),
        *(estimate(k, k // 2, domain="county", domain_value=c) for c, k in PEOPLE.items()),
    ]  # fmt: skip
    against = [] if empty else [comparison("standard", "all", "standard", n_a=120)]
    place = Path("residents") / f"{WAVE}.parquet"
    tables = {
        "estimate": estimates(*made), "weight": responses, "units": units,
        "themes": themes() if empty else themes(theme(60, 20)),
        "quarantine": pd.DataFrame(
            {"raw_row": [] if empty else [5, 5], "rule": ["out_of_range"] * (0 if empty else 2)}
        ),
    }  # fmt: skip
    for name in (*FOLDERS, "weight", "codebook"):
        (folder / name / "residents").mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(folder / name / place, index=False)
    comparisons(*against).to_parquet(folder / "comparison" / "residents.parquet", index=False)
    verdict = {"delivered": n + 1 - empty, "kept": n, "quarantined": 1 - empty}
    design = {
        "design": {"weight": "weight", "strata": ["stratum"], "clusters": ["psu"],
                   "lonely_psu": "adjust", "probability_sample": True,
                   "calibration": [{"method": "rake", "margins": {"q9": {"1": 5.0}}}]},
        "diagnostics": {"design_effect": 1.3, "effective_n": 92.0, "representativity": None},
    }  # fmt: skip
    for name, record in (("validation", verdict), ("design", design)):
        path = (folder / name / place).with_suffix(".json")
        path.write_text(json.dumps(record), encoding="utf-8")
    write_codebook(codebook(), (folder / "codebook" / place).with_suffix(".json"))
    said = [] if empty else [("I01", "jia", 1, "填了三遍。", "A1.4", "supports")]
    passages(*said).to_parquet(folder / "interviews.parquet", index=False)
    write_reliability(Reliability(), folder / "interview_coding.json")
    rules = programme().model_copy(update={
        "reporting": programme().reporting.model_copy(update=reporting)
    })  # fmt: skip
    (folder / "programme.yaml").write_text(rules.model_dump_json(), encoding="utf-8")
    return folder


def run(folder: Path, out: str = "disclose") -> Path:
    disclose(
        *(folder / name for name in FOLDERS), folder / "interviews.parquet",
        folder / "programme.yaml", folder / "signoff.csv", folder / out,
        codebooks=folder / "codebook", responses=folder / "weight",
        coding=folder / "interview_coding.json",
    )  # fmt: skip
    return folder / out


def test_the_tiny_county_is_not_shown_and_cannot_be_computed(tmp_path: Path) -> None:
    public = read_public(run(project(tmp_path)))
    assert public.estimates["domain_value"].tolist() == ["", "jia"]
    assert public.estimates["n"].tolist() == [120, 80]
    log = public.log
    assert log["tables"][0]["withheld"] == {"remainder": 1, "small_group": 1}
    assert log["attack"] == {"groups": 2, "recoverable": 0}
    assert public.designs[0].probability_sample
    assert (public.designs[0].strata, public.designs[0].psus) == (2, 2)
    assert public.designs[0].raked_variables == ("q9",)


def test_quality_counts_the_making_of_the_data(tmp_path: Path) -> None:
    quality = read_public(run(project(tmp_path))).quality
    figures = quality.set_index(["group", "item"])["value"].to_dict()
    assert figures["dispositions", "2.11"] == 120
    assert figures["response", "rr1"] == pytest.approx(0.5)
    assert figures["intake", "delivered"] == 121
    assert figures["quarantine", "out_of_range"] == 1  # two cells of one response
    assert figures["flags", "speeding"] == 4
    assert figures["item_nonresponse", "q2"] == pytest.approx(0.1)
    assert figures["weights", "design_effect"] == 1.3
    assert ("weights", "representativity") not in figures
    assert quality["id"].is_unique


def test_same_inputs_same_bytes(tmp_path: Path) -> None:
    made = project(tmp_path)
    first, second = run(made, "first"), run(made, "second")
    names = sorted(path.name for path in first.iterdir())
    assert len(names) == 7
    assert all((first / n).read_bytes() == (second / n).read_bytes() for n in names)


def test_a_survey_without_any_response_passes(tmp_path: Path) -> None:
    public = read_public(run(project(tmp_path, empty=True)))
    assert public.estimates.empty
    assert public.interviews.empty
    assert set(public.quality["group"]) == {"flags", "intake", "weights"}


def test_lowered_limits_stop_the_stage(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="minimum_n"):
        run(project(tmp_path, minimum_n=3))
