"""Question texts are the same whatever a system adds to them."""

import pytest

from pipeline.responses.layouts.wording import title


@pytest.mark.parametrize(
    "written", ["满意吗？", " 满意 吗?", "满意吗？(单选题 *必答)", "满意吗？*[量表题]", "满意吗？【必答】"]
)  # fmt: skip
def test_blanks_widths_and_type_marks_do_not_count(written: str) -> None:
    assert title(written) == "满意吗?"


def test_words_in_brackets_do() -> None:
    assert title("哪些？（最多选3项）") != title("哪些？")
