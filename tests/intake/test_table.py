"""Delimited files of all kinds become the same table of text."""

from pathlib import Path

import pytest
from braid.errors import UserError
from braid.intake import read_table


def write(folder: Path, content: bytes) -> Path:
    path = folder / "survey.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        ("id,q1\nÄ1,2\n".encode(), "UTF-8, parted by comma"),
        ("id;q1\nÄ1;2\n".encode("utf-8-sig"), "UTF-8, parted by semicolon"),
        ("id\tq1\nÄ1\t2\n".encode("utf-16"), "UTF-16, parted by tab"),
        ("id|q1\nÄ1|2\n".encode("cp1252"), "Windows-1252, parted by bar"),
    ],
)
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, content: bytes, reading: str) -> None:
    table = read_table(write(tmp_path, content), "survey.csv")
    assert table.reading == reading
    assert table.frame.to_dict("list") == {"id": ["Ä1"], "q1": ["2"]}


def test_rows_are_numbered_as_in_a_spreadsheet_and_empty_rows_are_dropped(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b"id,q1\nA,1\n\n,\nB,2\n"), "survey.csv")
    assert list(table.frame.index) == [2, 5]


def test_white_space_and_no_break_spaces_around_cells_are_dropped(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, " id ,q1\n\u00a0A , 1\n".encode()), "survey.csv")
    assert table.frame.to_dict("list") == {"id": ["A"], "q1": ["1"]}


def test_nothing_is_interpreted(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b"id,q1\n007,NA\n1e3,\n"), "survey.csv")
    assert table.frame.to_dict("list") == {"id": ["007", "1e3"], "q1": ["NA", ""]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this file is empty"),
        (b"PK\x03\x04\0\0\0\0", "not a text file"),
        (b"id,q1\nA,1,2,3\n", "row 2: this row has more cells than the header"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_table(write(tmp_path, content), "survey.csv")


def test_a_missing_column_names_those_that_are_there(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b"id,scq01\nA,1\n"), "survey.csv")
    with pytest.raises(UserError, match="did you mean scq01"):
        table.column("scq1")
