import dataclasses

from pipeline.reporting.changes import change_of
from pipeline.reporting.pages import first_screen
from pipeline.reporting.tables import Results


def test_a_group_keeps_its_row_where_its_figure_may_not_be_shown(site):
    banners = site.results[0].banners("q01", "1+2")
    assert [banner.name.zh for banner in banners] == ["县（市）", "领域", "性别"]
    setting = {group.name.zh: group.cell for group in banners[1].groups}
    assert setting == {
        "农村": "E-q01_setting_rural",
        "社区": "E-q01_setting_community",
        "医院": "",
    }
    assert banners[1].groups[2].why == "too_few"


def test_a_withheld_group_is_not_called_small(fictitious, tmp_path):
    """A large group is withheld where a small one could be computed from it."""
    site = fictitious.site_of(tmp_path)
    rows = site.disclosed.estimates
    kept = rows[rows["id"] != "E-q01_sex_2"]
    disclosed = dataclasses.replace(site.disclosed, estimates=kept)
    results = Results(disclosed, site.programme, site.codebooks[0])
    women = results.banners("q01", "1+2")[2].groups[1]
    assert (women.name.zh, women.cell, women.why) == ("女", "", "withheld_row")


def test_every_answer_of_a_question_is_listed_then_its_mean(site):
    results = site.results[0]
    question = results.codebook.questionnaire.question
    assert [line.cell for line in results.answers(question("q01"))] == [
        f"E-q01_{code}" for code in range(1, 6)
    ]
    assert [line.cell for line in results.answers(question("q04"))] == ["E-q04"]
    assert results.answers(question("q06")) == ()


def test_themes_go_by_share_and_words_need_a_test(site):
    results = site.results[0]
    assert [theme["theme"] for theme in results.themes("q06")] == ["roads", "forms", "care"]
    assert [theme["theme"] for theme in results.hardly_named("q06")] == ["cinema"]
    assert [word["theme"] for word in results.keywords("q06")] == ["水渠"]


def test_the_first_screen_has_at_most_five_findings(site, fictitious):
    many = [fictitious.finding(1, headline=place) for place in (5, 4, 3, 2, 1, 1)]
    last = fictitious.finding(2, headline=None)
    shown = first_screen(dataclasses.replace(site, findings=(*many, last)).finding_views)
    assert len(shown) == 5
    assert [view.finding.headline for view in shown] == [1, 1, 2, 3, 4]


def test_areas_say_what_was_not_measured(site):
    first, second, third = site.areas
    assert [code.problem.code for code in first.measured] == ["A1.1", "A1.4"]
    assert [code.problem.code for code in first.unmeasured] == ["A1.2"]
    assert [code.problem.code for code in second.unmeasured] == ["A2.2"]
    assert third.measured == ()
    assert first.measured[0].measures[0].verdict == "higher"
    assert first.measured[0].measures[0].finding.id == "F-A1.1-01"


def test_findings_speak_of_the_latest_wave_and_quality_of_both(site):
    assert [(one.survey, one.wave) for one in site.results] == [
        ("branches", "2026-first"), ("offices", "2026-first"),
    ]  # fmt: skip
    assert [one.wave for one in site.earlier] == ["2025-second", "2025-second"]
    assert [one.wave for one in site.by_survey["offices"]] == ["2025-second", "2026-first"]
    assert site.before["branches"].total("q01", "1+2")["value"] == 0.3912


def test_a_code_that_two_surveys_measure_names_both(site):
    measures = site.areas[0].measured[0].measures
    assert [one.results.survey for one in measures] == ["branches", "offices"]
    assert [one.verdict for one in measures] == ["higher", "no_difference"]


def test_a_change_is_said_only_where_the_waves_compare(site):
    code = {code.problem.code: code for area in site.areas for code in area.codes}
    first, other = code["A1.1"].measures
    assert (first.change.movement, first.change.earlier) == ("lower", "E-q01all-b")
    assert first.change.compared
    assert (other.change.movement, other.change.why_not) == ("not_comparable", "wording")
    assert not other.change.compared
    assert code["A1.4"].measures[0].change.movement == "no_difference"


def test_a_change_without_a_test_or_a_figure_is_not_said(site):
    results, before = site.results[0], site.before["branches"]
    table = site.disclosed.comparisons

    def changed(**values):
        rows = table.copy()
        for name, value in values.items():
            rows.loc[rows["id"] == "C-q01was", name] = value
        told = dataclasses.replace(site.disclosed, comparisons=rows)
        return change_of(Results(told, site.programme, results.codebook), before, "q01", "1+2")

    assert changed().movement == "lower"
    assert changed(q=float("nan")).movement == "untested"
    assert changed(difference=float("nan")).movement == "withheld"
    gone = dataclasses.replace(site.disclosed, comparisons=table[table["id"] != "C-q01was"])
    alone = Results(gone, site.programme, results.codebook)
    assert change_of(alone, before, "q01", "1+2").movement == "withheld"
    assert change_of(alone, None, "q01", "1+2").movement == "one_wave"


def test_followups_go_by_verdict_and_tell_what_the_register_says_otherwise(site):
    assert [group.verdict for group in site.verdicts] == [
        "worsened", "improved", "not_improved", "insufficient", "untested",
    ]  # fmt: skip
    views = site.followup_views
    assert list(views) == [problem.number for problem in site.listed_problems]
    otherwise = [number for number, view in views.items() if view.recorded_otherwise]
    assert otherwise == ["A1-2026-002"]
    assert (views["A1-2026-002"].group.zh, views["A1-2026-001"].group.zh) == ("甲县", "")
    assert not views["A1-2026-005"].tested
    assert views["A1-2026-005"].respondents.zh == "单位经办人"


def test_comparisons_of_a_finding_go_by_kind_then_as_the_groups_are_defined(site):
    view = next(view for view in site.finding_views if view.finding.id == "F-A1.1-01")
    assert [row["id"] for row in view.comparisons] == [
        "C-q01std", "C-q01was", "C-q01wasjia", "C-q01wasbing", "C-q01jia", "C-q01yi",
    ]  # fmt: skip
