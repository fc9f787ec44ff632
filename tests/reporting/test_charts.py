import lxml.html
import pytest

from pipeline.reporting import chart_parts, charts


def drawn(markup):
    return lxml.html.fragment_fromstring(str(markup))


def test_a_dot_stands_at_its_value_on_its_interval_with_the_standard_as_a_tick(cells):
    svg = drawn(charts.dot(cells, "E-q01all", chart_parts.Axis(0, 0.6, 3), standard=0.2))
    assert svg.get("aria-hidden") == "true"
    assert svg.get("viewbox") is None
    assert svg.xpath("string(.//circle/@cx)") == "52.28%"
    assert svg.xpath("string(.//rect/@x)") == "45.62%"
    assert svg.xpath("string(.//line[last()]/@x1)") == "33.33%"


def test_diverging_bars_keep_the_middle_apart_and_fit_the_plot(site, cells):
    results = site.results[0]
    question = results.codebook.questionnaire.question("q01")
    rows = results.halves(question, question.measure)
    assert [group.total for group, _ in rows] == [True] + [False] * 5  # the hospitals are too few
    room = charts.room(cells, [halves for _, halves in rows])
    for _, halves in rows:
        svg = drawn(charts.diverging(cells, halves, room))
        spans = [
            (float(r.get("x")[:-1]), float(r.get("width")[:-1])) for r in svg.xpath(".//rect")
        ]
        assert len(spans) == 5
        assert all(x >= -0.01 and x + width <= 100.01 for x, width in spans)
        middle = float(charts.Diverging.x(room, 0)[:-1])
        assert spans[0][0] + spans[0][1] == pytest.approx(middle, abs=0.02)
        assert spans[2][0] == pytest.approx(middle, abs=0.02)
        assert all(0 <= float(line.get("x1")[:-1]) <= 100 for line in svg.xpath(".//g/line"))


def test_a_figure_without_a_margin_is_a_dot_alone(fictitious, tmp_path, recorder):
    from pipeline.reporting.cells import Cells

    site = fictitious.site_of(tmp_path, probability=False)
    cells = Cells(site.disclosed, recorder, "p", "zh")
    svg = drawn(charts.dot(cells, "E-q01all", chart_parts.WHOLE))
    assert len(svg.xpath(".//rect")) == 0
    assert len(svg.xpath(".//circle")) == 1
