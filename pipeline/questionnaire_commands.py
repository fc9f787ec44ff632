"""The commands on definitions: check them, compare two versions, write their JSON Schema."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import places
from pipeline.errors import SurveyError
from pipeline.places import SurveyPlaces

if TYPE_CHECKING:
    from pipeline.questionnaire.lint_finding import Finding
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.questionnaire.programme import Programme

SCHEMA = places.QUESTIONNAIRES / "questionnaire.schema.json"


def check(
    definitions: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[NAME|FILE]…", help="只核对这些调查或文件；不写则核对全部 (these only)"
        ),
    ] = None,
) -> None:
    """核对调研方案和全部问卷，指出措辞、选项和跳转的毛病。(check and lint the questionnaires)"""
    faults: list[str] = []
    read = []
    programme = _programme(faults)
    for definition in definitions or sorted(places.QUESTIONNAIRES.glob("*/questionnaire.yaml")):
        of_survey = SurveyPlaces(definition.name).definition
        if not definition.is_file() and of_survey.is_file():
            definition = of_survey  # somebody named the survey
        if definitions and definition.parent.parent != places.QUESTIONNAIRES:
            _check_file(definition, faults)
            continue
        questionnaire = _check_one(definition, programme, faults)
        if questionnaire is not None:
            read.append(questionnaire)
    if programme is not None and read and not definitions:
        _say_unmeasured(programme, read)
    if faults:
        raise SurveyError("\n".join(faults))


def _check_file(path: Path, faults: list[str]) -> None:
    """Check a definition that lies anywhere, by itself."""
    try:
        checked = _checked(path)
    except SurveyError as error:
        faults.append(str(error))
        return
    typer.echo(f"{path}: {len(checked.questionnaire.questions)} 题{_counted(checked)}")


@dataclass(frozen=True, slots=True)
class _Checked:
    questionnaire: "Questionnaire"
    findings: int
    silenced: int


def _programme(faults: list[str]) -> "Programme | None":
    from pipeline.questionnaire.programme import read_programme

    try:
        return read_programme(places.PROGRAMME)
    except SurveyError as error:
        faults.append(str(error))
        return None


def _check_one(
    definition: Path, programme: "Programme | None", faults: list[str]
) -> "Questionnaire | None":
    """Check one survey's definition and versions; add to `faults` what is an error."""
    from pipeline.questionnaire.read import version_hash
    from pipeline.questionnaire.versions import read_versions, refuse_unlaunched, unlaunched

    of = SurveyPlaces(definition.parent.name)
    try:
        versions = read_versions(definition, of.versions)
        waves = sorted(p.name for p in (places.RAW / of.survey).glob("*") if p.is_dir())
        absent = "、".join(unlaunched(of.versions, waves))
        checked = _checked(definition, versions)
    except SurveyError as error:
        faults.append(str(error))
        return None
    questionnaire = checked.questionnaire
    try:
        refuse_unlaunched(of.survey, of.versions, waves)
    except SurveyError as error:
        faults.append(str(error))
    if programme is not None:
        try:
            programme.refuse_unknown(questionnaire, definition)
        except SurveyError as error:
            faults.append(str(error))
    hashed = version_hash(questionnaire)
    frozen = (of.versions / f"{hashed}.yaml").is_file()
    state = "已冻结 frozen" if frozen else "未冻结 not frozen"
    lacking = f"; launches.csv 没有 (no line for) {absent}" if absent else ""
    typer.echo(
        f"{definition}: {len(questionnaire.questions)} 题, {hashed} ({state})"
        f"{lacking}{_counted(checked)}"
    )
    return questionnaire


