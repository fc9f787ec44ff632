"""Drafts as YAML that a person reads and edits: short things on one line, guesses marked."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from pipeline.documents.yaml import dumped, say_before, tree_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.source import Source

GUESSED = "猜测："
_HEAD = """\
# 由 diaoyan new 根据数据文件生成，请对照原问卷核对；标有“猜测”的地方是推断出来的。
# 题目文字、选项、题型都可以改；改后运行 diaoyan check。答案在文件的哪一列，写在
# data/raw/<调查>/<轮次>/source.yaml。
"""
_SOURCE_HEAD = """\
# 本轮文件怎样读，由 diaoyan new 生成，可以改。questions 写每道题的答案在哪一列。
# design 写样本怎样抽取：kind 为 undecided（尚未说明）、open（非概率样本）或 probability（概率），
# 只有 probability 才给误差。weight、strata、clusters、fpc 写列名。
"""


def questionnaire_text(questionnaire: Questionnaire, guessed: Mapping[str, Sequence[str]]) -> str:
    """Return a questionnaire as YAML; above each question stands what was guessed of it."""
    tree = tree_of(_shown(questionnaire))
    for section in tree["sections"]:
        questions = section["questions"]
        for place, question in enumerate(questions):
            if sentences := guessed.get(question["name"]):
                say_before(questions, place, [GUESSED + one for one in sentences], indent=6)
    return _HEAD + dumped(tree)


def source_text(source: Source) -> str:
    """Return the description of a source as YAML."""
    content = _shown(source) | {"design": source.design.model_dump(mode="json")}
    for stands in content["questions"].values():
        if "ticks" in stands:  # JSON knows no numbers as keys; people need no quotes
            stands["ticks"] = {int(code): header for code, header in stands["ticks"].items()}
    return _SOURCE_HEAD + dumped(tree_of(content))


def _shown(model: BaseModel) -> dict[str, Any]:
    """Return what differs from the defaults."""
    return model.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
