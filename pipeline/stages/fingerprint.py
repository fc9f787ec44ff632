"""Stage `fingerprint`: the package -> for each stage a file that changes when its code does."""

from pathlib import Path

from pipeline.fingerprints import fingerprints


def fingerprint(package: Path, out: Path) -> None:
    """Write ``<stage>.txt`` for every stage into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for stage, lines in fingerprints(package).items():
        (out / f"{stage}.txt").write_text(lines, encoding="utf-8", newline="\n")
