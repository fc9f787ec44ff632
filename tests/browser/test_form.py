"""The form as a respondent meets it, in a real browser, opened from a file."""

from pathlib import Path

import pytest

from pipeline.forms.response_file import header, receipt_code
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.responses.layouts import odk_csv
from pipeline.responses.read import read_table
from pipeline.responses.versions import decode_versions
from tests.browser.form_visits import CHECK, TOO_SMALL, WIDER, Visit

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[1] / "forms" / "example.yaml"


def test_what_is_filled_in_is_what_is_handed_back(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.answer("a1", 1)
    visit.answer("a2", 2)
    visit.write("a3", '路远，"不方便"\n还有，别的')
    visit.next()
    visit.answer("b1", 2)
    visit.answer("b1", 1)
    visit.write("b2", "7.5")
    visit.write("b3", "-3")
    visit.write("b4", "=1+1")
    visit.next()
    offered = visit.page.locator("#content").input_value()
    name, row, content = visit.export()
    assert offered.splitlines() == content.decode("utf-8-sig").splitlines()
    questionnaire = read_questionnaire(EXAMPLE)
    assert content.startswith(b"\xef\xbb\xbfSubmissionDate,")
    assert tuple(row) == header(questionnaire)
    answers = {column: row[column] for column in header(questionnaire)[8:-2]}
    assert answers == {
        "a1": "yes", "useful": "2", "a3": '路远，"不方便"\n还有，别的',
        "b1": "road water", "b1/road": "1", "b1/water": "1", "b1/school": "0",
        "b1/none": "0", "b1/ref": "0", "b2": "7.5", "b3": "-3", "b4": "=1+1",
    }  # fmt: skip
    assert (row["site"], row["person"], row["mode"]) == ("S07", "P0042", "interviewer")
    assert row["language"] == "zh"
    assert row["FormVersion"] == version_hash(questionnaire)
    assert row["KEY"] == row["meta-instanceID"]
    assert row["start"] < row["end"]
    code = receipt_code(row["KEY"])
    assert name == f"example-{code}.csv"
    assert visit.page.inner_text("#receipt") == code


def test_ingest_reads_the_file_as_it_is(visit: Visit, tmp_path: Path) -> None:
    visit.page.click("#agree")
    visit.answer("a1", 1)
    visit.answer("a2", 8)
    visit.next()
    visit.answer("b1", 3)
    visit.write("b2", "0")
    visit.write("b4", "请打13812345678")
    visit.next()
    visit.next()  # a warning is shown once, then lets through
    name, _, content = visit.export()
    table = tmp_path / name
    table.write_bytes(content)
    questionnaire = read_questionnaire(EXAMPLE)
    delivered = read_table(table)
    layout = odk_csv.locate(table, list(delivered.cells), questionnaire)
    version = version_hash(questionnaire)
    decoded = decode_versions(delivered, layout, version, {version: questionnaire})
    row = decoded.responses.iloc[0]
    assert (row["a1"], row["a2__missing"], row["a3__missing"]) == (1, "dont_know", "not_asked")
    assert (row["b1__3"], row["b1__1"], row["b2"], row["b3__missing"]) == (1, 0, 0, "not_asked")
    assert (row["mode"], row["questionnaire_version"]) == ("interviewer", version)
    assert decoded.verbatims["text"].tolist() == ["请打13812345678"]


def test_a_route_that_closes_takes_its_answers_along(visit: Visit) -> None:
    visit.page.click("#agree")
    assert not visit.asked("a2")
    visit.answer("a1", 1)
    visit.answer("a2", 1)
    assert visit.asked("a3")
    visit.write("a3", "没有用")
    visit.answer("a1", 2)
    assert not visit.asked("a2")
    assert not visit.asked("a3")  # and what hangs on the hidden answer goes too
    visit.answer("a1", 8)
    visit.next()
    assert not visit.asked("b4")  # "a1 != 2" is false where a1 has no substance
    visit.next()
    _, row, _ = visit.export()
    assert (row["a1"], row["useful"], row["a3"]) == ("dk", "", "")
    assert (row["b1"], row["b1/road"], row["b2"]) == ("", "", "")


def test_the_draft_survives_a_reload_and_goes_when_told(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.answer("a1", 1)
    visit.next()
    visit.write("b2", "12")
    visit.page.reload()
    assert "已恢复" in visit.page.inner_text("#saved")
    assert visit.page.locator("[data-name=b2] input").input_value() == "12"
    assert "第 2 部分，共 2 部分" in visit.page.inner_text("#progress-part")
    visit.page.locator(".sd-navigation__prev-btn").click()
    assert visit.page.locator('[data-name=a1] input[value="1"]').is_checked()
    visit.page.locator(".clear").first.click()
    assert visit.page.is_visible("#agree")
    assert visit.page.evaluate("Object.keys(localStorage)") == ["diaoyan/preferences"]


def test_another_person_s_link_does_not_meet_the_draft(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.answer("a1", 2)
    with visit.page.expect_navigation():
        visit.page.evaluate("location.hash = 'site=S07&person=P0043'")
    visit.page.wait_for_selector("#agree", state="visible")


def test_a_finished_response_is_kept_until_it_is_exported(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.answer("a1", 9)
    visit.next()
    visit.next()
    code = visit.page.inner_text("#receipt")
    visit.page.reload()
    assert visit.page.inner_text("#receipt") == code
    first = visit.export()
    assert visit.export() == first  # a second click hands out the same response
    visit.page.reload()
    assert visit.page.is_visible("#agree")


def test_declining_is_as_easy_and_keeps_nothing(visit: Visit) -> None:
    agree, decline = (visit.page.locator(name).bounding_box() for name in ("#agree", "#decline"))
    assert agree is not None
    assert decline is not None
    assert (agree["width"], agree["height"]) == (decline["width"], decline["height"])
    visit.page.click("#decline")
    assert visit.page.is_visible("#declined")
    assert visit.page.evaluate("Object.keys(localStorage)") == ["diaoyan/preferences"]


def test_messages_stand_beside_the_question_and_a_warning_does_not_block(visit: Visit) -> None:
    visit.page.click("#agree")
    visit.next()
    assert "或选“不愿回答”" in visit.page.inner_text("[data-name=a1] .sd-error")
    visit.answer("a1", 1)
    visit.next()
    visit.write("b2", "61")
    for choice in (1, 2, 3):
        visit.answer("b1", choice)
    visit.write("b4", "请打13812345678")
    visit.next()
    assert "0–60" in visit.page.inner_text("[data-name=b2] .sd-error")
    assert "最多保留 2 项" in visit.page.inner_text("[data-name=b1] .sd-error")
    assert "不删也可以继续" in visit.page.inner_text("[data-name=b4] .sd-error--warning")
    visit.answer("b1", 4)  # the exclusive choice clears the others
    ticked = visit.page.locator("[data-name=b1] input:checked")
    assert [box.get_attribute("value") for box in ticked.all()] == ["4"]
    visit.write("b2", "60")
    visit.next()  # the warning was shown once
    assert visit.page.is_visible("#finished")


def test_language_and_type_size_can_be_changed_at_any_time(visit: Visit) -> None:
    visit.page.get_by_role("button", name="English").click()
    visit.page.click("#agree")
    assert visit.page.inner_text("[data-name=a1] h3").endswith("Did you take part?")
    visit.answer("a1", 1)
    visit.page.get_by_role("button", name="中文").click()
    assert visit.page.inner_text("[data-name=a1] h3").endswith("参加过吗？")
    assert visit.page.locator('[data-name=a1] input[value="1"]').is_checked()
    assert visit.page.get_attribute("html", "lang") == "zh-CN"
    size = "parseFloat(getComputedStyle(document.querySelector('h3')).fontSize)"
    before = visit.page.evaluate(size)
    visit.page.click("#large")
    assert visit.page.evaluate(size) == pytest.approx(before * 1.25)


def test_the_keyboard_is_enough(visit: Visit) -> None:
    visit.page.focus("#agree")
    visit.page.keyboard.press("Enter")
    visit.page.focus('[data-name=a1] input[value="1"]')
    visit.page.keyboard.press("Space")
    visit.page.keyboard.press("ArrowDown")
    assert visit.page.locator('[data-name=a1] input[value="2"]').is_checked()
    visit.page.focus(".sd-navigation__next-btn")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("[data-name=b2]")
    assert visit.page.evaluate("document.activeElement.textContent") == "第二部分"
    visit.page.focus("[data-name=b2] input")
    visit.page.keyboard.type("3")
    visit.page.keyboard.press("Enter")  # must neither send nor reload the page
    assert visit.page.locator("[data-name=b2] input").input_value() == "3"


@pytest.mark.parametrize(
    ("width", "large", "language", "audited"),
    [
        (320, False, "中文", True),
        (320, True, "English", False),
        (390, False, "中文", False),
        (1280, False, "English", True),
    ],
)
def test_the_residents_form_fits_and_is_accessible(
    visit: Visit,
    pages: dict[str, Path],
    root: Path,
    width: int,
    large: bool,
    language: str,
    audited: bool,
) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(pages["residents"].as_uri())
    page.get_by_role("button", name=language).click()
    if large:
        page.click("#large")
    axe = root / "build" / "axe" / "axe.min.js"
    audited = audited and axe.is_file()
    if audited:
        page.evaluate(axe.read_text(encoding="utf-8"))

    def fits() -> None:
        assert page.evaluate(WIDER) <= 0
        assert page.evaluate(TOO_SMALL) == []
        if audited:
            violations, passed = page.evaluate(CHECK)
            assert violations == []
            assert passed > 15

    fits()
    page.click("#agree")
    for part in range(1, 6):
        if part == 1:
            visit.answer("q03", 1)
            visit.write("q06", "77")
            visit.next()
            page.wait_for_selector("[data-name=q06] .sd-error")
            fits()
            visit.write("q06", "7")
        if part == 2:
            visit.answer("q07", 1)
        if part != 1:
            fits()
        visit.next()
    page.wait_for_selector("#finished", state="visible")
    fits()
