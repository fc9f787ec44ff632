"""Read planted truths as they hold in one wave.

A file of truths says what holds in every wave, and under `waves` what differs in one of them. What
differs is merged into the rest key by key; a mapping of `shares` and a list are replaced whole.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import Fault, QuestionnaireError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_definition
from pipeline.simulation.survey_truths import Truths
from pipeline.simulation.truths_check import misfits

__all__ = ["Truths", "in_wave", "read_truths", "truths_of"]


def read_truths(
    path: Path,
    questionnaire: Questionnaire,
    wave: str,
    *,
    asked_elsewhere: Collection[str] | None = None,
) -> Truths:
    """Read what is true in one wave, and hold it against the questionnaire of that wave.

    Parameters
    ----------
    asked_elsewhere : names of questions that other versions ask, which have their truths in the
        same file; a truth of a question that no version asks is a fault. None: not judged

    Returns
    -------
    Truths of the wave: its differences are merged, and `waves` is empty

    Raises
    ------
    QuestionnaireError
        The file is wrong by itself (with lines), or a question has no truth of its kind, or the
        shares are not those of its codes, and so on: all together.
    """
    base = read_definition(path, Truths)
    return truths_of(base, questionnaire, wave, path, asked_elsewhere=asked_elsewhere)


def truths_of(
    base: Truths,
    questionnaire: Questionnaire,
    wave: str,
    path: Path,
    *,
    asked_elsewhere: Collection[str] | None = None,
) -> Truths:
    """Return what is true in one wave, as `read_truths` does, of truths read from `path`."""
    truths = in_wave(base, wave, path)
    faults = list(misfits(truths, questionnaire, asked_elsewhere))
    if wave not in truths.draw.nonces:
        faults.append(Fault(f"draw.nonces.{wave}", "没有随机串 (none).", "请补上。(add them)"))
    if faults:
        raise QuestionnaireError(gathered(path, faults))
    return truths


def in_wave(truths: Truths, wave: str, path: Path) -> Truths:
    """Return what is true in a wave; `path` is where it was read, for the message of an error."""
    base = truths.model_dump(exclude={"waves"})
    try:
        return Truths.model_validate(_merged(base, truths.waves.get(wave, {})))
    except ValidationError as refused:
        faults = [
            Fault(
                ".".join(["waves", wave, *map(str, one["loc"])]),
                f"{one['msg']}.",
                "请按提示改正。(correct it)",
            )
            for one in refused.errors(include_url=False)
        ]
        raise QuestionnaireError(gathered(path, faults)) from None


def _merged(base: Mapping[Any, Any], differs: Mapping[Any, Any]) -> dict[Any, Any]:
    merged = dict(base)
    for key, value in differs.items():
        before = merged.get(key)
        deeper = isinstance(before, Mapping) and isinstance(value, Mapping) and key != "shares"
        merged[key] = _merged(before, value) if deeper else value  # type: ignore[arg-type]
    return merged
