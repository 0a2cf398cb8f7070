"""The first page says what was checked and what is not shown, in numbers that are counted."""

from __future__ import annotations

from braid.records import Record
from braid.report import trust_records


def told(*records: Record) -> dict[str, str]:
    return {one.id: one.text for one in trust_records({record.id: record for record in records})}


def test_results_are_counted_and_hidden_counts_added_up() -> None:
    found = told(
        Record("change.calm.overall", "0.55", 0.55),
        Record("report.answer", "It rose."),
        Record("disclosure.people", "3", 3),
        Record("disclosure.themes", "4", 4),
    )
    assert found["run.checks"].startswith("1 result kept")
    assert found["run.hidden"] == "7"


def test_where_nothing_is_hidden_that_is_said() -> None:
    found = told(Record("change.calm.overall", "0.55", 0.55), Record("theme.time", "28 of 30", 0.93))
    assert found["run.checks"].startswith("2 results kept")
    assert found["run.hidden"] == "No count is hidden"
