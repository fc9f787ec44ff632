"""The labelled SPSS file that a statistics bureau delivers: codes, with labels, and missing codes.

Not asked and left blank are system-missing; don't know and refused are declared user-missing.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, assert_never

import pandas as pd
import pyreadstat

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.simulation.delivery import Delivery, Export
from pipeline.simulation.submissions import Submission

LABEL_BYTES, VALUE_BYTES = 255, 120
"""What the format holds of a variable's and of a value's label."""
CREATED = slice(92, 109)
"""Where the header of a .sav holds the day (dd mmm yy) and time (hh:mm:ss) of its creation."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ABOUT = {
    "id": "答卷编号",
    "person": "人员编号",
    "site": "单位编号",
    "submitted": "提交时间",
    "seconds": "用时（秒）",
    "mode": "填答方式",
    "language": "语言",
    "version": "问卷版本",
}


@dataclass
class _Variables:
    """The variables of a file, and what is declared about them, by name."""

    columns: dict[str, list[str] | list[float]] = field(default_factory=dict)
    labels: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[int | float, str]] = field(default_factory=dict)
    missing: dict[str, list[Any]] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, label: str, cells: list[str]) -> None:
        self.columns[name], self.measures[name] = cells, "nominal"
        self.labels[name] = label

    def number(
        self, name: str, label: str, cells: list[float], measure: str, decimals: int = 0
    ) -> None:
        self.columns[name], self.measures[name] = cells, measure
        self.labels[name], self.formats[name] = _fitting(label), f"F8.{decimals}"


def sav(delivery: Delivery) -> Export:
    """Return the .sav, in the order of the submissions' sites and persons."""
    listed = delivery.submissions
    order = sorted(range(len(listed)), key=lambda at: (listed[at].person, listed[at].number))
    keys = {at: f"U{place:05d}" for place, at in enumerate(order, start=1)}
    rows = [listed[at] for at in order]
    variables = _Variables()
    _about(variables, rows, [keys[at] for at in order], delivery)
    for question in delivery.questionnaire.questions:
        given = [one.answers.get(question.name, "") for one in rows]
        _question(variables, question, given)
    survey, title = delivery.questionnaire.survey, delivery.questionnaire.title.zh
    headers = {q.name: q.exported_as for q in delivery.questionnaire.questions}
    return Export(
        f"{survey}_{delivery.wave.wave}.sav",
        _written(variables, title, delivery.wave.days_in_field()[1]),
        tuple(keys[at] for at in range(len(listed))),
        headers | {"person": "person"},
    )


def _about(
    variables: _Variables, rows: list[Submission], keys: list[str], delivery: Delivery
) -> None:
    held = [one.interview for one in rows]
    variables.text("id", ABOUT["id"], keys)
    variables.text("person", ABOUT["person"], [one.person for one in rows])
    variables.text("site", ABOUT["site"], [one.site for one in rows])
    times = [one.end.isoformat(timespec="seconds") for one in held]
    variables.text("submitted", ABOUT["submitted"], times)
    variables.number("seconds", ABOUT["seconds"], [one.seconds for one in held], "scale", 1)
    variables.text("mode", ABOUT["mode"], [delivery.mode] * len(rows))
    variables.text("language", ABOUT["language"], ["en" if r.english else "zh" for r in rows])
    variables.text("version", ABOUT["version"], [delivery.version] * len(rows))


def _question(variables: _Variables, question: Question, given: list[str]) -> None:
    name, text, empty = question.exported_as, question.text.zh, float("nan")
    match question:
        case SingleChoice() | Scale():
            codes = {choice.exported_as: float(choice.code) for choice in question.choices}
            measure = "ordinal" if isinstance(question, Scale) else "nominal"
            variables.number(name, text, [codes.get(one, empty) for one in given], measure)
            variables.values[name] = dict(_value_labels(question))
            variables.missing[name] = [c.code for c in question.choices if c.missing]
        case MultipleChoice():
            for choice in question.choices:
                ticks = [
                    float(choice.exported_as in one.split()) if one else empty for one in given
                ]
                label = f"{text}：{choice.text.zh}"
                if len(label.encode()) > LABEL_BYTES:
                    label = choice.text.zh
                column = f"{name}_{choice.exported_as}"
                variables.number(column, label, ticks, "nominal")
                variables.values[column] = {0: "未选", 1: "选中"}
        case Number():
            cells = [float(one) if one else empty for one in given]
            variables.number(name, text, cells, "scale", question.decimals)
        case OpenEnded():
            variables.text(name, _fitting(text), given)
        case Ranking() | Calculated() | Moment():  # `truths_check` refuses them before
            raise ValueError(f"{question.name} is a {question.type}; it is not simulated")
        case _:
            assert_never(question)


def _value_labels(question: ChoiceQuestion) -> Iterator[tuple[int, str]]:
    for choice in question.choices:
        if len(choice.text.zh.encode()) > VALUE_BYTES:
            raise QuestionnaireError(
                f"{question.name}, 选项 {choice.code}: 中文超过 {VALUE_BYTES} 字节，.sav 存不下。"
                "请缩短选项。(too long for a value label of a .sav; shorten the choice)"
            )
        yield choice.code, choice.text.zh


def _written(variables: _Variables, title: str, dated: date) -> bytes:
    """Return the file's bytes, with the day of the field's end where the clock would stand."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.sav"
        pyreadstat.write_sav(
            pd.DataFrame(variables.columns),
            path,
            file_label=_fitting(title, 60),
            column_labels=variables.labels,
            variable_value_labels=variables.values,
            missing_ranges={name: codes for name, codes in variables.missing.items() if codes},
            variable_measure=variables.measures,
            variable_format=variables.formats,
        )
        content = bytearray(path.read_bytes())
    stamp = f"{dated.day:02d} {MONTHS[dated.month - 1]} {dated.year % 100:02d}18:00:00"
    content[CREATED] = stamp.encode("ascii")
    return bytes(content)


def _fitting(text: str, most: int = LABEL_BYTES) -> str:
    """Return the text, cut at a whole character where the format has no room for it."""
    return text.encode()[:most].decode(errors="ignore")
