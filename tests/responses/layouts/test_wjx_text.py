"""问卷星 按文本: questions are found by their texts, choices by theirs."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.decode import Decoded, decode
from pipeline.responses.layouts.recognise import locate as located
from pipeline.responses.layouts.wjx_text import locate
from pipeline.responses.read import read_table
from pipeline.responses.table import RawTable
from tests.responses.made import workbook

FILE = Path("export.xlsx")
SOURCE = str(FILE)
ABOUT = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "uid", "version"]
QUESTIONS = ["1、参加过吗？", "2、满意吗？", "3、哪些？", "4、几次？", "5、为什么？"]
SITE = ["微信", "N/A", "183.192.16.69(上海-上海)"]
ANSWERED = ["是", "第4级", "甲┋丙", "3", "路远"]


def decoded(folder: Path, questionnaire: Questionnaire, rows: list[list[object]]) -> Decoded:
    """Decode rows of answers; what stands before them is the same for all."""
    about = ["2026/9/3 14:22:55", "136秒", *SITE, "jia-01-2", ""]
    table = [[n, *about, *row] for n, row in enumerate(rows, start=1)]
    delivered = read_table(workbook(folder, [[*ABOUT, *QUESTIONS], *table]))
    return decode(delivered, located(delivered, questionnaire), questionnaire)


@pytest.mark.parametrize(
    "headers",
    [
        QUESTIONS,
        ["1、参加过吗？ ", "2、满意吗? (单选题 *必答)", "3、哪些？[多选题]", "7、几次？", "9、 为什么？"],
        ["1.参加过吗？（单选）", "2、满意 吗？", "3、哪些？*", "4、几次？【填空题】", "5、为什么？"],
    ],
)  # fmt: skip
def test_questions_are_found_by_their_text(
    headers: list[str], questionnaire: Questionnaire
) -> None:
    layout = locate(SOURCE, [*ABOUT, *headers], questionnaire)
    assert list(layout.questions.values()) == headers
    assert layout.key == "序号"
    assert layout.fields["person"] == "uid"
    assert layout.constants["mode"] == "cawi"


def test_the_number_tells_columns_of_one_text_apart(questionnaire: Questionnaire) -> None:
    headers = [*ABOUT, *QUESTIONS, "6、满意吗？", "8、满意吗？"]
    assert locate(SOURCE, headers, questionnaire).questions["q2"] == "2、满意吗？"
    with pytest.raises(ResponseError, match="有多个列是这道题"):
        locate(SOURCE, [h for h in headers if h != "2、满意吗？"], questionnaire)


def test_a_question_may_name_its_column(questionnaire: Questionnaire) -> None:
    changed = questionnaire.model_dump(mode="json")
    changed["sections"][0]["questions"][1]["column"] = "2、您满意吗"
    named = Questionnaire.model_validate(changed)
    headers = [h if h != "2、满意吗？" else "2、您满意吗" for h in [*ABOUT, *QUESTIONS]]
    assert locate(SOURCE, headers, named).questions["q2"] == "2、您满意吗"


def test_all_questions_not_found_are_told_with_near_ones(questionnaire: Questionnaire) -> None:
    headers = [*ABOUT, "1、参加过没有？", "2、满意吗？", "3、哪些？", "4、次数", "5、为什么？"]
    with pytest.raises(ResponseError) as refused:
        locate(SOURCE, headers, questionnaire)
    said = str(refused.value)
    assert "2 处有误" in said
    assert "q1: 找不到题目 '参加过吗？' 的列。相近的列有 '1、参加过没有？'" in said
    assert "'4、次数'" in said
    first, second = said.splitlines()[1:]
    assert "多半是另一版问卷" in first
    assert "launches.csv" in first
    assert "column" in first
    assert "多半是另一版" not in second


def test_answers_are_told_by_their_texts(tmp_path: Path, questionnaire: Questionnaire) -> None:
    found = decoded(tmp_path, questionnaire, [ANSWERED])
    (row,) = found.responses.to_dict("records")
    assert (row["q1"], row["q2"], row["q4"], row["q3__1"], row["q3__2"]) == (1, 4, 3, 1, 0)
    assert (row["respondent"], row["raw_row"], row["person"]) == ("1", 2, "jia-01-2")
    assert (row["submitted"], row["seconds"]) == ("2026-09-03T14:22:55+08:00", 136)
    assert (row["mode"], row["language"]) == ("cawi", "zh")
    assert pd.isna(row["site"])
    assert found.verbatims.to_numpy().tolist() == [["1", "survey", "q5", "路远"]]


def test_what_was_not_shown_is_judged_by_the_routes(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    skipped = "(跳过)"
    rows = decoded(
        tmp_path,
        questionnaire,
        [
            ["否", skipped, "都没有", "０", skipped],
            ["是", skipped, skipped, "NULL", "(空)"],
            ["否", "第5级", "丙", "2", "无"],
            ["不愿回答", skipped, "", "", ""],
        ],
    ).responses
    assert rows["q2__missing"].tolist() == ["not_asked", "no_answer", "", "not_asked"]
    assert rows["q2"].iloc[2] == 5  # an answer to what was not asked stays, for validation
    assert rows["q4"].iloc[0] == 0
    assert rows["q4__missing"].tolist() == ["", "no_answer", "", "no_answer"]
    assert rows["q3__missing"].tolist() == ["", "no_answer", "", "no_answer"]
    assert rows["q1__missing"].tolist() == ["", "", "", "refused"]
    assert rows["undecoded"].tolist() == [""] * 4


def test_words_typed_beside_a_choice_are_an_open_answer(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    found = decoded(
        tmp_path,
        questionnaire,
        [
            ["是", "4分", "甲┋丙〖修路〗", "3", "好"],
            ["是【请注明】〖忘了〗", "说不清", "乙", "1", ""],
        ],
    )
    assert found.responses[["q1", "q3__3"]].to_numpy().tolist() == [[1, 1], [1, 0]]
    assert found.responses["q2"].tolist()[0] == 4
    assert found.responses["q2__missing"].tolist() == ["", "dont_know"]
    said = found.verbatims[["respondent", "question", "text"]].to_numpy().tolist()
    assert sorted(said) == [["1", "q3", "修路"], ["1", "q5", "好"], ["2", "q1", "忘了"]]


def test_a_text_that_is_no_choice_is_left_for_validation(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = decoded(
        tmp_path, questionnaire, [["有 时", "第1级", "甲┋选项 1", "3", ""], *[ANSWERED] * 3]
    ).responses
    assert rows["undecoded"].iloc[0] == "q1=有时; q3=选项1"
    assert rows["q3__1"].iloc[0] == 1


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("136秒", 136), ("2分16秒", 136), ("1小时0分5秒", 3605), ("５秒", 5), ("3分钟", 180)],
)
def test_durations_are_seconds(
    tmp_path: Path, questionnaire: Questionnaire, written: str, seconds: int
) -> None:
    row = [1, "2026-09-03 14:22", written, *SITE, "", "", *ANSWERED]
    delivered = read_table(workbook(tmp_path, [[*ABOUT, *QUESTIONS], row]))
    found = decode(delivered, located(delivered, questionnaire), questionnaire).responses
    assert found["seconds"].tolist() == [seconds]
    assert found["submitted"].tolist() == ["2026-09-03T14:22:00+08:00"]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["是", "否", "不愿回答"]),
        st.lists(st.sampled_from("甲乙丙"), unique=True, min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=5)
@given(ROWS)
def test_the_spoken_answer_is_the_coded_one(
    questionnaire: Questionnaire, rows: list[tuple[str, list[str]]]
) -> None:
    """What 问卷星 writes decodes as what an ODK server writes for the same answers."""
    names = {c.text.zh: c.exported_as for q in questionnaire.questions[:3:2] for c in q.choices}
    spoken = [[first, "(跳过)", "┋".join(several), "7", "远"] for first, several in rows]
    coded = [
        [names[first], "", " ".join(names[one] for one in several), "7", "远"]
        for first, several in rows
    ]
    frames = []
    for headers, answers in (
        (["序号", *QUESTIONS], spoken),
        (["KEY", "q1", "q2", "q3", "q4", "q5"], coded),
    ):
        cells = [[str(n), *row] for n, row in enumerate(answers)]
        table = RawTable(FILE, "0", pd.DataFrame(cells, columns=headers, dtype="str"))
        frames.append(decode(table, located(table, questionnaire), questionnaire).responses)
    about = ["mode", "language"]
    pd.testing.assert_frame_equal(*(frame.drop(columns=about) for frame in frames))


def test_a_real_export(shared: Path) -> None:
    """Two questions of a published export: the counts are those of its own cells."""
    (path,) = (shared / "samples/forms/export_wjx").glob("*_0.xls")
    delivered = read_table(path)
    text = lambda words: {"zh": words, "en": ""}  # noqa: E731
    hobbies = [
        *"运动 阅读 影视 美食 旅游 IT数码 艺术 音乐 游戏动漫 手工艺 摄影 购物 健康".split(),
        "其他",
    ]
    fields = ("title", "population", "respondents", "mode", "commissioned_by", "conducted_by")
    asked = Questionnaire.model_validate(
        dict.fromkeys([*fields, "limitation", "introduction"], text("某"))
        | {"survey": "phones", "minutes": 3, "simulated": False, "sections": [{"title": text("一"), "questions": [
            {"name": "sex", "type": "single_choice", "text": text("性别"),
             "choices": [{"code": n, "text": text(w)} for n, w in enumerate(["男", "女"], start=1)]},
            {"name": "hobby", "type": "multiple_choice", "text": text("兴趣爱好"),
             "choices": [{"code": n, "text": text(w)} for n, w in enumerate(hobbies, start=1)]},
        ]}]}
    )  # fmt: skip
    layout = located(delivered, asked)
    assert layout.questions == {"sex": "3、性别", "hobby": "6、兴趣爱好"}
    rows = decode(delivered, layout, asked).responses
    assert (rows["undecoded"] == "").all()
    cells = delivered.cells
    assert (rows["sex"] == 1).sum() == (cells["3、性别"].str.strip() == "男").sum()
    assert rows["hobby__1"].sum() == cells["6、兴趣爱好"].str.contains("运动").sum()
    assert rows["hobby__14"].sum() == cells["6、兴趣爱好"].str.contains("其他").sum()


def test_words_beside_a_choice_that_asks_to_specify_answer_that_question(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    raw = questionnaire.model_dump(mode="json")
    raw["sections"][0]["questions"][2]["choices"][0]["specify"] = True
    ranking = {
        "name": "q6", "type": "ranking", "text": {"zh": "先办哪件？", "en": "First?"},
        "choices": [{"code": n, "text": {"zh": w, "en": w}} for n, w in ((1, "路"), (2, "水"), (3, "电"))],
    }  # fmt: skip
    raw["sections"][0]["questions"].append(ranking)
    asked = Questionnaire.model_validate(raw)
    about = ["2026/9/3 14:22:55", "136秒", *SITE, "jia-01-2", ""]
    rows = [
        [1, *about, "是", "第4级", "甲〖自己的〗┋丙〖不该有〗", "3", "路远", "水→路→电"],
        [2, *about, "是", "第4级", "乙", "3", "(空)", "(跳过)"],
    ]
    delivered = read_table(
        workbook(tmp_path, [[*ABOUT, *QUESTIONS, "6、先办哪件？(排序题)"], *rows])
    )
    found = decode(delivered, located(delivered, asked), asked)
    said = sorted(zip(found.verbatims["question"], found.verbatims["text"], strict=True))
    assert said == [("q3", "不该有"), ("q3_1_text", "自己的"), ("q5", "路远")]
    assert found.responses["q3_1_text__missing"].tolist() == ["", "not_asked"]
    places = found.responses[["q6__1", "q6__2", "q6__3"]]
    assert places.iloc[0].tolist() == [2, 1, 3]
    assert found.responses["q6__missing"].tolist() == ["", "no_answer"]
