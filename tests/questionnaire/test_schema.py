"""The JSON Schema: current, right of every example, and against typical mistakes."""

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from pipeline.questionnaire.schema import as_json, schema

VALIDATOR = Draft202012Validator(schema())
EXAMPLES = (
    "questionnaires/residents/questionnaire.yaml", "questionnaires/cadres/questionnaire.yaml",
    "questionnaires/served_units/questionnaire.yaml", "tests/forms/every_type.yaml",
)  # fmt: skip


class CoreConstructor(SafeConstructor):
    """A class of its own: constructors are registered on the class, for everyone."""


CoreConstructor.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda made, node: made.construct_scalar(node)
)


@cache
def as_an_editor_reads(path: Path) -> dict[str, Any]:
    """Editors read YAML 1.2 by its core schema: a day is a text."""
    loader = YAML(typ="safe", pure=True)
    loader.Constructor = CoreConstructor
    values: dict[str, Any] = loader.load(path.read_text(encoding="utf-8"))
    return values


def test_the_schema_on_file_is_the_models(root: Path) -> None:
    kept = (root / "questionnaires/questionnaire.schema.json").read_text(encoding="utf-8")
    assert kept == as_json(), "run `diaoyan schema`"
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_examples_are_valid(root: Path, path: str) -> None:
    assert [one.message for one in VALIDATOR.iter_errors(as_an_editor_reads(root / path))] == []


def question(raw: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = raw["sections"][0]["questions"][0]
    return made


MISTAKES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a misspelt key": lambda raw: raw.update(minites=8),
    "a misspelt key of a question": lambda raw: question(raw).update(showif={"=": ["q1", 1]}),
    "no such type": lambda raw: question(raw).update(type="singel_choice"),
    "no text": lambda raw: question(raw).pop("text"),
    "no choices": lambda raw: question(raw).pop("choices"),
    "a name with a blank": lambda raw: question(raw).update(name="q 1"),
    "a code in words": lambda raw: question(raw)["choices"][0].update(code="一"),
    "a route as text": lambda raw: question(raw).update(show_if="q1 = 1"),
    "a route with two operators": lambda raw: question(raw).update(
        show_if={"=": ["q1", 1], "in": ["q1", [1]]}
    ),
    "a route of no operator": lambda raw: question(raw).update(show_if={"==": ["q1", 1]}),
    "a route of three": lambda raw: question(raw).update(show_if={"=": ["q1", 1, 2]}),
    "minutes in words": lambda raw: raw.update(minutes="8分钟"),
    "a language of no tag": lambda raw: question(raw)["text"].update(Chinese="x"),
    "no sections": lambda raw: raw.pop("sections"),
    "a reason that is none": lambda raw: question(raw).update(silence={"leading": 1}),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_typical_mistakes_are_refused(root: Path, mistake: Callable[..., object]) -> None:
    raw = copy.deepcopy(as_an_editor_reads(root / EXAMPLES[0]))
    mistake(raw)
    assert not VALIDATOR.is_valid(raw)


def test_shorthand_is_valid(root: Path) -> None:
    raw = copy.deepcopy(as_an_editor_reads(root / EXAMPLES[0]))
    question(raw)["choices"] = "agree"
    assert VALIDATOR.is_valid(raw)
    question(raw).pop("choices")
    question(raw)["points"] = {"from": 0, "to": 10, "labels": {"0": {"zh": "差"}}}
    assert VALIDATOR.is_valid(raw)
    question(raw)["points"] = {"from": 0}
    assert not VALIDATOR.is_valid(raw)
