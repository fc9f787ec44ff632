"""One module per system whose exports are read: what tells it, how it is tidied, what it asks.

A survey made by ``diaoyan new`` is read by these; ``pipeline.responses.layouts`` finds the
questions of a questionnaire that was written first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.responses.described import Described
from pipeline.responses.table import RawTable


@dataclass(frozen=True, slots=True)
class System:
    """A kind of export.

    Attributes
    ----------
    name : as ``--layout`` and `source.yaml` name it
    title : as people call it, in Chinese
    signs : the reason, a Chinese sentence, why a table as read is of this kind; '' if it is not
    tidied : the table with unique headers, one row per response and one meaning per column:
        further header rows are taken off (their texts become labels in the dictionary), words
        typed beside a choice stand in a column of their own. A pure function of the table: ingest
        does it again
    described : what the system knows of a tidied table's columns; it may leave columns out
    """

    name: str
    title: str
    signs: Callable[[RawTable], str]
    tidied: Callable[[RawTable], RawTable]
    described: Callable[[RawTable], Described]
