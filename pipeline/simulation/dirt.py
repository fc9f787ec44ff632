"""Faults as fieldwork makes them, planted at known places so that checks can be checked."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pipeline.questionnaire.expressions import questions_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)
from pipeline.simulation.fiction import fictitious_phone
from pipeline.simulation.routes import sources
from pipeline.simulation.streams import Luck
from pipeline.simulation.submissions import Submission
from pipeline.simulation.survey_truths import Truths

Kind = TypeVar("Kind", bound=Question)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
FASTEST, FAST = 0.12, 0.27
"""Speeders take between these shares of the planted median duration."""
LONG_TEXT = 30
COPIES = 3
"""So many submissions at least hold the same copied text."""
MOST_SCALES = 0.85
"""A straight-liner answers all items of batteries alike, and this share of the other scales."""
HABIT = {0.0: 0.10, 0.25: 0.20, 0.5: 0.35, 0.75: 0.25, 1.0: 0.10}
"""Place on the scale -> how often straight-liners keep to it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A correction of a cell: which submission, which question (or `person`), what and why."""

    at: int
    field: str
    old: str
    new: str
    reason: str


@dataclass
class Soiled:
    """Submissions with faults in them, where each fault is, and the corrections that mend some."""

    submissions: list[Submission]
    planted: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Kind of fault -> places of the submissions that have it; one fault a submission."""
    mended: list[Mended] = field(default_factory=list)


def soil(
    clean: Sequence[Submission], questionnaire: Questionnaire, truths: Truths, luck: Luck
) -> Soiled:
    """Plant faults, each in submissions of its own, as often as the truths say.

    A kind that the questionnaire or the layout has no place for is planted nowhere; numbers that
    were mended are a kind of their own, `mended_number`.
    """
    planter = _Planter(list(clean), questionnaire, truths, luck)
    dirt, count = truths.dirt, len(clean)

    def times(share: float) -> int:
        return int(share * count + 0.5)

    planter.copied_open(times(dirt.copied_open))
    planter.contradictions(times(dirt.contradictions))
    planter.exclusive_broken(times(dirt.exclusive_broken))
    planter.out_of_range(times(dirt.out_of_range))
    planter.straight_liners(times(dirt.straight_liners))
    planter.full_width(times(dirt.full_width) if truths.delivery != "sav" else 0)
    planter.phones(times(dirt.phones))
    planter.speeders(times(dirt.speeders))
    planter.mistyped_person(times(dirt.mistyped_person))
    planter.duplicates(times(dirt.duplicates))
    return planter.soiled


