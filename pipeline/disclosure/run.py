"""Everything that may be published of one survey in one wave, and the attack on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.design import design_from_json
from pipeline.disclosure.membership import REST, Respondents
from pipeline.disclosure.publish import publish_comparisons, publish_estimates, publish_themes
from pipeline.disclosure.quality import Run, quality_of
from pipeline.disclosure.rules import Cleared, sensitive_questions
from pipeline.disclosure.suppression import group_sizes, recoverable
from pipeline.disclosure.wave_rows import publish_wave_rows
from pipeline.errors import DisclosureError
from pipeline.questionnaire.codebook import Codebook, missing_column
from pipeline.questionnaire.programme import ReportingRules

_GROUP = ["question", "domain", "domain_value"]


@dataclass(frozen=True)
class Figures:
    """The tables of results of one run, before disclosure.

    `earlier` holds what was disclosed of the estimates of the survey's earlier waves; None: there
    are none.
    """

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    themes: pd.DataFrame
    earlier: pd.DataFrame | None = None


@dataclass(frozen=True)
class Disclosed:
    """What may be published of one run, and how much was withheld by rule."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    themes: pd.DataFrame
    quality: pd.DataFrame
    design: Mapping[str, Any]
    withheld: tuple[Mapping[str, Any], ...]
    attacked: int
    """Groups that the attack looked at; it found nothing, or there would be no result."""


def disclose_run(run: Run, figures: Figures, rules: ReportingRules) -> Disclosed:
    """Apply the disclosure rules to one run and attack what they let through.

    Raises
    ------
    DisclosureError
        If a small group can still be computed from what would be published: a fault of the rules.
    """
    questionnaire = run.codebook.questionnaire
    sensitive = sensitive_questions({q.name: q for q in questionnaire.questions})
    people = respondents_of(run.codebook, run.responses)
    estimates = publish_estimates(figures.estimates, rules, sensitive, people)
    across = figures.comparisons["kind"] == "wave"
    within = publish_comparisons(
        figures.comparisons[~across], figures.estimates, estimates.rows, rules, sensitive, people
    )
    waves = publish_wave_rows(
        figures.comparisons[across],
        estimates.rows,
        estimates.rows.iloc[:0] if figures.earlier is None else figures.earlier,
        rules,
    )
    comparisons = _together(within, waves)
    themes = publish_themes(figures.themes, rules)
    groups = published_groups(figures.estimates, estimates.rows, comparisons.rows)
    leaks = recoverable(groups, people, remainder=rules.remainder_n)
    if not leaks.empty:
        raise DisclosureError(
            f"{run.codebook.survey} {run.codebook.wave}: "
            f"{len(leaks)} 个小群体可由公布的分组相减得出"
            f"（如 {leaks['question'].iloc[0]}）。请勿发布，并报告此错误。"
            "(small groups can be computed from published ones; do not publish, report this fault)"
        )
    return Disclosed(
        estimates=estimates.rows,
        comparisons=comparisons.rows,
        themes=themes.rows,
        quality=quality_of(run, minimum_n=rules.minimum_n),
        design=design_summary(run, figures.estimates),
        withheld=(
            _log(run.codebook, "estimates", estimates),
            _log(run.codebook, "comparisons", comparisons),
            _log(run.codebook, "themes", themes),
        ),
        attacked=len(groups),
    )


def respondents_of(codebook: Codebook, responses: pd.DataFrame) -> Respondents:
    """Return who is in which group and who answered what (responses: columns of `weight`)."""
    questionnaire = codebook.questionnaire
    domains = pd.DataFrame(index=responses.index)
    for name in questionnaire.domains:
        if name in responses:
            column = responses[name]
            known = column.notna()
            text = column.astype("Int64") if column.dtype.kind in "iuf" else column
            domains[name] = text.astype("str").where(known, "")
    answered = {
        question.name: (responses[missing_column(question)] == "").astype(bool)
        for question in questionnaire.questions
        if missing_column(question) in responses
    }
    return Respondents(domains, pd.DataFrame(answered, index=responses.index))


def published_groups(
    exact: pd.DataFrame, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> pd.DataFrame:
    """Return every group with a published figure, with its exact n; rests as ``~level``."""
    shown = estimates.loc[estimates["value"].notna(), _GROUP].drop_duplicates()
    groups = group_sizes(exact.merge(shown, on=_GROUP), _GROUP)
    rests = comparisons.loc[comparisons["b"] == "rest", ["question", "domain", "a", "n_b"]]
    rests = rests.drop_duplicates(["question", "domain", "a"]).assign(a=REST + rests["a"])
    rests = rests.rename(columns={"a": "domain_value", "n_b": "n"})
    return pd.concat([groups, rests[[*_GROUP, "n"]]], ignore_index=True)


def design_summary(run: Run, estimates: pd.DataFrame) -> dict[str, Any]:
    """Return how a wave was drawn and weighted, as far as pages say it."""
    design = design_from_json(run.design["design"])
    raked = sorted({variable for step in design.calibration for variable in step.columns})
    probability = design.probability_sample
    declared = run.codebook.design
    drawn = run.units.rename(columns={"site": "psu"}) if len(run.units) else run.responses
    told = probability and not drawn.empty
    clusters = drawn[["stratum", "psu"]].drop_duplicates() if told else drawn.iloc[:0]
    return {
        "survey": run.codebook.survey,
        "wave": run.codebook.wave,
        "probability_sample": probability,
        "strata": int(clusters["stratum"].nunique()) if told else 0,
        "psus": len(clusters),
        "weighted": probability or bool(raked) or bool(declared and declared.weight),
        "declared": declared.kind if declared else "",
        "weight_column": declared.weight if declared else "",
        "raked_variables": raked,
        "lonely_psu": design.lonely_psu,
        "level": float(estimates["level"].dropna().max()) if len(estimates) else 0.95,
    }


def _together(one: Cleared, other: Cleared) -> Cleared:
    parts = [part.rows for part in (one, other) if len(part.rows)] or [one.rows]
    withheld = one.withheld.add(other.withheld, fill_value=0).astype("int64")
    return Cleared(pd.concat(parts, ignore_index=True), withheld)


def _log(codebook: Codebook, table: str, cleared: Cleared) -> dict[str, Any]:
    return {
        "survey": codebook.survey,
        "wave": codebook.wave,
        "table": table,
        "published": len(cleared.rows),
        "withheld": {str(rule): int(rows) for rule, rows in cleared.withheld.items()},
    }
