"""An auditable draw: who is drawn follows from the frame and from numbers nobody knew alone.

The protocol: freeze the frame and publish its hash; each of two or more parties publishes the
commitment H(nonce|frame hash) of a secret nonce; when all commitments are published the nonces are
opened; the seed is H of all nonces. One party alone could try seeds until it likes the draw; two
parties that do not conspire cannot. Sites are drawn with probability proportional to size within
county x setting, persons of a site by simple random sampling from its numbered roll.

Source: Calandrino, Halderman & Felten (2008), In defense of pseudorandom sample selection, EVT.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from pipeline.errors import FrameError
from pipeline.sampling.frame import COLUMNS, frame_hash
from pipeline.sampling.selection import inclusion_probabilities, simple_random, systematic
from pipeline.sampling.tables import write_table

Size = Literal["persons", "persons_need"]
SHORTEST_NONCE = 16
SITE_COLUMNS = ("site", "stratum", "county", "setting", "persons", "p1")
PERSON_COLUMNS = ("person", "site", "p2", "persons_in_site")


class Party(BaseModel):
    """One of those who made the seed: the commitment it published and the nonce it opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    commitment: str
    nonce: str


class DrawRecord(BaseModel):
    """Everything that is needed, besides the frame, to make the draw again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    survey: str
    wave: str
    method: Literal["systematic-pps-random-order/srs"] = "systematic-pps-random-order/srs"
    frame_hash: str
    size: Size
    sites_per_stratum: Mapping[str, int]
    persons_per_site: int
    parties: tuple[Party, ...]
    seed: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The record of a draw and what it drew.

    `sites`: one row per drawn site, `SITE_COLUMNS`, sorted by stratum and site; `p1` is the
    probability that the site is drawn. `persons`: one row per drawn person, `PERSON_COLUMNS`,
    sorted by person; `p2` is the probability that the person is drawn once the site is.
    Probabilities are the floats nearest to the exact fractions.
    """

    record: DrawRecord
    sites: pd.DataFrame
    persons: pd.DataFrame


def commitment(nonce: str, frame: str) -> str:
    """Return what a party publishes before the nonces are opened: H(nonce|frame hash)."""
    return hashlib.sha256(f"{nonce}|{frame}".encode()).hexdigest()


