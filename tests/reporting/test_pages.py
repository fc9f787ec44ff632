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
    assert page.xpath("//nav//a/@href") == [f"#{one}" for one in page.xpath("//main/section/@id")]


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


def test_unmeasured_areas_are_named_in_words_without_numbers(page):
    said = text(page.get_element_by_id("areas"))
    assert "本轮未测量：面面俱到" in said
    assert "本轮没有测量这一方面的问题。" in said


def test_lamp_and_test_never_share_a_cell(page):
    row = page.get_element_by_id("A1-2026-001")
    (lamp,) = row.xpath(".//*[@class='lamp']/ancestor::td")
    (test,) = row.xpath(".//*[@class='ver']/ancestor::td")
    assert lamp is not test
    assert "未检验" in text(test)
    assert "已解决" not in text(row)


def test_methods_say_what_was_withheld_and_how_many(page):
    said = text(page.get_element_by_id("methods"))
    for part in ("委托：示例州组织部（虚构）", "概率抽样", "2026年3月2日", "14", "95%"):
        assert part in said, part


def test_quality_counts_every_case(page):
    said = text(page.get_element_by_id("quality"))
    for part in ("1,180", "842", "812", "剔除 30", "RR1 71%", "2.11 拒访121", "1.31"):
        assert part in said, part


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
