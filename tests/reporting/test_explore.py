import pandas as pd
import pytest

from pipeline.reporting.explore import interval_dots


def test_dots_stand_at_their_values_and_what_may_not_be_stated_has_none(fictitious):
    rows = pd.DataFrame(fictitious.estimates()).query("question == 'q01' and code == '1+2'")
    figure = interval_dots(rows, standard=0.2)
    (dots,) = figure.data
    assert dots.x[0] == 0.3137
    assert dots.x[0] - dots.error_x.arrayminus[0] == pytest.approx(0.2737)
    hospital = list(dots.y).index("setting: hospital")
    assert pd.isna(dots.x[hospital])
    assert figure.layout.shapes[0].x0 == 0.2


def test_a_table_before_disclosure_is_refused(fictitious):
    with pytest.raises(KeyError, match="presentable"):
        interval_dots(pd.DataFrame(fictitious.estimates()).drop(columns="presentable"))
