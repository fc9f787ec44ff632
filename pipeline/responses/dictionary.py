"""What a delivered file says about its own variables: types, labels, missing codes, sets.

Codes and limits are held as cell text (`table.cell_text`), the way the cells of a `RawTable` hold
them, so that they can be compared without knowing the type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "text", "date", "datetime", "time"]
Measure = Literal["nominal", "ordinal", "scale", "unknown"]


@dataclass(frozen=True, slots=True)
class MissingRange:
    """Codes declared as missing, both ends included; a single code has two equal ends.

    The ends may be ``-inf`` and ``inf`` (SPSS: LO and HI).
    """

    low: str
    high: str

    def holds(self, cell: str) -> bool:
        """Tell whether the content of a cell lies in the range; '' lies in none."""
        if cell == self.low or cell == self.high:
            return cell != ""
        try:
            return float(self.low) <= float(cell) <= float(self.high)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its column's header, and what is known of it.

    Attributes
    ----------
    label : '' where the file has none
    values : code as cell text -> its label
    missing : what the file itself declares as missing
    format : the file's own display format (``F8.2``, ``%tc``), '' where unknown
    identifier : by which the system that made the file knows what was asked (Qualtrics: the
        ``ImportId``; SurveyMonkey: the question's text, which its first header row has), '' where
        the file has none
    """

    name: str
    label: str = ""
    kind: Kind = "number"
    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[MissingRange, ...] = ()
    measure: Measure = "unknown"
    format: str = ""
    identifier: str = ""

    def is_missing(self, cell: str) -> bool:
        """Tell whether the file declares the content of a cell as missing."""
        return any(one.holds(cell) for one in self.missing)


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """A multiple-response set: 0/1 variables with the value that counts, or category slots.

    Attributes
    ----------
    counted : the cell that means chosen; None where the variables are slots that hold categories
    """

    name: str
    label: str
    variables: tuple[str, ...]
    counted: str | None


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The variables of a file in the order of its columns.

    Attributes
    ----------
    encoding : of the file as its header or the evidence says, '' where it does not matter
    notes : what people should know of the reading, each a whole sentence
    title : what the file calls itself, '' where it has no label
    weight : the variable that the file itself declares as the weight of its cases, '' where none
    """

    variables: tuple[Variable, ...] = ()
    sets: tuple[ResponseSet, ...] = ()
    encoding: str = ""
    notes: tuple[str, ...] = ()
    title: str = ""
    weight: str = ""

    def variable(self, name: str) -> Variable:
        """Return a variable by its name; one of which nothing is known where there is none."""
        return next(
            (one for one in self.variables if one.name == name), Variable(name, kind="text")
        )
