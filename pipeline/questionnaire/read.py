"""Read definition files; say every fault of a file with its line."""

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from pipeline.errors import Fault, QuestionnaireError, SurveyError, gathered
from pipeline.questionnaire.faulty_parts import misfits_of_the_rest
from pipeline.questionnaire.field_faults import field_misfits
from pipeline.questionnaire.misfits import Misfit, Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.places_in_file import Lines, UnreadableError, load, value_at
from pipeline.questionnaire.shorthand import written_out

Model = TypeVar("Model", bound=BaseModel)
LARGEST = 2_000_000
"""Bytes of a definition file; larger ones take longer to read than anybody waits."""
MOST_FAULTS = 200
NAMED = frozenset({"questions", "items", "screen_outs", "quotas", "batteries"})
"""Lists whose entries are told by their name."""


def read_definition(
    path: Path, model: type[Model], error: type[SurveyError] = QuestionnaireError
) -> Model:
    """Read a YAML definition into `model`.

    Raises
    ------
    SurveyError (of the class `error`)
        File missing, not YAML, or not what the model demands: all faults, each with its line.
    """
    if not path.is_file():
        raise error(f"{path}: 找不到文件。请放到此处，或改正路径。(file not found; put it there)")
    if path.stat().st_size > LARGEST:
        raise error(
            f"{path}: 文件超过 {LARGEST // 1_000_000} MB，不像是定义文件。请核对。"
            "(too large for a definition)"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(
            f"{path}: 不是 UTF-8 编码（第 {fault.start + 1} 字节）。请另存为 UTF-8。"
            "(not UTF-8; save it as UTF-8)"
        ) from None
    try:
        return cast(Model, _read(text, model))
    except UnreadableError as fault:
        place = f"第 {fault.line} 行 (line {fault.line})"
        found = Fault(place, f"YAML: {fault.zh}({fault.en})", fault.remedy)
        raise error(gathered(path, [found])) from None
    except ValidationError:
        raise error(gathered(path, _faults(text, model))) from None


@lru_cache(maxsize=32)
def _read(text: str, model: type[BaseModel]) -> BaseModel:
    """Read a definition's text; the same text is read once, as models do not change."""
    return model.model_validate(_loaded(text))


@lru_cache(maxsize=1)
def _loaded(text: str) -> Any:
    return load(text)


def read_questionnaire(path: Path) -> Questionnaire:
    """Read and check a questionnaire definition."""
    return read_definition(path, Questionnaire)


def version_hash(questionnaire: Questionnaire) -> str:
    """Return 12 hex digits that change whenever anything that a respondent sees or a code changes.

    Comments and layout of the file do not count; nor do measures, standards and batteries, which
    say how answers are read and not what was asked.
    """
    left_out = {"batteries", "choice_lists", "quotas", "silence"}
    content = _asked(questionnaire.model_dump(mode="json", exclude=left_out))
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, default=repr)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


NOT_ASKED = frozenset({"measure", "domain", "battery", "reverse", "silence"})
"""Keys of a question that say how its answers are read."""
LATER = frozenset(
    {
        "missing_codes", "specify", "order", "image", "interviewer", "checks", "min_choices",
        "show_if", "screen_outs",
    }
)  # fmt: skip
"""Keys that versions frozen earlier did not have: left out where they say nothing. Of `show_if`
that is so of sections only; a question has always had it."""


def _asked(content: Any) -> Any:
    if isinstance(content, list):
        return [_asked(one) for one in content]
    if not isinstance(content, dict):
        return content
    question = "name" in content and "type" in content
    return {
        key: _asked(given)
        for key, given in content.items()
        if not (question and key in NOT_ASKED)
        and not (
            key in LATER
            and given in (None, "", [], {}, False, 0, {"zh": "", "en": ""})
            and not (key == "show_if" and question)
        )
    }


