"""Add a survey's run to `params.yaml` and its wave to `programme.yaml`; all other lines stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

from pipeline.documents.yaml import is_mapping, lines_of, read_with_comments, tree_of
from pipeline.documents.yaml_lines import agreed, with_entry, with_key, without_entries
from pipeline.errors import ProgrammeError

FIRST_WAVE = "wave1"
"""The name of a wave of which neither the analyst nor the files say when it was."""


@dataclass(frozen=True, slots=True)
class Fielded:
    """The wave in which the data were collected.

    Attributes
    ----------
    days : of the first and the last answer, None where the files do not tell
    counts_from : where the wave stands among others: the day of the last answer, else as of which
        the pages are made. When a page is published nobody but people can tell
    """

    wave: str
    days: tuple[date, date] | None
    counts_from: date


def with_run(params: Path, survey: str, wave: str, *, drop: Collection[str] = ()) -> str:
    """Return the text of `params.yaml` with one more run, and without the surveys in `drop`.

    Raises
    ------
    ProgrammeError
        It has no `surveys` and `runs`; or as `read_with_comments`.
    """
    tree = read_with_comments(params)
    text = params.read_text(encoding="utf-8")
    for key, name, value in (
        ("surveys", survey, {"survey": survey}),
        ("runs", f"{survey}_{wave}", {"survey": survey, "wave": wave}),
    ):
        listed = _entries(tree, key, params)
        gone = [at for at, one in enumerate(listed.values()) if one.get("survey") in drop]
        if listed.get(name) != value:
            text = with_entry(text, key, len(listed), lines_of({name: value}))
            listed[name] = tree_of(value)
        text = without_entries(text, key, gone)
        for dropped in [name for at, name in enumerate(listed) if at in gone]:
            del listed[dropped]
    return agreed(text, tree)


def _entries(tree: Any, key: str, path: Path) -> Any:
    """Return the entries of a key, each of them a mapping."""
    held = tree.get(key)
    entries = held.values() if is_mapping(held) else held if isinstance(held, list) else None
    if entries is None or not all(is_mapping(one) for one in entries):
        raise ProgrammeError(
            f"{path}: 没有 {key}，或写法不对。请恢复这一项。"
            f"(the key {key} is missing or malformed; restore it)"
        )
    return held


def with_wave(programme: Path, fielded: Fielded, *, title: str, keep: Collection[str]) -> str:
    """Return the text of `programme.yaml` with the wave, in the order of the days of fieldwork.

    Waves that are neither this one nor among `keep` are taken out. A programme that loses waves so
    was the example's: its title, place and frame domains go too. A wave of the same name that is
    there stays as it is.
    """
    tree = read_with_comments(programme)
    text = programme.read_text(encoding="utf-8")
    waves = _entries(tree, "waves", programme)
    if all(str(one.get("wave")) != fielded.wave for one in waves):
        place = sum(_begun(one) <= _begun_of(fielded) for one in waves)
        waves.insert(place, tree_of(_wave(fielded)))
        text = with_entry(text, "waves", place, _shown({"waves": [_wave(fielded)]}))
    kept = {*keep, fielded.wave}
    gone = [at for at, one in enumerate(waves) if str(one.get("wave")) not in kept]
    text = without_entries(text, "waves", gone)
    for at in reversed(gone):
        del waves[at]
    if gone and tree.get("simulated"):
        for key, value in _somebodys(title).items():
            tree[key] = tree_of(value)
            text = with_key(text, key, lines_of({key: value}))
    return agreed(text, tree)


def _somebodys(title: str) -> dict[str, Any]:
    """Return what a programme says in place of what it said of the example."""
    return {
        "title": {"zh": title},
        "place": {"zh": "（未写明地区）", "en": "(place not given)"},
        "simulated": False,
        "frame_domains": [],
    }


def _shown(held: Mapping[str, Any]) -> str:
    """Return the entries of a key as they are written, without the key and its indent."""
    return dedent(lines_of(held).split("\n", 1)[1])


def _begun_of(fielded: Fielded) -> date:
    return fielded.days[0] if fielded.days else fielded.counts_from


def _begun(wave: Any) -> date:
    given = wave.get("field_start") or wave.get("published")
    return given if type(given) is date else date.min


def _wave(fielded: Fielded) -> dict[str, Any]:
    days = dict(zip(("field_start", "field_end"), fielded.days or (), strict=False))
    title = {"zh": f"{fielded.wave} 调查", "en": f"Survey {fielded.wave}"}
    if fielded.wave == FIRST_WAVE:
        title = {"zh": "第一轮调查", "en": "First wave"}
    return {"wave": fielded.wave, "title": title, **days}


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
    for run in _entries(tree, "runs", params).values():
        waves.setdefault(str(run.get("survey")), []).append(str(run.get("wave")))
    return waves