def seed_of(nonces: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """Return the seed that all nonces make together, in the order in which they are recorded."""
    return hashlib.sha256("|".join(nonces).encode()).hexdigest()


def make_draw(
    frame: pd.DataFrame,
    *,
    survey: str,
    wave: str,
    sites_per_stratum: int | Mapping[str, int],
    persons_per_site: int,
    nonces: Mapping[str, str],
    commitments: Mapping[str, str] | None = None,
    size: Size = "persons",
) -> Draw:
    """Draw sites and persons from a frame.

    Parameters
    ----------
    frame : one row per site, as `read_frame` gives it
    survey, wave : the run the draw is for; they are recorded
    sites_per_stratum : sites to draw in every stratum, or stratum -> sites
    persons_per_site : persons to draw in every drawn site; a smaller site is taken whole
    nonces : party -> secret number, at least two parties and 16 characters each
    commitments : party -> the commitment it published before; checked where given
    size : a site's measure of size: `persons`, or `persons_need` (persons x need), which sends the
        team more often to places with more difficulties; the probabilities are known either way

    Raises
    ------
    FrameError
        Too few parties, a short or repeated nonce, a nonce that breaks its commitment, or an
        allocation that does not name every stratum once.
    """
    if frame.empty:
        raise FrameError("抽样框没有单位，请先填入。(the frame holds no sites; add them first)")
    digest = frame_hash(frame)
    for problem in _unfit(nonces, commitments or {}, digest):
        raise FrameError(problem)
    record = DrawRecord(
        survey=survey,
        wave=wave,
        frame_hash=digest,
        size=size,
        sites_per_stratum=_allocation(frame, sites_per_stratum),
        persons_per_site=persons_per_site,
        parties=tuple(
            Party(name=name, commitment=commitment(nonce, digest), nonce=nonce)
            for name, nonce in nonces.items()
        ),
        seed=seed_of(list(nonces.values())),
    )
    return drawn_by(record, frame)


def drawn_by(record: DrawRecord, frame: pd.DataFrame) -> Draw:
    """Return the draw that the record's seed makes from the frame."""
    sites = pd.DataFrame(list(_sites(record, frame)), columns=list(SITE_COLUMNS))
    persons = pd.DataFrame(list(_persons(record, sites)), columns=list(PERSON_COLUMNS))
    return Draw(
        record,
        sites.sort_values(["stratum", "site"], kind="stable", ignore_index=True),
        persons.sort_values("person", kind="stable", ignore_index=True),
    )


def write_draw(draw: Draw, folder: Path) -> None:
    """Write ``draw.json``, ``sites.csv`` and ``persons.csv``; a draw on file is never replaced.

    Raises
    ------
    FrameError
        The folder holds a draw already: drawing again until one likes the result is no draw.
    """
    target = folder / "draw.json"
    if target.exists():
        raise FrameError(
            f"{target}: 已有抽样记录，不得重抽。如确需作废，请书面说明并移走旧记录。"
            "(a draw is on file and is never made again; move it away with a written reason)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    text = draw.record.model_dump_json(indent=1)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    for name, table in (("sites.csv", draw.sites), ("persons.csv", draw.persons)):
        rows = list(zip(*(table[column].tolist() for column in table), strict=True))
        write_table(folder / name, tuple(table.columns), rows)


def person_token(site: str, number: int, persons: int) -> str:
    """Return the token of the person with this number on the site's roll of `persons`."""
    return f"{site}-{number:0{len(str(persons))}d}"


def _sites(record: DrawRecord, frame: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for stratum in sorted(record.sites_per_stratum):
        inside = frame[frame["stratum"] == stratum]
        about = {
            site: (county, setting, int(persons), _size(record.size, persons, need))
            for site, county, setting, persons, need in zip(
                *(inside[name] for name in COLUMNS), strict=True
            )
        }
        sizes = {site: size for site, (*_, size) in about.items()}
        probabilities = inclusion_probabilities(sizes, record.sites_per_stratum[stratum])
        for site in systematic(probabilities, record.seed, stratum):
            county, setting, persons, _ = about[site]
            yield site, stratum, county, setting, persons, float(probabilities[site])


def _size(size: Size, persons: int, need: str) -> Fraction:
    return int(persons) * (Fraction(need) if size == "persons_need" else Fraction(1))


def _persons(record: DrawRecord, sites: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for site, count in zip(sites["site"], sites["persons"], strict=True):
        roll = [person_token(site, number, count) for number in range(1, count + 1)]
        take = min(record.persons_per_site, count)
        for person in simple_random(roll, take, record.seed):
            yield person, site, float(Fraction(take, count)), count


def _allocation(frame: pd.DataFrame, sites: int | Mapping[str, int]) -> dict[str, int]:
    strata = sorted(set(frame["stratum"]))
    if isinstance(sites, int):
        return dict.fromkeys(strata, sites)
    if wrong := sorted(set(sites) ^ set(strata)):
        raise FrameError(
            f"样本分配与抽样框的层不一致：{', '.join(wrong)}。每层写一个数。"
            "(allocation and frame disagree on these strata; give every stratum one number)"
        )
    return {stratum: sites[stratum] for stratum in strata}


def _unfit(nonces: Mapping[str, str], commitments: Mapping[str, str], frame: str) -> Iterator[str]:
    if len(nonces) < 2:
        yield (
            f"抽样种子须由至少两方共同产生，现有 {len(nonces)} 方。请再请一方出随机数。"
            f"(a seed needs two parties; got {len(nonces)})"
        )
    if len(set(nonces.values())) < len(nonces):
        yield "两方的随机数相同。请各自独立产生。(two parties gave the same nonce)"
    for name, nonce in nonces.items():
        if len(nonce) < SHORTEST_NONCE or "|" in nonce:
            yield (
                f"{name} 的随机数须至少 {SHORTEST_NONCE} 个字符且不含 |。请重新产生。"
                f"(the nonce of {name} needs {SHORTEST_NONCE} characters and no |)"
            )
        if name in commitments and commitments[name] != commitment(nonce, frame):
            yield (
                f"{name} 的随机数与其事先公布的承诺不符（或抽样框在承诺后被改动）。请核对。"
                f"(the nonce of {name} does not match its commitment, or the frame changed since)"
            )
