"""The command `diaoyan`: one command per stage, and those that people call themselves.

Each command derives its paths from `places` and calls one function, imported when the command
runs, so that ``--help`` loads neither scipy nor Great Expectations. A `SurveyError` is printed
without a traceback and ends the command with exit code 1.
"""

import gc
import sys
from datetime import datetime
from typing import Annotated

import typer

from pipeline import commands, places
from pipeline.errors import SurveyError
from pipeline.places import RunPlaces, SurveyPlaces

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="组织工作大调研：从问卷到发现和问题清单。"
    "(from questionnaires to findings and problem lists)",
)

STAGES = "阶段，由 dvc repro 调用 (stages, called by dvc repro)"

Survey = Annotated[str, typer.Argument(help="调查的名称 (survey)")]
Wave = Annotated[str, typer.Argument(help="轮次的名称 (wave)")]
OneWave = Annotated[str | None, typer.Argument(help="轮次；不写则全部 (wave; all if none)")]
AsOf = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="截至日期 (as of)")]
Level = Annotated[float, typer.Option(min=0.5, max=0.999, help="置信水平，如 0.95 (level)")]


def main() -> None:
    """Run the command line; print errors of the input plainly and exit 1."""
    gc.set_threshold(200_000, 20, 20)  # a short run makes many small objects and drops few
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a GBK console lacks some characters
    try:
        app()
    except SurveyError as error:
        print(f"错误 (error): {error}", file=sys.stderr)
        sys.exit(1)
    except FileNotFoundError as error:
        print(
            f"错误 (error): {error.filename}: 找不到文件。请放到此处；若在 data/processed 下，"
            "请运行 dvc repro。(no such file; put it there, or run dvc repro)",
            file=sys.stderr,
        )
        sys.exit(1)


def _runs(survey: str, wave: str | None, before: str) -> list[RunPlaces]:
    """Return one run of a survey, or all that the stage before has made."""
    if wave is not None:
        return [RunPlaces(survey, wave)]
    folder = SurveyPlaces(survey).folder(before)
    found = [RunPlaces(survey, path.stem) for path in sorted(folder.glob("*.parquet"))]
    if not found:
        raise SurveyError(
            f"{folder}: 没有任何轮次。请先运行 dvc repro。(no wave here; run dvc repro)"
        )
    return found


@app.command(rich_help_panel=STAGES)
def fingerprint() -> None:
    """记下各阶段所用的程序，程序改动只重算用到它的阶段。(which code each stage runs)"""
    from pipeline.stages.fingerprint import fingerprint as stage

    stage(places.PACKAGE, places.PROCESSED / "fingerprint")


@app.command(rich_help_panel=STAGES)
def form(survey: Survey) -> None:
    """由问卷生成各种表单：网页、纸卷、录入表、XLSForm、编码本。(all forms)"""
    from pipeline.stages.form import form as stage

    of = SurveyPlaces(survey)
    stage(of.definition, places.PROGRAMME, places.FORM_ASSETS, of.form)


@app.command(name="verify_draw", rich_help_panel=STAGES)
def verify_draw() -> None:
    """按抽样框重新推算各次抽取名单，核对是否一致。(verify the draws against the frame)"""
    from pipeline.stages.verify_draw import verify_draw as stage

    stage(places.DRAWS, places.FRAME, places.PROCESSED / "verify_draw")


