"""The commands that people call themselves; `cli` puts them beside the stages."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline import places
from pipeline.coding_commands import coding_sheet
from pipeline.errors import SurveyError
from pipeline.export_commands import save
from pipeline.fielding_commands import gather, import_questionnaire, launch
from pipeline.intake_commands import new
from pipeline.places import RunPlaces, SurveyPlaces
from pipeline.questionnaire_commands import check, diff, schema
from pipeline.quota_commands import quotas
from pipeline.register_commands import register
from pipeline.sampling.record import Roll, Size
from pipeline.trial_commands import trials

PEOPLE = "人工命令 (commands for people)"

Survey = Annotated[str, typer.Argument(help="调查的名称 (survey)")]
Wave = Annotated[str, typer.Argument(help="轮次的名称 (wave)")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    asking = (check, diff, schema, freeze, launch, gather, draw, quotas)
    for command in (new, *asking, trace, summary, simulate):
        app.command(rich_help_panel=PEOPLE)(command)
    app.command("import", rich_help_panel=PEOPLE)(import_questionnaire)
    app.command("coding_sheet", rich_help_panel=PEOPLE)(coding_sheet)
    app.command(rich_help_panel=PEOPLE)(save)
    app.command(rich_help_panel=PEOPLE)(trials)
    app.add_typer(register, name="register", rich_help_panel=PEOPLE)


def freeze(
    survey: Survey,
    wave: Annotated[
        str | None, typer.Option(help="发放的轮次，如 2026-followup；写进 launches.csv")
    ] = None,
) -> None:
    """发放前冻结问卷的当前版本，并记下在哪一轮发放。(freeze the current version before launch)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.questionnaire.versions import freeze as keep

    if wave is not None:
        read_programme(places.PROGRAMME).refuse_unknown_wave(wave, places.PROGRAMME)
    of = SurveyPlaces(survey)
    typer.echo(keep(of.definition, of.versions, wave))


