"""The audit must be able to fail: a true site passes, and each way of tampering is caught."""

import json
import re
import runpy
import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.disclosure.audit import audit_site, has_digit
from pipeline.disclosure.manifest import digest, read_manifest, sealed, write_manifest
from pipeline.disclosure.public import read_public
from pipeline.errors import AuditError
from pipeline.findings.finding import read_findings, write_findings
from pipeline.i18n import Text
from pipeline.problems.claims import claims_of
from pipeline.problems.followup import read_followups, write_followups
from pipeline.problems.problem import read_problems, read_proposals
from pipeline.problems.verdicts import with_verdicts
from pipeline.stages.audit import audit

INPUTS = ("findings", "proposals", "problems", "followup")
LIST, QUALITY = "lists/问题清单、责任清单、督办清单.xlsx", "quality/质量.csv"
FIGURE = '<data data-cell="E-q01all" data-field="value" value="0.3137">31%</data>'
LEAD = Text(zh="有居民认为支部议事做得较差", en="Some residents find meetings poor")


@pytest.fixture(scope="module")
def fictitious():
    path = Path(__file__).parents[1] / "reporting" / "fictitious.py"
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture(scope="module")
def rendered(fictitious, tmp_path_factory):
    return fictitious.render(tmp_path_factory.mktemp("rendered"))


@pytest.fixture
def copied(rendered, tmp_path):
    site, disclosed = rendered
    shutil.copytree(site, tmp_path / "site")
    shutil.copytree(disclosed, tmp_path / "disclosed")
    for name in INPUTS:
        shutil.copy(disclosed.parent / f"{name}.json", tmp_path / f"{name}.json")
    return tmp_path / "site", tmp_path / "disclosed"


def faults(site, disclosed):
    folder = disclosed.parent
    public = with_verdicts(read_public(disclosed), read_followups(folder / "followup.json"))
    claims = claims_of(
        read_findings(folder / "findings.json"), read_proposals(folder / "proposals.json"),
        read_problems(folder / "problems.json"), public,
    )  # fmt: skip
    found = audit_site(site, public, read_manifest(site / "manifest.json"), claims)
    return "\n".join(f"{page} {fault}" for page, listed in found.items() for fault in listed)


def reseal(site):
    """Write the hashes of the files as they are now, as one would who tampers thoroughly."""
    manifest = site / "manifest.json"
    write_manifest(sealed(read_manifest(manifest), site), manifest)


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def change(disclosed, table, cell, **values):
    rows = pd.read_parquet(disclosed / f"{table}.parquet")
    for name, value in values.items():
        rows.loc[rows["id"] == cell, name] = value
    rows.to_parquet(disclosed / f"{table}.parquet", index=False)


def test_a_true_site_passes(rendered):
    assert faults(*rendered) == ""


TAMPERED = [
    (FIGURE, FIGURE.replace("31%", "13%"), "应作“31%”，页面是“13%”"),
    (FIGURE, FIGURE.replace("0.3137", "0.4"), "页面 value 是 0.4"),
    (FIGURE, FIGURE.replace("E-q01all", "E-other"), "公布表中没有 E-other:value"),
    (FIGURE, FIGURE.replace('"value"', '"absent"', 1), "公布表中没有 E-q01all:absent"),
    (FIGURE, "31%", "数字没有来源：“31%”"),
    (FIGURE, "三成" + FIGURE + "（58%）", "数字没有来源：“（58%）"),
    (FIGURE, "百分之三十一" + FIGURE, "数字没有来源"),
    (FIGURE, "３１％" + FIGURE, "数字没有来源"),
    (FIGURE, '<span data-fixed="locale">58%</span>' + FIGURE, "固定文字不在清单中：“58%”"),
    (FIGURE, '<span aria-label="58%"></span>' + FIGURE, "aria-label 里的数字没有来源"),
    ("</body>", '<script>document.title="1"</script></body>', "不许有 <script>"),
    ("</body>", '<img src="data:,"></body>', "不许有 <img>"),
    ("</body>", '<a href="https://example.org">x</a></body>', "有网址"),
    ("</body>", '<a href="//example.org">x</a></body>', "指向站外或不存在"),
    ("</body>", '<a href="../../secret.html">x</a></body>', "指向站外或不存在"),
    ("</body>", '<a href="#nowhere">x</a></body>', "指向站外或不存在：#nowhere"),
    ("</body>", '<p onclick="x()">x</p></body>', "不许有脚本 onclick"),
    ("</body>", "<!-- 58 --></body>", "页面里有注释"),
    ("</body>", "<p data-statement>填表导致不满</p></body>", "用了因果词"),
    ("default-src 'none'", "default-src *", "缺少内容安全策略"),
    ("*{box-sizing", '@import "x.css";*{box-sizing', "样式引用了外部文件"),
    ("*{box-sizing", "body{background:url(x.png)}*{box-sizing", "样式引用了外部文件"),
    ("*{box-sizing", 'h1::after{content:"58%"}*{box-sizing', "样式里的数字没有来源"),
]  # fmt: skip


