"""Stage `form`: questionnaire definition -> every form in which people use it."""

from pathlib import Path

from pipeline.exports.empty import empty_sav
from pipeline.forms import (
    codebook_page,
    data_entry,
    ddi,
    paper_docx,
    paper_pdf,
    web,
    xlsform,
)
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire


def form(definition: Path, programme: Path, assets: Path, out: Path) -> None:
    """Write the forms of one survey into the folder `out`.

    web.html (offline web form), paper.docx, paper-large.docx, paper.pdf, data-entry.xlsx (to type
    paper answers), xlsform.xlsx (ODK, KoBo), ddi.xml, empty.sav, codebook.html.
    """
    asked, of = read_questionnaire(definition), read_programme(programme)
    of.refuse_unknown(asked, definition)
    images = web.read_images(asked, definition.parent)
    made: dict[str, bytes] = {
        "web.html": web.page(
            asked, of, web.read_engine(assets), submit_to=of.submit_to, images=images
        ).encode(),
        "paper.docx": paper_docx.document(asked, of, images=images),
        "paper-large.docx": paper_docx.document(asked, of, large=True, images=images),
        "paper.pdf": paper_pdf.document(asked, of, images=images),
        "data-entry.xlsx": data_entry.workbook(asked),
        "xlsform.xlsx": xlsform.workbook(asked),
        "ddi.xml": ddi.document(asked),
        "empty.sav": empty_sav(asked),
        "codebook.html": codebook_page.page(asked, of).encode(),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (out / name).write_bytes(content)
