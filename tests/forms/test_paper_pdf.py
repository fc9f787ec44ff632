"""The PDF questionnaire: nothing is missing, Chinese fonts are embedded, the same bytes twice."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.forms import paper_pdf
from pipeline.forms.guide import guide
from pipeline.questionnaire.blocks import Matrix, Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.questions import Calculated, ChoiceQuestion
from pipeline.questionnaire.read import read_questionnaire

HERE = Path(__file__).parent
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de00"
    "00000c49444154789c636868680000030401814bd3d2100000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def every_type() -> Questionnaire:
    return read_questionnaire(HERE / "every_type.yaml")


@pytest.fixture(scope="module")
def programme(root: Path) -> Programme:
    return read_programme(root / "questionnaires" / "programme.yaml")


def pages_of(path: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is absent")
    done = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True
    )
    return [re.sub(r"\s", "", page) for page in done.stdout.split("\f")]


@pytest.fixture(scope="module")
def made(
    every_type: Questionnaire, programme: Programme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("paper") / "paper.pdf"
    path.write_bytes(paper_pdf.document(every_type, programme))
    return path


def test_every_wording_choice_and_skip_is_there(every_type: Questionnaire, made: Path) -> None:
    said = "".join(pages_of(made))
    for block in every_type.blocks:
        parts = block.questions if isinstance(block, Roster) else ()
        for one in (block, *parts):
            if isinstance(one, Calculated):
                continue
            assert re.sub(r"\s", "", one.text.zh) in said
            for item in one.items if isinstance(one, Matrix) else ():
                assert re.sub(r"\s", "", item.text.zh) in said
            for choice in one.offered if isinstance(one, ChoiceQuestion | Matrix) else ():
                assert re.sub(r"\s", "", choice.text.zh) in said
        for route in guide(every_type).after(block.name):
            assert re.sub(r"\s", "", f"→{route}") in said
    for code in ("97其他（请注明）", "998说不清", "【访问员】不要念选项。"):
        assert code in said


def test_chinese_fonts_are_embedded(made: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is absent")
    done = subprocess.run(["pdffonts", str(made)], capture_output=True, check=True, text=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert rows
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)  # embedded, subset, to Unicode


def test_the_same_bytes_twice_and_no_clock(
    every_type: Questionnaire, programme: Programme, made: Path
) -> None:
    assert paper_pdf.document(every_type, programme) == made.read_bytes()
    assert b"CreationDate" not in made.read_bytes()


def test_large_print_takes_more_pages(
    every_type: Questionnaire, programme: Programme, made: Path
) -> None:
    def pages(content: bytes) -> int:
        return len(re.findall(rb"/Type/Page\b", content))

    large = paper_pdf.document(every_type, programme, large=True)
    assert pages(large) > 1.5 * pages(made.read_bytes())


def test_texts_are_never_read_as_markup(
    every_type: Questionnaire, programme: Programme, tmp_path: Path
) -> None:
    strange = '#panic("x") $a$ *b* <c> @d \\ [e] // f'
    given = every_type.model_copy(
        update={"title": every_type.title.model_copy(update={"zh": strange})}
    )
    path = tmp_path / "strange.pdf"
    path.write_bytes(paper_pdf.document(given, programme))
    assert re.sub(r"\s", "", strange) in pages_of(path)[0]


def test_pictures_are_embedded_and_damaged_ones_refused(
    every_type: Questionnaire, programme: Programme
) -> None:
    assert b"/Image" in paper_pdf.document(every_type, programme, images={"job.png": PIXEL})
    with pytest.raises(SurveyError, match="图片损坏"):
        paper_pdf.document(every_type, programme, images={"job.png": PIXEL[:20]})


def test_a_machine_without_chinese_fonts_is_told_what_to_install() -> None:
    with pytest.raises(SurveyError, match="fonts-noto-cjk"):
        paper_pdf.chosen_fonts(frozenset({"dejavu sans"}))
    serif, sans = paper_pdf.chosen_fonts(frozenset({"simhei", "noto serif cjk sc"}))
    assert (serif[0], sans[0]) == ("Noto Serif CJK SC", "SimHei")


def test_a_row_that_is_higher_than_a_page_goes_on_on_the_next(
    every_type: Questionnaire, programme: Programme, tmp_path: Path
) -> None:
    given = every_type.model_dump(mode="json")
    asked = given["sections"][5]["questions"][0]["questions"][0]
    asked["choices"] = [{"code": k, "text": {"zh": f"第{k}种人"}} for k in range(1, 91)]
    path = tmp_path / "long.pdf"
    path.write_bytes(paper_pdf.document(Questionnaire.model_validate(given), programme))
    pages = pages_of(path)
    foot = next(page for page in pages if "第1种人" in page)
    assert "第90种人" not in foot
    assert any("第90种人" in page for page in pages)
