"""The runner's own rules, on small cases made up here."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.__main__ import main
from tests.reference.compare import binding, differences, without_missing
from tests.reference.expressions import column, is_true
from tests.reference.runner import Result, run

ROWS = """y,z,w,psu,sex,gap
1,2,1,1,f,1
3,5,2,1,m,
2,2,1,2,f,2
6,1,3,2,m,4
5,3,2,3,f,3
4,4,1,3,m,5
"""
DESIGN = {"kind": "taylor", "weight": "w", "clusters": ["psu"]}
WEIGHT = np.array([1, 2, 1, 3, 2, 1])
Y = np.array([1, 3, 2, 6, 5, 4])
MEAN = float(WEIGHT @ Y / WEIGHT.sum())


def spec(estimator: str = "mean", **more: Any) -> dict[str, Any]:
    variables = {"variables": ["y"]} if estimator != "multiple" else {}
    return {"design": DESIGN, "estimator": estimator, **variables, **more}


def case(outputs: Any = None, of: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    stored = {} if outputs is None else {"outputs": outputs}
    return {"id": "c", "data": "rows.csv", "spec": of or spec(), **stored, **more}


@pytest.fixture
def verdict(tmp_path: Path):
    def of(*cases: dict[str, Any]) -> list[Result]:
        (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
        (tmp_path / "made.json").write_text(json.dumps({"cases": cases}), encoding="utf-8")
        return list(run(tmp_path))

    return of


def differing(found: Any, wanted: Any, *zero: str, estimator: str = "mean") -> list[str]:
    return list(differences(found, wanted, {"estimator": estimator}, set(zero)))


def test_infinite_values_must_be_equal():
    assert differing({"df": 5.0}, {"df": "Inf"})
    assert differing({"df": float("inf")}, {"df": "-Inf"})
    assert differing({"df": float("inf")}, {"df": 5.0})
    assert not differing({"df": float("inf")}, {"df": "Inf"})
    assert not differing({"df": float("nan")}, {"df": "NaN"})
    assert differing({"df": 5.0}, {"df": "NaN"})


@pytest.mark.parametrize(
    ("key", "mine", "agrees"),
    [
        ("se", [2e-5, 1], True), ("se", [2e-3, 1], False), ("se", [1e-9, 2], False),
        ("se", [float("nan"), 1], True), ("se", [1e-9, float("nan")], False),
        ("ci_t_lower", [100 + 2e-5, 1], True), ("ci_t_lower", [2e-5, 1], False),
        ("vcov", [[1e-9, 0], [0, 1]], True), ("vcov", [[1e-7, 0], [0, 1]], False),
    ],
)  # fmt: skip
def test_an_entry_that_stands_for_zero_is_met_exactly_where_it_is_listed(key, mine, agrees):
    noise = {"se": ["NaN", 1], "ci_t_lower": ["NaN", 1], "vcov": [[-1e-11, 0], [0, 1]]}[key]
    path = f"{key}/0/0" if key == "vcov" else f"{key}/0"
    estimate = {"estimate": [100.0, 50.0]}
    met = not differing({**estimate, key: mine}, {**estimate, key: noise}, path)
    assert met is agrees
    assert differing({**estimate, "se": [0, 0]}, {**estimate, "se": [1e-7, "NaN"]}, "se/0")


def test_zero_paths_reach_into_matrices_and_reports(verdict):
    table = {"values": [[10.0, 10.0, 10.0, 1e-9]]}
    wanted = {"y": {"values": [[10.0, "NaN", 10.0, "NaN"]]}}
    both = ("y/0/1", "y/values/0/3")
    assert not differing({"y": table}, wanted, *both, estimator="quantile")
    assert differing({"y": table}, wanted, "y/0/1", estimator="quantile")
    reports = [{"output": "a", "estimator": "mean", "variables": ["one"]}]
    constant = spec(
        "multiple", options={"report": reports},
        derive=[{"column": "one", "expression": ["+", 1, ["*", 0, {"col": "y"}]]}],
    )  # fmt: skip
    stored = {"a": {"estimate": [1], "se": [3e-17]}}
    (met,) = verdict(case(stored, constant, numerically_zero=["a/se/0"]))
    assert met.verdict == "agree"
    (elsewhere,) = verdict(case({"a": {"estimate": [1], "se": [1]}}, constant,
                                numerically_zero=["b/se/0"]))  # fmt: skip
    assert elsewhere.verdict == "disagree"


def test_reports_beside_one_out_of_scope_are_compared(verdict):
    reports = [
        {"output": "hazard", "estimator": "cox"},
        {"output": "m", "estimator": "mean", "variables": ["y"]},
    ]
    of = spec("multiple", options={"report": reports})
    right, wrong = verdict(
        case({"hazard": {"estimate": [1]}, "m": {"estimate": [MEAN]}}, of),
        case({"hazard": {"estimate": [1]}, "m": {"estimate": [MEAN + 1]}}, of),
    )
    assert right.verdict == "explained"
    assert (wrong.verdict, wrong.why.startswith("m/estimate[0]")) == ("disagree", True)


def test_weights_of_a_design_without_a_weight_column(verdict):
    reports = [
        {"output": "first", "estimator": "weights", "options": {"rows": 2}},
        {"output": "all", "estimator": "weights"},
        {"output": "sum", "estimator": "sum_of_weights"},
    ]
    drawn = {"kind": "taylor", "probability": 0.25}
    of = {**spec("multiple", options={"report": reports}), "design": drawn}
    (found,) = verdict(case({"first": [4, 4], "all": [4] * 6, "sum": 24}, of))
    assert found.verdict == "agree", found.why
    (found,) = verdict(case({"first": [4, 4], "all": [4] * 6, "sum": 25}, of))
    assert found.verdict == "disagree"


def test_what_an_advisory_leaves_binding():
    outputs = {"estimate": [1], "se": [1], "ci_t_lower": [0], "df": 3, "p_value": [0.1]}
    said = {"spec": {"estimator": "mean"}, "outputs": outputs}
    assert binding(said) == outputs
    only = binding({**said, "advisory": "ci and se only: peculiar"})
    assert set(only) == {"estimate", "df", "p_value"}
    spread = binding({**said, "advisory": "the stored spread depends on the iteration"})
    assert set(spread) == {"estimate", "df"}
    assert binding({**said, "advisory": "not binding: a side effect"}) == {}
    assert binding({**said, "advisory": "the moon only: no such entry"}) == {}
    table = {"y": {"values": [[1, 2, 3, 4]]}}
    quantile = {"spec": {"estimator": "quantile"}, "outputs": table, "advisory": "ci only: odd"}
    assert binding(quantile) == {"y": {"values": [[1, None, None, 4]]}}


def test_no_case_ends_the_run(verdict):
    broken = {"id": "broken", "spec": {}}
    odd = case({"estimate": ["text"]})
    verdicts = [r.verdict for r in verdict(broken, odd, case({"estimate": [MEAN]}))]
    assert verdicts == ["disagree", "disagree", "agree"]


def test_printing(verdict, tmp_path, capsys):
    verdict(case({"estimate": [0]}), case({"estimate": [MEAN]}))
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("made: agree 1 disagree 1")
    assert "made/c: estimate[0]" in lines[1]
    assert lines[-1] == "agree 1 disagree 1 unsupported 0 explained 0 of 2"


def test_nothing_to_run_is_said(verdict, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    verdict(case({"estimate": [MEAN]}))
    for arguments in (["absent"], ["empty"], [".", "--group", "other"]):
        folder, *rest = arguments
        assert main([str(tmp_path / folder), *rest]) == 2
        printed = capsys.readouterr()
        assert (printed.out, bool(printed.err)) == ("", True)


def test_groups_are_never_ignored(verdict):
    by = {"by": "sex"}
    grouped = [
        float(np.average(Y[s], weights=WEIGHT[s])) for s in (slice(0, 6, 2), slice(1, 6, 2))
    ]
    test = spec("ttest", options={"kind": "one_sample", "null_value": 0}, **by)
    mean, other = verdict(case({"estimate": grouped}, spec(**by)), case({"statistic": [1]}, test))
    assert mean.verdict == "agree", mean.why
    assert other.verdict == "unsupported"


def test_contrasts_of_true_and_false_levels(verdict):
    big = {"derive": [{"column": "big", "expression": [">", {"col": "y"}, 2]}],
           "labels": {"big": "I(y > 2)"}, "variables": ["big"]}  # fmt: skip
    share = float(WEIGHT[Y > 2].sum() / WEIGHT.sum())
    levels = {"categories": {"big": [False, True]}}
    for yes, no in (("bigTRUE", "bigFALSE"), ("I(y > 2)TRUE", "I(y > 2)FALSE"), ("big1", "big0")):
        contrast = {"of": "mean", "contrasts": [{"label": "d", "coefficients": {yes: 1, no: -1}}]}
        (found,) = verdict(
            case(
                {"estimate": [2 * share - 1]},
                spec("contrast", options=contrast, **{**big, **levels}),
            )
        )
        assert found.verdict == "agree", found.why
    tree = {"of": "mean", "expression": ["-", {"estimate": "bigTRUE"}, {"estimate": "bigFALSE"}]}
    (found,) = verdict(case({"estimate": [2 * share - 1]}, spec("contrast", options=tree, **big)))
    assert found.verdict == "agree", found.why
    several = {"by": ["sex", "psu"], "options": tree}
    (found,) = verdict(case({"estimate": [0]}, spec("contrast", **{**big, **several})))
    assert found.verdict == "unsupported"


def test_nothing_removed(verdict):
    of = spec(variables=["gap", "y"], missing="propagate")
    stored = {"estimate": ["NaN", MEAN], "se": [None, None], "vcov": [["NaN", "NaN"], ["NaN", 9]]}
    missing, wrong, refused, refused_by_r_alone = verdict(
        case({**stored, "vcov": None}, of), case(stored, of),
        case(of=of, error="missing values", refusal="required"),
        case(of=spec(missing="propagate"), error="no", refusal="required"),
    )  # fmt: skip
    assert missing.verdict == "agree", missing.why
    assert (wrong.verdict, wrong.why.startswith("vcov[3]")) == ("disagree", True)
    assert refused.verdict == "agree"
    assert refused_by_r_alone.verdict == "disagree"
    assert without_missing({"a": [1, "NaN", ["NaN"]]}) == {"a": [1, None, [None]]}


def test_ratios_heed_the_rule_on_missing_values(verdict):
    of = spec("ratio", denominators=["gap"], missing="propagate")
    (found,) = verdict(case(of=of, error="missing values", refusal="required"))
    assert found.verdict == "agree", found.why


def test_optional_keys_may_be_null_or_single(verdict):
    kept = {**DESIGN, "clusters": "psu", "strata": None, "fpc": None, "nest": None, "pps": None,
            "lonely_psu": None, "probability": None}  # fmt: skip
    nulls = {"missing": None, "options": None, "categories": None, "labels": None, "by": None,
             "rows": None, "derive": None, "domain": None}  # fmt: skip
    steps = [
        {"method": "rake", "margins": [{"column": "sex", "totals": {"f": 10, "m": 20}}],
         "tolerance": None},
        {"method": "linear", "terms": [{"kind": "categorical", "column": "sex"}], "bounds": None,
         "totals": [{"term": "intercept", "total": 30},
                    {"column": "sex", "category": "m", "total": 20}]},
        {"method": "trim", "lower": None, "upper": 1000},
    ]  # fmt: skip
    female = np.array([True, False] * 3)
    raked = np.average(Y[female], weights=WEIGHT[female]) / 3
    raked += 2 * np.average(Y[~female], weights=WEIGHT[~female]) / 3
    asked = {"probabilities": 0.3, "rule": None, "interval": None, "level": None, "df": None}
    plain, weighted, quantile, cdf = verdict(
        case({"estimate": MEAN}, {**spec(**nulls), "design": kept, "variables": "y"}),
        case({"estimate": [raked]}, spec(calibration=steps)),
        case({"y": {"values": [[3, None, None, None]]}}, spec("quantile", options=asked)),
        case({"x": 3, "Fx": 0.4}, spec("cdf", options={"at": 3})),
    )  # fmt: skip
    for found in (plain, weighted, quantile, cdf):
        assert found.verdict == "agree", found.why


def test_expressions():
    rows = pd.DataFrame({"a": [1.0, 2.0, np.nan], "t": ["x", "2", None]})
    a, t = {"col": "a"}, {"col": "t"}

    def values(expression: Any) -> list[Any]:
        found = pd.Series(column(expression, rows), index=rows.index)
        return [None if pd.isna(one) else float(one) for one in found]

    assert values(["-", a]) == [-1, -2, None]
    assert values(["+", a, 1, a]) == [3, 5, None]
    assert values(["*", a, a, 2]) == [2, 8, None]
    assert values(["and", [">", a, 0], [">", a, 1], True]) == [0, 1, None]
    assert values(["and", [">", a, 0], False, [">", a, 1]]) == [0, 0, 0]
    assert values(["or", [">", a, 5], [">", a, 1], False]) == [0, 1, None]
    assert values(["or", [">", a, 5], True]) == [1, 1, 1]
    assert values(["<", 1, 2]) == [1, 1, 1]
    assert values(["==", "x", "y"]) == [0, 0, 0]
    assert values(["==", t, 2]) == [0, 1, None]
    assert values(["<", t, "a"]) == [0, 1, None]
    assert values(["not", a]) == [0, 0, None]
    assert values(["is_missing", t]) == [0, 0, 1]
    assert list(is_true([">", a, 1], rows)) == [False, True, False]
