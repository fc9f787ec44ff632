"""From a case's `spec` to rows, design and domain."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.design import Pps, Replicates, SurveyDesign
from tests.reference.cases import Case, UnsupportedError, listed
from tests.reference.expressions import column, is_true


def prepared(folder: Path, data: str, spec: Mapping[str, Any]) -> Case:
    """Read the rows, then follow the spec: rows, derive, design, calibration, domain."""
    rows = pd.read_csv(folder / data, keep_default_na=False, na_values=[""])
    chosen = spec.get("rows") or {}
    if chosen.get("first") is not None:
        rows = rows.head(chosen["first"])
    if chosen.get("filter") is not None:
        rows = rows[is_true(chosen["filter"], rows)]
    rows = rows.reset_index(drop=True)
    for one in spec.get("derive") or ():
        rows[one["column"]] = column(one["expression"], rows)
    design = None
    if spec["design"]["kind"] != "none":
        rows, design = _design(folder, rows, spec["design"])
        for step in spec.get("calibration") or ():
            from tests.reference.cases.weighting import calibrated

            rows, design = calibrated(rows, design, step)
    domain = (spec.get("domain") or {}).get("filter")
    where = None if domain is None else is_true(domain, rows)
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
        rscales = [float(one) for one in listed(drawn.get("rscales"))] or [1.0]
        scale = drawn.get("scale")
        return rows, SurveyDesign(
            weight=weight, probability=probability, silent_units=False,
            replicates=Replicates(
                tuple(f"{named['prefix']}{k + 1}" for k in range(named["count"])),
                scale=1.0 if scale is None else scale,
                rscales=tuple(rscales) if len(rscales) > 1 else rscales[0],
                mse=bool(drawn.get("mse")), combined=bool(drawn.get("combined_weights")),
            ),
        )  # fmt: skip
    if drawn["kind"] != "taylor":
        raise UnsupportedError(f"design {drawn['kind']}")
    fpc, pps = drawn.get("fpc") or {}, drawn.get("pps")
    return rows, SurveyDesign(
        weight=weight, probability=drawn.get("probability") if pps else probability,
        strata=tuple(listed(drawn.get("strata"))), clusters=tuple(listed(drawn.get("clusters"))),
        fpc=() if pps else tuple(listed(fpc.get("columns"))),
        fpc_meaning=fpc.get("meaning") or "population_size",
        nest=bool(drawn.get("nest")), lonely_psu=drawn.get("lonely_psu") or "fail",
        lonely_psu_in_domains=bool(drawn.get("lonely_psu_in_domains")),
        pps=_pps(folder, pps) if pps else None, silent_units=False,
    )  # fmt: skip


def _pps(folder: Path, given: Mapping[str, Any]) -> Pps:
    joint = (
        pd.read_csv(folder / given["file"]).to_numpy(dtype=float) if given.get("file") else None
    )
    return Pps(
        given["method"], given.get("variance") or "horvitz_thompson", joint,
        given.get("sum_p_squared_over_n"),
    )  # fmt: skip
