"""Scratch projects: copies of what git would clone, in which `dvc repro` really runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def copied(root: Path, scratch: Path) -> Path:
    """Copy every file that a clone would hold; the form engine is linked in as set-up made it."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root, capture_output=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file() and not name.startswith("tests/"):
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, scratch / name)
    shutil.copytree(root / "build" / "form", scratch / "build" / "form")
    subprocess.run(["git", "init", "-q"], cwd=scratch, check=True)
    return scratch


def start(command: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a command of the virtual environment, as after its activation."""
    scripts = Path(sys.executable).parent
    wanted = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    wanted |= {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", **environment}
    return subprocess.Popen(
        command.split(), cwd=folder, env=wanted, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def side_by_side(command: str, folders: list[Path], **environment: list[str]) -> list[str]:
    """Run one command in several folders at the same time; all must succeed."""
    running = [
        start(command, folder, **{name: values[n] for name, values in environment.items()})
        for n, folder in enumerate(folders)
    ]
    said = [process.communicate(timeout=600)[0] for process in running]
    for process, words in zip(running, said, strict=True):
        assert process.returncode == 0, words[-4000:]
    return said


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a command that must succeed; return what it said."""
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said[-4000:]
    return said
