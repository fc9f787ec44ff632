"""Add a further wave to a survey that came as files: the same columns, the same questionnaire."""

from dataclasses import replace
from pathlib import Path

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import QuestionnaireError, ResponseError
from pipeline.intake.declare import declared
from pipeline.intake.enlist import runs_in, with_run, with_wave
from pipeline.intake.examined import Examined
from pipeline.intake.new_survey import fielded_of, waves_of_programme
from pipeline.intake.request import Request
from pipeline.intake.scaffold import DRAW_HEADERS, HEADERS, Plan, carry_out
from pipeline.intake.yaml_text import source_text
from pipeline.places import PARAMS, PROGRAMME, RAW, RunPlaces, SurveyPlaces
from pipeline.questionnaire.read import read_questionnaire
from pipeline.responses.source import SOURCE, Source, read_source
from pipeline.responses.sourced import located, with_key


def add_wave(request: Request, examined: Examined) -> RunPlaces:
    """Write a further wave of a survey into the project; its files must have the same columns.

    Raises
    ------
    SurveyError
        No wave is named, it is there already, the survey has no wave with a `source.yaml` to go
        by, or columns of its questions are not in the new files: all of them.
    """
    if not request.wave:
        raise QuestionnaireError(
            f"{SurveyPlaces(request.survey).definition}: 已有调查 {request.survey}。再加一轮请写 "
            "--wave 轮次；另建一项调查请换一个名称。(the survey exists: name the wave with --wave)"
        )
    run = RunPlaces(request.survey, request.wave)
    before = earlier_source(request.survey)
    source = before.model_copy(
        update={
            "files": examined.files,
            "on": request.on,
            "layout": examined.recognised.system.name,
            "design": _design(request, examined, before),
        }
    )
    asked = read_questionnaire(run.of_survey.definition)
    located(run.raw, with_key(examined.table, source), source, asked)
    fielded = fielded_of(request, examined)
    waves = runs_in(PARAMS).values()
    kept = [*waves_of_programme(), *(wave for listed in waves for wave in listed)]
    texts = {
        run.raw / SOURCE: source_text(source),
        **{run.raw / name: text for name, text in HEADERS.items()},
        **{run.draw / name: text for name, text in DRAW_HEADERS.items()},
        PARAMS: with_run(PARAMS, request.survey, request.wave),
        PROGRAMME: with_wave(PROGRAMME, fielded, title=asked.title.zh, keep=kept),
    }
    copies: dict[Path, Path] = {run.raw / path.name: path for path in examined.data}
    carry_out(Plan(texts, copies, (run.raw, run.draw)))
    return run


def read_alike(request: Request) -> Request:
    """Return the request with what it does not say of its files as it was in the wave before.

    Raises
    ------
    ResponseError
        The survey has no wave with a `source.yaml` to go by.
    """
    before = earlier_source(request.survey)
    return replace(
        request,
        layout=request.layout or before.layout,
        on=request.on or (before.on if len(before.files) > 1 else ()),
    )


def _design(request: Request, examined: Examined, before: Source) -> DeclaredDesign:
    if request.design.columns or request.design.probability:
        return declared(examined.table, request.design)
    return before.design


def earlier_source(survey: str) -> Source:
    """Return how the last wave by name that has a source is read.

    Raises
    ------
    ResponseError
        No wave has one.
    """
    for folder in sorted((RAW / survey).glob("*"), reverse=True):
        if (source := read_source(folder)) is not None:
            return source
    raise ResponseError(
        f"{RAW / survey}: 没有一轮带 {SOURCE}。这项调查的问卷是先写的：先运行 diaoyan launch "
        f"{survey} 轮次，再把导出的文件放进 {RAW / survey}/轮次/，不用 diaoyan new。"
        "(no wave with a source to go by: launch the wave, then put the export into its folder)"
    )
