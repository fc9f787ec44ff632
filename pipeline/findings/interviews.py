"""What interviews add: agreement, contradiction, and leads on problems that no question measures.

Those interviewed were not drawn at random, so an interview never carries a percentage.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import Finding
from pipeline.findings.grade import SITES, Evidence, grade
from pipeline.findings.wording import mark, said
from pipeline.i18n import Text
from pipeline.questionnaire.programme import Programme


@dataclass(frozen=True)
class Heard:
    """What interviews say of one problem: stance -> (row id, interviews, sites)."""

    by_stance: dict[str, tuple[str, int, int]]

    def count(self, stance: str, of: str = "interviews") -> int:
        _, interviews, sites = self.by_stance.get(stance, ("", 0, 0))
        return interviews if of == "interviews" else sites

    def contrary(self, stance: str) -> tuple[Text, ...]:
        """Return the contrary evidence; that none was found is an answer, too."""
        if stance not in self.by_stance:
            return (said("no_contrary"),)
        return (said("contrary_interviews", n=mark(self.by_stance[stance][0], "interviews")),)


def heard_on(public: PublicTables, problem: str) -> Heard:
    """Return what interviews say of a problem, from the published counts."""
    table = public.interviews
    if table.empty:
        return Heard({})
    rows = table[(table["kind"] == "count") & (table["problem"] == problem)]
    return Heard(
        {
            str(row["stance"]): (str(row["id"]), int(row["interviews"]), int(row["sites"]))
            for row in rows.to_dict(orient="records")
            if row["stance"]
        }
    )


def leads(
    public: PublicTables, programme: Programme, covered: Collection[str]
) -> Iterator[Finding]:
    """Yield a lead for each problem that no question measures and several sites report."""
    for problem in programme.problems():
        heard = heard_on(public, problem.code)
        if problem.code in covered or heard.count("supports", "sites") < SITES:
            continue
        evidence = Evidence(
            survey=False,
            agreeing=heard.count("supports"),
            agreeing_sites=heard.count("supports", "sites"),
        )
        letter, reason = grade(evidence)
        row = heard.by_stance["supports"][0]
        yield Finding(
            id=f"F-{problem.code}-Q1",
            survey="",
            wave="",
            problem=problem.code,
            question="",
            statement=said(
                "statement_interviews",
                sites=mark(row, "sites"),
                n=mark(row, "interviews"),
                problem=problem.name,
            ),
            estimate="",
            figure=None,
            comparisons=(),
            notes=(),
            themes=(),
            interview_support=heard.count("supports"),
            interview_contradict=heard.count("contradicts"),
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
            limitation=said("limitation_interviews"),
        )
