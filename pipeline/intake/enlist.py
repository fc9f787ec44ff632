"""Add a survey's run to `params.yaml` and its wave to `programme.yaml`; comments stay."""

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from pipeline.errors import ProgrammeError


@dataclass(frozen=True, slots=True)
class Fielded:
    """The wave in which the data were collected; the days are those of the first and last answer.

    Where the files tell no days, both are the day as of which the pages are made.
    """

    wave: str
    first: date
    last: date


def with_run(params: Path, survey: str, wave: str, *, drop: Collection[str] = ()) -> str:
    """Return the text of `params.yaml` with one more run, and without the surveys in `drop`.

    Raises
    ------
    ProgrammeError
        The file is not there, no YAML, or has no `surveys` and `runs`.
    """
    yaml, tree = _loaded(params)
    for key, name, value in (
        ("surveys", survey, {"survey": survey}),
        ("runs", f"{survey}_{wave}", {"survey": survey, "wave": wave}),
    ):
        if not isinstance(tree.get(key), CommentedMap):
            raise ProgrammeError(
                f"{params}: 没有 {key}。请恢复这一项。(the key {key} is missing; restore it)"
            )
        for listed in [n for n, one in tree[key].items() if one.get("survey") in drop]:
            del tree[key][listed]
        entry = CommentedMap(value)
        entry.fa.set_flow_style()
        tree[key][name] = entry
    return _text(yaml, tree)


def with_wave(programme: Path, fielded: Fielded, *, title: str, keep: Collection[str]) -> str:
    """Return the text of `programme.yaml` with the wave, in the order of the days of fieldwork.

    Waves that are neither this one nor among `keep` are taken out. A programme that loses waves so
    was the example's: its title, place and frame domains go too. A wave of the same name that is
    there stays as it is.
    """
    yaml, tree = _loaded(programme)
    waves = tree.get("waves")
    if not isinstance(waves, list):
        raise ProgrammeError(
            f"{programme}: 没有 waves。请恢复这一项。(the key waves is missing; restore it)"
        )
    others = [one for one in waves if str(one.get("wave")) not in {*keep, fielded.wave}]
    for one in others:
        waves.remove(one)
    if others and tree.get("simulated"):
        tree["title"] = _flow({"zh": title})
        tree["place"] = _flow({"zh": "（未写明地区）", "en": "(place not given)"})
        tree["simulated"] = False
        tree["frame_domains"] = []
    if all(str(one.get("wave")) != fielded.wave for one in waves):
        place = sum(_first_day(one) <= fielded.first for one in waves)
        waves.insert(place, _wave(fielded))
    return _text(yaml, tree)


def _first_day(wave: Any) -> date:
    given = wave.get("field_start")
    return given if isinstance(given, date) else date.min


def _wave(fielded: Fielded) -> CommentedMap:
    wave = CommentedMap(
        wave=fielded.wave,
        title=_flow({"zh": f"{fielded.wave} 调查", "en": f"Survey {fielded.wave}"}),
        field_start=fielded.first,
        field_end=fielded.last,
        published=fielded.last,
    )
    return wave


def _flow(content: dict[str, str]) -> CommentedMap:
    made = CommentedMap(content)
    made.fa.set_flow_style()
    return made


def _loaded(path: Path) -> tuple[YAML, CommentedMap]:
    yaml = YAML()
    yaml.width = 10_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as fault:
        raise ProgrammeError(
            f"{path}: 读不出（{type(fault).__name__}）。请在项目根目录运行，或恢复这个文件。"
            "(cannot be read; run in the project's root)"
        ) from None
    if not isinstance(tree, CommentedMap):
        raise ProgrammeError(f"{path}: 是空的。请恢复这个文件。(empty; restore it)")
    return yaml, tree


def _text(yaml: YAML, tree: CommentedMap) -> str:
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def as_of(params: Path) -> date:
    """Return the day as of which the pages are made."""
    _, tree = _loaded(params)
    try:
        return date.fromisoformat(str(tree["as_of"]))
    except (KeyError, ValueError):
        raise ProgrammeError(
            f'{params}: as_of 应为日期，如 "2026-11-15"。(as_of must be a date)'
        ) from None


def runs_in(params: Path) -> Mapping[str, Collection[str]]:
    """Return the waves of each survey that the pipeline runs now."""
    _, tree = _loaded(params)
    waves: dict[str, list[str]] = {}
    for run in (tree.get("runs") or {}).values():
        waves.setdefault(str(run.get("survey")), []).append(str(run.get("wave")))
    return waves
