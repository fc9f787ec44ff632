"""Drafts as YAML that a person reads and edits: short things on one line, guesses marked."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.source import Source

FLOW_WIDTH = 90
GUESSED = "猜测："
_HEAD = """\
# 由 diaoyan new 根据数据文件生成，请对照原问卷核对；标有“猜测”的地方是推断出来的。
# 题目文字、选项、题型都可以改；改后运行 diaoyan check。答案在文件的哪一列，写在
# data/raw/<调查>/<轮次>/source.yaml。
"""
_SOURCE_HEAD = """\
# 本轮文件怎样读，由 diaoyan new 生成，可以改。questions 写每道题的答案在哪一列。
# design 写样本怎样抽取：kind 为 undecided（尚未说明）、open（非概率样本）或 probability（概率样本）；
# 只有 probability 才给误差。weight、strata、clusters、fpc 写列名。
"""


def questionnaire_text(questionnaire: Questionnaire, guessed: Mapping[str, Sequence[str]]) -> str:
    """Return a questionnaire as YAML; above each question stands what was guessed of it."""
    tree = _shown(questionnaire)
    for section in tree["sections"]:
        questions = section["questions"]
        for place, question in enumerate(questions):
            if sentences := guessed.get(question["name"]):
                said = "\n".join(GUESSED + " ".join(one.split()) for one in sentences)
                questions.yaml_set_comment_before_after_key(place, before=said, indent=6)
    return _HEAD + _dumped(tree)


def source_text(source: Source) -> str:
    """Return the description of a source as YAML."""
    return _SOURCE_HEAD + _dumped(_shown(source, whole=("design",)))


def _dumped(tree: CommentedMap) -> str:
    yaml = YAML()
    yaml.width = 10_000  # a wrapped flow mapping is harder to edit than a long line
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _shown(model: BaseModel, whole: Sequence[str] = ()) -> CommentedMap:
    """Return what differs from the defaults; the parts named in `whole` are written out."""
    content = model.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    for name in whole:
        content[name] = getattr(model, name).model_dump(mode="json")
    return _tree(content)


def _tree(value: Any) -> Any:
    """Return the value as commented collections; small ones without collections inside in a row."""
    if isinstance(value, dict):
        first = [name for name in ("name", "type", "code") if name in value]
        order = [*first, *(name for name in value if name not in first)]
        made: CommentedMap | CommentedSeq = CommentedMap(
            (name, _tree(value[name])) for name in order
        )
    elif isinstance(value, list):
        made = CommentedSeq(_tree(one) for one in value)
    else:
        return value
    if _is_short(value):
        made.fa.set_flow_style()
    return made


def _is_short(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    nested = [part for part in parts if isinstance(part, dict | list)]
    deep = any(
        isinstance(inner, dict | list)
        for part in nested
        for inner in (part.values() if isinstance(part, dict) else part)
    )
    many = isinstance(value, list) and len(nested) > 0
    return not deep and not many and len(str(value)) <= FLOW_WIDTH
