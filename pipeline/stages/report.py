"""Stage `report`: disclosed figures, findings and problems -> pages and lists, with a manifest."""

from datetime import date
from pathlib import Path

from pipeline.disclosure.manifest import Recorder, sealed, write_manifest
from pipeline.disclosure.public import read_public
from pipeline.findings.finding import read_findings
from pipeline.problems.followup import read_followups
from pipeline.problems.problem import read_problems, read_proposals
from pipeline.problems.verdicts import with_verdicts
from pipeline.questionnaire.codebook import read_codebook
from pipeline.questionnaire.programme import read_programme
from pipeline.reporting.pages import LISTS, PAGES, QUALITY, render_page
from pipeline.reporting.provenance import provenance_of
from pipeline.reporting.required import require
from pipeline.reporting.views import Site
from pipeline.reporting.workbooks import write_lists, write_quality


def report(
    disclosed: Path, findings: Path, proposals: Path, problems: Path, followup: Path,
    programme: Path, codebooks: Path, site: Path, *, as_of: date,
) -> None:  # fmt: skip
    """Render the page in both languages, the workbook of lists and the quality table."""
    followups = read_followups(followup)
    inputs = (disclosed, findings, proposals, problems, followup, programme, codebooks)
    shown = Site(
        programme=read_programme(programme),
        codebooks=tuple(read_codebook(path) for path in sorted(codebooks.glob("*/*.json"))),
        disclosed=with_verdicts(read_public(disclosed), followups),
        findings=read_findings(findings),
        proposals=read_proposals(proposals),
        problems=read_problems(problems),
        followups=followups,
        as_of=as_of,
        provenance=provenance_of(inputs),
    )
    recorder = Recorder()
    site.mkdir(parents=True, exist_ok=True)
    for language, page in PAGES.items():
        text = render_page(shown, recorder, language)
        require(shown, recorder, language)
        (site / page).write_text(text, encoding="utf-8", newline="\n")
    write_lists(shown, recorder, site / LISTS, LISTS)
    write_quality(shown.disclosed, recorder, site / QUALITY, QUALITY)
    write_manifest(sealed(recorder.manifest(), site), site / "manifest.json")
