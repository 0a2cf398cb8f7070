"""Workbooks as people make them: several sheets, several header rows, merged cells, dates, errors."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from braid.errors import UserError
from braid.intake.excel import read_excel
from braid.study import FileReading

from tests.project_copy import REPOSITORY

FILES = Path(__file__).parent / "files"
REAL = REPOSITORY.parent / "shared" / "real-cohorts" / "mindfulness-course" / "BMO Dryad Data.xlsx"
Fill = Callable[[Any, Any], None]


def workbook(folder: Path, fill: Fill) -> Path:
    path = folder / "answers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Before"))
    return path


def rows(*lines: list[Any]) -> Fill:
    def fill(book: Any, sheet: Any) -> None:
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)

    return fill


def read(folder: Path, fill: Fill, **how: Any) -> Any:
    return read_excel(workbook(folder, fill), "answers.xlsx", FileReading(**how))


def cells(table: Any) -> dict[str, list[str]]:
    return {str(column): list(table.frame[column]) for column in table.frame.columns}


def test_numbers_and_text_become_text_and_rows_keep_their_number(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "q1", "q2"], ["A", 3, 2.5], [], ["007", " 4 ", ""], ["B", -1, 1e-7]))
    assert cells(table) == {"id": ["A", "007", "B"], "q1": ["3", "4", "-1"], "q2": ["2.5", "", "1e-07"]}
    assert list(table.frame.index) == [2, 4, 5]
    assert table.frame.index.name == "row"
    assert table.reading == "Excel, sheet 'Before'"
    assert table.notes == ()


def test_dates_times_and_truth_values_become_text(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day, moment = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "d/m/yy hh:mm"})
        clock, long = book.add_format({"num_format": "hh:mm"}), book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ["day", "moment", "clock", "long", "done"])
        sheet.write_datetime(1, 0, datetime(2024, 3, 5), day)
        sheet.write_datetime(1, 1, datetime(2024, 3, 5, 14, 7, 9), moment)
        sheet.write_datetime(1, 2, time(9, 30), clock)
        sheet.write_number(1, 3, 1.5, long)
        sheet.write_boolean(1, 4, True)

    assert cells(read(tmp_path, fill)) == {
        "day": ["2024-03-05"],
        "moment": ["2024-03-05T14:07:09"],
        "clock": ["09:30:00"],
        "long": ["36:00:00"],
        "done": ["TRUE"],
    }


def test_a_truth_value_is_not_taken_for_the_number_one(tmp_path: Path) -> None:
    assert cells(read(tmp_path, rows(["q"], [1], [True], [0], [False])))["q"] == ["1", "TRUE", "0", "FALSE"]


def test_dates_among_numbers_are_told(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["id", "hours"], ["A", 3], ["B", 4])(book, sheet)
        sheet.write_datetime(3, 1, datetime(2024, 2, 1), book.add_format({"num_format": "d-mmm"}))

    assert read(tmp_path, fill).notes == (
        "column 'hours' holds 1 date among numbers (row 4: 2024-02-01): "
        "Excel may have made a date of an answer such as 1-2",
    )


def test_keys_longer_than_excel_keeps_are_told(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "q"], [1234567890123456, 1]))
    assert "more than 15 digits" in table.notes[0]
    assert read(tmp_path, rows(["id", "q"], [123456789012345, 1])).notes == ()


def test_error_values_are_kept_and_declared_missing(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["id", "q1", "q2"], ["A"], ["B"])(book, sheet)
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=2*2", None, 4)
        sheet.write_string(2, 2, "#N/A")

    table = read(tmp_path, fill)
    assert cells(table) == {"id": ["A", "B"], "q1": ["#N/A", "#DIV/0!"], "q2": ["4", "#N/A"]}
    assert table.missing == {"q1": frozenset({"#N/A", "#DIV/0!"})}
    assert table.notes == ("2 cells with an Excel error taken for missing: #N/A in B2, #DIV/0! in B3",)


def test_a_formula_that_was_never_computed_is_told(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["id", "sum", "text"], ["A"])(book, sheet)
        sheet.write_formula("B2", "=1+1", None, "")
        sheet.write_formula("C2", '=""', None, "")

    path = workbook(tmp_path, fill)
    plain = path.with_name("computed.xlsx")
    with_text_result(path, plain, "C2")
    table = read_excel(plain, "answers.xlsx")
    assert table.notes[0].startswith("1 formula without a stored result read as empty: B2; open the file in Excel")


def with_text_result(path: Path, to: Path, address: str) -> None:
    """The workbook with one formula's empty result stored as text, as Excel stores it."""
    import zipfile

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry.endswith("sheet1.xml"):
                content = content.replace(f'r="{address}"'.encode(), f'r="{address}" t="str"'.encode())
            new.writestr(entry, content)


