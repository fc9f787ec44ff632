"""What the tables of a page hold: which rows, in which order, under which names. No markup.

A group of a domain keeps its row even where its figure may not be shown; the row then says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.disclosure.public import PublicTables
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import questions_of_block
from pipeline.questionnaire.codebook import Codebook
from pipeline.questionnaire.model import Section
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import ChoiceQuestion, OpenEnded, Question, Scale
from pipeline.reporting.charts import Halves
from pipeline.reporting.question_lines import Answer, lines_of

Row = Mapping[str, Any]
HARDLY = 0.005
"""A share below this would be printed as less than one per cent."""
SMALL = frozenset({"n_below_30", "effective_n_below_30"})
"""Reasons of the presentation rule that speak of the number of respondents."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group in a table: its name and the row that may be shown of it, '' where none may.

    `why` is then ``too_few`` (respondents), ``too_wide`` (an interval) or ``withheld_row`` (by the
    disclosure rules, which need not mean that the group itself is small).
    """

    name: Text
    cell: str
    why: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """The groups of one domain."""

    name: Text
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Results:
    """The disclosed figures of one survey and wave, found by what they say."""

    disclosed: PublicTables
    programme: Programme
    codebook: Codebook

    @property
    def survey(self) -> str:
        return self.codebook.survey

    @property
    def wave(self) -> str:
        return self.codebook.wave

    def _rows(self, letter: str) -> Sequence[Row]:
        """Return the rows of this run whose id begins with a letter."""
        return self.disclosed.by_run.get((self.survey, self.wave), {}).get(letter, ())

    @cached_property
    def estimates(self) -> Mapping[tuple[str, str, str, str], Row]:
        """Rows of this run by question, code, domain and level."""
        return {
            (row["question"], row["code"], row["domain"], str(row["domain_value"])): row
            for row in self._rows("E")
        }

    @cached_property
    def _totals(self) -> Mapping[tuple[str, str], Row]:
        rows = self._rows("E")
        return {(row["question"], row["code"]): row for row in rows if row["domain"] == "all"}

    @cached_property
    def comparisons(self) -> Sequence[Row]:
        """Every published comparison of this run."""
        return self._rows("C")

    @cached_property
    def _of_all(self) -> Mapping[tuple[str, str, str], Row]:
        """Comparisons of the whole survey by kind, question and code."""
        return {
            (row["kind"], row["question"], row["code"]): row
            for row in self.comparisons
            if row["kind"] != "group" and row["domain"] in ("", "all")
        }

    def total(self, question: str, code: str) -> Row | None:
        """Return the row of the whole survey, or None where it was withheld."""
        return self._totals.get((question, code))

    def compared(self, kind: str, question: str, code: str) -> Row | None:
        """Return how the whole survey compares with its ``standard`` or the earlier ``wave``."""
        return self._of_all.get((kind, question, code))

    @property
    def withheld(self) -> tuple[Row, ...]:
        """Counts of the rows that were withheld, by table and rule; those that are not zero."""
        return tuple(row for row in self._rows("L") if row["value"])

    def quality(self, group: str) -> Mapping[str, str]:
        """Return the ids of a group of quality figures by item."""
        return self._quality.get(group, {})

    @cached_property
    def _quality(self) -> Mapping[str, Mapping[str, str]]:
        groups: dict[str, dict[str, str]] = {}
        for row in self._rows("Q"):
            groups.setdefault(row["group"], {})[row["item"]] = row["id"]
        return groups

    def domain_name(self, domain: str) -> Text:
        """Return how a domain is called."""
        if (known := self.programme.frame_domain(domain)) is not None:
            return known.name
        return self._question(domain).text if self._is_question(domain) else Text(zh=domain)

    @cached_property
    def _met(self) -> Mapping[str, set[str]]:
        met: dict[str, set[str]] = {}
        for _, _, domain, level in self.estimates:
            met.setdefault(domain, set()).add(level)
        return met

    def levels(self, domain: str) -> Iterator[tuple[str, Text]]:
        """Yield the levels of a domain that this survey met, in the order of their definition."""
        met = self._met.get(domain, set())
        known = self.programme.frame_domain(domain)
        if known is not None:
            named = [(level.code, level.name) for level in known.levels]
        elif self._is_question(domain):
            question = self._question(domain)
            choices = question.substantive if isinstance(question, ChoiceQuestion) else ()
            named = [(str(choice.code), choice.text) for choice in choices]
        else:
            named = []
        yield from ((code, name) for code, name in named if code in met)
        for code in sorted(met - {code for code, _ in named}):
            yield code, Text(zh=code)

    def level_name(self, domain: str, level: str) -> Text:
        """Return how a level of a domain is called."""
        return dict(self.levels(domain)).get(level, Text(zh=level))

    def banners(self, question: str, code: str) -> tuple[Banner, ...]:
        """Return every domain with its groups, for one question and answer."""
        made = []
        for domain in self.codebook.questionnaire.domains:
            groups = tuple(
                Group(
                    name,
                    self._stated(question, code, domain, level),
                    self._why_not(question, code, domain, level),
                )
                for level, name in self.levels(domain)
            )
            if any(group.cell for group in groups):
                made.append(Banner(self.domain_name(domain), groups))
        return tuple(made)

    def _stated(self, question: str, code: str, domain: str, level: str) -> str:
        row = self.estimates.get((question, code, domain, level))
        return str(row["id"]) if row is not None and row["presentable"] else ""

    def _why_not(self, question: str, code: str, domain: str, level: str) -> str:
        row = self.estimates.get((question, code, domain, level))
        if row is None:
            return "withheld_row"
        if row["presentable"]:
            return ""
        return "too_few" if row["why_not"] in SMALL else "too_wide"

    def answers(self, question: Question) -> tuple[Answer, ...]:
        """Return the results of one question for the whole survey, as far as they are shown."""
        return tuple(lines_of(question, self.total))

    def questions_of(self, section: Section) -> tuple[Question, ...]:
        """Return the questions of a section that results speak of: not those of single entries."""
        entries = self.codebook.questionnaire.in_rosters
        return tuple(
            question
            for block in section.questions
            for question in questions_of_block(block)
            if question.name not in entries
        )

    def halves(self, question: Question, measure: Measure) -> tuple[tuple[Group, Halves], ...]:
        """Return the answers of a scale as diverging bars: in all, and by the first domains.

        Empty where the question is no scale of at most five points with one half unfavourable. A
        group is left out unless every one of its shares may be stated.
        """
        if not isinstance(question, Scale):
            return ()
        codes = [str(choice.code) for choice in question.substantive]
        half, bad = len(codes) // 2, [str(code) for code in sorted(measure.unfavourable)]
        low, high = codes[:half], codes[-half:][::-1]
        if half > 2 or bad not in (sorted(low), sorted(high)):
            return ()
        unfavourable, favourable = (low, high) if bad == sorted(low) else (high, low)
        neutral = codes[half] if len(codes) % 2 else ""
        rows = []
        for domain in ("all", *self.codebook.questionnaire.frame_domains):
            for level, name in [("all", Text(zh=""))] if domain == "all" else self.levels(domain):
                cells = [
                    self._share(question.name, code, domain, level)
                    for code in (*unfavourable, *favourable, *([neutral] if neutral else []))
                ]
                net = self._share(question.name, "+".join(bad), domain, level)
                if all(cells):
                    parts = Halves(
                        tuple(cells[:half]), tuple(cells[half : 2 * half]),
                        cells[-1] if neutral else "", net,
                    )  # fmt: skip
                    rows.append((Group(name, net, total=domain == "all"), parts))
        return tuple(rows)

    def _share(self, question: str, code: str, domain: str, level: str) -> str:
        if domain != "all":
            return self._stated(question, code, domain, level)
        row = self.total(question, code)
        return str(row["id"]) if row is not None and row["presentable"] else ""

    @property
    def open_questions(self) -> tuple[OpenEnded, ...]:
        """Return the questions that were answered in the respondents' own words."""
        of = self.codebook.questionnaire
        return tuple(
            question
            for question in of.questions
            if isinstance(question, OpenEnded) and question.name not in of.in_rosters
        )

    def themes(self, question: str) -> tuple[Row, ...]:
        """Return the themes of an open question for the whole survey, most often named first.

        Those that hardly anybody named are left to `hardly_named`.
        """
        return tuple(row for row in self._told("theme", question) if row["share"] >= HARDLY)

    def hardly_named(self, question: str) -> tuple[Row, ...]:
        """Return the themes that somebody named, but hardly anybody.

        The frame of themes serves every open question of a survey, so that one which nobody named
        need not be an answer to this question at all.
        """
        return tuple(row for row in self._told("theme", question) if 0 < row["share"] < HARDLY)

    def coverage(self, question: str) -> tuple[Row, ...]:
        """Return how many gave an answer of substance to an open question, and how many none."""
        return self._told("coverage", question)

    def _told(self, kind: str, question: str) -> tuple[Row, ...]:
        rows = [
            row
            for row in self._rows("T")
            if (row["kind"], row["question"], row["domain"]) == (kind, question, "all")
            and row["presentable"]
        ]
        return tuple(sorted(rows, key=lambda row: (-row["share"], row["theme"])))

    def keywords(self, question: str, at_most: int = 8) -> tuple[Row, ...]:
        """Return the words that mark a group of speakers: those with a test that holds."""
        rows = [
            row
            for row in self._rows("T")
            if (row["kind"], row["question"]) == ("keyword", question)
            and row["domain"] != "all" and row["keyness"] > 0
        ]  # fmt: skip
        return tuple(sorted(rows, key=lambda row: (-row["keyness"], row["id"]))[:at_most])

    def _is_question(self, name: str) -> bool:
        return name in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(question.name for question in self.codebook.questionnaire.questions)

    def _question(self, name: str) -> Question:
        return self.codebook.questionnaire.question(name)
