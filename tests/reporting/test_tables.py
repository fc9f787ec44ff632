import dataclasses

from pipeline.reporting.tables import Results, first_screen


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
    assert [word["theme"] for word in results.keywords("q06")] == ["水渠"]


def test_the_first_screen_has_at_most_five_findings(fictitious):
    many = [fictitious.finding(1, headline=place) for place in (5, 4, 3, 2, 1, 1)]
    shown = first_screen([*many, fictitious.finding(2, headline=None)])
    assert len(shown) == 5
    assert [finding.headline for finding in shown] == [1, 1, 2, 3, 4]


def test_areas_say_what_was_not_measured(site):
    first, second = site.areas
    assert [code.problem.code for code in first.measured] == ["A1.1", "A1.4"]
    assert [code.problem.code for code in first.unmeasured] == ["A1.2"]
    assert second.measured == ()
    assert first.measured[0].measures[0].verdict == "higher"
    assert first.measured[0].measures[0].finding.id == "F-A1.1-01"
