"""Every published result of the sample files, computed by the public calls of calls.csv."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.published.__main__ import main
from tests.published.calls import ALONE, TABLED, Call, Computed, Figure, calls
from tests.published.page import counted, in_index, page, share_that_agrees
from tests.published.printed import INDEX, Printed, agrees
from tests.published.runner import (
    Result,
    call_for,
    deviation_of,
    deviations,
    differences,
    run,
)
from tests.published.sources import SOURCES

GROUPS = ("index.json", "masculinity_topline_part1.csv", "cleaningtools_overall_analysis.csv")


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    found = shared / "samples" / "microdata"
    if not (found / INDEX).is_file():
        pytest.skip("samples/microdata is absent")
    return found


@pytest.fixture(scope="module")
def results(folder: Path) -> list[Result]:
    return run(folder)


@pytest.mark.shared
@pytest.mark.parametrize("table", GROUPS)
def test_at_least_95_per_cent_of_ours_agree(results, table):
    here = [r for r in results if r.printed.table == table]
    assert len(here) >= 400
    assert share_that_agrees(here) >= 0.95


@pytest.mark.shared
def test_every_entry_has_exactly_one_line_and_every_line_an_entry(results):
    assert [str(r.printed) for r in results if call_for(r.printed) is None] == []
    used = Counter(call_for(r.printed) for r in results)
    assert [c.statistic for c in calls() if c not in used] == []


@pytest.mark.shared
def test_what_disagrees_has_a_reason_and_no_reason_is_stale(results):
    unexplained = [
        f"{r.printed}: {r.why}" for r in results if r.verdict == "disagree" and not r.reason
    ]
    assert unexplained == []
    told = Counter()
    for r in results:
        if (entry := deviation_of(r.printed)) is None:
            continue
        told[deviations().index(entry), r.printed.table] += 1
        assert r.verdict == "disagree", f"stale: {r.printed}"
        assert [one.partition(":")[0] for one in r.why.split("; ")] == entry["differ"]
    wanted = {(k, table) for k, e in enumerate(deviations()) for table in e["tables"]}
    assert set(told) == wanted


@pytest.mark.shared
def test_the_publishers_errors_are_shown_by_what_was_printed_in_fact(folder, results):
    """A share printed under a wrong label is, to its last digit, that of another category."""
    shown = [
        (replace(call_for(r.printed), code=entry["in_fact"]), r.printed)
        for r in results
        if (entry := deviation_of(r.printed)) and "in_fact" in entry
    ]
    computed = Computed(folder, shown)
    assert len(shown) == 5
    for call, printed in shown:
        assert list(differences(computed.figure(call, printed), call, printed)) == []


@pytest.mark.shared
def test_the_index_lists_the_same_figures_as_the_tables_it_is_drawn_from(results):
    """The topline and the analysis are read again, so that no cell of them is left out."""
    for id in ("masc", "ct"):
        entries = [r.printed for r in results if r.printed.id == id]
        own = Counter(_key(p) for p in entries if p.table != INDEX)
        index = Counter(_key(p) for p in entries if p.table == INDEX)
        assert index <= own
        assert own.total() > index.total() > 0


def _key(printed: Printed) -> tuple[str, str, float]:
    return printed.statistic, printed.subgroup, round(float(printed.estimate), 12)


@pytest.mark.shared
def test_the_page_in_the_docs_is_what_the_run_finds(results, root):
    assert page(results) in (root / "docs" / "published-results.md").read_text(encoding="utf-8")
    assert counted(in_index(results)).total() >= 1082


def test_the_table_names_calls_and_sources_that_exist():
    for call in calls():
        if not call.call:
            assert call.reason
            continue
        assert call.call in (*TABLED, *ALONE)
        source = SOURCES["data"][call.data]
        named = {"", *source.get("designs", {}), *source.get("weighted", {})}
        assert call.design in named, call
    assert len({(c.id, c.statistic, c.subgroup, c.said) for c in calls()}) == len(calls())


@pytest.mark.parametrize(
    ("found", "printed", "decimals", "verdict"),
    [
        (37.4999, "37.0", 0, True), (37.51, "37.0", 0, False), (36.5, "37", None, True),
        (0.7049, "0.7", 2, True), (0.7051, "0.7", 2, False), (0.649, "0.7", None, False),
        (15.0000051, "15", 5, False), (1.0, None, None, True), (float("nan"), "1", None, False),
        (0.0260869565217391, "0.0260869565217391", None, True),
        (0.0260869566, "0.0260869565217391", None, False), (9.14e-5, "9.1e-05", None, True),
    ],
)  # fmt: skip
def test_half_a_unit_of_the_last_printed_digit(found, printed, decimals, verdict):
    assert agrees(found, printed, decimals) is verdict


def test_every_printed_figure_is_compared():
    call = Call("x", "% of", "all", "", "", "", "means", ("a",), "", 0, 1, "")
    entry = Printed(INDEX, "x", "f", "% of", "all", "", "seen", "50", "1.5", ("48", "52"), 9)
    assert list(differences(Figure(0.5, 0.015, 0.48, 0.52, 9), call, entry)) == []
    wrong = list(differences(Figure(0.51, 0.017, 0.47, 0.53, 8), call, entry))
    assert [one.partition(":")[0] for one in wrong] == [
        "estimate", "standard error", "low", "high", "n",
    ]  # fmt: skip


def test_a_folder_without_an_index_is_said(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "no index.json" in capsys.readouterr().err
