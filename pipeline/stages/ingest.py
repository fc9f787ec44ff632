"""Stage `ingest`: the export as delivered -> decoded responses, masked open answers, codebook."""

from pathlib import Path

from pipeline.privacy.contacts import contact_columns
from pipeline.privacy.redact import redact_all
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.questionnaire.versions import changed_measures, read_versions
from pipeline.responses.layouts import odk_csv
from pipeline.responses.read import correct, read_export, without
from pipeline.responses.versions import decode_versions


def ingest(
    raw: Path,
    corrections: Path,
    definition: Path,
    versions: Path,
    codebook: Path,
    responses: Path,
    verbatims: Path,
    *,
    survey: str,
    wave: str,
) -> None:
    """Decode one wave's export by the versions it answered; contact data stays out."""
    current = read_questionnaire(definition)
    known = read_versions(definition, versions)
    delivered = read_export(raw)
    layout = odk_csv.locate(delivered.path, [*map(str, delivered.cells)], current)
    contacts = tuple(
        header
        for header in contact_columns(delivered.cells)
        if header not in layout.headers().values()
    )
    table = without(correct(delivered, corrections, layout.key), contacts)
    decoded = decode_versions(table, layout, version_hash(current), known)
    masked = redact_all(decoded.verbatims["text"])
    for path in (responses, verbatims):
        path.parent.mkdir(parents=True, exist_ok=True)
    decoded.responses.to_parquet(responses, index=False)
    decoded.verbatims.assign(text=masked["text"], masked=masked["masked"]).to_parquet(
        verbatims, index=False
    )
    file = RawFile(
        path=delivered.path.as_posix(),
        sha256=delivered.sha256,
        layout=layout.name,
        rows=len(delivered.cells),
        columns=layout.headers(),
    )
    write_codebook(
        Codebook(
            survey=survey,
            wave=wave,
            current=version_hash(current),
            versions=known,
            raw=file,
            changed_measures=changed_measures(definition, versions),
            dropped_contacts=contacts,
        ),
        codebook,
    )
