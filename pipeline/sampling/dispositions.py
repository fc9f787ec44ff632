"""What became of each sampled person, in the codes of AAPOR, and the response rates that follow.

Source: AAPOR (2023), Standard Definitions, 10th edition: final dispositions of in-person surveys,
and the formulas RR1-RR6, COOP1, REF1, CON1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, FrameError, gathered
from pipeline.sampling.tables import Row, read_table

COMPLETE = frozenset({"1.1", "1.2"})
CODES = (
    "1.1",  # complete
    "1.2",  # partial
    "2.11",  # refusal
    "2.12",  # break-off
    "2.2",  # non-contact
    "2.25",  # away during the whole field period
    "2.31",  # died after the frame was frozen
    "2.32",  # physically or mentally unable
    "2.33",  # language
    "2.36",  # other eligible non-response
    "3.11",  # not attempted
    "3.2",  # eligibility unknown
    "4.1",  # out of sample: not (any more) at the site, under age
)


def word_key(code: str) -> str:
    """Return the key of a disposition's name among the interface words."""
    return f"sampling.disposition_{code.replace('.', '_')}"


def read_dispositions(path: Path, sampled: Iterable[str]) -> dict[str, str]:
    """Read ``dispositions.csv`` (person, disposition) and hold it against the persons drawn.

    Returns
    -------
    dict person -> AAPOR code, one entry per sampled person

    Raises
    ------
    FrameError
        Persons twice or not drawn, unknown codes, sampled persons without a disposition: all
        together, with lines.
    """
    rows = read_table(path, ("person", "disposition"))
    persons = frozenset(sampled)
    faults = list(_faults(rows, persons))
    if absent := sorted(persons - {row["person"] for row in rows}):
        shown = ", ".join(absent[:5]) + (" …" if len(absent) > 5 else "")
        faults.append(
            Fault(
                "全表 (whole file)",
                f"{len(absent)} 名样本人员没有处置代码：{shown} (sampled, no disposition).",
                "请逐人补上；未接触的写 3.11。(add them; 3.11 if never attempted)",
            )
        )
    if faults:
        raise FrameError(gathered(path, faults))
    return {row["person"]: row["disposition"] for row in rows}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many sampled persons ended how, in AAPOR's letters.

    `other` also holds interviews that validation set aside: they were eligible, and gave no
    answers that are used.
    """

    complete: int
    partial: int
    refusal: int
    non_contact: int
    other: int
    unknown: int
    ineligible: int

    @property
    def eligible(self) -> int:
        return self.complete + self.partial + self.refusal + self.non_contact + self.other

    @property
    def eligibility(self) -> float:
        """The share e of the unknown that counts as eligible: that among the known (CASRO)."""
        known = self.eligible + self.ineligible
        return self.eligible / known if known else 1.0

    def rates(self) -> dict[str, float]:
        """Return RR1-RR6, COOP1, REF1 and CON1; NaN where the denominator is 0."""
        interviews, both = self.complete, self.complete + self.partial
        everyone = self.eligible + self.unknown
        weighed = self.eligible + self.eligibility * self.unknown
        contacted = self.eligible - self.non_contact
        return {
            "RR1": _ratio(interviews, everyone),
            "RR2": _ratio(both, everyone),
            "RR3": _ratio(interviews, weighed),
            "RR4": _ratio(both, weighed),
            "RR5": _ratio(interviews, self.eligible),
            "RR6": _ratio(both, self.eligible),
            "COOP1": _ratio(interviews, contacted),
            "REF1": _ratio(self.refusal, everyone),
            "CON1": _ratio(contacted, everyone),
        }


def outcomes(units: pd.DataFrame) -> Outcomes:
    """Count the outcomes of sampled persons.

    Parameters
    ----------
    units : one row per sampled person, with `disposition` (AAPOR code as text) and `responded`
        (bool: a response passed validation)
    """
    code, used = units["disposition"].astype("str"), units["responded"].astype(bool)
    spoiled = code.isin(list(COMPLETE)) & ~used

    def count(*beginnings: str) -> int:
        return int((code.str.startswith(beginnings) & ~spoiled).sum())

    return Outcomes(
        complete=count("1.1"),
        partial=count("1.2"),
        refusal=count("2.1"),
        non_contact=count("2.2"),
        other=count("2.3") + int(spoiled.sum()),
        unknown=count("3."),
        ineligible=count("4."),
    )


def _faults(rows: list[Row], persons: frozenset[str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        person, code = row["person"], row["disposition"]
        if (seen := first.setdefault(person, row.line)) != row.line:
            yield Fault(
                row.place,
                f"人员 {person!r} 已在第 {seen} 行 (person already on line {seen}).",
                "每人只留一行最终处置。(keep one final row per person)",
            )
        if person not in persons:
            yield Fault(
                row.place,
                f"人员 {person!r} 不在抽样名单上 (person was not drawn).",
                "请核对编号；换人须另行登记。(check the token)",
            )
        if code not in CODES:
            yield Fault(
                row.place,
                f"处置代码 {code!r} 无效 (unknown disposition).",
                f"可用 {' '.join(CODES)}。(use one of these)",
            )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
