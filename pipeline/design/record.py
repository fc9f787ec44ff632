"""A design as JSON, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pipeline.design.steps import Calibrate, CalibrationStep, Poststratify, Rake, Trim
from pipeline.design.survey_design import SurveyDesign
from pipeline.design.variance_rules import Pps, Replicates
from pipeline.errors import DesignError

_METHODS = {"rake": Rake, "poststratify": Poststratify, "calibrate": Calibrate, "trim": Trim}


def design_to_json(design: SurveyDesign) -> dict[str, Any]:
    """Return a design as a value that `json` writes and `design_from_json` reads back."""
    written = asdict(design)
    names = {of: name for name, of in _METHODS.items()}
    written["calibration"] = [
        {"method": names[type(step)], **asdict(step)} for step in design.calibration
    ]
    if written["replicates"] is not None:
        del written["replicates"]["count"]
    for key, matrix in (("pps", "joint"), ("replicates", "factors")):
        if written[key] is not None and written[key][matrix] is not None:
            written[key][matrix] = written[key][matrix].tolist()
    return written


def design_from_json(raw: Mapping[str, Any]) -> SurveyDesign:
    """Return the design that `design_to_json` wrote.

    Raises
    ------
    DesignError
        If a key or a calibration method is not known.
    """
    known = {field.name for field in fields(SurveyDesign)}
    if unknown := sorted(set(raw) - known):
        raise DesignError(
            f"抽样设计: 不认识 {'、'.join(unknown)}；请重跑 weight 阶段。"
            "(unknown keys; rerun weight)"
        )
    given = dict(raw)
    for name in ("strata", "clusters"):
        given[name] = tuple(e if isinstance(e, str) else tuple(e) for e in given.get(name, ()))
    given["calibration"] = tuple(_step(step) for step in given.get("calibration", ()))
    if given.get("pps") is not None:
        given["pps"] = Pps(**_tuples(given["pps"]))
    if given.get("replicates") is not None:
        given["replicates"] = Replicates(**_tuples(given["replicates"]))
    return SurveyDesign(**given)


def read_design(path: Path) -> SurveyDesign:
    """Read the design from the JSON that the stage `weight` wrote (its key ``design``)."""
    try:
        return design_from_json(json.loads(path.read_text(encoding="utf-8"))["design"])
    except (KeyError, json.JSONDecodeError):
        raise DesignError(
            f"{path}: 不是 weight 阶段写的设计文件；请重跑 weight。(no design file; rerun weight)"
        ) from None


def _step(raw: Mapping[str, Any]) -> CalibrationStep:
    given = _tuples(raw)
    method = given.pop("method", None)
    if method not in _METHODS:
        raise DesignError(
            f"抽样设计: 校准方法 {method!r} 不认识，可用 {'、'.join(_METHODS)}。(unknown method)"
        )
    step: CalibrationStep = _METHODS[method](**given)
    return step


def _tuples(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value with lists as tuples, as the types hold them."""

    def frozen(value: Any) -> Any:
        return tuple(frozen(one) for one in value) if isinstance(value, list | tuple) else value

    return {name: frozen(value) for name, value in raw.items()}
