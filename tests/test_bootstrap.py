"""Set-up skips what is done, says in one line what failed, and names no host."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def bootstrap(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root))
    import bootstrap as loaded

    return loaded


def test_a_step_that_fails_is_one_line(bootstrap: ModuleType, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no network\\n\\n')"]
    with pytest.raises(bootstrap.SetUpError) as told:
        bootstrap.run("安装", command, folder=tmp_path)
    assert "no network" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_program_that_is_not_there_is_one_line(bootstrap: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(bootstrap.SetUpError, match="cannot run"):
        bootstrap.run("安装", [str(tmp_path / "absent")], folder=tmp_path)


def test_line_ends_do_not_change_what_a_stamp_says(bootstrap: ModuleType, tmp_path: Path) -> None:
    unix, windows = tmp_path / "unix", tmp_path / "windows"
    unix.write_bytes(b"a\nb\n")
    windows.write_bytes(b"a\r\nb\r\n")
    assert bootstrap.digest(unix) == bootstrap.digest(windows)
    with pytest.raises(bootstrap.SetUpError, match="absent"):
        bootstrap.digest(tmp_path / "absent")


def test_a_stamp_of_the_present_lock_skips_the_build(
    bootstrap: ModuleType, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "FORM", tmp_path)
    monkeypatch.setattr(bootstrap, "run", lambda *_, **__: pytest.fail("nothing is to be done"))
    made_from = bootstrap.digest(root / "package-lock.json", root / "bootstrap.py")
    (tmp_path / "made-from.sha256").write_text(made_from, encoding="utf-8")
    bootstrap.build_form_engine()


def test_the_lock_pins_the_engine_and_holds_no_address(root: Path) -> None:
    text = (root / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    lock = json.loads(text)["packages"]
    asked = json.loads((root / "package.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert lock[f"node_modules/{name}"]["version"] == version
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")
    settings = (root / ".npmrc").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in settings
    assert "//" not in settings
