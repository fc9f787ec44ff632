"""Names for the questions of a survey that came as files."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
RESERVED = frozenset(
    """
    respondent raw_row submitted seconds mode language questionnaire_version site person undecoded
    conflicting county setting stratum psu p1 p2 base_weight weight callback double_coding all
    wave survey design id question code domain domain_value responded disposition source text
    copies_of_key copies_of_person undecoded_cells conflicting_cells seconds_by_median
    undesigned undesigned_cells same_point_throughout shared_open_answers phones_in_open_answers
    """.split()
)
"""Columns of the pipeline's own tables."""
_OWN = re.compile(r"(?:flag|design|cluster|fpc)_")


def question_names(exported: Iterable[str]) -> list[str]:
    """Return a name for each question: what the export calls it, in the letters names may have.

    A question without a name that has Latin letters is called by its place (``q007``). No two are
    alike, and none is a column of the pipeline's own tables.
    """
    made: list[str] = []
    taken = set(RESERVED)
    for place, name in enumerate(exported, start=1):
        wanted = _slug(name) or f"q{place:03}"
        if wanted in RESERVED or _OWN.match(wanted):
            wanted = f"q_{wanted}"
        chosen, count = wanted, 2
        while chosen in taken:
            chosen, count = f"{wanted}_{count}", count + 1
        taken.add(chosen)
        made.append(chosen)
    return made


def _slug(name: str) -> str:
    """Return a name in small Latin letters, digits and single underscores; '' if none is left."""
    shown = unicodedata.normalize("NFKD", name)
    if any(unicodedata.category(letter) == "Lo" for letter in shown):
        return ""  # what is left of a Chinese name would say nothing
    plain = re.sub(r"[^a-z0-9]+", "_", shown.encode("ascii", "ignore").decode().lower())
    plain = plain[:LONGEST].strip("_")
    if plain and not plain[0].isalpha():
        plain = f"q{plain}" if plain[0].isdigit() else ""
    return plain
