import lxml.html
import pytest

from pipeline.reporting.change_charts import dumbbell, shift
from pipeline.reporting.chart_parts import Axis

AXIS = Axis(0.0, 0.6, 3)


def drawn(markup):
    return lxml.html.fragment_fromstring(str(markup))


def test_now_is_solid_on_its_band_and_before_hollow_on_a_line(cells):
    svg = drawn(
        dumbbell(cells, "E-q01all", ("C-q01was", "value_b"), AXIS, interval="E-q01all-b",
                 standard=0.2)
    )  # fmt: skip
    before, now = svg.xpath(".//circle")
    assert (before.get("fill"), before.get("cx")) == ("#fff", "65.20%")
    assert (now.get("fill"), now.get("cx")) == ("#1b5e97", "52.28%")
    assert float(now.get("cy")) < float(before.get("cy"))
    assert svg.xpath(".//rect/@data-span") == ["E-q01all:low E-q01all:high"]
    assert "E-q01all-b:low E-q01all-b:high" in svg.xpath(".//line/@data-span")
    assert svg.xpath(".//line[@stroke-width='2.5']/@x1") == ["33.33%"]


def test_a_shrunk_baseline_has_no_interval_of_its_own(cells):
    shrunk = ("V-A1-2026-002", "shrunk_baseline")
    svg = drawn(dumbbell(cells, "E-q01_county_jia", shrunk, AXIS))
    assert svg.xpath(".//circle/@data-at") == [
        "V-A1-2026-002:shrunk_baseline", "E-q01_county_jia:value",
    ]  # fmt: skip
    assert {span.split(":")[0] for span in svg.xpath(".//@data-span")} == {"E-q01_county_jia"}


@pytest.mark.parametrize(
    ("number", "verdict", "fill"),
    [
        ("001", "improved", "#1b5e97"),
        ("003", "not_improved", "#96480a"),
        ("002", "insufficient", "#fff"),
    ],
)
def test_a_difference_is_coloured_by_its_verdict_and_hollow_if_undecided(
    cells, number, verdict, fill
):
    svg = drawn(shift(cells, f"V-A1-2026-{number}", Axis(-0.2, 0.2, 4), 0.05, verdict))
    (dot,) = svg.xpath(".//circle")
    assert dot.get("fill") == fill
    zone = svg.xpath(".//rect")[0]
    assert (zone.get("x"), zone.get("width")) == ("37.50%", "12.50%")
