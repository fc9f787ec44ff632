"""Sampled units: everybody who was drawn, responding or not, and the responses joined to them."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import Fault, FrameError, gathered
from pipeline.sampling.dispositions import COMPLETE
from pipeline.sampling.draw import Draw
from pipeline.sampling.selection import prn

UNIT_COLUMNS = {
    "person": "str",
    "site": "str",
    "county": "str",
    "setting": "str",
    "stratum": "str",
    "p1": "float64",
    "p2": "float64",
    "sites_in_stratum": "int64",
    "persons_in_site": "int64",
    "disposition": "str",
    "responded": "bool",
}


def sampled_units(
    draw: Draw, frame: pd.DataFrame, dispositions: Mapping[str, str], valid: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per sampled person, in the columns of ``units`` (docs/architecture.md).

    Parameters
    ----------
    draw, frame : as verified against each other
    dispositions : person -> AAPOR code, one per sampled person
    valid : one row per validated response; `person`, `site` and `respondent` are read

    Returns
    -------
    DataFrame sorted by person; `responded` says that a response of the person passed validation

    Raises
    ------
    FrameError
        Responses of persons who were not drawn, two responses of one person, a response from
        another site, or one whose disposition says that there was no interview: all together.
    """
    sites = draw.sites.set_index("site")
    in_stratum = frame.groupby("stratum")["site"].size()
    units = draw.persons.sort_values("person", kind="stable", ignore_index=True)
    units = units.assign(
        **{name: units["site"].map(sites[name]) for name in ("county", "setting", "stratum", "p1")}
    )
    units["sites_in_stratum"] = units["stratum"].map(in_stratum)
    units["disposition"] = units["person"].map(dispositions)
    if faults := list(_misfits(units, valid)):
        raise FrameError(gathered("答卷与抽样名单 (responses and draw)", faults))
    units["responded"] = units["person"].isin(set(valid["person"].dropna()))
    return units[list(UNIT_COLUMNS)].astype(UNIT_COLUMNS)


def no_units() -> pd.DataFrame:
    """Return the units table of open links: its columns and no rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in UNIT_COLUMNS.items()})


def joined(valid: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the validated responses with what the draw says of each (docs/architecture.md).

    `psu` is the site, `base_weight` 1 / (p1 x p2); the order of the rows is kept.
    """
    about = units.set_index("person")
    extra = {
        name: valid["person"].map(about[name]).astype("str")
        for name in ("county", "setting", "stratum")
    }
    p1 = valid["person"].map(about["p1"]).astype("float64")
    p2 = valid["person"].map(about["p2"]).astype("float64")
    psu = valid["person"].map(about["site"]).astype("str")
    return valid.assign(**extra, psu=psu, p1=p1, p2=p2, base_weight=1.0 / (p1 * p2))


def open_links(valid: pd.DataFrame) -> pd.DataFrame:
    """Return responses of open links: no draw, so no strata, no probabilities, weight 1."""
    return valid.assign(
        county="",
        setting="",
        stratum="",
        psu=valid["respondent"].astype("str"),
        p1=float("nan"),
        p2=float("nan"),
        base_weight=1.0,
    )


def declared(valid: pd.DataFrame, design: DeclaredDesign) -> pd.DataFrame:
    """Return responses of a sample that others drew, with what the files say of the design.

    `base_weight` is the declared weight, missing where none is declared; `psu` is the first
    stage's cluster, or the response itself. Later stages are ``cluster_2`` …, population sizes
    ``fpc_1`` ….
    """
    rows = open_links(valid).assign(base_weight=float("nan"))
    if design.weight:
        rows["base_weight"] = rows["design_weight"].astype("float64")
    if design.strata:
        rows["stratum"] = rows["design_stratum"].astype("str")
    for stage, column in enumerate(design.stages[: len(design.clusters)], start=1):
        rows[column] = rows[f"design_cluster_{stage}"].astype("str")
    for stage, column in enumerate(design.sizes, start=1):
        rows[column] = rows[f"design_fpc_{stage}"].astype("float64")
    return rows.drop(columns=[c for c in rows.columns if c.startswith("design_")])


def subsample(names: pd.Series, share: float, seed: str, purpose: str) -> pd.Series:
    """Mark a random subsample of exactly round(share x n) rows, at least one if `share` > 0.

    Parameters
    ----------
    names : a token per row, no two alike; the random number is made from it, so that the choice
        does not depend on the order of the rows
    share : between 0 and 1
    seed, purpose : the draw's seed, and what the subsample is for: subsamples for two purposes are
        independent of each other

    Returns
    -------
    Series of bool, same index as `names`
    """
    if not 0 <= share <= 1:
        raise FrameError(
            f"{purpose}: 比例须在0和1之间，得到 {share}。(a share is between 0 and 1)"
        )
    take = 0 if share == 0 else min(len(names), max(1, int(share * len(names) + 0.5)))
    ordered = sorted(names, key=lambda name: prn(seed, f"{purpose}|{name}"))
    return names.isin(ordered[:take])


def _misfits(units: pd.DataFrame, valid: pd.DataFrame) -> Iterator[Fault]:
    site_of = dict(zip(units["person"], units["site"], strict=True))
    became = dict(zip(units["person"], units["disposition"], strict=True))
    seen: dict[str, str] = {}
    for respondent, person, site in zip(
        valid["respondent"], valid["person"], valid["site"], strict=True
    ):
        place = f"答卷 {respondent}"
        if pd.isna(person) or person not in site_of:
            token = "" if pd.isna(person) else person
            yield Fault(
                place,
                f"人员 {token!r} 不在抽样名单上 (person was not drawn).",
                "请在 corrections.csv 更正编号，或核对抽样文件。(correct the token)",
            )
            continue
        if seen.setdefault(person, respondent) != respondent:
            yield Fault(
                place,
                f"人员 {person} 另有答卷 {seen[person]} (a second response of one person).",
                "请在校验阶段只留一份。(validation has to keep one)",
            )
        if not pd.isna(site) and site != site_of[person]:
            yield Fault(
                place,
                f"单位为 {site}，抽样名单上 {person} 属 {site_of[person]} (another site).",
                "请核对单位编号。(check the site)",
            )
        if became[person] not in COMPLETE:
            yield Fault(
                place,
                f"有答卷，但 {person} 的处置代码是 {became[person]} (no interview by its code).",
                "请改正 dispositions.csv，应为 1.1 或 1.2。(correct the disposition)",
            )
