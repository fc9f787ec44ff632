"""What must hold of everything that an importer returns."""

from pathlib import Path

from pipeline.importers.imported import Imported
from pipeline.importers.writing import questionnaire_yaml
from pipeline.questionnaire.read import read_questionnaire


def written_and_read(imported: Imported, folder: Path) -> str:
    """Write the questionnaire, read it back, demand an equal one; return the text."""
    path = folder / "questionnaire.yaml"
    text = questionnaire_yaml(imported)
    path.write_text(text, encoding="utf-8")
    assert read_questionnaire(path) == imported.questionnaire
    return text
