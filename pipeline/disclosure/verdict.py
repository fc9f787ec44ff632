"""What follows from an audit: the verdict on file, and publication or refusal of a whole site."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.disclosure.manifest import Manifest
from pipeline.errors import AuditError, Fault, gathered


def write_verdict(faults: Mapping[str, Sequence[Fault]], manifest: Manifest, path: Path) -> None:
    """Write what was checked and what was found, as JSON."""
    content = {
        "passed": not faults,
        "pages": list(manifest.pages),
        "numbers": len(manifest.numbers),
        "fixed_texts": len(manifest.fixed),
        "faults": {page: [str(fault) for fault in found] for page, found in faults.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def refuse(faults: Mapping[str, Sequence[Fault]]) -> AuditError:
    """Return the error that names every fault of every page."""
    return AuditError("\n".join(gathered(page, found) for page, found in faults.items()))


def publish(site: Path, pages: Iterable[str], published: Path) -> None:
    """Copy the pages of a site that passed; each file appears whole or not at all.

    Everything is first copied beside its place and then renamed, so that a full disk leaves what
    was published before as it was. Files of an earlier publication in the same folders that are
    no pages any more are removed; other folders (the forms) are left alone.
    """
    listed = sorted(pages)
    waiting = [(published / page).with_suffix(".new") for page in listed]
    for page, copy in zip(listed, waiting, strict=True):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site / page, copy)
    for page, copy in zip(listed, waiting, strict=True):
        os.replace(copy, published / page)
    for folder in sorted({Path(page).parent for page in listed if "/" in page}):
        for path in sorted((published / folder).iterdir()):
            if path.is_file() and (folder / path.name).as_posix() not in listed:
                path.unlink()