def test_each_tampering_with_a_page_is_caught_and_told_apart(copied):
    """All at once, for speed: the true page has no fault, so each message has its own cause."""
    site, disclosed = copied
    for old, new, _ in TAMPERED:
        edit(site / "index.html", old, new)
    found = faults(site, disclosed)
    assert [told for _, _, told in TAMPERED if told not in found] == []
    assert "en.html" not in found.replace("：en.html", "")


SAY = '<p class="say" data-statement><a href="#F-A1.1-01">'
BADGE = '<span class="g gB">B 较可靠</span>'
HEADLINE = '<div class="big">'
INTERVAL = r'<span class="nn">区间 .*?　'
REWRITTEN = {
    "meaning turned round": ("，高于标准", "，低于标准", "F-A1.1-01 应作"),
    "grade raised": (BADGE, '<span class="g gA">A 证实</span>', "F-A1.4-01 的等级应为“B 较可靠”"),
    "grade raised in colour alone": (BADGE, BADGE.replace("gB", "gA"), "的等级应为"),
    "no difference turned into one": ("高于其余 ", "与其余无明显差异 ", "F-A1.1-01 没有分组说明"),
    "another claim": ("重复填过表；", "收过礼；", "F-A1.4-01 应作"),
    "a figure of another finding": (
        re.escape(SAY) + "居民中，<data .*?</data>",
        SAY + '居民中，<data data-cell="E-q03all" data-field="value" value="0.4412">44%</data>',
        "F-A1.1-01 应作",
    ),
    "a share in words": ("的人重复填过表|的人过去一个月", "的人（七成三）过去一个月", "F-A1.4-01 应作"),
    "a third in words": ("的人认为支部", "的人（三分之二）认为支部", "F-A1.1-01 应作"),
    "because": ("议事做得较差，", "议事做得较差，因为填表使得不满，", "用了因果词"),
    "a statement unmarked and rewritten": (
        r'(<h4 id="h-F-A1.1-01") data-statement>居民中', r"\g<1>>党员中", "F-A1.1-01 没有原句",
    ),
    "a finding struck from the first screen": (
        r'<li>\s*<div class="fig">.*?</li>', "", "首屏缺少 F-A1.1-01",
    ),
    "the problem's sentence": (r"(<th [^>]*><b>居民中，.*?)较差", r"\g<1>较好", "A1-2026-002 应作"),
    "a fall called a rise": ('data-test="C-q01was">下降', 'data-test="C-q01was">上升', "应作“下降”"),
    "a change without its test": (' data-test="C-q01was">下降', ">下降", "“下降”没有注明检验"),
    "a better verdict": ('data-test="V-A1-2026-003">未见改善', 'data-test="V-A1-2026-003">已改善',
                         "V-A1-2026-003 应作“未见改善”"),
    "no banner": ('<div class="sim">.*?</div></div>', "", "header: 缺少“示例数据（模拟）"),
    "no banner in print": ('content:"示例数据（模拟）"', 'content:""', "style: 缺少"),
    "no interval": (INTERVAL, '<span class="nn">', None),
    "no margin and no interval": (
        HEADLINE + "(<data.*?</data>)<small>.*?</small></div>\\s*" + INTERVAL,
        HEADLINE + r'\g<1></div><span class="nn">', "F-A1.1-01 有比例而没有区间",
    ),
    "no n": (r"　<span class=\"num\">n = <data .*?</data></span></span>", "</span>",
             "F-A1.1-01 有比例而没有 n"),
    "no limitation": ("<dt>局限</dt><dd>.*?</dd>", "", "main: 缺少“局限"),
    "no label of the limitation": ("<dt>局限</dt>", "<dt></dt>", "main: 缺少“局限"),
    "no null results": ("<dt>没有差异的结果</dt>(.*)<dt>没有差异的结果</dt>", r"<dt></dt>\g<1><dt></dt>",
                        "main: 缺少“没有差异的结果”"),
    "a standard moved": (r'<line x1="20.00%" x2="20.00%"', '<line x1="80.00%" x2="80.00%"', None),
    "an interval moved": (
        '<rect data-span="E-q01all:low E-q01all:high" x="27.37%"', '<rect x="10.00%"', None,
    ),
    "numbers hidden": ("</style>", ".num{display:none}</style>", "样式藏起了“.num”"),
    "banner hidden": ("</style>", ".a,.sim{visibility:hidden}</style>", "样式藏起了“.sim”"),
    "digits in single quotes": ("</style>", ".big::after{content:' 73%'}</style>",
                                "样式里的数字没有来源：“ 73%”"),
    "digits as escapes": ("</style>", ".big::after{content:'\\\\37 3'}</style>", "样式里的数字"),
    "a counter": ("</style>", "p{counter-increment:a 73}p::after{content:counter(a)}</style>",
                  "样式里有计数器"),
    "a style": ("<main ", '<main style="display:none" ', "不许有属性 style"),
    "a refresh": ("<style>", '<meta http-equiv="refresh" content="x"><style>', "属性 http-equiv"),
    "rows as data": ("<main ", '<main data-row="17,jia,male" ', "不许有属性 data-row"),
    "rows in a known attribute": ("</main>", '<p data-axis="17 jia 34 1">x</p></main>',
                                  "属性 data-axis 的值不合规"),
    "rows as ids": ("</main>", '<p id="row17-jia-male">x</p></main>', "没有处可用"),
    "rows as classes": ("</main>", '<p class="r2031345 jia">x</p></main>', "属性 class 的值不合规"),
}  # fmt: skip
"""What was done -> (pattern, replacement, the rule that says so; None: the file's hash alone)."""


