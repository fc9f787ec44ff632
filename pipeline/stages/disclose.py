"""Stage `disclose`: all results -> those that may be published."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.quality import Run
from pipeline.disclosure.rules import require_limits
from pipeline.disclosure.run import Disclosed, Figures, disclose_run
from pipeline.questionnaire.codebook import read_codebook
from pipeline.questionnaire.programme import read_programme


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
) -> None:
    """Withhold what may not be published, of every survey and wave that has estimates."""
    rules = read_programme(programme).reporting
    require_limits(rules)
    done = []
    for table in sorted(estimates.glob("*/*.parquet")):
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
        figures = Figures(pd.read_parquet(table), of_wave, pd.read_parquet(themes / at))
        done.append(disclose_run(run, figures, rules))
    heard = publish_interviews(pd.read_parquet(interviews), signoff)
    _write(done, heard, rules.model_dump(), out)


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