def _checked(definition: Path, versions: "dict[str, Questionnaire] | None" = None) -> _Checked:
    """Read and lint a definition; print its warnings.

    Raises
    ------
    SurveyError
        What the reader refuses, or all findings that are errors.
    """
    from pipeline.errors import Fault, QuestionnaireError, gathered
    from pipeline.questionnaire.lint import lint
    from pipeline.questionnaire.lint_versions import reused
    from pipeline.questionnaire.places_in_file import Lines
    from pipeline.questionnaire.read import line_in_file, read_questionnaire

    questionnaire = read_questionnaire(definition)
    linted = lint(questionnaire, tuple(reused(questionnaire, versions or {})))
    if not linted.findings:
        return _Checked(questionnaire, 0, len(linted.silenced))
    text = definition.read_text(encoding="utf-8-sig")
    lines = Lines(text)

    def fault(finding: "Finding") -> Fault:
        line, spoken = line_in_file(text, lines, finding.place)
        place = f"第 {line} 行 (line {line}), {spoken}"
        return Fault(place, f"[{finding.rule}] {finding.found}", finding.remedy)

    errors = [fault(one) for one in linted.findings if one.severity == "error"]
    warnings = [fault(one) for one in linted.findings if one.severity == "warning"]
    for one in warnings:
        typer.echo(f"{definition}: 提醒 (warning): {one}")
    if errors:
        raise QuestionnaireError(gathered(definition, errors))
    return _Checked(questionnaire, len(warnings), len(linted.silenced))


def _counted(checked: _Checked) -> str:
    """Return how many warnings stand and how many were silenced, where there are any."""
    said = f"; 提醒 {checked.findings} 条 (warnings)" if checked.findings else ""
    return said + (f"; 静默 {checked.silenced} 条 (silenced)" if checked.silenced else "")


def _say_unmeasured(programme: "Programme", read: "Iterable[Questionnaire]") -> None:
    from pipeline.questionnaire.lint_whole import unmeasured_problems

    for code, name, reason in unmeasured_problems(programme, read):
        if not reason:
            typer.echo(
                f"{places.PROGRAMME}: 提醒 (warning): [unmeasured_problem] {code} {name} "
                "没有任何题目测量。请加一道带 measure 的题，或在一份问卷的 silence 里写明理由。"
                "(no question measures it)"
            )


def diff(
    old: Annotated[str, typer.Argument(help="旧版文件；或调查的名称，与已发放的一版比较")],
    new: Annotated[Path | None, typer.Argument(help="新版文件 (the later definition)")] = None,
) -> None:
    """两版问卷改了什么，各题前后是否可比。(what changed, and whether waves stay comparable)"""
    from pipeline.questionnaire.difference import difference, in_words
    from pipeline.questionnaire.read import read_questionnaire

    before, after = (Path(old), new) if new is not None else _versions_of(old)
    typer.echo(f"{before} → {after}")
    typer.echo(in_words(difference(read_questionnaire(before), read_questionnaire(after))))


def _versions_of(survey: str) -> tuple[Path, Path]:
    """Return the file of the version fielded last that is not the present one, and the present."""
    from pipeline.questionnaire.read import read_questionnaire, version_hash
    from pipeline.questionnaire.versions import read_launches

    of = SurveyPlaces(survey)
    if not of.definition.is_file():
        known = "、".join(_surveys())
        raise SurveyError(
            f"{of.definition}: 找不到文件。请写两个文件，或一项调查（{known or '无'}）。"
            "(write two files, or one survey)"
        )
    present = version_hash(read_questionnaire(of.definition))
    fielded = [one.version for one in read_launches(of.versions) if one.version != present]
    if not fielded:
        frozen = of.versions / f"{present}.yaml"
        if frozen.is_file():
            return frozen, of.definition
        raise SurveyError(
            f"{of.versions}: 没有可比较的已发放版本。请写出两个文件。(no earlier version on file)"
        )
    return of.versions / f"{fielded[-1]}.yaml", of.definition


def _surveys() -> Iterator[str]:
    for definition in sorted(places.QUESTIONNAIRES.glob("*/questionnaire.yaml")):
        yield definition.parent.name


def schema(
    to: Annotated[Path, typer.Option(help="写到哪个文件 (where to)")] = SCHEMA,
) -> None:
    """写出 questionnaire.yaml 的 JSON Schema，供编辑器补全和检查。(JSON Schema for editors)"""
    from pipeline.questionnaire.schema import as_json

    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(as_json(), encoding="utf-8", newline="\n")
    typer.echo(to.as_posix())