def test_merged_group_headers_are_spread_and_joined(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:A2", "id")
        sheet.merge_range("B1:C1", "Before")
        sheet.merge_range("D1:E1", "After")
        sheet.write_row("B2", ["calm", "sleep", "calm", "sleep"])
        sheet.write_row("A3", ["A", "often", "never", "never", "often"])
        sheet.write_row("A4", ["B", "never", "never", "often", "often"])

    table = read(tmp_path, fill)
    assert list(table.frame.columns) == ["id", "Before / calm", "Before / sleep", "After / calm", "After / sleep"]
    assert list(table.frame.index) == [3, 4]
    assert table.reading == "Excel, sheet 'Before', 2 header rows found out and joined"


def test_declared_header_rows_are_joined_without_searching(tmp_path: Path) -> None:
    fill = rows(["q1", "q2"], ["How calm?", "How calm?"], ["often", "never"], ["often", "often"])
    assert len(read(tmp_path, fill).frame) == 3
    table = read(tmp_path, fill, header_rows=2)
    assert cells(table) == {"q1 / How calm?": ["often", "often"], "q2 / How calm?": ["never", "often"]}
    assert table.reading == "Excel, sheet 'Before', 2 header rows joined"


def test_questions_below_names_belong_to_the_header_where_numbers_stand_below(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "q1", "q2"], ["Code", "Calm?", "Sleep?"], ["A", 1, 2], ["B", 3, 4]))
    assert list(table.frame.columns) == ["id / Code", "q1 / Calm?", "q2 / Sleep?"]
    assert list(table.frame.index) == [3, 4]


@pytest.mark.parametrize(
    "lines",
    [
        (["id", "q1", "q2"], ["A", "often", "never"], ["B", "never", "often"]),
        (["id", "q1", "q2"], ["A", "N/A", "N/A"], ["B", 3, 4], ["C", 1, 2]),
        (["id", "q1", "q2", "", ""], ["A", "often", "never", "x", "y"], ["B", "never", "often", "x", "y"]),
        (["id", 1, 2], ["A", "often", "never"]),
        (["id", "q1"], ["A", "often"]),
    ],
    ids=["words", "a person without answers", "columns without a name", "numbers as names", "one person"],
)
def test_answers_are_not_taken_for_a_header(tmp_path: Path, lines: tuple[list[Any], ...]) -> None:
    table = read(tmp_path, rows(*lines))
    assert "header rows" not in table.reading
    assert len(table.frame) == len(lines) - 1


def test_the_header_rows_of_a_platform_are_left_to_its_reader(tmp_path: Path) -> None:
    ids = ['{"ImportId":"_recordId"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}']
    table = read(tmp_path, rows(["ResponseId", "Q1", "Q2"], ["Response ID", "Calm?", "Sleep?"], ids, ["R_1", 1, 2]))
    assert list(table.frame.columns) == ["ResponseId", "Q1", "Q2"]


def test_titles_above_the_table_are_left_out_and_told(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "Evaluation, spring")
        sheet.write("A2", "exported 5 March")
        sheet.write_row("A4", ["id", "q1", "q2"])
        sheet.write_row("A5", ["A", 1, 2])

    table = read(tmp_path, fill)
    assert cells(table) == {"id": ["A"], "q1": ["1"], "q2": ["2"]}
    assert list(table.frame.index) == [5]
    assert table.notes == (
        "row 1 was taken for a title and left out: 'Evaluation, spring'",
        "row 2 was taken for a title and left out: 'exported 5 March'",
    )


def test_a_table_may_begin_anywhere_and_end_in_empty_columns(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row("C3", ["id", "", "q1"])
        sheet.write_row("C4", ["A", "x", 1])
        sheet.write_blank("Z90", None, book.add_format({"bold": True}))

    table = read(tmp_path, fill)
    assert cells(table) == {"id": ["A"], "column D": ["x"], "q1": ["1"]}
    assert list(table.frame.index) == [4]
    assert table.notes == ("columns without a header were named by their letter: column D",)


def test_repeated_headers_are_numbered_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "q", "q"], ["A", 1, 2]))
    assert cells(table) == {"id": ["A"], "q": ["1"], "q (2)": ["2"]}
    assert table.notes == ("columns that stand twice were numbered: q",)


