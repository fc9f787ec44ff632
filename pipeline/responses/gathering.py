"""Gather the response files that people sent in one by one into the one export of a run."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.responses.delimited import read_csv

KEY, WHEN, VERSION = "KEY", "SubmissionDate", "FormVersion"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The responses of all files, each once.

    Attributes
    ----------
    cells : one row a response, in the order of their submission; '' where a file lacks a column
    twice : how many responses were in several files alike
    replaced : keys of the responses that somebody sent again with other answers; the later counts
    """

    cells: pd.DataFrame
    twice: int
    replaced: tuple[str, ...]


def gather(files: Sequence[Path], versions: Collection[str]) -> Gathered:
    """Put response files together; what is in several of them is there once.

    Parameters
    ----------
    files : as the web form hands them out, one response or more in each
    versions : the versions of the questionnaire that they may have answered

    Raises
    ------
    ResponseError
        A file cannot be read, is no response file, or answers another questionnaire: all of them.
    """
    faults: list[Fault] = []
    tables: list[pd.DataFrame] = []
    for path in files:
        try:
            cells = read_csv(path).cells.reset_index(drop=True)
        except ResponseError as unreadable:
            faults.append(Fault(path.name, str(unreadable).removeprefix(f"{path}: "), ""))
            continue
        found = list(_faults(path.name, cells, versions))
        faults += found
        if not found:
            tables.append(cells)
    if faults:
        raise ResponseError(gathered("答卷文件", faults))
    return _once(pd.concat(tables, ignore_index=True).fillna("").astype("str"))


def _faults(name: str, cells: pd.DataFrame, versions: Collection[str]) -> Iterator[Fault]:
    if lacking := [one for one in (KEY, WHEN, VERSION) if one not in cells]:
        yield Fault(
            name,
            f"没有 {'、'.join(lacking)} 列，不是网页问卷导出的答卷文件。",
            "请把它移走。(no response file of the web form; move it away)",
        )
        return
    if unknown := sorted(set(cells[VERSION]) - set(versions)):
        yield Fault(
            name,
            f"答的是另一份问卷（版本 {'、'.join(unknown)}）。",
            "请核对是哪项调查、哪一版。(answers another questionnaire or version)",
        )
    if (cells[KEY].str.strip() == "").any():
        yield Fault(name, "有答卷没有编号（KEY）。", "请重新导出。(a response without a key)")


def _once(cells: pd.DataFrame) -> Gathered:
    alike = cells.drop_duplicates()
    ordered = alike.sort_values([WHEN, KEY], kind="stable")
    latest = ordered.drop_duplicates(KEY, keep="last", ignore_index=True)
    again = ordered.loc[ordered[KEY].duplicated(), KEY]
    return Gathered(latest, len(cells) - len(alike), tuple(_distinct(again)))


def _distinct(keys: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(keys)