@pytest.mark.parametrize("done", REWRITTEN)
def test_no_rewritten_page_passes(copied, done):
    """The hash of the file tells every change; where it is renewed too, the rule itself does."""
    site, disclosed = copied
    pattern, new, told = REWRITTEN[done]
    page = site / "index.html"
    before = page.read_text(encoding="utf-8")
    after = re.sub(pattern, new, before, count=1, flags=re.DOTALL)
    assert after != before
    page.write_text(after, encoding="utf-8")
    assert digest(page) not in {one.sha256 for one in read_manifest(site / "manifest.json").files}
    if told is None:
        assert "index.html index.html: 文件在生成后被改动" in faults(site, disclosed)
    else:
        reseal(site)
        found = faults(site, disclosed)
        assert "被改动" not in found
        assert told in found


@pytest.mark.parametrize("page", [LIST, QUALITY, "en.html"])
def test_one_byte_more_in_any_file_is_caught(copied, page):
    site, disclosed = copied
    with (site / page).open("ab") as file:
        file.write(b"\n" if page != QUALITY else b"")
    if page == QUALITY:
        edit(site / page, "rate", "Rate")
    assert f"{page} {page}: 文件在生成后被改动" in faults(site, disclosed)


def test_a_manifest_without_hashes_is_refused(copied):
    site, disclosed = copied
    manifest = read_manifest(site / "manifest.json").model_copy(update={"files": ()})
    write_manifest(manifest, site / "manifest.json")
    assert faults(site, disclosed).count("文件在生成后被改动") == len(manifest.pages)


def test_a_lead_that_states_a_share_is_refused_though_findings_say_so(fictitious, tmp_path):
    """The rule holds against a fault of the wording itself, with page and findings agreeing."""
    stating = fictitious.finding(1, grade="C")
    told = faults(*fictitious.render(tmp_path, findings=(stating,)))
    assert "F-A1.1-01 是 C 级，不得写出 E-q01all:value" in told


