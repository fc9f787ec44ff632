"""Codes of choices: the numbers in the cells, or places; never two alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.choice_codes import choices_of, codes_of, missing_codes_of
from pipeline.questionnaire.questions import SingleChoice
from pipeline.responses.described import Option
from pipeline.responses.typed_numbers import typed_numbers
from tests.intake.planted import CONTENTS
from tests.intake.tables import table_of

options = st.lists(
    st.builds(
        Option,
        st.sampled_from([*CONTENTS, "", "NA", "01", "1.0", "-0", "0", "9" * 12, "-9", "Ａ", "A"]),
        st.sampled_from(["", "标签"]),
        st.sampled_from([None, None, "refused", "not_asked"]),
    ),
    max_size=7,
)


@settings(max_examples=40)
@given(options)
def test_choices_can_be_told_apart_whatever_they_are_called(listed: list[Option]) -> None:
    choices = choices_of(listed)
    assert len({choice.code for choice in choices}) == len(choices)
    assert all(choice.text.zh for choice in choices)
    if len(choices) >= 2:
        SingleChoice(type="single_choice", name="q", text={"zh": "？"}, choices=choices)


@settings(max_examples=40)
@given(options, st.lists(st.sampled_from(["-3", "0", "7.5", "100", "x", ""])))
def test_codes_of_missing_numbers_are_no_answers(listed: list[Option], cells: list[str]) -> None:
    numbers = typed_numbers(table_of({"x": cells}).cells["x"])
    made = missing_codes_of(listed, numbers)
    assert len({code.code for code in made}) == len(made)
    assert not {float(code.code) for code in made if code.name} & set(numbers.dropna())


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ("3 1 2", [3, 1, 2]), ("0.0 5.0", [0, 5]), ("1 x", [1, 2]), ("-1 1", [1, 2]),
        ("1 01", [1, 2]), ("1 1.5", [1, 2]), ("1234567890 1", [1, 2]), ("", []),
    ],
)  # fmt: skip
def test_codes_are_the_numbers_in_the_cells_if_all_have_one(cells: str, codes: list[int]) -> None:
    assert list(codes_of(cells.split(), least=0).values()) == codes
