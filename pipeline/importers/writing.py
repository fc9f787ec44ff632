"""An imported questionnaire as YAML that a person reads on and edits.

What is not said has its default; lists that questions share are written once; above each question
stands what was mended or lost of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.documents.yaml import dumped, say_before, tree_of
from pipeline.importers.imported import Imported
from pipeline.questionnaire.questions import Choice
from pipeline.questionnaire.shorthand import MOST_POINTS

HEAD = """\
# 由 diaoyan import 从别处的问卷生成，请对照原问卷核对。
# 题目上方的说明，是修补过、猜测或没能带过来的内容。
# 写着“待填写”的地方请补上；改后运行 diaoyan check，再用 diaoyan form 生成各种表单。
"""
LARGEST_PLAIN = 10**15
"""Larger floats are written as they are, not as whole numbers."""


def questionnaire_yaml(imported: Imported) -> str:
    """Return the questionnaire as YAML; `read_questionnaire` reads it back as an equal one."""
    questionnaire = imported.questionnaire
    content = _readable(
        questionnaire.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    )
    content["languages"] = list(questionnaire.languages)  # the default surprises where one is zh
    lists = {
        name: _readable([one.model_dump(mode="json", exclude_defaults=True) for one in choices])
        for name, choices in questionnaire.choice_lists.items()
    }
    for section in content["sections"]:
        section["questions"] = [_shorter(one, lists) for one in section["questions"]]
    tree = tree_of(_in_order(content))
    for section in tree["sections"]:
        questions = section["questions"]
        for place, question in enumerate(questions):
            if sentences := imported.remarks.get(question["name"]):
                say_before(questions, place, list(sentences), indent=6)
    return HEAD + dumped(tree)


def _in_order(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content with the sections last, for they are long."""
    return {key: content[key] for key in content if key != "sections"} | {
        "sections": content["sections"]
    }


def _readable(value: Any) -> Any:
    """Return whole numbers without a point, and a text of no words as one that can be read."""
    match value:
        case dict():
            return {key: _readable(one) for key, one in value.items()} or {"zh": ""}
        case list():
            return [_readable(one) for one in value]
        case float() if value.is_integer() and abs(value) < LARGEST_PLAIN:
            return int(value)
    return value


def _shorter(question: dict[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question that names its list of choices, or the ends of its numbers."""
    made = dict(question)
    if "questions" in made:
        made["questions"] = [_shorter(one, lists) for one in made["questions"]]
    choices = made.get("choices")
    if not isinstance(choices, list):
        return made
    if (count := _leading_points(choices)) > 2:
        points = {"from": choices[0]["code"], "to": choices[count - 1]["code"]}
        rest = {"choices": choices[count:]} if choices[count:] else {}
        made.pop("choices")
        return made | {"points": points} | rest
    named = next((name for name, listed in lists.items() if listed == choices), None)
    return made | {"choices": named} if named else made


def _leading_points(choices: Sequence[Mapping[str, Any]]) -> int:
    """Return how many choices at the beginning are bare numbers that rise by one."""
    first = choices[0]["code"]
    count = 0
    for at, choice in enumerate(choices[:MOST_POINTS]):
        bare = {"code": first + at, "text": {"zh": str(first + at)}}
        if choice != bare:
            break
        count += 1
    return count


def bare_points(low: int, high: int) -> tuple[Choice, ...]:
    """Return one choice per number, as a scale without words has them."""
    return tuple(Choice.model_validate({"code": at, "text": {"zh": str(at)}})
                 for at in range(low, high + 1))  # fmt: skip
