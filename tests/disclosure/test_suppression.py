"""The attacker knows every published group and takes away whatever is contained."""

from itertools import chain, combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.disclosure.membership import Members, Respondents
from pipeline.disclosure.suppression import recoverable, safe_rests, withhold


def groups_of(people: pd.DataFrame) -> pd.DataFrame:
    rows = [("all", "", len(people))]
    for domain in people:
        sizes = people.loc[people[domain] != "", domain].value_counts().sort_index()
        rows += [(domain, value, n) for value, n in sizes.items()]
    return pd.DataFrame(rows, columns=["domain", "domain_value", "n"])


def people(**domains: list[tuple[str, int]]) -> pd.DataFrame:
    """One column per domain, each given as (value, how many) in turn."""
    return pd.DataFrame(
        {name: [v for v, n in runs for _ in range(n)] for name, runs in domains.items()}
    )


def published(rows: pd.DataFrame, reasons: pd.Series, question: str = "q1") -> pd.DataFrame:
    return rows[reasons == ""].assign(question=question)


def reasons(rows: pd.DataFrame, answered: pd.DataFrame | None = None) -> dict[str, str]:
    base = None if answered is None else Members.of_domains(answered)
    why = withhold(rows, base, minimum=10, remainder=10)
    return {
        f"{d}={v}": w for d, v, w in zip(rows["domain"], rows["domain_value"], why, strict=True)
    }


def test_groups_below_ten_are_withheld_and_the_next_smallest_covers_them() -> None:
    rows = groups_of(people(county=[("a", 60), ("b", 31), ("c", 9)]))
    assert reasons(rows) == {
        "all=": "",
        "county=a": "",
        "county=b": "remainder",  # all - a - b would be the nine of c
        "county=c": "small_group",
    }


def test_two_small_groups_cover_each_other_when_together_they_are_ten() -> None:
    rows = groups_of(people(county=[("a", 60), ("b", 30), ("c", 5), ("d", 5)]))
    why = reasons(rows)
    assert why["county=b"] == ""
    assert why["county=c"] == why["county=d"] == "small_group"


def test_people_whose_group_is_unknown_are_a_remainder_too() -> None:
    why = reasons(groups_of(people(sex=[("1", 50), ("2", 45), ("", 3)])))
    # Of two levels the larger goes: the whole survey nearly says it anyway.
    assert why == {"all=": "", "sex=1": "remainder", "sex=2": ""}
    why = reasons(groups_of(people(sex=[("1", 50), ("2", 45), ("", 10)])))
    assert set(why.values()) == {""}


def test_a_group_inside_a_group_of_another_domain_is_found_by_membership() -> None:
    # All 30 hospital people live in county b, which has 35: the five others would be exposed.
    rows = people(county=[("a", 100), ("b", 35)], setting=[("rural", 105), ("hospital", 30)])
    assert set(reasons(groups_of(rows)).values()) == {""}
    why = reasons(groups_of(rows), rows)
    assert why["setting=hospital"] == "remainder"
    leaks = recoverable(
        groups_of(rows).assign(question="q1"),
        Respondents(rows, pd.DataFrame({"q1": True}, index=rows.index)),
    )
    assert ("county", "b", "setting=hospital", 5) in set(
        leaks[["domain", "domain_value", "parts", "remainder"]].itertuples(index=False, name=None)
    )


def test_disjoint_groups_of_two_domains_may_cover_the_survey_together() -> None:
    # a (60) and hospital (35, none of them in a) leave five of 100.
    rows = people(
        county=[("a", 60), ("b", 20), ("c", 20)], setting=[("rural", 65), ("hospital", 35)]
    )
    leaks = recoverable(
        groups_of(rows).assign(question="q1"),
        Respondents(rows, pd.DataFrame({"q1": True}, index=rows.index)),
    )
    assert "county=a, setting=hospital" in set(leaks["parts"])
    why = withhold(groups_of(rows), Members.of_domains(rows), minimum=10, remainder=10)
    everybody = pd.DataFrame({"q1": True}, index=rows.index)
    left = recoverable(published(groups_of(rows), why), Respondents(rows, everybody))
    assert left.empty
    assert (why == "").sum() >= 4


def test_planted_leak_is_found_in_counts_alone() -> None:
    planted = pd.DataFrame(
        [("q1", "all", "", 100), ("q1", "county", "a", 60), ("q1", "county", "b", 33)],
        columns=["question", "domain", "domain_value", "n"],
    )
    leaks = recoverable(planted)
    assert leaks["remainder"].tolist() == [7]
    assert leaks["parts"].tolist() == ["county=a, county=b"]
    assert recoverable(planted[planted["domain_value"] != "b"]).empty


