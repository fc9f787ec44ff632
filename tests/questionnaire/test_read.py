"""Definition files: every fault with its line, and hashes that change when they must."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire, version_hash

Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def definition(root: Path) -> str:
    path = root / "questionnaires/residents/questionnaire.yaml"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def version(root: Path) -> str:
    return version_hash(read_questionnaire(root / "questionnaires/residents/questionnaire.yaml"))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "questionnaire.yaml"
    path.write_bytes(text.encode(encoding))
    return path


def line_of(text: str, part: str) -> int:
    assert text.count(part) == 1
    return text[: text.index(part)].count("\n") + 1


def refusal(folder: Path, text: str, encoding: str = "utf-8") -> str:
    with pytest.raises(QuestionnaireError) as refused:
        read_questionnaire(written(folder, text, encoding))
    return str(refused.value)


def test_all_faults_of_a_file_are_said_together_with_their_lines(
    tmp_path: Path, definition: str
) -> None:
    text = definition.replace("max_choices: 3", "max_choises: 3").replace("minutes: 8\n", "")
    message = refusal(tmp_path, text.replace("decimals", "x"))
    line = line_of(text, "max_choises")
    assert "2 处有误 (2 faults)" in message
    assert f"第 {line} 行 (line {line})" in message
    assert (
        "q14.max_choises: 没有这个键。(Extra inputs are not permitted: 3) 是不是 max_choices"
        in message
    )
    assert "minutes: 缺少这一项。(Field required) 请补上这一项" in message


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        ("type: number", "type: numbr", "type: numbr", "是不是 number"),
        ("        type: number\n", "", "- name: q06", "请写明 type"),
        ("minimum: 0", "minimum: 很少", "minimum: 很少", "应为数字。"),
        ("- name: q06", "- name: Q 6", "- name: Q 6", "String should match pattern"),
        ("unfavourable: [2, 3]\n          claim:\n            zh: 过去", "unfavourable: [2, 7]\n"
         "          claim:\n            zh: 过去", "unfavourable: [2, 7]", "names [7]"),
        ("value: 0.40", "value: 40", "value: 40", "less than or equal to 1"),
    ],
)  # fmt: skip
def test_a_fault_is_said_at_its_line(
    tmp_path: Path, definition: str, old: str, new: str, at: str, sentence: str
) -> None:
    assert definition.count(old) == 1
    text = definition.replace(old, new)
    message = refusal(tmp_path, text)
    line = line_of(text, at)
    assert f"第 {line} 行 (line {line})" in message
    assert sentence in message


def test_what_is_no_yaml_is_said_at_its_line(tmp_path: Path, definition: str) -> None:
    text = definition.replace("minutes: 8", "minutes: [8")
    assert "YAML:" in refusal(tmp_path, text)
    twice = definition.replace("minutes: 8", "minutes: 8\nminutes: 9")
    message = refusal(tmp_path, twice)
    line = line_of(definition, "minutes: 8") + 1
    assert f"line {line}" in message
    assert "duplicate key" in message
    message = refusal(tmp_path, definition.replace("zh: 您的性别", "zh: 您的性\x07别"))
    assert f"line {line_of(definition, 'zh: 您的性别')}): YAML: 不能出现的字符 U+0007" in message


def test_files_that_cannot_be_read_are_refused_in_words(tmp_path: Path, definition: str) -> None:
    with pytest.raises(QuestionnaireError, match="找不到文件"):
        read_questionnaire(tmp_path / "none.yaml")
    assert "不是 UTF-8 编码" in refusal(tmp_path, definition, "gb18030")
    assert "line 1" in refusal(tmp_path, "")
    assert "line 1" in refusal(tmp_path, "- a\n- b\n")


def test_notepads_byte_order_mark_and_line_ends_do_no_harm(
    tmp_path: Path, definition: str, version: str
) -> None:
    marked = read_questionnaire(written(tmp_path, "\ufeff" + definition.replace("\n", "\r\n")))
    assert version_hash(marked) == version


SEEN: list[tuple[str, Edit]] = [
    ("a wording", lambda t: t.replace("您的性别", "您的性别是")),
    ("an English wording", lambda t: t.replace("en: Your sex", "en: Your gender")),
    ("a code", lambda t: t.replace("{code: 4, name: a65", "{code: 5, name: a65")),
    ("an export name", lambda t: t.replace("name: a65", "name: old")),
    ("a route", lambda t: t.replace('{"=": [q03, 1]}', '{"=": [q03, 2]}')),
    ("a range", lambda t: t.replace("maximum: 31", "maximum: 30")),
    ("a hint", lambda t: t.replace("按您自己看到的情况回答。", "按情况回答。")),
    ("the consent", lambda t: t.replace("2027年12月31日", "2029年12月31日")),
]
UNSEEN: list[tuple[str, Edit]] = [
    ("a comment", lambda t: "# 备注\n" + t),
    ("a standard", lambda t: t.replace("value: 0.40", "value: 0.45")),
    ("a decision", lambda t: t.replace("是否设定兑现时限并公开", "是否设定兑现时限")),
    ("a domain", lambda t: t.replace("        domain: true\n", "", 1)),
]


@pytest.mark.parametrize("edit", [e for _, e in SEEN], ids=[name for name, _ in SEEN])
def test_what_respondents_see_changes_the_version(
    tmp_path: Path, definition: str, version: str, edit: Edit
) -> None:
    assert edit(definition) != definition
    assert version_hash(read_questionnaire(written(tmp_path, edit(definition)))) != version


@pytest.mark.parametrize("edit", [e for _, e in UNSEEN], ids=[name for name, _ in UNSEEN])
def test_what_they_do_not_see_keeps_it(
    tmp_path: Path, definition: str, version: str, edit: Edit
) -> None:
    assert edit(definition) != definition
    assert version_hash(read_questionnaire(written(tmp_path, edit(definition)))) == version


def test_a_questionnaire_survives_json_with_its_version(questionnaire: Questionnaire) -> None:
    again = Questionnaire.model_validate_json(questionnaire.model_dump_json())
    assert again == questionnaire
    assert version_hash(again) == version_hash(questionnaire)


HEAD = """\
survey: s
title: {zh: 某}
population: {zh: 某}
respondents: {zh: 某}
minutes: 5
mode: {zh: 某}
commissioned_by: {zh: 某}
conducted_by: {zh: 某}
simulated: true
limitation: {zh: 某}
introduction: {zh: 某}
choice_lists:
  agree: [{code: 1, text: {zh: 同意}}, {code: 2, text: {zh: 不同意}}]
