"""What becomes of real XLSForms: pyxform's verdict and ours, and whether they come back unchanged.

`python -m tests.importers.xlsforms ../shared/samples/forms` writes docs/xlsforms.md.
"""

import io
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from pipeline.errors import SurveyError
from pipeline.forms import codebook_page, data_entry, ddi, paper_docx
from pipeline.forms.paper import paper
from pipeline.forms.surveyjs import survey_json
from pipeline.forms.xlsform import workbook
from pipeline.importers.xlsform import read
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import read_programme

PROGRAMME = Path(__file__).resolve().parents[2] / "questionnaires" / "programme.yaml"
SHORT = 40
FOLDERS = ("xlsform", "xlsform_fixture", "xlsform_nonconverting")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "xlsforms.md"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one form.

    Attributes
    ----------
    refused : why we do not import it, '' where we do
    warned : what pyxform warns of when it converts what we export
    """

    file: str
    refused: str = ""
    blocks: int = 0
    questions: int = 0
    repairs: int = 0
    lost: int = 0
    warned: tuple[str, ...] = ()
    equal: bool = False


def files(forms: Path) -> Iterator[Path]:
    """Yield the forms, those first that pyxform converts."""
    for folder in FOLDERS:
        yield from sorted((forms / folder).iterdir())


def outcome(path: Path, scratch: Path) -> Outcome:
    """Import a form, show it, export it, have pyxform convert it, and import it again."""
    name = f"{path.parent.name}/{path.name}"
    try:
        made = read(path, "form")
    except SurveyError as fault:
        return Outcome(name, str(fault))
    questionnaire = made.questionnaire
    show(questionnaire)
    exported = workbook(questionnaire)
    again = scratch / "again.xlsx"
    again.write_bytes(exported)
    return Outcome(
        name,
        "",
        len(questionnaire.blocks),
        len(questionnaire.questions),
        len(made.repairs),
        len(made.lost),
        tuple(convert(io.BytesIO(exported), file_type=".xlsx").warnings),
        read(again, "form").questionnaire == questionnaire,
    )


def show(questionnaire: Questionnaire) -> None:
    """Make the forms of a questionnaire; of a long one only the web form and the paper's layout."""
    programme = read_programme(PROGRAMME)
    survey_json(questionnaire)
    paper(questionnaire, programme)
    if len(questionnaire.blocks) < SHORT:
        codebook_page.page(questionnaire, programme)
        ddi.document(questionnaire)
        paper_docx.document(questionnaire, programme)
        data_entry.workbook(questionnaire)


def verdict(path: Path) -> str:
    """Return what pyxform says of a form as it came; '' where it converts it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of print headers
            convert(path)
    except PyXFormError as refused:
        return " ".join(str(refused).split())[:110]
    return ""


def page(outcomes: Sequence[Outcome], verdicts: Sequence[str]) -> str:
    """Return docs/xlsforms.md."""
    kept = [one for one in outcomes if not one.refused]
    converting = [one for one, said in zip(outcomes, verdicts, strict=True) if not said]
    lines = [
        "# 真实的 XLSForm",
        "",
        "由 `python -m tests.importers.xlsforms ../shared/samples/forms` 写成。每个文件：pyxform 4.5.0",
        "是否接受原文件；本系统导入后的题块数、展开后的题目数、修补和没有带过来的条数；导入、导出为",
        "XLSForm、经 pyxform 转换、再导入，问卷是否不变。",
        "",
        f"- 文件 {len(outcomes)} 个；pyxform 接受 {len(converting)} 个，"
        f"拒绝 {len(outcomes) - len(converting)} 个。",
        f"- 本系统导入 {len(kept)} 个，拒绝 {len(outcomes) - len(kept)} 个；"
        f"pyxform 接受的 {sum(not one.refused for one in converting)} 个全部导入。",
        f"- 导出后 pyxform 不报错 {len(kept)} 个，其中没有警告"
        f" {sum(not one.warned for one in kept)} 个；"
        f"往返后问卷不变 {sum(one.equal for one in kept)} 个。",
        "",
        "| 文件 | pyxform | 题块 | 题目 | 修补 | 没有带过来 | 往返不变 |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for one, said in zip(outcomes, verdicts, strict=True):
        told = said.replace("|", "\\|") or "接受"
        if one.refused:
            lines.append(f"| {one.file} | {told} | 拒绝：{one.refused} | | | | |")
            continue
        lines.append(
            f"| {one.file} | {told} | {one.blocks} | {one.questions} | {one.repairs} "
            f"| {one.lost} | {'是' if one.equal else '否'} |"
        )
    return "\n".join(lines) + "\n"


def main(forms: Path) -> None:
    """Write docs/xlsforms.md from the forms in a folder."""
    paths = list(files(forms))
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = [outcome(path, Path(scratch)) for path in paths]
    DOCS.write_text(page(outcomes, [verdict(path) for path in paths]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
