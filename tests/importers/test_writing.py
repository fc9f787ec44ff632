"""What is written reads back as it was, lists once, remarks above their question."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.i18n import Text
from pipeline.importers.building import Building, cleaned, tag_of, worded
from pipeline.importers.imported import Imported
from pipeline.importers.writing import bare_points
from pipeline.questionnaire.blocks import Note
from pipeline.questionnaire.expressions import And, Empty, In, Not, compared
from pipeline.questionnaire.questions import Choice, Number, Scale, SingleChoice
from pipeline.questionnaire.read import read_questionnaire
from tests.importers.laws import written_and_read

YES_NO = (Choice(code=1, text=Text(zh="是")), Choice(code=2, text=Text(zh="否")))


def single(name: str, **more: object) -> SingleChoice:
    held = {"type": "single_choice", "name": name, "text": Text(zh=name), "choices": YES_NO}
    return SingleChoice.model_validate({**held, **more})


def test_a_questionnaire_of_the_project_reads_back_equal(root: Path, tmp_path: Path) -> None:
    path = root / "questionnaires" / "residents" / "questionnaire.yaml"
    written_and_read(Imported(read_questionnaire(path)), tmp_path)


def test_shared_lists_are_written_once_and_remarks_stand_above(tmp_path: Path) -> None:
    building = Building(tmp_path / "a.txt", "trial")
    for name in ("q1", "q2"):
        building.add(single(name))
    building.mended("q2", "选项重复，\n只留第一个。")
    text = written_and_read(building.finished(), tmp_path)
    assert text.count("zh: 是") == 1
    assert "choices: q1_choices" in text
    lines = text.splitlines()
    above = lines.index("      # 选项重复， 只留第一个。")
    assert "name: q2" in lines[above + 1]


def test_a_row_of_numbers_is_written_by_its_ends(tmp_path: Path) -> None:
    building = Building(tmp_path / "a.txt", "trial")
    refused = Choice(code=99, text=Text(zh="拒答"), missing="refused")
    choices = (*bare_points(0, 10), refused)
    building.add(Scale(type="scale", name="q1", text=Text(zh="打分"), choices=choices))
    assert "points: {from: 0, to: 10}" in written_and_read(building.finished(), tmp_path)


def test_a_condition_on_what_comes_later_is_left_out_and_told(tmp_path: Path) -> None:
    building = Building(tmp_path / "a.txt", "trial")
    building.add(single("q1", show_if=compared("q2", "=", 1)))
    building.add(single("q2", show_if=compared("q1", "=", 7)))
    building.add(single("q3", show_if=compared("q1", "=", 1)))
    imported = building.finished()
    shown = [block.show_if for block in imported.questionnaire.blocks]
    assert shown == [None, None, compared("q1", "=", 1)]
    assert [one[:2] for one in imported.lost] == ["q2", "q1"]


def test_export_names_that_two_have_are_left_out(tmp_path: Path) -> None:
    building = Building(tmp_path / "a.txt", "trial")
    building.add(single("q1", column="Q"))
    building.add(single("q2", column="Q"))
    assert [q.exported_as for q in building.finished().questionnaire.questions] == ["q1", "q2"]


def test_texts_keep_every_language() -> None:
    text = worded({"en-GB": "Yes", "zh-Hans": "是", "Français (fr)": "Oui", "": ""})
    assert (text.zh, text.en, text("fr")) == ("是", "Yes", "Oui")
    assert worded({"et": "Jah"}).languages == ("et",)
    assert tag_of("Portuguese spoken in Brazil").startswith("und")


words = st.text(min_size=1, max_size=30).filter(lambda one: bool(cleaned(one)))


@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.tuples(words, words), min_size=2, max_size=4),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.sampled_from(["zh", "en", "fr"]),
)
def test_any_wording_survives(pairs: list[tuple[str, str]], bound: float, language: str) -> None:
    with TemporaryDirectory() as folder:
        building = Building(Path(folder) / "a", "trial")
        building.add(Number(type="number", name="n", text=Text(zh="数"), minimum=bound))
        building.add(Note(type="note", name="said", text=worded({language: pairs[0][0]})))
        for at, (stem, label) in enumerate(pairs):
            first = Choice(code=1, text=worded({language: label, "en": stem}), name=cleaned(label))
            second = Choice(code=2, text=Text(zh="否"))
            if first.exported_as == "2":
                first = first.model_copy(update={"name": ""})
            route = And((Not(Empty("n")), compared("n", ">", 2))) if at else None
            if at > 1:
                route = In("q0", (1, 2))
            building.add(
                single(
                    f"q{at}", text=worded({language: stem}), choices=(first, second), show_if=route
                )
            )
        building.mended("q0", pairs[0][1])
        written_and_read(building.finished(), Path(folder))
