"""From published tables to statements: what is claimed, and what is not."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.disclosure.interviews import publish_interviews
from pipeline.disclosure.public import PublicTables, read_public
from pipeline.errors import QuestionnaireError
from pipeline.findings.finding import Finding, marks, read_findings, write_findings
from pipeline.findings.rules import findings_of
from pipeline.i18n import Text
from tests.disclosure.made import (
    NONRESPONSE,
    codebook,
    comparison,
    comparisons,
    disclosed,
    estimate,
    estimates,
    passages,
    programme,
    survey,
    theme,
    themes,
)

AGREEING = passages(
    ("I01", "jia", 1, "填了三遍。", "A1.4", "supports"),
    ("I02", "yi", 1, "又填一遍。", "A1.4", "supports"),
)
AGAINST = passages(("I03", "yi", 1, "今年少了。", "A1.4", "contradicts"))


def heard(said: pd.DataFrame) -> pd.DataFrame:
    return publish_interviews(said, Path("absent.csv"))


def tables(folder: Path, *compared: dict[str, Any], **given: Any) -> PublicTables:
    rows = given.pop("estimates", estimates(estimate(400, 232)))
    against = compared or (comparison("standard", "all", "standard"),)
    disclosed(folder, estimates=rows, comparisons=comparisons(*against), **given)
    return read_public(folder)


def only(public: PublicTables, **definition: Any) -> Finding:
    (finding,) = findings_of(public, [codebook(survey(**definition))], programme())
    return finding


def test_above_the_standard(tmp_path: Path) -> None:
    finding = only(tables(tmp_path, themes=themes(theme(200, 60))))
    assert finding.id == "F-A1.4-01"
    assert (finding.grade, finding.against_standard, finding.headline) == ("B", "above", 1)
    cell, held = finding.estimate, finding.comparisons[0]
    assert finding.statement.zh == (
        f"参加过活动的党员群众中，[[{cell}:value]]的人重复填过表，"
        f"超过 [[{held}:value_b]] 的上限 [[{held}:gap]] 个百分点；需由州（市）研究是否合并台账。"
    )
    assert finding.statement.en == (
        f"Among participants (Residents), [[{cell}:value]] filled in forms twice, [[{held}:gap]] "
        f"points above the ceiling of [[{held}:value_b]]; at the level of the "
        "prefecture, to be studied: whether to merge the ledgers."
    )
    assert finding.contrary[0].zh == "未发现相反证据"
    assert finding.themes == ("T-theme-forms-all-",)
    assert finding.figure is not None
    assert finding.figure.n == 400


def test_every_mark_is_a_published_figure_and_no_number_is_written_out(tmp_path: Path) -> None:
    group = comparison("group", "jia", "rest", value_a=0.6, value_b=0.5, difference=0.1, q=0.01)
    rows = estimates(estimate(400, 232), estimate(200, 120, domain="county", domain_value="jia"))
    public = tables(
        tmp_path, comparison("standard", "all", "standard"), group, estimates=rows,
        interviews=heard(pd.concat([AGREEING, AGAINST])),
    )  # fmt: skip
    finding = only(public)
    for text in (finding.statement, *finding.notes, *finding.contrary):
        for cell, field in marks(text):
            assert public.text(cell, field)
        assert not re.search(r"\d", re.sub(r"\[\[.*?\]\]", "", text.zh))


@pytest.mark.parametrize(
    ("given", "verdict", "wording"),
    [
        ({}, "above", "超过"),
        ({"difference": -0.08}, "below", "的上限低"),
        ({"q": 0.06}, "no_difference", "的上限无明显差异"),
        ({"difference": 0.04, "q": 0.001}, "no_difference", "的上限无明显差异"),
        ({"difference": 0.0, "q": 1.0}, "no_difference", "的上限无明显差异"),
    ],
)
def test_a_difference_needs_q_and_size(
    tmp_path: Path, given: dict[str, float], verdict: str, wording: str
) -> None:
    finding = only(tables(tmp_path, comparison("standard", "all", "standard", **given)))
    assert finding.against_standard == verdict
    assert wording in finding.statement.zh
    assert (finding.headline is None) == (verdict == "no_difference")


def test_a_share_that_may_not_be_stated_is_no_finding(tmp_path: Path) -> None:
    rows = estimates(estimate(400, 232, presentable=False, why_not="interval_too_wide"))
    assert findings_of(tables(tmp_path, estimates=rows), [codebook()], programme()) == ()


def test_a_survey_without_measures_gives_none(tmp_path: Path) -> None:
    public = tables(tmp_path)
    assert findings_of(public, [codebook(survey(measured=False))], programme()) == ()


def test_interviews_from_two_sites_confirm_and_one_contradiction_makes_a_lead(
    tmp_path: Path,
) -> None:
    confirmed = only(tables(tmp_path / "a", interviews=heard(AGREEING)))
    assert confirmed.grade == "A"
    assert confirmed.interview_support == 2
    unchecked = only(tables(tmp_path / "b", interviews=heard(AGREEING), quality={}))
    assert unchecked.grade == "B"
    both = heard(pd.concat([AGREEING, AGAINST]))
    lead = only(tables(tmp_path / "c", interviews=both))
    assert lead.grade == "C"
    assert lead.headline is None
    assert lead.figure is not None
    assert (lead.figure.low, lead.figure.high) == (None, None)
    assert marks(lead.statement) == ((lead.estimate, "n"),) * 2  # no percentage
    assert marks(lead.contrary[0])[0][1] == "interviews"


@pytest.mark.parametrize(
    ("figure", "bad", "words"),
    [
        (("weights", "representativity"), 0.11, "差距超过限度"),
        (("item_nonresponse", "q1"), 0.21, "本题无应答率超过限度"),
        (("item_nonresponse", "q9"), 0.21, ""),  # another question's
    ],
)
def test_only_a_check_of_nonresponse_that_holds_confirms(
    tmp_path: Path, figure: tuple[str, str], bad: float, words: str
) -> None:
    quality = NONRESPONSE | {figure: bad}
    finding = only(tables(tmp_path, interviews=heard(AGREEING), quality=quality))
    assert finding.grade == ("B" if words else "A")
    assert words in finding.grade_reason.zh


def test_a_measure_changed_after_launch_is_exploratory(tmp_path: Path) -> None:
    public = tables(tmp_path, interviews=heard(AGREEING))
    (finding,) = findings_of(public, [codebook(changed=("q1",))], programme())
    assert finding.exploratory
    assert (finding.grade, finding.headline) == ("C", None)
    assert "启动后改动" in finding.grade_reason.zh
    assert "after launch" in finding.grade_reason.en
    assert finding.limitation.zh.startswith("样本小。")
    assert "启动后改动" in finding.limitation.zh
    assert "after launch" in finding.limitation.en
    (other,) = findings_of(public, [codebook(changed=("q9",))], programme())
    assert (other.exploratory, other.grade, other.limitation.zh) == (False, "A", "样本小")


def test_who_says_the_problem_is_there_is_heard_where_no_difference_is_found(
    tmp_path: Path,
) -> None:
    alike = comparison("standard", "all", "standard", q=0.5)
    finding = only(tables(tmp_path / "a", alike, interviews=heard(AGREEING)))
    assert (finding.against_standard, finding.grade) == ("no_difference", "B")
    assert marks(finding.contrary[0])[0][1] == "interviews"
    nobody = only(tables(tmp_path / "b", alike, interviews=heard(AGAINST)))
    assert nobody.contrary[0].zh == "未发现相反证据"


def test_interviews_that_report_the_problem_contradict_a_good_result(tmp_path: Path) -> None:
    good = comparison("standard", "all", "standard", difference=-0.1)
    finding = only(tables(tmp_path, good, interviews=heard(AGREEING)))
    assert (finding.against_standard, finding.grade) == ("below", "C")


def test_open_links_give_leads_without_margin(tmp_path: Path) -> None:
    finding = only(tables(tmp_path, probability_sample=False))
    assert (finding.grade, finding.against_standard) == ("C", "no_standard")
    assert finding.notes == ()


def test_groups_are_named_only_if_they_stand_out(tmp_path: Path) -> None:
    rows = estimates(
        estimate(400, 232),
        *(estimate(100, 60, domain="county", domain_value=c) for c in ("jia", "yi", "bing")),
    )
    compared = [
        comparison("standard", "all", "standard"),
        comparison("group", "jia", "rest", difference=0.1, q=0.01, n_a=100, n_b=200),
        comparison("group", "yi", "rest", difference=-0.04, q=0.01, n_a=100, n_b=200),
        comparison("group", "bing", "rest", difference=-0.2, q=0.2, n_a=100, n_b=200,
                   conclusion="no_difference"),
    ]  # fmt: skip
    (note,) = only(tables(tmp_path / "a", *compared, estimates=rows)).notes
    assert "甲县" in note.zh
    assert "乙县" not in note.zh
    assert "其余各组未见明显差异" in note.zh
    alike = [compared[0], compared[3]]
    (note,) = only(tables(tmp_path / "b", *alike, estimates=rows)).notes
    assert note.zh == "按县（市），在可公布的比较中没有明显差异。"


def test_the_place_of_a_question_is_kept_when_an_earlier_one_fails(tmp_path: Path) -> None:
    surveys = [survey("leaders"), survey("residents")]
    public = tables(tmp_path)  # nothing is published of leaders
    (finding,) = findings_of(public, [codebook(s) for s in surveys], programme())
    assert finding.id == "F-A1.4-02"
    again = findings_of(public, [codebook(s) for s in surveys[::-1]], programme())
    assert again == (finding,)


def test_at_most_five_headlines_the_farthest_beyond_first(tmp_path: Path) -> None:
    names = [f"s{i}" for i in range(7)]
    rows = estimates(*(
        estimate(400, 160 + 10 * i, survey=name) for i, name in enumerate(names)
    ))  # fmt: skip
    against = [
        comparison("standard", "all", "standard", survey=name) | {"id": f"C-{name}"}
        for name in names
    ]
    disclosed(tmp_path, estimates=rows, comparisons=comparisons(*against))
    public = read_public(tmp_path)
    design = public.designs[0]
    public = PublicTables(
        **{**public.__dict__, "designs": tuple(design.model_copy(update={"survey": n}) for n in names)}
    )  # fmt: skip
    found = findings_of(public, [codebook(survey(n)) for n in names], programme())
    order = {f.headline: f.survey for f in found if f.headline}
    assert order == {1: "s6", 2: "s5", 3: "s4", 4: "s3", 5: "s2"}


def test_a_problem_that_only_interviews_speak_of_is_a_lead(tmp_path: Path) -> None:
    said = passages(
        ("I01", "jia", 1, "图形式。", "A1.3", "supports"),
        ("I02", "yi", 1, "走过场。", "A1.3", "supports"),
    )
    public = tables(tmp_path / "a", interviews=heard(said))
    first, second = findings_of(public, [codebook()], programme())
    assert (first.id, first.grade, first.estimate) == ("F-A1.3-Q1", "C", "")
    assert second.id == "F-A1.4-01"
    alone = tables(tmp_path / "b", interviews=heard(said.iloc[:1]))
    assert [f.id for f in findings_of(alone, [codebook()], programme())] == ["F-A1.4-01"]


def test_only_the_latest_wave_speaks(tmp_path: Path) -> None:
    later = estimates(
        estimate(400, 232), estimate(500, 250, wave="2027-second") | {"id": "E-later"}
    )
    disclosed(tmp_path, estimates=later, comparisons=comparisons(), wave="2027-second")
    books = [codebook(wave="2027-second"), codebook()]
    (finding,) = findings_of(
        read_public(tmp_path), books, programme("2026-baseline", "2027-second")
    )
    assert (finding.wave, finding.estimate) == ("2027-second", "E-later")


def test_a_finding_of_a_later_wave_says_how_it_moved(tmp_path: Path) -> None:
    later = "2027-second"
    rows = estimates(estimate(400, 232), estimate(500, 250, wave=later) | {"id": "E-later"})
    since = comparison("wave", "", "2026-baseline", wave=later, domain="all", difference=-0.08,
                       q=0.01, conclusion="lower", why_not="")  # fmt: skip
    held = comparison("standard", "all", "standard", wave=later)
    disclosed(tmp_path, estimates=rows, comparisons=comparisons(held, since), wave=later)
    public = read_public(tmp_path)
    books = [codebook(wave=later), codebook()]
    plan = programme("2026-baseline", later)
    (finding,) = findings_of(public, books, plan)
    assert (finding.id, finding.wave) == ("F-A1.4-01", later)
    assert finding.statement.zh.endswith(f"比上一轮下降 [[{since['id']}:gap]] 个百分点。")
    assert public.text(since["id"], "gap") == "8"
    assert finding.change is not None
    assert finding.change.difference == -0.08
    assert since["id"] in finding.comparisons
    (lead,) = findings_of(public, [codebook(wave=later, changed=("q1",)), codebook()], plan)
    assert (lead.grade, lead.change) == ("C", None)
    assert "上一轮" not in lead.statement.zh


def test_a_definition_that_claims_a_cause_is_refused(tmp_path: Path) -> None:
    definition = survey()
    question, measure = next(definition.measures())
    causing = measure.model_copy(update={"claim": Text(zh="因为填表没有时间走访")})
    asked = question.model_copy(update={"measure": causing})
    section = definition.sections[0]
    questions = (asked, *section.questions[1:])
    changed = definition.model_copy(
        update={"sections": (section.model_copy(update={"questions": questions}),)}
    )
    with pytest.raises(QuestionnaireError, match="因为"):
        findings_of(tables(tmp_path), [codebook(changed)], programme())


def test_findings_are_read_back_as_written(tmp_path: Path) -> None:
    found = findings_of(tables(tmp_path), [codebook()], programme())
    write_findings(found, tmp_path / "findings.json")
    assert read_findings(tmp_path / "findings.json") == found
    first = (tmp_path / "findings.json").read_bytes()
    write_findings(read_findings(tmp_path / "findings.json"), tmp_path / "findings.json")
    assert (tmp_path / "findings.json").read_bytes() == first
