"""Import a questionnaire as Chinese offices write it: numbered questions, marked choices.

Lines and tables are taken apart in ``written_lines``; each question becomes a block in
``written_questions``, skips become conditions in ``written_routes``.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.i18n import Text
from pipeline.importers.building import Building, cleaned
from pipeline.importers.imported import Imported
from pipeline.importers.written_lines import Line, Piece, Table, taken_apart
from pipeline.importers.written_questions import Writer
from pipeline.importers.written_routes import route

__all__ = ["Line", "Piece", "Table", "imported_from"]
SHOWN = 30


def imported_from(
    path: Path, survey: str, pieces: Sequence[Piece], told: Sequence[str]
) -> Imported:
    """Return the questionnaire that stands in the pieces of a document.

    Parameters
    ----------
    told : what of the document could not be read

    Raises
    ------
    QuestionnaireError
        No question can be told in it.
    """
    building = Building(path, survey)
    building.lost += told
    document = taken_apart(pieces)
    if document.title:
        building.title = Text(zh=cleaned(document.title))
    if document.introduction:
        building.introduction = Text(zh=cleaned(" ".join(document.introduction)))
    writer = Writer(building)
    for section in document.sections:
        building.page(Text(zh=cleaned(section.title) or "问卷"))
        for one in section.content:
            writer.add(one)
    if writer.unsaid:
        numbers = "、".join(writer.unsaid[:SHOWN])
        more = "等" if len(writer.unsaid) > SHOWN else ""
        building.mended(
            "",
            f"没有注明单选还是多选，当作单选的有 {len(writer.unsaid)} 题：第 {numbers} 题{more}。",
        )
    route(building, writer.written)
    return building.finished()
