"""Questionnaires as offices type them: 32 questions of many shapes, fictitious."""

from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.importers.imported import Imported
from pipeline.importers.plain_text import read
from pipeline.importers.written_notes import Notes, goal_of, taken
from pipeline.importers.written_options import split, with_words
from pipeline.questionnaire.blocks import Block, Matrix, Note
from pipeline.questionnaire.expressions import Not, compared
from pipeline.questionnaire.questions import (
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)
from tests.importers.laws import written_and_read

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def imported() -> Imported:
    return read(HERE / "questionnaire.txt", "trial")


@pytest.fixture(scope="module")
def blocks(imported: Imported) -> dict[str, Block]:
    return {block.name: block for block in imported.questionnaire.blocks}


def test_every_question_has_its_type(blocks: dict[str, Block]) -> None:
    kinds = {name: type(block) for name, block in blocks.items() if not isinstance(block, Note)}
    expected: dict[str, type] = {f"q{n:02}": SingleChoice for n in range(1, 33) if n != 4}
    expected |= {"q04_1": Number, "q04_2": Number, "q14": Moment, "q13": Matrix, "q11": Ranking}
    expected |= {f"q{n:02}": Number for n in (2, 8, 15, 25, 26, 27)}
    expected |= {f"q{n:02}": MultipleChoice for n in (6, 9, 18)}
    expected |= {f"q{n:02}": Scale for n in (10, 20, 28)}
    expected |= {f"q{n:02}": OpenEnded for n in (16, 24, 29, 32)}
    assert kinds == expected


def test_head_sections_and_notes(imported: Imported, tmp_path: Path) -> None:
    questionnaire = imported.questionnaire
    assert questionnaire.title.zh == "示例县农村公共服务满意度调查问卷"
    assert questionnaire.introduction.zh.startswith("尊敬的村民")
    assert [s.title.zh for s in questionnaire.sections] == ["基本情况", "第二部分 公共服务"]
    assert [b.text.zh for b in questionnaire.blocks if isinstance(b, Note)] == [
        "以下问题请按实际情况回答。"
    ]
    text = written_and_read(imported, tmp_path)
    assert text.splitlines()[0].startswith("# 由 diaoyan import")


def labels(block: Block) -> list[str]:
    assert isinstance(block, ChoiceQuestion)
    return [choice.text.zh for choice in block.choices]


def test_choices(blocks: dict[str, Block]) -> None:
    assert labels(blocks["q01"]) == ["男", "女"]
    assert labels(blocks["q03"]) == ["小学及以下", "初中", "高中/中专", "大专及以上"]
    assert labels(blocks["q06"]) == ["种植", "养殖", "务工", "其他"]
    assert labels(blocks["q17"]) == ["自来水", "井水", "其他"]
    assert labels(blocks["q18"]) == ["村卫生室", "乡镇卫生院", "县医院", "自己买药"]
    assert labels(blocks["q19"]) == ["找过", "没有找过"]
    assert labels(blocks["q21"]) == ["有", "没有"]
    assert labels(blocks["q30"]) == ["村干部", "驻村工作队", "亲戚朋友"]
    six, nine, eighteen = blocks["q06"], blocks["q09"], blocks["q18"]
    assert isinstance(six, MultipleChoice)
    assert six.choices[3].specify
    assert isinstance(nine, MultipleChoice)
    assert (nine.max_choices, nine.choices[3].exclusive) == (3, True)
    assert isinstance(eighteen, MultipleChoice)
    assert eighteen.max_choices == 2
    asked = blocks["q23"]
    assert isinstance(asked, SingleChoice)
    assert [c.missing for c in asked.choices] == [None, None, "dont_know"]


