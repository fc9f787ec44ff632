"""The example's notes: what was planted in them is found, what is private is not."""

import re
from pathlib import Path

import pandas as pd
import pytest

from pipeline.stages.interviews import interviews


@pytest.fixture(scope="module")
def coded(tmp_path_factory, root: Path) -> pd.DataFrame:
    out = tmp_path_factory.mktemp("coded") / "new" / "interviews.parquet"
    interviews(
        root / "data" / "raw" / "interviews",
        root / "questionnaires" / "interviews" / "codeframe.yaml",
        out,
    )
    return pd.read_parquet(out)


def test_no_private_data_comes_through(coded):
    text = "\n".join(coded["text"])
    assert not re.search(r"1[3-9]\d{9}|zhangsan|李主任|岩书记|玉老师", text)
    assert {"〔电话〕", "〔姓名〕", "〔微信〕"} <= set(re.findall(r"〔[^〕]+〕", text))


@pytest.mark.parametrize("problem", ["A1.3", "A6.2"])
def test_planted_problems_are_supported_and_contradicted(coded, problem):
    stances = set(coded.loc[coded["problem"] == problem, "stance"])
    assert {"supports", "contradicts"} <= stances


def test_repeated_paperwork_is_reported_from_two_sites(coded):
    told = coded[(coded["problem"] == "A1.4") & (coded["stance"] == "supports")]
    assert len(told[["county", "setting"]].drop_duplicates()) == 2


def test_the_interviewer_is_not_coded(coded):
    assert set(coded.loc[coded["role"] == "访谈员", "theme"]) == {""}


def test_every_coded_passage_says_by_which_rule(coded):
    assert ((coded["theme"] != "") == (coded["rule"] != "")).all()


def test_signed_off_quotes_are_what_was_said(coded, root):
    entries = pd.read_csv(root / "data" / "raw" / "interviews" / "signoff.csv", dtype=str)
    assert len(entries) == 1
    for entry in entries.itertuples():
        said = coded[
            (coded["interview"] == entry.interview) & (coded["passage"] == int(entry.passage))
        ]
        assert entry.quote_zh in said["text"].iloc[0]


def test_the_table_is_the_same_byte_for_byte_and_empty_folders_are_in_order(tmp_path, root):
    frame = root / "questionnaires" / "interviews" / "codeframe.yaml"
    for name in ("a", "b"):
        interviews(root / "data" / "raw" / "interviews", frame, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    (tmp_path / "none").mkdir()
    interviews(tmp_path / "none", frame, tmp_path / "c")
    assert pd.read_parquet(tmp_path / "c").empty
