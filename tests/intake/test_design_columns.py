import json

import pytest

from pipeline.intake.design_columns import DesignCandidates, design_candidates
from pipeline.intake.inference import inferred
from pipeline.responses.described import Aside, Described
from pipeline.responses.read import read_table
from pipeline.responses.systems.recognise import recognised
from tests.intake.tables import table_of, told

WEIGHTS = ["1.25", "0.75", "1.5", "0.5", "1.1", "0.9"] * 4
NAMED = {  # file -> what a person sees by name, label or content
    "csv/apiclus1.csv": "pw dnum fpc",
    "csv/apiclus2.csv": "pw dnum snum fpc1 fpc2",
    "csv/apistrat.csv": "pw stype fpc",
    "csv/apisrs.csv": "pw fpc",
    "csv/fpc_stata.csv": "weight stratid psuid Nh",
    "csv/nhanes2_stata.csv": "finalwgt stratid psuid",
    "csv/lohr_agstrat.csv": "region",
    "csv/hdv2003_fr.csv": "poids",
    "dta/anes_2020_stata_example.dta": "V200010b V200010d V200010c",
    "xpt/DEMO_I.XPT": "WTMEC2YR WTINT2YR SDMVSTRA SDMVPSU",
}


def proposed(candidates: DesignCandidates) -> set[str]:
    parts = (candidates.weights, candidates.strata, candidates.clusters, candidates.fpc)
    return {one.header for part in parts for one in part}


def found(columns: dict[str, list[str]]) -> DesignCandidates:
    table = table_of(columns)
    return design_candidates(table, inferred(table, Described()))


def test_rival_weights_stand_side_by_side() -> None:
    candidates = found({"withinwt_ea": WEIGHTS, "withinwt_hh": WEIGHTS[::-1]})
    assert [(one.header, one.rivals) for one in candidates.weights] == [
        ("withinwt_ea", ("withinwt_hh",)),
        ("withinwt_hh", ("withinwt_ea",)),
    ]


@pytest.mark.parametrize("name", ["wt", "WGT", "pw", "finalwgt", "poids", "权重", "w", "anweight"])
def test_a_weight_is_no_question(name: str) -> None:
    aside = told({name: WEIGHTS})[name]
    assert isinstance(aside, Aside)
    assert aside.role == "weight"


def test_the_weight_of_a_person_is_a_question() -> None:
    columns = {
        "height": [f"1{n}5" for n in range(24)],
        "weight": [f"{n}.5" for n in range(50, 74)],
    }
    assert not found(columns).weights
    assert not isinstance(told(columns)["weight"], Aside)


def test_what_a_weight_is_constant_within_may_be_the_strata() -> None:
    kinds = ["E"] * 12 + ["M"] * 6 + ["H"] * 6
    weights = ["44.2"] * 12 + ["20.4"] * 6 + ["15.1"] * 6
    candidates = found({"stype": kinds, "pw": weights, "answer": ["1", "2"] * 12})
    assert [one.header for one in candidates.strata] == ["stype"]


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_named_column_of_a_real_design_is_proposed(shared: object, name: str) -> None:
    folder = shared / "samples/microdata"  # type: ignore[operator]
    listed = json.loads((folder / "index.json").read_text(encoding="utf-8"))["files"]
    assert next(one for one in listed if one["file"] == name)["design"]
    table = read_table(folder / name)
    system = recognised(table).system
    table = system.tidied(table)
    described = inferred(table, system.described(table))
    assert set(NAMED[name].split()) <= proposed(design_candidates(table, described))
