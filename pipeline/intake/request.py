"""What somebody asks of ``diaoyan new``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """Columns that somebody names as the sampling design; '' and () where nothing is named."""

    weight: str = ""
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    probability: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns named, each once."""
        named = (self.weight, *self.strata, *self.clusters, *self.fpc)
        return tuple(dict.fromkeys(one for one in named if one))


@dataclass(frozen=True, slots=True)
class Request:
    """A survey to be made from files.

    Attributes
    ----------
    files : data and definition files in any order; data files are joined in the order given
    on : columns by which several data files are joined
    layout : name of a system, '' to recognise it
    encodings, sheets : file name -> encoding, and name of the sheet to read
    wave, title : '' where the files are to tell
    """

    survey: str
    files: tuple[Path, ...]
    on: tuple[str, ...] = ()
    layout: str = ""
    encodings: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    wave: str = ""
    title: str = ""
    design: DesignRequest = DesignRequest()
