import pytest

from pipeline.responses.described import Aside, Item
from tests.intake.tables import told

TWENTY = [str(n) for n in range(1, 21)]


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("a", ["", "NA", "NULL"], "empty"),
        ("a", ["GB"] * 5, "constant"),
        ("序号", TWENTY, "key"),
        ("RespondentID", ["97", "5", "12", "44"], "key"),
        ("Network ID", [f"n{n}" for n in range(14)] * 2, "identifier"),
        ("dnum", [str(n * 17) for n in range(40)] * 2, "identifier"),
        ("county", [f"C {n}" for n in range(80)] * 2, "identifier"),
        ("StartDate", ["5/10/18 4:01", "5/16/18 7:19", "5/17/18 6:48"], "start"),
        ("提交答卷时间", ["2016/12/17 14:22:55"] * 2, "submitted"),
        ("邮编", ["010023", "100084", "200433"], "identifier"),
        ("x", [f"{n:05}" for n in range(90, 700, 7)], "identifier"),
        ("x", [f"1234567890{n:06}" for n in (5, 70, 3)], "identifier"),
        ("x", ["2013-01-20", "2013-01-18"], "date"),
        ("x", ["10:10:10", "23:10:10"], "date"),
        ("Interviewer's number", ["T1", "T2", "T1", "T2"], "metadata"),
        ("x", ["\x01\x02", "\ufffd\ufffd", "\x03"], "unreadable"),
        ("手机号", ["13812345678", "13912345679"], "contact"),
    ],
)
def test_what_is_no_question_is_put_aside(header: str, cells: list[str], role: str) -> None:
    aside = told({header: cells})[header]
    assert isinstance(aside, Aside)
    assert aside.role == role
    assert aside.why.endswith("。")


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("age", ["20", "31", "45"] * 2 + [str(n) for n in range(50, 64)], "number"),
        ("score", ["0.5", "1.25", "2.75", "4", "5.5"], "number"),
        ("年龄", [f"{n}岁" for n in range(20, 40)] + ["41周岁", "42"], "number"),
        ("income", [f"{n},200" for n in range(1, 30)], "number"),
        ("income", [f"{n},5" for n in range(1, 30)], "number"),
        ("stay", ["6 months", "2 years", "3 weeks", "1 month", "9 days", "4 years", "1 day"],
         "open_ended"),
        ("sex", ["１", "1 ", " 2", "２"], "single_choice"),
        ("备注", ["无", "很好", "无", "很好"], "open_ended"),
        ("为什么", [f"因为第{n}个原因" for n in range(9)], "open_ended"),
        ("income", ["$0 - $24,999", "$25,000 - $49,999"] * 4, "single_choice"),
        ("总体满意度", ["1", "2", "3", "4", "5", "88"], "scale"),
        ("区号", ["010", "021", "0755", "010", "10"], "single_choice"),
        ("x", ["007", "12", "1500", "33", "2", "61", "105"], "number"),
        ("hour", [f"{n:02}" for n in range(24)] * 2, "number"),
        ("收入", ["0050", "1200", "0700", "3000"], "number"),
    ],
)  # fmt: skip
def test_what_people_answer_has_a_kind(header: str, cells: list[str], kind: str) -> None:
    item = told({header: cells})[header]
    assert isinstance(item, Item)
    assert item.kind == kind
    assert item.guessed


def test_full_width_codes_are_the_same_codes() -> None:
    item = told({"性别": ["１", "1 ", "\u30002", "２", "1"]})["性别"]
    assert isinstance(item, Item)
    assert [option.cell for option in item.options] == ["1", "2"]


def test_there_is_one_key_and_one_start() -> None:
    columns = {"id": TWENTY, "uuid": TWENTY[::-1], "start": ["10/5/18", "11/5/18"] * 10}
    roles = [one.role for one in told({**columns, "begin": columns["start"]}).values()]  # type: ignore[union-attr]
    assert roles.count("key") == 1
    assert roles.count("start") == 1
    assert roles.count("date") == 1
