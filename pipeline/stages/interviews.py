"""Stage `interviews`: notes of interviews -> coded passages, and how far to rely on them."""

from pathlib import Path

from pipeline.questionnaire.programme import read_programme
from pipeline.text_analysis.coded_sheets import read_sheets
from pipeline.text_analysis.coders import reconciled
from pipeline.text_analysis.coding import read_codeframe
from pipeline.text_analysis.interviews import calls_by_rule, coded_passages, units_of
from pipeline.text_analysis.lexicon import read_lexicon
from pipeline.text_analysis.notes import read_notes
from pipeline.text_analysis.reliability import write_reliability


def interviews(
    notes: Path,
    sheets: Path,
    programme: Path,
    codeframe: Path,
    lexicon: Path,
    coded: Path,
    reliability: Path,
) -> None:
    """Mask the passages of all notes, code them by rule, and let agreeing coders decide.

    A folder without notes gives an empty table; without coding sheets the rules' codes stand.
    Counties and settings are those of the programme.
    """
    domains = read_programme(programme).frame_domains
    units, frame = units_of(read_notes(notes, domains)), read_codeframe(codeframe)
    ruled = calls_by_rule(units, frame, frame.segmenter(read_lexicon(lexicon)))
    calls, how_reliable = reconciled(ruled, read_sheets(sheets, units, frame), frame)
    coded.parent.mkdir(parents=True, exist_ok=True)
    coded_passages(units, calls, frame).to_parquet(coded, index=False)
    write_reliability(how_reliable, reliability)
