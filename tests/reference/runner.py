"""Run reference cases through the public calls and compare with what R's survey package gave.

A case *agrees* when its binding part does, or is empty, or when both refuse; it is *unsupported*
when its design or estimator is none of ours, *explained* when an entry of deviations.toml covers
it.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np

from pipeline.errors import SurveyError
from tests.reference import cases
from tests.reference.cases import Case, UnsupportedError
from tests.reference.compare import binding, differences, flat
from tests.reference.designs import prepared

DEVIATIONS = Path(__file__).parent / "deviations.toml"


@dataclass(frozen=True)
class Result:
    """What became of one case."""

    group: str
    case: str
    verdict: str  # agree, disagree, unsupported, explained
    why: str = ""


def run(folder: Path, group: str | None = None) -> Iterator[Result]:
    """Run all cases of `folder`, or of one group."""
    for path in sorted(folder.glob("*.json")):
        if group is not None and path.stem != group:
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content.get("cases", ()) if isinstance(content, dict) else ():
            yield result_of(folder, path.stem, case)


def result_of(folder: Path, group: str, case: Mapping[str, Any]) -> Result:
    """Run one case."""
    name, spec = case["id"], case["spec"]
    if reason := _deviation(spec):
        return Result(group, name, "explained", reason)
    refused_by_r = "outputs" not in case
    if refused_by_r and case.get("refusal") == "r_only":
        return Result(group, name, "agree")
    try:
        found = computed(prepared(folder, case["data"], spec))
    except UnsupportedError as missing:
        return Result(group, name, "unsupported", str(missing))
    except SurveyError as refused:
        propagated = spec.get("missing") == "propagate" and not refused_by_r
        fine = refused_by_r or (propagated and _nothing(case["outputs"]))
        return Result(group, name, "agree" if fine else "disagree", str(refused))
    except Exception as fault:  # a fault of ours is a disagreement, and the other cases still run
        return Result(group, name, "disagree", f"{type(fault).__name__}: {fault}")
    if refused_by_r:
        return Result(group, name, "disagree", "R refused, we did not")
    compare = compared().get(spec["estimator"])
    wanted = {**case, "outputs": binding(case)}
    zero = set(case.get("numerically_zero", ()))
    wrong = list(
        compare(wanted, found) if compare
        else differences(found, wanted["outputs"], spec, zero)
    )  # fmt: skip
    if wrong and (reason := _deviation(spec, wrong)):
        return Result(group, name, "explained", reason)
    return Result(group, name, "disagree" if wrong else "agree", "; ".join(wrong[:3]))


def computed(case: Case) -> dict[str, Any]:
    """Compute what a case asks for, under R's output names."""
    estimator = case.spec["estimator"]
    if estimator == "multiple":
        return _reports(case)
    compute = estimators().get(estimator)
    if compute is None:
        raise UnsupportedError(f"estimator {estimator}")
    return compute(case)


def _reports(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    weight = case.rows[case.design.weight].to_numpy() if case.design else None
    for report in case.options["report"]:
        match report["estimator"]:
            case "weights":
                wanted = report["options"]["rows"]
                found[report["output"]] = list(weight if wanted == "all" else weight[:wanted])
            case "sum_of_weights":
                found[report["output"]] = [weight.sum()]
            case "sum_of_squared_weights":
                found[report["output"]] = [(weight**2).sum()]
            case _:
                inner = {**case.spec, "options": {}, **report}
                found[report["output"]] = computed(replace(case, spec=inner))
    return found


@cache
def estimators() -> dict[str, Callable[[Case], dict[str, Any]]]:
    """Return the function that computes each estimator of the vocabulary."""
    return {
        name: of for module in _modules() for name, of in getattr(module, "ESTIMATORS", {}).items()
    }


@cache
def compared() -> dict[str, Callable[[Mapping[str, Any], Any], Iterator[str]]]:
    """Return the comparisons that are special to an estimator."""
    return {
        name: of for module in _modules() for name, of in getattr(module, "COMPARE", {}).items()
    }


def _modules() -> list[Any]:
    return [import_module(f"tests.reference.cases.{m.name}") for m in iter_modules(cases.__path__)]


@cache
def _entries() -> list[dict[str, Any]]:
    return tomllib.loads(DEVIATIONS.read_text(encoding="utf-8"))["deviation"]


def _deviation(spec: Mapping[str, Any], wrong: Sequence[str] = ()) -> str | None:
    """Return the reason why a case is explained, if an entry covers it.

    An entry covers all cases of its estimators; one with `only` covers those in which nothing else
    differs than the figures it names.
    """
    asked = {spec["estimator"]} | {
        r["estimator"] for r in (spec.get("options") or {}).get("report") or ()
    }
    for entry in _entries():
        if not asked & set(entry["estimators"]):
            continue
        only = tuple(entry.get("only", ()))
        if not only or (wrong and all(one.startswith(only) for one in wrong)):
            return str(entry["reason"])
    return None


def _nothing(outputs: Mapping[str, Any]) -> bool:
    """Return whether the statistics of a result are missing."""
    found = [
        outputs[key] for key in ("estimate", "statistic", "alpha", "p_value") if key in outputs
    ]
    return bool(found) and all(np.isnan(flat(one)).all() for one in found)