class _Planter:
    """Takes each fault's submissions from those that have none yet."""

    def __init__(
        self,
        clean: list[Submission],
        questionnaire: Questionnaire,
        truths: Truths,
        luck: Luck,
    ) -> None:
        self.soiled = Soiled(clean)
        self.all = clean
        self.questionnaire, self.truths, self.luck = questionnaire, truths, luck
        self._free = set(range(len(clean)))
        routed = {q.name for one in questionnaire.questions for q in sources(one, questionnaire)}
        self.scales = [q for q in self._of(Scale) if q.name not in routed]
        self.numbers = [q for q in self._of(Number) if q.maximum is not None]

    def take(self, kind: str, count: int, fits: Callable[[Submission], object]) -> list[int]:
        """Return the places of `count` submissions that fit and are free, chosen at random."""
        wanted = [at for at in sorted(self._free) if fits(self.all[at])]
        places = self.luck.chosen("dirt", kind, out_of=wanted, count=count)
        self._keep(kind, places)
        return places

    def copied_open(self, count: int) -> None:
        """One long text pasted into several answers to a question, at one site or by one team."""
        groups = max(1, count // COPIES)
        sizes = [max(COPIES, count // groups + (n < count % groups)) for n in range(groups)]
        sizes = sizes if count else []
        places: list[int] = []
        for question in self._of(OpenEnded):
            name = question.name
            near: dict[str, list[int]] = defaultdict(list)
            for at in sorted(self._free - set(places)):
                if len(self.all[at].answers.get(name, "")) > LONG_TEXT // 3:
                    near[self._neighbours(self.all[at])].append(at)
            for group in self.luck.chosen("copied", name, out_of=sorted(near), count=len(near)):
                if sizes and len(near[group]) >= sizes[0]:
                    take = sizes.pop(0)
                    some = self.luck.chosen("copies", name, group, out_of=near[group], count=take)
                    self._paste(name, some)
                    places += some
        self._keep("copied_open", places)

    def contradictions(self, count: int) -> None:
        """An answer to a question that the person should not have been asked."""
        routed = [q for q in self._of(SingleChoice) + self._of(Scale) if q.show_if is not None]

        def unasked(one: Submission) -> list[SingleChoice | Scale]:
            return [
                q
                for q in routed
                if q.name not in one.answers
                and q.show_if is not None
                and all(one.answers.get(name) for name in questions_of(q.show_if))
            ]

        for turn, at in enumerate(self.take("contradictions", count, unasked)):
            questions = unasked(self.all[at])
            question = questions[turn % len(questions)]
            word = question.substantive[turn % len(question.substantive)].exported_as
            self.all[at] = self.all[at].answering(**{question.name: word})

    def exclusive_broken(self, count: int) -> None:
        """An exclusive choice ticked beside another."""
        alone = {
            q.name: (c.exported_as, next(o.exported_as for o in q.substantive if not o.exclusive))
            for q in self._of(MultipleChoice)
            for c in q.substantive
            if c.exclusive
        }

        def ticked(one: Submission) -> list[str]:
            return [name for name, (word, _) in alone.items() if one.answers.get(name) == word]

        for at in self.take("exclusive_broken", count, ticked):
            name = ticked(self.all[at])[0]
            word, other = alone[name]
            self.all[at] = self.all[at].answering(**{name: f"{other} {word}"})

    def out_of_range(self, count: int) -> None:
        """A number nobody can mean; of one more the true value was found and is corrected."""
        for turn, at in enumerate(self.take("out_of_range", count, self._counted)):
            self._too_large(at, turn)
        for at in self.take("mended_number", min(count, 1), self._counted):
            name, true = self._too_large(at, 2)
            wrong = self.all[at].answers[name]
            self._mend(at, name, wrong, true, "核对原始记录，多录了数字")

    def straight_liners(self, count: int) -> None:
        """The same point on all items of batteries, reversed or not, and on most other scales."""
        few = max(1, len(self.scales) / 2)

        def enough(one: Submission) -> bool:
            return sum(bool(one.answers.get(q.name)) for q in self.scales) >= few

        for at in self.take("straight_liners", count, enough):
            luck = self.luck.uniform("line", str(at), size=len(self.scales) + 1)
            shares = list(HABIT.values())
            place = next(p for n, p in enumerate(HABIT) if luck[0] < sum(shares[: n + 1]) + 1e-9)
            same = {
                q.name: q.substantive[round(place * (len(q.substantive) - 1))].exported_as
                for q, one in zip(self.scales, luck[1:], strict=True)
                if q.name in self.all[at].answers and (q.battery or one < MOST_SCALES)
            }
            self.all[at] = self.all[at].answering(**same)

    def full_width(self, count: int) -> None:
        """Digits of a Chinese keyboard; harmless, and no fault of the person."""
        for at in self.take("full_width", count, self._counted):
            name = self._counted(self.all[at])[0]
            text = self.all[at].answers[name].translate(FULL_WIDTH)
            self.all[at] = self.all[at].answering(**{name: text})

    def phones(self, count: int) -> None:
        """A telephone number inside an open answer, written in one of the usual ways."""
        names = [q.name for q in self._of(OpenEnded)]

        def written(one: Submission) -> list[str]:
            return [name for name in names if len(one.answers.get(name, "")) > 8]

        for turn, at in enumerate(self.take("phones", count, written)):
            name = written(self.all[at])[0]
            text = self.all[at].answers[name].rstrip("。！")
            number = fictitious_phone(at)
            spelled = (number, f"{number[:3]}-{number[3:7]}-{number[7:]}", f"{number}（同微信）")
            said = f"{text}，请联系我{spelled[turn % len(spelled)]}"
            self.all[at] = self.all[at].answering(**{name: said})

    def speeders(self, count: int) -> None:
        """Interviews too short to have read the questions."""
        usual = self.truths.interview.seconds
        for at in self.take("speeders", count, lambda _: True):
            luck = float(self.luck.uniform("speed", str(at), size=1)[0])
            self.all[at] = self.all[at].lasting(
                round(usual * (FASTEST + (FAST - FASTEST) * luck), 1)
            )

    def mistyped_person(self, count: int) -> None:
        """A person's token without its last digit, put right by a correction."""
        for at in self.take("mistyped_person", count, lambda _: True):
            token = self.all[at].person
            self.all[at] = replace(self.all[at], person=token[:-1])
            self._mend(at, "person", token[:-1], token, "编号漏录一位，已与抽样名单核对")

    def duplicates(self, count: int) -> None:
        """The same person submitted again an hour later, one answer changed."""
        usual = [(q, {c.exported_as for c in q.substantive[:-1]}) for q in self.scales]

        def answered(one: Submission) -> list[Scale]:
            return [q for q, words in usual if one.answers.get(q.name) in words]

        first = self.take("duplicates", count, answered)
        for at in first:
            question = answered(self.all[at])[0]
            words = [choice.exported_as for choice in question.substantive]
            word = words[words.index(self.all[at].answers[question.name]) + 1]
            self.all.append(self.all[at].again(1, **{question.name: word}))
        end = len(self.all)
        self.soiled.planted["duplicates"] = tuple(range(end - len(first), end))

    def _too_large(self, at: int, turn: int) -> tuple[str, str]:
        """Put a number above its range; return the question and the true answer."""
        name = self._counted(self.all[at])[0]
        top = int(next(q.maximum or 0 for q in self.numbers if q.name == name))
        true = self.all[at].answers[name]
        wrong = (top + 14, 3 * top + 6, 10 * top - 10 if top > 2 else top + 90)[turn % 3]
        self.all[at] = self.all[at].answering(**{name: str(wrong)})
        return name, true

    def _counted(self, one: Submission) -> list[str]:
        return [q.name for q in self.numbers if one.answers.get(q.name)]

    def _paste(self, name: str, members: list[int]) -> None:
        texts = sorted({self.all[at].answers[name] for at in members}, key=lambda t: (-len(t), t))
        text = texts[0]
        for more in texts[1:]:
            if len(text) < LONG_TEXT:
                text = f"{text.rstrip('。！')}；{more}"
        for at in members:
            self.all[at] = self.all[at].answering(**{name: text})

    def _neighbours(self, one: Submission) -> str:
        """Return whose answers could be copied: those of the site, or of a lone person's team."""
        alone = self.truths.draw.roll == "unit"
        return f"team {one.interview.team}" if alone else one.site

    def _keep(self, kind: str, places: Sequence[int]) -> None:
        self._free -= set(places)
        self.soiled.planted[kind] = tuple(sorted(places))

    def _mend(self, at: int, name: str, old: str, new: str, reason: str) -> None:
        self.soiled.mended.append(Mended(at, name, old, new, reason))

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return [q for q in self.questionnaire.questions if isinstance(q, kind)]