def test_a_whole_question_as_header_is_one_line_and_kept_as_label(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "How calm\nare you?"], ["A", 1]))
    assert list(table.frame.columns) == ["id", "How calm are you?"]
    assert table.labels["How calm are you?"] == "How calm\nare you?"


def test_cells_merged_downwards_hold_their_value_in_each_row(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["site", "id", "q1", "q2"], ["", "A", 1, 2], ["", "B", 3, 4], ["South", "C"])(book, sheet)
        sheet.merge_range("A2:A3", "North")
        sheet.merge_range("C4:D4", "dropped out")

    table = read(tmp_path, fill)
    assert cells(table)["site"] == ["North", "North", "South"]
    assert cells(table)["q2"] == ["2", "4", ""]
    assert table.notes == (
        "merged cells were given their value in each row: A2:A3",
        "of cells merged across columns only the first has the value: C4:D4",
    )


def test_several_sheets_with_data_must_be_told_apart(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", "q1"])
        sheet.write_row(1, 0, ["A", 1])
        book.add_worksheet("After").write_row(0, 0, ["id", "q1", "q2"])
        book.add_worksheet("Empty")
        hidden = book.add_worksheet("Codes")
        hidden.write(0, 0, "secret")
        hidden.hide()

    path = workbook(tmp_path, fill)
    with pytest.raises(UserError, match=r"several sheets of this file hold data") as caught:
        read_excel(path, "data_raw/spring/answers.xlsx")
    assert caught.value.found == "'Before' (2 rows x 2 columns), 'After' (1 rows x 3 columns)"
    assert "{answers.xlsx: {sheet: ...}}" in str(caught.value)
    assert list(read_excel(path, "answers.xlsx", FileReading(sheet="After")).frame.columns) == ["id", "q1", "q2"]
    assert list(read_excel(path, "answers.xlsx", FileReading(sheet="Codes")).frame.columns) == ["secret"]
    with pytest.raises(UserError, match=r"did you mean After"):
        read_excel(path, "answers.xlsx", FileReading(sheet="after"))


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["id"], ["A"])(book, sheet)
        book.add_worksheet("Codes").very_hidden()

    assert read(tmp_path, fill).notes == ("sheet 'Codes' is hidden and was not read",)


def test_a_header_without_rows_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, rows(["id", "q1"]))
    assert cells(table) == {"id": [], "q1": []}
    assert table.notes == ("the sheet has a header and no row below it",)


@pytest.mark.parametrize("file", ["old.xls", "open.ods"])
def test_older_and_open_formats_are_read_too(file: str) -> None:
    table = read_excel(FILES / file, file)
    assert cells(table) == {"id": ["A"], "q1": ["3"], "day": ["2024-03-05"], "done": ["TRUE"]}
    assert "cannot be told from empty ones" in table.notes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"id,q1\nA,1\n", "declare `format: delimited`"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "a web page or XML"),
        (b"PK\x03\x04 cut off", "it may have been cut off"),
        (b"\x00\x01\x02\x03", "Cannot detect file format"),
    ],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)
    with pytest.raises(UserError, match="this is not a spreadsheet") as caught:
        read_excel(path, "answers.xlsx")
    assert said in str(caught.value)


def test_a_workbook_with_a_password_says_so() -> None:
    with pytest.raises(UserError, match=r"protected by a password[\s\S]*save a copy without a password"):
        read_excel(FILES / "protected.xlsx", "protected.xlsx")


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no visible sheet of this file holds data"):
        read(tmp_path, rows())
    with pytest.raises(UserError, match="this sheet is empty"):
        read(tmp_path, rows(), sheet="Before")


@pytest.mark.skipif(not REAL.is_file(), reason="the real cohorts are not in this repository: their folder is missing")
def test_a_real_workbook_with_two_header_rows_and_no_id() -> None:
    table = read_excel(REAL, REAL.name)
    assert table.frame.shape == (100, 27)
    assert list(table.frame.index[:2]) == [3, 4]
    assert table.reading == "Excel, sheet 'BMO Data', 2 header rows found out and joined"
    assert list(table.frame.columns[[0, 2, 5, 8, 9, 11, 23]]) == [
        "Year of Birth",
        "column C",
        "PSS - Before Course",
        "Weekly Practice / a_1191",
        "Week One / a_1191",
        "a_1192 (2)",
        "column X",
    ]
    assert table.frame.loc[3, "Course Started"] == "2010-09-13"
    assert table.frame.loc[6, "Weekly Practice / a_1191"] == "2"
