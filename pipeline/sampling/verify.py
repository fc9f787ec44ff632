"""Make a draw again from its record and the frame, and say where the files differ."""

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from pipeline.errors import Fault, FrameError, gathered
from pipeline.sampling.draw import (
    PERSON_COLUMNS,
    SITE_COLUMNS,
    Draw,
    commitment,
    drawn_by,
    seed_of,
)
from pipeline.sampling.frame import frame_hash
from pipeline.sampling.record import DrawRecord
from pipeline.sampling.tables import Row, read_table

NUMBERS = {"p1": float, "p2": float, "persons": int, "persons_in_site": int}
SHOWN = 10
"""How many differing rows of one table are spelled out."""


def read_draw(folder: Path) -> Draw | None:
    """Read a draw's folder; None where no draw was made (tables with a header only, no record).

    Raises
    ------
    FrameError
        A table without a record, a record that is none, a cell that is no number.
    """
    sites = read_table(folder / "sites.csv", SITE_COLUMNS)
    persons = read_table(folder / "persons.csv", PERSON_COLUMNS)
    path = folder / "draw.json"
    if not path.is_file():
        if sites or persons:
            raise FrameError(
                f"{path}: 找不到抽样记录，但已有抽中名单。请放回 draw.json；没有抽样则清空名单。"
                "(the tables hold a sample but its record is missing; put draw.json back)"
            )
        return None
    try:
        record = DrawRecord.model_validate_json(path.read_bytes())
    except ValidationError as refused:
        faults = [
            Fault(
                ".".join(map(str, one["loc"])) or "draw.json", f"{one['msg']}.", "请恢复原文件。"
            )
            for one in refused.errors(include_url=False)
        ]
        raise FrameError(gathered(path, faults)) from None
    return Draw(
        record,
        _table(folder / "sites.csv", SITE_COLUMNS, sites),
        _table(folder / "persons.csv", PERSON_COLUMNS, persons),
    )


def verify(folder: Path, frame: pd.DataFrame, *, survey: str, wave: str) -> Draw | None:
    """Check that a draw follows from its record and the frame; None where no draw was made.

    Raises
    ------
    FrameError
        Every way in which the record, the frame and the two tables disagree.
    """
    draw = read_draw(folder)
    if draw is None:
        return None
    faults = list(_record_faults(draw.record, frame, survey, wave))
    faults += list(_faults_of_earlier(draw.record, folder))
    if not faults:  # with another frame or seed every row would differ, which says nothing
        again = drawn_by(draw.record, frame)
        faults += _differences("sites.csv", draw.sites, again.sites, "site")
        faults += _differences("persons.csv", draw.persons, again.persons, "person")
    if faults:
        raise FrameError(gathered(folder, faults))
    return draw


def _table(path: Path, columns: tuple[str, ...], rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame([[row[c] for c in columns] for row in rows], columns=list(columns))
    faults = []
    for column in (name for name in columns if name in NUMBERS):
        numbers = pd.to_numeric(table[column], errors="coerce")
        faults += [
            Fault(row.place, f"{column} = {row[column]!r}.", "须为数。(put a number)")
            for row, missing in zip(rows, numbers.isna(), strict=True)
            if missing
        ]
        table[column] = numbers.astype("float64") if NUMBERS[column] is float else numbers
    if faults:
        raise FrameError(gathered(path, faults))
    return table


def _record_faults(
    record: DrawRecord, frame: pd.DataFrame, survey: str, wave: str
) -> Iterator[Fault]:
    if (record.survey, record.wave) != (survey, wave):
        yield Fault(
            "draw.json",
            f"这是 {record.survey} {record.wave} 的抽样 (the draw of another run).",
            f"请放入 {survey} {wave} 的抽样文件。(put this run's draw here)",
        )
    if (digest := frame_hash(frame)) != record.frame_hash:
        yield Fault(
            "draw.json frame_hash",
            f"记录的抽样框指纹 {record.frame_hash[:12]}… 与现有抽样框 {digest[:12]}… 不同"
            " (the frame is not the one drawn from).",
            "请恢复抽样时的抽样框。(restore the frame as it was when drawn)",
        )
    if len(record.parties) < 2:
        yield Fault(
            "draw.json parties", "不足两方 (fewer than two parties).", "此抽样不可信。(void)"
        )
    for party in record.parties:
        if party.commitment != commitment(party.nonce, record.frame_hash):
            yield Fault(
                f"draw.json {party.name}",
                "随机数与承诺不符 (the nonce does not match the commitment).",
                "请核对事先公布的承诺。(compare the commitment published before)",
            )
    if record.seed != seed_of([party.nonce for party in record.parties]):
        yield Fault(
            "draw.json seed",
            "种子不是由各方随机数算出的 (the seed does not follow from the nonces).",
            "请恢复原文件。(restore the file)",
        )
    if wrong := sorted(set(record.sites_per_stratum) ^ set(frame["stratum"])):
        yield Fault(
            "draw.json sites_per_stratum",
            f"与抽样框的层不一致：{', '.join(wrong)} (strata disagree).",
            "请恢复原文件。(restore the file)",
        )


def _faults_of_earlier(record: DrawRecord, folder: Path) -> Iterator[Fault]:
    """Hold what a coordinated draw says of earlier waves against their records beside it."""
    for one in record.earlier:
        path = folder.parent / one.wave / "draw.json"
        found = read_draw(path.parent) if path.is_file() else None
        if found is None or (found.record.seed, found.record.kept) != (one.seed, one.kept):
            yield Fault(
                f"draw.json earlier {one.wave}",
                f"与 {path} 不符，或该记录不在 (differs from that draw, or it is absent).",
                "请放回前一轮的抽样记录。(put the earlier draw's record back)",
            )


def _differences(name: str, filed: pd.DataFrame, again: pd.DataFrame, key: str) -> list[Fault]:
    """Compare a table on file with the table drawn again, row by row."""
    faults = [
        Fault(name, f"{unit} 出现多次 (listed more than once).", "请删去重复行。(remove copies)")
        for unit in sorted(set(filed.loc[filed[key].duplicated(), key]))
    ]
    on_file = {row[key]: row for row in filed.to_dict("records")}
    expected = {row[key]: row for row in again.to_dict("records")}
    for unit in sorted(on_file.keys() - expected.keys()):
        found = f"{unit} 未被抽中却在名单上 (listed, not drawn)."
        faults.append(Fault(name, found, "请删去。(remove it)"))
    for unit in sorted(expected.keys() - on_file.keys()):
        found = f"{unit} 被抽中却不在名单上 (drawn, not listed)."
        faults.append(Fault(name, found, "请补上。(put it back)"))
    for unit in sorted(expected.keys() & on_file.keys()):
        for column, drawn in expected[unit].items():
            if not _same(on_file[unit][column], drawn):
                found = f"{unit} 的 {column} 为 {on_file[unit][column]}，重算为 {drawn} (differs)."
                faults.append(Fault(name, found, "请恢复原文件。(restore the file)"))
    if len(faults) > SHOWN:
        rest = len(faults) - SHOWN
        faults[SHOWN:] = [Fault(name, f"另有 {rest} 处不同 ({rest} further differences).", "")]
    return faults


def _same(listed: object, drawn: object) -> bool:
    if isinstance(listed, float) and isinstance(drawn, float):
        # the last digits of a probability may be lost when a spreadsheet saves the file
        return math.isclose(listed, drawn, rel_tol=1e-9)
    return listed == drawn
