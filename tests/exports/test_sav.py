"""What SPSS cannot hold is shortened with a report, or refused."""

from pathlib import Path

import pyreadstat
import pytest

from pipeline.errors import ResponseError
from pipeline.exports.sav import write_sav
from pipeline.exports.save import save_table
from pipeline.responses.dictionary import MissingRange, Variable
from pipeline.responses.table import RawTable
from tests.exports.made import code, table


def labelled(**labels: str) -> RawTable:
    values = {name.removeprefix("_"): label for name, label in labels.items()}
    return table([(Variable("q1", values=values), ["1"])])


def test_a_label_of_120_bytes_stays_and_a_longer_one_is_told(tmp_path: Path) -> None:
    made = labelled(_1="题" * 40, _2="乙" + "题" * 40)
    _, notes = write_sav(made, tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav")
    assert about.variable_value_labels["q1"] == {1: "题" * 40, 2: "乙" + "题" * 38 + "…"}
    (note,) = notes
    assert "变量 q1 代码 2 的标签超过 120 字节" in note
    assert note.endswith("全文：乙" + "题" * 40)


def test_two_labels_that_become_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="缩短到 120 字节 后相同"):
        save_table(labelled(_1="题" * 40 + "甲", _2="题" * 40 + "乙"), tmp_path / "a.sav")
    write_sav(labelled(_1="题" * 41, _2="题" * 41), tmp_path / "a.sav")  # were the same before


def test_a_variable_label_of_more_than_256_bytes_is_shortened(tmp_path: Path) -> None:
    made = table([(Variable("q1", "题" * 86), ["1"]), (Variable("q2", "a" * 256), ["1"])])
    _, notes = write_sav(made, tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav")
    assert about.column_labels == ["题" * 84 + "…", "a" * 256]
    assert len(notes) == 1
    assert "变量 q1 的标签超过 256 字节" in notes[0]


def test_codes_of_chinese_texts_wider_than_every_cell_lose_their_label_and_say_so(
    tmp_path: Path,
) -> None:
    variable = Variable("s", kind="text", values={"男": "男性", "a": "甲", "女性": "乙"})
    _, notes = write_sav(table([(variable, ["男", ""])]), tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav")
    assert about.variable_value_labels["s"] == {"男": "男性", "a": "甲"}
    assert notes == ["变量 “s”：代码比所有格都长的，标签只记在编码本里。"]


def test_missing_codes_that_do_not_fit_are_joined_or_refused(tmp_path: Path) -> None:
    variable = Variable("q", missing=code("6", "7", "8", "9"))
    _, notes = write_sav(table([(variable, ["1", "9"])]), tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True)
    assert about.missing_ranges == {"q": [{"lo": 6.0, "hi": 9.0}]}
    assert "4 个缺失值合并声明为 6 至 9" in notes[0]
    with pytest.raises(ResponseError, match="SPSS 只能有 3 个"):
        write_sav(table([(variable, ["7.5", "6.5"])]), tmp_path / "b.sav")


def test_missing_texts_longer_than_eight_bytes_are_told(tmp_path: Path) -> None:
    variable = Variable("s", kind="text", missing=code("拒答", "不愿意"))
    _, notes = write_sav(table([(variable, ["拒答"])]), tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True)
    assert about.missing_ranges == {"s": [{"lo": "拒答", "hi": "拒答"}]}
    assert "不超过 8 字节" in notes[0]


def test_texts_and_numbers_beyond_the_limits_are_refused_together(tmp_path: Path) -> None:
    made = table([
        (Variable("s", kind="text"), ["题" * 10_922 + "ab"]),
        (Variable("n"), ["-1.7976931348623157e308"]),
    ])  # fmt: skip
    with pytest.raises(ResponseError, match="2 处有误") as refused:
        write_sav(made, tmp_path / "a.sav")
    assert "第 1 行的文本超过 SPSS 的 32767 字节" in str(refused.value)
    fits = table([(Variable("s", kind="text"), ["题" * 10_922 + "a"])])
    write_sav(fits, tmp_path / "a.sav")


def test_formats_are_spss_own_and_tell_the_kind(tmp_path: Path) -> None:
    made = table([
        (Variable("a", format="F5.1"), ["1.5"]), (Variable("b", format="%9.3f"), ["1"]),
        (Variable("c", format="BEST12"), ["1"]), (Variable("d", format="DATE11"), ["1"]),
        (Variable("e", kind="date", format="MMDDYY10"), ["2020-01-01"]),
        (Variable("f", kind="date", format="ADATE10"), ["2020-01-01"]),
        (Variable("g", kind="time", format=""), ["30:00:00"]), (Variable("h"), ["0.25"]),
    ])  # fmt: skip
    columns, _ = write_sav(made, tmp_path / "a.sav")
    assert [column.format for column in columns] == [
        "F5.1", "F9.3", "F8.0", "F8.0", "SDATE10", "ADATE10", "TIME12.3", "F8.2",
    ]  # fmt: skip


def test_what_the_library_writes_otherwise_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = pyreadstat.read_sav

    def changed(*args: object, **wishes: object) -> object:
        frame, about = honest(*args, **wishes)  # type: ignore[arg-type]
        about.variable_value_labels["q1"][1.0] = "别的"
        return frame, about

    monkeypatch.setattr(pyreadstat, "read_sav", changed)
    with pytest.raises(ResponseError, match="q1 的值标签"):
        save_table(labelled(_1="是"), tmp_path / "a.sav")
    assert list(tmp_path.iterdir()) == []


def test_a_title_of_more_than_64_bytes_is_shortened(tmp_path: Path) -> None:
    made = table([(Variable("a"), ["1"])], title="题" * 22)
    _, notes = write_sav(made, tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(tmp_path / "a.sav")
    assert about.file_label == "题" * 20 + "…"
    assert notes == [f"标题超过 64 字节，缩短为“{'题' * 20}…”；全文：{'题' * 22}"]


def test_lo_and_hi_stay_open_ends(tmp_path: Path) -> None:
    variable = Variable("n", missing=(MissingRange("90", "inf"), *code("-1")))
    write_sav(table([(variable, ["1", "1e300"])]), tmp_path / "a.sav")
    frame, _ = pyreadstat.read_sav(tmp_path / "a.sav")
    assert frame["n"].isna().tolist() == [False, True]
