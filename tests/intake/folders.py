"""What lies in a folder, to tell whether anything changed."""

from pathlib import Path


def listing(folder: Path) -> dict[str, bytes | None]:
    """Return the content of each file by its path; None for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }
