"""Rows in Parquet files that may be larger than memory: read in batches, never held.

What a pass over the rows must know beforehand (the values of a column, the distinct rows of the
design) is learnt in a pass of its own; codes of rows are made again in every pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from pipeline.errors import ResponseError
from pipeline.totals.adding import on_all_cores
from pipeline.totals.coding import OUTSIDE, Codes, Integers, Level, coded

BATCH = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class ParquetRows:
    """The rows of one or several Parquet files, one row per response.

    Estimates of totals, means and shares take it in place of a DataFrame; anything else that is
    asked of it is an error that says what to do.

    Attributes
    ----------
    path : a file, or a folder of files that are read in the order of their names
    batch_rows : rows in memory at a time
    """

    path: Path | str
    batch_rows: int = BATCH
    _levels: dict[str, tuple[Level, ...]] = field(default_factory=dict, init=False, repr=False)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, in order."""
        path = Path(self.path)
        found = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not found or not found[0].exists():
            raise ResponseError(
                f"{path}: 没有 Parquet 文件；请核对路径。(no Parquet file here; check the path)"
            )
        return tuple(found)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        import pyarrow.parquet as pq

        return tuple(pq.read_schema(self.files[0]).names)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns, some rows at a time."""
        import pyarrow.parquet as pq

        named = list(dict.fromkeys(columns))
        for file in self.files:
            with pq.ParquetFile(file) as opened:
                if absent := [name for name in named if name not in opened.schema_arrow.names]:
                    raise ResponseError(
                        f"{file}: 缺少列 {'、'.join(absent)}；请核对列名。"
                        "(columns missing; check their names)"
                    )
                for batch in opened.iter_batches(self.batch_rows, columns=named):
                    if batch.num_rows:
                        yield batch.to_pandas()

    def levels(self, columns: Sequence[str]) -> dict[str, tuple[Level, ...]]:
        """Return the values that occur in each column, as `pipeline.totals.coding.coded` does."""
        wanted = [name for name in dict.fromkeys(columns) if name not in self._levels]
        if wanted:
            found: dict[str, list[tuple[Level, ...]]] = {name: [] for name in wanted}
            sorted_ = dict.fromkeys(wanted, True)
            for frame in self.batches(wanted):
                each = [frame[name] for name in wanted]
                for column, levels in zip(each, on_all_cores(_values, each), strict=True):
                    name = str(column.name)
                    found[name].append(levels)
                    sorted_[name] &= not isinstance(column.dtype, pd.CategoricalDtype)
            for name in wanted:
                self._levels[name] = _together(found[name], ascending=sorted_[name])
        return {name: self._levels[name] for name in columns}

    def __getitem__(self, key: object) -> NoReturn:
        raise _refused(self.path)

    def __len__(self) -> NoReturn:
        raise _refused(self.path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise _refused(self.path)


def _values(column: pd.Series) -> tuple[Level, ...]:
    return coded(column)[1]


def placed(levels: Sequence[Level], among: dict[Level, int]) -> Codes:
    """Return the code of each level among all, and at the end `OUTSIDE` (for a code of -1)."""
    return np.array([*(among[level] for level in levels), OUTSIDE], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class DistinctRows:
    """The distinct rows of some columns, and how often each occurs."""

    rows: pd.DataFrame
    count: Integers
    among: tuple[dict[Level, int], ...]
    pairs: tuple[Integers, ...]

    def place(self, frame: pd.DataFrame) -> Integers:
        """Return which distinct row each row of `frame` is."""
        code = np.zeros(len(frame), dtype=np.int64)
        for column, among, pairs in zip(self.rows, self.among, self.pairs, strict=True):
            code = np.searchsorted(pairs, code * len(among) + _codes(frame[column], among))
        return code


def distinct_rows(rows: ParquetRows, columns: Sequence[str]) -> DistinctRows:
    """Return the distinct rows of these columns of a file, in order of their values."""
    named = list(columns)
    whole = pd.DataFrame(columns=[*named, "count"])
    for frame in rows.batches(named):
        part = frame.value_counts(named, sort=False, dropna=False).rename("count").reset_index()
        both = pd.concat([whole, part]) if len(whole) else part
        whole = both.groupby(named, sort=False, dropna=False, observed=True, as_index=False).sum()
    if whole.empty:
        raise ResponseError(f"{rows.path}: 没有数据行，请核对文件。(no rows; check the file)")
    code, amongs, pairs = np.zeros(len(whole), dtype=np.int64), [], []
    for column in named:
        among = {
            level: k for k, level in enumerate(coded(whole[column], blank_is_missing=False)[1])
        }
        pair, code = np.unique(
            code * len(among) + _codes(whole[column], among), return_inverse=True
        )
        amongs.append(among)
        pairs.append(pair)
    whole = whole.iloc[np.argsort(code)].reset_index(drop=True)
    count = whole.pop("count").to_numpy(dtype=np.int64)
    return DistinctRows(whole, count, tuple(amongs), tuple(pairs))


def _codes(column: pd.Series, among: dict[Level, int]) -> Integers:
    code, levels = coded(column, blank_is_missing=False)
    return placed(levels, among)[code].astype(np.int64)


def _together(parts: Sequence[tuple[Level, ...]], *, ascending: bool) -> tuple[Level, ...]:
    every = dict.fromkeys(level for part in parts for level in part)
    if any(isinstance(level, float) for level in every):
        every = dict.fromkeys(float(level) for level in every)
    return tuple(sorted(every)) if ascending else tuple(every)


def _refused(path: Path | str) -> ResponseError:
    return ResponseError(
        f"{path}: 这项计算不能直接读 Parquet 文件，只有 totals、means、proportions 可以。请用 "
        "pandas.read_parquet(path, columns=...) 只读入所需的列。(only totals, means and "
        "proportions read Parquet files; read the columns you need into a DataFrame)"
    )
