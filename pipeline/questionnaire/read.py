"""Read definition files; say every fault of a file with its line."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from pipeline.errors import Fault, QuestionnaireError, SurveyError, gathered
from pipeline.questionnaire.model import Questionnaire

Model = TypeVar("Model", bound=BaseModel)


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
    try:
        text = path.read_text(encoding="utf-8-sig")
        return cast(Model, _read(text, model))
    except UnicodeDecodeError as fault:
        raise error(
            f"{path}: 不是 UTF-8 编码（第 {fault.start + 1} 字节）。请另存为 UTF-8。"
            "(not UTF-8; save it as UTF-8)"
        ) from None
    except YAMLError as fault:
        raise error(gathered(path, [_not_yaml(text, fault)])) from None
    except ValidationError as refused:
        # Only the slower reader knows the lines, and only faults need them.
        raise error(gathered(path, _faults(YAML().load(text), refused))) from None


@lru_cache(maxsize=32)
def _read(text: str, model: type[BaseModel]) -> BaseModel:
    """Read a definition's text; the same text is read once, as models do not change."""
    return model.model_validate(YAML(typ="safe", pure=True).load(text))


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


def _not_yaml(text: str, fault: YAMLError) -> Fault:
    line, problem = 1, str(fault)
    if isinstance(fault, ReaderError):
        line = text[: fault.position].count("\n") + 1
        problem = f"不能出现的字符 U+{ord(text[fault.position]):04X} (a character not allowed)"
    elif isinstance(fault, MarkedYAMLError):
        problem = str(fault.problem)
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
    return Fault(f"第 {line} 行 (line {line})", f"YAML: {problem}.", "请检查缩进、冒号和引号。")


def _faults(raw: Any, refused: ValidationError) -> Iterable[Fault]:
    errors = refused.errors(include_url=False)
    places = [one["loc"] for one in errors]
    for one in errors:
        if one["type"] == "too_short" and any(_inside(place, one["loc"]) for place in places):
            continue  # it only looks too short because its entries have faults of their own
        where = ".".join(str(step) for step in one["loc"]) or "(file)"
        line = _line(raw, one["loc"])
        given = one.get("input")
        shown = (
            "" if isinstance(given, dict | list) or one["type"] == "missing" else f" ({given!r})"
        )
        said = _said(one["type"], one.get("ctx") or {})
        found = f"{said}({one['msg']}){shown}." if said else f"{one['msg']}{shown}."
        yield Fault(f"第 {line} 行 (line {line}), {where}", found, _remedy(one["type"]))


def _inside(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _said(kind: str, about: Mapping[str, Any]) -> str:
    """Return in Chinese what is wrong; '' of kinds whose own message says it."""
    if kind == "literal_error":
        return f"只能写 {about.get('expected', '')}。".replace(" or ", " 或 ")
    return {
        "bool_type": "应为 true 或 false。",
        "bool_parsing": "应为 true 或 false。",
        "int_type": "应为整数。",
        "int_parsing": "应为整数。",
        "int_from_float": "应为整数。",
        "float_type": "应为数字。",
        "float_parsing": "应为数字。",
        "string_type": "应为文字；数字和 yes、no 请加引号。",
        "string_pattern_mismatch": "名称的写法不对。",
        "tuple_type": "应为列表，每项以 - 开头。",
        "list_type": "应为列表，每项以 - 开头。",
        "dict_type": "应为“键: 值”。",
        "model_type": "应为“键: 值”。",
        "too_short": "项数太少。",
        "date_from_datetime_parsing": "应为日期，如 2026-03-02。",
        "date_type": "应为日期，如 2026-03-02。",
    }.get(kind, "")


def _remedy(kind: str) -> str:
    return {
        "missing": "请补上这一项。(add it)",
        "extra_forbidden": "没有这个键，请检查拼写或删除。(no such key; check the spelling)",
        "union_tag_invalid": "请改用所列题型之一。(use one of the types named)",
        "union_tag_not_found": "请写明 type。(say the type)",
    }.get(kind, "请按提示改正。(correct it)")


def _line(raw: Any, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the deepest part of `location` that stands in the file."""
    line, here = 1, raw
    for step in location:
        if not isinstance(here, CommentedBase):
            break
        try:
            mark = here.lc.data[step]
            line, here = mark[0] + 1, here[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            continue  # a tag of a union is part of the location but not of the file
    return line