@app.command(rich_help_panel=STAGES)
def ingest(survey: Survey, wave: Wave) -> None:
    """读取导出的答卷，按编码本解码，去除联系方式。(decode the export)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.stages.ingest import ingest as stage

    read_programme(places.PROGRAMME).refuse_unknown_wave(wave, places.PROGRAMME)
    run = RunPlaces(survey, wave)
    stage(
        run.raw,
        run.corrections,
        run.of_survey.definition,
        run.of_survey.versions,
        run.record("codebook"),
        run.table("ingest"),
        run.table("verbatims"),
        survey=survey,
        wave=wave,
    )


@app.command(rich_help_panel=STAGES)
def interviews() -> None:
    """座谈访谈记录脱敏并编码。(mask and code the interview notes)"""
    from pipeline.stages.interviews import interviews as stage

    stage(
        places.INTERVIEW_NOTES,
        places.CODING_SHEETS,
        places.PROGRAMME,
        places.INTERVIEW_CODEFRAME,
        places.INTERVIEW_LEXICON,
        places.INTERVIEWS,
        places.INTERVIEW_CODING,
    )


@app.command(rich_help_panel=STAGES)
def validate(survey: Survey, wave: OneWave = None) -> None:
    """逐份核查答卷，违反硬规则的隔离并说明理由。(hold the responses against the rules)"""
    from pipeline.stages.validate import validate as stage

    for run in _runs(survey, wave, "ingest"):
        stage(
            run.table("ingest"),
            run.table("verbatims"),
            run.record("codebook"),
            run.table("validate"),
            run.table("quarantine"),
        )


@app.command(rich_help_panel=STAGES)
def judge() -> None:
    """由 Great Expectations 按同样的规则再判一遍，两次计数必须一致。(judge all runs again)"""
    from pipeline.stages.judge import judge as stage

    stage(
        places.PROCESSED / "ingest",
        places.PROCESSED / "verbatims",
        places.PROCESSED / "codebook",
        places.PROCESSED / "validate",
        places.PROCESSED / "quarantine",
        places.PROCESSED / "validation",
    )


@app.command(rich_help_panel=STAGES)
def sample(
    survey: Survey,
    wave: OneWave = None,
    callback_share: Annotated[float, typer.Option(min=0, max=1)] = 0.05,
    double_coding_share: Annotated[float, typer.Option(min=0, max=1)] = 0.2,
) -> None:
    """把答卷与抽中的人对上，算出应答情况和基础权重。(units, dispositions, base weights)"""
    from pipeline.stages.sample import sample as stage

    for run in _runs(survey, wave, "validate"):
        stage(
            run.table("validate"),
            run.record("codebook"),
            run.draw,
            run.record("verify_draw"),
            places.FRAME,
            run.dispositions,
            run.table("units"),
            run.table("sample"),
            callback_share=callback_share,
            double_coding_share=double_coding_share,
        )


@app.command(rich_help_panel=STAGES)
def weight(
    survey: Survey, wave: OneWave = None, tolerance: Annotated[float, typer.Option(min=0)] = 1e-6
) -> None:
    """按总体数加权（耙平法）。(rake to the population margins)"""
    from pipeline.stages.weight import weight as stage

    for run in _runs(survey, wave, "sample"):
        stage(
            run.table("sample"),
            run.table("units"),
            run.record("codebook"),
            run.of_survey.margins,
            run.table("weight"),
            run.record("design"),
            tolerance=tolerance,
        )


@app.command(rich_help_panel=STAGES)
def estimate(survey: Survey, wave: OneWave = None, level: Level = 0.95) -> None:
    """估计每题的比例和均值及其误差。(proportions and means with their errors)"""
    from pipeline.stages.estimate import estimate as stage

    for run in _runs(survey, wave, "weight"):
        stage(
            run.table("weight"),
            run.table("units"),
            run.record("design"),
            run.record("codebook"),
            run.table("estimate"),
            survey=survey,
            wave=run.wave,
            level=level,
        )


@app.command(rich_help_panel=STAGES)
def themes(survey: Survey, wave: OneWave = None) -> None:
    """开放题分词、关键词和主题。(keywords and themes of open answers)"""
    from pipeline.stages.themes import themes as stage

    for run in _runs(survey, wave, "weight"):
        stage(
            run.table("verbatims"),
            run.table("weight"),
            run.table("units"),
            run.record("design"),
            run.record("codebook"),
            run.of_survey.codeframe,
            run.of_survey.lexicon,
            run.table("themes"),
            survey=survey,
            wave=run.wave,
        )


@app.command(rich_help_panel=STAGES)
def compare(survey: Survey, level: Level = 0.95) -> None:
    """比较各组之间、与标准之间、各轮之间的差别。(compare groups, standards, waves)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.stages.compare import compare as stage

    of = SurveyPlaces(survey)
    programme = read_programme(places.PROGRAMME)
    rules = programme.reporting
    stage(
        of.folder("weight"),
        of.folder("units"),
        of.folder("design"),
        of.folder("codebook"),
        of.comparison,
        survey=survey,
        order=[one.wave for one in programme.waves],
        level=level,
        false_discovery_rate=rules.false_discovery_rate,
        smallest_difference=rules.smallest_important_difference,
    )


@app.command(rich_help_panel=STAGES)
def disclose() -> None:
    """按披露规则去除小组和可推算的数字。(apply the disclosure rules)"""
    from pipeline.stages.disclose import disclose as stage

    stage(
        places.PROCESSED / "estimate",
        places.PROCESSED / "comparison",
        places.PROCESSED / "themes",
        places.PROCESSED / "quarantine",
        places.PROCESSED / "validation",
        places.PROCESSED / "units",
        places.PROCESSED / "design",
        places.INTERVIEWS,
        places.PROGRAMME,
        places.SIGNOFF,
        places.DISCLOSED,
        codebooks=places.PROCESSED / "codebook",
        responses=places.PROCESSED / "weight",
        coding=places.INTERVIEW_CODING,
    )


@app.command(rich_help_panel=STAGES)
def findings() -> None:
    """由可公布的数字得出发现及其可信等级。(findings and their grades)"""
    from pipeline.stages.findings import findings as stage

    stage(places.DISCLOSED, places.PROCESSED / "codebook", places.PROGRAMME, places.FINDINGS)


@app.command(rich_help_panel=STAGES)
def problems(as_of: AsOf) -> None:
    """提出问题建议，并按事件记录列出已立项问题。(proposals, and problems as they stand)"""
    from pipeline.stages.problems import problems as stage

    stage(
        places.FINDINGS,
        places.EVENTS,
        places.PROGRAMME,
        places.PROPOSALS,
        places.PROBLEMS,
        as_of=as_of.date(),
    )


@app.command(rich_help_panel=STAGES)
def followup(as_of: AsOf) -> None:
    """检验问题是否真正解决。(is a problem really solved)"""
    from pipeline.stages.followup import followup as stage

    stage(places.PROBLEMS, places.DISCLOSED, places.EVENTS, places.FOLLOWUP, as_of=as_of.date())


@app.command(rich_help_panel=STAGES)
def report(as_of: AsOf) -> None:
    """生成网页、问题清单和数据质量表（尚未公布）。(pages and lists, not yet published)"""
    from pipeline.stages.report import report as stage

    stage(
        places.DISCLOSED,
        places.FINDINGS,
        places.PROPOSALS,
        places.PROBLEMS,
        places.FOLLOWUP,
        places.PROGRAMME,
        places.PROCESSED / "codebook",
        places.REPORT,
        as_of=as_of.date(),
    )


@app.command(rich_help_panel=STAGES)
def audit() -> None:
    """逐个核对页面上的数字，通过后才放入 reports/。(audit, then publish)"""
    from pipeline.stages.audit import audit as stage

    stage(
        places.REPORT,
        places.DISCLOSED,
        places.FINDINGS,
        places.PROPOSALS,
        places.PROBLEMS,
        places.FOLLOWUP,
        places.AUDIT,
        places.REPORTS,
    )


commands.add_to(app)
