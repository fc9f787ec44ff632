"""Definition files that stand beside the data: what was asked, under which names.

One module per format. Each reads its format into a `Definition`; ``match`` then finds the
defined questions among the columns of a tidied table.
"""

from dataclasses import dataclass
from pathlib import Path

from pipeline.responses.described import ItemKind, Option


@dataclass(frozen=True, slots=True)
class Defined:
    """One question of a definition file.

    Attributes
    ----------
    name : by which exports know it
    options : `cell` is the code that exports write, `label` the wording; either may stand in cells
    group, group_text : the matrix it is a row of
    """

    name: str
    text: str
    kind: ItemKind | None
    options: tuple[Option, ...] = ()
    group: str = ""
    group_text: str = ""
    english: str = ""
    minimum: float | None = None
    maximum: float | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What a definition file says.

    Attributes
    ----------
    system : name of the format, as people call it
    lost : what it holds that could not be carried over, in whole Chinese sentences
    """

    path: Path
    system: str
    title: str
    questions: tuple[Defined, ...]
    lost: tuple[str, ...] = ()
