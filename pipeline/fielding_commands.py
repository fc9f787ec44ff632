"""The commands of a survey whose questionnaire comes first: import, launch, gather."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import QuestionnaireError, ResponseError
from pipeline.places import RunPlaces, SurveyPlaces

if TYPE_CHECKING:
    from pipeline.importers.imported import Imported

SHOWN = 20
REPORT = "IMPORT.md"
GATHERED = "responses.csv"


def import_questionnaire(
    survey: Annotated[str, typer.Argument(metavar="NAME", help="给调查起的名称，如 residents")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="别处的问卷文件")],
    replace: Annotated[
        bool, typer.Option("--replace", help="同名的 questionnaire.yaml 用新的替换")
    ] = False,
) -> None:
    """把别处的问卷读成 questionnaire.yaml。(import a questionnaire of another system)"""
    from pipeline.importers.recognise import recognise
    from pipeline.importers.writing import questionnaire_yaml
    from pipeline.intake.new_survey import refuse_name
    from pipeline.intake.scaffold import Plan, carry_out

    refuse_name(survey)
    definition = SurveyPlaces(survey).definition
    if definition.exists() and not replace:
        raise QuestionnaireError(
            f"{definition.as_posix()}: 已经有了。请换一个名称；若要替换，加 --replace。"
            "(already there; choose another name, or add --replace)"
        )
    known = recognise(file)
    imported = known.read(file, survey)
    texts = {
        definition: questionnaire_yaml(imported),
        definition.with_name(REPORT): _report(file, known.title, imported),
    }
    carry_out(Plan(texts, {}, ()))
    _say(survey, file, known.title, definition, imported)


def launch(
    survey: Annotated[str, typer.Argument(help="调查的名称 (survey)")],
    wave: Annotated[str, typer.Argument(help="轮次的名称，如 2026-baseline (wave)")],
    alone: Annotated[
        bool, typer.Option("--alone", help="把示例移到 data/example，页面上只有这项调查")
    ] = False,
) -> None:
    """发放一轮：冻结问卷，登记轮次，备好放答卷的文件夹。(launch a survey in a wave)"""
    from pipeline.intake.launching import launch as launched

    run = launched(survey, wave, alone=alone)
    typer.echo(
        f"{survey} 的问卷已为轮次 {wave} 冻结，params.yaml 和 programme.yaml 里已登记。"
        f"收回的答卷放进 {run.raw.as_posix()}，再运行 dvc repro。"
        "(frozen and listed; put the responses there, then dvc repro)"
    )


def gather(
    survey: Annotated[str, typer.Argument(help="调查的名称 (survey)")],
    wave: Annotated[str, typer.Argument(help="轮次的名称 (wave)")],
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="收回的答卷文件，或放着它们的文件夹")
    ],
) -> None:
    """把各人发回的网页答卷文件合成一个；以后收到的可以再加。(gather response files into one)"""
    from pipeline.questionnaire.versions import read_versions
    from pipeline.responses.gathering import gather as together

    run = RunPlaces(survey, wave)
    if not run.raw.is_dir():
        raise ResponseError(
            f"{run.raw.as_posix()}: 没有这一轮的文件夹。请先运行 diaoyan launch {survey} {wave}。"
            "(no such wave yet: launch it first)"
        )
    of = run.of_survey
    target = run.raw / GATHERED
    files = [file for source in sources for file in _responses_in(source)]
    if target.is_file():
        files.insert(0, target)
    found = together(files, read_versions(of.definition, of.versions))
    fresh = target.with_name(f"{GATHERED}.new")
    found.cells.to_csv(fresh, index=False, encoding="utf-8-sig", lineterminator="\n")
    fresh.replace(target)
    typer.echo(
        f"{target.as_posix()}: {len(files)} 个文件，合成 {len(found.cells)} 份答卷；"
        f"重复的 {found.twice} 份只留一份。({len(found.cells)} responses)"
    )
    if found.replaced:
        typer.echo(f"改过重交的以后一份为准 (sent again): {'、'.join(found.replaced)}")


def _responses_in(source: Path) -> list[Path]:
    found = sorted(source.glob("*.csv")) if source.is_dir() else [source]
    if not found or not all(path.is_file() for path in found):
        raise ResponseError(
            f"{source}: 找不到答卷文件（.csv）。请核对路径。(no response file there)"
        )
    return found


def _say(survey: str, file: Path, title: str, definition: Path, imported: "Imported") -> None:
    questionnaire = imported.questionnaire
    typer.echo(
        f"{file.name}: 按“{title}”读：{len(questionnaire.sections)} 节，"
        f"{len(questionnaire.blocks)} 个题块，共 {len(questionnaire.questions)} 道题。"
        f"({len(questionnaire.questions)} questions)"
    )
    _list("修补或猜测的 (mended or guessed)", imported.repairs)
    _list("没有带过来的 (not carried over)", imported.lost)
    more = max(len(imported.repairs), len(imported.lost)) > SHOWN
    if imported.repairs or imported.lost:
        where = definition.with_name(REPORT).as_posix()
        typer.echo(
            f"{'其余的和' if more else ''}全部说明见 {where}。(all of them are listed there)"
        )
    typer.echo(
        f"{definition.as_posix()}: 已写好。请补上“待填写”的地方，再运行 diaoyan check {survey} 和 "
        f"diaoyan form {survey}。发放时运行 diaoyan launch {survey} 轮次。"
        "(fill in what is marked 待填写, check, make the forms; then launch it in a wave)"
    )


def _list(heading: str, sentences: tuple[str, ...]) -> None:
    if not sentences:
        return
    typer.echo(f"{heading}: {len(sentences)}")
    for sentence in sentences[:SHOWN]:
        typer.echo(f"  {_line(sentence)}")
    if len(sentences) > SHOWN:
        typer.echo(f"  …… 另有 {len(sentences) - SHOWN} 条 (and {len(sentences) - SHOWN} more)")


def _report(file: Path, title: str, imported: "Imported") -> str:
    """Return all that was mended and lost as Markdown."""
    parts = [f"# 问卷导入说明\n\n来源：{file.name}，按“{title}”读。\n"]
    for heading, sentences in (
        ("修补或猜测的", imported.repairs),
        ("没有带过来的", imported.lost),
    ):
        listed = "".join(f"- {_line(one)}\n" for one in sentences) or "没有。\n"
        parts.append(f"## {heading}（{len(sentences)}）\n\n{listed}")
    return "\n".join(parts)


def _line(sentence: str) -> str:
    """Return a sentence in one line; it may quote words of the file."""
    return " ".join("".join(c if c.isprintable() else " " for c in sentence).split())
