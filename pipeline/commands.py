"""The commands that people call themselves; `cli` puts them beside the stages."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline import places
from pipeline.errors import SurveyError
from pipeline.places import RunPlaces, SurveyPlaces
from pipeline.problems.problem import ProblemType, Rectification

PEOPLE = "人工命令 (commands for people)"

Survey = Annotated[str, typer.Argument(help="调查的名称 (survey)")]
Wave = Annotated[str, typer.Argument(help="轮次的名称 (wave)")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    for command in (check, freeze, draw, trace, summary, simulate):
        app.command(rich_help_panel=PEOPLE)(command)
    register = typer.Typer(no_args_is_help=True, help="问题的立项与推进记录 (the register)")
    register.command("accept")(accept)
    app.add_typer(register, name="register", rich_help_panel=PEOPLE)


def check() -> None:
    """核对调研方案和全部问卷。(check the programme and every questionnaire)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.questionnaire.read import read_questionnaire, version_hash
    from pipeline.questionnaire.versions import read_versions

    faults: list[str] = []
    try:
        programme = read_programme(places.PROGRAMME)
    except SurveyError as error:
        faults.append(str(error))
        programme = None
    for definition in sorted(places.QUESTIONNAIRES.glob("*/questionnaire.yaml")):
        of = SurveyPlaces(definition.parent.name)
        try:
            questionnaire = read_questionnaire(definition)
            read_versions(definition, of.versions)
        except SurveyError as error:
            faults.append(str(error))
            continue
        if programme is not None:
            try:
                programme.refuse_unknown(questionnaire, definition)
            except SurveyError as error:
                faults.append(str(error))
        hashed = version_hash(questionnaire)
        frozen = (of.versions / f"{hashed}.yaml").is_file()
        state = "已冻结 frozen" if frozen else "未冻结 not frozen"
        typer.echo(f"{definition}: {len(questionnaire.questions)} 题, {hashed} ({state})")
    if faults:
        raise SurveyError("\n".join(faults))


def freeze(survey: Survey) -> None:
    """发放前冻结问卷的当前版本。(freeze the current version before launch)"""
    from pipeline.questionnaire.versions import freeze as keep

    of = SurveyPlaces(survey)
    typer.echo(keep(of.definition, of.versions))


def draw(
    survey: Survey,
    wave: Wave,
    sites_per_stratum: Annotated[int, typer.Option(min=1, help="每层抽取的单位数")],
    persons_per_site: Annotated[int, typer.Option(min=1, help="每个单位抽取的人数")],
    nonce: Annotated[list[str], typer.Option(help="各方随机串，写成 名称=随机串，至少两方")],
) -> None:
    """抽取一次并留下可核验的记录；已抽过的不能重抽。(make the draw, once)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.questionnaire.read import read_questionnaire
    from pipeline.sampling.draw import make_draw, write_draw
    from pipeline.sampling.frame import read_frame

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
    survey: Survey,
    wave: Wave,
    seed: Annotated[int, typer.Option(help="随机种子；相同种子得到相同文件")] = 42,
    out: Annotated[Path, typer.Option(help="写到哪个文件夹，如 data/raw")] = places.RAW,
    responses: Annotated[int | None, typer.Option(min=1, help="大约多少份答卷")] = None,
) -> None:
    """按预设的真值生成模拟的原始文件。(simulated raw files from planted truths)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.simulation.simulate import simulate as make

    read_programme(places.PROGRAMME).refuse_unknown_wave(wave, places.PROGRAMME)
    of = SurveyPlaces(survey)
    made = make(
        of.definition,
        places.PROGRAMME,
        of.truths,
        wave=wave,
        frame=out / "frame" / "sites.csv",
        draw=out / "draws" / survey / wave,
        raw=out / survey / wave,
        seed=seed,
        responses=responses,
    )
    typer.echo(
        f"{out.as_posix()}: {made.sites_drawn} 个单位, "
        f"抽中 {made.persons_drawn} 人, 答卷 {made.rows} 份"
    )


def accept(
    proposal: Annotated[str, typer.Argument(help="建议编号，如 P-A1.4-residents")],
    at: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="立项日期")],
    who: Annotated[str, typer.Option(help="立项的岗位，不写姓名")],
    problem_type: Annotated[ProblemType, typer.Option("--type", help="问题类型 T1—T6")],
    rectification: Annotated[
        Rectification,
        typer.Option(help="整改类型 immediate 立行立改 / staged 分阶段 / continuing 持续"),
    ],
) -> None:
    """把一条问题建议立项，写进事件记录。(accept a proposal into the register)"""
    from pipeline.problems.acceptance import accept as accepted
    from pipeline.problems.acceptance import accepted_proposals
    from pipeline.problems.problem import read_proposals
    from pipeline.problems.register import read_events, write_events

    proposed = {one.id: one for one in read_proposals(places.PROPOSALS)}
    if proposal not in proposed:
        raise SurveyError(
            f"{places.PROPOSALS}: 没有建议 {proposal!r}，现有 {'、'.join(proposed) or '无'}。"
            "(no such proposal)"
        )
    events = accepted(
        read_events(places.EVENTS),
        proposed[proposal],
        at=at.date(),
        who=who,
        problem_type=problem_type,
        rectification=rectification,
    )
    write_events(events, places.EVENTS)
    typer.echo(f"{proposal} → {accepted_proposals(events)[proposal]}")
