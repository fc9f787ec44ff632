"""A repeat of an XLSForm as a roster, with the question that counts its entries."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.importers.xlsform_choices import own_words
from pipeline.importers.xlsform_limits import limits_of
from pipeline.importers.xlsform_lost import tell_lost
from pipeline.importers.xlsform_questions import ASKED, common_of, question_of
from pipeline.importers.xlsform_reading import Reading
from pipeline.importers.xlsform_tree import Node
from pipeline.intake.definitions.xlsform import Row
from pipeline.questionnaire.blocks import InRoster, Roster, questions_of_block
from pipeline.questionnaire.expressions import Condition

MOST_ENTRIES, USUAL_ENTRIES = 50, 10


def roster_of(
    node: Node, count: Row | None, outer: Condition | None, reading: Reading
) -> Roster | None:
    """Return the roster of a repeat; `count` is the row before it that only asks how many."""
    row = node.row
    outside = dict(reading.asked)
    questions = tuple(_inside(node.inside, None, reading))
    reading.asked = outside
    name = _roster_name(row, count, reading)
    if not questions:
        reading.left(row, "重复组里没有能带过来的题目。")
        return None
    head = count or row
    route = reading.route(head, outer)
    texts = reading.languages
    least, most = _entries(row, count, reading)
    common = {key: one for key, one in common_of(head, reading).items()
              if key in ("text", "hint", "image", "interviewer")}  # fmt: skip
    return Roster.model_validate(
        {"type": "roster", "name": name, "show_if": route, **common,
         "entry": texts.text(row.labels, row.name), "questions": questions,
         "minimum": least, "maximum": most}
    )  # fmt: skip


def _roster_name(row: Row, count: Row | None, reading: Reading) -> str:
    """Return a name whose count of entries is no other question."""
    name = reading.name_of(row)
    others = {
        known for line, known in reading.names.items() if count is None or line != count.line
    }
    while f"{name}_count" in others:
        name = f"{name}_list"
    if name != reading.name_of(row):
        reading.mended(row, f"已有题目叫 {reading.name_of(row)}_count，重复组改称 {name}。")
    reading.called[row.name] = name
    if count is not None:
        reading.called[count.name] = f"{name}_count"
    return name


def _entries(row: Row, count: Row | None, reading: Reading) -> tuple[int, int]:
    """Return how many entries there are at least and at most."""
    written = row.columns.get("repeat_count", "").strip()
    if written.isdecimal():
        number = min(MOST_ENTRIES, max(1, int(written[:6])))
        if str(number) != written:
            reading.mended(row, f"重复 {written} 次，改为 {number} 次。")
        return number, number
    if count is not None:
        limits = limits_of(count.columns.get("constraint", ""), whole=True)
        least = min(MOST_ENTRIES, max(0, int(limits.low or 0)))
        if limits.high is not None and max(1, least) <= limits.high <= MOST_ENTRIES:
            return least, int(limits.high)
        reading.mended(row, f"没有写最多重复几次，按 {max(USUAL_ENTRIES, least)} 次，请核对。")
        return least, max(USUAL_ENTRIES, least)
    if written:
        reading.left(row, f"重复次数由“{written}”决定，这里另问一次有几个。")
    reading.mended(row, f"没有写最多重复几次，按 {USUAL_ENTRIES} 次，请核对。")
    return 0, USUAL_ENTRIES


def _inside(
    nodes: Sequence[Node], outer: Condition | None, reading: Reading
) -> Iterator[InRoster]:
    """Yield the questions of a repeat; groups are opened, notes and repeats within are told."""
    for node in nodes:
        row = node.row
        if row.type == "begin_repeat":
            names = "、".join(one.name for one in node.rows if one.type in ASKED and one.name)
            reading.left(row, f"重复组里的重复组 {row.name} 没有带过来（{names}）。")
        elif row.type == "begin_group":
            if row.labels:
                reading.note("重复组里分组的标题没有带过来。", row)
            yield from _inside(node.inside, reading.route(row, outer), reading)
        elif row.type == "note":
            reading.note("重复组里的说明文字（note）没有带过来。", row)
        elif own_words(row.columns).get("type") == "specify":
            continue
        elif row.type not in ASKED:
            tell_lost(row, reading)
        else:
            shown = reading.route(row, outer)
            made = question_of(row, reading, {} if shown is None else {"show_if": shown})
            if made is not None:
                reading.asked |= {one.name: one for one in questions_of_block(made)}
                yield made


def counts_in(nodes: Sequence[Node | list[Node]]) -> dict[int, tuple[Row, Node]]:
    """Return the rows that only say how often the repeat after them is gone through."""
    found: dict[int, tuple[Row, Node]] = {}
    for before, one in pairwise(nodes):
        if isinstance(before, list) or isinstance(one, list) or one.row.type != "begin_repeat":
            continue
        row, repeat = before.row, one.row
        named = repeat.columns.get("repeat_count", "").strip() == f"${{{row.name}}}"
        counts = row.type == "integer" and named and row.name == f"{repeat.name}_count"
        if counts or own_words(row.columns).get("type") == "roster":
            found[row.line] = (row, one)
    return found
