"""What a page was made from: the package's version and one hash over all inputs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a page's footer says about where it comes from."""

    version: str
    inputs: str
    """12 hex digits of the hash of everything the page was made from."""


def provenance_of(inputs: Iterable[Path]) -> Provenance:
    """Return the version and the hash of files and folders, by content and not by time.

    Names count only inside a folder, so that the hash is the same wherever the project lies.
    """
    total = hashlib.sha256()
    for given in inputs:
        files = [given] if given.is_file() else sorted(p for p in given.rglob("*") if p.is_file())
        for path in files:
            inside = path.relative_to(given).as_posix() if path != given else ""
            total.update(inside.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Provenance(metadata.version("diaoyan"), total.hexdigest()[:12])
