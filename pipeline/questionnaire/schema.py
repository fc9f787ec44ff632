"""The JSON Schema of ``questionnaire.yaml``, by which editors complete and check what is written.

Generated from the model; what the model reads through a parser (conditions, values) and what
authors may write shorter (shared lists, points) is added by hand.
"""

import json
from typing import Any

from pipeline.questionnaire.expressions import COMPARATORS, OPERATORS
from pipeline.questionnaire.model import Questionnaire

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TITLE = "调查问卷的定义 (definition of a questionnaire)"
_WITH_CHOICES = ("SingleChoice", "Scale", "MultipleChoice", "Ranking", "Matrix")
_MOMENTS = ("earliest", "latest")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a questionnaire's definition."""
    made = _referring(Questionnaire.model_json_schema())
    parts: dict[str, Any] = made["$defs"]
    parts |= _expressions()
    parts["Points"] = _points()
    for name in _WITH_CHOICES:
        _with_shorthand(parts[name])
    for key in _MOMENTS:  # an unquoted day is a day to YAML, and text to JSON
        parts["Moment"]["properties"][key]["type"] = ["string"]
    parts["Text"] = _text()
    return {"$schema": DIALECT, **made, "title": _TITLE}


def as_json() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _referring(part: Any) -> Any:
    """Return a part of the schema with ``{defined: NAME}`` made a reference to it."""
    if isinstance(part, list):
        return [_referring(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _referring(given) for key, given in part.items() if key != "defined"}
    return made | ({"$ref": f"#/$defs/{part['defined']}"} if "defined" in part else {})


def _with_shorthand(question: dict[str, Any]) -> None:
    """Let a type with choices name a shared list, or write points instead."""
    properties = question["properties"]
    named = {"type": "string", "description": "choice_lists 里一个选项表的名称 (a shared list)"}
    alone = properties["choices"]
    added = alone | {"minItems": 0}
    properties["choices"] = {"anyOf": [added, named]}
    properties["points"] = {"$ref": "#/$defs/Points"}
    question["required"] = [key for key in question["required"] if key != "choices"]
    question["anyOf"] = [
        {"required": ["points"]},
        {"required": ["choices"], "properties": {"choices": {"anyOf": [alone, named]}}},
    ]


def _points() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "数字量表：从几到几，两端的说明 (a scale of numbers)",
        "properties": {
            "from": {"type": "integer"},
            "to": {"type": "integer"},
            "labels": {"type": ["object", "null"]},
        },
        "required": ["from", "to"],
        "additionalProperties": False,
    }


def _text() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "文字，各语言一份：{zh: 中文, en: English}",
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
        "patternProperties": {"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _expressions() -> dict[str, Any]:
    condition, term = {"$ref": "#/$defs/Condition"}, {"$ref": "#/$defs/Term"}
    question = {"type": "string", "description": "题名 (a question)"}
    several = {"type": "array", "items": condition, "minItems": 1}
    codes = {"type": "array", "items": {"type": "number"}, "minItems": 1}
    conditions: dict[str, Any] = {
        **{sign: _tuple(term, term) for sign in COMPARATORS},
        "in": _tuple(question, codes),
        "selected": _tuple(question, {"type": "integer"}),
        "empty": question,
        "not": condition,
        "and": several,
        "or": several,
    }
    values: dict[str, Any] = {
        **{sign: {"type": "array", "items": term, "minItems": 2} for sign in OPERATORS},
        "count": question,
        "if": _tuple(condition, term, term),
    }
    return {
        "Condition": {"description": "条件 (a condition)", **_one_of(conditions)},
        "Term": {
            "description": "数字、日期、题名或算式 (a number, a day, a question, a sum)",
            "anyOf": [{"type": "number"}, {"type": "string"}, _one_of(values)],
        },
    }


def _tuple(*entries: dict[str, Any]) -> dict[str, Any]:
    count = len(entries)
    return {"type": "array", "prefixItems": list(entries), "minItems": count, "maxItems": count}


def _one_of(operators: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": operators,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
