"""Import what a statistical file says of its own variables (.sav, .zsav, .por, .dta).

Variables with value labels become choices or scales, multiple-response sets multiple choices. The
answers are not taken over; they only tell numbers with a few labels from lists of choices.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import QuestionnaireError
from pipeline.i18n import Text
from pipeline.importers.building import Building, choice_block, cleaned, column_of
from pipeline.importers.degrees import guess_said, is_scale
from pipeline.importers.imported import Imported
from pipeline.importers.offered import Names, Offered, choices_from
from pipeline.intake.choice_codes import missing_codes_of
from pipeline.questionnaire.questions import (
    Choice,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Scale,
)
from pipeline.responses.described import Option
from pipeline.responses.dictionary import ResponseSet, Variable
from pipeline.responses.read import read_table
from pipeline.responses.systems.label_options import options_of
from pipeline.responses.systems.labelled import counts_of
from pipeline.responses.table import RawTable

SUFFIXES = (".sav", ".zsav", ".por", ".dta")
FEWEST = 2


def read(path: Path, survey: str) -> Imported:
    """Import the dictionary of a file.

    Raises
    ------
    ResponseError, QuestionnaireError
        It cannot be read, or tells of no variable.
    """
    table = read_table(path)
    if table.dictionary is None or not table.dictionary.variables:
        raise QuestionnaireError(
            f"{path}: 文件里没有变量的说明。请改用 diaoyan new。(no dictionary in it)"
        )
    return _Reader(path, survey, table).imported()


class _Reader:
    def __init__(self, path: Path, survey: str, table: RawTable) -> None:
        assert table.dictionary is not None
        self.table = table
        self.dictionary = table.dictionary
        self.building = Building(path, survey)
        self.names = Names()

    def imported(self) -> Imported:
        if title := cleaned(self.dictionary.title):
            self.building.title = Text(zh=title)
        self.building.page(Text(zh="问卷"))
        free = {one.name: one for one in self.dictionary.variables}
        sets = {name: one for one in self.dictionary.sets for name in one.variables[:1]}
        taken = {name for one in self.dictionary.sets for name in one.variables}
        for name, variable in free.items():
            if name in sets:
                self._set(sets[name], free)
            if name not in taken:
                self._variable(variable)
        return self.building.finished()

    def _variable(self, variable: Variable) -> None:
        if variable.name == self.dictionary.weight:
            self.building.left("", f"{variable.name}：文件的权数，不是题目。")
            return
        name = self.names.new(variable.name)
        common = {
            "name": name,
            "text": Text(zh=cleaned(variable.label) or cleaned(variable.name) or name),
            "column": column_of(name, variable.name),
        }
        if variable.kind in ("date", "datetime", "time"):
            self.building.add(Moment.model_validate({"type": variable.kind, **common}))
            return
        cells = self.table.cells
        counts = counts_of(cells[variable.name]) if variable.name in cells else {}
        options = options_of(variable, counts)
        asked = [one for one in options if one.missing is None]
        if len(asked) >= FEWEST and not self._many_unlabelled(name, options, counts):
            self._choice(name, common, variable, options)
        elif variable.kind == "text":
            self.building.add(OpenEnded.model_validate({"type": "open_ended", **common}))
        else:
            self._number(name, common, variable, options)

    def _many_unlabelled(
        self, name: str, options: Sequence[Option], counts: Mapping[str, int]
    ) -> bool:
        """Tell whether a variable holds mostly numbers without a label (80: 80 and over)."""
        known = {one.cell for one in options}
        unlabelled = [cell for cell in counts if cell not in known]
        if len(unlabelled) <= len(known):
            return False
        self.building.mended(name, f"猜测：{len(unlabelled)} 种取值没有标签，当作数字题。")
        return True

    def _choice(
        self, name: str, common: Mapping[str, object], variable: Variable,
        options: Sequence[Option],
    ) -> None:  # fmt: skip
        offered = [Offered(o.cell, Text(zh=cleaned(o.label)), missing=o.missing) for o in options]
        if guessed := dict.fromkeys(option.guessed for option in options if option.guessed):
            self.building.mended(name, f"猜测：{''.join(guessed)}")
        choices = choices_from(self.building, name, offered)
        ordered = variable.measure == "ordinal" or is_scale(choices)
        if ordered and sum(choice.missing is None for choice in choices) > FEWEST:
            if variable.measure != "ordinal":
                self.building.mended(name, guess_said(choices))
            self.building.add(
                Scale.model_validate({"type": "scale", **common, "choices": choices})
            )
        else:
            self.building.add(choice_block(self.building, common, choices, many=False))

    def _number(
        self, name: str, common: Mapping[str, object], variable: Variable,
        options: Sequence[Option],
    ) -> None:  # fmt: skip
        import pandas as pd

        missing = [one for one in options if one.missing]
        left = [one.label for one in options if not one.missing]
        if left:
            self.building.left(name, f"个别取值的标签：{'、'.join(left[:5])}。")
        codes = missing_codes_of(missing, pd.Series(dtype="float64"))
        made = {"missing_codes": _distinct(codes), "decimals": _decimals(variable.format)}
        self.building.add(Number.model_validate({"type": "number", **common, **made}))

    def _set(self, one: ResponseSet, free: Mapping[str, Variable]) -> None:
        variables = [free[name] for name in one.variables if name in free]
        wanted = one.name.lstrip("$")
        name = self.names.new(wanted)
        common = {
            "name": name,
            "text": Text(zh=cleaned(one.label) or cleaned(wanted) or name),
            "column": column_of(name, wanted),
        }
        if one.counted is None:
            options = options_of(variables[0], {}) if variables else ()
            offered = [
                Offered(o.cell, Text(zh=cleaned(o.label)), missing=o.missing) for o in options
            ]
        else:
            offered = [Offered(v.name, Text(zh=cleaned(v.label) or v.name)) for v in variables]
        choices = choices_from(self.building, name, offered, least=0)
        block = choice_block(self.building, common, choices, many=True)
        self.building.add(block)
        if isinstance(block, MultipleChoice):
            said = "、".join(one.variables[:10])
            self.building.mended(name, f"由多选集 {one.name}（{said}）合成一道多选题。")


def _distinct(codes: Sequence[Choice]) -> tuple[Choice, ...]:
    seen: dict[int, Choice] = {}
    for one in codes:
        seen.setdefault(one.code, one)
    return tuple(seen.values())


def _decimals(form: str) -> int:
    """Return the decimals of a display format (``F8.2``)."""
    _, point, places = form.rpartition(".")
    return min(int(places), 6) if point and places.isdecimal() else 0
