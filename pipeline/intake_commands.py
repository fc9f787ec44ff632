"""The command that makes a survey from files that exist."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import SurveyError
from pipeline.places import SurveyPlaces

if TYPE_CHECKING:
    from pipeline.intake.design_columns import Candidate
    from pipeline.intake.examined import Examined
    from pipeline.intake.new_survey import Made
    from pipeline.intake.request import DesignRequest


def new(
    survey: Annotated[str, typer.Argument(metavar="NAME", help="给调查起的名称，如 residents")],
    files: Annotated[
        list[Path],
        typer.Option("--from", help="数据文件，以及问卷定义、码表；可写多次"),
    ],
    on: Annotated[list[str] | None, typer.Option(help="几个数据文件按哪一列合并")] = None,
    layout: Annotated[str, typer.Option(help="指明是哪个系统的导出；不写则自动识别")] = "",
    wave: Annotated[str, typer.Option(help="轮次；不写则用数据的年份")] = "",
    title: Annotated[str, typer.Option(help="调查的标题")] = "",
    weight: Annotated[str, typer.Option(help="权数所在的列")] = "",
    strata: Annotated[list[str] | None, typer.Option(help="分层的列；几列交叉写几次")] = None,
    cluster: Annotated[list[str] | None, typer.Option(help="整群的列；每级抽样写一次")] = None,
    fpc: Annotated[list[str] | None, typer.Option(help="总体数的列；每级抽样写一次")] = None,
    probability: Annotated[
        bool, typer.Option("--probability", help="声明为概率抽样（只有权数时须写明）")
    ] = False,
    encoding: Annotated[
        list[str] | None, typer.Option(help="文件名=编码，如 a.csv=gb18030")
    ] = None,
    sheet: Annotated[list[str] | None, typer.Option(help="文件名=工作表名")] = None,
    again: Annotated[
        bool, typer.Option("--replace", help="同名的调查（没有冻结过的）删去重做")
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="把示例移到 data/example，页面上只有这项调查")
    ] = False,
) -> None:
    """由已有的数据文件建立一项调查。(make a survey from files that exist)"""
    from pipeline.intake.examined import examine
    from pipeline.intake.further_wave import add_wave, read_alike
    from pipeline.intake.new_survey import drafted, make_survey, refuse_name
    from pipeline.intake.redo import discard
    from pipeline.intake.request import DesignRequest, Request

    refuse_name(survey)
    asked = DesignRequest(
        weight, tuple(strata or ()), tuple(cluster or ()), tuple(fpc or ()), probability
    )
    request = Request(
        survey=survey,
        files=tuple(files),
        on=tuple(on or ()),
        layout=layout,
        encodings=_pairs(encoding or (), "--encoding"),
        sheets=_pairs(sheet or (), "--sheet"),
        wave=wave,
        title=title,
        design=asked,
    )
    there = SurveyPlaces(survey).definition.is_file()
    if there and not again:
        if alone:
            typer.echo("--alone 只在新建调查时有效，这次不起作用。(of use for a new survey only)")
        request = read_alike(request)
        run = add_wave(request, examine(request))
        typer.echo(
            f"{run.raw.as_posix()}: 加了一轮 {run.wave}，读法与上一轮相同。请运行 dvc repro。"
        )
        return
    examined = examine(request)
    if there:
        _, fielded = drafted(request, examined)  # what cannot be made must not cost what is there
        discard(survey, fielded.wave, request.files)
    if not asked.columns and not probability and sys.stdin.isatty():
        request = replace(request, design=_asked(examined))
    _report(make_survey(request, examined, alone=alone), examined)


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    if bad := [one for one in given if "=" not in one]:
        raise SurveyError(f"{option} {bad[0]!r}: 应写成 文件名=…。(write file=…)")
    return dict(one.split("=", 1) for one in given)


def _asked(examined: "Examined") -> "DesignRequest":
    """Ask at the terminal for the design; nothing answered leaves it undecided."""
    from pipeline.intake.request import DesignRequest

    found = examined.candidates
    typer.echo("样本是怎样抽取的？不知道就直接回车，以后可以补在 source.yaml。(how was it drawn?)")
    weight = _ask("权数列 (weight)", found.weights)
    strata = _ask("层，几列用空格分开 (strata)", found.strata)
    clusters = _ask("整群，每级一列 (clusters)", found.clusters)
    fpc = _ask("总体数，每级一列 (fpc)", found.fpc)
    drawn = bool(strata or clusters or fpc) or (
        bool(weight) and typer.confirm("是概率抽样吗？ (drawn with known probabilities?)")
    )
    headers = examined.table.headers
    return DesignRequest(
        weight,
        _columns(strata, headers),
        _columns(clusters, headers),
        _columns(fpc, headers),
        drawn,
    )


def _columns(answer: str, headers: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that somebody typed; one that has blanks in its name stands alone."""
    if not answer or answer in headers:
        return (answer,) if answer else ()
    return tuple(part for part in re.split(r"[\s,，、]+", answer) if part)


def _ask(what: str, candidates: "Sequence[Candidate]") -> str:
    for one in candidates:
        typer.echo(f"    {one.header}: {one.why}")
    answer: str = typer.prompt(what, default="", show_default=False)
    return answer.strip()


def _report(made: "Made", examined: "Examined") -> None:
    draft, design = made.draft, made.draft.source.design
    table = examined.table
    typer.echo(
        f"{table.source}: {len(table.cells):,} 行，{len(table.headers)} 列；"
        f"按“{examined.recognised.system.title}”读：{examined.recognised.reason}"
    )
    typer.echo(
        f"{made.folder.as_posix()}: {len(draft.questionnaire.questions)} 题，其中 "
        f"{len(draft.guessed)} 题有推断的内容；{len(draft.asides)} 列没有作为题目。"
    )
    if design.kind == "undecided":
        found = examined.candidates
        near = [one.header for one in (*found.weights, *found.strata, *found.clusters, *found.fpc)]
        hint = f"看上去有关的列：{'、'.join(near)}。" if near else ""
        typer.echo(
            f"提醒 (warning): 抽样设计尚未说明，页面按非概率样本处理，不给误差。{hint}"
            "(design undecided: no margins of error)"
        )
    if made.set_aside:
        typer.echo(f"示例已移到 data/example（{len(made.set_aside)} 项）。(the example was moved)")
    typer.echo(
        f"请先读 {(made.folder / 'README.md').as_posix()}，再运行 diaoyan check、dvc repro。"
    )
