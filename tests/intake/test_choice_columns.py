from pipeline.intake.choice_columns import coded_choice, labelled_choice, worded_choice
from tests.intake.tables import content_of


def test_labels_that_rise_make_a_scale() -> None:
    points = {str(n): label for n, label in enumerate(("从不", "有时", "经常", "总是"), 1)}
    item = labelled_choice(content_of(["1", "3", "3"], values=points))
    assert item is not None
    assert item.kind == "scale"
    assert [option.cell for option in item.options] == ["1", "2", "3", "4"]


def test_labels_that_fall_make_a_scale_and_say_so() -> None:
    points = {"1": "非常满意", "2": "满意", "3": "一般", "4": "不满意", "5": "非常不满意"}
    item = labelled_choice(content_of(["1", "5"], values=points))
    assert item is not None
    assert item.kind == "scale"
    assert "数字越大程度越低" in item.guessed[0]


def test_a_code_without_a_label_is_added_and_marked() -> None:
    item = labelled_choice(content_of(["1", "2", "3"], values={"1": "甲", "2": "乙"}))
    assert item is not None
    assert item.options[-1].cell == "3"
    assert "没有标签" in item.options[-1].guessed


def test_a_number_with_a_labelled_code_is_no_choice() -> None:
    ages = [str(age) for age in range(18, 90)]
    assert labelled_choice(content_of(ages, values={"-9": "拒答", "80": "80岁以上"})) is None


def test_0_and_1_are_no_and_yes() -> None:
    item = coded_choice(content_of(["0", "1", "1"]))
    assert item is not None
    assert [(option.cell, option.label) for option in item.options] == [("0", "否"), ("1", "是")]
    assert item.guessed


def test_sizes_and_counts_are_no_codes() -> None:
    assert coded_choice(content_of(["16", "17", "19", "20", "22"], "class_size")) is None
    assert coded_choice(content_of(["1", "2", "3"], label="Number of adults in household")) is None
    assert coded_choice(content_of([str(n) for n in range(14)])) is None


def test_points_and_a_wording_for_missing_are_a_scale() -> None:
    item = worded_choice(content_of(["1", "2", "3", "4", "5", "N/A"] * 3))
    assert item is not None
    assert item.kind == "scale"
    assert [option.cell for option in item.options] == ["1", "2", "3", "4", "5", "N/A"]
    assert item.options[-1].missing is not None


def test_a_long_list_is_no_question() -> None:
    places = [f"村{n}" for n in range(61)] * 4
    assert worded_choice(content_of(places)) is None
    labels = {str(n): f"职业{n}" for n in range(300)}
    assert labelled_choice(content_of([str(n) for n in range(100)], values=labels)) is None
    short = labelled_choice(content_of([str(n) for n in range(20)], values=labels))
    assert short is not None
    assert len(short.options) == 20
    assert "300 个标签" in short.guessed[-1]


def test_few_sizes_are_no_codes_and_a_sex_is_no_yes() -> None:
    assert coded_choice(content_of(["140", "150", "160"])) is None
    item = coded_choice(content_of(["0", "1"], "sex"))
    assert item is not None
    assert [option.label for option in item.options] == ["0", "1"]


def test_wordings_of_a_closed_list_are_options_in_few_rows() -> None:
    item = worded_choice(content_of(["very_satisfied", "somewhat_satisfied", "very_dissatisfied"]))
    assert item is not None
    assert item.kind == "scale"
    assert item.options[0].cell == "very_dissatisfied"
    assert worded_choice(content_of(["甲地", "乙地", "丙地"])) is None
