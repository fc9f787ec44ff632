import pytest
from jinja2 import UndefinedError

from pipeline.documents.html import environment, phrases, tidy


def test_templates_escape_and_refuse_missing_names():
    made = environment("pipeline.reporting", {"shout": str.upper})
    assert made.from_string("{{ shout(x) }}").render(x="<b>") == "&lt;B&gt;"
    with pytest.raises(UndefinedError, match="absent"):
        made.from_string("{{ absent }}").render()


def test_headings_break_between_phrases_only():
    assert phrases("发现：问题").count('class="nb"') == 2
    assert phrases("发现<b>") == "发现&lt;b&gt;"


def test_tidy_leaves_no_blank_lines():
    assert tidy("a  \n\n  \nb") == "a\nb\n"
