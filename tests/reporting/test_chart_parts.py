import lxml.html
import pytest

from pipeline.reporting.chart_parts import axis_for, axis_of_changes, ticks_of_changes


def test_the_axis_begins_at_zero_and_holds_everything():
    assert [axis_for([top]).high for top in (0.1, 0.31, 0.55, 0.79, 0.9)] == [
        0.2, 0.4, 0.6, 0.8, 1.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [([], -0.1, 0.1), ([-0.13, 0.02], -0.2, 0.1), ([-0.35, 0.3], -0.4, 0.4)],
)
def test_the_axis_of_changes_holds_all_of_them_and_zero(changes, low, high):
    axis = axis_of_changes(changes)
    assert (axis.low, axis.high) == (pytest.approx(low), pytest.approx(high))


def test_changes_are_labelled_in_signed_points(cells):
    def labels(*changes):
        svg = lxml.html.fragment_fromstring(str(ticks_of_changes(cells, axis_of_changes(changes))))
        return svg.xpath(".//text/text()")

    assert labels(-0.13) == ["−20", "−10", "0", "+10"]
    assert labels(-0.13, 0.13) == ["−20", "0", "+20"]  # no room for every ten
