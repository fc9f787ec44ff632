"""Stage `findings`: published figures -> statements with their evidence and grade."""

from pathlib import Path

from pipeline.disclosure.public import read_public
from pipeline.findings.finding import write_findings
from pipeline.findings.rules import findings_of
from pipeline.questionnaire.codebook import read_codebook
from pipeline.questionnaire.programme import read_programme


def findings(disclosed: Path, codebooks: Path, programme: Path, out: Path) -> None:
    """State what the published figures of all surveys carry."""
    books = [read_codebook(path) for path in sorted(codebooks.glob("*/*.json"))]
    write_findings(findings_of(read_public(disclosed), books, read_programme(programme)), out)
