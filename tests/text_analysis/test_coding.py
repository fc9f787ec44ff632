from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.errors import SurveyError
from pipeline.text_analysis.coding import Codeframe, code, is_noncommittal, read_codeframe
from pipeline.text_analysis.segment import Segmenter

FRAME = """
themes:
  - code: paperwork
    name: {zh: 填表多, en: Paperwork}
    problem: A1.4
    include: [填表, 台账]
    patterns: ['重复.{0,3}报']
    exclude: ['不用填表']
    supports: ['太多', '重复']
    contradicts: ['少了']
  - code: roads
    name: {zh: 修路}
    include: [路]
noncommittal: ['领导说了算。?']
"""


@pytest.fixture
def frame(tmp_path: Path) -> Codeframe:
    path = tmp_path / "codeframe.yaml"
    path.write_text(FRAME, encoding="utf-8")
    return read_codeframe(path)


@pytest.fixture(scope="module")
def cutter() -> Segmenter:
    return Codeframe.model_validate(YAML(typ="safe").load(FRAME)).segmenter(("公路灯会",))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("填表太多，路也不好", {"paperwork": "include:填表", "roads": "include:路"}),
        ("台账和填表", {"paperwork": "include:填表"}),
        ("重复上报", {"paperwork": "pattern:重复.{0,3}报"}),
        ("现在不用填表了", {}),
        ("别的事", {}),
        ("公路灯会好看", {}),
        ("高速公路通了", {}),
        ("公路边的路坏了", {"roads": "include:路"}),
    ],
)
def test_a_text_is_coded_with_the_rule_that_fired(frame, cutter, text, rules):
    coded = code(text, frame, cutter)
    assert dict(coded.rules) == rules
    assert coded.usable


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("填表太多", "supports"),
        ("填表少了", "contradicts"),
        ("填表重复，但少了", ""),
        ("填表", ""),
    ],
)
def test_the_stance_of_a_passage(frame, text, stance):
    assert frame.themes[0].stance(text) == stance


def test_without_patterns_of_support_a_theme_confirms(frame):
    assert frame.themes[1].stance("路") == "supports"


@pytest.mark.parametrize(
    "text",
    ["无", "没有", "没有。", "没有意见", "暂无", "不知道！", "说不清", "……", "", "  ", "123", "N/A", "none", "都挺好的",
     "没什么特别的要求", "领导说了算。", "无，", "没 有",
     "没有什么意见", "没意见，满意", "谢谢", "谢谢领导！", "无无无", "没想好", "还没想好。", "目前没有", "我没有任何建议", "挺好的，谢谢"],
)  # fmt: skip
def test_answers_without_substance(frame, cutter, text):
    assert is_noncommittal(text, frame.noncommittal)
    assert not code(text, frame, cutter).usable


@pytest.mark.parametrize(
    "text",
    [
        "没有路灯",
        "没有医生",
        "无路可走",
        "不知道找谁办补贴",
        "好好修路",
        "没有意见箱",
        "路",
        "没人管",
        "无人机太吵",
        "看病",
        "没意见，就是路灯坏了",
        "谢谢修路",
        "没有什么医生",
        "无无人机",
        "希望不要再组织活动",
    ],
)
def test_answers_with_substance(frame, text):
    assert not is_noncommittal(text, frame.noncommittal)


HAS = Codeframe.model_validate(
    {"themes": [{"code": "a", "name": {"zh": "甲"}, "include": ["有"]}]}
)


@given(text=st.text(alphabet="有无没路灯，1a", max_size=12))
def test_every_answer_is_either_usable_or_coded_with_nothing(cutter, text):
    coded = code(text, HAS, cutter)
    assert coded.usable or not coded.rules


def test_the_segmenter_of_a_frame_knows_its_words_once():
    frame = Codeframe.model_validate(
        {
            "themes": [
                {"code": "a", "name": {"zh": "甲"}, "include": ["重复填表", "填表"]},
                {"code": "b", "name": {"zh": "乙"}, "include": ["填表"]},
            ]
        }
    )
    own = frame.segmenter(("三会一课",))
    assert (own.lexicon, own.terms) == (("三会一课",), ("重复填表", "填表"))
    assert set(code("又是重复填表", frame, own).rules) == {"a", "b"}


def test_an_empty_frame_is_in_order(tmp_path: Path):
    path = tmp_path / "codeframe.yaml"
    path.write_text("themes: []\n", encoding="utf-8")
    frame = read_codeframe(path)
    assert dict(code("填表", frame, frame.segmenter()).rules) == {}


def test_faults_of_a_frame_are_said_together_with_their_lines(tmp_path: Path):
    path = tmp_path / "codeframe.yaml"
    path.write_text(
        "themes:\n"
        "  - {code: a, name: {zh: 甲}, patterns: ['(']}\n"
        "  - {code: b, name: {zh: 乙}, problem: B9, include: [乙]}\n"
        "  - {code: c, name: {zh: 丙}, patterns: ['x*']}\n"
        "  - {code: d, name: {zh: 丁}}\n"
        "  - {code: e, name: {zh: 戊}, include: [戊], colour: red}\n",
        encoding="utf-8",
    )
    with pytest.raises(SurveyError) as told:
        read_codeframe(path)
    message = str(told.value)
    assert "5 处有误" in message
    for part in ("line 2", "line 3", "line 4", "line 5", "line 6", "regular expression", "colour"):
        assert part in message


def test_codes_are_told_apart():
    theme = {"code": "a", "name": {"zh": "甲"}, "include": ["甲"]}
    with pytest.raises(ValueError, match="used twice: a"):
        Codeframe.model_validate({"themes": [theme, theme]})


@pytest.mark.parametrize(
    ("text", "elderly"),
    [
        ("养老金高一点", False),
        ("养老保险交得多", False),
        ("养老没人管", True),
        ("建个养老院，养老金也高一点", True),
    ],
)
def test_a_pension_is_no_care(root: Path, text: str, elderly: bool):
    frame = read_codeframe(root / "questionnaires/residents/codeframe.yaml")
    assert ("elderly" in code(text, frame, frame.segmenter()).rules) == elderly
