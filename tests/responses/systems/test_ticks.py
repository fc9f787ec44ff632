from pipeline.responses.systems.ticks import binary, is_ticked, labelled, multiple_choice
from tests.responses.systems.tables import delivered


def test_columns_of_0_and_1_are_ticks():
    cells = delivered(["q/a", "q/b"], ["1", "0"], ["", ""], ["0", "TRUE"]).cells
    ticks = binary(cells, {"q/a": "a", "q/b": "b"})
    assert ticks is not None
    assert (ticks.ticked, ticks.unticked) == (("1", "TRUE"), ("0",))
    assert is_ticked(cells, ticks).to_numpy().tolist() == [
        [True, False], [False, False], [False, True],
    ]  # fmt: skip


def test_a_third_content_makes_a_scale_of_it():
    cells = delivered(["a", "b"], ["1", "0"], ["2", "1"]).cells
    assert binary(cells, {"a": "a", "b": "b"}) is None


def test_not_selected_proves_a_column_of_one_label():
    cells = delivered(["x1", "x2"], ["Tea", "Not selected"], ["NA", "NA"]).cells
    ticks = labelled(cells, {"x1": "", "x2": ""})
    assert ticks is not None
    assert dict(ticks.headers) == {"Tea": "x1", "x2": "x2"}
    assert (ticks.ticked, ticks.unticked) == ((), ("Not selected",))


def test_a_label_proves_nothing_unless_it_is_the_columns_own():
    cells = delivered(["Tea", "Milk"], ["Tea", ""], ["", "Milk"]).cells
    assert labelled(cells, {"Tea": "Tea", "Milk": "Milk"}) is not None
    assert labelled(cells, {"Tea": "Coffee", "Milk": "Milk"}) is None


def test_none_of_the_above_excludes_the_others_unless_somebody_chose_both():
    rows = [["1", "", ""], ["", "1", ""], ["", "", "1"]]
    words = {"a": "A", "b": "None of the above", "c": "Don't know"}
    for extra, alone in (([], True), ([["1", "1", ""]], False)):
        cells = delivered(["a", "b", "c"], *rows, *extra).cells
        ticks = binary(cells, words)
        assert ticks is not None
        options = multiple_choice(cells, ticks, "q").options
        assert [o.exclusive for o in options] == [False, alone, False]
        assert [o.missing for o in options] == [None, None, "dont_know"]
        assert options[2].guessed
