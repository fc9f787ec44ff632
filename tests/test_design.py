import json
from pathlib import Path

import pytest

from pipeline.design import (
    Poststratify,
    Rake,
    SurveyDesign,
    design_from_json,
    design_to_json,
    read_design,
)
from pipeline.errors import DesignError

RAKED = Rake({"county": {"甲县": 40.0, "乙县": 60.0}}, tolerance=1e-8)


@pytest.mark.parametrize("step", [RAKED, Poststratify("q02", {"1": 10.0, "2": 90.0})])
def test_a_design_survives_json(step):
    design = SurveyDesign(
        weight="w", strata=(("county", "setting"),), clusters=("psu", "person"), fpc=("N1", "N2"),
        nest=True, lonely_psu="average", lonely_psu_in_domains=True, calibration=(step,),
        probability_sample=False,
    )  # fmt: skip
    assert design_from_json(json.loads(json.dumps(design_to_json(design)))) == design


def test_the_columns_of_a_design_are_named_once_in_order():
    design = SurveyDesign(
        weight="w", strata=(("a", "b"),), clusters=("b", "c"), calibration=(RAKED,)
    )
    assert design.columns == ("w", "a", "b", "c", "county")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weight": "w", "probability": "p"}, "只能给一个"),
        ({"strata": "county"}, r"\('county',\)"),
        ({"lonely_psu": "ignore"}, "fail, remove"),
        ({"fpc_meaning": "share"}, "population_size"),
    ],
)
def test_nonsense_is_refused(given, said):
    with pytest.raises(DesignError, match=said):
        SurveyDesign(**given)


def test_a_negative_population_is_refused():
    with pytest.raises(DesignError, match=r"甲县=-1"):
        Rake({"county": {"甲县": -1.0}})


def test_another_json_is_no_design_file(tmp_path: Path):
    path = tmp_path / "w1.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DesignError, match="重跑 weight"):
        read_design(path)
    with pytest.raises(DesignError, match="colour"):
        design_from_json({"colour": 1})
