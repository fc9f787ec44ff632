"""The groups of an XLSForm as sections, tables and rosters."""

from collections.abc import Sequence

from pipeline.i18n import Text
from pipeline.importers.xlsform_choices import own_words
from pipeline.importers.xlsform_lost import is_silent, tell_lost
from pipeline.importers.xlsform_questions import ASKED, common_of, offered_to, question_of
from pipeline.importers.xlsform_reading import Reading
from pipeline.importers.xlsform_rosters import counts_in, roster_of
from pipeline.importers.xlsform_tables import table_of
from pipeline.importers.xlsform_tree import Node, tables_in
from pipeline.intake.definitions.xlsform import Row
from pipeline.intake.names import question_names
from pipeline.questionnaire.blocks import (
    Agreement,
    Block,
    Note,
    questions_of_block,
)
from pipeline.questionnaire.expressions import Condition, Not, compared
from pipeline.questionnaire.model import ScreenOut
from pipeline.questionnaire.parts import Consent

_NEVER = ("false", "false()", "0")
PART = {"zh": "问卷", "en": "Questions"}


def add_sections(nodes: Sequence[Node], reading: Reading) -> None:
    """Put everything into sections.

    A group on the outermost level is a section; what stands beside groups is a section of its own.
    """
    beside: list[Node | list[Node]] = []
    for one in tables_in(nodes):
        node = one[0] if isinstance(one, list) else one
        if isinstance(one, list) or not node.is_group or node.is_table:
            if not _is_introduction(node.row, reading):
                beside.append(one)
            continue
        _add_beside(beside, reading)
        beside = []
        title = reading.languages.text(node.row.labels, node.row.name)
        title = title if title.zh else reading.languages.said(PART)
        reading.building.page(title, reading.route(node.row))
        _add(list(tables_in(node.inside)), None, reading)
    _add_beside(beside, reading)


def _add_beside(nodes: Sequence[Node | list[Node]], reading: Reading) -> None:
    """Put what stands beside groups into a section, if there is anything to show."""
    heads = [one[0] if isinstance(one, list) else one for one in nodes]
    if any(not is_silent(node.row) for node in heads):
        reading.building.page(reading.languages.said(PART))
    _add(nodes, None, reading)


def _is_introduction(row: Row, reading: Reading) -> bool:
    """Take the notes that our own forms begin with; tell whether it was one."""
    if row.type != "note" or reading.building.pages:
        return False
    if row.name == "introduction":
        reading.building.introduction = reading.languages.text(row.labels)
        return True
    if own_words(row.columns).get("type") == "privacy":
        text = reading.languages.text(row.labels)
        lines = {one: text(one).split("\n") for one in text.languages}
        if lines and all(len(said) == len(Consent.model_fields) for said in lines.values()):
            told = {
                key: Text.model_validate({one: said[at] for one, said in lines.items()})
                for at, key in enumerate(Consent.model_fields)
            }
            reading.consent = Consent.model_validate(told)
            return True
    return False


def _add(
    nodes: Sequence[Node | list[Node]],
    outer: Condition | None,
    reading: Reading,
) -> None:
    """Put what stands in a group into the section; groups within it are opened."""
    counted = counts_in(nodes)
    for one in nodes:
        if isinstance(one, list):
            _keep(table_of(one[0].row, one[1:], outer, reading), reading)
        elif one.row.line in counted:
            continue
        elif one.row.type == "begin_repeat":
            count = next((row for row in counted.values() if row[1] is one), None)
            _keep(roster_of(one, count[0] if count else None, outer, reading), reading)
        elif one.is_table:
            _keep(table_of(one.row, one.inside, outer, reading), reading)
        elif one.is_group:
            route = reading.route(one.row, outer)
            if one.row.labels and any(row.type in ASKED for row in one.rows):
                _keep(_note(one.row, route, reading), reading)
            _add(list(tables_in(one.inside)), route, reading)
        else:
            _add_row(one.row, outer, reading)


def _add_row(row: Row, outer: Condition | None, reading: Reading) -> None:
    own = own_words(row.columns).get("type", "")
    if row.type not in ASKED:
        tell_lost(row, reading)
        return
    if own == "specify" or (row.type == "text" and reading.name_of(row) in reading.asked):
        return
    if row.columns.get("relevant", "").strip().lower() in _NEVER:
        reading.left(row, "显示条件恒不成立，谁也问不到，没有带过来。")
        return
    route = reading.route(row, outer)
    if own == "screen_out" and route is not None:
        name = own_words(row.columns).get("name") or question_names([row.name])[0]
        message = reading.languages.text(row.labels)
        reading.building.screen_outs.append(ScreenOut(name=name, when=route, message=message))
        reading.gates.append(Not(route))
    elif own == "consent":
        _keep(_agreement(row, route, reading), reading)
    elif row.type == "note":
        _keep(_note(row, route, reading), reading)
    else:
        shown = {} if route is None else {"show_if": route}
        _keep(question_of(row, reading, shown), reading)


def _keep(block: Block | None, reading: Reading) -> None:
    if block is None:
        return
    reading.building.add(block)
    page = reading.building.pages[-1]
    reading.asked |= {one.name: one for one in questions_of_block(block, page.show_if)}


def _note(row: Row, route: Condition | None, reading: Reading) -> Note:
    common = common_of(row, reading)
    kept = ("name", "text", "hint", "image", "interviewer")
    made = {key: common[key] for key in kept if key in common}
    return Note.model_validate({"type": "note", "show_if": route, **made})


def _agreement(row: Row, route: Condition | None, reading: Reading) -> Agreement | None:
    offered = offered_to(row, reading)
    if offered is None or len(offered.choices) < 2:
        reading.left(row, "同意项没有两个选项，没有带过来。")
        return None
    common = common_of(row, reading)
    kept = {key: common[key] for key in ("name", "text", "hint", "image", "interviewer")
            if key in common}  # fmt: skip
    reading.gates.append(compared(kept["name"], "=", 1))
    agree, decline = (one.text for one in offered.choices[:2])
    return Agreement.model_validate(
        {"type": "consent", "show_if": route, "agree": agree, "decline": decline, **kept}
    )
