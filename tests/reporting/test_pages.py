from dataclasses import replace

import lxml.html
import pytest

from pipeline.disclosure.manifest import Recorder
from pipeline.reporting.pages import render_page


@pytest.fixture(scope="module")
def page(site):
    return lxml.html.document_fromstring(render_page(site, Recorder(), "zh"))


def text(element):
    return " ".join(element.text_content().split())


def test_the_first_screen_says_who_how_much_and_how_sure(page):
    first, second = page.xpath("//ol[@class='top']/li")
    assert "31%" in text(first)
    assert "± 4" in text(first)
    assert "27%—35%" in text(first)
    assert "n = 812" in text(first)
    assert "A 证实" in text(first)
    assert "责任层级：县（市）" in text(first)
    assert "B 较可靠" in text(second)
    assert len(first.xpath(".//svg")) == 1


def test_the_page_has_its_sections_in_order_and_one_h1(page):
    assert page.xpath("//main/section/@id") == [
        "headlines", "areas", "findings", "words", "problems", "followup", "quality", "methods", "answers",
    ]  # fmt: skip
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//nav/ol/li/a/@href") == [
        f"#{one}" for one in page.xpath("//main/section/@id")
    ]


def test_simulated_data_say_so(page):
    assert "示例数据（模拟）" in text(page.xpath("//div[@class='sim']")[0])


def test_a_finding_gives_wording_base_null_results_and_computation(page):
    finding = page.get_element_by_id("F-A1.1-01")
    said = text(finding)
    for part in (
        "“过去6个月，支部议事做得怎么样？”", "很差、较差、一般、较好、很好。不计入百分比：说不清。",
        "样本不足 30，不显示", "无明显差异", "q", "diaoyan trace E-q01all", "9 层、50 个初级单元",
        "道路和用水", "一个表要填三遍。", "2 场访谈有不同说法",
    ):  # fmt: skip
        assert part in said, part
    assert "不是因果结论" in text(page.get_element_by_id("findings"))


def test_the_agreement_of_coders_stands_beside_the_interviews_it_vouches_for(page):
    finding = text(page.get_element_by_id("F-A1.1-01"))
    assert "7 场访谈、3 类单位提到；编码一致性 α = 0.81（42 段）" in finding
    assert "编码一致性" not in text(page.get_element_by_id("F-A1.4-01"))
    quality = text(page.get_element_by_id("quality"))
    for part in ("访谈共 96 段，其中 42 段由两人独立编码；有 5 段意见不一", "0.77210", "86%55"):
        assert part in quality, part


def test_themes_that_hardly_anybody_named_have_no_bar(page):
    words = page.get_element_by_id("words")
    assert "几乎没有人提到的主题：放电影。" in text(words)
    assert len(words.xpath(".//tbody/tr")) == 3


def test_unmeasured_areas_are_named_in_words_without_numbers(page):
    said = text(page.get_element_by_id("areas"))
    assert "本轮未测量：面面俱到" in said
    assert "本轮未测量：结构不优" in said


def test_lamp_and_test_never_share_a_cell(page):
    for row in (page.get_element_by_id(one) for one in ("A1-2026-001", "t-A1-2026-001")):
        (lamp,) = row.xpath(".//*[@class='lamp']/ancestor::td")
        (test,) = row.xpath(".//*[@class='ver']/ancestor::td")
        assert lamp is not test
        assert "已改善" in text(test)
        assert "已解决" not in text(row)


def test_the_areas_show_now_and_before_and_name_who_was_asked(page):
    rows = {
        text(row.xpath("./th")[0]): row for row in page.xpath("//section[@id='areas']//tr[td]")
    }
    assert list(rows) == [
        "功能不够强居民 认为支部议事做得较差或很差", "功能不够强单位经办人 单位的事半年没有议过",
        "形式主义居民 过去一个月重复填过表", "人难找单位经办人 有岗位空缺半年以上",
    ]  # fmt: skip
    first, reworded, same, new = rows.values()
    assert len(first.xpath(".//circle")) == 2
    for part in ("31%上轮 39%", "35%—43%", "790", "超过上限上限 20%", "下降−8 （−12 至 −4）"):
        assert part in text(first), part
    assert len(reworded.xpath(".//circle")) == 1
    assert "不可比题目表述改了" in text(reworded)
    assert "34%" not in text(reworded)  # the earlier share would invite the comparison
    assert "无明显变化+1 （−3 至 +6）" in text(same)
    assert "不可比上轮未问" in text(new)


def test_a_word_of_change_names_its_test(page):
    for word in ("上升", "下降", "已恶化", "已改善", "未见改善", "证据不足", "超过上限", "高于"):
        for said in page.xpath("//main//*[normalize-space(text())=$word]", word=word):
            assert said.xpath("ancestor-or-self::*[@data-test] | ancestor::*[@class='dl means']")


def test_the_followup_says_what_was_tested_and_what_words_mean(page):
    section = page.get_element_by_id("followup")
    said = text(section)
    assert "共同检验 4 个问题" in said
    assert "目前不给出“已解决”" in said
    fallen = text(page.get_element_by_id("t-A1-2026-001"))
    for part in (
        "A1-2026-001",
        "目标不高于 20%",
        "31% n = 812",
        "基线 39% n = 790",
        "−8 （−12 至 −4）",
    ):
        assert part in fallen, part
    shrunk = text(page.get_element_by_id("t-A1-2026-002"))
    for part in (
        "居民（甲县）",
        "收缩后 35%",
        "证据不足",
        "n = 1,520",
        "登记的结论是“已解决（待巩固）”",
    ):
        assert part in shrunk, part
    assert "题目表述改了" in text(page.get_element_by_id("t-A1-2026-005"))
    assert not page.get_element_by_id("t-A1-2026-005").xpath(".//circle[@data-at]")
    assert "收缩后再比较" in said


