"""Import an XLSForm: the workbook of ODK, KoBo and SurveyCTO becomes a questionnaire of ours.

More lenient than the form programs themselves: what is wrong with a form is mended and told, with
its row. What has no place in a questionnaire (locations, recordings, the device) is told too.
Source: XLSForm reference (xlsform.org).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import QuestionnaireError
from pipeline.forms.xlsform_cells import BATTERIES, OWN
from pipeline.importers.building import Building
from pipeline.importers.imported import Imported
from pipeline.importers.xlsform_blocks import add_sections
from pipeline.importers.xlsform_choices import lists_of
from pipeline.importers.xlsform_languages import Languages, languages_of
from pipeline.importers.xlsform_reading import Reading, names_of
from pipeline.importers.xlsform_tree import tree_of
from pipeline.intake.definitions.xlsform import Form, read_workbook
from pipeline.questionnaire.blocks import Matrix
from pipeline.questionnaire.parts import Battery
from pipeline.questionnaire.questions import Scale

TRIES = 3
"""How often a form is read until its languages are those of the questions that it keeps."""
_UNUSED = {
    "default": "预填的值（default）", "trigger": "触发重算（trigger）",
    "read_only": "只读（read_only）",
}  # fmt: skip


def read(path: Path, survey: str) -> Imported:
    """Read an XLSForm (.xlsx, .xls) as the questionnaire of `survey`.

    Raises
    ------
    ResponseError
        It cannot be opened, or is no XLSForm.
    QuestionnaireError
        Nothing in it could become a question.
    """
    form = read_workbook(path)
    languages = languages_of(form)
    made = _imported(form, survey, languages)
    for _ in range(TRIES):
        if made.questionnaire.languages == languages.kept:
            break
        languages = languages_of(form, made.questionnaire.languages)
        made = _imported(form, survey, languages)
    return made


def _imported(form: Form, survey: str, languages: Languages) -> Imported:
    building = Building(form.path, survey, notes_suffice=True)
    building.title = languages.text({"": form.title}, survey)
    names, called = names_of(form)
    own = any(OWN in row.columns for row in form.rows)
    reading = Reading(form, building, languages, lists_of(form, languages), names, called, own=own)
    _tell_faults(form, languages, reading)
    try:
        add_sections(tree_of(form.rows), reading)
    except (ValidationError, RecursionError) as refused:
        raise QuestionnaireError(
            f"{form.path}: 有一处内容合不成题目（{str(refused)[:80]!r}）。请核对文件。"
            "(a part of it makes no question)"
        ) from None
    for sentence, lines in reading.noted.items():
        building.left("", f"第 {_listed(lines)} 行：{sentence}")
    for sentence, lines in reading.guessed.items():
        building.mended("", f"第 {_listed(lines)} 行：{sentence}")
    building.batteries += _batteries(form, building, languages)
    made = building.finished()
    if reading.consent is None:
        return made
    told = made.questionnaire.model_copy(update={"consent": reading.consent})
    return replace(made, questionnaire=told)


def _batteries(form: Form, building: Building, languages: Languages) -> Iterator[Battery]:
    """Yield the batteries that questions name, in the order of the list that keeps their names."""
    titles = {choice.name: choice.labels for choice in form.lists.get(BATTERIES, ())}
    blocks = [block for page in building.pages for block in page.blocks]
    named = {one.battery for one in blocks if isinstance(one, Matrix | Scale)} - {""}
    for name in (*(one for one in titles if one in named), *sorted(named - set(titles))):
        yield Battery(name=name, title=languages.text(titles.get(name, {}), name))


def _listed(lines: Iterable[int]) -> str:
    return "、".join(map(str, sorted(set(lines))))


def _tell_faults(form: Form, languages: Languages, reading: Reading) -> None:
    building = reading.building
    # What is wrong with choices is told below, each with its row.
    building.repairs += [one for one in form.oddities if "选项" not in one]
    building.repairs += languages.guessed
    for line, listed, name in form.repeated:
        building.mended(
            "", f"choices 第 {line} 行：列表 {listed} 里选项 {name} 重名，只用第一个。"
        )
    seen: dict[str, int] = {}
    for row in form.rows:
        name = row.name.lower()
        new = reading.names.get(row.line)
        if name and name in seen and new:
            reading.mended(row, f"名称 {row.name} 与第 {seen[name]} 行重复，改称 {new}。")
        seen.setdefault(name, row.line)
        for column, what in _UNUSED.items():
            if column in row.columns and row.type not in ("calculate", "hidden"):
                reading.note(f"{what}没有带过来。", row)
        if "search(" in row.columns.get("appearance", ""):
            reading.left(row, f"选项由 {row.columns['appearance'][:60]} 查出，没有带过来。")
