"""Withhold groups so that no small group can be computed from those that are published.

Groups are withheld whole (all figures of a question in that group), over the lattice of published
groups: the survey contains every level of every domain, and a level of one domain may contain
levels of another (all hospitals may lie in one county). The attacker takes any set of disjoint
published groups away from a published group that contains them; what remains must be nobody, or
enough people. Waves are samples of different people, so they are attacked one by one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.disclosure.membership import ALL, REST, Group, Members, Respondents


@dataclass(frozen=True, slots=True)
class Leak:
    """Too few respondents remain when `parts` are taken away from a group that contains them."""

    group: Group
    parts: tuple[Group, ...]
    remainder: int


def withhold(
    groups: pd.DataFrame,
    answered: Members | None = None,
    *,
    minimum: int,
    remainder: int,
    held: Collection[Group] = (),
    held_remainder: int = 0,
) -> pd.Series:
    """Say of each group of one question why it is withheld.

    Parameters
    ----------
    groups : DataFrame with columns domain, domain_value, n (respondents); one row a group
    answered : the respondents in the base of the question; None if membership is not known, and
        then only the levels of one domain at a time are taken away from the whole survey
    minimum, remainder : fewest respondents of a published group, and of what is left beside it
    held : groups that are withheld for another reason beforehand
    held_remainder : fewest respondents of a remainder with people of `held` groups in it

    Returns
    -------
    Series of text, index of `groups`: '' (published), ``small_group``, ``remainder`` or ``held``.
    """
    keys = _keys(groups)
    reason = pd.Series("", index=groups.index, dtype="object")
    reason[[key in held for key in keys]] = "held"
    reason[groups["n"] < minimum] = "small_group"
    sizes = dict(zip(keys, groups["n"].astype(int), strict=True))
    lattices = _lattices(groups, answered)
    while True:
        shown = [key for key, why in zip(keys, reason, strict=True) if why == ""]
        leak = next(_leaks(lattices, shown, remainder, held, held_remainder), None)
        if leak is None:
            return reason
        given_up = _given_up(leak.parts, sizes)
        reason[[key == given_up for key in keys]] = "remainder"


def safe_rests(
    published: pd.DataFrame,
    rests: Collection[Group],
    answered: Members | None = None,
    *,
    remainder: int,
) -> set[Group]:
    """Return those of `rests` whose figures may stand beside the published groups.

    Parameters
    ----------
    published : DataFrame with columns domain, domain_value, n; the published groups of a question
    rests : groups ``(domain, "~level")``: all other known levels taken together
    """
    lattices = _lattices(published, answered, rests)
    shown = _keys(published)
    safe: set[Group] = set()
    for rest in sorted(set(rests)):
        together = [*shown, *sorted(safe), rest]
        if next(_leaks(lattices, together, remainder, (), 0), None) is None:
            safe.add(rest)
    return safe


def recoverable(
    published: pd.DataFrame, respondents: Respondents | None = None, *, remainder: int = 10
) -> pd.DataFrame:
    """Attack the published groups of one run: take away what is contained, look at what is left.

    Parameters
    ----------
    published : DataFrame with columns question, domain, domain_value, n (exact); one row a group

    Returns
    -------
    DataFrame with columns question, domain, domain_value, parts (text), remainder: every published
    group from which the parts leave 1 to `remainder` - 1 respondents. Empty if nothing leaks.
    """
    found = []
    for question, groups in published.groupby("question", sort=True):
        answered = None if respondents is None else respondents.base(str(question))
        for leak in _leaks(_lattices(groups, answered), _keys(groups), remainder, (), 0):
            parts = ", ".join(f"{domain}={value}" for domain, value in leak.parts)
            found.append((question, *leak.group, parts, leak.remainder))
    return pd.DataFrame(
        found, columns=["question", "domain", "domain_value", "parts", "remainder"]
    ).drop_duplicates(ignore_index=True)


def _given_up(parts: tuple[Group, ...], sizes: Mapping[Group, int]) -> Group:
    """Return the part to withhold: the smallest, so that most people stay in a published group.

    Of a domain with only two levels the larger goes instead: the whole survey is mostly made of
    it and nearly says its figure anyway, while that of the smaller level is news.
    """
    domains = {domain for domain, _ in parts}
    levels = [group for group in sizes if group[0] in domains]
    if len(domains) == 1 and len(levels) == len(parts) == 2:
        return max(sorted(parts), key=lambda part: sizes[part])
    return min(parts, key=lambda part: (sizes[part], part))


def group_sizes(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the groups of a table with their largest n, sorted by `by`, one row a group."""
    return rows.groupby(by, sort=True)["n"].max().reset_index()


