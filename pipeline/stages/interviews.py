"""Stage `interviews`: notes of interviews -> masked and coded passages."""

from pathlib import Path

from pipeline.text_analysis.coding import read_codeframe
from pipeline.text_analysis.interviews import coded_passages, read_notes


def interviews(notes: Path, codeframe: Path, coded: Path) -> None:
    """Mask and code the passages of all notes; a folder without notes gives an empty table."""
    passages = coded_passages(read_notes(notes), read_codeframe(codeframe))
    coded.parent.mkdir(parents=True, exist_ok=True)
    passages.to_parquet(coded, index=False)
