"""The one delivered file of a run is found, whatever kind it is, and contact columns are left out."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.read import find_export, read_export, read_table, without


def write(folder: Path, name: str, text: str = "KEY\n") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_export_is_the_one_readable_file_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="找不到文件夹"):
        find_export(tmp_path / "absent")
    write(tmp_path, "dispositions.csv")
    write(tmp_path, "corrections.csv")
    write(tmp_path, "note.txt")
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
