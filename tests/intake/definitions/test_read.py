import random
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import SurveyError
from pipeline.intake.definitions.read import definition_sign, read_definitions

SURVEY = "type,name,label\nselect_one yn,q,Q?\ntext,t,T?\n"
CHOICES = "list_name,name,label\nyn,1,Yes\nyn,0,No\n"


def written(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = folder / name.replace("_", ".", 1)
        path.write_text(content, encoding="utf-8")
        paths.append(path)
    return paths


def test_the_two_tables_of_a_form_are_told_and_read_together(tmp_path):
    paths = written(tmp_path, s_csv=SURVEY, c_csv=CHOICES)
    assert [definition_sign(path)[:11] for path in paths] == ["这是 XLSForm "] * 2
    definition = read_definitions(paths)
    assert [len(one.options) for one in definition.questions] == [2, 0]


def test_choices_alone_are_refused(tmp_path):
    with pytest.raises(SurveyError, match="要各给一个"):
        read_definitions(written(tmp_path, c_csv=CHOICES))


def test_data_is_no_definition(tmp_path):
    for path in written(
        tmp_path,
        a_csv="type,name,label\n1,2,3\n",
        b_csv="序号,1、您的性别\n1,男\n",
        c_txt="1.5\t2\n2.5\t3\n",
        d_csv="",
    ):
        assert definition_sign(path) == "", path.name


def test_a_codebook_on_a_later_sheet_leaves_a_workbook_data(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["sex", "age"])
    book.active.append([1, 30])
    beside = book.create_sheet("编码表")
    beside.append(["变量", "标签", "编码"])
    book.save(tmp_path / "data.xlsx")
    assert definition_sign(tmp_path / "data.xlsx") == ""
    book.move_sheet("编码表", -1)
    book.save(tmp_path / "codebook.xlsx")
    assert "题目清单" in definition_sign(tmp_path / "codebook.xlsx")


def test_several_definitions_are_put_together(tmp_path):
    paths = written(
        tmp_path, s_csv=SURVEY, c_csv=CHOICES, book_csv="变量名,题目\nq,别的题目\nx,另外的题目\n"
    )
    assert [one.name for one in read_definitions(paths).questions] == ["q", "t", "x"]


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(SurveyError, match="看不出是哪种问卷定义"):
        read_definitions(written(tmp_path, a_csv="a,b\n1,2\n"))


@pytest.mark.shared
def test_every_definition_among_the_samples_is_told_and_read(shared):
    """All 34 XLSForms, the LimeSurvey structures and the .qsf, and no file of answers."""
    forms = shared / "samples/forms"
    told = [path for path in sorted(forms.rglob("*")) if path.is_file() and definition_sign(path)]
    expected = [
        path
        for path in sorted(forms.rglob("*"))
        if path.parent.name.startswith("xlsform")
        or path.suffix in (".lss", ".lsg", ".qsf", ".txt")
    ]
    assert told == [path for path in expected if path.is_file()]
    for path in told:
        if path.stat().st_size < 60_000:  # the larger ones take long together
            assert all(one.text and one.name for one in read_definitions([path]).questions)


@pytest.mark.shared
def test_damaged_definitions_are_refused_or_read(shared, tmp_path):
    """Cut anywhere, or with bytes of chance: never anything but a `SurveyError`."""
    samples = shared / "samples"
    chance = random.Random(5)
    for name in (
        "forms/export_limesurvey/cran_limonaid__limesurvey_group_1370.lsg",
        "forms/export_limesurvey/cran_limonaid__testing-multilingual-export.txt",
        "forms/export_qualtrics/ctesta01_QualtricsTools__Sample_Survey.qsf",
        "microdata/pairs/newcoder2016_dictionary.md",
        "microdata/pairs/limesurvey/biodiv_questions.csv",
        "forms/xlsform_fixture/XLSForm_pyxform__group.xlsx",
    ):
        content = (samples / name).read_bytes()
        for _ in range(6):
            damaged = bytearray(content[: chance.randrange(1, len(content))])
            for _ in range(chance.choice((0, 3, 30))):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path = tmp_path / f"damaged{Path(name).suffix}"
            path.write_bytes(bytes(damaged))
            with suppress(SurveyError):
                read_definitions([path])