def draw(
    survey: Survey,
    wave: Wave,
    sites_per_stratum: Annotated[int, typer.Option(min=1, help="每层抽取的单位数")],
    persons_per_site: Annotated[int, typer.Option(min=1, help="每个单位抽取的人数")],
    nonce: Annotated[list[str], typer.Option(help="各方随机串，写成 名称=随机串，至少两方")],
    size: Annotated[
        Size, typer.Option(help="单位规模：persons 人数 / persons_need / staff 干部职工数 / equal")
    ] = "persons",
    roll: Annotated[
        Roll, typer.Option(help="从谁中抽人：persons 全体 / staff 干部职工 / unit 每单位一人")
    ] = "persons",
    kept: Annotated[
        float | None, typer.Option(min=0, max=1, help="各轮衔接：保留多少单位，如 0.6")
    ] = None,
    previous: Annotated[str | None, typer.Option(help="与哪一轮的抽样衔接")] = None,
) -> None:
    """抽取一次并留下可核验的记录；已抽过的不能重抽。(make the draw, once)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.questionnaire.read import read_questionnaire
    from pipeline.sampling.draw import make_draw, write_draw
    from pipeline.sampling.frame import read_frame
    from pipeline.sampling.verify import read_draw

    read_programme(places.PROGRAMME).refuse_unknown_wave(wave, places.PROGRAMME)
    read_questionnaire(SurveyPlaces(survey).definition)  # a draw belongs to a survey that exists
    if bad := [one for one in nonce if "=" not in one]:
        raise SurveyError(f"--nonce {bad[0]!r}: 应写成 名称=随机串。(write name=nonce)")
    made = make_draw(
        read_frame(places.FRAME),
        survey=survey,
        wave=wave,
        sites_per_stratum=sites_per_stratum,
        persons_per_site=persons_per_site,
        nonces=dict(one.split("=", 1) for one in nonce),
        size=size,
        roll=roll,
        kept=kept,
        previous=read_draw(RunPlaces(survey, previous).draw) if previous else None,
    )
    folder = RunPlaces(survey, wave).draw
    write_draw(made, folder)
    typer.echo(f"{folder}: {len(made.sites)} 个单位, {len(made.persons)} 人")


def trace(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="页面上的编号，如 E-0a1b2c3d4e")],
    english: Annotated[bool, typer.Option("--english", help="in English")] = False,
) -> None:
    """从页面上的一个数字回到题目、计算对象和原始文件。(walk a number back)"""
    from pipeline.trace import trace as walk

    typer.echo(walk(identifier, "en" if english else "zh"))


def summary() -> None:
    """两行说明做成了什么、打开哪个文件。(what was made, and which file to open)"""
    page = places.REPORTS / "index.html"
    if not page.is_file() or not places.AUDIT.is_file():
        raise SurveyError(f"{page}: 还没有生成。请运行 dvc repro。(not made yet; run dvc repro)")
    verdicts = sorted((places.PROCESSED / "validation").glob("*/*.json"))
    kept = sum(json.loads(path.read_text(encoding="utf-8"))["kept"] for path in verdicts)
    found = len(json.loads(places.FINDINGS.read_text(encoding="utf-8")))
    proposed = len(json.loads(places.PROPOSALS.read_text(encoding="utf-8")))
    accepted = len(json.loads(places.PROBLEMS.read_text(encoding="utf-8")))
    typer.echo(
        f"已生成：{len(verdicts)} 次调查，有效答卷 {kept:,} 份；发现 {found} 条，"
        f"问题建议 {proposed} 条，已立项 {accepted} 项；页面数字已逐个核对。"
    )
    typer.echo(f"请打开 (open): {page.as_posix()}")


def simulate(
    survey: Annotated[str | None, typer.Argument(help="只做这项调查；不写则全部")] = None,
    wave: Annotated[str | None, typer.Argument(help="只做这一轮；不写则各轮")] = None,
    seed: Annotated[int, typer.Option(help="随机种子；相同种子得到相同文件")] = 42,
    out: Annotated[Path, typer.Option(help="写到哪个文件夹，如 data/raw")] = places.RAW,
    scale: Annotated[float, typer.Option(min=0.001, help="答卷数是预设的几倍")] = 1.0,
    responses: Annotated[
        int | None, typer.Option(min=1, help="每轮大约多少份答卷，代替 --scale，须写明一项调查")
    ] = None,
    margins: Annotated[
        Path | None, typer.Option(help="把总体数写到这个文件夹的 <调查>/margins.csv")
    ] = None,
) -> None:
    """按预设的真值生成模拟的原始文件。(simulated raw files from planted truths)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.simulation.programme import (
        scale_for,
        simulate_programme,
        surveys_with_truths,
    )

    known = surveys_with_truths(places.QUESTIONNAIRES)
    if survey is not None and survey not in known:
        raise SurveyError(
            f"{SurveyPlaces(survey).truths}: 找不到文件，不能模拟 {survey!r}；"
            f"可模拟 {'、'.join(known) or '无'}。(no truths of this survey)"
        )
    if wave is not None:
        read_programme(places.PROGRAMME).refuse_unknown_wave(wave, places.PROGRAMME)
    if responses is not None:
        if survey is None:
            raise SurveyError("--responses 须写明一项调查。(--responses needs one survey)")
        scale = scale_for(places.QUESTIONNAIRES, survey, responses)
    for made in simulate_programme(
        places.QUESTIONNAIRES,
        out,
        seed=seed,
        scale=scale,
        surveys=[survey] if survey is not None else None,
        waves=[wave] if wave is not None else None,
        margins=margins,
    ):
        typer.echo(
            f"{(out / made.survey / made.wave).as_posix()}: {len(made.draw.sites)} 个单位, "
            f"抽中 {len(made.draw.persons)} 人, 答卷 {made.rows} 份"
        )
