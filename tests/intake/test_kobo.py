"""KoboToolbox and ODK exports: names without their groups, choices, places and people left out, the form's meanings."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from braid.errors import UserError
from braid.intake import RawTable, is_codebook, read_file, recognise
from braid.intake.kobo import read_kobo
from braid.intake.xlsform import Form, read_form
from braid.study import FileReading

SYSTEM = ["_id", "_uuid", "_submission_time", "_validation_status", "_submitted_by", "__version__", "_tags", "_index"]
ENDS = [
    ["11", "u-1", "2024-03-05T10:00:00", "Approved", "field_team", "v1", "", "1"],
    ["12", "u-2", "2024-03-06T10:00:00", "Not approved", "field_team", "v1", "", "2"],
]
HEADER = [
    "start",
    "end",
    "deviceid",
    "about/sex",
    "about/reach",
    "about/reach/boat",
    "about/reach/road",
    "views/sat",
    "gps",
]
HEADER += ["_gps_latitude", "_gps_longitude", "_gps_altitude", "_gps_precision", *SYSTEM]
ROWS = [
    [
        "2024-03-05T09:50:00",
        "2024-03-05T10:00:00",
        "dev:1",
        "f",
        "boat road",
        "1",
        "1",
        "3",
        "1.1 2.2 0 0",
        "1.1",
        "2.2",
        "0",
        "0",
    ],
    [
        "2024-03-06T09:50:00",
        "2024-03-06T10:00:00",
        "dev:2",
        "m",
        "road",
        "0",
        "1",
        "-99",
        "1.2 2.1 0 0",
        "1.2",
        "2.1",
        "0",
        "0",
    ],
]
ROWS = [row + end for row, end in zip(ROWS, ENDS, strict=True)]


def write(path: Path, rows: list[list[str]], delimiter: str = ";") -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def read(path: Path, **how: str) -> RawTable:
    return read_file(path, path.name, FileReading(**how))


def note(table: RawTable, word: str) -> str:
    found = [text for text in table.notes if word in text]
    assert len(found) == 1, table.notes
    return found[0]


def sheet(name: str, header: list[str], *rows: list[str]) -> RawTable:
    return RawTable(f"form.xlsx, sheet {name!r}", pd.DataFrame(rows, columns=header, dtype="str"), "Excel")


def form(**labels: str) -> Form:
    survey = sheet(
        "survey",
        ["type", "name", "label::English (en)", "label::اردو (ur)"],
        ["start", "start", "", ""],
        ["begin_group", "about", "About you", ""],
        ["select_one sexes", "sex", labels.get("sex", "Your sex"), "جنس"],
        ["select_multiple ways or_other", "reach", "How did you come?", "کیسے"],
        ["end_group", "", "", ""],
        ["select one rating", "sat", "Were you <b>satisfied</b>?", ""],
        ["geopoint", "home", "Where do you live?", ""],
        ["note", "thanks", "Thank you", ""],
    )
    choices = sheet(
        "choices",
        ["list_name", "name", "label::English (en)"],
        ["sexes", "f", "Woman"],
        ["sexes", "m", "Man"],
        ["ways", "boat", "By boat"],
        ["ways", "road", "By road"],
        ["rating", "1", "No"],
        ["rating", "3", "Yes"],
        ["rating", "-99", "Refused"],
    )
    return read_form("data_raw/c/form.xlsx", survey, choices)


def table(header: list[str], *rows: list[str]) -> RawTable:
    frame = pd.DataFrame([*rows], columns=header, index=pd.RangeIndex(2, len(rows) + 2, name="row"), dtype="str")
    return RawTable("data.csv", frame, "UTF-8")


def test_names_of_groups_are_taken_off_and_told(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", [HEADER, *ROWS]))
    assert result.frame["sex"].to_dict() == {2: "f", 3: "m"}
    assert result.frame["sat"].to_list() == ["3", "-99"]
    assert note(result, "names of groups") == "names of groups were taken off 3 columns, such as about/sex"


def test_a_name_that_stands_in_two_groups_keeps_them(tmp_path: Path) -> None:
    header = ["before/sat", "after/sat", *SYSTEM]
    result = read(write(tmp_path / "a.csv", [header, ["1", "2", *ENDS[0]]]))
    assert {"before/sat", "after/sat"} <= set(result.frame.columns)
    assert note(result, "several groups").endswith(": before/sat, after/sat")


def test_a_column_per_choice_keeps_its_question(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", [HEADER, *ROWS]))
    assert result.frame["reach"].to_list() == ["boat road", "road"]
    assert result.frame[["reach/boat", "reach/road"]].to_numpy().tolist() == [["1", "1"], ["0", "1"]]
    assert result.values["reach/boat"] == {"0": "Not chosen", "1": "Chosen"}
    assert note(result, "column per choice").endswith(": reach (2)")


def test_choices_without_their_summary_column_are_known_by_their_cells(tmp_path: Path) -> None:
    header = ["about/reach/boat", "about/reach/road", *SYSTEM]
    result = read(write(tmp_path / "a.csv", [header, ["True", "False", *ENDS[0]], ["False", "", *ENDS[1]]]))
    assert result.frame["reach/boat"].to_list() == ["1", "0"]
    assert result.frame["reach/road"].to_list() == ["0", ""]


def test_devices_users_and_places_are_left_out_and_times_stay(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", [HEADER, *ROWS]))
    gone = "deviceid, gps, _gps_latitude, _gps_longitude, _gps_altitude, _gps_precision, _submitted_by"
    assert note(result, "personal data").endswith(f": {gone}")
    assert {"start", "end", "_submission_time"} <= set(result.frame.columns)


def test_states_of_validation_are_counted_and_nothing_is_left_out(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", [HEADER, *ROWS]))
    assert "Approved (1), Not approved (1)" in note(result, "validation")
    assert len(result.frame) == 2


def test_a_row_of_hxl_tags_is_no_answer(tmp_path: Path) -> None:
    tags = ["", "", "", "#sex+m", *[""] * (len(HEADER) - 4)]
    result = read(write(tmp_path / "a.csv", [HEADER, tags, *ROWS]))
    assert result.frame["sex"].to_dict() == {3: "f", 4: "m"}
    assert note(result, "HXL")


def test_the_form_gives_labels_and_meanings() -> None:
    result = read_kobo(table(HEADER, *ROWS), form())
    assert result.labels["sat"] == "Were you satisfied?"
    assert result.labels["reach/boat"] == "How did you come?: By boat"
    assert result.values["sex"] == {"f": "Woman", "m": "Man"}
    assert result.missing == {"sat": frozenset({"-99"})}
    assert "form form.xlsx" in result.reading


def test_labels_of_the_form_become_names_and_codes() -> None:
    header = ["Your sex", "How did you come?", "How did you come?/By boat", "Were you satisfied?", *SYSTEM]
    result = read_kobo(table(header, ["Man", "By boat", "1", "Yes", *ENDS[0]]), form())
    assert result.frame.loc[2, ["sex", "reach/boat", "sat"]].to_list() == ["m", "1", "3"]
    assert "4 columns" in note(result, "headers are labels")
    assert note(result, "labels became codes").endswith(": sex, sat")


def test_a_label_that_two_questions_share_is_not_guessed() -> None:
    result = read_kobo(table(["Were you satisfied?", *SYSTEM], ["Yes", *ENDS[0]]), form(sex="Were you satisfied?"))
    assert result.frame["Were you satisfied?"].to_list() == ["Yes"]


def test_a_cell_outside_of_the_choices_is_told() -> None:
    result = read_kobo(table(["sex", *SYSTEM], ["x", *ENDS[0]], ["f", *ENDS[1]]), form())
    assert result.frame["sex"].to_list() == ["x", "f"]
    assert "sex: x (1)" in note(result, "not among the choices")


def test_places_that_the_form_asks_for_are_left_out() -> None:
    result = read_kobo(table(["home", "sat", *SYSTEM], ["1.1 2.2 0 0", "3", *ENDS[0]]), form())
    assert "home" not in result.frame.columns and "home" in note(result, "personal data")


def test_odk_central_parts_its_groups_by_a_dash(tmp_path: Path) -> None:
    header = ["SubmissionDate", "about-sex", "meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "ReviewState"]
    result = read(
        write(tmp_path / "a.csv", [header, ["2024-03-05T10:00:00Z", "f", "uuid:1", "uuid:1", "7", "Ada", ""]], ",")
    )
    assert result.frame["sex"].to_list() == ["f"]
    assert result.reading.startswith("ODK")
    assert note(result, "personal data").endswith(": SubmitterID, SubmitterName")


def test_a_repeat_group_is_told(tmp_path: Path) -> None:
    header = ["child/age", "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"]
    result = read(
        write(tmp_path / "a.csv", [header, ["4", "1", "main", "1", "11", "u-1"], ["6", "2", "main", "1", "11", "u-1"]])
    )
    assert result.frame["age"].to_list() == ["4", "6"]
    assert "several rows may belong to one submission" in note(result, "repeat group")


def test_labels_with_a_slash_are_not_parted(tmp_path: Path) -> None:
    header = ["Do you have a car/bike?", *SYSTEM]
    assert "Do you have a car/bike?" in read(write(tmp_path / "a.csv", [header, ["yes", *ENDS[0]]])).frame.columns


def test_it_is_recognised_for_certain(tmp_path: Path) -> None:
    found = recognise(write(tmp_path / "a.csv", [HEADER, *ROWS]))
    assert (found.format, found.sure) == ("kobo", "certain")


def test_an_excel_export_with_its_form_and_repeat_group(tmp_path: Path) -> None:
    data = {"main": [["about/sex", "views/sat", *SYSTEM], ["f", 3, *ENDS[0]]], "child": [["age"], [4]]}
    survey = [["type", "name", "label"], ["select_one sexes", "sex", "Your sex"], ["select_one r", "sat", "Fine?"]]
    choices = [["list_name", "name", "label"], ["sexes", "f", "Woman"], ["sexes", "m", "Man"], ["r", 3, "Yes"]]
    for file, sheets in (("data.xlsx", data), ("form.xlsx", {"survey": survey, "choices": choices})):
        with xlsxwriter.Workbook(tmp_path / file) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, cells in enumerate(rows):
                    sheet.write_row(number, 0, cells)
    result = read(tmp_path / "data.xlsx", format="kobo", sheet="main", dictionary="form.xlsx")
    assert result.frame.loc[2, ["sex", "sat"]].to_list() == ["f", "3"]
    assert result.values == {"sex": {"f": "Woman", "m": "Man"}, "sat": {"3": "Yes"}}
    assert note(result, "other sheets").endswith(": child")
    found = recognise(tmp_path / "data.xlsx")
    assert found.format == "kobo" and "'main'" in found.why
    assert is_codebook(tmp_path / "form.xlsx") == "XLSForm" and is_codebook(tmp_path / "data.xlsx") == ""


def test_a_form_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "form.csv", [["type", "name", "label"]], ",")
    with pytest.raises(UserError, match="Excel file") as caught:
        read(write(tmp_path / "a.csv", [HEADER, *ROWS]), format="kobo", dictionary="form.csv")
    assert caught.value.place == "form.csv"


def test_a_form_without_types_is_refused() -> None:
    with pytest.raises(UserError, match="not an XLSForm"):
        read_form("form.xlsx", sheet("survey", ["q", "text"], ["1", "2"]), None)


def test_another_table_declared_kobo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not an export of KoboToolbox"):
        read(write(tmp_path / "a.csv", [["id", "q"], ["1", "2"]], ","), format="kobo")
