"""The page of findings as a reader meets it, in a real browser, opened from a file."""

import os
import runpy
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, sync_playwright

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    named = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in named if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine; CI needs it")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    path = Path(__file__).parents[1] / "reporting" / "fictitious.py"
    fictitious = SimpleNamespace(**runpy.run_path(str(path)))
    rendered, _ = fictitious.render(tmp_path_factory.mktemp("page"))
    return rendered


@pytest.mark.parametrize("name", ["index.html", "en.html"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits(browser, site, name, width):
    page = browser.new_page(viewport={"width": width, "height": 860})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((site / name).as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [(site / name).as_uri()]
    assert said == []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.textContent.trim() && "
        "parseFloat(getComputedStyle(e).fontSize) < 12.9 && e.tagName !== 'CODE').length"
    )
    assert small == 0
    page.close()


def test_the_first_screen_holds_at_most_five_findings_and_the_first_is_in_sight(browser, site):
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto((site / "index.html").as_uri())
    places = page.evaluate(
        "[...document.querySelectorAll('.top > li')].map(e => e.getBoundingClientRect().bottom)"
    )
    assert 1 <= len(places) <= 5
    assert places[0] < 860
    page.close()


def test_text_tables_and_pictures_are_there_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator("table.plot td.v").first.inner_text() == "31%\n39%"
    box = page.locator(".top svg.dots circle").first.bounding_box()
    assert box is not None
    assert box["width"] > 5
    page.locator("#answers summary").first.click()
    assert page.locator("#answers table").first.is_visible()
    context.close()


def test_tables_become_cards_on_a_phone_and_keep_their_roles(browser, site):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / "index.html").as_uri())
    row = page.locator(".plist tbody tr[id]").first
    assert row.evaluate("e => getComputedStyle(e).display") == "flex"
    assert row.get_attribute("role") == "row"
    for table in (".areas", ".fu"):
        row = page.locator(f"{table} tbody tr:has(td)").first
        assert row.evaluate("e => getComputedStyle(e).display") == "grid"
        assert row.get_attribute("role") == "row"
    page.close()


def test_rows_that_are_compared_share_one_width_of_plot(browser, site):
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto((site / "index.html").as_uri())
    for cell in (".areas td.c svg", ".fu td.c svg", ".fu td.ch svg"):
        widths = page.locator(cell).evaluate_all(
            "all => all.map(e => Math.round(e.getBoundingClientRect().width))"
        )
        assert len(widths) > 2
        assert len(set(widths)) == 1
        assert widths[0] >= 100
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_cell_of_a_row_lies_on_another(browser, site, width):
    page = browser.new_page(viewport={"width": width, "height": 860})
    page.goto((site / "index.html").as_uri())
    over = page.evaluate(
        "[...document.querySelectorAll('.areas tr, .fu tr, .plist tr')].flatMap(row => "
        "{ const cells = [...row.children].filter(e => e.getBoundingClientRect().width > 1);"
        " return cells.filter(e => e.scrollWidth > Math.ceil(e.getBoundingClientRect().width) + 1"
        " && getComputedStyle(e).display !== 'inline').map(e => e.textContent.trim()); })"
    )
    assert over == []
    page.close()


def test_headings_skip_no_level_and_every_section_is_named(browser, site):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(e => +e.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.locator("section:not([aria-labelledby])").count() == 0
    assert page.locator("nav[aria-label]").count() == 1
    page.close()


def test_the_page_prints_on_a4_with_folds_open(browser, site):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 3
    page.emulate_media(media="print")
    assert (
        page.locator("details dl.dl").first.evaluate("e => e.getBoundingClientRect().height") > 0
    )
    page.close()
