from datetime import date

import pytest
from markupsafe import Markup

from pipeline.i18n import Text
from pipeline.reporting.cells import Cells, plain


def test_a_figure_carries_its_cell_and_unrounded_value_and_is_recorded(cells, recorder):
    assert cells.figure("E-q01all", "value") == (
        '<data data-cell="E-q01all" data-field="value" value="0.3137">31%</data>'
    )
    (number,) = recorder.manifest().numbers
    assert (number.page, number.cell, number.value, number.text) == (
        "page.html", "E-q01all", 0.3137, "31%",
    )  # fmt: skip


def test_a_sentence_gets_its_figures_and_declares_its_other_digits(cells, recorder):
    said = cells.sentence(Text(zh="18岁以上，[[E-q01all:value]]高 [[C-q01std:gap]] 个百分点"))
    assert plain(said) == "18岁以上，31%高 11 个百分点"
    assert [(fixed.origin, fixed.text) for fixed in recorder.manifest().fixed] == [
        ("statement", "18岁以上，")
    ]


def test_a_mark_that_points_nowhere_is_refused(cells):
    with pytest.raises(KeyError, match="E-absent"):
        cells.sentence(Text(zh="[[E-absent:value]]"))


def test_intervals_and_margins_read_as_declared(cells):
    assert plain(cells.interval("E-q01all")) == "27%—35%"
    assert plain(cells.margin("E-q01all")) == "± 4"
    assert plain(cells.interval("C-q01std")) == "+7 至 +15"
    assert plain(cells.n("E-q01all")) == "n = 812"
    assert plain(cells.figure("E-q04", "value")) == "3.5"
    assert plain(cells.figure("T-word", "keyness")) == "18"


def test_no_margin_of_error_for_a_non_probability_sample(fictitious, tmp_path, recorder):
    site = fictitious.site_of(tmp_path, probability=False)
    cells = Cells(site.disclosed, recorder, "page.html", "zh")
    assert cells.interval("E-q01all") == cells.margin("E-q01all") == ""
    assert plain(cells.value("E-q01all")) == "31%"


def test_no_interval_for_what_may_not_be_stated(cells):
    assert not cells.presentable("E-q01_setting_hospital")
    assert cells.interval("E-q01_setting_hospital") == ""


def test_words_declare_their_digits_and_take_only_marked_up_values(cells, recorder):
    filled = cells.word("report.responses_n", n=cells.figure("Q-intake-kept", "value"))
    assert plain(filled) == "有效答卷 812 份"
    cells.word("report.too_few")
    assert ("locale", "样本不足 30，不显示") in {
        (fixed.origin, fixed.text) for fixed in recorder.manifest().fixed
    }
    with pytest.raises(TypeError, match="not marked up"):
        cells.word("report.responses_n", n="812")


def test_dates_are_written_in_the_language_of_the_page(cells, site, recorder):
    assert plain(cells.day(date(2026, 3, 2))) == "2026年3月2日"
    english = Cells(site.disclosed, recorder, "en.html", "en")
    assert plain(english.day(date(2026, 3, 2))) == "2 March 2026"


def test_text_is_escaped(cells):
    assert cells.fixed("<b>", "definition") == "&lt;b&gt;"
    assert isinstance(cells.fixed("<b> 1", "definition"), Markup)
    assert "&lt;b&gt; 1" in cells.fixed("<b> 1", "definition")
