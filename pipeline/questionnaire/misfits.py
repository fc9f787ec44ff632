"""Parts of a definition that do not fit each other, each with its place and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

Place = tuple[int | str, ...]
"""Keys and 0-based positions, from the outer to the inner: ``("sections", 0, "title")``."""
CORRECT = "请按提示改正。(correct it)"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit.

    Attributes
    ----------
    place : where it stands, counted from the part of the definition that refused it
    en, zh : what was found
    first : where that with which it collides stands, from the top of the definition; None if
        nothing does
    """

    place: Place
    en: str
    zh: str
    remedy: str = CORRECT
    first: Place | None = None

    def inside(self, outer: Place) -> "Misfit":
        """Return the same, counted from further out."""
        return replace(self, place=(*outer, *self.place))


class MisfitsError(ValueError):
    """All misfits that one part of a definition was refused for."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        super().__init__("; ".join(one.en for one in misfits))
        self.misfits = tuple(misfits)


def refuse(misfits: Iterable[Misfit]) -> None:
    """Refuse what has misfits (MisfitsError)."""
    if found := list(misfits):
        raise MisfitsError(found)
