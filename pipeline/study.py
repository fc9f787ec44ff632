"""The notebook's front door: one survey in one wave, with its meaning at hand.

>>> study = open_study("residents", "2026-baseline")
>>> proportions(study.rows, ["q01"], design=study.design, by="county")
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.design import SurveyDesign, read_design
from pipeline.errors import SurveyError
from pipeline.places import RunPlaces
from pipeline.questionnaire.codebook import Codebook, read_codebook
from pipeline.questionnaire.model import Questionnaire
from pipeline.totals.sampled import with_silent_psus


@dataclass(frozen=True, slots=True)
class Study:
    """One run, read lazily from `data/processed` of the project at `root`."""

    root: Path
    run: RunPlaces

    @property
    def codebook(self) -> Codebook:
        """The wording and codes of this wave."""
        return read_codebook(self._found(self.run.record("codebook")))

    @property
    def questionnaire(self) -> Questionnaire:
        """The version of the questionnaire that names the columns."""
        return self.codebook.questionnaire

    @property
    def design(self) -> SurveyDesign:
        """How the sample was drawn and calibrated."""
        return read_design(self._found(self.run.record("design")))

    @property
    def rows(self) -> pd.DataFrame:
        """The weighted responses, and a row of weight 0 for each sampled site without any.

        These are the rows that the estimators take together with `design`.
        """
        return with_silent_psus(
            self.table("weight"), self.table("units"), psu="psu", cluster="site", weight="weight"
        )

    def table(self, stage: str) -> pd.DataFrame:
        """Return the table of a stage: ``weight``, ``units``, ``estimate``, ``themes`` ..."""
        return pd.read_parquet(self._found(self.run.table(stage)))

    def _found(self, path: Path) -> Path:
        found = self.root / path
        if not found.is_file():
            raise SurveyError(
                f"{found}: 还没有生成。请在项目根目录运行 dvc repro。(not made yet; run dvc repro)"
            )
        return found


def open_study(survey: str, wave: str, root: Path | None = None) -> Study:
    """Return the study; the project's root is looked for upwards from the working folder."""
    here = (root or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "dvc.yaml").is_file():
            return Study(folder, RunPlaces(survey, wave))
    raise SurveyError(f"{here}: 上级文件夹中没有 dvc.yaml。请在项目内打开。(no dvc.yaml above)")
