"""The cases of files.toml: which real file, with what beside it, is given to `diaoyan new`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One real file and the options that its users would give."""

    path: str
    beside: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    weight: str = ""
    strata: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    encoding: tuple[str, ...] = ()
    layout: str = ""
    refused: str = ""
    """Why the file is rightly refused; '' where it reaches the page."""

    @property
    def id(self) -> str:
        """What tells the case apart from all others."""
        return self.path + "".join(f" + {one.rsplit('/', 1)[-1]}" for one in self.beside)

    def arguments(self, samples: Path) -> list[str]:
        """Return the command line of `diaoyan new` after the program's name."""
        given = ["new", "mine", "--alone", "--wave", "w1"]
        for file in (self.path, *self.beside):
            given += ["--from", str(samples / file)]
        for option in ("on", "strata", "cluster", "fpc", "encoding"):
            for value in getattr(self, option):
                given += [f"--{option}", value]
        for option in ("weight", "layout"):
            if value := getattr(self, option):
                given += [f"--{option}", value]
        return given


def cases() -> list[Case]:
    """Return all cases in the order of the file."""
    listed = tomllib.loads((HERE / "files.toml").read_text(encoding="utf-8"))["file"]
    return [
        Case(**{key: tuple(v) if isinstance(v, list) else v for key, v in one.items()})
        for one in listed
    ]
