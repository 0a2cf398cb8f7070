"""Text files that are odd or damaged: what comes out is the data with a sentence on what was done, or a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from braid.errors import UserError
from braid.intake import RawTable, read_table
from braid.intake.decimals import commas
from braid.study import FileReading


def read(folder: Path, content: str | bytes, **how: Any) -> RawTable:
    path = folder / "survey.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, "survey.csv", FileReading(**how))


def refused(folder: Path, content: str | bytes, **how: Any) -> str:
    with pytest.raises(UserError) as caught:
        read(folder, content, **how)
    return str(caught.value)


def cells(table: RawTable) -> dict[str, list[str]]:
    return {str(column): list(table.frame[column]) for column in table.frame.columns}


# Encodings

WORDS = {
    "cp1256": "علي احمد",
    "shift_jis": "とても良い",
    "gb18030": "非常同意",
    "iso8859_7": "Συμφωνώ απόλυτα",
    "cp1251": "Совершенно согласен",
    "big5": "非常同意",
    "euc_kr": "매우 그렇다",
    "cp1255": "מסכים מאוד",
    "cp1250": "Łukasz źdźbło Příliš",
}


@pytest.mark.parametrize("encoding", WORDS)
def test_a_declared_encoding_is_used(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, f"id;q1\n1;{WORDS[encoding]}\n".encode(encoding), encoding=encoding)
    assert cells(table) == {"id": ["1"], "q1": [WORDS[encoding]]}
    assert table.reading == f"{encoding}, parted by semicolon"


@pytest.mark.parametrize("encoding", WORDS)
def test_an_encoding_that_cannot_be_told_is_not_guessed_but_shown_in_each_candidate(
    tmp_path: Path, encoding: str
) -> None:
    said = refused(tmp_path, f"id;q1\n1;{WORDS[encoding]}\n".encode(encoding))
    assert "survey.csv: line 2: the encoding of this file cannot be told" in said
    expected = next(line for line in said.splitlines() if line.startswith("  expected: "))
    assert any(
        part.split(" (")[0].endswith(encoding) and WORDS[encoding].split()[0] in part for part in expected.split(";")
    )


def test_windows_1252_is_a_guess_and_shows_what_it_gives(tmp_path: Path) -> None:
    table = read(tmp_path, "id,name\n1,Müller\n2,déçue à l’été\n".encode("cp1252"))
    assert cells(table)["name"] == ["Müller", "déçue à l’été"]
    assert table.reading == "Windows-1252, parted by comma"
    assert "Windows-1252 is a guess, by which line 2 reads 'Müller', 'déçue'" in table.notes[0]


def test_a_file_of_mixed_encodings_names_the_lines(tmp_path: Path) -> None:
    content = "id,name\n1,Zoë\n2,Jürgen\n".encode() + "3,Müller\n".encode("cp1252")
    table = read(tmp_path, content)
    assert cells(table)["name"] == ["Zoë", "Jürgen", "Müller"]
    assert table.reading == "UTF-8 mixed with Windows-1252, parted by comma"
    assert "1 line not in UTF-8 read as Windows-1252 (4; line 4: 'Müller')" in table.notes[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_in_any_script(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "id,q1\nA,بہت اچھا\nB,非常同意\n".encode(encoding))
    assert cells(table) == {"id": ["A", "B"], "q1": ["بہت اچھا", "非常同意"]}
    assert table.reading == "UTF-16 without a mark, parted by comma"


def test_utf_32_is_known_by_its_mark(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "id,q1\nA,é\n".encode("utf-32"))) == {"id": ["A"], "q1": ["é"]}


def test_a_wrong_or_unknown_declared_encoding_says_where(tmp_path: Path) -> None:
    assert "bytes fc in line 2" in refused(tmp_path, "id\nMüller\n".encode("cp1252"), encoding="utf-8")
    assert "'klingon', which is no known encoding" in refused(tmp_path, b"id\n1\n", encoding="klingon")


def test_text_that_was_encoded_twice_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id,name\n1,MÃ¼ller\n2,Â°C\n3,Ã la carte\n")
    assert table.notes == (
        "text was encoded twice before it came here: 'MÃ¼ller' for 'Müller', 'Â°C' for '°C'; export the file again",
    )
    assert read(tmp_path, "id,name\n1,Ângela\n2,SÃO\n").notes == ()


def test_lost_characters_are_told(tmp_path: Path) -> None:
    assert (
        read(tmp_path, "id,name\n1,M\ufffdller\n")
        .notes[0]
        .startswith("1 character lost, shown as \ufffd (first in line 2)")
    )


def test_stray_nul_characters_and_inner_marks_are_left_out_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, b"\xef\xbb\xbfid,q1\nA,1\x00\n\xef\xbb\xbfB,2\n")
    assert cells(table) == {"id": ["A", "B"], "q1": ["1", "2"]}
    assert table.notes == (
        "1 byte order mark left out (first in line 3): files may have been joined or damaged",
        "1 NUL character left out (first in line 2): files may have been joined or damaged",
    )


def test_a_picture_is_no_text_file(tmp_path: Path) -> None:
    assert "this is not a text file" in refused(tmp_path, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 9)


# Delimiters


@pytest.mark.parametrize(
    ("content", "reading", "width"),
    [
        ("id;How calm, on the whole?;How tired, sad, or low?\nA;3;2\nB;1;2\n", "semicolon", 3),
        ("id;weight;height\nA;70,5;1,80\nB;60,1;1,71\n", "semicolon", 3),
        ('id,"why; or why not; or both"\nA,"because; of; it"\n', "comma", 2),
        ("id\tq1, first\nA\t1\n", "tab", 2),
        ("id|q1;q2\nA|1;2\nB|1\n", "bar", 2),
    ],
)
def test_the_delimiter_is_the_one_by_which_rows_fit_the_header(
    tmp_path: Path, content: str, reading: str, width: int
) -> None:
    table = read(tmp_path, content)
    assert f"parted by {reading}" in table.reading
    assert len(table.frame.columns) == width


@pytest.mark.parametrize("line", ["sep=;\n", "sep=;\r\n", '"sep=;"\n'])
def test_the_first_line_of_excel_that_states_the_delimiter_is_no_header(tmp_path: Path, line: str) -> None:
    table = read(tmp_path, line + "id;a,b\nA;1\n")
    assert cells(table) == {"id": ["A"], "a,b": ["1"]}
    assert list(table.frame.index) == [3]


@pytest.mark.parametrize("wanted", ["^", "tab", "\\t", "\t", "semicolon"])
def test_a_declared_delimiter_is_used(tmp_path: Path, wanted: str) -> None:
    mark = {"tab": "\t", "\\t": "\t", "semicolon": ";"}.get(wanted, wanted)
    assert cells(read(tmp_path, f"id{mark}a,b\nA{mark}1\n", delimiter=wanted)) == {"id": ["A"], "a,b": ["1"]}


def test_a_delimiter_that_parts_nothing_is_refused(tmp_path: Path) -> None:
    assert "expected: one character, or comma, semicolon, tab, bar" in refused(tmp_path, "id,q\n", delimiter="::")


def test_a_single_column_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id^q1\nA^1\n")
    assert list(table.frame.columns) == ["id^q1"]
    assert table.notes == ("only one column was found, parted by comma: if it is more, give the file's `delimiter`",)


def test_a_header_parted_otherwise_than_the_rows_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, "id,q1,q2\nA;1;2\n\nB;3;4\n")
    assert "rows 2, 4: the header is parted by comma, but rows by semicolon" in said
    assert "found: A;1;2" in said


def test_rows_parted_otherwise_than_the_rest_are_refused(tmp_path: Path) -> None:
    assert "rows 3: the header is parted by comma" in refused(tmp_path, "id,q1,q2\nA,1,2\nB\t3\t4\nC,5,6\n")


# Rows and cells


def test_a_row_with_too_many_cells_is_named_as_a_spreadsheet_counts_it(tmp_path: Path) -> None:
    said = refused(tmp_path, 'id,why\nA,"two\nlines"\n\nB,because, well\n')
    assert "survey.csv: row 4: this row has more cells than the header" in said
    assert "found: 3 cells: B,because, well" in said


def test_rows_with_too_few_cells_are_filled_up_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id,q1,q2\nA,1,2\n\nB,3\nC,5,\n")
    assert cells(table)["q2"] == ["2", "", ""]
    assert table.notes == ("rows with fewer cells than the header, filled up with empty ones: 4",)


def test_quoted_newlines_do_not_change_the_number_of_a_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,why\nA,"first\nsecond; third"\nB,"x, y"\n')
    assert cells(table) == {"id": ["A", "B"], "why": ["first\nsecond; third", "x, y"]}
    assert list(table.frame.index) == [2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(tmp_path: Path, end: str) -> None:
    table = read(tmp_path, end.join(["", "id,q1", "A,1", "", "B,2", ""]))
    assert (cells(table), list(table.frame.index)) == ({"id": ["A", "B"], "q1": ["1", "2"]}, [3, 5])


def test_a_quotation_mark_that_swallows_rows_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, 'id,q1,why\nA,1,fine\nB,2,"fine\nC,3,fine\nD,4,"good"\n')
    assert "survey.csv: row 3: a cell holds whole rows of the table: a quotation mark is missing" in said


def test_a_quotation_mark_left_open_to_the_end_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, 'id,q1,why\nA,1,fine\nB,2,"fine\nC,3,fine\n')
    assert "survey.csv: row 3: a quotation mark is opened and not closed" in said


def test_a_header_without_rows_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id,q1\n")
    assert cells(table) == {"id": [], "q1": []}
    assert table.notes == ("the file has a header and no row below it",)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n,,\n", b"sep=;\n"])
def test_a_file_with_nothing_in_it_is_empty(tmp_path: Path, content: bytes) -> None:
    assert "survey.csv: this file is empty" in refused(tmp_path, content)


def test_one_person_and_columns_without_any_answer_are_data(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "id,q1,q2\nA,,\n")) == {"id": ["A"], "q1": [""], "q2": [""]}


def test_repeated_headers_are_numbered_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id,q1,q1\nA,1,2\n")
    assert cells(table) == {"id": ["A"], "q1": ["1"], "q1 (2)": ["2"]}
    assert table.notes == ("columns that stand twice were numbered: q1",)


def test_a_column_without_a_name_is_kept_only_where_it_holds_something(tmp_path: Path) -> None:
    table = read(tmp_path, "id,,q1,\nA,x,1,\nB,,2,\n")
    assert cells(table) == {"id": ["A", "B"], "column 2": ["x", ""], "q1": ["1", "2"]}
    assert table.notes == ("columns without a header were named by their place: column 2",)


def test_a_header_that_stands_again_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id,q1\nA,1\nid,q1\nB,2\n")
    assert table.notes == ("the header stands again in rows 3: files may have been joined",)


def test_titles_above_the_header_are_left_out_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "Evaluation of spring\n\nid,q1,q2\nA,1,2\nB,3,4\n")
    assert cells(table) == {"id": ["A", "B"], "q1": ["1", "3"], "q2": ["2", "4"]}
    assert list(table.frame.index) == [4, 5]
    assert table.notes == ("row 1 was taken for a title and left out: 'Evaluation of spring'",)


def test_declared_header_rows_are_joined(tmp_path: Path) -> None:
    table = read(tmp_path, "Before,Before,After\nid,q1,q1\nA,1,2\n", header_rows=2)
    assert cells(table) == {"Before / id": ["A"], "Before / q1": ["1"], "After / q1": ["2"]}
    assert list(table.frame.index) == [3]


# Decimal commas


def test_decimal_commas_are_found_out_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "id;weight;kind\nA;70,5;1\nB;-60,25;2\nC;;3\nD;61;4\n")
    assert cells(table) == {
        "id": ["A", "B", "C", "D"],
        "weight": ["70.5", "-60.25", "", "61"],
        "kind": ["1", "2", "3", "4"],
    }
    assert table.reading == "UTF-8, parted by semicolon, decimal comma"
    assert table.notes == ("numbers with a decimal comma were given a point: weight",)


@pytest.mark.parametrize(
    "column", [["1,2", "1,3", "2"], ["1,234", "12,500"]], ids=["lists of two codes", "numbers of thousands"]
)
def test_commas_that_may_be_something_else_are_left_and_told(tmp_path: Path, column: list[str]) -> None:
    table = read(tmp_path, "id;q1\n" + "".join(f"A;{cell}\n" for cell in column))
    assert cells(table)["q1"] == column
    assert "commas in numbers were left as they are: q1" in table.notes[0]
    assert "decimal" not in table.reading
    table = read(tmp_path, "id;q1\n" + "".join(f"A;{cell}\n" for cell in column), decimal=",")
    assert cells(table)["q1"] == [cell.replace(",", ".") for cell in column]
    assert read(tmp_path, "id;q1\n" + "".join(f"A;{cell}\n" for cell in column), decimal=".").notes == ()


def test_quoted_commas_in_a_file_parted_by_commas_are_left_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,q1\nA,"4,2"\nB,"3,05"\n')
    assert cells(table)["q1"] == ["4,2", "3,05"]
    assert 'give this file `decimal: ","` in cohort.yml' in table.notes[0]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (["1", "2"], "none"),
        (["1,2,3", "4,1"], "none"),
        (["well, yes", "4,1"], "none"),
        (["4,1", "5"], "decimal"),
        (["1,05"], "decimal"),
        (["0,125"], "decimal"),
        (["2,5", "1,3"], "unclear"),
        (["1,234"], "unclear"),
    ],
)
def test_what_the_commas_of_a_column_are(column: list[str], kind: str) -> None:
    assert commas(column) == kind
