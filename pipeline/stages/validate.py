"""Stage `validate`: decoded responses -> those that are analysed, and those set aside."""

from pathlib import Path

import pandas as pd

from pipeline.questionnaire.codebook import read_codebook
from pipeline.validation.checked import checked_columns
from pipeline.validation.quarantine import split
from pipeline.validation.rules import rules_of


def validate(
    responses: Path, verbatims: Path, codebook: Path, valid: Path, quarantine: Path
) -> None:
    """Hold every response against the rules of its codebook; set aside what breaks a hard one."""
    questionnaire = read_codebook(codebook).questionnaire
    delivered = pd.read_parquet(responses)
    rules = rules_of(questionnaire)
    checked = checked_columns(delivered, questionnaire, pd.read_parquet(verbatims))
    parts = split(delivered, checked, rules, questionnaire)
    for path in (valid, quarantine):
        path.parent.mkdir(parents=True, exist_ok=True)
    parts.valid.to_parquet(valid, index=False)
    parts.quarantined.to_parquet(quarantine, index=False)
