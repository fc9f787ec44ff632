"""A small frame and a few made passages, for the tests of interviews and their coding."""

from datetime import date

from pipeline.text_analysis.coding import Codeframe
from pipeline.text_analysis.interviews import Unit

FRAME = Codeframe.model_validate(
    {
        "themes": [
            {"code": "paperwork", "name": {"zh": "填表"}, "problem": "A1.4", "include": ["填表"],
             "contradicts": ["少了"], "definition": {"zh": "重复填报"}},
            {"code": "activities", "name": {"zh": "活动"}, "problem": "A1.3", "include": ["活动"]},
            {"code": "roads", "name": {"zh": "修路"}, "include": ["路"]},
        ]
    }
)  # fmt: skip
SAID = (
    "填表太多，路也坏。",
    "填表少了。",
    "活动一开就散。",
    "没有什么可说的话题。",
    "村里的路不好走。",
)


def unit(passage: int, text: str, role: str = "村干部", interview: str = "I01") -> Unit:
    return Unit(interview, date(2026, 9, 8), "jia", "rural", passage, role, text)


def units() -> tuple[Unit, ...]:
    return (
        unit(1, "填表多吗？", role="访谈员"),
        *(unit(number, text) for number, text in enumerate(SAID, start=2)),
    )
