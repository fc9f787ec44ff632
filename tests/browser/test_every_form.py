"""Every type of question in the web form: filled in, changed, reloaded, handed back, read again."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from pipeline.forms.response_file import header
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.responses.layouts import odk_csv
from pipeline.responses.read import read_table
from pipeline.responses.versions import decode_versions
from tests.browser.form_visits import CHECK, TOO_SMALL, WIDER, Visit, visiting

pytestmark = pytest.mark.browser

DRAFT = "JSON.parse(localStorage[Object.keys(localStorage).find(k => k.includes('/every_type/'))]).answers"
DEFINITION = Path(__file__).parents[1] / "forms" / "every_type.yaml"


def agree(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.answer("consent", 1)
    visit.next()


def tell_of_oneself(visit: Visit) -> None:
    visit.write("age", "34")
    visit.answer("sex", 2)
    visit.answer("job", 97)
    visit.write("job_97_text", "修车, 补胎")
    visit.write("income", "10.3")
    visit.write("spending", "4.2")
    visit.next()


def tell_views(visit: Visit) -> None:
    visit.answer("satisfied", 10)
    visit.answer("mood", 9)
    for row, point in (("v1", 5), ("v2", 1), ("v3", 9)):
        visit.answer(row, point)
    visit.answer("s1", 2)
    visit.answer("s2", 1)
    visit.answer("c1", 1)
    visit.answer("c1", 3)
    visit.answer("c2", 4)
    visit.next()


def tell_difficulties(visit: Visit) -> None:
    for choice in (96, 2):
        visit.answer("problems", choice)
    visit.write("problems_96_text", "路灯")
    for choice in (5, 2, 1):
        visit.answer("priorities", choice)
    visit.write("priorities_5_text", "装灯")
    for choice in (3, 1, 2):
        visit.answer("grades", choice)
    visit.write("wish", "平安")
    visit.next()


def tell_days(visit: Visit) -> None:
    visit.pick("moved", "2012-05-06")
    visit.pick("bus", "20:30")
    visit.pick("meeting", "2026-03-02T08:30")
    visit.next()


def tell_of_household(visit: Visit) -> None:
    visit.answer("member_1_relation", 1)
    visit.write("member_1_years", "45")
    visit.answer("member_1_helps", 1)
    visit.page.get_by_role("button", name="增加家庭成员").click()
    visit.answer("member_2_relation", 7)
    visit.write("member_2_relation_7_text", "侄子")
    visit.write("member_2_years", "12")
    visit.answer("member_2_pupil", 1)
    visit.pick("member_2_home", "2026-02-01")
    visit.write("last_words", "谢谢")


def shown_order(visit: Visit, question: str) -> list[str]:
    inputs = visit.page.locator(f"[data-name={question}] input[type=radio], "
                                f"[data-name={question}] input[type=checkbox]")  # fmt: skip
    return [str(one.get_attribute("value")) for one in inputs.all()]


def test_every_answer_is_handed_back_and_read_by_ingest(every: Visit, tmp_path: Path) -> None:
    agree(every)
    job = shown_order(every, "job")
    tell_of_oneself(every)
    views = every.page.locator(".kind-row[data-name^=v]").all()
    rows = [str(one.get_attribute("data-name")) for one in views]
    tell_views(every)
    every.page.reload()
    assert every.title() == "困难"
    tell_difficulties(every)
    tell_days(every)
    tell_of_household(every)
    every.next()
    name, row, content = every.export()
    questionnaire = read_questionnaire(DEFINITION)
    assert tuple(row) == header(questionnaire)
    words = {"1": "farm", "2": "factory", "3": "trade", "4": "school", "97": "other", "98": "dk"}
    assert row["work_kind_order"].split() == [words[code] for code in job]
    assert row["views_order"].split() == rows
    assert sorted(rows) == ["v1", "v2", "v3"]
    assert row["s1_order"] == row["s2_order"]
    assert sorted(row["problems_order"].split()[-3:]) == ["none", "other", "ref"]
    wanted = {
        "consent": "1", "age": "34", "sex": "female", "work_kind": "other",
        "work_kind_97_text": "修车, 补胎", "income": "10.3", "spending": "4.2", "balance": "6.1",
        "satisfied": "10", "mood": "ref", "v1": "5", "v_two": "1", "v3": "ref",
        "s1": "no", "s2": "yes", "c1": "tv folk", "c1/tv": "1", "c1/net": "0", "c1/folk": "1",
        "c1/none": "0", "c2": "none", "c2/none": "1", "problems": "water other",
        "problems_96_text": "路灯", "priorities": "other water road", "priorities_5_text": "装灯",
        "grades": "3 1 2", "wish": "平安", "moved": "2012-05-06", "bus": "20:30",
        "meeting": "2026-03-02T08:30", "member_count": "2", "member_1_relation": "spouse",
        "member_1_relation_7_text": "", "member_1_years": "45", "member_1_pupil": "",
        "member_1_helps": "cook", "member_1_older": "11", "member_1_home": "",
        "member_2_relation": "other", "member_2_relation_7_text": "侄子",
        "member_2_years": "12", "member_2_pupil": "yes", "member_2_helps": "",
        "member_2_older": "-22", "member_2_home": "2026-02-01", "member_3_years": "",
        "people": "3", "last_words": "谢谢", "screened_out": "",
    }  # fmt: skip
    assert {column: row[column] for column in wanted} == wanted

    table = tmp_path / name
    table.write_bytes(content)
    delivered = read_table(table)
    layout = odk_csv.locate(table, list(delivered.cells), questionnaire)
    version = version_hash(questionnaire)
    decoded = decode_versions(delivered, layout, version, {version: questionnaire})
    answers = decoded.responses.iloc[0]
    read = {
        "consent": 1, "age": 34, "sex": 2, "job": 97, "income": 10.3, "balance": 6.1,
        "satisfied": 10, "v1": 5, "v2": 1, "s1": 2, "s2": 1, "c1__1": 1, "c1__2": 0, "c2__4": 1,
        "problems__2": 1, "problems__1": 0, "priorities__5": 1, "priorities__2": 2,
        "priorities__1": 3, "grades__3": 1, "grades__2": 3, "moved": "2012-05-06", "bus": "20:30",
        "meeting": "2026-03-02T08:30", "member_count": 2, "member_1_years": 45,
        "member_2_pupil": 1, "member_2_home": "2026-02-01", "people": 3,
    }  # fmt: skip
    assert {column: answers[column] for column in read} == read
    missing = {"mood": "refused", "v3": "refused", "member_1_pupil": "not_asked",
               "member_3_years": "not_asked"}  # fmt: skip
    assert {name: answers[f"{name}__missing"] for name in missing} == missing
    told = dict(zip(decoded.verbatims["question"], decoded.verbatims["text"], strict=True))
    assert told["member_2_relation_7_text"] == "侄子"
    assert told["job_97_text"] == "修车, 补胎"


def test_going_back_and_changing_a_route_clears_what_hung_on_it(every: Visit) -> None:
    agree(every)
    tell_of_oneself(every)
    tell_views(every)
    tell_difficulties(every)
    tell_days(every)
    tell_of_household(every)
    for _ in range(4):
        every.back()
    every.answer("sex", 1)  # closes the part on days and times
    every.answer("job", 1)  # "other" is left, and v3 is not asked of farmers
    kept = every.page.evaluate(DRAFT)
    assert "bus" not in kept  # at once, so that no later condition reads it
    assert "job_97_text" not in kept
    every.next()
    assert not every.asked("v3")
    every.answer("s2", 2)
    assert not every.asked("c2")
    every.next()
    every.untick("problems", 96)
    assert not every.asked("wish")
    every.answer("problems", 97)
    every.answer("priorities", 9)
    every.next()
    assert every.title() == "家里人"
    every.write("member_2_years", "40")
    assert not every.asked("member_2_pupil")
    every.page.get_by_role("button", name="删除家庭成员1").click()
    assert not every.asked("member_2_years")
    assert every.question("member_1_years").locator("input").input_value() == "40"
    every.next()
    _, row, _ = every.export()
    cleared = ["work_kind_97_text", "v3", "c2", "c2/tv", "problems_96_text", "wish", "moved",
               "bus", "meeting", "priorities_5_text", "member_1_pupil", "member_2_relation",
               "member_2_older"]  # fmt: skip
    assert {column: row[column] for column in cleared} == dict.fromkeys(cleared, "")
    assert (row["problems"], row["priorities"]) == ("none", "dk")
    assert (row["member_count"], row["people"]) == ("1", "2")
    assert (row["member_1_relation"], row["member_1_relation_7_text"]) == ("other", "侄子")


def test_orders_stay_through_a_reload(every: Visit) -> None:
    agree(every)
    before = shown_order(every, "job")
    for _ in range(2):
        every.page.reload()
        assert shown_order(every, "job") == before
    assert before[-2:] == ["97", "98"]


def test_a_number_and_cannot_say_exclude_each_other(every: Visit) -> None:
    agree(every)
    every.next()
    assert "或选“不愿回答”" in every.said("age")
    every.answer("age__missing", 998)
    every.write("age", "40")
    assert every.page.locator("[data-name=age__missing] input:checked").count() == 0
    assert every.asked("spending")
    every.answer("age__missing", 999)
    assert every.question("age").locator("input").input_value() == ""
    assert not every.asked("spending")
    every.next()
    every.next()  # the job was asked for once more
    assert every.title() == "看法"
    assert every.page.evaluate(DRAFT)["age__missing"] == 999


def test_checks_speak_at_their_question_and_soft_ones_let_go(every: Visit) -> None:
    agree(every)
    every.answer("sex", 2)
    every.write("age", "101")
    every.write("income", "1.234")
    every.write("spending", "20")
    every.next()
    assert "超过100岁" in every.said("age")
    assert "小数最多 2 位" in every.said("income")
    assert "超过收入的10倍" in every.said("spending")
    every.write("income", "1")
    every.next()
    assert "超过收入的10倍" in every.said("spending")
    every.write("spending", "10")
    every.next()  # what is soft was said once
    assert every.title() == "看法"
    every.next()
    assert "请选一项" in every.said("v1")
    for row in ("v1", "v2"):
        every.answer(row, 3)
    every.answer("s2", 1)
    for choice in (1, 2, 3):
        every.answer("c2", choice)
    every.next()
    assert "最多保留 2 项" in every.said("c2")
    every.untick("c2", 1)
    every.next()
    every.answer("problems", 1)
    every.next()
    assert "至少选 2 项" in every.said("problems")
    every.answer("problems", 97)
    every.next()
    every.pick("moved", "1999-12-31")
    every.pick("bus", "14:59")
    every.next()
    assert "2000-01-01 – 2026-06-30" in every.said("moved")
    assert "15:00 – 23:30" in every.said("bus")
    every.pick("moved", "2012-05-06")
    every.pick("bus", "23:30")
    every.pick("meeting", "2010-03-02T08:30")
    every.next()
    assert "2011年以后" in every.said("meeting")
    every.pick("meeting", "2011-03-02T08:30")
    every.next()
    assert every.title() == "家里人"
    every.answer("member_1_relation", 1)
    every.next()
    assert "请尽量作答" in every.said("last_words")
    every.next()
    assert every.page.is_visible("#finished")


def test_a_ranking_takes_its_places_and_no_more(every: Visit) -> None:
    agree(every)
    tell_of_oneself(every)
    tell_views(every)
    box = every.question("priorities")
    for choice in (4, 2):
        box.locator(f'input[value="{choice}"]').focus()
        every.page.keyboard.press("Space")
    every.answer("priorities", 1)
    assert box.locator('input[value="3"]').is_disabled()
    assert box.locator('label:has(input[value="1"])').get_attribute("data-place") == "3"
    assert "1 建卫生室" in every.page.inner_text("#announced")
    every.untick("priorities", 4)
    assert box.locator('label:has(input[value="1"])').get_attribute("data-place") == "2"
    every.answer("priorities", 3)
    assert every.page.inner_text("#announced").endswith("3 办学")
    every.answer("priorities", 9)
    assert box.locator("input:checked").count() == 1
    assert box.locator("label[data-place]").count() == 0


def test_declining_ends_politely_and_hands_back_no_answer(every: Visit) -> None:
    every.page.click("#agree")
    every.answer("consent", 2)
    every.next()
    assert "谢谢您" in every.page.inner_text("#finished-title")
    _, row, _ = every.export()
    assert (row["screened_out"], row["consent"]) == ("consent", "2")
    questionnaire = read_questionnaire(DEFINITION)
    others = [
        c for c in header(questionnaire)[9:] if c not in ("screened_out", "KEY", "FormVersion")
    ]
    assert {row[column] for column in others} == {""}


def test_a_screen_out_ends_when_its_page_is_left(every: Visit) -> None:
    agree(every)
    every.write("age", "17")
    every.answer("sex", 1)
    every.answer("job", 1)
    every.next()
    assert "只面向18岁及以上" in every.page.inner_text("#ending")
    every.page.reload()
    assert "只面向18岁及以上" in every.page.inner_text("#ending")
    every.page.get_by_role("button", name="English").click()
    assert "people of 18 and over" in every.page.inner_text("#ending")
    _, row, _ = every.export()
    assert (row["screened_out"], row["age"], row["member_count"]) == ("minor", "17", "")
    assert row["work_kind_order"] != ""
    assert row["problems_order"] == ""  # it was never shown


def test_a_roster_keeps_to_its_bounds(every: Visit) -> None:
    agree(every)
    tell_of_oneself(every)
    tell_views(every)
    every.next()
    tell_days(every)
    add = every.page.get_by_role("button", name="增加家庭成员")
    assert every.page.get_by_role("button", name="删除家庭成员1").count() == 0
    add.click()
    assert every.page.evaluate("document.activeElement.textContent") == "家庭成员2"
    add.click()
    assert add.count() == 0
    every.page.get_by_role("button", name="删除家庭成员3").click()
    add.wait_for()


def test_another_language_reads_its_own_words_and_english_ones(every: Visit) -> None:
    every.page.get_by_role("button", name="Français").click()
    assert every.page.get_attribute("html", "lang") == "fr"
    assert every.page.inner_text("#agree") == "Begin"
    assert every.page.inner_text("h1") == "Tous les types"
    agree(every)
    assert every.title() == "Vous"
    every.next()
    assert "Ne souhaite pas répondre" in every.said("age")
    assert every.page.locator(".sd-root-modern").get_attribute("lang") == "fr"


@pytest.mark.parametrize(("width", "large"), [(320, True), (390, False), (1280, False)])
def test_every_page_fits_and_is_accessible(
    every: Visit, root: Path, width: int, large: bool
) -> None:
    page = every.page
    page.set_viewport_size({"width": width, "height": 844})
    if large:
        page.click("#large")
    axe = root / "build" / "axe" / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))

    def fits() -> None:
        assert page.evaluate(WIDER) <= 0
        assert page.evaluate(TOO_SMALL) == []
        violations, passed = page.evaluate(CHECK)
        assert violations == []
        assert passed > 15

    fits()
    agree(every)
    every.write("age", "34")
    every.answer("sex", 2)
    every.answer("job", 97)
    fits()
    tell_of_oneself(every)
    every.next()
    every.question("v1").locator(".sd-element__erbox").wait_for()
    fits()
    tell_views(every)
    for choice in (5, 2, 1):
        every.answer("priorities", choice)
    fits()
    tell_difficulties(every)
    fits()
    tell_days(every)
    tell_of_household(every)
    fits()
    every.next()
    page.wait_for_selector("#finished", state="visible")
    fits()


def test_a_matrix_is_a_table_where_there_is_room_and_cards_on_a_phone(every: Visit) -> None:
    page = every.page
    agree(every)
    tell_of_oneself(every)

    def left_of(row: str) -> list[int]:
        inputs = every.question(row).locator("input").all()
        return [round((box.bounding_box() or {"x": -1})["x"]) for box in inputs]

    def top_of(row: str) -> float:
        box = every.question(row).locator("input").first.bounding_box()
        assert box is not None
        return box["y"]

    rows = ("v1", "v2", "v3")
    assert len({len(set(left_of(row))) for row in rows}) == 1
    assert len(set(left_of("c1"))) == 1  # one choice under another
    page.set_viewport_size({"width": 1280, "height": 844})
    assert left_of("v1") == left_of("v2") == left_of("v3")
    assert left_of("v1") == sorted(set(left_of("v1")))  # all in one line, the refusal too
    assert left_of("c1") == sorted(set(left_of("c1")))
    first, second, third = sorted(rows, key=top_of)
    heads = every.question(first).locator(".sd-item__control-label")
    assert (heads.first.bounding_box() or {})["height"] > 10
    assert (every.question(second).locator(".sd-item__control-label").first.bounding_box() or {})[
        "height"
    ] < 2
    assert top_of(third) - top_of(second) < 60
    assert page.evaluate(TOO_SMALL) == []
    every.answer(second, 4)
    every.answer("c1", 2)
    assert every.question(second).locator('input[value="4"]').is_checked()
    page.click("#large")
    assert left_of("c1") == [left_of("c1")[0]] * 4


def test_the_first_question_is_there_in_time_and_the_file_is_small(
    browser: Browser, pages: dict[str, Path]
) -> None:
    assert max(form.stat().st_size for form in pages.values()) <= 2_200_000
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(pages["residents"].as_uri())
    page.click("#agree")
    page.wait_for_selector("[data-name=q01]")
    page.reload()  # with a draft the first question is shown without a click
    page.wait_for_selector("[data-name=q01]", state="visible")
    taken = page.evaluate("performance.now()")
    context.close()
    assert taken <= 1500


def test_an_address_takes_the_response_and_a_failure_keeps_it(
    browser: Browser, pages: dict[str, Path]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    taken: list[dict[str, object]] = []
    answers = [503, 400, 201]

    def collector(route: Route) -> None:
        taken.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=answers[len(taken) - 1], headers={"Access-Control-Allow-Origin": "*"})

    context.route(re.compile(r"^http://localhost:9/"), collector)
    visit = visiting(context, pages["sent"].as_uri() + "#site=S01")
    page = visit.page
    page.click("#agree")
    visit.answer("a1", 2)
    visit.next()
    visit.next()
    expect(page.locator("#handing")).to_contain_text("400", timeout=8000)
    assert page.is_visible("#export")  # the last resort
    page.click("#resend")
    expect(page.locator("#handing")).to_contain_text("已提交")
    kept = page.evaluate("Object.keys(localStorage)")
    context.close()
    assert kept == ["diaoyan/preferences"]
    assert len({one["id"] for one in taken}) == 1  # a collector knows it again by its identity
    assert len(taken) == 3
    sent = taken[-1]["answers"]
    assert isinstance(sent, dict)
    assert (sent["a1"], sent["site"], sent["KEY"]) == ("no", "S01", taken[-1]["id"])


def test_no_other_address_can_be_reached(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(pages["sent"].as_uri())
    reached = page.evaluate("fetch('http://localhost:8/').then(() => true, e => String(e))")
    refused = page.evaluate(
        "new Promise(done => { addEventListener('securitypolicyviolation', e => "
        "done(e.effectiveDirective)); fetch('http://localhost:7/').catch(() => 0); })"
    )
    context.close()
    assert reached is not True
    assert refused == "connect-src"