def test_scales_rise_and_numbers_have_units(blocks: dict[str, Block]) -> None:
    ten, age, road = blocks["q10"], blocks["q02"], blocks["q25"]
    assert isinstance(ten, Scale)
    assert [(c.code, c.missing) for c in ten.choices] == [
        (5, None),
        (4, None),
        (3, None),
        (2, None),
        (1, None),
        (6, "dont_know"),
    ]
    assert isinstance(age, Number)
    assert (age.unit.zh, age.text.zh, age.decimals) == ("岁", "您的年龄", 0)
    assert isinstance(road, Number)
    assert (road.unit.zh, road.decimals) == ("公里", 2)
    matrix = blocks["q13"]
    assert isinstance(matrix, Matrix)
    assert [item.text.zh for item in matrix.items] == ["服务态度", "办事效率"]
    assert [choice.code for choice in matrix.choices] == [5, 4, 3, 2, 1]
    assert matrix.required is True


def test_skips_hide_what_is_skipped(imported: Imported, blocks: dict[str, Block]) -> None:
    shown = {name: block.show_if for name, block in blocks.items()}
    assert shown["q08"] == shown["q09"] == Not(compared("q07", "=", 2))
    assert shown["q13"] == compared("q12", "=", 1)
    assert shown["q20"] == Not(compared("q19", "=", 2))
    assert shown["q22"] == Not(compared("q21", "=", 2))
    for name in ("q07", "q10", "q14", "q21", "q23"):
        assert shown[name] is None
    (ended,) = imported.questionnaire.screen_outs
    assert ended.when == compared("q31", "=", 2)


def test_guesses_are_told(imported: Imported) -> None:
    assert imported.lost == ()
    for told in (
        "q10：猜测",
        "q30：猜测：选项前没有标号",
        "q02：猜测：空格后是“岁”",
        "没有注明单选还是多选",
    ):
        assert any(told in one for one in imported.repairs), told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_any_chinese_encoding(encoding: str, imported: Imported, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text((HERE / "questionnaire.txt").read_text(encoding="utf-8"), encoding=encoding)
    assert read(path, "trial").questionnaire == imported.questionnaire


def test_chinese_numerals_ask_where_no_others_do(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "关于住房的调查\n一、您的住房是（ ）\n1. 自有\n2. 租住\n3. 其他\n二、您满意吗？\nA满意 B一般 C不满意\n三、您的职业\n",
        encoding="utf-8",
    )
    questions = read(path, "trial").questionnaire.questions
    assert [(q.name, q.type) for q in questions] == [
        ("q01", "single_choice"),
        ("q02", "scale"),
        ("q03", "open_ended"),
    ]


def test_skips_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "1. 您去过吗？\nA. 去过（跳至第9题）\nB. 没有（跳至第1题）\n2. （第8题选A的回答）为什么？\n3. 您去过县里吗？（选X的跳至第4题） A. 去过 B. 没有\n4. 意见？\n",
        encoding="utf-8",
    )
    imported = read(path, "trial")
    assert all(question.show_if is None for question in imported.questionnaire.questions)
    assert len(imported.lost) == 4


@pytest.mark.parametrize(
    "text", ["", "只有一段话，没有题目。\n另一段话。", "\x00\x01" * 50, "一、标题\n二、标题"]
)
def test_no_question_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError):
        read(path, "trial")


def test_instructions() -> None:
    notes = Notes()
    assert (
        taken("您喜欢哪些（可多选，最多选3项）[必答]（含网上）", notes) == "您喜欢哪些（含网上）"
    )
    assert (notes.many, notes.most, notes.required) == (True, 3, True)
    assert goal_of("否（请跳至第12题）") == ("否", "12")
    assert goal_of("否 →Q5") == ("否", "5")
    assert goal_of("跳舞") == ("跳舞", None)
    assert goal_of("不同意（结束问卷）") == ("不同意", "")
    found = split("A.维生素B群 B.钙片")
    assert found is not None
    assert found.options == ((1, "维生素B群"), (2, "钙片"))
    assert with_words("其他，请说明：____") == ("其他", True)
    assert with_words("其他") == ("其他", False)
