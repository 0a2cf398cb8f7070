"""Decisions go into the cohort's file of approvals, and everything else in it stays, letter by letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.cleaning.quotes_file import Verdict, write_verdicts
from braid.errors import UserError

NEW = Verdict("FGD_1", 10, 20, "", True, "A. Reader", "")


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    write_verdicts(path, "quotes.csv", [NEW, Verdict("FGD_2", 1, 5, "", False, "A. Reader", "a name, a ward")])
    assert path.read_text(encoding="utf-8") == (
        "source,start,end,approved,approved_by,reason\n"
        'FGD_1,10,20,yes,A. Reader,\nFGD_2,1,5,no,A. Reader,"a name, a ward"\n'
    )
    assert [one.name for one in tmp_path.iterdir()] == ["quotes.csv"]


OLD = (
    "\ufeffsource;colour;start;end;approved;approved_by;reason\r\n"
    'FGD_1;"red;ish";10;20;no;B. Early;"two\r\nlines"\r\n'
    "FGD_2; green ;30;40;yes;B. Early;\r\n"
    "FGD_3;blue;5;9;yes;B. Early;"
)


def test_other_rows_columns_delimiter_line_ends_and_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_bytes(OLD.encode())
    write_verdicts(path, "quotes.csv", [Verdict("FGD_9", 1, 2, "", True, "A. Reader", "")])
    assert path.read_bytes().decode() == OLD + "\r\n" + "FGD_9;;1;2;yes;A. Reader;\r\n"


def test_a_passage_that_is_there_gets_the_new_decision_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_bytes(OLD.encode())
    write_verdicts(path, "quotes.csv", [NEW])
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[1] == 'FGD_1;"red;ish";10;20;yes;A. Reader;'
    assert lines[2:4] == ["FGD_2; green ;30;40;yes;B. Early;", "FGD_3;blue;5;9;yes;B. Early;"]


def test_missing_columns_are_added_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text("source,start,end,approved,approved_by\nFGD_2,30,40,yes,B\n", encoding="utf-8")
    write_verdicts(path, "quotes.csv", [Verdict("FGD_1", None, None, "some words, said", True, "A", "")])
    assert path.read_text(encoding="utf-8") == (
        'source,start,end,approved,approved_by,reason,quote\nFGD_2,30,40,yes,B,,\nFGD_1,,,yes,A,,"some words, said"\n'
    )
    write_verdicts(path, "quotes.csv", [Verdict("FGD_1", None, None, "some words,  said", False, "A", "no")])
    assert path.read_text(encoding="utf-8").count("FGD_1") == 1


def test_what_cannot_be_written_into_is_left_as_it_is(tmp_path: Path) -> None:
    workbook = tmp_path / "quotes.xlsx"
    workbook.write_bytes(b"PK")
    with pytest.raises(UserError, match="CSV file only"):
        write_verdicts(workbook, "quotes.xlsx", [NEW])
    other = tmp_path / "quotes.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UserError, match="no columns source") as raised:
        write_verdicts(other, "quotes.csv", [NEW])
    assert raised.value.found == "a, b"
    assert (workbook.read_bytes(), other.read_text(encoding="utf-8")) == (b"PK", "a,b\n1,2\n")
