"""Real XLSForms: every one is imported, made into forms, taken by pyxform, and comes back."""

from pathlib import Path

import pytest

from tests.importers.xlsforms import SHORT, Outcome, files, outcome, some_forms

pytestmark = [
    pytest.mark.shared,
    pytest.mark.filterwarnings("ignore:Cannot parse header:UserWarning"),
]
FILES, CONVERTING = 37, 23


@pytest.fixture(scope="module")
def outcomes(
    shared: Path, engine: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[Outcome]:
    scratch = tmp_path_factory.mktemp("xlsforms")
    assert engine.is_file()
    return [outcome(path, scratch, some_forms) for path in files(shared / "samples" / "forms")]


def test_every_form_is_imported(outcomes: list[Outcome]):
    assert len(outcomes) == FILES
    assert [one.file for one in outcomes if one.refused] == []


def test_forms_are_made_of_every_one(outcomes: list[Outcome]):
    always = {"web.html", "codebook.html", "xlsform.xlsx"}
    for_offices = {"paper.docx", "data-entry.xlsx", "ddi.xml", "empty.sav"}
    for one in outcomes:
        assert set(one.made) == always | (for_offices if one.questions <= SHORT else set()), one
    assert {one.file: one.lacking for one in outcomes if one.lacking} == {}


def test_pyxform_takes_every_form_that_was_exported_again_without_a_warning(
    outcomes: list[Outcome],
):
    assert {one.file: one.warned for one in outcomes if one.warned} == {}


def test_every_form_survives_export_and_import_unchanged(outcomes: list[Outcome]):
    assert [one.file for one in outcomes if not one.equal] == []


def test_forms_that_pyxform_rejects_have_their_repairs_told(outcomes: list[Outcome]):
    rejected = outcomes[CONVERTING:]
    assert len(rejected) == FILES - CONVERTING
    assert all(one.repairs or one.lost for one in rejected)
