"""What the templates of the page call: figures, words and pictures of one page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.documents.html import phrases
from pipeline.findings.wording import level_name
from pipeline.i18n import keys
from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.questions import ChoiceQuestion, Question
from pipeline.reporting import change_charts, chart_parts, charts
from pipeline.reporting.cells import Cells
from pipeline.reporting.changes import reworded
from pipeline.reporting.heard import interview_rows
from pipeline.reporting.tables import Results, Row
from pipeline.reporting.views import Site
from pipeline.sampling.dispositions import word_key

RULES = ("validation.rule_", "validation.", "disclosure.rule_", "disclosure.", "quality.rule_")
"""Where the name of a rule may be kept in the locale tables."""


@dataclass(frozen=True, slots=True)
class QualityLine:
    """A quality figure in the waves of one survey, '' where a wave has none."""

    name: Markup
    cells: tuple[str, ...]


def functions(cells: Cells, site: Site) -> dict[str, object]:
    """Return the names that templates know besides the site itself."""
    rows = cells.disclosed.rows

    def fill(picture: Callable[..., object]) -> Callable[..., object]:
        def drawn(*given: object, **named: object) -> object:
            return picture(cells, *given, **named)

        return drawn

    def heading(text: Markup) -> Markup:
        return text if "<" in text else phrases(str(text))

    pictures: dict[str, Callable[..., object]] = {
        "ticks": chart_parts.ticks, "ticks_of_changes": chart_parts.ticks_of_changes,
        "dot": charts.dot, "bar": charts.bar, "tally": charts.tally, "room": charts.room,
        "diverging": charts.diverging, "dumbbell": change_charts.dumbbell,
        "shift": change_charts.shift,
    }  # fmt: skip
    return {name: fill(picture) for name, picture in pictures.items()} | {
        "figure": cells.figure, "value": cells.value, "interval": cells.interval,
        "margin": cells.margin, "n": cells.n, "has": cells.has, "presentable": cells.presentable,
        "with_margin": cells.with_margin, "fixed": cells.fixed, "spoken": cells.spoken,
        "titled": cells.titled,
        "say": cells.say, "day": cells.day, "w": cells.word,
        "field_days": cells.field_days, "sentence": cells.sentence,
        "heading": heading, "level": lambda name: cells.say(level_name(name)),
        "options": _options, "missing_options": _missing_options, "reworded": reworded,
        "row": lambda cell: rows[cell], "most_asked": lambda runs: _most_asked(rows, runs),
        "quality_rows": lambda runs, group: list(_quality_rows(cells, runs, group)),
        "rule_word": lambda rule: _rule(cells, rule), "design": cells.disclosed.design,
        "axis_for": chart_parts.axis_for, "axis_of_changes": chart_parts.axis_of_changes,
        "whole": chart_parts.WHOLE, "scale_colours": charts.SCALE,
        "followup_levels": lambda: list(_levels(cells, site)),
        "followup_changes": lambda: list(_changes(cells, site)),
        "supporting": lambda problem: [
            row for row in interview_rows(cells.disclosed, problem, "count")
            if row["stance"] == "supports"
        ],
        "shrunk_baselines": lambda: any(
            cells.has(view.verdict, "shrunk_baseline") for view in site.followup_views.values()
        ),
    }  # fmt: skip


def _options(question: Question) -> list[object]:
    return [c.text for c in question.substantive] if isinstance(question, ChoiceQuestion) else []


def _missing_options(question: Question) -> list[object]:
    if not isinstance(question, ChoiceQuestion):
        return []
    codes = missing_codes(question)
    return [choice.text for choice in question.choices if choice.code in codes]


def _levels(cells: Cells, site: Site) -> Iterator[float]:
    """Yield everything that stands on the axis of the follow-up's shares."""
    for view in site.followup_views.values():
        for cell in filter(None, (view.before, view.now)):
            for field in ("value", "high"):
                if cells.has(cell, field):
                    yield cells.disclosed.value(cell, field)
        if view.followup.target is not None:
            yield view.followup.target


def _changes(cells: Cells, site: Site) -> Iterator[float]:
    """Yield everything that stands on the axis of the follow-up's differences."""
    for view in site.followup_views.values():
        for field in ("difference", "low", "high"):
            if cells.has(view.verdict, field):
                yield cells.disclosed.value(view.verdict, field)


def _most_asked(rows: Mapping[str, Row], runs: Sequence[Results]) -> float:
    """Return the largest count of the way from draw to analysis in any wave, 0 without one."""
    cells = [
        results.quality(group).get(item)
        for results in runs
        for group, item in (("response", "sampled"), ("intake", "delivered"), ("intake", "kept"))
    ]
    return max((float(rows[cell]["value"]) for cell in cells if cell), default=0.0)


def _quality_rows(cells: Cells, runs: Sequence[Results], group: str) -> Iterator[QualityLine]:
    """Yield the quality figures of a group, each with the ids of all waves."""
    found = [results.quality(group) for results in runs]
    items = dict.fromkeys(item for wave in reversed(found) for item in wave)
    ordered = sorted(items) if group == "dispositions" else items
    for item in ordered:
        name = _quality_name(cells, runs, group, item)
        yield QualityLine(name, tuple(wave.get(item, "") for wave in found))


def _quality_name(cells: Cells, runs: Sequence[Results], group: str, item: str) -> Markup:
    """Return how a quality figure is called; of a question the latest wording."""
    match group:
        case "dispositions":
            code = cells.fixed(item, "identifier")
            return Markup("{} {}").format(code, _known(cells, (word_key(item),), ""))
        case "item_nonresponse":
            for results in reversed(runs):
                for question in results.codebook.questionnaire.questions:
                    if question.name == item:
                        name = cells.fixed(item, "identifier")
                        return Markup("{} {}").format(name, cells.say(question.text))
        case "reliability":
            for results in reversed(runs):
                for battery in results.codebook.questionnaire.batteries:
                    if battery.name == item:
                        return cells.say(battery.title)
        case "weights":
            return _known(cells, (f"quality.weights_{item}",), item)
    return _rule(cells, item)


def _rule(cells: Cells, rule: str) -> Markup:
    """Return the name of a rule, wherever its words are kept."""
    return _known(cells, tuple(f"{place}{rule}" for place in RULES), rule)


def _known(cells: Cells, candidates: tuple[str, ...], otherwise: str) -> Markup:
    """Return the first interface word that exists, or the identifier itself."""
    known = keys(cells.language)
    found = next((key for key in candidates if key in known), None)
    return cells.word(found) if found else cells.fixed(otherwise, "identifier")
