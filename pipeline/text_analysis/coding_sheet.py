"""The workbook in which a human coder codes the interviews; `coded_sheets` reads it back.

A coder sees passage, role and words, with private data masked, and chooses from lists; the rules'
codes are not shown. A passage with an empty first theme is not coded yet; that no theme fits is a
choice of its own.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.documents.xlsx import (
    FIRST_ROW,
    Column,
    Sheet,
    coordinate,
    still,
    write_workbook,
)
from pipeline.errors import SurveyError
from pipeline.i18n import word
from pipeline.text_analysis.coding import Codeframe, Stance
from pipeline.text_analysis.interviews import Unit

THEMES = 3
"""Themes that a coder can give a passage."""
MOST = 200
"""Passages beyond which a sample is coded."""
STANCES: Mapping[Stance, str] = {
    "supports": "supports",
    "contradicts": "contradicts",
    "": "neither",
}
GIVEN = 4
"""Columns that a coder leaves alone: interview, passage, role, text."""
_STEPS = 7


def say(key: str, **values: object) -> str:
    """Return a word of the sheet; sheets are in Chinese, with the steps in English alongside."""
    return word(f"coding_sheet.{key}", "zh", **values)


def labels(frame: Codeframe) -> dict[str, str]:
    """Return what a coder chooses from: label -> code of the theme.

    Raises
    ------
    SurveyError
        If two themes of the frame have the same problem and name.
    """
    found: dict[str, str] = {}
    for theme in frame.themes:
        label = f"{theme.problem} {theme.name.zh}".strip()
        if label in found:
            raise SurveyError(
                f"编码框: 主题 {theme.code} 与 {found[label]} 的名称都是“{label}”，编码员分不开。"
                "请改一个名称。(two themes of one name; change one)"
            )
        found[label] = theme.code
    return found


def sampled(units: Sequence[Unit], *, most: int = MOST, seed: int = 1) -> tuple[Unit, ...]:
    """Return the passages to code, all or a random sample, in the order of the notes."""
    can_be = [unit for unit in units if unit.can_be_coded]

    def lot(unit: Unit) -> str:
        drawn = f"coding sheet|{seed}|{unit.interview}|{unit.passage}"
        return hashlib.sha256(drawn.encode()).hexdigest()

    chosen = {unit.key for unit in sorted(can_be, key=lot)[:most]}
    return tuple(unit for unit in can_be if unit.key in chosen)


def write_sheet(path: Path, units: Sequence[Unit], frame: Codeframe) -> None:
    """Write an empty sheet for the coder that `path` is named after.

    Raises
    ------
    SurveyError
        If there is a sheet that somebody has begun to fill in; or nothing to code.
    """
    if not units:
        raise SurveyError(f"{path}: 没有可编码的发言。请先放入访谈记录。(no passages to code)")
    _refuse_to_overwrite(path)
    day = max(unit.day for unit in units)
    sheets = [_instructions(path.stem), _passages(path.stem, units), _codes(frame)]
    write_workbook(path, sheets, title=say("title"), dated=day)
    book = load_workbook(path)
    _offer_lists(book, len(units), len(frame.themes) + 1)
    book.active = 1
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(still(buffer.getvalue(), datetime(day.year, day.month, day.day)))


def _refuse_to_overwrite(path: Path) -> None:
    if not path.exists():
        return
    try:
        page = load_workbook(path, data_only=True)[say("passages")]
        filled = any(
            cell is not None
            for row in page.iter_rows(min_row=FIRST_ROW, min_col=GIVEN + 1, values_only=True)
            for cell in row
        )
    except Exception as fault:  # whatever it is, it is not an empty sheet of ours
        raise SurveyError(
            f"{path}: 已有文件，且不像空白的编码表（{fault}）。请先移走。"
            "(a file is there and is no empty sheet; move it away)"
        ) from None
    if filled:
        raise SurveyError(
            f"{path}: 已经有人填写，不覆盖。要重新编码请先移走。"
            "(somebody has filled it in; move it away to begin anew)"
        )


def _instructions(coder: str) -> Sheet:
    steps = [f"step_{k}" for k in range(1, _STEPS + 1)]
    return Sheet(
        name=say("instructions"),
        title=say("title"),
        subtitle=say("about_instructions", coder=coder, passages=say("passages")),
        columns=(Column(say("line"), 62), Column(say("line_en"), 62)),
        rows=[(say(step), word(f"coding_sheet.{step}", "en")) for step in steps],
    )


def headings() -> list[str]:
    """Return the headings of the sheet of passages."""
    given = [say(key) for key in ("interview", "passage", "role", "text")]
    pairs = [say(key, k=k) for k in range(1, THEMES + 1) for key in ("theme", "stance")]
    return [*given, *pairs, say("note")]


def _passages(coder: str, units: Sequence[Unit]) -> Sheet:
    widths = [9, 7, 16, 60, *[24, 10] * THEMES, 20]
    empty = [""] * (2 * THEMES + 1)
    return Sheet(
        name=say("passages"),
        title=say("title"),
        subtitle=say("about_passages", coder=coder, n=len(units)),
        columns=tuple(map(Column, headings(), widths)),
        rows=[(unit.interview, str(unit.passage), unit.role, unit.text, *empty) for unit in units],
    )


def _codes(frame: Codeframe) -> Sheet:
    named = {code: label for label, code in labels(frame).items()}
    rows = [(say("no_theme"), "", say("no_theme_about"))]
    rows += [(named[one.code], one.problem, one.definition.zh) for one in frame.themes]
    columns = (
        Column(say("code"), 36),
        Column(say("problem"), 10),
        Column(say("definition"), 80),
    )
    about = say("about_codes", passages=say("passages"))
    return Sheet(say("codes"), say("title"), about, columns, rows)


def _offer_lists(book: Workbook, passages: int, themes: int) -> None:
    """Let the coder choose from lists; empty cells stay empty and not the text ''."""
    page = book[say("passages")]
    last = FIRST_ROW + themes - 1
    of_themes = DataValidation("list", formula1=f"'{say('codes')}'!$A${FIRST_ROW}:$A${last}")
    offered = ",".join(say(key) for key in STANCES.values())
    of_stances = DataValidation("list", formula1=f'"{offered}"')
    for row in range(passages):
        for place in range(GIVEN, GIVEN + 2 * THEMES + 1):
            page[coordinate(row, place)].value = None
    for k in range(2 * THEMES):
        column = GIVEN + k
        lists = (of_themes, of_stances)[k % 2]
        lists.add(f"{coordinate(0, column)}:{coordinate(passages - 1, column)}")
    for validation in (of_themes, of_stances):
        validation.showErrorMessage, validation.allowBlank = True, True
        validation.errorTitle = say("title")
        page.add_data_validation(validation)
    page.freeze_panes = coordinate(0, GIVEN)
