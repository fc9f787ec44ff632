"""Launch a survey whose questionnaire came first: freeze it for a wave, make the wave's place."""

from pathlib import Path

from pipeline.intake.enlist import Fielded, as_of, runs_in, with_run, with_wave
from pipeline.intake.example import example_files, example_surveys, forget_results, set_aside
from pipeline.intake.new_survey import refuse_wave, waves_of_programme
from pipeline.intake.scaffold import DRAW_HEADERS, HEADERS, SURVEY_FILES, Plan, carry_out
from pipeline.places import PARAMS, PROGRAMME, RunPlaces
from pipeline.questionnaire.read import read_questionnaire
from pipeline.questionnaire.versions import freeze


def launch(survey: str, wave: str, *, alone: bool) -> RunPlaces:
    """Freeze the definition for a wave, list its run, and write the tables it lacks, empty.

    What is there already (draws, margins, dispositions, the wave in `programme.yaml`) stays.
    `alone` takes the simulated example out of the way.

    Raises
    ------
    SurveyError
        The definition cannot be read, the wave was launched with another version, or a file
        cannot be written; then nothing is changed.
    """
    refuse_wave(wave)
    run = RunPlaces(survey, wave)
    of = run.of_survey
    asked = read_questionnaire(of.definition)
    example = tuple(one for one in example_surveys() if one != survey) if alone else ()
    kept = [one for name, waves in runs_in(PARAMS).items() if name not in example for one in waves]
    if not alone:
        kept += waves_of_programme()
    wanted: dict[Path, str] = {
        **{of.definition.parent / name: text for name, text in SURVEY_FILES.items()},
        **{run.raw / name: text for name, text in HEADERS.items()},
        **{run.draw / name: text for name, text in DRAW_HEADERS.items()},
    }
    texts = {path: text for path, text in wanted.items() if not path.exists()}
    title = asked.title.zh
    texts |= {
        PARAMS: with_run(PARAMS, survey, wave, drop=example),
        PROGRAMME: with_wave(
            PROGRAMME, Fielded(wave, None, as_of(PARAMS)), title=title, keep=kept
        ),
    }
    moved = example_files(example)

    def then() -> None:
        freeze(of.definition, of.versions, wave)
        set_aside(moved)

    fresh = tuple(folder for folder in (run.raw, run.draw) if not folder.exists())
    carry_out(Plan(texts, {}, fresh), then=then)
    if moved:
        forget_results()
    return run
