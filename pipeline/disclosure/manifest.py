"""The manifest: every number that pages and workbooks show, and every other text with digits.

It is written by what renders a page and compared by the audit with the page and with the disclosed
tables, so that a number can only be shown if all three agree.
"""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

Origin = Literal[
    "axis", "date", "definition", "file", "identifier", "locale", "register", "sequence",
    "statement", "threshold",
]  # fmt: skip
"""Why a text may hold digits that are no figure: a tick of an axis; a date; words of a programme,
questionnaire or codebook; a file's name or hash; an id; an interface word; what a person entered
in the register; a place in a list; the words around a finding's figures; a rule's threshold."""

Place = Literal["header", "main", "footer", "style"]


class Part(BaseModel):
    """Common manners: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PublishedNumber(Part):
    """A figure on a page: of which cell and field, its value, and how it reads ('' in a chart)."""

    page: str
    cell: str
    field: str
    value: float
    text: str


class FixedText(Part):
    """A text with digits that is no figure, and where it comes from."""

    page: str
    origin: Origin
    text: str


class Fragment(Part):
    """The marked-up text of one entry of a workbook; its page is the workbook's file."""

    page: str
    place: str
    html: str


class RequiredText(Part):
    """A text that must stand on a page, and in which part of it."""

    page: str
    inside: Place
    text: str


class WrittenFile(Part):
    """A file of the site as it was written."""

    page: str
    sha256: str


class Manifest(Part):
    """What a site shows."""

    pages: tuple[str, ...]
    numbers: tuple[PublishedNumber, ...]
    fixed: tuple[FixedText, ...]
    fragments: tuple[Fragment, ...]
    required: tuple[RequiredText, ...] = ()
    files: tuple[WrittenFile, ...] = ()
    """One for each page once the site is sealed; the audit refuses a page without."""


class Recorder:
    """Collects what is shown while pages are rendered."""

    def __init__(self) -> None:
        self._pages: set[str] = set()
        self._numbers: set[PublishedNumber] = set()
        self._fixed: set[FixedText] = set()
        self._fragments: list[Fragment] = []
        self._required: set[RequiredText] = set()

    def page(self, page: str) -> None:
        """Note that a page or workbook is part of the site."""
        self._pages.add(page)

    def number(self, page: str, cell: str, field: str, value: float, text: str) -> None:
        """Note a figure that is shown."""
        self._numbers.add(
            PublishedNumber(page=page, cell=cell, field=field, value=value, text=text)
        )

    def fixed(self, page: str, text: str, origin: Origin) -> None:
        """Note a text with digits that is no figure."""
        self._fixed.add(FixedText(page=page, origin=origin, text=text))

    def fragment(self, page: str, place: str, html: str) -> None:
        """Note the marked-up text of an entry of a workbook."""
        self._fragments.append(Fragment(page=page, place=place, html=html))

    def require(self, page: str, inside: Place, text: str) -> None:
        """Note a text that a page must keep."""
        self._required.add(RequiredText(page=page, inside=inside, text=text))

    def manifest(self) -> Manifest:
        """Return what was noted, in an order that does not depend on the rendering."""
        return Manifest(
            pages=tuple(sorted(self._pages)),
            numbers=tuple(
                sorted(self._numbers, key=lambda n: (n.page, n.cell, n.field, n.text, n.value))
            ),
            fixed=tuple(sorted(self._fixed, key=lambda f: (f.page, f.origin, f.text))),
            fragments=tuple(sorted(self._fragments, key=lambda f: (f.page, f.place))),
            required=tuple(sorted(self._required, key=lambda r: (r.page, r.inside, r.text))),
        )


def sealed(manifest: Manifest, site: Path) -> Manifest:
    """Return the manifest with the sha256 of every file of the site as it stands now."""
    files = tuple(WrittenFile(page=page, sha256=digest(site / page)) for page in manifest.pages)
    return manifest.model_copy(update={"files": files})


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest as JSON, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a site."""
    return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
