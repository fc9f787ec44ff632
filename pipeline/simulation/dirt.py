"""Faults as fieldwork makes them, planted at known places so that checks can be checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.questionnaire.model import (
    ChoiceQuestion,
    MultipleChoice,
    Number,
    OpenEnded,
    Questionnaire,
    Scale,
)
from pipeline.questionnaire.routing import questions_of
from pipeline.simulation.export import fictitious_phone, header_of, instance, moved
from pipeline.simulation.fieldwork import Interview
from pipeline.simulation.streams import chosen
from pipeline.simulation.truths import Dirt

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
FAST = 50
EXAMPLE_SIZE = 600


@dataclass
class Soiled:
    """The rows with faults in them, where each fault is, and the corrections that mend some."""

    rows: pd.DataFrame
    planted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind of fault -> keys of the submissions that have it."""
    corrections: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)


def soil(
    rows: pd.DataFrame,
    held: Sequence[Interview],
    questionnaire: Questionnaire,
    dirt: Dirt,
    seed: int,
) -> Soiled:
    """Plant faults, each in a row of its own; their number grows with the number of rows."""
    records = [dict(zip(rows.columns, row, strict=True)) for row in rows.to_numpy().tolist()]
    planter = _Planter(records, list(held), questionnaire, seed)
    times = max(1, round(len(rows) / EXAMPLE_SIZE))
    planter.out_of_range(dirt.out_of_range * times)
    planter.contradictions(dirt.contradictions * times)
    planter.exclusive_broken(dirt.exclusive_broken * times)
    planter.straight_lines(dirt.straight_liners * times)
    planter.full_width(dirt.full_width * times)
    planter.phones(dirt.phones * times)
    planter.speeders(dirt.speeders * times)
    planter.mistyped(dirt.mistyped_person)
    planter.duplicates(dirt.duplicates * times)
    return Soiled(pd.DataFrame(planter.rows), planter.planted, planter.corrections)


class _Planter:
    """Takes each fault's rows from those that have none yet."""

    def __init__(
        self,
        rows: list[dict[str, str]],
        held: list[Interview],
        questionnaire: Questionnaire,
        seed: int,
    ) -> None:
        self.rows, self.held, self.questionnaire, self.seed = rows, held, questionnaire, seed
        self.planted: dict[str, tuple[str, ...]] = {}
        self.corrections: list[tuple[str, str, str, str, str, str]] = []
        self._free = set(range(len(rows)))

    def take(self, kind: str, count: int, fits: Callable[[Mapping[str, str]], bool]) -> list[int]:
        """Return the places of `count` rows that fit and are free, chosen at random."""
        wanted = [at for at in sorted(self._free) if fits(self.rows[at])]
        places = chosen(self.seed, "dirt", kind, out_of=wanted, count=count)
        self._free -= set(places)
        self.planted[kind] = tuple(sorted(self._key(at) for at in places))
        return places

    def out_of_range(self, values: Sequence[int]) -> None:
        """A number nobody can mean; the last one's true value was found and is corrected."""
        number = self._first(Number)
        places = self.take("out_of_range", len(values), lambda row: row[number] != "")
        header = header_of(self.questionnaire, number)
        for at, value in zip(places, values, strict=False):
            true, self.rows[at][number] = self.rows[at][number], str(value)
            if value == values[-1]:
                self._correct(at, header, str(value), true, "访问员核对纸质记录，多录了数字")

    def contradictions(self, count: int) -> None:
        """An answer to a question that the person should not have been asked."""
        question = next(q for q in self.questionnaire.questions if q.show_if is not None)
        assert isinstance(question, ChoiceQuestion)
        assert question.show_if is not None
        source = next(questions_of(question.show_if))
        fits = lambda row: row[question.name] == "" and row[source] != ""  # noqa: E731
        for at in self.take("contradictions", count, fits):
            self.rows[at][question.name] = question.substantive[0].exported_as

    def exclusive_broken(self, count: int) -> None:
        """An exclusive choice ticked beside another."""
        question = self.questionnaire.question(self._first(MultipleChoice))
        assert isinstance(question, MultipleChoice)
        alone = next(c.exported_as for c in question.substantive if c.exclusive)
        other = question.substantive[0].exported_as
        for at in self.take("exclusive_broken", count, lambda row: row[question.name] == alone):
            self.rows[at][question.name] = f"{other} {alone}"

    def straight_lines(self, count: int) -> None:
        """The middle of every scale, for people who were asked most of them."""
        scales = [q.name for q in self.questionnaire.questions if isinstance(q, Scale)]
        enough = len(scales) - 1
        fits = lambda row: sum(row[name] != "" for name in scales) >= enough  # noqa: E731
        for at in self.take("straight_liners", count, fits):
            for name in scales:
                if self.rows[at][name] != "":
                    self.rows[at][name] = "3"

    def full_width(self, count: int) -> None:
        """Digits of a Chinese keyboard; harmless, and no fault of the person."""
        number = self._first(Number)
        for at in self.take("full_width", count, lambda row: row[number] != ""):
            self.rows[at][number] = self.rows[at][number].translate(FULL_WIDTH)

    def phones(self, count: int) -> None:
        """A telephone number inside an open answer."""
        name = self._first(OpenEnded)
        for at in self.take("phones", count, lambda row: len(row[name]) > 8):
            text = self.rows[at][name].rstrip("。！")
            self.rows[at][name] = f"{text}，请联系我{fictitious_phone(at)}"

    def speeders(self, count: int) -> None:
        """Interviews too short to have read the questions."""
        for place, at in enumerate(self.take("speeders", count, lambda _: True)):
            for column, text in moved(self.held[at], seconds=FAST + 5 * (place % 12)).items():
                self.rows[at][column] = text

    def mistyped(self, count: int) -> None:
        """A person's token typed without its last digit, and put right by a correction."""
        for at in self.take("mistyped_person", count, lambda _: True):
            token = self.rows[at]["person"]
            self.rows[at]["person"] = token[:-1]
            self._correct(at, "person", token[:-1], token, "编号漏录一位，已与抽样名单核对")

    def duplicates(self, count: int) -> None:
        """The same person submitted again some hours later, one answer changed."""
        first = self._first(Scale)
        places = self.take("duplicates", count, lambda row: row[first] in {"2", "3", "4"})
        copies = []
        for at in places:
            row = self.rows[at]
            key = f"uuid:{instance(self.seed, row['person'], 2)}"
            changed = {"meta-instanceID": key, first: str(int(row[first]) + 1)}
            copies.append(row | changed | moved(self.held[at], hours=3))
        self.planted["duplicates"] = tuple(sorted(row["meta-instanceID"] for row in copies))
        self.rows.extend(copies)

    def _first(self, kind: type) -> str:
        return next(q.name for q in self.questionnaire.questions if isinstance(q, kind))

    def _key(self, at: int) -> str:
        return str(self.rows[at]["meta-instanceID"])

    def _correct(self, at: int, column: str, old: str, new: str, reason: str) -> None:
        self.corrections.append((self._key(at), column, old, new, reason, "数据员01"))
