"""One simulated wave taken through the pipeline: from the delivered file to weighted responses.

The same functions as the stages use, without their files; Great Expectations, which only judges,
is left out.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.estimation.wave_rows import Surveyed
from pipeline.privacy.redact import redact_all
from pipeline.questionnaire.read import version_hash
from pipeline.responses.corrections import correct
from pipeline.responses.layouts.recognise import locate
from pipeline.responses.read import read_export
from pipeline.responses.versions import decode_versions
from pipeline.sampling.dispositions import read_dispositions
from pipeline.sampling.units import joined, sampled_units
from pipeline.simulation.simulate import Simulated, write_run
from pipeline.totals.sampled import with_silent_psus
from pipeline.validation.checked import checked_columns
from pipeline.validation.quarantine import split
from pipeline.validation.rules import rules_of
from pipeline.weighting.applied import DRAWN, weighted
from pipeline.weighting.margins import margins_of


@dataclass(frozen=True, slots=True)
class Processed:
    """What the pipeline made of one simulated wave.

    `found` names a rule of validation -> keys of the responses that broke it; `delivered` holds
    all keys, `kept` those of the responses that are analysed.
    """

    surveyed: Surveyed
    found: Mapping[str, frozenset[str]]
    delivered: frozenset[str]
    kept: frozenset[str]


def processed(run: Simulated) -> Processed:
    """Read, decode, check, join and weight one simulated wave."""
    questionnaire = run.population.questionnaire
    version = version_hash(questionnaire)
    with tempfile.TemporaryDirectory() as folder:
        draw, raw = Path(folder) / "draw", Path(folder) / "raw"
        write_run(run, draw=draw, raw=raw)
        delivered = read_export(raw)
        layout = locate(delivered, questionnaire)
        table = correct(delivered, raw / "corrections.csv", layout.key)
        decoded = decode_versions(table, layout, version, {version: questionnaire})
        became = read_dispositions(raw / "dispositions.csv", run.draw.persons["person"])
    masked = redact_all(decoded.verbatims["text"])
    said = decoded.verbatims.assign(text=masked["text"], masked=masked["masked"])
    rules = rules_of(questionnaire)
    checked = checked_columns(decoded.responses, questionnaire, said)
    parts = split(decoded.responses, checked, rules, questionnaire)
    units = sampled_units(run.draw, run.population.frame, became, parts.valid)
    counts = margins_of(
        {
            str(variable): dict(zip(of["category"], of["population"], strict=True))
            for variable, of in run.population.margins().groupby("variable", sort=False)
        }
    )
    made = weighted(joined(parts.valid, units), counts, design=DRAWN)
    rows = with_silent_psus(made.rows, units, psu="psu", cluster="site", design=made.design)
    keys = decoded.responses["respondent"]
    found: dict[str, frozenset[str]] = {}
    for rule in rules:
        broken = frozenset(keys[rule.broken(checked)])
        found[rule.name] = found.get(rule.name, frozenset()) | broken
    kept = frozenset(parts.valid["respondent"])
    surveyed = Surveyed(run.wave, rows, made.design, questionnaire)
    return Processed(surveyed, found, frozenset(keys), kept)
