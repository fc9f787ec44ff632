"""From a case's `spec` to rows, design and domain."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.design import Pps, Replicates, SurveyDesign
from tests.reference.cases import Case, UnsupportedError
from tests.reference.expressions import column, is_true


def prepared(folder: Path, data: str, spec: Mapping[str, Any]) -> Case:
    """Read the rows, then follow the spec: rows, derive, design, calibration, domain."""
    rows = pd.read_csv(folder / data, keep_default_na=False, na_values=[""])
    chosen = spec.get("rows") or {}
    rows = rows.head(chosen["first"]) if "first" in chosen else rows
    if "filter" in chosen:
        rows = rows[is_true(chosen["filter"], rows)]
    rows = rows.reset_index(drop=True)
    for one in spec.get("derive") or ():
        rows[one["column"]] = column(one["expression"], rows)
    design = None
    if spec["design"]["kind"] != "none":
        rows, design = _design(folder, rows, spec["design"])
        for step in spec.get("calibration") or ():
            from tests.reference.cases.weighting import calibrated

            rows, design = calibrated(rows, design, step, spec.get("categories") or {})
    where = is_true(spec["domain"]["filter"], rows) if spec.get("domain") else None
    return Case(spec, rows, design, where, folder)


def _design(
    folder: Path, rows: pd.DataFrame, drawn: Mapping[str, Any]
) -> tuple[pd.DataFrame, SurveyDesign]:
    weight, probability = drawn.get("weight"), drawn.get("probability")
    if isinstance(probability, int | float):
        rows = rows.assign(given_probability=float(probability))
        probability = "given_probability"
    if weight is not None:
        probability = None
    if drawn["kind"] == "replicate":
        named = drawn["replicate_weights"]
        rscales = drawn.get("rscales", 1)
        if isinstance(rscales, list):
            rscales = tuple(map(float, rscales)) if len(rscales) > 1 else float(rscales[0])
        return rows, SurveyDesign(
            weight=weight, probability=probability,
            replicates=Replicates(
                tuple(f"{named['prefix']}{k + 1}" for k in range(named["count"])),
                scale=drawn["scale"], rscales=rscales, mse=bool(drawn.get("mse")),
                combined=bool(drawn.get("combined_weights")),
            ),
        )  # fmt: skip
    if drawn["kind"] != "taylor":
        raise UnsupportedError(f"design {drawn['kind']}")
    fpc = drawn.get("fpc") or {"columns": [], "meaning": "population_size"}
    pps = drawn.get("pps")
    return rows, SurveyDesign(
        weight=weight, probability=drawn.get("probability") if pps else probability,
        strata=tuple(drawn.get("strata") or ()), clusters=tuple(drawn.get("clusters") or ()),
        fpc=() if pps else tuple(fpc["columns"]), fpc_meaning=fpc["meaning"],
        nest=bool(drawn.get("nest")), lonely_psu=drawn.get("lonely_psu") or "fail",
        lonely_psu_in_domains=bool(drawn.get("lonely_psu_in_domains")),
        pps=_pps(folder, pps) if pps else None,
    )  # fmt: skip


def _pps(folder: Path, given: Mapping[str, Any]) -> Pps:
    joint = (
        pd.read_csv(folder / given["file"]).to_numpy(dtype=float) if given.get("file") else None
    )
    return Pps(
        given["method"], given.get("variance") or "horvitz_thompson", joint,
        given.get("sum_p_squared_over_n"),
    )  # fmt: skip
