import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.shares import proportions
from pipeline.questionnaire.model import Questionnaire
from pipeline.text_analysis.coding import Codeframe
from pipeline.text_analysis.segment import Segmenter
from pipeline.text_analysis.theme import THEME_COLUMNS, theme_table

FRAME = Codeframe.model_validate(
    {
        "themes": [
            {"code": "paperwork", "name": {"zh": "填表", "en": "Forms"}, "problem": "A1.4", "include": ["填表", "台账"]},
            {"code": "roads", "name": {"zh": "修路"}, "include": ["修路"]},
            {"code": "unheard", "name": {"zh": "没人提"}, "include": ["月亮"]},
        ]
    }
)  # fmt: skip
DESIGN = SurveyDesign(weight="weight", strata=("stratum",), clusters=("psu",), lonely_psu="adjust")
SAID = (
    "村里填表太多，台账重复",
    "修路要紧，电话〔电话〕找〔姓名〕书记",
    "没有意见",
    None,
    "水渠要疏通",
)


def asked(domain_question: bool = True) -> Questionnaire:
    words = {"zh": "问", "en": "q"}
    yes_no = [{"code": 1, "text": words}, {"code": 2, "text": words}]
    questions = [
        {"name": "q1", "type": "single_choice", "text": words, "choices": yes_no, "domain": domain_question},
        {"name": "q2", "type": "open_ended", "text": words, "show_if": {"in": ["q1", [1, 2]]}},
    ]  # fmt: skip
    return Questionnaire.model_validate(
        {
            "survey": "small", "title": words, "population": words, "respondents": words, "minutes": 1,
            "mode": words, "commissioned_by": words, "conducted_by": words, "simulated": True,
            "limitation": words, "introduction": words, "frame_domains": ["county"],
            "sections": [{"title": words, "questions": questions}],
        }
    )  # fmt: skip