def _all_misfits(raw: Any, model: type[BaseModel]) -> tuple[Any, list[Misfit]]:
    """Return the values without shorthand, and all that is wrong with them as a `model`."""
    wrong: tuple[Misfit, ...] = ()
    whole = model is Questionnaire
    if whole:
        raw, wrong = written_out(raw)
    try:
        model.model_validate(raw)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
    else:
        return raw, list(wrong)
    places = [one["loc"] for one in errors]
    unmade = {one.place[: one.place.index("points")] if "points" in one.place else one.place[:-1]
              for one in wrong}  # fmt: skip
    found: list[Misfit] = []
    for one in errors:
        place = _plain(raw, one["loc"])
        if one["type"] == "too_short" and any(_inside(p, one["loc"]) for p in places):
            continue  # it only looks too short because its entries have faults of their own
        if one["type"] == "value_error" and (place in unmade or (whole and not place)):
            continue  # said of the placeholders; or said again below, of the parts without fault
        found += [replace(f, place=_plain(raw, f.place)) for f in field_misfits(model, one)]
    faulty = [one.place for one in (*wrong, *found)]
    rest = misfits_of_the_rest(raw, faulty) if whole else ()
    return raw, [*wrong, *found, *rest]


def _plain(raw: Any, place: Place) -> Place:
    """Return a place without the steps that name a member of a union and stand in no file."""
    here, kept = raw, []
    for step in place:
        inner = value_at(here, (step,))
        if inner is None and step != place[-1]:
            continue
        kept.append(step)
        here = inner
    return tuple(kept)


def _inside(place: Place, outer: Place) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _faults(text: str, model: type[BaseModel]) -> list[Fault]:
    """Return all faults of a definition, in the order of their lines."""
    raw = _loaded(text)
    _, found = _all_misfits(raw, model)
    lines = Lines(text)
    told: dict[tuple[int, str, str], Fault] = {}
    for one in found:
        written = _as_written(raw, one.place)
        line = lines.line(written)
        also = ""
        if one.first is not None and (before := lines.line(_as_written(raw, one.first))) != line:
            also = f"另见第 {before} 行 (line {before})。"
        fault = Fault(
            f"第 {line} 行 (line {line}), {_spoken(raw, written)}",
            f"{one.zh}({one.en}){also}",
            one.remedy,
        )
        told.setdefault((line, one.zh, one.remedy), fault)
    listed = [told[key] for key in sorted(told, key=lambda key: key[0])]
    if len(listed) > MOST_FAULTS:
        rest = len(listed) - MOST_FAULTS
        more = Fault("……", f"另有 {rest} 处。({rest} more)", "请先改正以上各处。")
        return [*listed[:MOST_FAULTS], more]
    return listed


def line_in_file(text: str, lines: Lines, place: Place) -> tuple[int, str]:
    """Return the line on which a part of a questionnaire stands, and its place in words."""
    raw = _loaded(text)
    written = _as_written(raw, place)
    return lines.line(written), _spoken(raw, written)


def _as_written(raw: Any, place: Place) -> Place:
    """Return the place in the file of what its shorthand stands for."""
    for at, step in enumerate(place):
        outer = place[:at]
        if step == "choices" and isinstance(named := value_at(raw, place[: at + 1]), str):
            if value_at(raw, ("choice_lists", named)) is not None and len(place) > at + 1:
                return ("choice_lists", named, *place[at + 1 :])
        elif step == "choices" and isinstance(points := value_at(raw, (*outer, "points")), dict):
            return _as_written_point(points, outer, place[at + 1 :])
    return place


def _as_written_point(points: dict[str, Any], outer: Place, rest: Place) -> Place:
    low, high = points.get("from"), points.get("to")
    if not rest or not all(isinstance(one, int) for one in (rest[0], low, high)):
        return (*outer, "points")
    count = int(high or 0) - int(low or 0) + 1
    position = int(rest[0])
    if position < count:
        return (*outer, "points")
    return (*outer, "choices", position - count, *rest[1:])


def _spoken(raw: Any, place: Place) -> str:
    """Return a place in words: counted from the innermost question that has a name."""
    words, here = "", raw
    for at, step in enumerate(place):
        here = value_at(here, (step,))
        if isinstance(step, int):
            name = value_at(here, ("name",))
            if isinstance(name, str) and place[at - 1] in NAMED:
                words = name
            else:
                words += f"[{step + 1}]"
        else:
            words += f".{step}" if words else str(step)
    return words or "(file)"
