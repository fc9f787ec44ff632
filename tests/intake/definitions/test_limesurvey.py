"""Reference: structures exported by LimeSurvey 3 to 6 (limonaid, limesurvey-structure-imex)."""

import pytest

from pipeline.errors import ResponseError
from pipeline.intake.definitions.limesurvey import read_structure
from pipeline.intake.definitions.limesurvey_questions import definition_of

HEADER = "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tvalidation\tmandatory\tother"
LINES = """
\t\tS\t\tlanguage\t\tzh-Hans
\t\tSL\t\tsurveyls_title\t\t用水调查\t\tzh-Hans
1\t\tG\t0\t第一组\t1\t\t\tzh-Hans
1\t\tQ\tL\twater\twood=="Y"\t"水源<br>是什么？"\t\tzh-Hans\t\tY\tY
\t\tA\t0\tA1\t\t井\t\tzh-Hans
\t\tA\t0\tA2\t\t河\t\tzh-Hans
2\t\tQ\tM\tuse\t1\t用途\t\tzh-Hans\t\tN\tY
\t\tSQ\t0\tSQ001\t\t喝\t\tzh-Hans
\t\tSQ\t0\tSQ002\t\t洗\t\tzh-Hans
3\t\tQ\tA\tagree\t1\t同意吗\t\tzh-Hans
\t\tSQ\t0\tSQ001\t\t水好\t\tzh-Hans
4\t\tQ\tY\twood\t1\t烧柴吗\t\tzh-Hans
5\t\tQ\t;\ttable\t1\t表\t\tzh-Hans
\t\tSQ\t0\tR1\t\t行\t\tzh-Hans
\t\tSQ\t1\tC1\t\t列\t\tzh-Hans
6\t\tQ\tX\tnote\t1\t说明\t\tzh-Hans
1\t\tG\t0\tGroup\t1\t\t\ten
1\t\tQ\tL\twater\twood=="Y"\tWhich water?\t\ten
\t\tA\t0\tA1\t\tWell\t\ten
\t\tA\t0\tA2\t\tRiver\t\ten
""".strip("\n")  # fmt: skip
XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE document [<!ENTITY big "aaaaaaaaaa"><!ENTITY file SYSTEM "file:///etc/hostname">]>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<questions><rows><row><qid>7</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type>
<title>q&file;</title><question>Old text &big;</question><language>en</language></row></rows></questions>
<answers><rows><row><qid>7</qid><code>1</code><answer>Yes</answer><language>en</language><sortorder>2</sortorder>
</row><row><qid>7</qid><code>2</code><answer>No</answer><language>en</language><sortorder>1</sortorder></row>
</rows></answers></document>"""


def defined(tmp_path, content, name):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return definition_of(path, read_structure(path))


def test_the_tab_separated_structure_is_read_in_both_languages(tmp_path):
    definition = defined(tmp_path, f"{HEADER}\n{LINES}\n", "s.txt")
    found = {one.name: one for one in definition.questions}
    water = found["water"]
    assert (water.text, water.english, water.path) == (
        "水源 是什么？",
        "Which water?",
        ("第一组",),
    )
    assert [(one.cell, one.label) for one in water.options] == [
        ("A1", "井"),
        ("A2", "河"),
        ("-oth-", "其他"),
    ]
    assert water.wordings["A1"] == ("井", "Well")
    assert found["use"].ticks[1] == {"SQ001": "use_SQ001", "SQ002": "use_SQ002"}
    assert (found["agree[SQ001]"].kind, found["agree[SQ001]"].group_text) == ("scale", "同意吗")
    assert [one.label for one in found["wood"].options] == ["是", "否"]
    assert found["table[R1_C1]"].text == "行：列"
    assert found["use[other]"].beside
    assert definition.title == "用水调查"
    assert [one.names for one in definition.extras] == [("note",)]
    assert definition.lost[0].startswith("1 道题有显示条件（relevance）")


def test_old_xml_is_read_and_its_entities_stay_unread(tmp_path):
    (one,) = defined(tmp_path, XML, "s.lss").questions
    assert one.name == "q"
    assert [option.label for option in one.options] == ["No", "Yes"]
    assert "aaaa" not in one.text


@pytest.mark.parametrize(
    "content", ["", "<a>", "<document/>", "<document><LimeSurveyDocType/></document>"]
)
def test_what_is_no_structure_is_refused(tmp_path, content):
    with pytest.raises(ResponseError):
        defined(tmp_path, content, "s.lss")


@pytest.mark.shared
def test_real_structures_are_read(shared):
    folder = shared / "samples/forms/export_limesurvey"
    for name, codes in (
        ("cran_limonaid__limesurvey_group_1370.lsg",
         ["questionCode1", *(f"questionCode2[subQuestion{n}]" for n in (1, 2, 3))]),
        ("cran_limonaid__testing-multilingual-export.txt", ["onlyQuestion"]),
        ("TonisOrmisson_limesurvey-structure-imex__survey-one-question-two-languages.lss", ["Q1"]),
    ):  # fmt: skip
        read = definition_of(folder / name, read_structure(folder / name))
        assert [one.name for one in read.questions] == codes
