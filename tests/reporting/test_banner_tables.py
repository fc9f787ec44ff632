"""Banner tables: their figures, their letters, and what of them may leave the machine."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from pipeline.design import SurveyDesign
from pipeline.disclosure.membership import Respondents
from pipeline.disclosure.suppression import recoverable
from pipeline.documents import numbers
from pipeline.errors import DisclosureError, ResponseError
from pipeline.estimation.comparison import between_groups
from pipeline.estimation.items import Item
from pipeline.questionnaire.programme import ReportingRules
from pipeline.reporting.banner_page import widths
from pipeline.reporting.banner_tables import banner_table
from pipeline.reporting.labels import Labels
from pipeline.reporting.survey import Survey
from tests.made_study import DESIGN, questionnaire_of, rows_of

HEAD = 6
"""Row of the letters on the sheet."""


@pytest.fixture(scope="module")
def survey(questionnaire):
    return Survey(rows_of(5, psus=8), DESIGN, questionnaire_of(questionnaire), wave="2026")


@pytest.fixture(scope="module")
def table(survey):
    return survey.banner_table(banners=["county", "q1"])


def people(sizes: dict[str, int], *, yes: float = 0.5) -> pd.DataFrame:
    """People in groups, each their own PSU; the first of each group say yes."""
    parts = [
        pd.DataFrame({"group": name, "q": (np.arange(n) < yes * n).astype(int)})
        for name, n in sizes.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(w=1.0)


def simple(rows: pd.DataFrame, **options):
    return banner_table(rows, ["q"], ["group"], design=SurveyDesign(weight="w"), **options)


def test_n_is_unweighted_and_effective_n_is_that_of_the_weights(survey, table):
    layout = table.layout(released=False)
    block = next(one for one in layout.blocks if one.question == "q2")
    assert [line.kind for line in block.lines[:2]] == ["base", "effective"]
    for place, head in enumerate(layout.columns):
        here = survey.rows[survey.rows["q2__missing"] == ""]
        if head.domain != "all":
            here = here[here[head.domain].astype(str) == head.level]
        weight = here["weight"]
        shown = [line.cells[place].value for line in block.lines[:2]]
        if head.level == "2":  # nobody without the activity was asked
            assert shown == [0.0, None]
            continue
        assert shown[0] == len(here)
        assert shown[1] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


def test_a_scale_has_its_answers_its_subtotals_its_net_score_and_its_mean(table):
    block = next(b for b in table.layout(released=False).blocks if b.question == "q2")
    names = [line.name for line in block.lines[2:]]
    assert names == ["第1级", "第2级", "第3级", "第4级", "第5级", "合计：第4级 / 第5级",
                     "合计：第1级 / 第2级", "净值（百分点）", "均值"]  # fmt: skip
    value = {name: line.cells[0].value for name, line in zip(names, block.lines[2:], strict=True)}
    high, low = value["第4级"] + value["第5级"], value["第1级"] + value["第2级"]
    assert value["合计：第4级 / 第5级"] == pytest.approx(high)
    assert value["净值（百分点）"] == pytest.approx(100 * (high - low))
    assert value["均值"] == pytest.approx(sum(k * value[f"第{k}级"] for k in range(1, 6)))


def test_a_letter_stands_where_the_test_of_two_groups_says_so():
    rows = rows_of(7, psus=10, persons=20)
    rows["side"] = np.where(rows["county"] == "甲县", "x", "y")
    rows["q4"] = rows["q4"] + 2 * (rows["side"] == "x")
    rows["high"] = (rows["q4"] > 3).astype(int)
    rows["even"] = (np.arange(len(rows)) % 2).astype(int)
    items = [Item(name, "1", (name,), (1,), "proportion") for name in ("high", "even")]
    found = banner_table(rows, items, ["side"], design=DESIGN).frame
    tests = between_groups(rows, items, ["side"], design=DESIGN).set_index("question")
    assert tests.loc["high", "p"] < 0.001
    assert tests.loc["even", "p"] > 0.05
    letters = {(r.question, r.domain_value): r.higher_than for r in found.itertuples()}
    assert letters["high", "x"] == "B"
    assert [letters[key] for key in (("high", "y"), ("even", "x"), ("even", "y"))] == ["", "", ""]


def test_letters_run_over_all_banners_and_stay_within_their_own(survey):
    rows = survey.rows.copy()
    rows["q4"] = rows["q4"] + 3 * (rows["county"] == "乙县") + 3 * (rows["q1"] == 2).fillna(False)
    made = replace(survey, rows=rows).banner_table("q4", ["county", "q1"])
    heads = made.layout(released=False).columns
    assert [head.letter for head in heads] == ["", "A", "B", "C", "D", "E"]
    names = {head.letter: head for head in heads}
    higher = made.frame.set_index(["domain", "domain_value"])["higher_than"]
    best = next(letter for letter, head in names.items() if head.level == "乙县")
    assert higher["county", "乙县"].split() == sorted({"A", "B", "C"} - {best})
    assert higher["q1", "2"] == "D"
    assert higher["all", "all"] == ""


def test_fewer_than_thirty_are_not_tested():
    sizes = {"a": 29, "b": 200, "c": 200}
    rows = people(sizes)
    rows.loc[rows["group"] == "a", "q"] = 1
    rows.loc[rows["group"] == "b", "q"] = (np.arange(200) < 20).astype(int)
    found = simple(rows).frame
    yes = found[found["code"] == "1"].set_index("domain_value")["higher_than"]
    assert (yes["a"], yes["b"], yes["c"]) == ("", "", "B")
    assert simple(people({**sizes, "a": 30}, yes=1)).frame["higher_than"].eq("").all()


def test_a_question_is_not_tested_by_its_own_answers(survey):
    found = survey.banner_table("q1", ["q1"])
    assert found.frame["higher_than"].eq("").all()


@settings(max_examples=15)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.integers(0, 25))
def test_no_small_group_can_be_had_from_a_released_table(sizes, unknown):
    """Whatever is taken away from the total leaves nobody, or at least ten."""
    named = {f"g{k}": n for k, n in enumerate(sizes)}
    rows = people({**named, "": unknown}) if unknown else people(named)
    if len(rows) < 10:
        rows = pd.concat([rows] * 10, ignore_index=True)
    released = simple(rows).released
    exact = rows["group"].value_counts()
    groups = released[["question", "domain", "domain_value"]].drop_duplicates()
    groups = groups.assign(n=[len(rows) if d == "all" else exact[v] for d, v in
                              zip(groups["domain"], groups["domain_value"], strict=True)])  # fmt: skip
    assert (groups["n"] >= 10).all()
    base = Respondents(rows[["group"]], pd.DataFrame({"q": True}, index=rows.index))
    assert recoverable(groups, base).empty


def test_a_withheld_column_keeps_its_place_and_says_nothing(tmp_path):
    made = simple(people({"a": 60, "b": 60, "c": 50, "d": 7}))
    shown = set(made.released["domain_value"])
    assert "d" not in shown
    assert len(shown) == 3  # a second group went with it: the total minus the others is d
    assert set(made.frame["domain_value"]) == {"all", "a", "b", "c", "d"}
    made.to_html(tmp_path / "t.html")
    tree = html.parse(str(tmp_path / "t.html"))
    for row in tree.xpath("//tbody/tr"):
        cells = [cell.text_content().strip() for cell in row.xpath("td")]
        assert cells.count("*") == 2
        assert cells[4] == "*"
    assert "不显示：不足 10 人" in tree.getroot().text_content()


def test_released_figures_are_coarse_and_bear_no_letter_of_a_withheld_column():
    rows = people({"a": 64, "b": 63, "c": 9, "d": 33})
    rows.loc[rows["group"] == "d", "q"] = (np.arange(33) < 3).astype(int)
    rows.loc[rows["group"] == "a", "q"] = (np.arange(64) < 60).astype(int)
    made = simple(rows)
    groups = made.released[made.released["domain"] != "all"]
    assert (groups["n"] % 5 == 0).all()
    assert (groups["base_effective_n"] % 5 == 0).all()
    hidden = set(made.frame["letter"]) - set(groups["letter"]) - {""}
    assert hidden
    before = " ".join(made.frame["higher_than"]).split()
    after = " ".join(groups["higher_than"]).split()
    assert set(before) & hidden
    assert not set(after) & hidden


def test_extremes_of_a_sensitive_question_are_bounds():
    rows = people({"a": 40, "b": 120, "c": 120}, yes=0.5)
    rows.loc[rows["group"] == "a", "q"] = 0
    made = simple(rows, sensitive={"q": True})
    block = made.layout(released=True).blocks[0]
    texts = [line.cells[1].text for line in block.lines if line.kind == "answer"]
    assert texts == ["≥95%", "≤5%"]
    assert all(line.cells[1].value is None for line in block.lines if line.kind == "answer")
    assert "≤5%" in " ".join(made.layout(released=True).notes)


def test_laxer_rules_than_promised_are_refused():
    with pytest.raises(DisclosureError, match="minimum_n"):
        simple(people({"a": 50}), rules=ReportingRules(minimum_n=5))


def test_open_links_have_no_letters_and_no_effective_n(survey):
    rows = people({"a": 100, "b": 100})
    rows["q"] = ((rows["group"] == "a") ^ (np.arange(200) % 10 == 0)).astype(int)
    drawn = SurveyDesign(weight="w")
    tested = banner_table(rows, ["q"], ["group"], design=drawn)
    assert tested.frame["higher_than"].ne("").any()
    made = banner_table(rows, ["q"], ["group"], design=replace(drawn, probability_sample=False))
    layout = made.layout(released=True)
    assert [head.letter for head in layout.columns] == ["", "", ""]
    assert all(line.kind != "effective" for line in layout.blocks[0].lines)
    assert not any(cell.letters for line in layout.blocks[0].lines for cell in line.cells)
    assert "非概率样本" in " ".join(layout.notes)


@pytest.fixture(scope="module")
def sheet(table, tmp_path_factory):
    path = table.to_excel(tmp_path_factory.mktemp("book") / "t.xlsx")
    return load_workbook(path)


def test_the_workbook_holds_numbers_with_formats_and_letters_beside_them(table, sheet):
    page = sheet["交叉表"]
    layout = table.layout(released=True)
    lines = {}
    for row in page.iter_rows(min_row=HEAD + 1, max_col=3):
        if row[1].value is not None:
            lines.setdefault(row[0].value, row)
    first = next(line for line in layout.blocks[0].lines if line.kind == "answer")
    share = lines[first.name][1]
    assert share.value == pytest.approx(first.cells[0].value)
    assert share.number_format.startswith("0%")
    assert share.font.name == "Microsoft YaHei"
    mean = lines["均值"][1]
    assert isinstance(mean.value, float)
    assert mean.number_format.startswith("0.00")
    assert lines["净值（百分点）"][1].number_format.startswith(("+0", '"0"'))
    letters = [
        c.letters for b in layout.blocks for line in b.lines for c in line.cells if c.letters
    ]
    shown = [
        cell.value for row in page.iter_rows(min_row=HEAD + 1) for cell in row[2::2] if cell.value
    ]
    assert shown == letters


def test_the_workbook_prints_on_a4_with_its_head_repeated(sheet):
    page = sheet["交叉表"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.print_title_rows == f"$4:${HEAD}"
    assert page.print_title_cols == "$A:$A"
    assert page.freeze_panes == f"B{HEAD + 1}"
    assert page.page_setup.scale >= 65
    heads = [page.cell(5, column).value for column in (2, 4, 6, 8)]
    assert heads == ["总体", "丙市", "乙县", "甲县"]


def test_the_contents_lead_to_each_question(sheet):
    contents, page = sheet.worksheets[0], sheet["交叉表"]
    for row in contents.iter_rows(min_row=5, max_row=8):
        place = row[0].hyperlink.location or row[0].hyperlink.target
        start = page[place.split("!")[1]]
        assert start.value == f"{row[0].value}　{row[1].value}"


def test_wide_tables_are_parted_between_banners(survey, tmp_path):
    banners = ["county", "q1", ("county", "q1"), "q3__1", "q3__2", "q3__3", "q3__4", "q2"]
    made = survey.banner_table("q4", banners)
    page = load_workbook(made.to_excel(tmp_path / "t.xlsx"))["交叉表"]
    columns = made.layout(released=True).columns
    breaks = [one.id for one in page.col_breaks.brk]
    assert breaks
    for last in breaks:  # the column after which a page ends
        place = (last - 1) // 2
        assert columns[place - 1].domain != columns[place].domain


def test_the_same_table_gives_the_same_bytes(survey, tmp_path):
    for name in ("a", "b"):
        survey.banner_table("q1", ["county"]).to_excel(tmp_path / f"{name}.xlsx")
        survey.banner_table("q1", ["county"]).to_html(tmp_path / f"{name}.html")
    for kind in ("xlsx", "html"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_the_page_needs_nothing_else_and_shows_the_released_figures(table, tmp_path):
    page = table.to_html(tmp_path / "t.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|<script|@import|url\(|<link|<img", page)
    tree = html.fromstring(page)
    layout = table.layout(released=True)
    assert [one.get("id") for one in tree.xpath("//section")] == [
        b.question for b in layout.blocks
    ]
    for block in layout.blocks:
        for line, row in zip(
            block.lines, tree.xpath(f"//section[@id='{block.question}']//tbody/tr"), strict=True
        ):
            shown = [td.text or "" for td in row.xpath("td")]
            assert shown == [cell.text for cell in line.cells]
    assert len(tree.xpath("//th[@scope='row']")) == sum(len(b.lines) for b in layout.blocks)
    assert "示例数据（模拟）" in page


def test_shares_are_written_as_pages_write_them(table):
    shares = table.released[table.released["estimand"] == "proportion"].set_index(
        ["question", "code", "domain", "domain_value"]
    )["value"]
    block = next(b for b in table.layout(released=True).blocks if b.question == "q1")
    assert block.lines[2].cells[0].text == numbers.percent(shares["q1", "1", "all", "all"])


def test_labels_are_not_needed_and_order_the_columns():
    plain = simple(people({"b": 40, "a": 40})).layout(released=False)
    assert [head.name for head in plain.columns] == ["总体", "a", "b"]
    labels = Labels(codes={"group": {"b": "乙", "a": "甲"}})
    named = simple(people({"b": 40, "a": 40}), labels=labels).layout(released=False)
    assert [head.name for head in named.columns] == ["总体", "乙", "甲"]
    assert [head.letter for head in named.columns] == ["", "A", "B"]


def test_one_call_writes_the_file_its_ending_names(survey, tmp_path):
    survey.banner_table("q1", ["county"], path=tmp_path / "t.html")
    survey.banner_table("q1", ["county"], path=str(tmp_path / "t.xlsx"))
    assert (tmp_path / "t.html").stat().st_size > 1000
    assert load_workbook(tmp_path / "t.xlsx").sheetnames == ["目录", "交叉表", "说明"]
    with pytest.raises(ResponseError, match=r"\.xlsx"):
        survey.banner_table("q1", ["county"], path=tmp_path / "t.pdf")


def test_a_filtered_table_says_who_is_in_it(survey):
    made = survey.banner_table("q1", ["county"], where="q4 >= 2")
    assert "筛选：q4 >= 2" in made.layout(released=True).subtitle
    assert "filter: q4 >= 2" in made.within("en").layout(released=True).subtitle
    assert "同时对外提供" in " ".join(made.layout(released=True).notes)
    everyone = made.frame[made.frame["domain"] == "all"].iloc[0]
    rows = survey.rows[(survey.rows["q4"] >= 2) & survey.rows["q1"].notna()]
    assert everyone["n"] == len(rows)


def crossed_people(sizes: dict[tuple[str, str], int]) -> pd.DataFrame:
    """People by county and setting, each their own PSU; every other one says yes."""
    parts = [
        pd.DataFrame({"county": c, "setting": s, "q": np.arange(n) % 2}, index=range(n))
        for (c, s), n in sizes.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(w=1.0)


CROSS = ("county", "setting")


def crossed_table(rows: pd.DataFrame, banners=("county", "setting", CROSS), **options):
    return banner_table(rows, ["q"], list(banners), design=SurveyDesign(weight="w"), **options)


def solved_for(rows: pd.DataFrame, made, columns: dict[str, str]) -> list[str]:
    """Return what can be computed from the released columns: withheld ones, and small groups.

    `columns` names the column of groups behind each banner. Rank, over kinds of people, of the
    sets that the columns are.
    """
    names = list(dict.fromkeys(columns.values()))
    n = rows.groupby(names).size()
    kinds = n.reset_index()
    columns = {"all": names[0], **columns}

    def members(domain: str, level: str) -> np.ndarray:
        if domain == "all":
            return np.ones(len(kinds))
        return (kinds[columns[domain]] == level).to_numpy(dtype=float)

    def groups(frame: pd.DataFrame) -> set[tuple[str, str]]:
        return set(frame[["domain", "domain_value"]].itertuples(index=False, name=None))

    shown = groups(made.released)
    hidden = groups(made.frame[~made.frame["domain"].isin(made.left_out)]) - shown
    sets = {f"{d}={v}": members(d, v) for d, v in hidden}
    sets |= {str(k): np.eye(len(n))[p] for p, (k, size) in enumerate(n.items()) if size < 10}
    known = np.column_stack([members(*one) for one in shown])
    rank = np.linalg.matrix_rank(known)
    return [
        name
        for name, inside in sets.items()
        if np.linalg.matrix_rank(np.column_stack([known, inside])) == rank
    ]


def test_a_cross_with_a_withheld_column_is_left_out_whole(tmp_path):
    """Withheld cells in the shape of an L are solved for with the margins."""
    sizes = {("x", "a"): 9, ("x", "b"): 40, ("x", "c"): 40, ("y", "a"): 30, ("y", "b"): 45,
             ("y", "c"): 50, ("z", "a"): 33, ("z", "b"): 60, ("z", "c"): 70}  # fmt: skip
    made = crossed_table(crossed_people(sizes))
    assert "county*setting" in set(made.frame["domain"])
    assert set(made.released["domain"]) == {"all", "county", "setting"}
    assert made.left_out == ("county*setting",)
    for language, said in (("zh", "county × setting"), ("en", "Crossed groups left out")):
        layout = made.within(language).layout(released=True)
        assert said in " ".join(layout.notes)
        assert {head.domain for head in layout.columns} == {"all", "county", "setting"}
    made.to_html(tmp_path / "t.html")
    heads = html.parse(str(tmp_path / "t.html")).xpath("//thead//th/text()")
    assert not any("×" in head for head in heads)


def test_a_cross_of_large_groups_is_released():
    sizes = {(c, s): 12 + 3 * k for k, (c, s) in enumerate((c, s) for c in "xyz" for s in "ab")}
    made = crossed_table(crossed_people(sizes))
    assert made.left_out == ()
    assert len(made.released[["domain", "domain_value"]].drop_duplicates()) == 1 + 3 + 2 + 6


@settings(max_examples=20)
@given(
    st.lists(st.integers(0, 30), min_size=6, max_size=6),
    st.lists(st.integers(0, 12), min_size=2, max_size=2),
)
def test_no_withheld_column_is_a_combination_of_released_ones(sizes, unknown):
    """Crossed and single banners, people whose county or setting is unknown among them."""
    cells = [(c, s) for c in "xyz" for s in "ab"]
    rows = crossed_people({**dict(zip(cells, sizes, strict=True)), ("x", ""): unknown[0],
                           ("", "b"): unknown[1], ("y", "a"): sizes[0] + 11})  # fmt: skip
    made = crossed_table(rows)
    both = (rows["county"] != "") & (rows["setting"] != "")
    rows["cross"] = (rows["county"] + "*" + rows["setting"]).where(both, "")
    columns = {"county": "county", "setting": "setting", "county*setting": "cross"}
    assert solved_for(rows, made, columns) == []


def test_overlapping_banners_do_not_give_a_small_group_away():
    """Those in a or b but not both, taken from a and b together, leave twice those in both."""
    rows = crossed_people({("1", "1"): 5, ("1", "0"): 40, ("0", "1"): 50, ("0", "0"): 60})
    rows["either"] = np.where(rows["county"] == rows["setting"], "no", "yes")
    made = crossed_table(rows, ["county", "setting", "either"])
    columns = {name: name for name in ("county", "setting", "either")}
    assert len(made.released["domain"].unique()) >= 3
    assert solved_for(rows, made, columns) == []
    alone = crossed_table(rows, ["county", "setting"]).released
    assert len(alone[["domain", "domain_value"]].drop_duplicates()) == 5


def test_released_figures_have_no_digits_that_are_not_shown(survey, tmp_path):
    made = survey.banner_table(None, ["county", "q1"])
    released = made.released
    assert not {"standard_error", "effective_n", "design_effect"} & set(released.columns)
    whole = released["base_effective_n"].dropna()
    assert (whole == whole.round()).all()
    page = load_workbook(made.to_excel(tmp_path / "t.xlsx"))["交叉表"]
    shown = {"0%": 0, "+0": 0, "0.00": 0, "#,##0": 0}
    for row in page.iter_rows(min_row=HEAD + 1, min_col=2):
        for cell in row:
            if isinstance(cell.value, float | int):
                kind = next(k for k in shown if cell.number_format.startswith(k))
                digits = 2 if kind in ("0%", "0.00") else 0
                assert cell.value == round(cell.value, digits), cell.coordinate
                shown[kind] += 1
    assert all(shown.values())


def test_nearly_nobody_is_told_without_saying_how_many(tmp_path):
    rows = people({"a": 400, "b": 500})
    rows["q"] = (np.arange(900) == 3).astype(int)
    made = simple(rows)
    values = made.released.set_index(["domain_value", "code"])["value"]
    assert values["a", "1"] == values["all", "1"] == 0.0025
    page = load_workbook(made.to_excel(tmp_path / "t.xlsx")).worksheets[1]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value in ("<1%", ">99%")]
    assert {cell.data_type for cell in cells} == {"s"}
    assert len(cells) == 4


def test_the_note_says_that_columns_are_withheld_not_cells():
    made = simple(people({"a": 100, "b": 100}))
    assert "不足 10 人的列（分组）" in " ".join(made.layout(released=True).notes)
    english = " ".join(made.within("en").layout(released=True).notes)
    assert "columns (groups) of fewer than 10" in english


@pytest.mark.parametrize(("weight", "said"), [("w", "加权百分比"), (None, "百分比（未加权）")])
def test_an_open_link_with_weights_is_weighted_without_a_margin(weight, said):
    rows = people({"a": 60, "b": 60})
    rows["w"] = np.where(rows["group"] == "a", 1.0, 3.0)
    design = SurveyDesign(weight=weight, probability_sample=False)
    made = banner_table(rows, ["q"], ["group"], design=design)
    layout = made.layout(released=True)
    notes = " ".join(layout.notes)
    assert said in notes
    assert "不写误差范围" in notes
    assert ("未加权" in layout.subtitle) == (weight is None)


def test_signs_in_values_are_not_taken_apart():
    rows = people({"35+": 60, "a*b": 60})
    rows["q"] = np.where(rows["q"] == 1, "a+b", "net")
    rows["side"] = np.where(np.arange(len(rows)) % 2, "C*D", "E")
    made = simple(rows)
    layout = made.layout(released=False)
    assert [head.name for head in layout.columns] == ["总体", "35+", "a*b"]
    lines = {line.name: line.kind for line in layout.blocks[0].lines[2:]}
    assert lines == {"a+b": "answer", "net": "answer"}
    crossed = banner_table(rows, ["q"], [("side", "group")], design=SurveyDesign(weight="w"))
    names = [head.name for head in crossed.layout(released=False).columns[1:]]
    assert names == ["C*D × 35+", "C*D × a*b", "E × 35+", "E × a*b"]
    both = Item("q", "a+b+net", ("q",), ("a+b", "net"), "proportion")
    (line,) = banner_table(rows, [both], ["group"], design=SurveyDesign(weight="w")).layout(
        released=False
    ).blocks[0].lines[2:]  # fmt: skip
    assert line.kind == "set"


def test_a_question_that_nobody_answered_is_named():
    rows = people({"a": 60, "b": 60}).assign(r=pd.array([pd.NA] * 120, dtype="Int64"))
    items = [Item(name, "1", (name,), (1,), "proportion") for name in ("q", "r")]
    made = banner_table(rows, items, ["group"], design=SurveyDesign(weight="w"))
    assert [block.question for block in made.layout(released=True).blocks] == ["q"]
    assert "未列出（没有人回答）：r。" in made.layout(released=True).notes
    assert "Left out (nobody answered): r." in str(made.within("en"))


def test_columns_are_wide_enough_for_their_names(survey):
    labels = Labels(columns={"group": "G"}, codes={"group": {"a": "New social organisations"}})
    made = simple(people({"a": 60, "b": 60}), labels=labels)
    whole, wide, narrow = widths(made.layout(released=True))
    assert wide > whole == narrow
    assert wide >= 7 * len("organisations")
