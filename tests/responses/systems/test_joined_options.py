"""The order of options, from the order in which chosen ones stand in the cells."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.responses.systems.joined_options import in_order, options_of

ASKED = list("甲乙丙丁戊己")


@settings(max_examples=40)
@given(st.lists(st.sets(st.sampled_from(ASKED), min_size=1), min_size=1))
def test_cells_never_contradict_the_order_found(chosen: list[set[str]]) -> None:
    rows = [sorted(one, key=ASKED.index) for one in chosen]
    order = in_order(rows)
    assert set(order) == set().union(*chosen)
    for row in rows:
        assert sorted(row, key=order.index) == row


def test_contradictions_keep_every_option() -> None:
    assert sorted(in_order([["a", "b"], ["b", "a"], ["b", "c"], ["c", "b"], ["c", "a"]])) == list(
        "abc"
    )


def test_none_of_these_excludes_the_others_if_it_always_does() -> None:
    alone = options_of([["甲", "乙"], ["以上都没有"]])
    assert [option.exclusive for option in alone] == [False, False, True]
    beside = options_of([["甲", "以上都没有"]])
    assert not any(option.exclusive for option in beside)