def _keys(groups: pd.DataFrame) -> list[Group]:
    return list(zip(groups["domain"].astype(str), groups["domain_value"].astype(str), strict=True))


def _lattices(
    groups: pd.DataFrame, answered: Members | None, rests: Collection[Group] = ()
) -> list[dict[Group, int]]:
    """Return each group as a set of respondents (bits of a whole number).

    One lattice per domain knows only the counts: respondents are invented so that the levels are
    disjoint, which is true of any domain. Where membership is known, one more lattice holds all
    domains as they really overlap.
    """
    sizes = dict(zip(_keys(groups), groups["n"].astype(int), strict=True))
    whole = {group: (1 << n) - 1 for group, n in sizes.items() if group[0] == ALL}
    lattices = []
    for domain in sorted({domain for domain, _ in sizes} - {ALL}):
        levels, taken = {}, 0
        for group, n in sorted(sizes.items()):
            if group[0] == domain and not group[1].startswith(REST):
                levels[group] = ((1 << n) - 1) << taken
                taken += n
        everyone = (1 << taken) - 1
        lattice = whole | levels
        for group in [*sizes, *rests]:
            if group[0] == domain and group[1].startswith(REST):
                lattice[group] = everyone & ~levels.get((domain, group[1][1:]), 0)
        lattices.append(lattice)
    if answered is not None:
        lattices.append({group: answered.of(group) for group in [*sizes, *rests]})
    return lattices


def _leaks(
    lattices: list[dict[Group, int]],
    shown: list[Group],
    remainder: int,
    held: Collection[Group],
    held_remainder: int,
) -> Iterator[Leak]:
    for lattice in lattices:
        guarded = 0
        for group in held:
            guarded |= lattice.get(group, 0)
        sets = {group: lattice[group] for group in sorted(shown) if lattice.get(group)}
        for outer, whole in sets.items():
            inner = {
                group: one
                for group, one in sets.items()
                if group != outer and one & ~whole == 0 and one != whole
            }
            for parts, left in _packings(whole, inner, max(remainder, held_remainder)):
                limit = held_remainder if left & guarded else remainder
                if parts and 0 < left.bit_count() < limit:
                    yield Leak(outer, parts, left.bit_count())


def _packings(
    left: int, candidates: Mapping[Group, int], limit: int, given_up: int = 0
) -> Iterator[tuple[tuple[Group, ...], int]]:
    """Yield every set of disjoint candidates that leaves fewer than `limit` people of `left`.

    One person is looked at at a time: some candidate covers them, or they (and all who are in
    exactly the same groups) stay uncovered; as soon as too many stay uncovered, the way is left.
    """
    coverable = 0
    for one in candidates.values():
        coverable |= one
    if (left & ~coverable | given_up).bit_count() >= limit:
        return
    open_people = left & coverable & ~given_up
    if not open_people:
        yield (), left
        return
    person = open_people & -open_people
    covering = {group: one for group, one in candidates.items() if one & person}
    for group, one in covering.items():
        disjoint = {key: other for key, other in candidates.items() if not other & one}
        for parts, rest in _packings(left & ~one, disjoint, limit, given_up):
            yield (group, *parts), rest
    others = {group: one for group, one in candidates.items() if group not in covering}
    yield from _packings(left, others, limit, given_up | person)
