"""Which importer reads a file; no damaged file ends in another error."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.importers.recognise import recognise

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.txt", "class\ttype/scale\tname\trelevance\ttext\n", "LimeSurvey 问卷结构"),
        ("a.txt", "1. 您的性别 A.男 B.女", "文本问卷"),
        ("a.json", '{"SurveyEntry": {}, "SurveyElements": []}', "Qualtrics 问卷（.qsf）"),
        ("a.json", '{"pages": []}', "SurveyJS 问卷"),
        ("a.lss", "<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", "LimeSurvey 问卷结构"),
        ("a.sav", "", "统计软件的变量说明"),
        ("a.docx", "", "Word 问卷"),
        ("a.xlsx", "", "XLSForm"),
    ],
)  # fmt: skip
def test_known_files(name: str, content: str, title: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert recognise(path).title == title


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a.bin"])
def test_others_are_refused_with_a_way_out(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("hello", encoding="utf-8")
    with pytest.raises(SurveyError, match=r"\.docx|能读的有"):
        recognise(path)
    with pytest.raises(SurveyError, match="找不到"):
        recognise(tmp_path / "none.txt")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the content with bytes flipped, cut, doubled or moved."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case 2:
                made[at:at] = made[at : at + chance.randint(1, 60)]
            case _:
                made[at:at] = chance.choice(
                    [b'"', b"}", b"\n", b"\t", b"<", b"(", b"1. ", b"\xff"]
                )
        if not made:
            break
    return bytes(made) or b" "


SEEDS = {
    "a.json": b'{"title": "t", "pages": [{"elements": [{"type": "radiogroup", "name": "a", "choices": [1, {"value": 2, "text": {"default": "x"}}]}, {"type": "matrix", "name": "m", "columns": [1, 2], "rows": ["r"], "visibleIf": "{a} = 1 and {b} contains 2"}, {"type": "paneldynamic", "name": "p", "maxPanelCount": 3, "templateElements": [{"type": "text", "name": "n", "inputType": "number", "min": 1}]}, {"type": "rating", "name": "r", "rateMax": 9}]}]}',
    "a.qsf": b'{"SurveyEntry": {"SurveyName": "t"}, "SurveyElements": [{"Element": "SQ", "PrimaryAttribute": "QID1", "Payload": {"QuestionID": "QID1", "DataExportTag": "Q1", "QuestionType": "MC", "Selector": "SAVR", "QuestionText": "a", "Choices": {"1": {"Display": "x"}, "2": {"Display": "y"}}, "RecodeValues": {"1": "3", "2": "4"}}}, {"Element": "SQ", "PrimaryAttribute": "QID2", "Payload": {"QuestionID": "QID2", "QuestionType": "Matrix", "Selector": "Likert", "SubSelector": "SingleAnswer", "Choices": {"1": {"Display": "r"}}, "Answers": {"1": {"Display": "x"}, "2": {"Display": "y"}}, "DisplayLogic": {"0": {"0": {"LogicType": "Question", "LeftOperand": "q://QID1/SelectableChoice/1", "Operator": "Selected"}}}}}]}',
    "a.lss": b'<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><rows><row><qid>1</qid><gid>1</gid><type>L</type><title>q1</title><question>a</question><relevance>1</relevance></row><row><qid>2</qid><gid>1</gid><type>M</type><title>q2</title><relevance>q1.NAOK == "A"</relevance></row></rows></questions><subquestions><rows><row><parent_qid>2</parent_qid><qid>3</qid><title>S1</title></row></rows></subquestions><answers><rows><row><qid>1</qid><code>A</code><answer>x</answer></row><row><qid>1</qid><code>B</code><answer>y</answer></row></rows></answers></document>',
}


@pytest.mark.parametrize("name", [*SEEDS, "a.txt"])
def test_damaged_files_are_read_or_refused(name: str, tmp_path: Path) -> None:
    seed = SEEDS.get(name) or (HERE / "questionnaire.txt").read_bytes()[:1500]
    chance = random.Random(6)
    path = tmp_path / name
    read = 0
    for _ in range(40):
        damaged = mutated(seed, chance)
        if chance.random() < 0.7:  # half a character alone ends most readings before they begin
            damaged = damaged.decode("utf-8", "ignore").encode()
        path.write_bytes(damaged)
        with suppress(SurveyError):
            recognise(path).read(path, "trial")
            read += 1
    assert read > 0
