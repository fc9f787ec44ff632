"""An auditable draw: who is drawn follows from the frame and from numbers nobody knew alone.

The protocol: freeze the frame and publish its hash; each of two or more parties publishes the
commitment H(nonce|frame hash) of a secret nonce; when all commitments are published the nonces are
opened; the seed is H of all nonces. One party alone could try seeds until it likes the draw; two
parties that do not conspire cannot. Sites are drawn with probability proportional to size within
county x setting, persons of a site by simple random sampling from its numbered roll. A draw that
later waves are to share sites with is a coordinated one (`pipeline.sampling.coordination`).

Source: Calandrino, Halderman & Felten (2008), In defense of pseudorandom sample selection, EVT.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import assert_never

import pandas as pd

from pipeline.errors import FrameError
from pipeline.sampling.coordination import pareto, pareto_probabilities
from pipeline.sampling.frame import STAFF, frame_hash
from pipeline.sampling.record import DrawRecord, Earlier, Party, Roll, Size
from pipeline.sampling.selection import inclusion_probabilities, simple_random, systematic
from pipeline.sampling.tables import write_table

SHORTEST_NONCE = 16
SITE_COLUMNS = ("site", "stratum", "county", "setting", "persons", "p1")
PERSON_COLUMNS = ("person", "site", "p2", "persons_in_site")


@dataclass(frozen=True, slots=True)
class Draw:
    """The record of a draw and what it drew.

    `sites`: one row per drawn site, `SITE_COLUMNS`, sorted by stratum and site; `persons` counts
    those on its roll, `p1` is the probability that the site is drawn. `persons`: one row per drawn
    person, `PERSON_COLUMNS`, sorted by person; `p2` is the probability that the person is drawn
    once the site is. Probabilities are the floats nearest to the exact fractions; `p1` of a
    coordinated draw is exact to about 1e-9.
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
    roll: Roll = "persons",
    kept: float | None = None,
    previous: Draw | None = None,
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
    size : a site's measure of size: `persons`, `staff`, `equal`, or `persons_need` (persons x
        need), which sends the team more often to places with more difficulties; the probabilities
        are known either way
    roll : whom the persons of a site are drawn from: its `persons`, its `staff`, or (`unit`) the
        one person who answers for the unit
    kept : makes a coordinated draw, in which this share of the sites (0 to 1) keeps its random
        number from `previous`; a first draw gives it so that a later one can be coordinated
    previous : the coordinated draw of the wave before

    Raises
    ------
    FrameError
        Too few parties, a short or repeated nonce, a nonce that breaks its commitment, an
        allocation that does not name every stratum once, a frame without `staff` where it is
        asked for, or a `previous` that is no coordinated draw.
    """
    if frame.empty:
        raise FrameError("抽样框没有单位，请先填入。(the frame holds no sites; add them first)")
    digest = frame_hash(frame)
    for problem in _unfit(nonces, commitments or {}, digest):
        raise FrameError(problem)
    if "staff" in (size, roll) and STAFF not in frame:
        raise FrameError("抽样框没有 staff 列，请补上。(the frame has no column staff; add it)")
    share, earlier = _coordinated(kept, previous)
    record = DrawRecord(
        survey=survey,
        wave=wave,
        method="pareto-pps-prn/srs" if share else "systematic-pps-random-order/srs",
        frame_hash=digest,
        size=size,
        roll=roll,
        sites_per_stratum=_allocation(frame, sites_per_stratum),
        persons_per_site=persons_per_site,
        parties=tuple(
            Party(name=name, commitment=commitment(nonce, digest), nonce=nonce)
            for name, nonce in nonces.items()
        ),
        seed=seed_of(list(nonces.values())),
        kept=share,
        earlier=earlier,
    )
    return drawn_by(record, frame)


def _coordinated(kept: float | None, previous: Draw | None) -> tuple[str, tuple[Earlier, ...]]:
    """Return the share that is kept, and what the draw is coordinated with, as recorded."""
    if kept is None and previous is None:
        return "", ()
    if kept is None or not 0 <= kept <= 1:
        raise FrameError(f"保留比例须在0和1之间，得到 {kept}。(the share kept is between 0 and 1)")
    if previous is None:
        return str(kept), ()
    before = previous.record
    if not before.kept:
        raise FrameError(
            f"{before.wave} 的抽样是系统抽样，后一轮不能与它衔接。请改为独立抽样。"
            "(the earlier draw was systematic and cannot be coordinated with; draw independently)"
        )
    last = Earlier(wave=before.wave, seed=before.seed, kept=before.kept)
    return str(kept), (*before.earlier, last)


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
        inside = frame[frame["stratum"] == stratum].set_index("site")
        sizes = _sizes(record.size, inside)
        targets = inclusion_probabilities(sizes, record.sites_per_stratum[stratum])
        if record.method == "pareto-pps-prn/srs":
            drawn = pareto(targets, record.numbers)
            exact = _exact(tuple(float(p) for p in targets.values()))
            p1 = dict(zip(targets, exact, strict=True))
        else:
            drawn = systematic(targets, record.seed, stratum)
            p1 = {site: float(p) for site, p in targets.items()}
        rolls = [1] * len(inside) if record.roll == "unit" else inside[record.roll].tolist()
        roll = dict(zip(inside.index, rolls, strict=True))
        county, setting = inside["county"].iloc[0], inside["setting"].iloc[0]
        for site in drawn:
            yield site, stratum, county, setting, int(roll[site]), p1[site]


@cache
def _exact(targets: tuple[float, ...]) -> tuple[float, ...]:
    """Return the probabilities of Pareto sampling; the draws of several waves share them."""
    return tuple(pareto_probabilities(targets).tolist())


def _sizes(size: Size, sites: pd.DataFrame) -> dict[str, Fraction]:
    """Return the measure of size of each site of one stratum."""
    match size:
        case "persons" | "staff":
            measures = [Fraction(int(count)) for count in sites[size]]
        case "persons_need":
            measures = [
                int(persons) * Fraction(need)
                for persons, need in zip(sites["persons"], sites["need"], strict=True)
            ]
        case "equal":
            measures = [Fraction(1)] * len(sites)
        case _:
            assert_never(size)
    return dict(zip(map(str, sites.index), measures, strict=True))


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
