"""What interviews add: agreement, contradiction, and leads on problems that no question measures.

Those interviewed were not drawn at random, so an interview never carries a percentage.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import Finding
from pipeline.findings.grade import SITES, Evidence, grade
from pipeline.findings.wording import mark, said
from pipeline.i18n import Text
from pipeline.questionnaire.programme import Programme

TENTATIVE = 2 / 3
"""Alpha from which codes can be relied on for tentative conclusions: Krippendorff (2018), Content
Analysis, 4th ed., ch. 12."""


@dataclass(frozen=True, slots=True)
class Said:
    """How many interviews take one stance on a problem: row id, interviews, explained, sites."""

    id: str
    interviews: int
    explained: int
    sites: int


@dataclass(frozen=True)
class Heard:
    """What interviews say of one problem, by stance, and signed explanations by stance."""

    by_stance: Mapping[str, Said]
    explanations: Mapping[str, tuple[Text, ...]]

    def of(self, stance: str) -> Said:
        return self.by_stance.get(stance, Said("", 0, 0, 0))

    def contrary(self, stance: str) -> tuple[Text, ...]:
        """Return the contrary evidence; that none was found is an answer, too."""
        if stance not in self.by_stance:
            return (said("no_contrary"),)
        count = said("contrary_interviews", n=mark(self.of(stance).id, "interviews"))
        return (count, *self.explanations.get(stance, ()))


def heard_on(public: PublicTables, problem: str) -> Heard:
    """Return what interviews say of a problem, from the published counts and signed texts."""
    table = public.interviews
    if table.empty:
        return Heard({}, {})
    rows = table[(table["problem"] == problem) & (table["stance"] != "")]
    counts = {
        str(row["stance"]): Said(
            str(row["id"]), int(row["interviews"]), int(row["explained"]), int(row["sites"])
        )
        for row in rows[rows["kind"] == "count"].to_dict(orient="records")
    }
    signed: dict[str, tuple[Text, ...]] = {}
    for row in rows[rows["kind"] == "explanation"].to_dict(orient="records"):
        words = Text(zh=str(row["quote_zh"]), en=str(row["quote_en"]))
        stance = str(row["stance"])
        signed[stance] = (*signed.get(stance, ()), said("explained", explanation=words))
    return Heard(counts, signed)


def coded_how(public: PublicTables, problem: str) -> Text:
    """Return how far two coders agree on what speaks of a problem; rules alone may have coded."""
    table = public.interviews
    if table.empty or "value" not in table:
        return said("coding_by_rule")
    alphas = table[(table["kind"] == "alpha") & (table["problem"] == problem)]["value"]
    if alphas.empty:
        return said("coding_by_rule")
    return said("coding_agreed" if alphas.min() >= TENTATIVE else "coding_disputed")


def leads(
    public: PublicTables, programme: Programme, covered: Collection[str]
) -> Iterator[Finding]:
    """Yield a lead for each problem that no question measures and several sites report."""
    for problem in programme.problems():
        heard = heard_on(public, problem.code)
        support = heard.of("supports")
        if problem.code in covered or support.sites < SITES:
            continue
        evidence = Evidence(
            survey=False, agreeing=support.interviews, agreeing_sites=support.sites
        )
        letter, reason = grade(evidence)
        yield Finding(
            id=f"F-{problem.code}-Q1",
            survey="",
            wave="",
            problem=problem.code,
            question="",
            statement=said(
                "statement_interviews",
                sites=mark(support.id, "sites"),
                n=mark(support.id, "interviews"),
                problem=problem.name,
            ),
            estimate="",
            figure=None,
            comparisons=(),
            notes=(),
            themes=(),
            interview_support=support.interviews,
            interview_contradict=heard.of("contradicts").interviews,
            standard=None,
            against_standard="no_standard",
            presentable=False,
            grade=letter,
            grade_reason=reason,
            contrary=heard.contrary("contradicts"),
            decision=said("decision_measure_it"),
            manifest_level="",
            root_level="",
            headline=None,
            exploratory=True,
            limitation=said("limitation_interviews", coding=coded_how(public, problem.code)),
        )
