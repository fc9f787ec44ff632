"""Names of questions: letters that names may have, no two alike, none of the pipeline's own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.names import RESERVED, question_names
from pipeline.questionnaire.codebook import columns_of, missing_column
from pipeline.questionnaire.questions import Number
from pipeline.sampling.units import UNIT_COLUMNS, no_units
from pipeline.validation.rules import rules_of
from tests.conftest import small_questionnaire

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
exported = st.lists(
    st.text(max_size=8)
    | st.sampled_from(["a", "A", "a_2", "a 2", "weight", "q_weight", "flag_x", "x" * 90, "1", "", "性别", "Q1.", "cluster_2"]),
    max_size=12,
)  # fmt: skip


@given(exported)
def test_names_can_be_told_apart_and_come_out_alike_each_time(given_names: list[str]) -> None:
    names = question_names(given_names)
    assert len(names) == len(given_names) == len(set(names))
    assert all(NAME.fullmatch(name) for name in names)
    assert not set(names) & RESERVED
    assert not [n for n in names if n.startswith(("flag_", "design_", "cluster_", "fpc_"))]
    assert question_names(given_names) == names
    assert question_names(given_names[:4]) == names[:4]  # what comes behind changes nothing


@pytest.mark.parametrize(
    ("exported_as", "name"),
    [
        ("Q1.a", "q1_a"), ("12", "q12"), ("__x__", "x"), ("Café", "cafe"), ("weight", "q_weight"),
        ("fpc_1", "q_fpc_1"), ("年龄 age", "q001"), ("", "q001"), ("!!", "q001"), ("ＡＢ", "ab"),
    ],
)  # fmt: skip
def test_a_name_is_what_the_export_calls_it(exported_as: str, name: str) -> None:
    assert question_names([exported_as]) == [name]


def test_the_columns_of_the_pipeline_are_reserved() -> None:
    asked = small_questionnaire()
    about = {rule.checked for rule in rules_of(asked) if not rule.question}
    assert about <= RESERVED
    assert set(UNIT_COLUMNS) - {"sites_in_stratum", "persons_in_site"} <= RESERVED
    assert no_units().columns.tolist() == list(UNIT_COLUMNS)
    made = {column.name for q in asked.questions for column in columns_of(q)}
    made |= {missing_column(q) for q in asked.questions if not isinstance(q, Number)}
    assert not made & RESERVED
