"""The display logic of a .qsf as one of our conditions, where it is simple enough."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from pipeline.importers.conditions import Target, equal
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.importers.simplified import all_parts, any_part
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.qsf_parts import mapping
from pipeline.questionnaire.expressions import (
    Answer,
    Comparator,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    Not,
)

_LOCATOR = re.compile(
    r"q://(QID[\w#]+)/(?:(?P<row>[\w.]+)/)?(?P<what>[A-Za-z]+)(?:/(?P<key>[\w.]+))?.*"
)
_COMPARATORS: Mapping[str, Comparator] = {
    "EqualTo": "=", "GreaterThan": ">", "LessThan": "<",
    "GreaterThanOrEqual": ">=", "LessThanOrEqual": "<=",
}  # fmt: skip
_SHOWN = 120


def display_logic(logic: object, targets: Mapping[str, Target]) -> Condition:
    """Return the condition of a display logic.

    Parameters
    ----------
    targets : ``QID3``, or ``QID3/2`` for row 2 of a matrix -> our question

    Raises
    ------
    UnsayableError
        It reads something else than earlier answers, or mixes and with or.
    """
    groups = [one for key, one in mapping(logic).items() if key.isdecimal() and mapping(one)]
    if not groups:
        raise UnsayableError("没有条件")
    parts = [_group(mapping(one), targets) for one in groups]
    return _joined(parts, [str(mapping(one).get("Type") or "") for one in groups])


def _group(group: Mapping[str, Any], targets: Mapping[str, Target]) -> Condition:
    told = [mapping(one) for key, one in group.items() if key.isdecimal()]
    if not told:
        raise UnsayableError("没有条件")
    parts = [_expression(one, targets) for one in told]
    # Qualtrics' own file writes the word with one n.
    return _joined(
        parts, [str(one.get("Conjuction") or one.get("Conjunction") or "") for one in told]
    )


def _joined(parts: list[Condition], words: list[str]) -> Condition:
    kinds = {"or" if word.lower().startswith("or") else "and" for word in words[1:]}
    if len(kinds) > 1:
        raise UnsayableError("“与”和“或”混用")
    return any_part(tuple(parts)) if kinds == {"or"} else all_parts(tuple(parts))


def _expression(one: Mapping[str, Any], targets: Mapping[str, Target]) -> Condition:
    if one.get("LogicType") != "Question":
        kind = str(one.get("LogicType") or "")[:_SHOWN]
        raise UnsayableError(f"用到的不是答案（{kind}）")
    written = unquote(str(one.get("LeftOperand") or one.get("ChoiceLocator") or ""))
    found = _LOCATOR.fullmatch(written)
    if found is None:
        raise UnsayableError(f"读不懂 {written[:_SHOWN]}")
    operator, right = str(one.get("Operator") or ""), shown(str(one.get("RightOperand") or ""))
    if found["what"] == "SelectedChoicesCount":
        return _counted(_target(found[1], None, targets), operator, right)
    row = found["row"] if found["row"] and found["row"] != "Displayed" else None
    target = _target(found[1], row, targets)
    key = str(found["key"] or "")
    match operator, found["what"]:
        case (("Selected" | "NotSelected"), ("SelectableChoice" | "SelectableAnswer")):
            chosen = equal(target, key)
            return chosen if operator == "Selected" else Not(chosen)
        case (("Empty" | "NotEmpty"), _):
            empty = Empty(target.question)
            return empty if operator == "Empty" else Not(empty)
        case (("EqualTo" | "NotEqualTo"), _) if target.kind == "number":
            same = equal(target, right)
            return same if operator == "EqualTo" else Not(same)
        case _, _ if operator in _COMPARATORS and target.kind == "number":
            return Compare(_COMPARATORS[operator], Answer(target.question), _constant(right))
    raise UnsayableError(f"没有对应的写法：{operator} {found['what']}")


def _target(question: str, row: str | None, targets: Mapping[str, Target]) -> Target:
    name = f"{question}/{row}" if row else question
    if name not in targets:
        raise UnsayableError(f"前面没有题目 {name}")
    return targets[name]


def _counted(target: Target, operator: str, right: str) -> Condition:
    if target.kind != "many" or operator not in _COMPARATORS:
        raise UnsayableError(f"没有对应的写法：{operator}")
    return Compare(_COMPARATORS[operator], Count(target.question), _constant(right))


def _constant(written: str) -> Constant:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", written):
        raise UnsayableError(f"“{written[:20]}”不是数字")
    number = float(written)
    return Constant(int(number) if number.is_integer() else number)
