"""Definition files that stand beside the data: what was asked, under which names.

One module per format. Each reads its format into a `Definition`; ``match`` then finds the
defined questions among the columns of a tidied table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.responses.described import ItemKind, Option, Role


@dataclass(frozen=True, slots=True)
class Defined:
    """One question of a definition file.

    Attributes
    ----------
    name : by which exports know it
    kind : None where the file leaves open what kind it is (a row of a matrix: scale or choice)
    options : `cell` is the code that exports write, `label` the wording; either may stand in cells
    group, group_text : the matrix it is a row of
    english : the text in English where `text` is Chinese and the file has both
    lost : what of this question alone could not be carried over
    columns : further names of its one column, the likeliest first; `name` is tried after them
    ticks : ways in which exports name the columns of its options: option's cell -> name
    wordings : option's cell -> further words by which exports call it (other languages, names)
    texts : the text in other languages
    path : names of the groups that it stands in, outermost first
    repeated : it is asked once per household member or the like; exports give these a file of
        their own
    beside : words typed beside a choice; exports often leave such a column out
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
    columns: tuple[str, ...] = ()
    ticks: tuple[Mapping[str, str], ...] = ()
    wordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    repeated: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that the definition explains, and that asks nobody anything.

    Attributes
    ----------
    names : by which exports know it, the likeliest first
    why : a Chinese sentence for the analyst
    """

    names: tuple[str, ...]
    role: Role
    why: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a definition file says.

    Attributes
    ----------
    system : name of the format, as people call it
    lost : what it holds that could not be carried over, in whole Chinese sentences
    extras : columns that are no questions
    """

    path: Path
    system: str
    title: str
    questions: tuple[Defined, ...]
    lost: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
