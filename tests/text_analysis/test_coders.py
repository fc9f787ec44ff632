"""Reference for alpha: Krippendorff (2011), example C (tests/agreement)."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.agreement import krippendorff_alpha
from pipeline.text_analysis.coders import Judged, reconciled
from pipeline.text_analysis.interviews import Call
from pipeline.text_analysis.reliability import MissingPassages, OpenPassage, Reliability
from tests.text_analysis.made_interviews import FRAME

RULED = {
    ("I01", 2): [Call("paperwork", "supports", "include:填表", "rule"), Call("roads", "", "include:路", "rule")],
    ("I01", 3): [Call("paperwork", "contradicts", "include:填表", "rule")],
    ("I01", 4): [Call("activities", "supports", "include:活动", "rule")],
    ("I01", 5): [],
    ("I01", 6): [Call("roads", "", "include:路", "rule")],
}  # fmt: skip


def judged(coder, *codes) -> Judged:
    return Judged(coder, {("I01", passage): given for passage, given in codes})


FIRST = judged(
    "a", (2, {"paperwork": "supports"}), (3, {"paperwork": "contradicts"}), (4, {}),
    (5, {"activities": "supports"}),
)  # fmt: skip
SECOND = judged(
    "b", (2, {"paperwork": "supports", "roads": ""}), (3, {"paperwork": ""}), (4, {}),
    (5, {"activities": "supports"}),
)  # fmt: skip


def test_agreeing_coders_decide_and_elsewhere_the_rule_stays() -> None:
    final, found = reconciled(RULED, [FIRST, SECOND], FRAME)
    assert {key[1]: list(calls) for key, calls in final.items()} == {
        2: [Call("paperwork", "supports", "include:填表", "coders"), Call("roads", "", "include:路", "rule")],
        3: [Call("paperwork", "contradicts", "include:填表", "coders")],  # the rule's stance
        4: [],  # both say that no theme fits
        5: [Call("activities", "supports", "coders", "coders")],  # no rule found it
        6: [Call("roads", "", "include:路", "rule")],  # not coded by both
    }  # fmt: skip
    assert found.open == (
        OpenPassage(interview="I01", passage=2, themes=("roads",)),
        OpenPassage(interview="I01", passage=3, themes=("paperwork",)),
    )
    assert (found.coders, found.passages, found.coded) == (("a", "b"), 5, 4)


def test_passages_missing_from_the_sheets_are_told_by_coder() -> None:
    _, found = reconciled(RULED, [Judged("b", {}, 3), FIRST], FRAME)
    assert found.missing == (
        MissingPassages(coder="a", passages=0),
        MissingPassages(coder="b", passages=3),
    )


def test_alpha_is_that_of_the_codes() -> None:
    _, found = reconciled(RULED, [FIRST, SECOND], FRAME)
    by_theme = {one.theme: one for one in found.by_theme}
    assert (by_theme["paperwork"].value, by_theme["paperwork"].n) == (1, 4)
    assert (by_theme["activities"].problem, by_theme["activities"].used) == ("A1.3", 1)
    # Roads: no, yes against three times no, no. One pair of 4 differs; 7 no, 1 yes.
    assert by_theme["roads"].value == pytest.approx(1 - (8 - 1) * 2 / (2 * 7 * 1))
    pooled = pd.DataFrame([["yes", "yes"]] * 3 + [["no", "no"]] * 8 + [["no", "yes"]])
    assert found.themes.value == pytest.approx(krippendorff_alpha(pooled))
    assert (found.themes.n, found.themes.used) == (12, 4)
    stances = pd.DataFrame([["s", "s"], ["c", "n"], ["s", "s"]])
    assert found.stance.value == pytest.approx(krippendorff_alpha(stances))
    assert found.stance.n == 3


def test_rules_are_held_against_what_the_coders_agree_on() -> None:
    _, found = reconciled(RULED, [FIRST, SECOND], FRAME)
    # Agreed: paperwork in 2 and 3, activities in 5. By rule: these two, and activities in 4.
    rules = found.rules
    assert (rules.by_rule, rules.by_coders, rules.both, rules.same_stance) == (3, 3, 2, 1)
    assert (rules.precision, rules.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


@pytest.mark.parametrize("sheets", [(), (FIRST,), (FIRST, Judged("b", {}))])
def test_without_two_coders_everything_is_by_rule(sheets) -> None:
    final, found = reconciled(RULED, sheets, FRAME)
    assert final == RULED
    assert (found.coded, found.themes.value, found.stance.value, found.open) == (0, None, None, ())
    assert (found.rules.precision, found.rules.recall) == (None, None)
    assert all(one.value is None for one in found.by_theme)


stances = st.sampled_from(["supports", "contradicts", ""])
codes = st.dictionaries(
    st.tuples(st.just("I01"), st.integers(2, 6)),
    st.dictionaries(st.sampled_from(["paperwork", "activities"]), stances),
)


@settings(max_examples=30)
@given(first=codes, second=codes)
def test_a_passage_is_open_exactly_where_the_coders_differ(first, second) -> None:
    final, found = reconciled(RULED, [Judged("a", first), Judged("b", second)], FRAME)
    both = set(first) & set(second)
    assert {(one.interview, one.passage) for one in found.open} == {
        key for key in both if first[key] != second[key]
    }
    for key in both:
        if first[key] == second[key]:
            assert {call.theme: call.stance for call in final[key]} == first[key]
    for key in set(RULED) - both:
        assert final[key] == RULED[key]


def test_a_record_survives_its_file(tmp_path) -> None:
    from pipeline.text_analysis.reliability import read_reliability, write_reliability

    _, found = reconciled(RULED, [FIRST, SECOND], FRAME)
    for record in (found, Reliability()):
        write_reliability(record, tmp_path / "new" / "r.json")
        assert read_reliability(tmp_path / "new" / "r.json") == record
