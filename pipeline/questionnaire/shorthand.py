"""What authors may write shorter: shared lists of choices, and scales of numbers.

``choices: agree`` stands for the list of that name in ``choice_lists``; ``points: {from: 0, to: 10,
labels: {0: ..., 10: ...}}`` for one choice per number, followed by the question's own `choices`
(don't know, refused).
"""

from collections.abc import Mapping
from typing import Any

MOST_POINTS = 101


def expanded(raw: Any) -> Any:
    """Return a raw definition with its shorthand written out; what is no shorthand, as it is."""
    if not isinstance(raw, dict) or not isinstance(raw.get("sections"), list | tuple):
        return raw
    lists = raw.get("choice_lists")
    known = lists if isinstance(lists, dict) else {}
    sections = [
        section | {"questions": [_question(one, known) for one in section["questions"]]}
        if isinstance(section, dict) and isinstance(section.get("questions"), list | tuple)
        else section
        for section in raw["sections"]
    ]
    return {**raw, "sections": sections}


def _question(raw: Any, lists: Mapping[str, Any]) -> Any:
    if not isinstance(raw, dict):
        return raw
    made = dict(raw)
    if isinstance(raw.get("questions"), list | tuple):
        made["questions"] = [_question(one, lists) for one in raw["questions"]]
    if isinstance(named := raw.get("choices"), str):
        if named not in lists:
            raise ValueError(
                f"choices of {raw.get('name')} names the list {named!r}, which is not in "
                f"choice_lists ({', '.join(map(str, lists)) or 'there is none'})"
            )
        made["choices"] = lists[named]
    if "points" in raw:
        made.pop("points")
        made["choices"] = [*_points(raw), *made.get("choices", ())]
    return made


def _points(raw: dict[str, Any]) -> list[dict[str, Any]]:
    given, name = raw["points"], raw.get("name")
    if not isinstance(given, dict) or not {"from", "to"} <= set(given) <= {"from", "to", "labels"}:
        raise ValueError(f"points of {name} takes {{from: 0, to: 10, labels: {{...}}}}")
    low, high, labels = given["from"], given["to"], given.get("labels") or {}
    if not (_whole(low) and _whole(high) and 1 <= high - low < MOST_POINTS):
        raise ValueError(f"points of {name}: from and to are whole numbers, from below to")
    if not isinstance(labels, dict) or any(point not in range(low, high + 1) for point in labels):
        raise ValueError(f"points of {name}: labels are for numbers from {low} to {high}")
    return [
        {"code": point, "text": _numbered(point, labels.get(point))}
        for point in range(low, high + 1)
    ]


def _numbered(point: int, label: Any) -> Any:
    if not isinstance(label, dict):
        return {"zh": str(point)} if label is None else label
    return {language: f"{point} {words}" for language, words in label.items()}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
