"""The one delivered file of a run is found, whatever kind it is, and contact columns are left out."""

import json
from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.read import find_export, read_export, read_table, without
from tests.responses.made import labelled_file


def write(folder: Path, name: str, text: str = "KEY\n") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_export_is_the_one_readable_file_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="找不到文件夹"):
        find_export(tmp_path / "absent")
    write(tmp_path, "dispositions.csv")
    write(tmp_path, "corrections.csv")
    write(tmp_path, "note.txt")  # read where it is named, not where it lies about
    write(tmp_path, "~$export.xlsx")  # the workbook is open in WPS
    with pytest.raises(ResponseError, match="没有答卷文件"):
        find_export(tmp_path)
    export = write(tmp_path, "export.XLSX")
    assert find_export(tmp_path) == export
    write(tmp_path, "second.sav")
    with pytest.raises(ResponseError, match=r"export\.XLSX、second\.sav"):
        find_export(tmp_path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=r"\.csv、\.tsv、.*\.sav、\.zsav、\.por、\.dta"):
        read_table(write(tmp_path, "export.docx"))


def test_a_header_without_responses_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "export.csv", "KEY,q1\n,\n")
    with pytest.raises(ResponseError, match="0 份答卷"):
        read_export(tmp_path)


def test_columns_left_out_are_gone(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a.csv", "KEY,phone,q1\nx,13800000000,1\n"))
    assert without(table, ["phone"]).headers == ["KEY", "q1"]


def test_what_is_known_of_columns_left_out_is_gone(tmp_path: Path) -> None:
    table = read_table(
        labelled_file(tmp_path, {"phone": ["1"], "q1": [1.0]}, texts={"phone": "电话"})
    )
    kept = without(table, ["phone"]).dictionary
    assert kept is not None
    assert [one.name for one in kept.variables] == ["q1"]


def test_a_text_file_is_read_where_it_is_named(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "a.tab", "KEY\tq1\nx\t1\n")).headers == ["KEY", "q1"]
    with pytest.raises(ResponseError, match="要有说明列位置的 SPSS 语法"):
        read_table(write(tmp_path, "a.dat", "1\n"))


@pytest.mark.shared
def test_every_statistical_file_has_its_shape(shared: Path) -> None:
    folder = shared / "samples/microdata"
    files = json.loads((folder / "index.json").read_text(encoding="utf-8"))["files"]
    kinds = (".sav", ".zsav", ".por", ".dta", ".xpt", ".sas7bdat")
    chosen = [one for one in files if Path(one["file"]).suffix.lower() in kinds]
    assert len(chosen) == 18
    for one in chosen:
        table = read_table(folder / one["file"])
        assert table.cells.shape == (one["rows"], one["cols"]), one["file"]
        assert table.dictionary is not None
        assert [of.name for of in table.dictionary.variables] == table.headers
        labelled = sum(bool(of.values) for of in table.dictionary.variables)
        assert labelled == one["reader_info"].get("value_labelled", 0), one["file"]