def test_the_first_screen_leads_to_problems_and_their_tests(page):
    screen = page.get_element_by_id("headlines")
    assert "与上轮 −8 个百分点，下降" in text(screen)
    links = screen.xpath(".//a/@href")
    for target in ("#A1-2026-001", "#t-A1-2026-004", "#followup", "#problems"):
        assert target in links


def test_quality_stands_side_by_side_for_both_waves(page):
    section = page.get_element_by_id("quality")
    (row,) = section.xpath(".//tr[th='同一人交了两份']")
    assert [text(cell) for cell in row.xpath("./td")] == ["12", "18"]
    (row,) = section.xpath(".//tr[th='数字超出范围']")
    assert [text(cell) for cell in row.xpath("./td")] == ["4", "—"]
    (row,) = section.xpath(".//tr[th='议事情况']")
    assert [text(cell) for cell in row.xpath("./td")] == ["—", "0.81"]
    assert "份数不相加" in text(section)


def test_methods_say_which_questions_do_not_compare(page):
    said = text(page.get_element_by_id("methods"))
    assert "过去6个月，支部没有议过单位的事吗？ s01（题目表述改了）" in said
    assert "2025年第二轮 1a1b2c3d4e5f".replace(" ", "") in said.replace(" ", "")


def test_methods_say_what_was_withheld_and_how_many(page):
    said = text(page.get_element_by_id("methods"))
    for part in ("委托：示例州组织部（虚构）", "概率抽样", "2026年3月2日", "14", "95%"):
        assert part in said, part


def test_quality_counts_every_case(page):
    said = text(page.get_element_by_id("quality"))
    for part in ("1,180", "842", "812", "剔除 30", "RR1 71%", "2.11 拒访—121", "1.31"):
        assert part in said, part


def test_with_one_wave_nothing_is_said_of_change(site):
    one = replace(site, codebooks=tuple(b for b in site.codebooks if b.wave == "2026-first"),
                  followups=(), problems=())  # fmt: skip
    page = lxml.html.document_fromstring(render_page(one, Recorder(), "zh"))
    said = text(page.xpath("//main")[0])
    assert "目前只有一轮调查" in said
    assert not page.xpath("//section[@id='quality']//*[@class='waves side']")


def test_every_question_has_its_results(page):
    said = text(page.get_element_by_id("answers"))
    assert "过去一个月去过几次？" in said
    assert "均值（次） 3.5" in said.replace("均值 （", "均值（")


def test_english_stands_alongside_with_the_same_figures(site):
    chinese, english = (
        lxml.html.document_fromstring(render_page(site, Recorder(), language))
        for language in ("zh", "en")
    )
    assert english.get("lang") == "en"
    assert "points above the standard" in text(english)
    figures = [
        sorted((one.get("data-cell"), one.get("data-field"), one.get("value"))
               for one in page.xpath("//*[@data-cell]"))
        for page in (chinese, english)
    ]  # fmt: skip
    assert set(figures[0]) == set(figures[1])


def test_a_non_probability_sample_bears_no_margin_anywhere(fictitious, tmp_path):
    site = fictitious.site_of(tmp_path, probability=False,
                              findings=(fictitious.finding(1, grade="C"),))  # fmt: skip
    page = lxml.html.document_fromstring(render_page(site, Recorder(), "zh"))
    assert "非概率样本" in text(page)
    assert "±" not in text(page.get_element_by_id("findings"))
    assert not page.xpath("//*[@data-field='low' or @data-field='high' or @data-field='margin']")
    assert not page.xpath("//ol[@class='top']//div[@class='big']")


def test_a_problem_whose_finding_changed_quotes_what_was_accepted(fictitious, tmp_path):
    changed = fictitious.problem(finding_link="changed")
    site = fictitious.site_of(tmp_path, problems=(changed,))
    page = lxml.html.document_fromstring(render_page(site, Recorder(), "zh"))
    assert "居民中31%的人认为支部议事较差" in text(page.get_element_by_id("A1-2026-001"))


def test_rendering_twice_gives_the_same_bytes(site):
    first, second = (render_page(site, Recorder(), "zh") for _ in range(2))
    assert first == second


def test_the_grade_now_stands_with_the_figure_and_the_recorded_one_says_when(fictitious, tmp_path):
    findings = (fictitious.finding(1, grade="B"), fictitious.finding(2, grade="C"))
    problems = (fictitious.problem(progress=40),)
    made = fictitious.site_of(tmp_path, findings=findings, problems=problems)
    site = replace(made, proposals=(fictitious.proposal(2),))
    page = lxml.html.document_fromstring(render_page(site, Recorder(), "zh"))
    row = page.get_element_by_id("A1-2026-001")
    assert "B 较可靠" in text(row.xpath("./td[@class='ev']")[0])
    assert text(row.xpath("./td[@class='gr']")[0]) == "立项时 A 证实"
    followed = text(page.get_element_by_id("t-A1-2026-001"))
    assert "措施尚未完成，变化不能归于整改" in followed
    assert "待受理的建议" in text(page.xpath("//ol[@class='top']/li[2]")[0])
    (target,) = page.xpath("//ol[@class='top']/li[2]//a[starts-with(@href, '#P-')]/@href")
    assert page.get_element_by_id(target[1:]) is not None
    assert "问卷 1 项" in text(page.get_element_by_id("areas"))
    assert page.xpath("//section[@id='answers']//h4/span[@class='g gC']")


def test_a_theme_that_nobody_named_is_no_answer_to_the_question(site):
    (run,) = (one for one in site.results if one.open_questions)
    assert all(row["share"] > 0 for row in run.hardly_named(run.open_questions[0].name))
