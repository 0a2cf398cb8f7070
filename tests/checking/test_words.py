"""`braid check` on coded interviews: what a run would stop at, or quietly leave out, is told with its place."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from braid.checking import check
from braid.study import open_cohort

from tests.project_copy import REPOSITORY, copy_data

Edit = Callable[[list[list[str]]], None]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the demo cohort in a project of its own."""
    monkeypatch.chdir(copy_data(tmp_path, "demo"))
    shutil.copy(REPOSITORY / "analysis" / "literature.csv", tmp_path / "analysis")
    return tmp_path / "data_raw" / "demo"


def change(raw: Path, file: str, edit: Edit) -> None:
    with (raw / file).open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    edit(rows)
    with (raw / file).open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)


def cell(row: int, column: str, value: str) -> Edit:
    """Write into one cell; row: as a spreadsheet counts it."""

    def edit(rows: list[list[str]]) -> None:
        rows[row - 1][rows[0].index(column)] = value

    return edit


@pytest.mark.parametrize(
    ("file", "column", "value", "rule"),
    [
        ("segments.csv", "code_path", "Barriers to compasion > Lack of time", "this code is not in the codebook"),
        (
            "segments.csv",
            "participant",
            "FGD_1_Speaker_99",
            "a participant of coded segments is not among those who took part",
        ),
        ("quotes.csv", "approved", "maybe", "this is neither yes nor no"),
        ("quotes.csv", "start", "x", "this is no offset"),
        ("consensus.csv", "end", "1.5", "this is no offset"),
        ("consensus.csv", "decision", "perhaps", "this consensus decision is not understood"),
    ],
)
def test_a_wrong_cell_is_one_error_with_its_place(raw: Path, file: str, column: str, value: str, rule: str) -> None:
    change(raw, file, cell(4, column, value))
    found = check(open_cohort("demo"))
    assert [(one.rule, one.file, one.row, one.column) for one in found.errors] == [
        (rule, f"data_raw/demo/{file}", 4, column)
    ]
    assert found.errors[0].todo


def test_a_participant_who_is_not_listed_is_guessed_at(raw: Path) -> None:
    change(raw, "segments.csv", cell(4, "participant", "FGD_1_Speaker_99"))
    todo = check(open_cohort("demo")).errors[0].todo
    assert todo == "did you mean FGD_1_Speaker_9?; mend the name, or add a row to that file"


def test_segments_under_other_headers_are_sent_to_where_columns_are_named(raw: Path) -> None:
    change(raw, "segments.csv", cell(1, "code_path", "Node"))
    error = check(open_cohort("demo")).errors[0]
    assert error.rule == "the coded segments lack the column code_path"
    assert "put the file under `project`" in str(error.todo)


@pytest.mark.parametrize(
    ("file", "column", "value", "said"),
    [
        ("segments.csv", "coder", "", "1 segment without a coder: agreement takes them for coded by neither"),
        (
            "segments.csv",
            "coder",
            "Coder C",
            "3 people coded (Coder A, Coder B, Coder C), and agreement compares two: name them as `coding.coders` in "
            "the study file",
        ),
        (
            "quotes.csv",
            "approved_by",
            "",
            "approved and yet not quoted: approved, but nobody is named in approved_by",
        ),
        ("quotes.csv", "end", "300", "approved and yet not quoted: no coded segment stands at this place"),
        ("consensus.csv", "adjudicator", "", "1 decision without an adjudicator: fill in who decided"),
    ],
)
def test_what_is_left_out_without_a_stop_is_worth_a_look(
    raw: Path, file: str, column: str, value: str, said: str
) -> None:
    change(raw, file, cell(2, column, value))
    found = check(open_cohort("demo"))
    assert not found.errors
    assert [(one.rule, one.file) for one in found.warnings] == [(said, f"data_raw/demo/{file}")]


def test_of_many_approvals_that_are_not_quoted_a_few_are_told_and_the_rest_counted(raw: Path) -> None:
    def unsigned(rows: list[list[str]]) -> None:
        for row in rows[1:9]:
            row[rows[0].index("approved_by")] = ""

    change(raw, "quotes.csv", unsigned)
    warnings = check(open_cohort("demo")).warnings
    assert len(warnings) == 6
    assert warnings[-1].rule == "3 more are approved and not quoted"
