from datetime import datetime

from openpyxl import load_workbook

from pipeline.disclosure.manifest import Recorder
from pipeline.reporting.workbooks import write_lists, write_quality

COLUMNS = ["序号", "问题编号", "问题表述", "所属内容", "问题类型", "表现层级", "根源层级", "问题来源",
           "依据", "可信等级", "主要原因", "整改类型", "优先档次"]  # fmt: skip


def column(page, number):
    return [page.cell(row, number).value for row in range(4, page.max_row + 1)]


def test_the_workbook_has_three_lists_and_a_sheet_of_notes(site, tmp_path):
    write_lists(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["问题清单", "责任清单", "督办清单", "说明"]
    page = book["问题清单"]
    assert [cell.value for cell in page[3]] == COLUMNS
    row = [cell.value for cell in page[5]]
    assert row[:2] == [2, "A1-2026-001"]
    assert (
        row[2] == "居民中，31%的人认为支部议事做得较差，高于标准 11 个百分点；需由县（市）研究。"
    )
    assert row[8] == "F-A1.1-01：31%（95%区间 27%—35%），n=812"
    assert row[9] == "A 证实"
    assert "示例数据（模拟）" in page["A2"].value


def test_every_list_prints_on_a4_across_with_its_head_on_each_page(site, tmp_path):
    write_lists(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    for page in load_workbook(tmp_path / "a.xlsx").worksheets[:3]:
        assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert (page.print_title_rows, page.freeze_panes) == ("$3:$3", "C4")
        assert page.auto_filter.ref.startswith("A3:")
        assert column(page, 2)[0] == "A1-2026-002"


def test_the_supervision_list_keeps_lamp_and_verdict_apart(site, tmp_path):
    write_lists(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    page = load_workbook(tmp_path / "a.xlsx")["督办清单"]
    head = [cell.value for cell in page[3]]
    verdict, lamp = head.index("问题解决检验结论") + 1, head.index("亮灯") + 1
    assert column(page, lamp) == ["■ 红", "● 绿", "▲ 黄", "● 绿", "○ 灰"]
    assert page.cell(4, lamp).font.color.rgb == "FF9F2323"
    assert column(page, verdict) == [
        "证据不足\n较基线 −5 个百分点（−13 至 +3）\n登记：已解决（待巩固）（与数据不符）",
        "已改善\n较基线 −8 个百分点（−12 至 −4）",
        "未见改善\n较基线 +1 个百分点（−3 至 +6）",
        "已恶化\n较基线 +8 个百分点（+2 至 +13）",
        "未检验",
    ]


def test_the_duty_list_states_the_goal_and_leaves_open_what_nobody_entered(site, tmp_path):
    write_lists(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    page = load_workbook(tmp_path / "a.xlsx")["责任清单"]
    assert column(page, 5)[0] == "再次测量时不高于 25%"
    deadlines = [datetime(2026, 4, 30), *[datetime(2026, 9, 30)] * 3, None]
    assert column(page, 10) == deadlines  # dates, so that Excel sorts and filters them
    assert column(page, 11)[3] == "2026年6月前完成调查\n年内推开"


def test_the_same_problems_give_the_same_bytes(site, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_lists(site, Recorder(), tmp_path / name, "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_of_a_finding_that_is_gone_the_figures_of_the_acceptance_stand(fictitious, tmp_path):
    gone = fictitious.problem(finding_link="gone", findings=("F-A1.2-01",))
    site = fictitious.site_of(tmp_path / "in", problems=(gone,))
    write_lists(site, Recorder(), tmp_path / "a.xlsx", "a.xlsx")
    cited = load_workbook(tmp_path / "a.xlsx")["问题清单"]["I4"].value
    assert cited.startswith("立项时：F-A1.2-01")
    assert "没有再判为超出标准" in cited


def test_the_quality_table_opens_in_excel_and_holds_unrounded_figures(site, tmp_path):
    write_quality(site.disclosed, Recorder(), tmp_path / "a.csv", "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "Q-response-RR1,branches,2026-first,response,RR1,0.7136,rate" in raw.decode()
