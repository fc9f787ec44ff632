"""One run's delivery with its questions found: by its own description, or by its layout."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.declared_columns import with_design
from pipeline.responses.decode import Decoded
from pipeline.responses.delivered import read_delivered
from pipeline.responses.layouts import Layout
from pipeline.responses.layouts.recognise import locate
from pipeline.responses.read import read_export
from pipeline.responses.source import Source, read_source
from pipeline.responses.sourced import located, told, with_key
from pipeline.responses.table import RawTable
from pipeline.responses.versions import decode_versions


@dataclass(frozen=True, slots=True)
class Export:
    """A delivered table and where its answers stand; `source` is None where nobody wrote it."""

    table: RawTable
    layout: Layout
    source: Source | None

    @property
    def headers_read(self) -> frozenset[str]:
        """The columns that are read; any other that holds contact data is dropped."""
        return frozenset(self.layout.headers().values()) | (
            self.source.headers if self.source else frozenset()
        )

    def decoded(
        self, table: RawTable, version: str, versions: Mapping[str, Questionnaire]
    ) -> Decoded:
        """Decode the corrected table by the versions; what a declared design reads is added."""
        if self.source is None:
            return decode_versions(table, self.layout, version, versions)
        spoken = told(table, self.source, versions[version])
        found = decode_versions(spoken, self.layout, version, versions)
        return replace(found, responses=with_design(found.responses, table, self.source.design))


def open_export(raw: Path, asked: Questionnaire) -> Export:
    """Read what was delivered into the folder `raw`, and find every question of `asked` in it.

    Raises
    ------
    ResponseError
        As the reader of the files, and as `located` or `locate`.
    """
    source = read_source(raw)
    if source is None:
        table = read_export(raw)
        return Export(table, locate(table, asked), None)
    delivered, _ = read_delivered(raw, source)
    table = with_key(delivered, source)
    return Export(table, located(raw, table, source, asked), source)
