"""The notebook's front door: one survey in one wave, with its meaning at hand.

>>> survey = Study.open("residents", wave="2026-baseline")
>>> survey.proportions("q07", by="county")
>>> survey.regress("q01 ~ q17 + county")
>>> survey.banner_table(banners=["county", "setting"], path="table.xlsx")
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.design import read_design
from pipeline.errors import SurveyError
from pipeline.estimation.domains import By
from pipeline.i18n import Language
from pipeline.places import PROCESSED, PROGRAMME, RunPlaces
from pipeline.questionnaire.codebook import Codebook, read_codebook
from pipeline.questionnaire.filters import Filter
from pipeline.questionnaire.names import unknown
from pipeline.questionnaire.programme import read_programme
from pipeline.reporting.printed import known_language
from pipeline.reporting.questions import Questions
from pipeline.reporting.survey import Survey
from pipeline.totals.sampled import with_silent_psus

if TYPE_CHECKING:
    from pipeline.reporting.comparisons import DifferencesTable


@dataclass(frozen=True, repr=False, kw_only=True)
class Study(Survey):
    """One run, read from `data/processed` of the project at `root`; see `Survey` for its verbs.

    Attributes
    ----------
    codebook : the wording and codes of this wave, of every version of the questionnaire
    """

    root: Path
    run: RunPlaces
    codebook: Codebook

    @classmethod
    def open(
        cls,
        survey: str,
        *,
        wave: str,
        root: str | Path | None = None,
        language: Language = "zh",
    ) -> "Study":
        """Open a survey; the project's root is looked for upwards from the working folder.

        Raises
        ------
        SurveyError
            No project above, or no such survey or wave in it: what there is, is named.
        """
        known_language(language)
        for name, given in (("survey", survey), ("wave", wave)):
            if not isinstance(given, str) or not given:
                raise SurveyError(
                    f"{name}={given!r}: 请写名称，如 "
                    "Study.open('residents', wave='2026-baseline')。(give a name)"
                )
        if not isinstance(root, str | Path | None):
            raise SurveyError(f"root={root!r}: 请给项目的文件夹。(give the project's folder)")
        here = Path(root or Path.cwd()).resolve()
        project = next((f for f in (here, *here.parents) if (f / "dvc.yaml").is_file()), None)
        if project is None:
            raise SurveyError(
                f"{here}: 上级文件夹中没有 dvc.yaml。请在项目内打开。(no dvc.yaml above)"
            )
        run = RunPlaces(survey, wave)
        _refuse_unknown(project, run)
        codebook = read_codebook(_found(project / run.record("codebook")))
        programme = project / PROGRAMME
        design = read_design(_found(project / run.record("design")))
        return cls(
            rows=with_silent_psus(
                pd.read_parquet(_found(project / run.table("weight"))),
                pd.read_parquet(_found(project / run.table("units"))),
                psu="psu", cluster="site", design=design,
            ),
            design=design,
            questionnaire=codebook.questionnaire,
            programme=read_programme(programme) if programme.is_file() else None,
            wave=wave, language=language, root=project, run=run, codebook=codebook,
        )  # fmt: skip

    def table(self, stage: str) -> pd.DataFrame:
        """Return the table of a stage: ``weight``, ``units``, ``estimate``, ``themes`` ..."""
        known = [
            folder.name for folder in sorted((self.root / PROCESSED).glob("*"))
            if (self.root / self.run.table(folder.name)).is_file()
        ]  # fmt: skip
        if stage not in known:
            raise unknown(str(stage), known, "阶段的表 (table of a stage)")
        return pd.read_parquet(_found(self.root / self.run.table(stage)))

    def compare_waves(
        self,
        questions: Questions = None,
        *,
        before: str | Survey,
        by: By = None,
        where: Filter | None = None,
        level: float = 0.95,
    ) -> "DifferencesTable":
        """Estimate the change since an earlier wave, given by name or as another Study.

        See `Survey.compare_waves`. Columns made with `assign` must be in both.
        """
        if isinstance(before, str):
            before = Study.open(
                self.run.survey, wave=before, root=self.root, language=self.language
            )
        return super().compare_waves(questions, before=before, by=by, where=where, level=level)


def _found(path: Path) -> Path:
    if not path.is_file():
        raise SurveyError(
            f"{path}: 还没有生成。请在项目根目录运行 dvc repro。(not made yet; run dvc repro)"
        )
    return path


def _refuse_unknown(project: Path, run: RunPlaces) -> None:
    """Refuse a survey or wave that no stage has made anything of."""
    made = project / run.record("codebook")
    if made.is_file():
        return
    known = sorted(path.name for path in made.parent.parent.glob("*") if path.is_dir())
    if known and run.survey not in known:
        raise unknown(run.survey, known, "调查 (survey)")
    if waves := sorted(path.stem for path in made.parent.glob("*.json")):
        raise unknown(run.wave, waves, f"调查 {run.survey} 的轮次 (wave)")
    _found(made)
