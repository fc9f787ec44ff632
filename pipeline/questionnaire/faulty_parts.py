"""What is left of a definition when its faulty parts are taken out, held against each other.

So a file's contradictions are told together with the faults of single fields, and nothing is said
that only follows from what could not be read.
"""

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.questionnaire.blocks import Block, Note
from pipeline.questionnaire.cross_checks import TakenOut, misfits
from pipeline.questionnaire.expressions import And
from pipeline.questionnaire.misfits import Misfit, Place
from pipeline.questionnaire.model import Questionnaire, Quota, ScreenOut, Section
from pipeline.questionnaire.parts import Battery
from pipeline.questionnaire.places_in_file import value_at
from pipeline.questionnaire.questions import NOTHING, Choice, Route

_BLOCK: TypeAdapter[Any] = TypeAdapter(Block)
_ROUTE: TypeAdapter[Any] = TypeAdapter(Route)
_CHOICES: TypeAdapter[Any] = TypeAdapter(tuple[Choice, ...])
_NO_BLOCK = Note.model_construct(type="note", name="", text=NOTHING)
_ALWAYS: Any = And(())


def misfits_of_the_rest(raw: Any, faulty: Collection[Place]) -> Iterator[Misfit]:
    """Yield what does not fit together among the parts of a raw definition that have no fault.

    Parameters
    ----------
    raw : the values of a file, shorthand written out
    faulty : places of all faults that single fields have
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("sections"), list):
        return
    sections = []
    for at, section in enumerate(raw["sections"]):
        given = section if isinstance(section, dict) else {}
        listed = given.get("questions")
        blocks = tuple(
            _block(one, ("sections", at, "questions", position), faulty)
            for position, one in enumerate(listed if isinstance(listed, list) else ())
        )
        sections.append(
            Section.model_construct(
                title=NOTHING,
                show_if=_read(_ROUTE, given.get("show_if"), None),
                questions=blocks,
            )
        )
    lists = raw.get("choice_lists")
    rest = _unchecked(
        Questionnaire,
        sections=tuple(sections),
        batteries=tuple(_each(Battery, raw, "batteries", _unchecked(Battery, name=""))),
        screen_outs=tuple(
            _each(ScreenOut, raw, "screen_outs", _unchecked(ScreenOut, name="", when=_ALWAYS))
        ),
        quotas=tuple(_each(Quota, raw, "quotas", _unchecked(Quota, name="", when=_ALWAYS))),
        choice_lists={
            name: _read(_CHOICES, choices, ())
            for name, choices in (lists if isinstance(lists, dict) else {}).items()
        },
    )
    yield from misfits(rest, _taken_out(raw, sections))


def _unchecked(model: type[Any], **fields: Any) -> Any:
    """Return a model with some of its fields only, as the cross-checks need no others."""
    return model.model_construct(**fields)


def _block(raw: Any, place: Place, faulty: Collection[Place]) -> Any:
    if any(one[: len(place)] == place for one in faulty):
        return _NO_BLOCK
    return _read(_BLOCK, raw, _NO_BLOCK)


def _read(adapter: TypeAdapter[Any], raw: Any, otherwise: Any) -> Any:
    try:
        return adapter.validate_python(raw)
    except ValidationError:
        return otherwise


def _each(model: type[Any], raw: dict[str, Any], key: str, otherwise: Any) -> Iterator[Any]:
    given = raw.get(key)
    adapter = TypeAdapter(model)
    for one in given if isinstance(given, list) else ():
        yield _read(adapter, one, otherwise)


def _taken_out(raw: dict[str, Any], sections: list[Section]) -> TakenOut:
    names: list[tuple[str, Place]] = []
    batteries: set[str] = set()
    nameless = False
    for at, section in enumerate(sections):
        listed = value_at(raw, ("sections", at, "questions"))
        nameless |= not isinstance(listed, list) or not listed
        for position, block in enumerate(section.questions):
            if block is not _NO_BLOCK:
                continue
            place: Place = ("sections", at, "questions", position)
            given = listed[position]
            own = list(_names(given, place))
            nameless |= not own or own[0][1] != (*place, "name")
            names += own
            battery = value_at(given, ("battery",))
            batteries |= {battery} if isinstance(battery, str) else set()
    return TakenOut(tuple(names), nameless, frozenset(batteries))


def _names(given: Any, place: Place) -> Iterator[tuple[str, Place]]:
    """Yield the names that a faulty block and its rows bear."""
    if isinstance(name := value_at(given, ("name",)), str):
        yield name, (*place, "name")
    items = value_at(given, ("items",))
    for at, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(name := value_at(item, ("name",)), str):
            yield name, (*place, "items", at, "name")
