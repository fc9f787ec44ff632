"""What authors may write shorter: shared lists of choices, and scales of numbers.

``choices: agree`` stands for the list of that name in ``choice_lists``; ``points: {from: 0, to:
10, labels: {0: ..., 10: ...}}`` for one choice per number, followed by the question's own
`choices` (don't know, refused).
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pipeline.questionnaire.misfits import Misfit, Place, refuse

MOST_POINTS = 101
PLACEHOLDER = ({"code": 1, "text": {"zh": "1"}}, {"code": 2, "text": {"zh": "2"}})
"""Choices that stand for those that cannot be made out, so that the rest is still checked."""


def expanded(raw: Any) -> Any:
    """Return a raw definition with its shorthand written out; what is no shorthand, as it is.

    Raises
    ------
    MisfitsError
        A list that is not there, or points that make no scale.
    """
    made, wrong = written_out(raw)
    refuse(wrong)
    return made


def written_out(raw: Any) -> tuple[Any, tuple[Misfit, ...]]:
    """Return a raw definition with its shorthand written out, and what is wrong with that.

    Where it is wrong, two placeholders stand for the choices.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("sections"), list | tuple):
        return raw, ()
    lists = raw.get("choice_lists")
    known = lists if isinstance(lists, dict) else {}
    wrong: list[Misfit] = []
    sections = [
        section
        | {
            "questions": [
                _question(one, known, ("sections", at, "questions", position), wrong)
                for position, one in enumerate(section["questions"])
            ]
        }
        if isinstance(section, dict) and isinstance(section.get("questions"), list | tuple)
        else section
        for at, section in enumerate(raw["sections"])
    ]
    return {**raw, "sections": sections}, tuple(wrong)


def _question(raw: Any, lists: Mapping[str, Any], place: Place, wrong: list[Misfit]) -> Any:
    if not isinstance(raw, dict):
        return raw
    made = dict(raw)
    if isinstance(raw.get("questions"), list | tuple):
        made["questions"] = [
            _question(one, lists, (*place, "questions", position), wrong)
            for position, one in enumerate(raw["questions"])
        ]
    if isinstance(named := raw.get("choices"), str):
        made["choices"] = lists.get(named, PLACEHOLDER)
        if named not in lists:
            wrong.append(_no_list(raw.get("name"), named, lists, place))
    if "points" in raw:
        made.pop("points")
        found = _wrong_points(raw["points"], raw.get("name"), (*place, "points"))
        wrong.extend(found)
        own = made.get("choices", ())
        if isinstance(own, list | tuple):
            made["choices"] = [*(PLACEHOLDER if found else _points(raw["points"])), *own]
    return made


def _no_list(question: Any, named: str, lists: Mapping[str, Any], place: Place) -> Misfit:
    known = [str(one) for one in lists]
    nearest = get_close_matches(named, known, n=1)
    remedy = (
        f"是不是 {nearest[0]}？(did you mean {nearest[0]}?)"
        if nearest
        else f"请在 choice_lists 里写上它；现有 {'、'.join(known) or '无'}。(add it there)"
    )
    return Misfit(
        (*place, "choices"),
        f"choices of {question} names the list {named!r}, which is not in "
        f"choice_lists ({', '.join(known) or 'there is none'})",
        f"choice_lists 里没有 {named}。",
        remedy,
    )


def _wrong_points(given: Any, name: Any, place: Place) -> list[Misfit]:
    shape = "请写成 points: {from: 0, to: 10, labels: {0: {zh: ...}, 10: {zh: ...}}}。"
    if not isinstance(given, dict) or not {"from", "to"} <= set(given) <= {"from", "to", "labels"}:
        said = f"points of {name} takes {{from: 0, to: 10, labels: {{...}}}}"
        return [Misfit(place, said, "points 写得不对。", shape)]
    low, high, labels = given["from"], given["to"], given.get("labels") or {}
    if not (_whole(low) and _whole(high) and 1 <= high - low < MOST_POINTS):
        said = f"points of {name}: from and to are whole numbers, from below to"
        zh = f"from 和 to 应为整数，from 小于 to，最多 {MOST_POINTS} 点。"
        return [Misfit((*place, "from"), said, zh, shape)]
    if not isinstance(labels, dict):
        said = f"points of {name}: labels are for numbers from {low} to {high}"
        return [Misfit((*place, "labels"), said, "labels 应为“数字: 文字”。", shape)]
    return [
        Misfit(
            (*place, "labels", point),
            f"points of {name}: labels are for numbers from {low} to {high}",
            f"{point!r:.40} 不是 {low} 到 {high} 之间的数字。",
            shape,
        )
        for point in labels
        if not _whole(point) or not low <= point <= high
    ]


def _points(given: dict[str, Any]) -> list[dict[str, Any]]:
    labels = given.get("labels") or {}
    return [
        {"code": point, "text": _numbered(point, labels.get(point))}
        for point in range(given["from"], given["to"] + 1)
    ]


def _numbered(point: int, label: Any) -> Any:
    if not isinstance(label, dict):
        return {"zh": str(point)} if label is None else label
    return {language: f"{point} {words}" for language, words in label.items()}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
