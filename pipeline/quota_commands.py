"""The command that tells how far the quotas of a survey are filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import SurveyError
from pipeline.places import RunPlaces

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.questionnaire.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Filled:
    """How many responses of a kind there are (`have`) of those that are wanted."""

    name: str
    title: str
    have: int
    wanted: int

    @property
    def left(self) -> int:
        """How many are still wanted; 0 where there are enough."""
        return max(0, self.wanted - self.have)


def quotas(
    survey: Annotated[str, typer.Argument(help="调查的名称 (survey)")],
    wave: Annotated[str, typer.Argument(help="轮次的名称 (wave)")],
) -> None:
    """各配额已有多少份有效答卷、还差多少。(how far each quota is filled)"""
    import pandas as pd

    from pipeline.questionnaire.codebook import read_codebook

    run = RunPlaces(survey, wave)
    valid, codebook = run.table("validate"), run.record("codebook")
    if absent := [path for path in (valid, codebook) if not path.is_file()]:
        raise SurveyError(
            f"{absent[0]}: 还没有这一轮的有效答卷。请核对名称，或先运行 dvc repro。"
            "(no valid responses of this run; check the names, or run dvc repro first)"
        )
    questionnaire = read_codebook(codebook).questionnaire
    if not questionnaire.quotas:
        typer.echo(f"{survey}: 问卷没有写 quotas，不设配额。(no quotas)")
        return
    for one in filled(questionnaire, pd.read_parquet(valid)):
        state = f"还差 {one.left:,} (left)" if one.left else "已满 (full)"
        typer.echo(
            f"{one.name} {one.title}: 已有 {one.have:,} (have), "
            f"要 {one.wanted:,} (wanted), {state}"
        )


def filled(questionnaire: "Questionnaire", valid: "pd.DataFrame") -> Iterator[Filled]:
    """Count each quota of a questionnaire in its order.

    Parameters
    ----------
    valid : one row per valid response, in the columns of the ``validate`` table
    """
    from pipeline.questionnaire.routing import holds

    for quota in questionnaire.quotas:
        have = int(holds(quota.when, valid).sum())
        yield Filled(quota.name, quota.title.zh, have, quota.limit)
