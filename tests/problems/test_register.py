from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RegisterError
from pipeline.problems.register import (
    BEGINNING,
    EVENT_COLUMNS,
    Change,
    appended,
    read_events,
    write_events,
)
from tests.problems.made import NUMBER, OFFICE, assigned

words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(st.tuples(words, words), max_size=5))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    changes = [Change(action="progress", value=value, evidence=more) for value, more in values]
    log = appended((), changes, at=date(2026, 10, 1), who=OFFICE, problem=NUMBER)
    path = tmp_path_factory.mktemp("register") / "events.csv"
    write_events(log, path)
    assert read_events(path) == log


def test_a_header_alone_is_an_empty_log(tmp_path: Path) -> None:
    write_events((), tmp_path / "events.csv")
    assert (tmp_path / "events.csv").read_text(encoding="utf-8") == ",".join(EVENT_COLUMNS) + "\n"
    assert read_events(tmp_path / "events.csv") == ()


def lines_of(tmp_path: Path) -> tuple[Path, list[str]]:
    path = tmp_path / "events.csv"
    write_events(assigned(), path)
    return path, path.read_text(encoding="utf-8").splitlines(keepends=True)


def test_the_chain_begins_with_zeros_and_links_each_event_to_the_last() -> None:
    log = assigned()
    assert log[0].previous == BEGINNING
    assert [event.previous for event in log[1:]] == [event.hash for event in log[:-1]]


def test_an_edited_event_is_named(tmp_path: Path) -> None:
    path, lines = lines_of(tmp_path)
    lines[7] = lines[7].replace(OFFICE, "别的办公室")
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(RegisterError, match=r"line 8.*edited"):
        read_events(path)


@pytest.mark.parametrize("removed", [1, 5])
def test_a_removed_event_is_named(tmp_path: Path, removed: int) -> None:
    path, lines = lines_of(tmp_path)
    del lines[removed]
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(RegisterError, match=f"line {removed + 1}.*removed"):
        read_events(path)


def test_a_replaced_event_with_a_fresh_hash_breaks_the_next_link(tmp_path: Path) -> None:
    log = list(assigned())
    forged = log[4].model_copy(update={"value": "A"})
    log[4] = forged.model_copy(update={"hash": forged.computed_hash()})
    write_events(log, tmp_path / "events.csv")
    with pytest.raises(RegisterError, match=r"line 7.*chain"):
        read_events(tmp_path / "events.csv")


def test_rows_that_are_no_events_and_other_headers_are_refused(tmp_path: Path) -> None:
    path, lines = lines_of(tmp_path)
    path.write_text("".join([*lines, "x,y\n"]), encoding="utf-8")
    with pytest.raises(RegisterError, match=f"line {len(lines) + 1}"):
        read_events(path)
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(RegisterError, match="header"):
        read_events(path)
    with pytest.raises(RegisterError, match="not found"):
        read_events(tmp_path / "absent.csv")


def test_posts_are_named_and_dates_do_not_run_backwards() -> None:
    one = [Change(action="progress", field="progress", value="1")]
    with pytest.raises(RegisterError, match="name a post"):
        appended((), one, at=date(2026, 1, 1), who="13800138000", problem=NUMBER)
    with pytest.raises(RegisterError, match="earlier"):
        appended(assigned(), one, at=date(2026, 1, 1), who=OFFICE, problem=NUMBER)
    with pytest.raises(RegisterError, match="number"):
        appended((), one, at=date(2026, 1, 1), who=OFFICE, problem="7")
