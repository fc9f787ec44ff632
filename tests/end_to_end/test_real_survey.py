"""A real survey that nobody here wrote goes through the whole pipeline, and gives what was published.

Source: impact-initiatives/cleaningtools (MIT), household survey on water supply in Tal Afar, 2021:
632 interviews as exported, 578 after cleaning, and the published analysis of the latter.
"""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.text_analysis.notes import note_files
from tests.end_to_end.scratch import copied, in_one_process

FACTS = Path(__file__).parent / "iraq"
FILES = "samples/microdata/pairs/xlsform_iraq"
PUBLISHED_WRONG = {("primary_livelihood", "own_business")}
"""156 households of 578 asked, as the table itself says; its share is 156 / 512, of another base."""
HEADERS = {
    "questionnaires/tal_afar/margins.csv": "variable,category,population\n",
    "questionnaires/tal_afar/codeframe.yaml": "themes: []\n",
    "questionnaires/tal_afar/lexicon.txt": "",
    "questionnaires/tal_afar/versions/.gitkeep": "",
    "data/raw/draws/tal_afar/2021/sites.csv": "site,stratum,county,setting,persons,p1\n",
    "data/raw/draws/tal_afar/2021/persons.csv": "person,site,p2,persons_in_site\n",
    "data/raw/tal_afar/2021/dispositions.csv": "person,disposition\n",
    "data/raw/tal_afar/2021/corrections.csv": "key,column,old,new,reason,who\n",
}
STAGES = (
    "form tal_afar", "verify_draw", "ingest tal_afar 2021", "interviews", "validate tal_afar",
    "judge", "sample tal_afar", "weight tal_afar", "estimate tal_afar", "themes tal_afar",
    "compare tal_afar", "disclose", "findings", "problems --as-of 2021-10-01",
    "followup --as-of 2021-10-01", "report --as-of 2021-10-01", "audit",
)  # fmt: skip
EXAMPLE = ("cadres", "residents", "served_units")
PARAMS = """\
as_of: "2021-10-01"
surveys:
  tal_afar: {survey: tal_afar}
runs:
  tal_afar_2021: {survey: tal_afar, wave: "2021"}
weight: {tolerance: 1.0e-06}
sample: {callback_share: 0.05, double_coding_share: 0.2}
level: 0.95
"""


def project(root: Path, scratch: Path, export: Path) -> Path:
    """Make a project that holds this survey alone, as an analyst with her own data would."""
    copied(root, scratch)
    for survey in EXAMPLE:
        shutil.rmtree(scratch / "data/raw" / survey)
        shutil.rmtree(scratch / "questionnaires" / survey)
    shutil.rmtree(scratch / "data/raw/draws")
    for note in note_files(scratch / "data/raw/interviews"):
        note.unlink()
    shutil.rmtree(scratch / "data/raw/interviews/coding")
    for name, content in HEADERS.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_text(content, encoding="utf-8")
    for name in ("frame/sites.csv", "register/events.csv", "interviews/signoff.csv"):
        kept = scratch / "data/raw" / name
        header = kept.read_text(encoding="utf-8").splitlines()[0]
        kept.write_text(header + "\n", encoding="utf-8")
    shutil.copyfile(FACTS / "programme.yaml", scratch / "questionnaires/programme.yaml")
    shutil.copyfile(
        FACTS / "questionnaire.yaml", scratch / "questionnaires/tal_afar/questionnaire.yaml"
    )
    shutil.copyfile(export, scratch / "data/raw/tal_afar/2021" / export.name)
    (scratch / "params.yaml").write_text(PARAMS, encoding="utf-8")
    return scratch


@pytest.fixture(scope="module")
def made(
    root: Path, engine: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The project of the cleaned file and that of the raw export, each after all its stages."""
    projects = {
        kind: project(
            root, tmp_path_factory.mktemp(kind), shared / FILES / f"cleaningtools_{kind}_data.csv"
        )
        for kind in ("clean", "raw")
    }
    for made_of in projects.values():
        in_one_process(STAGES, made_of)
    return projects


def published(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / FILES / "cleaningtools_overall_analysis.csv").rename(
        columns={"mean.pct": "value"}
    )


def test_published_proportions_and_means_are_met(made: dict[str, Path], shared: Path) -> None:
    from pipeline.questionnaire.read import read_questionnaire

    questionnaire = read_questionnaire(FACTS / "questionnaire.yaml")
    estimates = pd.read_parquet(made["clean"] / "data/processed/estimate/tal_afar/2021.parquet")
    whole = estimates[estimates["domain"] == "all"].set_index(["question", "code"])
    compared = 0
    for row in published(shared).itertuples():
        if row.main_variable not in {question.name for question in questionnaire.questions}:
            continue
        question = questionnaire.question(str(row.main_variable))
        code = "" if pd.isna(row.choice) else _code(question, str(row.choice))
        found = whole.loc[(row.main_variable, code)]
        assert found["n"] == row.response_count, row
        if (row.main_variable, row.choice) in PUBLISHED_WRONG:
            assert found["value"] == pytest.approx(row.n_unweighted / row.response_count), row
            continue
        assert found["value"] == pytest.approx(row.value, abs=1e-9), row
        compared += 1
    assert compared >= 60


def _code(question: object, name: str) -> str:
    from pipeline.questionnaire.questions import ChoiceQuestion

    assert isinstance(question, ChoiceQuestion)
    return next(str(choice.code) for choice in question.choices if choice.exported_as == name)


@pytest.mark.parametrize(("kind", "rows"), [("clean", 578), ("raw", 632)])
def test_every_interview_is_kept_or_set_aside_and_the_page_is_there(
    made: dict[str, Path], kind: str, rows: int
) -> None:
    processed = made[kind] / "data/processed"
    kept = pd.read_parquet(processed / "validate/tal_afar/2021.parquet")
    aside = pd.read_parquet(processed / "quarantine/tal_afar/2021.parquet")
    assert len(kept) + aside["raw_row"].nunique() == rows
    page = (made[kind] / "reports/index.html").read_text(encoding="utf-8")
    assert "非概率" in page
    assert "±" not in page
    assert "塔勒阿法尔" in page


def test_contact_data_of_the_real_export_stays_out(made: dict[str, Path]) -> None:
    codebook = (made["raw"] / "data/processed/codebook/tal_afar/2021.json").read_text("utf-8")
    assert '"deviceid"' in codebook.split('"dropped_contacts"')[1]
    columns = pd.read_parquet(made["raw"] / "data/processed/ingest/tal_afar/2021.parquet").columns
    assert "deviceid" not in columns
