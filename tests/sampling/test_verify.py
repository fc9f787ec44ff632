"""Whoever changes a draw on file is found out, whatever was changed."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import FrameError
from pipeline.sampling.draw import make_draw, write_draw
from pipeline.sampling.verify import read_draw, verify


@pytest.fixture
def frame() -> pd.DataFrame:
    rows = [
        (f"s{k:02d}", "jia", "rural" if k < 6 else "school", 20 + 5 * k, "1") for k in range(10)
    ]
    frame = pd.DataFrame(rows, columns=["site", "county", "setting", "persons", "need"])
    return frame.assign(stratum=frame["county"] + "/" + frame["setting"])


@pytest.fixture
def folder(tmp_path: Path, frame: pd.DataFrame) -> Path:
    draw = make_draw(
        frame,
        survey="s",
        wave="w",
        sites_per_stratum=2,
        persons_per_site=5,
        nonces={"甲方": "a-secret-of-sixteen-1", "乙方": "a-secret-of-sixteen-2"},
    )
    write_draw(draw, tmp_path)
    return tmp_path


def test_an_honest_draw_passes(folder: Path, frame: pd.DataFrame) -> None:
    draw = verify(folder, frame, survey="s", wave="w")
    assert draw is not None
    assert len(draw.sites) == 4
    assert len(draw.persons) == 20


def rows_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rewrite(path: Path, rows: list[str]) -> None:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def record_changed(**changes: object) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        path = folder / "draw.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(record | changes), encoding="utf-8")

    return tamper


def nonce_changed(folder: Path) -> None:
    path = folder / "draw.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sixteen-2", "sixteen-3"), encoding="utf-8")


def person_replaced(folder: Path) -> None:
    rows = rows_of(folder / "persons.csv")
    token, rest = rows[1].split(",", 1)
    site = token.rsplit("-", 1)[0]
    width = len(token) - len(site) - 1
    listed = {row.split(",")[0] for row in rows}
    other = next(t for n in range(1, 30) if (t := f"{site}-{n:0{width}d}") not in listed)
    rewrite(folder / "persons.csv", [rows[0], f"{other},{rest}", *rows[2:]])


def person_removed(folder: Path) -> None:
    rows = rows_of(folder / "persons.csv")
    rewrite(folder / "persons.csv", rows[:-1])


def person_twice(folder: Path) -> None:
    rows = rows_of(folder / "persons.csv")
    rewrite(folder / "persons.csv", [*rows, rows[-1]])


def site_renamed(folder: Path) -> None:
    rows = rows_of(folder / "sites.csv")
    rewrite(folder / "sites.csv", [rows[0], "s99" + rows[1][3:], *rows[2:]])


def probability_changed(folder: Path) -> None:
    rows = rows_of(folder / "sites.csv")
    head, _ = rows[1].rsplit(",", 1)
    rewrite(folder / "sites.csv", [rows[0], f"{head},0.5", *rows[2:]])


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (person_replaced, "未被抽中却在名单上"),
        (person_replaced, "被抽中却不在名单上"),
        (person_removed, "被抽中却不在名单上"),
        (person_twice, "出现多次"),
        (site_renamed, "s99 未被抽中却在名单上"),
        (probability_changed, "的 p1 为 0.5，重算为"),
        (nonce_changed, "随机数与承诺不符"),
        (nonce_changed, "种子不是由各方随机数算出的"),
        (record_changed(seed="0" * 64), "种子不是由各方随机数算出的"),
        (record_changed(frame_hash="0" * 64), "抽样框指纹"),
        (record_changed(sites_per_stratum={"jia/rural": 2}), "与抽样框的层不一致：jia/school"),
        (record_changed(sites_per_stratum={"jia/rural": 3, "jia/school": 2}), "却不在名单上"),
        (record_changed(persons_per_site=6), "被抽中却不在名单上"),
        (record_changed(size="persons_need", persons_per_site=6), "却不在名单上"),
        (record_changed(parties=[]), "不足两方"),
        (record_changed(wave="w2"), "请放入 s w 的抽样文件"),
        (record_changed(method="by hand"), "method"),
        (record_changed(remark="x"), "remark"),
    ],
)
def test_each_kind_of_tampering_is_found(
    folder: Path, frame: pd.DataFrame, tamper: Callable[[Path], None], sentence: str
) -> None:
    tamper(folder)
    with pytest.raises(FrameError) as refused:
        verify(folder, frame, survey="s", wave="w")
    assert sentence in str(refused.value)


def test_another_frame_is_found_and_said_once(folder: Path, frame: pd.DataFrame) -> None:
    frame.loc[3, "persons"] = 36
    with pytest.raises(FrameError) as refused:
        verify(folder, frame, survey="s", wave="w")
    assert "现有抽样框" in str(refused.value)
    assert "(1 fault)" in str(refused.value)  # not a difference for every person besides


def test_no_record_and_no_rows_mean_open_links(folder: Path, frame: pd.DataFrame) -> None:
    (folder / "draw.json").unlink()
    for name in ("sites.csv", "persons.csv"):
        rewrite(folder / name, rows_of(folder / name)[:1])
    assert read_draw(folder) is None
    assert verify(folder, frame, survey="s", wave="w") is None


def test_a_sample_without_its_record_is_refused(folder: Path, frame: pd.DataFrame) -> None:
    (folder / "draw.json").unlink()
    with pytest.raises(FrameError, match="找不到抽样记录"):
        verify(folder, frame, survey="s", wave="w")


def test_a_probability_that_is_no_number_is_named_with_its_line(folder: Path) -> None:
    rows = rows_of(folder / "persons.csv")
    cells = rows[2].split(",")
    rewrite(
        folder / "persons.csv", [*rows[:2], ",".join([*cells[:2], "few", cells[3]]), *rows[3:]]
    )
    with pytest.raises(FrameError, match=r"第 3 行 \(line 3\): p2 = 'few'"):
        read_draw(folder)


def test_digits_that_a_spreadsheet_drops_are_no_tampering(
    folder: Path, frame: pd.DataFrame
) -> None:
    rows = rows_of(folder / "sites.csv")
    short = [
        ",".join([*row.split(",")[:-1], f"{float(row.split(',')[-1]):.12g}"]) for row in rows[1:]
    ]
    assert short != rows[1:]
    rewrite(folder / "sites.csv", [rows[0], *short])
    assert verify(folder, frame, survey="s", wave="w") is not None
