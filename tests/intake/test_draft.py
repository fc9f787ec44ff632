"""What is drafted reads back as it was drafted, and decodes to what was planted."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from pipeline.errors import QuestionnaireError
from pipeline.intake.draft import Draft, draft
from pipeline.intake.yaml_text import questionnaire_text, source_text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.read import read_questionnaire
from pipeline.responses.cell_words import normal
from pipeline.responses.decode import Decoded
from pipeline.responses.described import (
    Aside,
    Column,
    Described,
    Item,
    Joined,
    Option,
    Slots,
    Ticks,
)
from pipeline.responses.export import Export
from pipeline.responses.source import SOURCE, File, Source, read_source
from pipeline.responses.sourced import located, with_key
from pipeline.responses.table import RawTable
from tests.intake.planted import Planted, surveys, table_of


def drafted(table: RawTable, *items: Item, asides: tuple[Aside, ...] = ()) -> Draft:
    described = Described(items, asides)
    return draft("mine", table, described, layout="plain", files=[File(name="t.csv")])


def decoded(table: RawTable, source: Source, asked: Questionnaire) -> Decoded:
    keyed = with_key(table, source)
    export = Export(keyed, located(Path("raw"), keyed, source, asked), source)
    return export.decoded(keyed, "v", {"v": asked})


def answers(found: Decoded, question: Question, source: Source) -> list[object]:
    """Return what each row answered, in the words of the delivered cells."""
    rows = found.responses
    reasons = rows[f"{question.name}__missing"]
    texts = found.verbatims[found.verbatims["question"] == question.name]
    told = dict(zip(texts["respondent"], texts["text"], strict=True))
    made: list[object] = []
    for at in rows.index:
        match question:
            case _ if reasons[at]:
                made.append(reasons[at])
            case MultipleChoice():
                ticked = [
                    c.code for c in question.substantive if rows[f"{question.name}__{c.code}"][at]
                ]
                made.append(frozenset(ticked))
            case OpenEnded():
                made.append(told[rows["respondent"][at]])
            case _:
                made.append(rows[question.name][at])
    return made


def codes(question: Question, stands: Source, item: Item) -> dict[str, int]:
    """Return the code of each content of a multiple choice, as the source says it."""
    places = stands.questions[question.name]
    if isinstance(item.where, Ticks):
        by_header = {header: code for code, header in places.ticks.items()}
        return {cell: by_header[header] for cell, header in item.where.headers.items()}
    return {option.cell: places.values[normal(option.cell)] for option in item.options}


def expected(planted: Planted, question: Question, source: Source) -> list[object]:
    """Return the planted answers in the codes that the draft chose."""
    made: list[object] = []
    for answer in planted.answers:
        match question, answer:
            case MultipleChoice(), frozenset():
                coded = codes(question, source, planted.item)
                made.append(frozenset(coded[cell] for cell in answer))
            case SingleChoice() | Scale(), str() if answer not in {
                o.missing for o in planted.item.options
            } | {"no_answer"}:
                by_name = {choice.exported_as: choice.code for choice in question.choices}
                made.append(by_name[normal(answer)])
            case _:
                made.append(answer)
    return made


@settings(max_examples=18)
@given(surveys())
def test_a_draft_reads_back_and_decodes_to_what_was_planted(survey: list[Planted]) -> None:
    table = table_of({h: cells for one in survey for h, cells in one.columns.items()})
    made = drafted(table, *(one.item for one in survey))
    with TemporaryDirectory() as folder:
        definition = Path(folder) / "questionnaire.yaml"
        guessed = {q.name: ("猜的: #1\n两行 \x07",) for q in made.questionnaire.questions}
        definition.write_text(questionnaire_text(made.questionnaire, guessed), encoding="utf-8")
        (Path(folder) / SOURCE).write_text(source_text(made.source), encoding="utf-8")
        asked, source = read_questionnaire(definition), read_source(Path(folder))
    assert asked == made.questionnaire
    assert source is not None
    assert source == made.source
    assert len(asked.questions) == len(survey)
    found = decoded(table, source, asked)
    assert found.responses["undecoded"].tolist() == [""] * len(table.cells)
    for planted, question in zip(survey, asked.questions, strict=True):
        assert answers(found, question, source) == expected(planted, question, source)


ONE = (Option("甲", ""), Option("乙", ""), Option("拒", "", "refused"))
COLUMNS = {
    "one": ["甲", "乙", "?", "甲", "1"],
    "joined": ["甲、乙", "乙", "甲、?", "拒", "甲、1"],
    "s1": ["甲", "乙", "?", "拒", "2"],
    "s2": ["乙", "", "甲", "", "-"],
    "t1": ["Y", "N", "Y", "Y", "1"],
    "t2": ["N", "Y", "?", "Y", "TRUE"],
}


@pytest.mark.parametrize(
    ("item", "named"),
    [
        (Item("？", Column("one"), "q", "single_choice", ONE), ["q=?", "q=“1”"]),
        (Item("？", Joined("joined", "、"), "q", "multiple_choice", ONE), ["q=?", "q=“1”"]),
        (Item("？", Slots(("s1", "s2")), "q", "multiple_choice", ONE), ["q=?", "q=“2” “-”"]),
        (
            Item(
                "？", Ticks({"甲": "t1", "乙": "t2"}, ("Y",), ("N",)), "q", "multiple_choice", ONE
            ),
            ["q=2=?", "q=1=“1” 2=“TRUE”"],
        ),
    ],
    ids=["column", "joined", "slots", "ticks"],
)
def test_content_that_nothing_explains_is_named_and_never_taken_for_a_code(
    item: Item, named: list[str]
) -> None:
    table = table_of(COLUMNS)
    options = item.options[: 2 if isinstance(item.where, Ticks) else 3]
    made = drafted(table, Item(item.text, item.where, "q", item.kind, options))
    rows = decoded(table, made.source, made.questionnaire).responses
    assert rows["undecoded"].tolist() == ["", "", named[0], "", named[1]]


def test_ticks_beside_a_reason_count_and_a_reason_alone_is_one() -> None:
    columns = {"t1": ["1", "0", "-3", ""], "t2": ["-3", "-3", "-3", ""]}
    where = Ticks({"甲": "t1", "乙": "t2"}, ("1",), ("0",), {"-3": "not_asked"})
    table = table_of(columns)
    made = drafted(table, Item("？", where, "q", "multiple_choice", ONE[:2]))
    rows = decoded(table, made.source, made.questionnaire).responses
    assert rows["q__missing"].tolist() == ["", "not_asked", "not_asked", "no_answer"]
    assert rows[["q__1", "q__2"]].iloc[0].tolist() == [1, 0]


def test_the_same_content_in_two_widths_is_one_option() -> None:
    options = (Option("A", "甲"), Option("Ａ", "again"), Option("NA", "空"), Option(" b ", ""))
    made = drafted(
        table_of({"q": ["A", "b"]}), Item("？", Column("q"), "q", "single_choice", options)
    )
    (question,) = made.questionnaire.questions
    assert isinstance(question, SingleChoice)
    assert [(c.code, c.name, c.text.zh) for c in question.choices] == [
        (1, "A", "甲"),
        (2, "b", "b"),
    ]


def test_columns_called_alike_stay_two_choices_and_one_without_a_column_is_none() -> None:
    where = Ticks({"A": "x", "Ａ": "y", "c": "z"}, ("1",), ("0",))
    options = (Option("A", "甲"), Option("Ａ", "乙", exclusive=True), Option("gone", "没有列"))
    table = table_of({"x": ["1", "0"], "y": ["0", "1"], "z": ["0", "0"]})
    made = drafted(table, Item("？", where, "q", "multiple_choice", options))
    (question,) = made.questionnaire.questions
    assert isinstance(question, MultipleChoice)
    assert [(c.text.zh, c.exclusive) for c in question.choices] == [
        ("甲", False), ("乙", True), ("c", False)
    ]  # fmt: skip
    assert made.source.questions["q"].ticks == {1: "x", 2: "y", 3: "z"}


def test_figures_keep_their_value_with_a_point_and_beside_words_for_missing() -> None:
    options = (
        Option("0.0", "无"), Option("5.0", "有"), Option(".a", "拒", "refused"), Option("1", "问", "not_asked")
    )  # fmt: skip
    made = drafted(table_of({"q": ["0.0"]}), Item("？", Column("q"), "q", "scale", options))
    (question,) = made.questionnaire.questions
    assert isinstance(question, Scale)
    assert [(c.code, c.name) for c in question.choices] == [
        (0, "0.0"), (5, "5.0"), (1, "1"), (6, ".a")
    ]  # fmt: skip


def test_numbers_with_missing_codes_of_every_form() -> None:
    options = (
        Option("998", "不知道", "dont_know"), Option("998.0", "again", "refused"),
        Option("拒答", "", "refused"), Option(".b", "跳过", "not_asked"), Option("3", "三"),
    )  # fmt: skip
    table = table_of({"q": ["-2.5", "4", "拒答", ".b"] * 5})
    (question,) = drafted(
        table, Item("？", Column("q"), "q", "number", options)
    ).questionnaire.questions
    assert isinstance(question, Number)
    assert question.decimals == 2
    assert [(c.code, c.name, c.missing) for c in question.missing_codes] == [
        (998, "", "dont_know"), (-4, "拒答", "refused"), (-5, ".b", "not_asked")
    ]  # fmt: skip


def test_a_number_that_is_mostly_words_is_asked_as_open_and_says_so() -> None:
    table = table_of({"q": ["几个", "很多", "3", "NA"]})
    made = drafted(table, Item("？", Column("q"), "q", "number", guessed=("像数字。",)))
    assert isinstance(made.questionnaire.questions[0], OpenEnded)
    assert made.guessed["q"][0] == "像数字。"
    assert "先作开放题" in made.guessed["q"][1]


def test_without_two_options_there_is_no_question() -> None:
    table = table_of({"q": ["甲", "甲"], "w": ["1", "2"]})
    one = Item(
        "？", Column("q"), "q", "single_choice", (Option("甲", ""), Option("拒", "", "refused"))
    )
    made = drafted(table, one, Item("？", Column("w"), "w", "number"))
    assert [q.name for q in made.questionnaire.questions] == ["w"]
    assert [(a.header, a.role) for a in made.asides] == [("q", "constant")]
    with pytest.raises(QuestionnaireError, match=r"没有一列可以作题目（q：.*）"):
        drafted(table, one)


def test_a_key_is_one_only_if_it_tells_responses_apart() -> None:
    table = table_of({"id": ["1", "1"], "no": ["a", "b"], "q": ["1", "2"]})
    asides = (
        Aside("id", "key", "编号。"),
        Aside("no", "key", "编号。"),
        Aside("no", "start", "时间。"),
    )
    made = drafted(table, Item("？", Column("q"), "q", "number"), asides=asides)
    assert made.source.key == "no"
    assert made.source.fields == {"start": "no"}


def test_scales_of_one_matrix_with_the_same_codes_are_a_battery() -> None:
    points = tuple(Option(str(n), f"{n}级") for n in range(1, 4))
    other = tuple(Option(str(n), "") for n in range(1, 6))
    items = [
        Item("？", Column(f"v{n}"), f"v{n}", "scale", points if n < 4 else other, group="满意度", group_text="满意")
        for n in range(1, 6)
    ]  # fmt: skip
    made = drafted(table_of({f"v{n}": ["1"] for n in range(1, 6)}), *items)
    (battery,) = made.questionnaire.batteries
    assert battery.title.zh == "满意"
    assert [q.name for q in made.questionnaire.items_of(battery.name)] == ["v1", "v2", "v3"]


def test_pages_keep_groups_together() -> None:
    items = [
        Item("？", Column(f"v{n}"), f"v{n}", "number", group="g" if n > 12 else "")
        for n in range(1, 21)
    ]
    made = drafted(
        table_of({f"v{n}": ["1"] for n in range(1, 21)}),
        *items,
        Item("？", Column("v1"), "z", "open_ended"),
    )
    assert [len(section.questions) for section in made.questionnaire.sections] == [20, 1]