sections:
  - title: {zh: 一}
    questions:
"""
GOOD = """\
      - {name: q1, type: single_choice, text: {zh: 甲}, choices: agree}
      - {name: q2, type: number, text: {zh: 乙}}
"""


def faults(folder: Path, questions: str, head: str = HEAD) -> list[str]:
    return refusal(folder, head + GOOD + questions).splitlines()[1:]


def test_contradictions_are_told_together_with_faults_of_fields(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """\
      - {name: q3, type: numbr, text: {zh: 丙}}
      - {name: q2, type: number, text: {zh: 丁}}
      - {name: q5, type: number, text: {zh: 戊}, show_if: {"=": [q11, 1]}}
      - {name: q6, type: number, text: {zh: 己}, show_if: {"=": [q7, 1]}}
      - {name: q7, type: single_choice, text: {zh: 庚}, choices: agre}
      - {name: q8, type: scale, text: {zh: 辛}, choices: agree, battery: b}
      - {name: q9, type: number, text: {zh: 壬}, show_if: {"=": [q3, 1]}}
""",
        HEAD.replace("minutes: 5", "minutes: 五"),
    )
    said = [one.split("): ")[0] if "): " in one else one for one in found]
    lines = [int(one.split("(line ")[1].split(")")[0]) for one in found]
    assert lines == [5, 19, 20, 21, 23, 24], said
    for one, part in zip(
        found,
        ["minutes: 应为整数", "是不是 number", "题目名 q2 用了两次", "没有 q11 这道题", "是不是 agree",
         "batteries 里没有 b"],
        strict=True,
    ):  # fmt: skip
        assert part in one
    assert "另见第 18 行" in found[2]
    # q7 and q3 have faults of their own: nothing is said of who reads them


def test_a_block_without_a_name_keeps_unknown_names_quiet(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """\
      - {nmae: q3, type: number, text: {zh: 丙}}
      - {name: q4, type: number, text: {zh: 戊}, show_if: {"=": [q3, 1]}}
""",
    )
    assert [one.split("): ")[0].split(", ")[1].split(":")[0] for one in found] == [
        "sections[1].questions[3].name", "sections[1].questions[3].nmae",
    ]  # fmt: skip
    assert "是不是 name" in found[1]


def test_faults_of_a_shared_list_are_told_once_where_it_stands(tmp_path: Path) -> None:
    head = HEAD.replace("{code: 2,", "{code: 1,")
    found = faults(
        tmp_path, "      - {name: q3, type: scale, text: {zh: 丙}, choices: agree}\n", head
    )
    assert len(found) == 1
    assert "line 13" in found[0]
    assert "编码 1 用了两次" in found[0]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("points: {from: 5, to: 1}", "from 小于 to"),
        ("points: {from: 1, to: 5, labels: {9: {zh: 好}}}", "9 不是 1 到 5 之间"),
        ("points: [1, 5]", "points 写得不对"),
        ("points: {from: 1, to: 5, labels: [1]}", "labels 应为"),
        ("choices: 5", "应为列表"),
        ("choices: [1, 2]", "应为“键: 值”"),
        ("choices: {a: b}", "应为列表"),
        ("points: {from: 1, to: 3}, measure: {problem: A1.1, unfavourable: [7], claim: {zh: 坏}}", "可用的编码：1、2、3"),
        ("points: {from: 1, to: 3}, show_if: q1", "条件写得不对"),
        ("points: {from: 1, to: 3}, show_if: {and: []}", "条件写得不对"),
        ("points: {from: 1, to: 3}, silence: [x]", "应为“键: 值”"),
        ("points: {from: 1, to: 3}, checks: {a: 1}", "应为列表"),
    ],
)  # fmt: skip
def test_wrong_shapes_are_told_at_their_line(tmp_path: Path, question: str, part: str) -> None:
    found = faults(tmp_path, f"      - {{name: q3, type: scale, text: {{zh: 丙}}, {question}}}\n")
    assert part in found[0]
    assert "line 19" in found[0]
    assert len(found) == 1 or "[" in question


@pytest.mark.parametrize(("word", "meant"), [("单选题", "single_choice"), ("select_one", "single_choice"),
                                             ("日期", "date"), ("matirx", "matrix")])  # fmt: skip
def test_words_of_other_systems_are_understood(tmp_path: Path, word: str, meant: str) -> None:
    assert meant in faults(tmp_path, f"      - {{name: q3, type: {word}, text: {{zh: 丙}}}}\n")[0]
