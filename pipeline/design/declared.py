"""How a sample was drawn, as an analyst declares it of files that others collected."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.design.survey_design import FpcMeaning, SurveyDesign


class DeclaredDesign(BaseModel):
    """The design's columns in the delivered files.

    Attributes
    ----------
    kind : ``undecided``: nobody has said yet. ``open``: not drawn with known probabilities (open
        link, quota, panel of volunteers). ``probability``: drawn, as the columns say. Only the
        last one gives margins of error; a weight counts in all three
    strata : columns that form the strata of the first stage together
    clusters, fpc : one column per stage, first stage first
    fpc_meaning : whether `fpc` holds population sizes or sampling fractions
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["undecided", "open", "probability"] = "undecided"
    weight: str = ""
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    fpc_meaning: FpcMeaning = "population_size"

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the design reads, each once."""
        named = (self.weight, *self.strata, *self.clusters, *self.fpc)
        return tuple(dict.fromkeys(one for one in named if one))

    @property
    def stages(self) -> tuple[str, ...]:
        """The columns of the clusters in the pipeline's tables, first stage first."""
        return ("psu", *(f"cluster_{stage}" for stage in range(2, len(self.clusters) + 1)))

    @property
    def sizes(self) -> tuple[str, ...]:
        """The columns of the population sizes in the pipeline's tables, first stage first."""
        return tuple(f"fpc_{stage}" for stage in range(1, len(self.fpc) + 1))

    def survey_design(self, weight: str | None) -> SurveyDesign:
        """Return the design that the tables of the pipeline carry, weighted by `weight`.

        Cluster names are read within their stratum: files often count them anew in each. A
        stratum with a single PSU takes its distance from the overall value, so that no error
        comes out too small.
        """
        drawn = self.kind == "probability"
        return SurveyDesign(
            weight=weight,
            strata=("stratum",) if drawn and self.strata else (),
            clusters=self.stages,
            fpc=self.sizes if drawn else (),
            fpc_meaning=self.fpc_meaning,
            nest=True,
            lonely_psu="adjust",
            probability_sample=drawn,
        )
