"""Stage `judge`: Great Expectations judges every run by the same rules, and must count the same.

One process for all runs: loading Great Expectations takes longer than judging.
"""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from pipeline.questionnaire.codebook import read_codebook
from pipeline.validation.checked import checked_columns
from pipeline.validation.rules import rules_of
from pipeline.validation.suite import judged


def judge(
    responses: Path,
    verbatims: Path,
    codebooks: Path,
    valid: Path,
    quarantine: Path,
    verdicts: Path,
) -> None:
    """Judge the runs that have a codebook; every argument is a folder ``<survey>/<wave>``."""
    for codebook in sorted(codebooks.glob("*/*.json")):
        survey, wave = codebook.parent.name, codebook.stem
        table = Path(survey) / f"{wave}.parquet"
        questionnaire = read_codebook(codebook).questionnaire
        delivered = pd.read_parquet(responses / table)
        said = pd.read_parquet(verbatims / table)
        set_aside = pd.read_parquet(quarantine / table, columns=["raw_row", "rule", "question"])
        checked = checked_columns(delivered, questionnaire, said)
        rules = judged(checked, rules_of(questionnaire), set_aside, f"{survey} {wave}")
        record = {
            "delivered": len(delivered),
            "kept": len(pd.read_parquet(valid / table, columns=["raw_row"])),
            "quarantined": int(set_aside["raw_row"].nunique()),
            "rules": [asdict(one) for one in rules],
        }
        out = verdicts / survey / f"{wave}.json"
        out.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        out.write_text(text, encoding="utf-8", newline="\n")
