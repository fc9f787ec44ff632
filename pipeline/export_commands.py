"""The command that saves data for people who go on in SPSS, Stata or a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import places
from pipeline.errors import SurveyError
from pipeline.places import RunPlaces
from pipeline.responses.table import RawTable


def save(
    to: Annotated[Path, typer.Option(help="存成哪个文件：.sav .zsav .dta .csv")],
    survey: Annotated[str | None, typer.Argument(help="调查的名称 (survey)")] = None,
    wave: Annotated[str | None, typer.Argument(help="轮次的名称 (wave)")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="转换这个文件，不用调查和轮次")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="已有的文件可以覆盖")] = False,
) -> None:
    """存成 SPSS、Stata 或 csv，带全部标签和编码本；逐人数据，不得公布。(save, with all labels)"""
    from pipeline.exports.csv_codebook import beside
    from pipeline.exports.save import save_table

    if source is not None and source.resolve() == to.resolve():
        raise SurveyError(f"{to}: 不能存到来源文件自身，请换一个文件名。(same file)")
    table = _table(survey, wave, source)
    there = [path for path in (to, beside(to)) if path.exists()]
    if there and not overwrite:
        raise SurveyError(
            f"{there[0]}: 已经有这个文件。请换一个文件名，或加 --overwrite。"
            "(exists; choose another name or add --overwrite)"
        )
    saved = save_table(table, to)
    notes = table.dictionary.notes if table.dictionary else ()
    for note in (*notes, *saved.notes):
        typer.echo(f"- {note}")
    rows, columns = table.cells.shape
    typer.echo(
        f"{saved.path.as_posix()}: {rows} 行, {columns} 个变量；编码本 {saved.codebook.name}"
    )


def _table(survey: str | None, wave: str | None, source: Path | None) -> RawTable:
    if source is not None and survey is None:
        from pipeline.exports.saved import read_saved

        if not source.is_file():
            raise SurveyError(f"{source}: 找不到文件。(no such file)")
        return read_saved(source)
    if source is not None or survey is None or wave is None:
        raise SurveyError(
            "请写明调查和轮次，或用 --from 写明一个文件，二者取一。"
            "(name a survey and a wave, or a file with --from)"
        )
    return _analysed(RunPlaces(survey, wave))


def _analysed(run: RunPlaces) -> RawTable:
    """Return the analysed responses of a run."""
    import pandas as pd

    from pipeline.exports.respondents import respondents_table
    from pipeline.questionnaire.codebook import read_codebook

    weighted, codebook = run.table("weight"), run.record("codebook")
    if absent := [path for path in (weighted, codebook) if not path.is_file()]:
        made = sorted(path.stem for path in run.of_survey.folder("weight").glob("*.parquet"))
        raise SurveyError(
            f"{absent[0]}: 还没有这一轮的结果（{run.survey} 已有 {'、'.join(made) or '无'}）。"
            f"请核对名称，或运行 dvc repro。(no such run under {places.PROCESSED})"
        )
    return respondents_table(pd.read_parquet(weighted), read_codebook(codebook))
