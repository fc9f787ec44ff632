"""LimeSurvey structures: types, routing, languages."""

from pathlib import Path

import pytest

from pipeline.importers.imported import Imported
from pipeline.importers.limesurvey import read
from pipeline.questionnaire.blocks import Matrix, Note
from pipeline.questionnaire.expressions import Not, Selected, compared
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)
from tests.importers.laws import written_and_read

HEAD = "class\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tmandatory\tother\tmin_num_value_n\tmax_answers\tequation\texclude_all_others"
ROWS = """\
S\t\tlanguage\t\tzh-Hans
SL\t\tsurveyls_title\t\t试验\t\tzh-Hans
SL\t\tsurveyls_title\t\tTrial\t\ten
SL\t\tsurveyls_welcometext\t\t<p>您好</p>\t\tzh-Hans
G\tG0\t基本情况\t1\t\t\tzh-Hans
Q\tL\tsex\t1\t性别\t选一个\tzh-Hans\tY\tY
A\t0\tA1\t\t男\t\tzh-Hans
A\t0\tA2\t\t女\t\tzh-Hans
Q\tM\twhy\t((sex.NAOK == "A1"))\t为什么\t\tzh-Hans\tS\t\t\t2\t\tSQ3
SQ\t0\tSQ1\t1\t路远\t\tzh-Hans
SQ\t0\tSQ2\t1\t太贵\t\tzh-Hans
SQ\t0\tSQ3\t1\t以上都没有\t\tzh-Hans
Q\tF\tgood\twhy_SQ1.NAOK == "Y"\t评价\t\tzh-Hans
SQ\t0\tr1\t1\t态度\t\tzh-Hans
SQ\t0\tr2\twhy_SQ2.NAOK != "Y"\t效率\t\tzh-Hans
A\t0\t1\t\t满意\t\tzh-Hans
A\t0\t2\t\t一般\t\tzh-Hans
A\t0\t3\t\t不满意\t\tzh-Hans
Q\tA\tfive\t1\t打分\t\tzh-Hans
SQ\t0\tx\t1\t道路\t\tzh-Hans
Q\tN\tage\t1\t年龄\t\tzh-Hans\t\t\t16
Q\t*\tdouble\t1\t{age.NAOK * 2}\t\tzh-Hans
Q\tK\tmany\t1\t几个数\t\tzh-Hans
SQ\t0\tk1\t1\t人口\t\tzh-Hans
Q\tD\tday\t1\t哪天\t\tzh-Hans
Q\tR\trank\t1\t排序\t\tzh-Hans\t\t\t\t2
A\t0\t1\t\t路\t\tzh-Hans
A\t0\t2\t\t水\t\tzh-Hans
A\t0\t3\t\t电\t\tzh-Hans
G\tG1\t其他\tage.NAOK >= 18\t\t\tzh-Hans
Q\tX\tnote\t1\t<b>下面</b>几题\t\tzh-Hans
Q\tY\tyes\tregexMatch("/x/", age)\t是吗\t\tzh-Hans
Q\t5\tpoint\t1\t几分\t\tzh-Hans
Q\tO\tcomm\t1\t备注题\t\tzh-Hans
A\t0\t1\t\t好\t\tzh-Hans
A\t0\t2\t\t坏\t\tzh-Hans
Q\t;\tgrid\t1\t表\t\tzh-Hans
SQ\t0\tr\t1\t行\t\tzh-Hans
SQ\t1\tc\t1\t列\t\tzh-Hans
Q\t1\tdual\t1\t双\t\tzh-Hans
SQ\t0\td1\t1\t项\t\tzh-Hans
A\t0\t1\t\t是\t\tzh-Hans
A\t0\t2\t\t否\t\tzh-Hans
A\t1\t1\t\t重要\t\tzh-Hans
A\t1\t2\t\t次要\t\tzh-Hans
Q\tT\tlast\t1\t意见\t\tzh-Hans
Q\t|\tfile\t1\t上传\t\tzh-Hans
Q\tL\tsex\t1\tSex\t\ten
A\t0\tA1\t\tMale\t\ten
A\t0\tA2\t\tFemale\t\ten
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    path = tmp_path_factory.mktemp("lime") / "s.txt"
    path.write_text(f"{HEAD}\n{ROWS}", encoding="utf-8")
    return read(path, "trial")


def test_every_type_becomes_ours(imported: Imported, tmp_path: Path) -> None:
    questionnaire = imported.questionnaire
    kinds = {block.name: type(block) for block in questionnaire.blocks}
    assert kinds == {
        "sex": SingleChoice, "why": MultipleChoice, "good": Matrix, "five": Matrix, "age": Number,
        "double": Calculated, "many_k1": Number, "day": Moment, "rank": Ranking, "note": Note,
        "yes": SingleChoice, "point": Scale, "comm": SingleChoice, "comm_comment": OpenEnded,
        "grid_r_c": OpenEnded, "dual": Matrix, "dual_second": Matrix, "last": OpenEnded,
    }  # fmt: skip
    assert [section.title.zh for section in questionnaire.sections] == ["基本情况", "其他"]
    assert (questionnaire.title.zh, questionnaire.title.en) == ("试验", "Trial")
    assert questionnaire.introduction.zh == "您好"
    written_and_read(imported, tmp_path)


def test_choices_keep_codes_words_and_languages(imported: Imported) -> None:
    sex, why = imported.questionnaire.blocks[:2]
    assert isinstance(sex, SingleChoice)
    assert [(c.code, c.name, c.text.en, c.specify) for c in sex.choices] == [
        (1, "A1", "Male", False), (2, "A2", "Female", False), (3, "-oth-", "Other", True),
    ]  # fmt: skip
    assert sex.required is True
    assert isinstance(why, MultipleChoice)
    assert (why.required, why.max_choices, why.choices[2].exclusive) == ("soft", 2, True)


def test_relevance_becomes_routing_or_is_told(imported: Imported) -> None:
    questionnaire = imported.questionnaire
    blocks = {block.name: block for block in questionnaire.blocks}
    assert blocks["why"].show_if == compared("sex", "=", 1)
    good = blocks["good"]
    assert isinstance(good, Matrix)
    assert good.show_if == Selected("why", 1)
    assert good.items[1].show_if == Not(Selected("why", 2))
    assert good.cells == "scale"
    assert questionnaire.sections[1].show_if == compared("age", ">=", 18)
    assert blocks["yes"].show_if is None
    assert any(one.startswith("yes：显示条件 regexMatch") for one in imported.lost)
    assert any("文件上传题" in one for one in imported.lost)


def test_an_xml_bomb_is_not_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "s.lss"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><rows><row><qid>1</qid>"
        "<title>q</title><type>T</type><question>&b;</question></row></rows></questions></document>"
    )
    assert "aaaa" not in read(path, "trial").questionnaire.questions[0].text.zh


@pytest.mark.shared
def test_real_files_survive(shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "forms" / "export_limesurvey"
    counts = {}
    for path in sorted([*folder.glob("*.ls?"), *folder.glob("*.txt")]):
        imported = read(path, "trial")
        written_and_read(imported, tmp_path)
        counts[path.suffix, len(imported.questionnaire.questions)] = imported.lost
    assert counts == {(".lss", 1): (), (".lsg", 4): (), (".txt", 2 - 1): ()}
