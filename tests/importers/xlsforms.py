"""What becomes of real XLSForms: pyxform's verdict and ours, their forms, and the way back.

`python -m tests.importers.xlsforms ../shared/samples/forms` writes docs/xlsforms.md.
"""

import io
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from pipeline.errors import SurveyError
from pipeline.exports.empty import empty_sav
from pipeline.forms import codebook_page, data_entry, ddi, paper_docx, web
from pipeline.forms.paper import paper
from pipeline.forms.xlsform import workbook
from pipeline.importers.imported import Imported
from pipeline.importers.writing import questionnaire_yaml
from pipeline.importers.xlsform import read
from pipeline.questionnaire.blocks import Note
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.questions import Calculated
from pipeline.stages.form import form

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "xlsforms.md"
PROGRAMME, ENGINE = ROOT / "questionnaires" / "programme.yaml", ROOT / "build" / "form"
FOLDERS = ("xlsform", "xlsform_fixture", "xlsform_nonconverting")
FORMS = (
    "web.html", "paper.docx", "paper-large.docx", "paper.pdf", "data-entry.xlsx", "xlsform.xlsx",
    "ddi.xml", "empty.sav", "codebook.html",
)  # fmt: skip
SHORT = 20
Make = Callable[[Imported, Path], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one form.

    Attributes
    ----------
    refused : why we do not import it, '' where we do
    made : the forms made of it, out of `FORMS`
    lacking : questions that the web form or the codebook page leaves out
    warned : what pyxform warns of when it converts what we export
    """

    file: str
    refused: str = ""
    blocks: int = 0
    questions: int = 0
    repairs: int = 0
    lost: int = 0
    made: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    equal: bool = False


def files(forms: Path) -> Iterator[Path]:
    """Yield the forms, those first that pyxform converts."""
    for folder in FOLDERS:
        yield from sorted((forms / folder).iterdir())


def whole(form: str, content: bytes) -> bool:
    """Tell whether a form is a file of its kind, and not an empty one."""
    match form.rpartition(".")[2]:
        case "docx" | "xlsx":
            return zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        case "pdf":
            return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
        case "sav":
            return content.startswith(b"$FL2")
        case _:
            return content.rstrip().endswith((b"</html>", b"</codeBook>"))


def every_form(made: Imported, folder: Path) -> dict[str, bytes]:
    """Have stage `form` make the forms of an imported questionnaire, from its YAML."""
    definition, out = folder / "questionnaire.yaml", folder / "forms"
    definition.write_text(questionnaire_yaml(made), encoding="utf-8")
    form(definition, PROGRAMME, ENGINE, out)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def some_forms(made: Imported, folder: Path) -> dict[str, bytes]:
    """Make the quick forms; of a long questionnaire only the layout of those that take longer."""
    questionnaire, of = made.questionnaire, read_programme(PROGRAMME)
    paper(questionnaire, of)
    forms = {
        "web.html": web.page(questionnaire, of, web.read_engine(ENGINE)).encode(),
        "codebook.html": codebook_page.page(questionnaire, of).encode(),
        "xlsform.xlsx": workbook(questionnaire),
    }
    if len(questionnaire.questions) <= SHORT:
        forms |= {
            "paper.docx": paper_docx.document(questionnaire, of),
            "data-entry.xlsx": data_entry.workbook(questionnaire),
            "ddi.xml": ddi.document(questionnaire),
            "empty.sav": empty_sav(questionnaire),
        }
    return forms


def lacking(questionnaire: Questionnaire, forms: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the questions of which the web form or the codebook page does not know."""
    shown, listed = forms["web.html"].decode(), forms["codebook.html"].decode()
    for question in questionnaire.questions:
        if f'"{question.name}"' not in shown and not isinstance(question, Calculated):
            yield f"web.html: {question.name}"
    for block in questionnaire.blocks:
        if isinstance(block, Note):
            continue
        for one in (block, *getattr(block, "items", ()), *getattr(block, "questions", ())):
            if one.name not in listed and one.column not in listed:
                yield f"codebook.html: {one.name}"


def outcome(path: Path, scratch: Path, make: Make) -> Outcome:
    """Import a form, `make` forms of it, have pyxform convert what we export, and import it again."""
    name = f"{path.parent.name}/{path.name}"
    try:
        made = read(path, "form")
    except SurveyError as fault:
        return Outcome(name, str(fault))
    questionnaire = made.questionnaire
    forms = make(made, scratch)
    exported = forms["xlsform.xlsx"]
    again = scratch / "again.xlsx"
    again.write_bytes(exported)
    return Outcome(
        name,
        "",
        len(questionnaire.blocks),
        len(questionnaire.questions),
        len(made.repairs),
        len(made.lost),
        tuple(form for form in FORMS if form in forms and whole(form, forms[form])),
        tuple(lacking(questionnaire, forms)),
        tuple(convert(io.BytesIO(exported), file_type=".xlsx").warnings),
        read(again, "form").questionnaire == questionnaire,
    )


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
        "是否接受原文件；本系统导入后的题块数、展开后的题目数、修补和没有带过来的条数；制出表格的种数；",
        "导入、导出为 XLSForm、经 pyxform 转换、再导入，问卷是否不变。",
        "",
        f"- 文件 {len(outcomes)} 个；pyxform 接受 {len(converting)} 个，"
        f"拒绝 {len(outcomes) - len(converting)} 个。",
        f"- 本系统导入 {len(kept)} 个，拒绝 {len(outcomes) - len(kept)} 个；"
        f"pyxform 接受的 {sum(not one.refused for one in converting)} 个全部导入。",
        f"- {len(FORMS)} 种表格（{'、'.join(FORMS)}）"
        f"全部制出 {sum(one.made == FORMS for one in kept)} 个，网页和编码册没有漏题"
        f" {sum(not one.lacking for one in kept)} 个。",
        f"- 导出后 pyxform 不报错 {len(kept)} 个，其中没有警告"
        f" {sum(not one.warned for one in kept)} 个；"
        f"往返后问卷不变 {sum(one.equal for one in kept)} 个。",
        "",
        "| 文件 | pyxform | 题块 | 题目 | 修补 | 没有带过来 | 表格 | 往返不变 |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for one, said in zip(outcomes, verdicts, strict=True):
        told = said.replace("|", "\\|") or "接受"
        if one.refused:
            lines.append(f"| {one.file} | {told} | 拒绝：{one.refused} | | | | |")
            continue
        lines.append(
            f"| {one.file} | {told} | {one.blocks} | {one.questions} | {one.repairs} "
            f"| {one.lost} | {len(one.made)} | {'是' if one.equal else '否'} |"
        )
    return "\n".join(lines) + "\n"


def main(forms: Path) -> None:
    """Write docs/xlsforms.md from the forms in a folder."""
    paths = list(files(forms))
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = [outcome(path, Path(scratch), every_form) for path in paths]
    DOCS.write_text(page(outcomes, [verdict(path) for path in paths]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
