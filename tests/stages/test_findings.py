from pathlib import Path

from pipeline.findings.finding import read_findings
from pipeline.questionnaire.codebook import write_codebook
from pipeline.stages.findings import findings
from tests.disclosure.made import (
    WAVE,
    codebook,
    comparison,
    comparisons,
    disclosed,
    estimate,
    estimates,
    programme,
    survey,
)


def project(folder: Path, *, measured: bool) -> Path:
    (folder / "programme.yaml").write_text(programme().model_dump_json(), encoding="utf-8")
    book = codebook(survey(measured=measured))
    write_codebook(book, folder / "codebook" / "residents" / f"{WAVE}.json")
    disclosed(
        folder / "disclose",
        estimates=estimates(estimate(400, 232)),
        comparisons=comparisons(comparison("standard", "all", "standard")),
    )
    findings(
        folder / "disclose", folder / "codebook", folder / "programme.yaml", folder / "out.json"
    )
    return folder / "out.json"


def test_a_measured_problem_becomes_a_finding(tmp_path: Path) -> None:
    (finding,) = read_findings(project(tmp_path, measured=True))
    assert (finding.id, finding.grade) == ("F-A1.4-01", "B")


def test_a_survey_without_measures_gives_an_empty_list(tmp_path: Path) -> None:
    out = project(tmp_path, measured=False)
    assert read_findings(out) == ()
    assert out.read_text(encoding="utf-8") == "[]\n"
