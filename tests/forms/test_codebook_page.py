"""The codebook for people: everything asked stands on it, and nothing runs or is fetched."""

import re
from html import unescape
from pathlib import Path

import pytest

from pipeline.forms.codebook_page import page
from pipeline.questionnaire.blocks import Matrix
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion
from pipeline.questionnaire.read import read_questionnaire, version_hash

HERE = Path(__file__).parent


@pytest.fixture(scope="module", params=["every_type", "residents"])
def questionnaire(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    if request.param == "every_type":
        return read_questionnaire(HERE / "every_type.yaml")
    return read_questionnaire(root / "questionnaires" / request.param / "questionnaire.yaml")


@pytest.fixture(scope="module")
def shown(questionnaire: Questionnaire) -> str:
    return page(questionnaire)


def test_everything_that_is_asked_stands_on_it(shown: str, questionnaire: Questionnaire) -> None:
    text = unescape(shown)
    for block in questionnaire.blocks:
        assert f'id="{block.name}"' in text
        for language in questionnaire.languages:
            assert block.text(language) in text, (block.name, language)
        if isinstance(block, Matrix):
            for item in block.items:
                assert item.text.zh in text
        if isinstance(block, ChoiceQuestion | Matrix):
            for choice in block.choices:
                assert f'<td>{choice.code}</td><td><div class="texts"><p>{choice.text.zh}' in text
    assert version_hash(questionnaire) in text


def test_a_routed_question_says_who_is_asked(shown: str, questionnaire: Questionnaire) -> None:
    routed = [block for block in questionnaire.blocks if block.show_if is not None]
    assert routed
    for block in routed:
        entry = shown.split(f'<article id="{block.name}">')[1].split("</article>")[0]
        assert "只问这些人" in entry


def test_nothing_runs_and_nothing_is_fetched(shown: str) -> None:
    assert "<script" not in shown
    assert not re.search(r"(?:src|href)=", shown)
    assert "default-src 'none'" in unescape(shown)


def test_words_of_a_definition_are_escaped(questionnaire: Questionnaire) -> None:
    raw = questionnaire.model_dump()
    raw["title"] = {"zh": "<b>&题目"}
    assert "&lt;b&gt;&amp;题目" in page(Questionnaire.model_validate(raw))
