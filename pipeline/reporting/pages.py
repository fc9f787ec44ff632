"""The page of findings, in Chinese and in English, from one template."""

from functools import cache

from jinja2 import Environment

from pipeline.disclosure.manifest import Recorder
from pipeline.documents.html import environment, tidy
from pipeline.i18n import Language, keys
from pipeline.problems.problem import Problem, Proposal
from pipeline.reporting.cells import Cells
from pipeline.reporting.finding_views import FindingView
from pipeline.reporting.page_functions import functions
from pipeline.reporting.views import Site

PAGES: dict[Language, str] = {"zh": "index.html", "en": "en.html"}
ALONGSIDE: dict[Language, Language] = {"zh": "en", "en": "zh"}
LISTS = "lists/问题清单、责任清单、督办清单.xlsx"
QUALITY = "quality/质量.csv"
FIRST_SCREEN = 5


def render_page(site: Site, recorder: Recorder, language: Language) -> str:
    """Return the page in one language; every figure and fixed text on it goes to `recorder`."""
    cells = Cells(site.disclosed, recorder, PAGES[language], language)
    page = (
        _templates()
        .get_template("page.html.j2")
        .render(
            functions(cells, site),
            site=site,
            headlines=first_screen(site.finding_views),
            numerals={name: str(place) for place, name in enumerate(site.sections, start=1)},
            sequence=_sequence(site.listed_problems, site.open_proposals),
            language=language,
            other=PAGES[ALONGSIDE[language]],
            lists=LISTS,
            quality_table=QUALITY,
            findings_by_id={finding.id: finding for finding in site.findings},
            leads={
                (one.survey, one.wave, one.question): one.grade
                for one in site.findings
                if one.grade in ("C", "D") and one.question
            },
            known_words=keys(language),
        )
    )
    return tidy(page)


def first_screen(views: tuple[FindingView, ...]) -> tuple[FindingView, ...]:
    """Return the at most five findings of the first screen in their order of reading."""
    chosen = [view for view in views if view.finding.headline is not None]
    return tuple(sorted(chosen, key=lambda view: (view.finding.headline or 0, view.finding.id)))[
        :FIRST_SCREEN
    ]


@cache
def _templates() -> Environment:
    """Return the templates; reading them costs more than filling them in."""
    return environment("pipeline.reporting")


def _sequence(problems: tuple[Problem, ...], proposals: tuple[Proposal, ...]) -> dict[str, str]:
    """Return the place of each problem and each proposal in its list."""
    return {one.number: str(place) for place, one in enumerate(problems, start=1)} | {
        one.id: str(place) for place, one in enumerate(proposals, start=1)
    }
