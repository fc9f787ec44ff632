"""Where every file of a programme lies, derived from survey, wave and stage in this one place.

Commands run in the project's root, so all paths are relative to it.
"""

from dataclasses import dataclass
from pathlib import Path

QUESTIONNAIRES = Path("questionnaires")
RAW = Path("data/raw")
PROCESSED = Path("data/processed")
REPORTS = Path("reports")
PACKAGE = Path("pipeline")

PARAMS = Path("params.yaml")
PROGRAMME = QUESTIONNAIRES / "programme.yaml"
TRUTHS = QUESTIONNAIRES / "truths.yaml"
INTERVIEW_CODEFRAME = QUESTIONNAIRES / "interviews" / "codeframe.yaml"
INTERVIEW_LEXICON = QUESTIONNAIRES / "interviews" / "lexicon.txt"
DRAWS = RAW / "draws"
FRAME = RAW / "frame" / "sites.csv"
INTERVIEW_NOTES = RAW / "interviews"
CODING_SHEETS = INTERVIEW_NOTES / "coding"
SIGNOFF = INTERVIEW_NOTES / "signoff.csv"
EVENTS = RAW / "register" / "events.csv"

FORM_ASSETS = Path("build/form")
INTERVIEWS = PROCESSED / "interviews.parquet"
INTERVIEW_CODING = PROCESSED / "interview_coding.json"
DISCLOSED = PROCESSED / "disclose"
FINDINGS = PROCESSED / "findings.json"
PROPOSALS = PROCESSED / "proposals.json"
PROBLEMS = PROCESSED / "problems.json"
FOLLOWUP = PROCESSED / "followup.json"
REPORT = PROCESSED / "report"
AUDIT = PROCESSED / "audit.json"


@dataclass(frozen=True, slots=True)
class SurveyPlaces:
    """The files of one survey, over all waves."""

    survey: str

    @property
    def definition(self) -> Path:
        return QUESTIONNAIRES / self.survey / "questionnaire.yaml"

    @property
    def versions(self) -> Path:
        return QUESTIONNAIRES / self.survey / "versions"

    @property
    def codeframe(self) -> Path:
        return QUESTIONNAIRES / self.survey / "codeframe.yaml"

    @property
    def lexicon(self) -> Path:
        return QUESTIONNAIRES / self.survey / "lexicon.txt"

    @property
    def margins(self) -> Path:
        return QUESTIONNAIRES / self.survey / "margins.csv"

    @property
    def truths(self) -> Path:
        return QUESTIONNAIRES / self.survey / "truths.yaml"

    @property
    def form(self) -> Path:
        return REPORTS / "forms" / self.survey

    @property
    def comparison(self) -> Path:
        return PROCESSED / "comparison" / f"{self.survey}.parquet"

    def folder(self, stage: str) -> Path:
        """The folder in which a stage keeps one file per wave of this survey."""
        return PROCESSED / stage / self.survey


@dataclass(frozen=True, slots=True)
class RunPlaces:
    """The files of one run: one survey in one wave."""

    survey: str
    wave: str

    @property
    def of_survey(self) -> SurveyPlaces:
        return SurveyPlaces(self.survey)

    @property
    def raw(self) -> Path:
        return RAW / self.survey / self.wave

    @property
    def dispositions(self) -> Path:
        return self.raw / "dispositions.csv"

    @property
    def corrections(self) -> Path:
        return self.raw / "corrections.csv"

    @property
    def draw(self) -> Path:
        return DRAWS / self.survey / self.wave

    def table(self, stage: str) -> Path:
        """The table that a stage makes for this run."""
        return PROCESSED / stage / self.survey / f"{self.wave}.parquet"

    def record(self, stage: str) -> Path:
        """The JSON that a stage makes for this run."""
        return PROCESSED / stage / self.survey / f"{self.wave}.json"
