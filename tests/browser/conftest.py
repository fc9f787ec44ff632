"""A browser, the web forms that it opens, and a respondent before each."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipeline.forms.web import page, read_engine, read_images
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire
from tests.browser.form_visits import Visit, visiting

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FORMS = Path(__file__).parents[1] / "forms"
SUBMIT_TO = "http://localhost:9/answers"  # nobody is there; tests answer in its place


def _absent(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; CI needs it")
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    named = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in named if (path := shutil.which(name))), None)
    if found is None:
        _absent("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The forms of the example, of every type, and of the residents survey; `sent` submits."""
    assets = root / "build" / "form"
    if not assets.is_dir():
        _absent("the form engine is not built; run python3 bootstrap.py")
    programme = read_programme(root / "questionnaires" / "programme.yaml")
    engine, out = read_engine(assets), tmp_path_factory.mktemp("forms")
    definitions = {
        "example": (FORMS / "example.yaml", ""),
        "sent": (FORMS / "example.yaml", SUBMIT_TO),
        "every": (FORMS / "every_type.yaml", ""),
        "residents": (root / "questionnaires" / "residents" / "questionnaire.yaml", ""),
    }
    made = {name: out / f"{name}.html" for name in definitions}
    for name, (definition, submit_to) in definitions.items():
        asked = read_questionnaire(definition)
        images = read_images(asked, definition.parent)
        written = page(asked, programme, engine, submit_to=submit_to, images=images)
        made[name].write_text(written, encoding="utf-8", newline="\n")
    return made


@pytest.fixture
def visit(browser: Browser, pages: dict[str, Path]) -> Iterator[Visit]:
    """A respondent before the form of the example, on a phone."""
    yield from _visits(browser, pages["example"])


@pytest.fixture
def every(browser: Browser, pages: dict[str, Path]) -> Iterator[Visit]:
    """A respondent before the form with every type of question, on a phone."""
    yield from _visits(browser, pages["every"])


def _visits(browser: Browser, form: Path) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    met = visiting(context, form.as_uri() + "#site=S07&person=P0042&mode=interviewer")
    yield met
    context.close()
    assert met.wrong == []
