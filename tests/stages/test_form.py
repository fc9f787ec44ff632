"""Stage `form`, on the example survey and the built engine."""

from pathlib import Path

import pytest

from pipeline.stages.form import form

FILES = {
    "web.html", "paper.docx", "paper-large.docx", "paper.pdf", "data-entry.xlsx", "xlsform.xlsx",
    "ddi.xml", "empty.sav", "codebook.html",
}  # fmt: skip


def test_every_form_of_the_residents_survey_is_made(root: Path, tmp_path: Path) -> None:
    assets = root / "build" / "form"
    if not assets.is_dir():
        pytest.skip("the form engine is not built; run python3 bootstrap.py")
    questionnaires = root / "questionnaires"
    out = tmp_path / "residents"
    form(
        questionnaires / "residents" / "questionnaire.yaml",
        questionnaires / "programme.yaml",
        assets,
        out,
    )
    assert {file.name for file in out.iterdir()} == FILES
    made = (out / "web.html").read_bytes()
    assert len(made) < 2_200_000
    assert b"\r" not in made
    assert b"License: MIT" in made
    assert b"Copyright (c) 2015-2026 Devsoft Baltic" in made
