"""Stage `themes`: open answers and weighted responses -> shares of themes and key words."""

from pathlib import Path

import pandas as pd

from pipeline.design import read_design
from pipeline.questionnaire.codebook import read_codebook
from pipeline.text_analysis.coding import read_codeframe
from pipeline.text_analysis.lexicon import read_lexicon
from pipeline.text_analysis.segment import Segmenter
from pipeline.text_analysis.theme import theme_table
from pipeline.totals.sampled import with_silent_psus


def themes(
    verbatims: Path,
    weighted: Path,
    units: Path,
    design: Path,
    codebook: Path,
    codeframe: Path,
    lexicon: Path,
    out: Path,
    *,
    survey: str,
    wave: str,
) -> None:
    """Code and count the open answers of one run, in the whole sample and in each domain."""
    answers = pd.read_parquet(weighted)
    drawn = pd.read_parquet(units)
    drawn_as = read_design(design)
    table = theme_table(
        pd.read_parquet(verbatims),
        with_silent_psus(answers, drawn, psu="psu", cluster="site", design=drawn_as),
        read_codebook(codebook).questionnaire,
        read_codeframe(codeframe),
        Segmenter(read_lexicon(lexicon)),
        design=drawn_as,
        survey=survey,
        wave=wave,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(out, index=False)
