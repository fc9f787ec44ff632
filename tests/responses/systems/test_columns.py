import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.responses.systems import (
    System,
    kobo,
    limesurvey,
    odk,
    qualtrics,
    redcap,
    surveymonkey,
    typeform,
)
from pipeline.responses.systems.columns import (
    Known,
    contents,
    set_aside,
    shown,
    with_labels,
    with_typed_apart,
)
from tests.responses.systems.tables import delivered

SYSTEMS = [
    one.SYSTEM for one in (qualtrics, limesurvey, surveymonkey, kobo, odk, redcap, typeform)
]
HEADERS = st.sampled_from(
    """ResponseId|StartDate|EndDate|Status|Q1_1|Q1_2|Q1_2_TEXT|Q4#1_1|V1|submitdate|lastpage|seed
    |Q[SQ001]|Q[SQ002]|Q[other]|Rate [a][Scale 1]|[]|[Rank 1]|RespondentID|q0001_0001|q0001_0002
    |_uuid|_index|_parent_index|g/q|g/q/a|g/q/b|q.a|q.b|q|q_other|KEY|instanceID|PARENT_KEY
    |redcap_event_name|gym___0|gym___1|Gym (choice=A)|a_complete|Complete?|#|Other|Network ID
    |Submit Date (UTC)|A|B|〖其他〗||.|/|-""".replace("\n    ", "").split("|")
)
CELLS = st.sampled_from(
    ["", "NA", "0", "1", "2", "Yes", "No", "A", "B", "a b", "Not selected", "Other", "1,2", "-oth-",
     "Response", '{"ImportId":"QID1"}', "5/10/18 4:01", "Checked", "R_12345678", '[{"filename"']
)  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
@settings(max_examples=10)
@given(data=st.data())
def test_whatever_the_headers_no_column_is_described_twice(system: System, data: st.DataObject):
    width = data.draw(st.integers(1, 9))
    header = data.draw(st.lists(HEADERS, min_size=width, max_size=width))
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=0, max_size=5)
    )
    table = delivered(header, *rows)
    assert isinstance(system.signs(table), str)
    tidied = system.tidied(table)
    assert len(set(tidied.headers)) == len(tidied.headers)
    assert all(tidied.headers)
    assert set(tidied.cells.index) <= set(table.cells.index)
    pd.testing.assert_frame_equal(tidied.cells, system.tidied(table).cells)
    described = system.described(tidied)
    headers = [h for item in described.items for h in item.headers]
    headers += [aside.header for aside in described.asides]
    assert len(headers) == len(set(headers))
    assert set(headers) <= set(tidied.headers)
    assert all(item.text.strip() for item in described.items)


def test_a_cell_of_na_holds_nothing():
    table = delivered(["a"], [" x "], ["NA"], ["NULL"], ["x"], [""])
    assert contents(table.cells["a"]) == ("x",)


def test_marks_inside_a_word_do_not_part_it():
    assert shown("a-<em>b</em>-c<br>d&nbsp;e") == "a-b-c d e"


def test_labels_stand_under_headers_that_can_be_told_apart():
    table = with_labels(delivered(["Other", "Other"], ["1", "2"]), ["Other", "Other"], ["x", "y"])
    assert table.headers == ["Other", "Other (2)"]
    assert table.dictionary is not None
    assert [v.label for v in table.dictionary.variables] == ["x", "y"]


def test_typed_words_leave_a_tick_behind_where_the_question_was_asked():
    table = delivered(["a", "other"], ["1", ""], ["", "tea"], ["", ""])
    apart = with_typed_apart(table, "other", ["a"], "1", "0")
    assert apart.headers == ["a", "other", "other〖其他〗"]
    assert list(apart.cells["other"]) == ["0", "1", ""]
    assert list(apart.cells["other〖其他〗"]) == ["", "tea", ""]


def test_one_column_is_the_key_and_an_empty_one_measures_nothing():
    cells = delivered(["a", "b", "c"], ["1", "2", ""]).cells
    key, seconds = Known("key", "编号"), Known("seconds", "用时")
    found = set_aside(cells, [("a", key), ("b", key), ("c", seconds)])
    assert [one.role for one in found] == ["key", "identifier", "empty"]
