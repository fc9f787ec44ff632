"""Drafts as YAML: what a person reads first, and what is left out."""

from pipeline.design.declared import DeclaredDesign
from pipeline.intake.yaml_text import GUESSED, questionnaire_text, source_text
from pipeline.responses.source import File, Source, Stands
from tests.conftest import small_questionnaire


def test_a_guess_stands_right_above_its_question() -> None:
    lines = questionnaire_text(
        small_questionnaire(), {"q2": ("是量表。", "请核\n对。")}
    ).splitlines()
    at = lines.index("      - name: q2")
    assert lines[at - 2 : at] == [f"      # {GUESSED}是量表。", f"      # {GUESSED}请核 对。"]
    assert lines[0].startswith("# 由 diaoyan new")
    assert sum(GUESSED in line for line in lines) == 2


def test_what_is_as_usual_is_not_written() -> None:
    text = questionnaire_text(small_questionnaire(), {})
    assert "null" not in text
    assert "sensitive" not in text
    assert "- {name: yes, code: 1, text: {zh: 是, en: 是}}" in text


def test_the_design_is_written_out_even_where_nothing_is_known() -> None:
    source = Source(
        layout="plain",
        files=(File(name="数据 一.csv"),),
        questions={
            "q1": Stands(column="=1+1"),
            "q2": Stands(ticks={1: "a", 2: "b"}, ticked=("1",)),
        },
    )
    text = source_text(source)
    assert text.endswith(
        "design:\n  kind: undecided\n  weight: ''\n  strata: []\n  clusters: []\n  fpc: []\n"
        "  fpc_meaning: population_size\n"
    )
    assert "- {name: 数据 一.csv}" in text
    assert "q1: {column: =1+1}" in text
    assert "ticks: {1: a, 2: b}" in text
    drawn = source.model_copy(update={"design": DeclaredDesign(kind="open", weight="w")})
    assert "kind: open\n  weight: w\n" in source_text(drawn)
