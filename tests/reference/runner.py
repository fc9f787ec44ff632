"""Run reference cases through the public calls and compare with what R's survey package gave.

A case *agrees* when its binding part does, or is empty, or when both refuse; it is *unsupported*
when its design or estimator is none of ours, *explained* when an entry of deviations.toml covers
it. Of several reports in one case those that no entry covers are still computed and compared.
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
from pipeline.estimation.sample import sample_of
from tests.reference import cases
from tests.reference.cases import Case, UnsupportedError
from tests.reference.compare import NAMES, binding, differences, without_missing
from tests.reference.designs import prepared

DEVIATIONS = Path(__file__).parent / "deviations.toml"
BY_GROUPS = ("mean", "total", "ratio", "variance", "contrast")
"""What R computes by groups; of all else groups are refused."""


@dataclass(frozen=True)
class Result:
    """What became of one case."""

    group: str
    case: str
    verdict: str  # agree, disagree, unsupported, explained
    why: str = ""


class NothingToRunError(Exception):
    """There is no such folder, no case in it, or no such group."""


def run(folder: Path, group: str | None = None) -> Iterator[Result]:
    """Run all cases of `folder`, or of one group."""
    groups = _groups(folder)
    if not groups:
        raise NothingToRunError(f"no reference cases in {folder}")
    if group is not None and group not in groups:
        raise NothingToRunError(f"no group {group} in {folder}; there are {', '.join(groups)}")
    for name, of in groups.items():
        if group in (None, name):
            yield from (result_of(folder, name, case) for case in of)


def _groups(folder: Path) -> dict[str, list[Mapping[str, Any]]]:
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise NothingToRunError(f"{path}: {fault}") from None
        if isinstance(content, dict) and content.get("cases"):
            found[path.stem] = content["cases"]
    return found


def result_of(folder: Path, group: str, case: Mapping[str, Any]) -> Result:
    """Run one case; whatever happens in it, there is a verdict."""
    name = str(case.get("id"))
    try:
        verdict, why = _verdict(folder, case)
    except UnsupportedError as missing:
        verdict, why = "unsupported", str(missing)
    except Exception as fault:  # a fault of ours is a disagreement, and the other cases still run
        verdict, why = "disagree", f"{type(fault).__name__}: {fault}"
    return Result(group, name, verdict, why)


def _verdict(folder: Path, case: Mapping[str, Any]) -> tuple[str, str]:
    spec = case["spec"]
    if reason := _out_of_scope(spec["estimator"]):
        return "explained", reason
    refused_by_r = "outputs" not in case
    if refused_by_r and case.get("refusal") == "r_only":
        return "agree", ""
    propagated = spec.get("missing") == "propagate"
    if propagated and not refused_by_r:
        # Figures with a missing answer behind them are missing in R, and are not compared.
        spec = {**spec, "missing": "none"}
        case = {**case, "spec": spec, "outputs": without_missing(case["outputs"])}
    try:
        found = computed(prepared(folder, case["data"], spec))
    except SurveyError as refused:
        nothing = propagated and not refused_by_r and not _figures(case["outputs"])
        return "agree" if refused_by_r or nothing else "disagree", str(refused)
    if refused_by_r:
        return "disagree", "R refused, we did not"
    wrong, reasons = [], []
    for part, ours, place in _parts({**case, "outputs": binding(case)}, found):
        if reason := _out_of_scope(part["spec"]["estimator"]):
            reasons.append(reason)
            continue
        compare = compared().get(part["spec"]["estimator"], _compare)
        differing = list(compare(part, ours))
        if differing and (reason := _allowed(part["spec"], differing)):
            reasons.append(reason)
        else:
            wrong += [place + one for one in differing]
    if wrong:
        others = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return "disagree", wrong[0] + others
    return ("explained", "; ".join(dict.fromkeys(reasons))) if reasons else ("agree", "")


def _parts(
    case: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Any, str]]:
    """Yield the case, or each of its reports as a case of its own, with ours and its place."""
    spec = case["spec"]
    if spec["estimator"] != "multiple":
        yield case, found, ""
        return
    for report in spec["options"]["report"]:
        key = report["output"]
        inner = _inner(spec, report)
        stored, ours = case["outputs"].get(key), found.get(key)
        if _out_of_scope(inner["estimator"]):
            yield {"spec": inner}, None, key
        elif stored is None:
            continue
        elif not isinstance(stored, Mapping):
            zero = list(case.get("numerically_zero") or ())
            part = {"spec": inner, "outputs": {key: stored}, "numerically_zero": zero}
            yield part, {key: ours}, ""
        else:
            zero = [p for p in case.get("numerically_zero") or () if p.startswith(f"{key}/")]
            ties = case.get("quantile_ties") or {}
            yield {
                "spec": inner, "outputs": stored, "quantile_ties": ties.get(key, ties),
                "numerically_zero": [p.removeprefix(f"{key}/") for p in zero],
            }, ours if isinstance(ours, Mapping) else {"values": ours}, f"{key}/"  # fmt: skip


def _compare(case: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    zero = set(case.get("numerically_zero") or ())
    return differences(found, case["outputs"], case["spec"], zero)


def computed(case: Case) -> dict[str, Any]:
    """Compute what a case asks for, under R's output names."""
    estimator = case.spec["estimator"]
    if estimator == "multiple":
        return _reports(case)
    compute = estimators().get(estimator)
    if compute is None:
        raise UnsupportedError(f"estimator {estimator}")
    if case.by and estimator not in BY_GROUPS:
        raise UnsupportedError(f"{estimator} by {', '.join(case.by)}")
    return compute(case)


