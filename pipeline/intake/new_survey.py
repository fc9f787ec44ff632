"""Make a survey from files: examine them, draft the questionnaire, write all of it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import QuestionnaireError
from pipeline.intake.declare import declared, put_aside
from pipeline.intake.draft import Draft, draft
from pipeline.intake.enlist import FIRST_WAVE, Fielded, as_of, runs_in, with_run, with_wave
from pipeline.intake.examined import Examined
from pipeline.intake.example import (
    example_files,
    example_surveys,
    forget_results,
    set_aside,
)
from pipeline.intake.fieldwork_days import fieldwork_days
from pipeline.intake.handed_over import readme
from pipeline.intake.request import Request
from pipeline.intake.scaffold import DRAW_HEADERS, HEADERS, SURVEY_FILES, Plan, carry_out
from pipeline.intake.yaml_text import questionnaire_text, source_text
from pipeline.places import PARAMS, PROGRAMME, RunPlaces
from pipeline.responses.source import SOURCE

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_WAVE = re.compile(r"[\w][\w.-]*")
LONGEST = 40
TAKEN = frozenset({"interviews", "draws", "frame", "register", "example"})


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the draft, its wave, the folder of the questionnaire."""

    draft: Draft
    wave: str
    folder: Path
    set_aside: tuple[Path, ...]


def refuse_name(survey: str) -> None:
    """Refuse a name that cannot be a survey's.

    Raises
    ------
    QuestionnaireError
        It is not made of small letters, digits and single underscores, or a folder has it.
    """
    if not _NAME.fullmatch(survey) or len(survey) > LONGEST or survey in TAKEN:
        raise QuestionnaireError(
            f"{survey!r}: 不能作调查的名称。请用小写字母开头，只含小写字母、数字和单个下划线"
            f"（不连用，不在末尾），如 residents_2026，不超过 {LONGEST} 个字；"
            f"{'、'.join(sorted(TAKEN))} 已有别的用途。"
            f"(use small letters, digits and single underscores, {LONGEST} at most)"
        )


def make_survey(request: Request, examined: Examined, *, alone: bool) -> Made:
    """Draft a survey from what was found in its files, and write it into the project.

    `alone` takes the simulated example out of the way. All is written, or nothing.

    Raises
    ------
    SurveyError
        The columns named as the design, nothing that could be a question, a survey or wave of
        that name that is there already.
    """
    made, fielded = drafted(request, examined)
    run = RunPlaces(request.survey, fielded.wave)
    definition = run.of_survey.definition
    texts = {
        definition: questionnaire_text(made.questionnaire, made.guessed),
        definition.parent / "README.md": readme(examined, made, fielded.wave),
        run.raw / SOURCE: source_text(made.source),
        **{definition.parent / name: text for name, text in SURVEY_FILES.items()},
        **{run.raw / name: text for name, text in HEADERS.items()},
        **{run.draw / name: text for name, text in DRAW_HEADERS.items()},
    }
    example = example_surveys() if alone else ()
    kept = [wave for of, waves in runs_in(PARAMS).items() if of not in example for wave in waves]
    if not alone:
        kept += waves_of_programme()
    texts |= {
        PARAMS: with_run(PARAMS, request.survey, fielded.wave, drop=example),
        PROGRAMME: with_wave(PROGRAMME, fielded, title=made.questionnaire.title.zh, keep=kept),
    }
    copies = {run.raw / path.name: path for path in examined.data}
    copies |= {definition.parent / "original" / p.name: p for p in examined.definitions}
    moved = example_files(example)
    plan = Plan(texts, copies, (definition.parent, run.raw, run.draw))
    carry_out(plan, then=lambda: set_aside(moved))
    if moved:
        forget_results()
    return Made(made, fielded.wave, definition.parent, moved)


def drafted(request: Request, examined: Examined) -> tuple[Draft, Fielded]:
    """Draft a survey without writing it; also tell the wave.

    Raises
    ------
    SurveyError
        As `declared` and `draft`.
    """
    design = declared(examined.table, request.design)
    described = put_aside(examined.described, examined.table, design)
    named = examined.table.dictionary.title if examined.table.dictionary else ""
    described = replace(described, title=request.title or described.title or named)
    made = draft(
        request.survey,
        examined.table,
        described,
        layout=examined.recognised.system.name,
        files=examined.files,
        on=request.on,
        design=design,
    )
    return made, fielded_of(request, examined)


def fielded_of(request: Request, examined: Examined) -> Fielded:
    """Return the wave asked for, else the year of the answers; with their first and last day."""
    days = fieldwork_days(examined.table, examined.described.asides)
    wave = request.wave or (str(days[1].year) if days else FIRST_WAVE)
    refuse_wave(wave)
    return Fielded(wave, days, days[1] if days else as_of(PARAMS))


def refuse_wave(wave: str) -> None:
    """Refuse a name that cannot be a wave's; QuestionnaireError says which can."""
    if not _WAVE.fullmatch(wave) or len(wave) > LONGEST:
        raise QuestionnaireError(
            f"--wave {wave!r}: 轮次只能用字母、数字、点和连字符，不超过 {LONGEST} 个字，"
            "如 2026-baseline。"
            f"(letters, digits, points and hyphens only, {LONGEST} at most)"
        )


def waves_of_programme() -> list[str]:
    """Return the waves that the programme has."""
    from pipeline.questionnaire.programme import read_programme

    return [one.wave for one in read_programme(PROGRAMME).waves]
