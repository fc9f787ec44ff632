"""Stage `ingest`: the export as delivered -> decoded responses, masked open answers, codebook."""

from pathlib import Path

from pipeline.privacy.contacts import contact_columns
from pipeline.privacy.redact import redact_all
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.versions import read_fielded
from pipeline.responses.corrections import correct
from pipeline.responses.export import open_export
from pipeline.responses.read import without


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
    fielded = read_fielded(definition, versions, wave)
    export = open_export(raw, fielded.versions[fielded.version])
    delivered, layout = export.table, export.layout
    read = export.headers_read
    elsewhere = [header for header in delivered.cells if header not in read]
    contacts = contact_columns(delivered.cells[elsewhere])
    table = without(correct(delivered, corrections, layout.key), contacts)
    decoded = export.decoded(table, fielded.version, fielded.versions)
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
            current=fielded.version,
            versions=fielded.versions,
            raw=file,
            changed_measures=fielded.changed_measures,
            dropped_contacts=contacts,
            design=export.source.design if export.source else None,
        ),
        codebook,
    )
