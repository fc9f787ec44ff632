"""Scratch projects: copies of what git would clone, in which `dvc repro` really runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
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


def finished(process: subprocess.Popen[str], seconds: int = 300) -> str:
    """Wait for a command that must succeed; return what it said."""
    said, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, said[-4000:]
    return said


def in_one_process(commands: Sequence[str], folder: Path, **environment: str) -> None:
    """Run commands of `diaoyan` one after the other; starting Python once is what takes least."""
    script = (
        "import sys\nfrom pipeline.cli import app\n"
        f"for command in {list(commands)!r}:\n"
        "    sys.argv = ['diaoyan', *command.split()]\n"
        "    app(standalone_mode=False)\n"
    )
    (folder / "run_all.py").write_text(script, encoding="utf-8")
    finished(start("python run_all.py", folder, **environment), seconds=600)
    (folder / "run_all.py").unlink()
