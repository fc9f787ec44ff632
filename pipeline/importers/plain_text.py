"""Import a questionnaire that was typed as plain text, in whatever Chinese encoding."""

from pathlib import Path

from pipeline.importers.imported import Imported
from pipeline.importers.written import Line, imported_from
from pipeline.intake.definitions.contents import text_of

MOST_LINES = 50_000


def read(path: Path, survey: str) -> Imported:
    """Import a text file.

    Raises
    ------
    ResponseError, QuestionnaireError
        Its encoding cannot be told, or no question can be told in it.
    """
    lines = text_of(path).splitlines()[:MOST_LINES]
    return imported_from(path, survey, [Line(one) for one in lines if one.strip()], ())
