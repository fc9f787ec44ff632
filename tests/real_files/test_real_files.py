"""Every real file: from `diaoyan new` to decoded responses, or a refusal that is right.

Six go all the way to the page here; `make real-files` takes all of them there.
"""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.real_files.case import Case, cases
from tests.real_files.project import STAGES, bare_project, diaoyan, inside
from tests.real_files.walk import FIRST, walked, whole

CASES = cases()
TO_THE_PAGE = (
    "microdata/sav/zh_pku_spss_final_gbk.sav",
    "microdata/csv/apiclus2.csv",
    "microdata/csv/comma_survey.csv",
    "microdata/pairs/qualtrics/many_types.csv",
    "forms/export_wjx/gasongjian_reportgen__[问卷星数据]800_800_2.xls",
    "forms/export_redcap/OuhscBbmc_REDCapR__data.csv",
)
"""One labelled file in GBK, one drawn in two stages, one typed table, and three systems."""


def test_enough_of_the_files_reach_the_page() -> None:
    assert sum(not case.refused for case in CASES) >= 60
    assert set(TO_THE_PAGE) <= {case.path for case in CASES if not case.refused}


def test_every_file_that_an_analyst_might_be_handed_is_a_case(shared: Path) -> None:
    folders = [shared / "samples/microdata", *(shared / "samples/forms").glob("export_*")]
    lying = {
        path.relative_to(shared / "samples").as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.name != "index.json"
    }
    met = {one for case in CASES for one in (case.path, *case.beside)}
    assert lying - met == set()


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_real_file_becomes_a_survey_or_is_refused(
    case: Case, root: Path, engine: Path, shared: Path, tmp_path: Path
) -> None:
    go = whole if case.path in TO_THE_PAGE else lambda *at: walked(*at, FIRST)
    outcome = go(case, root, shared / "samples", tmp_path / "p")
    if case.refused:
        assert outcome.refusal, "was taken, though it should not be"
        assert "Traceback" not in outcome.refusal
        return
    assert outcome.refusal == ""
    assert outcome.rows > 0
    assert outcome.questions > 0
    assert outcome.kept >= 0.9 * outcome.rows, "too many responses set aside"
    if case.path in TO_THE_PAGE:
        page = (tmp_path / "p/reports/index.html").read_text(encoding="utf-8")
        drawn = bool(case.strata or case.cluster or case.fpc)
        assert ("非概率样本" in page) != drawn
        shutil.rmtree(tmp_path / "p")


@pytest.mark.shared
def test_a_file_without_days_or_figures_in_its_title_reaches_the_page(
    root: Path, engine: Path, shared: Path, tmp_path: Path
) -> None:
    project = bare_project(root, tmp_path / "p")
    file = shared / "samples/microdata/sav/pspp_hotel.sav"
    with inside(project):
        diaoyan(["new", "mine", "--alone", "--from", str(file)])
        for stage in STAGES:
            diaoyan(stage.replace("mine w1", "mine wave1").split())
    page = (project / "reports/index.html").read_text(encoding="utf-8")
    assert "第一轮调查</title>" in page
    assert "没有写明" in page  # nobody told when people were asked


@pytest.mark.shared
def test_a_second_answer_that_is_missing_takes_the_first_one_not_away(
    root: Path, shared: Path, tmp_path: Path
) -> None:
    case = next(case for case in CASES if case.path == "microdata/por/NES1948.POR")
    assert walked(case, root, shared / "samples", tmp_path / "p", FIRST).refusal == ""
    rows = pd.read_parquet(tmp_path / "p/data/processed/validate/mine/w1.parquet")
    # Counted with another reader: rows in which any slot holds an answer that is not missing.
    for question, answered in (("v480025", 178), ("v480031", 374), ("v480033", 219)):
        assert (rows[f"{question}__missing"] == "").sum() == answered
