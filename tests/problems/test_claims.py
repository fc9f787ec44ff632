import runpy
from pathlib import Path

import pytest

from pipeline.disclosure.claims import Sentence
from pipeline.disclosure.public import read_public
from pipeline.i18n import Text
from pipeline.problems.claims import claims_of, filled


@pytest.fixture(scope="module")
def made():
    return runpy.run_path(str(Path(__file__).parents[1] / "reporting" / "fictitious.py"))


@pytest.fixture(scope="module")
def disclosed(made, tmp_path_factory):
    return read_public(made["write_disclosed"](tmp_path_factory.mktemp("claims") / "disclose"))


def test_marks_are_filled_and_a_figure_that_is_gone_stays_a_mark(disclosed):
    text = Text(zh="[[E-q01all:value]]的人", en="[[E-gone:value]] of people")
    assert filled(text, "zh", disclosed) == Sentence("31%的人", (("E-q01all", "value"),))
    assert filled(text, "en", disclosed).text == "[[E-gone:value]] of people"


def test_a_changed_finding_leaves_a_problem_its_sentence_on_record_only(made, disclosed):
    current, changed = made["problem"](), made["problem"](finding_link="changed")
    claims = claims_of((), (), (current, changed), disclosed)["zh"]
    assert [len(claim.readings) for claim in claims] == [2, 1]
    assert claims[1].readings[0].text == changed.basis.zh


def test_a_lead_has_no_notes_and_the_first_screen_holds_five(made, disclosed):
    one = made["finding"](1)
    lead = one.model_copy(update={"grade": "C"})
    six = [one.model_copy(update={"id": f"F-A1.1-0{k}", "headline": 5}) for k in range(1, 7)]
    claims = claims_of((lead, *six), (), (), disclosed)["en"]
    assert claims[0].lead
    assert claims[0].notes is None
    assert sum(claim.headline for claim in claims_of(six, (), (), disclosed)["en"]) == 5
