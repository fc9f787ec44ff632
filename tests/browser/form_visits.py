"""A respondent before the web form, and what the page should not have done."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page

TOO_SMALL = """() => [...document.querySelectorAll('button, input[type=button], label, .sd-input')]
    .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.9)
    .map(e => e.outerHTML.slice(0, 80))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHECK = "axe.run(document).then(r => [r.violations.map(v => [v.id, v.nodes[0].html]), r.passes.length])"


@dataclass
class Visit:
    """One respondent before the form, and everything the page should not have done."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    def question(self, name: str) -> Locator:
        return self.page.locator(f"[data-name={name}]")

    def answer(self, question: str, choice: int) -> None:
        self.page.locator(f'[data-name={question}] input[value="{choice}"]').check()

    def untick(self, question: str, choice: int) -> None:
        self.page.locator(f'[data-name={question}] input[value="{choice}"]').uncheck()

    def write(self, question: str, text: str) -> None:
        box = self.page.locator(f"[data-name={question}] :is(input, textarea)")
        box.fill("")
        box.press_sequentially(text)

    def pick(self, question: str, moment: str) -> None:
        self.page.locator(f"[data-name={question}] input").fill(moment)

    def asked(self, question: str) -> bool:
        return self.page.locator(f"[data-name={question}]").count() == 1

    def said(self, question: str) -> str:
        return self.page.inner_text(f"[data-name={question}] .sd-element__erbox")

    def next(self) -> None:
        self.page.locator(".sd-navigation__next-btn, .sd-navigation__complete-btn").locator(
            "visible=true"
        ).click()

    def back(self) -> None:
        self.page.locator(".sd-navigation__prev-btn").click()

    def title(self) -> str:
        return self.page.inner_text("h2.sd-page__title")

    def export(self) -> tuple[str, dict[str, str], bytes]:
        with self.page.expect_download() as handed:
            self.page.click("#export")
        content = Path(handed.value.path()).read_bytes()
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(rows) == 2
        return handed.value.suggested_filename, dict(zip(*rows, strict=True)), content


def visiting(context: BrowserContext, address: str) -> Visit:
    """Open the form and note what the page says, asks of the network, or trips over."""
    page = context.new_page()
    met = Visit(page, address)
    page.on("console", lambda said: met.wrong.append(f"console: {said.text}"))
    page.on("pageerror", lambda fault: met.wrong.append(f"error: {fault}"))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith(("file:", "blob:", "data:"))
            else met.wrong.append(f"request: {asked.url}")
        ),
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(met.address)
    return met