def test_a_rest_that_uncovers_the_unknown_is_not_safe() -> None:
    rows = groups_of(people(county=[("a", 50), ("b", 40), ("c", 5), ("", 12)]))
    shown = rows[withhold(rows, minimum=10, remainder=10) == ""]
    assert set(shown["domain_value"]) == {"", "a", "b"}  # c and the unknown are 17 together
    # rest(a) = b and c, known without the unknown: taking b away leaves the five of c.
    everyone = groups_of(people(county=[("a", 50), ("b", 40), ("c", 5), ("", 12)]))
    lattice = everyone[everyone["domain_value"] != "c"]
    members = people(county=[("a", 50), ("b", 40), ("c", 5), ("", 12)])
    assert (
        safe_rests(lattice, [("county", "~a")], Members.of_domains(members), remainder=10) == set()
    )
    whole = people(county=[("a", 50), ("b", 40), ("c", 15)])
    assert safe_rests(
        groups_of(whole), [("county", "~a")], Members.of_domains(whole), remainder=10
    ) == {("county", "~a")}


def test_a_remainder_with_held_people_needs_fifty() -> None:
    rows = groups_of(people(county=[("a", 100), ("b", 60), ("c", 30)]))
    why = withhold(rows, minimum=10, remainder=10, held={("county", "c")}, held_remainder=50)
    assert dict(zip(rows["domain_value"], why, strict=True)) == {
        "": "", "a": "", "b": "remainder", "c": "held",
    }  # fmt: skip


domain_values = st.lists(st.sampled_from(["", "1", "2", "3"]), min_size=25, max_size=45)


@settings(deadline=None, max_examples=60)
@given(first=domain_values, second=domain_values, third=domain_values)
def test_no_set_of_disjoint_groups_uncovers_a_few(
    first: list[str], second: list[str], third: list[str]
) -> None:
    """Brute force over every set of up to four published groups inside every published group."""
    size = min(len(first), len(second), len(third))
    rows = pd.DataFrame({"x": first[:size], "y": second[:size], "z": third[:size]})
    groups = groups_of(rows)
    why = withhold(groups, Members.of_domains(rows), minimum=10, remainder=10)
    sets = []
    for domain, value in groups.loc[why == "", ["domain", "domain_value"]].to_numpy():
        inside = range(size) if domain == "all" else rows.index[rows[domain] == value]
        sets.append(frozenset(inside))
    for outer in sets:
        inner = [one for one in sets if one < outer]
        for parts in chain.from_iterable(combinations(inner, k) for k in range(1, 5)):
            union = frozenset().union(*parts)
            if len(union) == sum(map(len, parts)):
                assert len(outer - union) == 0 or len(outer - union) >= 10
    respondents = Respondents(rows, pd.DataFrame({"q1": True}, index=rows.index))
    assert recoverable(published(groups, why), respondents).empty


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=7),
    unknown=st.integers(0, 15),
)
def test_counts_alone_never_give_a_few_away(sizes: list[int], unknown: int) -> None:
    runs = [(str(i), n) for i, n in enumerate(sizes)] + [("", unknown)]
    groups = groups_of(people(county=runs))
    why = withhold(groups, minimum=10, remainder=10)
    assert (groups.loc[why == "", "n"] >= 10).all()
    whole = sum(sizes) + unknown
    if whole < 10:
        assert (why != "").all()
        return
    left = whole - groups.loc[(why == "") & (groups["domain"] != "all"), "n"].sum()
    assert left == 0 or left >= 10 or left == whole


def test_the_order_of_rows_does_not_matter() -> None:
    rows = people(county=[("a", 60), ("b", 12), ("c", 12), ("d", 4)])
    groups = groups_of(rows)
    backwards = groups.iloc[::-1]
    why = withhold(groups, Members.of_domains(rows), minimum=10, remainder=10)
    pd.testing.assert_series_equal(
        withhold(backwards, Members.of_domains(rows), minimum=10, remainder=10).sort_index(), why
    )


@pytest.mark.parametrize("n", [9, 10])
def test_the_whole_survey_needs_ten(n: int) -> None:
    why = withhold(groups_of(people(county=[("a", n)])), minimum=10, remainder=10)
    assert set(why) == ({"small_group"} if n < 10 else {""})
