"""Who belongs to which group and who answered what, as sets of respondents.

A set is a whole number with one bit for each respondent of the run: taking sets away from each
other and counting them is then fast enough to try every combination of published groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

ALL = "all"
REST = "~"
Group = tuple[str, str]
"""A domain and one of its values; ("all", ...) is the whole survey; ("county", "~jia") are all
whose county is known and is not `jia`."""


@dataclass(frozen=True, slots=True)
class Members:
    """The respondents of a base (`everyone`), and those of each level of each domain."""

    everyone: int
    levels: Mapping[Group, int]

    @staticmethod
    def of_domains(domains: pd.DataFrame) -> "Members":
        """Return the members of a table, one row a respondent, one text column per domain."""
        levels: dict[Group, int] = {}
        for name in domains:
            values, code = np.unique(domains[name].to_numpy(dtype=object), return_inverse=True)
            for place, value in enumerate(values):
                levels[str(name), str(value)] = _bits(code == place)
        return Members((1 << len(domains)) - 1, levels)

    def within(self, base: int) -> "Members":
        """Return the members who are also in another base."""
        return Members(base, self.levels)

    def of(self, group: Group) -> int:
        """Return the members of a group, of a rest, or of the whole base; none of an unknown."""
        domain, value = group
        if domain == ALL:
            return self.everyone
        if value.startswith(REST):
            known = (domain, value[1:]), (domain, "")
            left = self._of_domain(domain)
            for one in known:
                left &= ~self.levels.get(one, 0)
            return left & self.everyone
        return self.levels.get(group, 0) & self.everyone

    def _of_domain(self, domain: str) -> int:
        found = 0
        for (name, _), members in self.levels.items():
            if name == domain:
                found |= members
        return found


@dataclass(frozen=True)
class Respondents:
    """Who belongs to which group, and who answered what, in one run.

    Attributes
    ----------
    domains : DataFrame, one row a respondent, one column of text per domain; '' where unknown
    answered : DataFrame of bool, same index, one column per question: counts in its base
    """

    domains: pd.DataFrame
    answered: pd.DataFrame

    def base(self, question: str) -> Members | None:
        """Return the groups of those in the base of a question; None if it is not known."""
        if question not in self.answered:
            return None
        return self._members.within(_bits(self.answered[question].to_numpy(dtype=bool)))

    @cached_property
    def _members(self) -> Members:
        return Members.of_domains(self.domains)


def _bits(inside: np.ndarray) -> int:
    return int.from_bytes(np.packbits(inside, bitorder="little").tobytes(), "little")