def respondents(count: int = 200) -> pd.DataFrame:
    """Every fifth respondent says each of `SAID`; the last ten were not asked the open question."""
    at = np.arange(count)
    return pd.DataFrame(
        {
            "respondent": [f"R{k:03d}" for k in at],
            "county": np.where(at % 5 < 2, "jia", "yi"),
            "stratum": np.where(at < count // 2, "a", "b"),
            "psu": [f"P{k // 10}" for k in at],
            "weight": 1.0 + (at % 7),
            "q1": pd.array(at % 2 + 1, dtype="Int64"),
            "q2__missing": np.where(at >= count - 10, "not_asked", np.where(at % 5 == 3, "no_answer", "")),
        }
    )  # fmt: skip


def verbatims(rows: pd.DataFrame) -> pd.DataFrame:
    told = [
        (name, "survey", "q2", SAID[k % 5], 0)
        for k, (name, why) in enumerate(zip(rows["respondent"], rows["q2__missing"], strict=True))
        if why == ""
    ]
    quarantined = ("Q", "survey", "q2", "填表", 0)
    columns = ["respondent", "source", "question", "text", "masked"]
    return pd.DataFrame([*told, quarantined], columns=columns)


@pytest.fixture(scope="module")
def cutter() -> Segmenter:
    return Segmenter()


def table_of(rows: pd.DataFrame, cutter: Segmenter, **changed: object) -> pd.DataFrame:
    given: dict = {
        "verbatims": verbatims(rows), "rows": rows, "questionnaire": asked(), "frame": FRAME,
        "segmenter": cutter, "design": DESIGN, "survey": "small", "wave": "w1",
    } | changed  # fmt: skip
    return theme_table(**given)


@pytest.fixture(scope="module")
def table(cutter) -> pd.DataFrame:
    return table_of(respondents(), cutter)


def test_the_columns_and_types_are_those_of_the_contract(table):
    assert list(table.columns) == list(THEME_COLUMNS)
    assert table["id"].is_unique
    assert table["id"].str.fullmatch("T-[0-9a-f]{10}").all()
    texts = table.select_dtypes("str")
    assert not texts.isna().any().any()
    assert str(table["n"].dtype) == "int64"
    assert str(table["presentable"].dtype) == "bool"


def test_shares_are_weighted_and_their_base_is_the_usable_answers(table):
    rows = respondents().iloc[:-10]
    at = np.arange(len(rows))
    usable = np.isin(at % 5, [0, 1, 4])
    row = table[(table["theme"] == "paperwork") & (table["domain"] == "all")].iloc[0]
    weight = rows["weight"].to_numpy()
    assert row["share"] == pytest.approx(weight[at % 5 == 0].sum() / weight[usable].sum())
    assert (row["n"], row["n_cell"]) == (usable.sum(), (at % 5 == 0).sum())
    assert (row["problem"], row["name_zh"], row["name_en"]) == ("A1.4", "填表", "Forms")
    assert row["keywords"] == "填表"


def test_standard_errors_are_those_of_domain_estimation(table):
    rows = respondents()
    at = np.arange(len(rows))
    usable = np.isin(at % 5, [0, 1, 4]) & (at < 190)
    rows["said"] = np.where(usable, (at % 5 == 0).astype(float), np.nan)
    for domain in ("all", "county", "q1"):
        expected = proportions(rows, ["said"], design=DESIGN, by=[domain], interval="beta_capped")
        expected = expected[expected["code"] == "1"].set_index("domain_value")
        found = table[(table["theme"] == "paperwork") & (table["domain"] == domain)]
        assert len(found) > 0
        for row in found.itertuples():
            reference = expected.loc[row.domain_value]
            for mine, theirs in (
                ("share", "value"),
                ("standard_error",) * 2,
                ("low",) * 2,
                ("n",) * 2,
            ):
                assert getattr(row, mine) == pytest.approx(reference[theirs], rel=1e-12)


def test_a_theme_that_nobody_named_has_a_share_of_zero(table):
    row = table[(table["theme"] == "unheard") & (table["domain"] == "all")].iloc[0]
    assert (row["share"], row["n_cell"]) == (0, 0)
    assert row["high"] > 0


def test_answers_without_substance_are_counted(table):
    coverage = table[table["kind"] == "coverage"].set_index("theme")
    assert coverage["n"].to_dict() == {"usable": 190, "noncommittal": 190, "no_answer": 190}
    assert coverage["n_cell"].to_dict() == {"usable": 114, "noncommittal": 38, "no_answer": 38}
    assert coverage["share"].sum() == pytest.approx(1)


def test_key_words_set_groups_apart_and_hold_no_masks(table):
    words = table[table["kind"] == "keyword"]
    assert not words["theme"].str.contains("〔|姓名|电话〕").any()
    county = words[(words["domain"] == "county") & (words["domain_value"] == "yi")]
    assert {"水渠", "疏通"} <= set(county["theme"])
    assert (county["keyness"] > 0).all()
    assert (county["q"] <= 0.05).all()
    common = words[words["domain"] == "all"]
    assert common["keyness"].isna().all()
    assert (common["n_cell"] == 38).all()
    assert (county["n_elsewhere"] == 0).all()
    assert common["n_elsewhere"].isna().all()


def test_small_groups_are_kept_and_say_why_they_may_not_be_shown(cutter):
    table = table_of(respondents(40), cutter)
    themes = table[table["kind"] == "theme"]
    assert (themes["n"] < 10).any()
    assert not themes["presentable"].any()
    assert set(themes["why_not"]) == {"n_below_30"}


def test_open_links_have_no_margin_of_error(cutter):
    rows = respondents().assign(stratum="", weight=1.0)
    rows["psu"] = rows["respondent"]
    links = SurveyDesign(weight="weight", clusters=("psu",), probability_sample=False)
    table = table_of(rows, cutter, design=links)
    assert len(table) > 0
    assert table[["standard_error", "low", "high"]].isna().all().all()


def test_silent_psus_stay_in_the_design(cutter):
    rows = respondents()
    silent = rows.iloc[[0]].assign(
        respondent=None, psu="P99", weight=0.0, q2__missing=None, q1=pd.NA
    )
    table = table_of(pd.concat([rows, silent]), cutter, verbatims=verbatims(rows))
    plain = table_of(rows, cutter).set_index("id")
    assert list(table["id"]) == list(plain.index)
    assert table["share"].to_numpy() == pytest.approx(plain["share"].to_numpy())
    one = table[(table["theme"] == "paperwork") & (table["domain"] == "all")].iloc[0]
    assert one["standard_error"] != plain.loc[one["id"], "standard_error"]


def test_an_empty_frame_leaves_words_and_coverage(cutter):
    table = table_of(respondents(), cutter, frame=Codeframe())
    assert set(table["kind"]) == {"keyword", "coverage"}


def test_without_answers_only_the_coverage_is_left(cutter):
    rows = respondents()
    table = table_of(rows, cutter, verbatims=verbatims(rows).iloc[:0])
    assert set(table["kind"]) == {"coverage"}
    assert table.set_index("theme")["n_cell"].to_dict() == {
        "usable": 0, "noncommittal": 0, "no_answer": 190,
    }  # fmt: skip


def test_without_open_questions_the_table_is_empty(cutter):
    survey = asked()
    closed = survey.model_copy(
        update={
            "sections": (
                survey.sections[0].model_copy(update={"questions": survey.questions[:1]}),
            )
        }
    )
    table = table_of(respondents(), cutter, questionnaire=closed)
    assert table.empty
    assert list(table.columns) == list(THEME_COLUMNS)
