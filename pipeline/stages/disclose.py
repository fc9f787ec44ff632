"""Stage `disclose`: all results -> those that may be published."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.quality import Run
from pipeline.disclosure.quotes import place_names
from pipeline.disclosure.rules import require_limits
from pipeline.disclosure.run import Disclosed, Figures, disclose_run
from pipeline.questionnaire.codebook import read_codebook
from pipeline.questionnaire.programme import read_programme
from pipeline.text_analysis.reliability import read_reliability


def disclose(
    estimates: Path,
    comparisons: Path,
    themes: Path,
    quarantine: Path,
    validation: Path,
    units: Path,
    designs: Path,
    interviews: Path,
    programme: Path,
    signoff: Path,
    out: Path,
    *,
    codebooks: Path,
    responses: Path,
    coding: Path,
) -> None:
    """Withhold what may not be published, of every survey and wave that has estimates.

    The waves of a survey follow as in the programme: a difference between two of them stands only
    where the earlier one's shares are disclosed.
    """
    plan = read_programme(programme)
    rules, order = plan.reporting, [wave.wave for wave in plan.waves]
    require_limits(rules)
    done: list[Disclosed] = []
    earlier: dict[str, pd.DataFrame] = {}
    for table in sorted(estimates.glob("*/*.parquet"), key=lambda path: _place(path, order)):
        survey, wave = table.parent.name, table.stem
        at, record = Path(survey) / f"{wave}.parquet", Path(survey) / f"{wave}.json"
        run = Run(
            read_codebook(codebooks / record),
            pd.read_parquet(responses / at),
            pd.read_parquet(quarantine / at),
            _record(validation / record),
            pd.read_parquet(units / at),
            _record(designs / record),
        )
        compared = pd.read_parquet(comparisons / f"{survey}.parquet")
        of_wave = compared[compared["wave"] == wave]
        figures = Figures(
            pd.read_parquet(table), of_wave, pd.read_parquet(themes / at), earlier.get(survey)
        )
        disclosed = disclose_run(run, figures, rules)
        before = [earlier[survey]] if survey in earlier else []
        earlier[survey] = pd.concat([*before, disclosed.estimates], ignore_index=True)
        done.append(disclosed)
    heard = publish_interviews(
        pd.read_parquet(interviews), signoff, read_reliability(coding), place_names(plan)
    )
    _write(done, heard, rules.model_dump(), out)


def _place(path: Path, order: list[str]) -> tuple[str, int, str]:
    """Return where a run stands: by survey, then in the order of the waves, others by name."""
    wave = path.stem
    return (path.parent.name, order.index(wave) if wave in order else len(order), wave)


def _record(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def _write(
    done: list[Disclosed], interviews: pd.DataFrame, rules: dict[str, Any], out: Path
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in ("estimates", "comparisons", "themes", "quality"):
        tables = [getattr(one, name) for one in done]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"id": []})
        table.to_parquet(out / f"{name}.parquet", index=False)
    interviews.to_parquet(out / "interviews.parquet", index=False)
    log = {
        "rules": rules,
        "tables": [entry for one in done for entry in one.withheld],
        "attack": {"groups": sum(one.attacked for one in done), "recoverable": 0},
    }
    for name, content in (("log", log), ("designs", [one.design for one in done])):
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (out / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
