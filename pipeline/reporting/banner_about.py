"""What a banner table is of, by which rules it was made, and what its reader must know."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.design import SurveyDesign
from pipeline.estimation.comparison import MINIMUM_PSUS, MINIMUM_SIDE
from pipeline.i18n import LANGUAGES, Language, Text, word
from pipeline.questionnaire.filters import Filter
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, ReportingRules
from pipeline.reporting.absent import Absent, absences
from pipeline.reporting.labels import Labels, Words

WEAK, DOUBTFUL = "†", "?"
"""Marks of what should not be quoted alone: in files, and on terminals, where the width of † is
not certain."""


@dataclass(frozen=True, slots=True)
class About:
    """What a banner table is of, and by which rules it was made.

    Attributes
    ----------
    title : of the survey and wave
    subset : who is in the table, where it is not everyone
    simulated : invented data, which every table says
    dated : the day that stands in a workbook's properties; never the clock's
    """

    title: Words = ""
    subset: Words = ""
    simulated: bool = False
    dated: date = date(1980, 1, 1)
    probability_sample: bool = True
    level: float = 0.95
    adjust: str = "bh"
    calibrated_to: tuple[str, ...] = ()
    weighted: bool = True
    minimum_n: int = 10
    round_to: int = 5

    def of(
        self, design: SurveyDesign, *, level: float, adjust: str, rules: ReportingRules
    ) -> "About":
        """Return the same with what the design, the tests and the rules say."""
        calibrated = dict.fromkeys(c for step in design.calibration for c in step.columns)
        return replace(
            self, probability_sample=design.probability_sample, level=level, adjust=adjust,
            calibrated_to=tuple(calibrated), minimum_n=rules.minimum_n,
            weighted=design.weight is not None or design.probability is not None,
            round_to=rules.round_domain_n_to,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Met:
    """What occurs in a table: net scores, weak figures, withheld cells, bounds; what does not."""

    net: bool
    weak: bool
    withheld: bool
    bounds: bool
    left_out: tuple[str, ...] = ()
    """Crossed banners that may not leave the machine."""
    absent: tuple[Absent, ...] = ()
    """Questions and groups without anyone."""


def about_of(
    questionnaire: Questionnaire, programme: Programme | None, wave: str, where: Filter | None
) -> About:
    """Return what is said of a table of one survey and wave, for the people in `where`."""
    waves = programme.waves if programme else ()
    named = next((one for one in waves if one.wave == wave), None)
    title, of = questionnaire.title, named.title if named else Text(zh=wave)
    subset = where if isinstance(where, str) else "" if where is None else "…"
    said = [word("banner.subset", language, where=subset) for language in LANGUAGES]
    about = About(
        Text(zh=f"{title('zh')}　{of('zh')}", en=f"{title('en')}, {of('en')}"),
        Text(zh=said[0], en=said[1]) if subset else "",
        questionnaire.simulated or bool(programme and programme.simulated),
    )
    return replace(about, dated=named.published) if named and named.published else about


def notes(
    about: About,
    met: Met,
    labels: Labels,
    language: Language,
    released: bool,
) -> Iterator[str]:
    """Yield what a reader must know; `released` says that the disclosure rules were applied."""
    if about.simulated:
        yield word("report.simulated", language)
    yield from absences(met.absent, labels, language)
    yield word("banner.note_cell" if about.weighted else "banner.note_unweighted", language)
    if about.calibrated_to:
        names = [labels.name(one, language) for one in about.calibrated_to]
        yield word(
            "banner.note_weight", language, names=word("report.slash", language).join(names)
        )
    if about.probability_sample:
        yield word("banner.note_effective", language)
        yield word(
            "banner.note_test", language, level=f"{1 - about.level:.0%}",
            adjust=word(f"banner.adjust_{about.adjust}", language), n=MINIMUM_SIDE,
            psus=MINIMUM_PSUS,
        )  # fmt: skip
    else:
        yield word("printed.no_margin", language)
    if met.net:
        yield word("banner.note_net", language)
    if met.weak:
        mark = WEAK if released else DOUBTFUL
        yield word("banner.note_weak", language, mark=mark, n=MINIMUM_SIDE)
    if released:
        yield word("banner.note_released", language, n=about.minimum_n, round=about.round_to)
        if met.left_out:
            names = [labels.name(one, language) for one in met.left_out]
            comma = word("printed.comma", language)
            yield word("banner.note_left_out", language, names=comma.join(names))
        if about.subset:
            yield word("banner.note_subset", language)
        if met.withheld:
            yield word("banner.note_withheld", language, n=about.minimum_n)
        if met.bounds:
            yield word("banner.note_bounds", language)
    else:
        yield word("printed.unpublished", language)
