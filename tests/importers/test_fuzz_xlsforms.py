"""XLSForms damaged at random: refused in words, or imported to a definition that can be read.

DIAOYAN_FUZZ says how many copies are tried. Two of three copies are damaged cell by cell (such a
workbook opens, and the form in it is nonsense), the third in its bytes.
"""

import os
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.errors import QuestionnaireError, SurveyError
from pipeline.forms.surveyjs import survey_json
from pipeline.forms.xlsform import workbook
from pipeline.importers.imported import Imported
from pipeline.importers.writing import questionnaire_yaml
from pipeline.importers.xlsform import read
from pipeline.intake.definitions.contents import Rows, sheets_of
from pipeline.questionnaire.lint import lint
from pipeline.questionnaire.read import read_questionnaire
from tests.real_files.mutations import mutated

COPIES = int(os.environ.get("DIAOYAN_FUZZ", "100"))
SECONDS = 10.0
CHUNKS = 4
Sheets = Mapping[str, Rows]
ODD = (
    "", None, 0, -1, 1.5, 10**14, True, "是", "=1+1", "select_one", "select_one nolist",
    "select_multiple l or_other", "begin_group", "end_group", "begin_repeat", "end_repeat",
    "begin group", "matrix", "calculate", "note", "rank", "${", "${q}", "${nobody} = 1", ". > ",
    "selected(${a}, 'b'", "not(", "((((((((", "'", "1 div 0", "position(..)", "x" * 5000, "a b",
    "type=matrix cells=scale", "type=consent", "type=roster", "code=-1 missing=refused",
    "decimals=x places=-3", "codes=", "name=1", "type=screen_out", "checks=9", "yes", "\u2028", "🙂",
    "<b>", "%s{}", "2026-13-45", "nan", "1e999", "once(${x})", "label::", "diaoyan",
)  # fmt: skip


def write(sheets: Mapping[str, list[list[object]]], path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title[:31] or "x")
        for row in rows:
            page.append(row)
    if not book.worksheets:
        book.create_sheet("empty")
    book.save(path)


def damaged(sheets: Sheets, luck: random.Random) -> dict[str, list[list[object]]]:
    made: dict[str, list[list[object]]] = {
        title: [list(row) for row in rows] for title, rows in sheets.items()
    }
    for _ in range(luck.randint(1, 8)):
        title = luck.choice(["survey", "survey", "choices", *made])
        rows = made.get(title)
        if not rows or not rows[0]:
            continue
        at, other = luck.randrange(len(rows)), luck.randrange(len(rows))
        column = luck.randrange(len(rows[0]))
        match luck.randrange(9):
            case 0 | 1 | 2 | 3:
                rows[at][column] = luck.choice(ODD)
            case 4:
                rows[at][column] = rows[other][luck.randrange(len(rows[other]))]
            case 5:
                del rows[at]
            case 6:
                rows.insert(at, list(rows[other]))
            case 7:
                rows[at], rows[other] = rows[other], rows[at]
            case _ if luck.random() < 0.3:
                del made[title]
    return made


def damage(origin: Path, sheets: Sheets, number: int, luck: random.Random, path: Path) -> None:
    if number % 3 == 2:
        path.write_bytes(mutated(origin.read_bytes(), ".xlsx", luck))
    else:
        write(damaged(sheets, luck), path)


def origins(root: Path, folder: Path) -> list[Path]:
    """Return our own forms, and of the real ones those that are small enough to be tried often."""
    own: list[Path] = []
    for name in ("every_type.yaml", "example.yaml"):
        own.append(folder / f"{name}.xlsx")
        own[-1].write_bytes(workbook(read_questionnaire(root / "tests/forms" / name)))
    shared = Path(os.environ.get("DIAOYAN_SHARED", root.parent / "shared"))
    real = sorted((shared / "samples/forms").glob("xlsform*/*.xlsx"))
    most = 22_400 if COPIES <= 100 else 70_000
    return [*own, *(path for path in real if path.stat().st_size <= most)]


def unfit(made: Imported, written: Path) -> Iterator[str]:
    """Yield what cannot be done with an imported questionnaire that must be possible."""
    written.write_text(questionnaire_yaml(made), encoding="utf-8")
    try:
        again = read_questionnaire(written)
    except QuestionnaireError as refused:
        yield f"its own YAML is refused: {str(refused)[:300]}"
        return
    if again != made.questionnaire:
        yield "its own YAML is another questionnaire"
    lint(again)
    survey_json(again)
    workbook(again)


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_fuzz_damaged_xlsforms_are_refused_in_words_or_imported(
    tmp_path: Path, root: Path, chunk: int
) -> None:
    given = origins(root, tmp_path)
    contents = [sheets_of(path) for path in given]
    path, written = tmp_path / "form.xlsx", tmp_path / "questionnaire.yaml"
    faults: list[str] = []
    imported = 0
    for number in range(chunk, COPIES, CHUNKS):
        luck = random.Random(f"xlsform {number}")
        which = luck.randrange(len(given))
        name = f"copy {number} of {given[which].name}"
        damage(given[which], contents[which], number, luck, path)
        started = time.perf_counter()
        try:
            faults += [f"{name}: {one}" for one in unfit(read(path, "form"), written)]
            imported += 1
        except SurveyError:
            pass
        except Exception as fault:  # all of them are told together
            faults.append(f"{name}: {fault!r}")
        if (took := time.perf_counter() - started) > SECONDS:
            faults.append(f"{name}: {took:.1f} s")
    assert not faults, "\n".join(faults)
    assert imported > 0