RAISED = [
    ("有居民认为", f"有{FIGURE}居民认为", "F-A1.1-01 是 C 级，不得写出 E-q01all:value"),
    ("有居民认为", "七成三的居民认为", "F-A1.1-01 应作"),
    ('<div class="big q">', f'<div class="big q">{FIGURE}', "不得写出 E-q01all:value"),
    ('<span class="g gC">C 线索</span>', '<span class="g gA">A 证实</span>', "的等级应为“C"),
]


def test_a_lead_can_not_be_made_a_result(fictitious, tmp_path):
    lead = fictitious.finding(1, grade="C", statement=LEAD)
    site, disclosed = fictitious.render(tmp_path, findings=(lead,), problems=())
    page = site / "index.html"
    before = page.read_text(encoding="utf-8")
    assert "F-A1.1-01" not in faults(site, disclosed)
    for old, new, told in RAISED:
        page.write_text(before, encoding="utf-8")
        edit(page, old, new)
        reseal(site)
        assert told in faults(site, disclosed)


def test_findings_that_changed_after_rendering_are_caught(copied):
    site, disclosed = copied
    path = disclosed.parent / "findings.json"
    first, *others = read_findings(path)
    write_findings([first.model_copy(update={"grade": "B"}), *others], path)
    told = faults(site, disclosed)
    assert "F-A1.1-01 的等级应为“B 较可靠”，页面是“A 证实”" in told


def test_a_follow_up_that_says_otherwise_is_caught(copied):
    """The verdict, its change, and a claim that its own figures do not bear."""
    site, disclosed = copied
    path = disclosed.parent / "followup.json"
    first, second, *others = read_followups(path)
    fell = first.model_copy(update={"verdict": "improved_small", "difference": -0.0312})
    unsure = second.model_copy(update={"verdict": "improved"})
    write_followups([fell, unsure, *others], path)
    told = faults(site, disclosed)
    assert "V-A1-2026-001 应作“已改善（不足5个百分点）”，页面是“已改善”" in told
    assert "V-A1-2026-001:difference 应作“−3”，页面是“−8”" in told
    assert "V-A1-2026-002 的数字不支持“improved”" in told
    assert "lists/问题清单、责任清单、督办清单.xlsx 督办清单!K5" in told


def test_a_moved_mark_of_a_chart_is_caught(copied):
    site, disclosed = copied
    page = site / "index.html"
    moved = re.sub(r'(<circle data-at="E-q01all:value" cx=")[\d.]+', r"\g<1>80.00",
                   page.read_text(encoding="utf-8"), count=1)  # fmt: skip
    page.write_text(moved, encoding="utf-8")
    assert "图形位置与数不符：E-q01all:value" in faults(site, disclosed)


def test_a_truncated_bar_is_caught(copied):
    site, disclosed = copied
    page = site / "index.html"
    cut = re.sub(r'(<rect data-width="T-roads:share" x="0" width=")[\d.]+', r"\g<1>90.00",
                 page.read_text(encoding="utf-8"), count=1)  # fmt: skip
    page.write_text(cut, encoding="utf-8")
    assert "图形位置与数不符：T-roads:share" in faults(site, disclosed)


