"""What pydantic finds wrong with single fields, said in Chinese with near names."""

import types
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from pipeline.questionnaire.misfits import CORRECT, Misfit, MisfitsError, Place

SHOWN = 40
SHORTHAND = {"choices": ("points",)}
"""Keys that authors may write and that no field bears, beside the field they stand for."""
TYPE_WORDS = {
    "单选": "single_choice", "单选题": "single_choice", "select_one": "single_choice",
    "radio": "single_choice", "radiogroup": "single_choice", "dropdown": "single_choice",
    "多选": "multiple_choice", "多选题": "multiple_choice", "select_multiple": "multiple_choice",
    "checkbox": "multiple_choice", "量表": "scale", "量表题": "scale", "likert": "scale",
    "rating": "scale", "排序": "ranking", "排序题": "ranking", "rank": "ranking",
    "数字": "number", "数字题": "number", "填空": "open_ended", "integer": "number",
    "decimal": "number", "numeric": "number", "int": "number", "text": "open_ended",
    "开放": "open_ended", "开放题": "open_ended", "open": "open_ended", "comment": "open_ended",
    "日期": "date", "时间": "time", "矩阵": "matrix", "矩阵题": "matrix", "表格": "matrix",
    "grid": "matrix", "说明": "note", "计算": "calculated", "calculate": "calculated",
    "重复组": "roster", "repeat": "roster", "知情同意": "consent",
}  # fmt: skip
"""Words that other systems and offices use, and the type that is meant."""


def field_misfits(model: type[BaseModel], error: Mapping[str, Any]) -> Iterator[Misfit]:
    """Yield what one error of pydantic says, each fault at its own place."""
    place: Place = tuple(error["loc"])
    context = error.get("ctx") or {}
    refused = context.get("error")
    if isinstance(refused, MisfitsError):
        for one in refused.misfits:
            yield one.inside(place)
        return
    if error["type"].startswith("union_tag"):
        tag = context.get("tag", "")
        english = f"no such type: {tag!r}" if tag else "no type"
        place = (*place, "type")
        yield Misfit(place, english, _said(error["type"], context, place),
                     _remedy(model, error, context))  # fmt: skip
        return
    given = error.get("input")
    english = error["msg"].removeprefix("Value error, ")
    if not isinstance(given, dict | list | tuple | BaseModel) and error["type"] != "missing":
        shown = repr(given)
        english += f": {shown if len(shown) <= SHOWN else shown[:SHOWN] + '…'}"
    yield Misfit(
        place, english, _said(error["type"], context, place), _remedy(model, error, context)
    )


def _said(kind: str, about: Mapping[str, Any], place: Place) -> str:
    match kind:
        case "literal_error":
            return f"只能写 {about.get('expected', '')}。".replace(" or ", " 或 ")
        case "value_error" if "show_if" in place or place[-1:] in (("when",), ("holds",)):
            return "条件写得不对。"
        case "value_error" if place[-1:] == ("value",):
            return "算式写得不对。"
        case "greater_than_equal" | "greater_than":
            return f"太小，至少为 {about.get('ge', about.get('gt'))}。"
        case "less_than_equal" | "less_than":
            return f"太大，最多为 {about.get('le', about.get('lt'))}。"
    return {
        "missing": "缺少这一项。",
        "extra_forbidden": "没有这个键。",
        "union_tag_invalid": "没有这种题型。",
        "union_tag_not_found": "没有写题型。",
        "bool_type": "应为 true 或 false。",
        "bool_parsing": "应为 true 或 false。",
        "int_type": "应为整数。",
        "int_parsing": "应为整数。",
        "int_from_float": "应为整数。",
        "float_type": "应为数字。",
        "float_parsing": "应为数字。",
        "string_type": "应为文字；数字和 yes、no 请加引号。",
        "string_pattern_mismatch": "名称的写法不对。",
        "invalid_key": "键应为文字。",
        "tuple_type": "应为列表，每项以 - 开头。",
        "list_type": "应为列表，每项以 - 开头。",
        "dict_type": "应为“键: 值”。",
        "mapping_type": "应为“键: 值”。",
        "model_type": "应为“键: 值”。",
        "model_attributes_type": "应为“键: 值”。",
        "is_instance_of": "条件或算式写得不对。",
        "too_short": "项数太少。",
        "date_from_datetime_parsing": "应为日期，如 2026-03-02。",
        "date_type": "应为日期，如 2026-03-02。",
        "value_error": "写得不对。",
    }.get(kind, "写得不对。")


def _remedy(model: type[BaseModel], error: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    place: Place = tuple(error["loc"])
    match error["type"]:
        case "missing":
            return "请补上这一项。(add it)"
        case "extra_forbidden":
            key = str(place[-1])
            known = [one for found in _models(model, place[:-1]) for one in _keys(found)]
            return _near(key, known, "请检查拼写或删除。(no such key; check the spelling)")
        case "union_tag_invalid":
            tag = str(about.get("tag", ""))
            known = [one.strip("'") for one in str(about.get("expected_tags", "")).split(", ")]
            if tag.lower() in TYPE_WORDS:
                return f"请写 type: {TYPE_WORDS[tag.lower()]}。(write {TYPE_WORDS[tag.lower()]})"
            return _near(tag, known, "请改用所列题型之一。(use one of the types named)")
        case "union_tag_not_found":
            return "请写明 type。(say the type)"
        case "literal_error":
            words = str(about.get("expected", "")).replace(" or ", ", ").replace("'", "")
            return _near(str(error.get("input")), words.split(", "), CORRECT)
        case "string_pattern_mismatch":
            return "请用小写英文字母、数字和下划线，以字母开头，如 q05_a。(such as q05_a)"
        case "value_error" | "is_instance_of" if {"show_if", "when", "holds"} & set(place):
            return '请写成 {"=": [q05, 1]}、{in: [q05, [1, 2]]}、{selected: [q06, 2]} 的样子。'
    return CORRECT


def _near(name: str, known: list[str], otherwise: str) -> str:
    found = get_close_matches(name, known, n=2, cutoff=0.7)
    if not found:
        return otherwise
    return f"是不是 {' 或 '.join(found)}？(did you mean {' or '.join(found)}?)"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name in model.model_fields:
        yield name
        yield from SHORTHAND.get(name, ())


def _models(model: type[BaseModel], place: Place) -> list[type[BaseModel]]:
    """Return the models that may describe what stands at a place of `model`."""
    found: list[type[BaseModel]] = [model]
    for step in place:
        inner = [
            one
            for known in found
            if step in known.model_fields
            for one in _inside(known.model_fields[str(step)].annotation)
        ]
        tagged = [one for one in found if step in _tags(one)]
        found = tagged or inner or found
    return found


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _inside(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType, tuple) or isinstance(
        annotation, types.GenericAlias
    ):
        for one in get_args(annotation):
            yield from _inside(one)


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get("type")
    if field is None or get_origin(field.annotation) is not Literal:
        return ()
    return get_args(field.annotation)
