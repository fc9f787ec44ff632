from openpyxl import load_workbook

from pipeline.disclosure.manifest import Recorder
from pipeline.reporting.workbooks import write_problem_list, write_quality

COLUMNS = ["序号", "问题编号", "问题表述", "所属内容", "问题类型", "表现层级", "根源层级", "问题来源",
           "依据", "可信等级", "主要原因", "整改类型", "优先档次"]  # fmt: skip


def test_the_list_has_exactly_its_columns_and_a_sheet_of_notes(site, tmp_path):
    write_problem_list(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["问题清单", "说明"]
    page = book["问题清单"]
    assert [cell.value for cell in page[3]] == COLUMNS
    row = [cell.value for cell in page[4]]
    assert row[:2] == ["1", "A1-2026-001"]
    assert (
        row[2] == "居民中，31%的人认为支部议事做得较差，高于标准 11 个百分点；需由县（市）研究。"
    )
    assert row[8] == "F-A1.1-01：31%（95%区间 27%—35%），n=812"
    assert row[9] == "A 证实"
    assert "示例数据（模拟）" in page["A2"].value


def test_the_same_problems_give_the_same_bytes(site, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_problem_list(site, Recorder(), tmp_path / name, "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_finding_that_is_gone_leaves_the_accepted_wording(fictitious, tmp_path):
    gone = fictitious.problem(finding_link="gone", findings=("F-A1.2-01",))
    site = fictitious.site_of(tmp_path / "in", problems=(gone,))
    write_problem_list(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    assert (
        "居民中31%的人认为支部议事较差"
        in load_workbook(tmp_path / "a.xlsx")["问题清单"]["I4"].value
    )


def test_the_quality_table_opens_in_excel_and_holds_unrounded_figures(site, tmp_path):
    write_quality(site.disclosed, Recorder(), tmp_path / "a.csv", "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "Q-response-RR1,branches,2026-first,response,RR1,0.7136,rate" in raw.decode()
