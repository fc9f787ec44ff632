"""Dispositions: what is refused, and AAPOR's rates on a case worked by hand."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import i18n
from pipeline.errors import FrameError
from pipeline.sampling.dispositions import CODES, Outcomes, outcomes, read_dispositions, word_key


def test_every_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dispositions.csv"
    path.write_text(
        "person,disposition\na,1.1\na,2.11\nx,1.1\nb,7.7\n", encoding="utf-8", newline="\n"
    )
    with pytest.raises(FrameError) as refused:
        read_dispositions(path, ["a", "b", "c", "d"])
    message = str(refused.value)
    assert "4 faults" in message
    assert "第 3 行 (line 3): 人员 'a' 已在第 2 行" in message
    assert "第 4 行 (line 4): 人员 'x' 不在抽样名单上" in message
    assert "第 5 行 (line 5): 处置代码 '7.7' 无效" in message
    assert "2 名样本人员没有处置代码：c, d" in message


def test_every_sampled_person_has_one(tmp_path: Path) -> None:
    path = tmp_path / "dispositions.csv"
    path.write_text("person,disposition\nb,2.11\na,1.1\n", encoding="utf-8")
    assert read_dispositions(path, ["a", "b"]) == {"a": "1.1", "b": "2.11"}


def test_rates_of_a_case_worked_by_hand() -> None:
    # 50 I, 10 P, 20 R, 10 NC, 5 O, 20 U, 5 not eligible: e = 95 / 100
    got = Outcomes(50, 10, 20, 10, 5, 20, 5)
    assert got.eligibility == pytest.approx(0.95)
    rates = got.rates()
    assert rates == pytest.approx(
        {
            "RR1": 50 / 115,
            "RR2": 60 / 115,
            "RR3": 50 / (95 + 0.95 * 20),
            "RR4": 60 / (95 + 0.95 * 20),
            "RR5": 50 / 95,
            "RR6": 60 / 95,
            "COOP1": 50 / 85,
            "REF1": 20 / 115,
            "CON1": 85 / 115,
        }
    )
    assert rates["RR1"] <= rates["RR3"] <= rates["RR5"]


def test_a_spoiled_interview_is_another_eligible_non_response() -> None:
    units = pd.DataFrame(
        {
            "disposition": ["1.1", "1.1", "1.2", "2.11", "2.12", "2.25", "2.33", "3.2", "4.1"],
            "responded": [True, False, True] + [False] * 6,
        }
    )
    assert outcomes(units) == Outcomes(
        complete=1, partial=1, refusal=2, non_contact=1, other=2, unknown=1, ineligible=1
    )


def test_nobody_sampled_gives_no_rate() -> None:
    rates = Outcomes(0, 0, 0, 0, 0, 0, 0).rates()
    assert all(value != value for value in rates.values())


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_code_has_a_name(language: i18n.Language) -> None:
    names = [i18n.word(word_key(code), language) for code in CODES]
    assert len(set(names)) == len(CODES)
