"""Stage `validate`: decoded responses -> those that are analysed, those set aside, the verdict."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from pipeline.questionnaire.codebook import read_codebook
from pipeline.validation.quarantine import split
from pipeline.validation.rules import checked_columns, rules_of
from pipeline.validation.suite import judge


def validate(
    responses: Path, codebook: Path, valid: Path, quarantine: Path, verdict: Path, *, survey: str
) -> None:
    """Judge every response by the rules of its codebook; set aside those that break a hard one."""
    questionnaire = read_codebook(codebook).questionnaire
    delivered = pd.read_parquet(responses)
    rules = rules_of(questionnaire)
    checked = checked_columns(delivered, questionnaire)
    verdicts = judge(checked, rules, survey)
    parts = split(delivered, checked, rules, questionnaire)
    record = {
        "delivered": len(delivered),
        "kept": len(parts.valid),
        "quarantined": int(parts.quarantined["raw_row"].nunique()),
        "rules": [asdict(one) for one in verdicts],
    }
    for path in (valid, quarantine, verdict):
        path.parent.mkdir(parents=True, exist_ok=True)
    parts.valid.to_parquet(valid, index=False)
    parts.quarantined.to_parquet(quarantine, index=False)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    verdict.write_text(text, encoding="utf-8", newline="\n")
