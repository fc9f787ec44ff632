"""Texts that no page may lose: that data are simulated, and the headings of what limits them."""

from pipeline.disclosure.manifest import Recorder
from pipeline.i18n import Language, word
from pipeline.reporting.pages import PAGES
from pipeline.reporting.views import Site

HEADINGS = ("m_sample", "m_errors", "m_limitation", "m_disclosure")


def require(site: Site, recorder: Recorder, language: Language) -> None:
    """Note what the page in this language must keep; the audit looks for it."""
    page = PAGES[language]
    if site.simulated:
        note = word("report.simulated_note", language)
        for part in ("header", "footer"):
            recorder.require(page, part, f"{word('report.simulated', language)} {note}")
        recorder.require(page, "style", f'content:"{word("report.simulated", language)}"')
    for heading in (*HEADINGS, *(("m_null",) if site.findings else ())):
        recorder.require(page, "main", word(f"report.{heading}", language))
    for results in site.results:
        limitation = " ".join(results.codebook.questionnaire.limitation(language).split())
        label = word("report.m_limitation", language)
        recorder.require(page, "main", label + limitation)