def _reports(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for report in case.options["report"]:
        key, options = report["output"], report.get("options") or {}
        match report["estimator"]:
            case "weights":
                weight, wanted = _weight(case), options.get("rows") or "all"
                found[key] = list(weight if wanted == "all" else weight[: int(wanted)])
            case "sum_of_weights":
                found[key] = [_weight(case).sum()]
            case "sum_of_squared_weights":
                found[key] = [(_weight(case) ** 2).sum()]
            case name if not _out_of_scope(name):
                found[key] = computed(replace(case, spec=_inner(case.spec, report)))
    return found


def _inner(spec: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of one report: what says how to compute it, on the case's rows and design."""
    own = ("variables", "denominators", "by", "model", "options", "survival")
    return {**{key: value for key, value in spec.items() if key not in own}, **report}


def _weight(case: Case) -> Any:
    """Weights of the rows R keeps: those of the domain, or all with 0 outside it."""
    if case.design is None:
        raise UnsupportedError("weights without a design")
    weight = sample_of(case.rows, case.design).weight
    if case.where is None:
        return weight
    inside = case.where.to_numpy(dtype=bool)
    whole = bool(case.design.calibration) or case.design.pps is not None
    if whole and case.design.replicates is None:
        return np.where(inside, weight, 0.0)
    return weight[inside]


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


def _out_of_scope(estimator: str) -> str | None:
    """Return why an estimator is none of ours, if it is not."""
    for entry in _entries():
        if estimator in entry["estimators"] and not entry.get("only"):
            return str(entry["reason"])
    return None


def _allowed(spec: Mapping[str, Any], wrong: Sequence[str]) -> str | None:
    """Return why figures may differ, if an entry names all that do."""
    for entry in _entries():
        only = tuple(entry.get("only", ()))
        covers = spec["estimator"] in entry["estimators"] and bool(only)
        if covers and all(one.startswith(only) for one in wrong):
            return str(entry["reason"])
    return None


def _figures(outputs: Any) -> bool:
    """Return whether a result has any statistic."""
    if isinstance(outputs, Mapping):
        told = {k: v for k, v in outputs.items() if k not in NAMES and not k.endswith("_name")}
        return any(_figures(one) for k, one in told.items() if k not in ("df", "parameter"))
    if isinstance(outputs, list):
        return any(_figures(one) for one in outputs)
    return outputs is not None
