"""Add a survey's run to `params.yaml` and its wave to `programme.yaml`; comments stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.documents.yaml import dumped, in_a_row, is_mapping, read_with_comments, tree_of
from pipeline.errors import ProgrammeError

FIRST_WAVE = "wave1"
"""The name of a wave of which neither the analyst nor the files say when it was."""


@dataclass(frozen=True, slots=True)
class Fielded:
    """The wave in which the data were collected.

    Attributes
    ----------
    days : of the first and the last answer, None where the files do not tell
    published : the day from which the wave counts: of the last answer, else as of which the pages
        are made
    """

    wave: str
    days: tuple[date, date] | None
    published: date


def with_run(params: Path, survey: str, wave: str, *, drop: Collection[str] = ()) -> str:
    """Return the text of `params.yaml` with one more run, and without the surveys in `drop`.

    Raises
    ------
    ProgrammeError
        It has no `surveys` and `runs`; or as `read_with_comments`.
    """
    tree = read_with_comments(params)
    for key, name, value in (
        ("surveys", survey, {"survey": survey}),
        ("runs", f"{survey}_{wave}", {"survey": survey, "wave": wave}),
    ):
        if not is_mapping(tree.get(key)):
            raise ProgrammeError(
                f"{params}: 没有 {key}。请恢复这一项。(the key {key} is missing; restore it)"
            )
        for listed in [n for n, one in tree[key].items() if one.get("survey") in drop]:
            del tree[key][listed]
        tree[key][name] = in_a_row(value)
    return dumped(tree)


def with_wave(programme: Path, fielded: Fielded, *, title: str, keep: Collection[str]) -> str:
    """Return the text of `programme.yaml` with the wave, in the order of the days of fieldwork.

    Waves that are neither this one nor among `keep` are taken out. A programme that loses waves so
    was the example's: its title, place and frame domains go too. A wave of the same name that is
    there stays as it is.
    """
    tree = read_with_comments(programme)
    waves = tree.get("waves")
    if not isinstance(waves, list):
        raise ProgrammeError(
            f"{programme}: 没有 waves。请恢复这一项。(the key waves is missing; restore it)"
        )
    others = [one for one in waves if str(one.get("wave")) not in {*keep, fielded.wave}]
    for one in others:
        waves.remove(one)
    if others and tree.get("simulated"):
        tree["title"] = in_a_row({"zh": title})
        tree["place"] = in_a_row({"zh": "（未写明地区）", "en": "(place not given)"})
        tree["simulated"] = False
        tree["frame_domains"] = []
    if all(str(one.get("wave")) != fielded.wave for one in waves):
        place = sum(_begun(one) <= _begun_of(fielded) for one in waves)
        waves.insert(place, _wave(fielded))
    return dumped(tree)


def _begun_of(fielded: Fielded) -> date:
    return fielded.days[0] if fielded.days else fielded.published


def _begun(wave: Any) -> date:
    given = wave.get("field_start") or wave.get("published")
    return given if isinstance(given, date) else date.min


def _wave(fielded: Fielded) -> Any:
    days = dict(zip(("field_start", "field_end"), fielded.days or (), strict=False))
    title = {"zh": f"{fielded.wave} 调查", "en": f"Survey {fielded.wave}"}
    if fielded.wave == FIRST_WAVE:
        title = {"zh": "第一轮调查", "en": "First wave"}
    return tree_of(
        {"wave": fielded.wave, "title": title, **days, "published": fielded.published}
    )


def as_of(params: Path) -> date:
    """Return the day as of which the pages are made."""
    tree = read_with_comments(params)
    try:
        return date.fromisoformat(str(tree["as_of"]))
    except (KeyError, ValueError):
        raise ProgrammeError(
            f'{params}: as_of 应为日期，如 "2026-11-15"。(as_of must be a date)'
        ) from None


def runs_in(params: Path) -> Mapping[str, Collection[str]]:
    """Return the waves of each survey that the pipeline runs now."""
    tree = read_with_comments(params)
    waves: dict[str, list[str]] = {}
    for run in (tree.get("runs") or {}).values():
        waves.setdefault(str(run.get("survey")), []).append(str(run.get("wave")))
    return waves
