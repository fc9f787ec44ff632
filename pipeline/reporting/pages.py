"""The page of findings, in Chinese and in English, from one template."""

from collections.abc import Callable, Iterator
from functools import partial

from markupsafe import Markup

from pipeline.disclosure.manifest import Recorder
from pipeline.documents.html import environment, phrases, tidy
from pipeline.findings.wording import level_name
from pipeline.i18n import Language, keys
from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.model import ChoiceQuestion, Question
from pipeline.reporting import charts
from pipeline.reporting.cells import Cells
from pipeline.reporting.tables import Results, first_screen
from pipeline.reporting.views import Site
from pipeline.sampling.dispositions import word_key

PAGES: dict[Language, str] = {"zh": "index.html", "en": "en.html"}
ALONGSIDE: dict[Language, Language] = {"zh": "en", "en": "zh"}
LISTS = "lists/问题清单.xlsx"
QUALITY = "quality/质量.csv"


def render_page(site: Site, recorder: Recorder, language: Language) -> str:
    """Return the page in one language; every figure and fixed text on it goes to `recorder`."""
    cells = Cells(site.disclosed, recorder, PAGES[language], language)
    made = environment("pipeline.reporting", _functions(cells))
    page = made.get_template("page.html.j2").render(
        site=site,
        headlines=first_screen(site.findings),
        numerals={name: str(place) for place, name in enumerate(site.sections, start=1)},
        language=language,
        other=PAGES[ALONGSIDE[language]],
        lists=LISTS,
        quality_table=QUALITY,
        findings_by_id={finding.id: finding for finding in site.findings},
        known_words=keys(language),
    )
    return tidy(page)


def _functions(cells: Cells) -> dict[str, Callable[..., object]]:
    """Return what templates call: figures and words of `cells`, and the pictures."""
    rows = cells.disclosed.rows

    def fill(picture: Callable[..., object]) -> Callable[..., object]:
        def drawn(*given: object, **named: object) -> object:
            return picture(cells, *given, **named)

        return drawn

    def heading(text: Markup) -> Markup:
        return text if "<" in text else phrases(str(text))

    return {
        "figure": cells.figure, "value": cells.value, "interval": cells.interval,
        "margin": cells.margin, "n": cells.n, "has": cells.has, "presentable": cells.presentable,
        "with_margin": cells.with_margin, "fixed": cells.fixed, "spoken": cells.spoken,
        "say": cells.say, "day": cells.day, "w": cells.word, "sentence": cells.sentence,
        "heading": heading, "level": lambda name: cells.say(level_name(name)),
        "options": _options, "missing_options": _missing_options,
        "row": lambda cell: rows[cell], "most": lambda ids: max(rows[one]["value"] for one in ids),
        "quality_items": partial(_quality_items, cells), "rule_word": partial(_rule, cells),
        "design": cells.disclosed.design,
        "ticks": fill(charts.ticks), "dot": fill(charts.dot), "bar": fill(charts.bar),
        "tally": fill(charts.tally), "room": fill(charts.room),
        "diverging": fill(charts.diverging), "axis_for": charts.axis_for,
        "whole": lambda: charts.WHOLE, "scale_colours": lambda: charts.SCALE,
    }  # fmt: skip


def _options(question: Question) -> list[object]:
    return [c.text for c in question.substantive] if isinstance(question, ChoiceQuestion) else []


def _missing_options(question: Question) -> list[object]:
    if not isinstance(question, ChoiceQuestion):
        return []
    codes = missing_codes(question)
    return [choice.text for choice in question.choices if choice.code in codes]


def _quality_items(cells: Cells, results: Results, group: str) -> Iterator[tuple[Markup, str]]:
    """Yield the name and the id of each quality figure of a group."""
    questions = {q.name: q for q in results.codebook.questionnaire.questions}
    for item, cell in results.quality(group).items():
        match group:
            case "dispositions":
                code = cells.fixed(item, "identifier")
                yield Markup("{} {}").format(code, _known(cells, (word_key(item),), "")), cell
            case "item_nonresponse" if item in questions:
                name = cells.fixed(item, "identifier")
                yield Markup("{} {}").format(name, cells.say(questions[item].text)), cell
            case "weights":
                yield _known(cells, (f"quality.weights_{item}",), item), cell
            case _:
                yield _rule(cells, item), cell


def _rule(cells: Cells, rule: str) -> Markup:
    """Return the name of a rule, wherever its words are kept."""
    places = (
        "validation.rule_",
        "validation.",
        "disclosure.rule_",
        "disclosure.",
        "quality.rule_",
    )
    return _known(cells, tuple(f"{place}{rule}" for place in places), rule)


def _known(cells: Cells, candidates: tuple[str, ...], otherwise: str) -> Markup:
    """Return the first interface word that exists, or the identifier itself."""
    known = keys(cells.language)
    found = next((key for key in candidates if key in known), None)
    return cells.word(found) if found else cells.fixed(otherwise, "identifier")