def test_a_number_dropped_from_the_manifest_is_caught(copied):
    site, disclosed = copied
    content = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    content["numbers"] = [n for n in content["numbers"] if n["cell"] != "E-q01all"]
    (site / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    assert "E-q01all:value “31%” 不在清单中" in faults(site, disclosed)


def test_a_number_that_the_page_lost_is_caught(copied):
    site, disclosed = copied
    page = site / "en.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"<data [^>]*E-q04[^>]*>[^<]*</data>", "—", text), encoding="utf-8")
    assert "清单有 3.5，页面没有" in faults(site, disclosed)


def test_a_file_beside_the_site_is_caught(copied):
    site, disclosed = copied
    (site / "rows.parquet").write_bytes(b"PAR1")
    (site / "more.html").write_text("<p>x</p>", encoding="utf-8")
    assert "rows.parquet: 不在清单中的文件" in faults(site, disclosed)
    assert "more.html: 不在清单中的文件" in faults(site, disclosed)


def test_a_missing_page_is_caught(copied):
    site, disclosed = copied
    (site / "en.html").unlink()
    told = faults(site, disclosed)
    assert "清单所列页面不存在" in told
    assert "href 指向站外或不存在：en.html" in told


def test_disclosed_tables_that_say_otherwise_are_caught(copied):
    site, disclosed = copied
    said = [
        ("estimates", "E-q01all", {"value": 0.32}, "E-q01all:value 应作“32%”，页面是“31%”"),
        ("estimates", "E-q04", {"value": 3.4568}, "E-q04:value 公布值 3.4568"),
        ("estimates", "E-q03all", {"presentable": False, "why_not": "wide"},
         "E-q03all:value: 不够格作百分比：wide"),
        ("estimates", "E-q01_county_jia", {"n": 25}, "E-q01_county_jia:value: n = 25，不足 30"),
        ("estimates", "E-q01_county_yi", {"n": 5}, "E-q01_county_yi:value: n = 5，不足 10"),
        ("estimates", "E-q01_sex_1", {"n": 253}, "分组 n = 253 未取整到 5"),
        ("comparisons", "C-q01yi", {"n_a": 25}, "C-q01yi:value_a: n = 25，不足 30"),
        ("comparisons", "C-q01jia", {"n_a": 9}, "C-q01jia:difference: n_a = 9，不足 10"),
        ("themes", "T-roads", {"share": 0.5}, "应作“50%”，页面是“36%”"),
        ("quality", "Q-response-RR1", {"value": 0.9}, "应作“90%”，页面是“71%”"),
        ("interviews", "I-con", {"interviews": 4}, "应作“4”，页面是“2”"),
    ]  # fmt: skip
    for table, cell, values, _ in said:
        change(disclosed, table, cell, **values)
    found = faults(site, disclosed)
    assert [told for *_, told in said if told not in found] == []


def test_a_margin_of_a_non_probability_sample_is_caught(copied, fictitious):
    site, disclosed = copied
    designs = json.dumps(fictitious.designs(probability=False))
    (disclosed / "designs.json").write_text(designs, encoding="utf-8")
    told = faults(site, disclosed)
    assert "E-q01all:low: 非概率样本不得标误差范围" in told
    assert "E-q01all:margin: 非概率样本不得标误差范围" in told


def test_a_non_probability_site_passes_when_it_says_so(fictitious, tmp_path):
    figure = {"value": 0.3137, "low": None, "high": None, "n": 812}
    leads = (fictitious.finding(1, grade="C", figure=figure, statement=LEAD),)
    assert faults(*fictitious.render(tmp_path, probability=False, findings=leads)) == ""


def test_a_survey_without_findings_or_problems_passes(fictitious, tmp_path):
    assert faults(*fictitious.render(tmp_path, findings=(), problems=())) == ""


def test_a_tampered_workbook_is_caught(copied):
    site, disclosed = copied
    book = load_workbook(site / LIST)
    page = book["问题清单"]
    page["C4"], page["C9"], page["D9"], page["D10"] = "居民中，58%的人", "n = 3", 0.58, "=1+1"
    page["I4"] = None
    book["说明"].sheet_state = "hidden"
    book.save(site / LIST)
    found = faults(site, disclosed)
    for told in (
        "问题清单!C4: 与清单不符", "问题清单!C9: 数字没有来源：“n = 3”", "问题清单!D9: 只许有文字：0.58",
        "问题清单!D10: 只许有文字", "问题清单!I4: 清单有此格，表中没有", "说明: 有隐藏的工作表",
    ):  # fmt: skip
        assert told in found, told


def test_a_tampered_table_of_quality_is_caught(copied):
    site, disclosed = copied
    edit(site / QUALITY, "0.7136", "0.9136")
    assert "Q-response-RR1 与公布表不符" in faults(site, disclosed)


def test_no_fixed_text_can_hide_a_figure(copied):
    site, disclosed = copied
    content = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    for origin, text in (("axis", "n = 58"), ("statement", "58% 的人"), ("date", "58%")):
        content["fixed"].append({"page": "index.html", "origin": origin, "text": text})
        edit(site / "index.html", "</main>", f'<p data-fixed="{origin}">{text}</p></main>')
    (site / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    told = faults(site, disclosed)
    assert "“n = 58”不像 axis" in told
    assert "statement 里写了比例：“58% 的人”" in told
    assert "“58%”不像 date" in told


def test_an_extreme_share_of_a_sensitive_question_is_a_bound(copied):
    _, disclosed = copied
    change(disclosed, "estimates", "E-q01_county_jia", value=float("nan"), low=0.0, high=0.05,
           interval_method="bounds", presentable=False, n=40)  # fmt: skip
    public = read_public(disclosed)
    assert public.text("E-q01_county_jia", "bound") == "≤5%"
    with pytest.raises(KeyError):
        public.value("E-q01_county_jia", "value")


def test_only_a_site_that_passes_is_published(copied, tmp_path):
    site, disclosed = copied
    published = tmp_path / "reports"
    (published / "forms").mkdir(parents=True)
    (published / "forms" / "form.html").write_text("form", encoding="utf-8")
    (published / "lists").mkdir()
    (published / "lists" / "old.xlsx").write_bytes(b"old")
    inputs = [tmp_path / f"{name}.json" for name in INPUTS]
    audit(site, disclosed, *inputs, tmp_path / "audit.json", published)
    assert sorted(p.relative_to(published).as_posix() for p in published.rglob("*.*")) == sorted(
        ["forms/form.html", "index.html", "en.html", LIST, QUALITY]
    )
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["passed"] is True


def test_a_site_that_fails_publishes_nothing_and_says_where(copied, tmp_path):
    site, disclosed = copied
    edit(site / "en.html", FIGURE, FIGURE.replace("31%", "13%"))
    inputs = [tmp_path / f"{name}.json" for name in INPUTS]
    with pytest.raises(AuditError) as refused:
        audit(site, disclosed, *inputs, tmp_path / "audit.json", tmp_path / "reports")
    told = str(refused.value)
    assert told.startswith("en.html: ")
    assert "行 (line" in told
    assert "请重跑 report" in told
    assert not (tmp_path / "reports").exists()
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["passed"] is False


def test_digits_of_all_scripts_count_and_chinese_numerals_are_words():
    assert has_digit("３")
    assert has_digit("②")
    assert has_digit("٣")
    assert not has_digit("第三轮、二〇二六")


def test_a_survey_that_measures_no_problem_still_says_what_was_answered(fictitious, tmp_path):
    """Open link, no draw, no themes, no interviews, no comparisons: as real surveys come in."""
    at = fictitious.write_inputs(tmp_path, probability=False, findings=(), problems=())
    at["proposals"].write_text("[]", encoding="utf-8")
    for other in set(at["codebooks"].glob("*/*.json")) - {
        at["codebooks"] / "branches" / "2026-first.json"
    }:
        other.unlink()
    book = json.loads((at["codebooks"] / "branches" / "2026-first.json").read_text("utf-8"))
    for version in book["versions"].values():
        for section in version["sections"]:
            for question in section["questions"]:
                question["measure"] = None
    path = at["codebooks"] / "branches" / "2026-first.json"
    path.write_text(json.dumps(book), encoding="utf-8")
    for name in ("comparisons", "themes", "interviews"):
        rows = pd.read_parquet(at["disclosed"] / f"{name}.parquet")
        rows.iloc[:0].to_parquet(at["disclosed"] / f"{name}.parquet", index=False)
    quality = pd.read_parquet(at["disclosed"] / "quality.parquet")
    kept = quality[~quality["group"].isin(["response", "dispositions"])]
    kept.to_parquet(at["disclosed"] / "quality.parquet", index=False)
    fictitious.report(**at, site=tmp_path / "site", as_of=fictitious.AS_OF)
    assert faults(tmp_path / "site", at["disclosed"]) == ""
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="(\w+)"', page) == [
        "headlines", "answers", "quality", "methods",
    ]  # fmt: skip
    assert "没有抽样记录，应答率无法计算" in page
    assert "非概率样本" in page
    assert 'data-cell="E-q03no"' in page
    assert "±" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
