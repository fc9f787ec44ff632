"""Which code a stage runs, as a short file that changes exactly when that code does.

A stage's code is its module with everything that it imports, directly or through others, and the
files that those modules use beside them (templates, scripts, words). A dvc stage depends on this
one file instead of on whole packages: a change elsewhere in a package does not run it again.
"""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

import grimp

WORDS = frozenset({"word", "keys"})
"""Names of `pipeline.i18n` whose users show words of the locale tables."""


def stage_names(package: Path) -> tuple[str, ...]:
    """Return the names of the stages: the modules of ``stages/``."""
    found = (package / "stages").glob("*.py")
    return tuple(sorted(path.stem for path in found if path.stem != "__init__"))


def fingerprints(package: Path) -> dict[str, str]:
    """Return stage -> lines "file sha256" of the code that it runs, sorted by file.

    Parameters
    ----------
    package : the folder of the package, such as ``pipeline``; it must be the one that is imported
    """
    graph = grimp.build_graph(package.name, cache_dir=None)
    stages = {name: f"{package.name}.stages.{name}" for name in stage_names(package)}
    code = {
        stage: {module, *graph.find_upstream_modules(module)} for stage, module in stages.items()
    }
    files = {module: tuple(_files(package, module)) for module in set().union(*code.values())}
    hashes = {file: _hash(file) for some in files.values() for file in some}
    made = {}
    for stage, modules in code.items():
        used = sorted({file for module in modules for file in files[module]})
        made[stage] = "".join(f"{file.as_posix()} {hashes[file]}\n" for file in used)
    return made


def _files(package: Path, module: str) -> Iterator[Path]:
    """Yield the file of a module, and the files that are no modules in its package's folder."""
    place = package.parent.joinpath(*module.split("."))
    own = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    yield own
    if _shows_words(own):
        yield from (package / "locale").glob("*.toml")
    folder = own.parent
    if folder != package:
        yield folder / "__init__.py"
        yield from (file for file in folder.rglob("*") if _is_beside(file, folder))


def _shows_words(file: Path) -> bool:
    imported = (
        {alias.name for alias in node.names}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "pipeline.i18n"
    )
    return any(names & WORDS for names in imported)


def _is_beside(file: Path, folder: Path) -> bool:
    """Tell whether a file belongs to the code of `folder` and is no module or compiled module."""
    parts = file.relative_to(folder).parts
    plain = file.is_file() and file.suffix not in (".py", ".pyc")
    return plain and not any(part.startswith((".", "__")) for part in parts)


def _hash(file: Path) -> str:
    # Line ends differ between machines and change nothing.
    content = file.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()[:16]
