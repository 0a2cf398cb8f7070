"""Qualtrics exports become the responses that count, under names and questions, with the rows of the file."""

import csv
import json
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from braid.errors import UserError
from braid.intake import RawTable, read_file, recognise
from braid.study import FileReading
from hypothesis import given, settings
from hypothesis import strategies as st

OWN = {
    "StartDate": ("Start Date", "startDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Finished": ("Finished", "finished"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "LocationLatitude": ("Location Latitude", "locationLatitude"),
    "LocationLongitude": ("Location Longitude", "locationLongitude"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel"),
}
REAL = {"Status": "IP Address", "Progress": "100", "Finished": "True", "DistributionChannel": "anonymous"}


def write(path: Path, rows: list[list[str]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def export(questions: list[tuple[str, str, str]], responses: list[dict[str, str]]) -> list[list[str]]:
    """The three header rows and the responses. questions: name, text, ImportId; answers go by ImportId."""
    ids = [*(mark for _, mark in OWN.values()), *(mark for *_, mark in questions)]
    marks = [
        json.dumps({"ImportId": mark} | ({"timeZone": "Europe/Zurich"} if mark == "startDate" else {})) for mark in ids
    ]
    rows = [
        [*OWN, *(name for name, *_ in questions)],
        [*(t for t, _ in OWN.values()), *(t for _, t, _ in questions)],
        marks,
    ]
    for number, response in enumerate(responses, start=1):
        own = {"ResponseId": f"R_{number}", "StartDate": "2024-03-05 10:00:00"} | REAL | response
        rows.append([*(own.get(name, "") for name in OWN), *(response.get(mark, "") for *_, mark in questions)])
    return rows


def read(path: Path, **how: str) -> RawTable:
    return read_file(path, f"data_raw/c/{path.name}", FileReading(**how))


def note(table: RawTable, word: str) -> str:
    found = [text for text in table.notes if word in text]
    assert len(found) == 1, table.notes
    return found[0]


ONE = [("Q1", "How <b>satisfied</b> are you?<br>\nTick one.", "QID1")]


def test_three_header_rows_become_names_questions_and_rows_of_the_file(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"QID1": "4"}, {"QID1": "2"}])))
    assert table.frame["Q1"].to_dict() == {4: "4", 5: "2"}
    assert table.labels["Q1"] == "How satisfied are you? Tick one."
    assert table.labels["ResponseId"] == "Response ID"
    assert "3 header rows" in table.reading and "Europe/Zurich" in table.reading


def test_the_importid_row_is_enough_to_know_it(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"QID1": "4"}])))
    assert "qualtrics" in note(table, "ImportId")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8-sig", "\t"), ("utf-8", ";")])
def test_utf_16_and_tabs_hold_the_same_table(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = export([("Q1", "سوال؟", "QID1")], [{"QID1": "بہت اچھا"}])
    table = read(write(tmp_path / "a.tsv", rows, encoding=encoding, delimiter=delimiter))
    assert table.frame["Q1"].to_list() == ["بہت اچھا"]
    assert table.labels["Q1"] == "سوال؟"


def test_an_excel_export_gives_the_same_table(tmp_path: Path) -> None:
    questions = [*ONE, ("Q5", "Before", "QID12"), ("Q5", "After", "QID31")]
    rows = export(questions, [{"QID1": "4", "QID12": "1", "QID31": "2"}, {"QID1": "2", "Status": "Survey Preview"}])
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Sheet0")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, [int(cell) if cell.isdigit() else cell for cell in cells])
    from_excel, from_text = read(tmp_path / "a.xlsx"), read(write(tmp_path / "a.csv", rows))
    assert from_excel.frame.to_dict() == from_text.frame.to_dict()
    assert from_excel.labels == from_text.labels
    assert recognise(tmp_path / "a.xlsx").format == "qualtrics"


def test_an_spss_export_keeps_its_labels_and_loses_previews_and_addresses(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "StartDate": ["2024-03-05", "2024-03-05"],
            "Status": [0.0, 1.0],
            "IPAddress": ["10.0.0.1", "10.0.0.2"],
            "Finished": [1.0, 1.0],
            "ResponseId": ["R_1", "R_2"],
            "Q1": [4.0, 2.0],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "a.sav"),
        column_labels=["Start Date", "Response Type", "IP Address", "Finished", "Response ID", "Fine?"],
        variable_value_labels={"Status": {0: "IP Address", 1: "Survey Preview"}, "Q1": {4: "Good", 2: "Bad"}},
    )
    table = read(tmp_path / "a.sav", format="qualtrics")
    assert table.frame["Q1"].to_list() == ["4"]
    assert table.labels["Q1"] == "Fine?" and table.values["Q1"]["4"] == "Good"
    assert "IPAddress" in note(table, "personal") and "1 row" in note(table, "preview")
    assert recognise(tmp_path / "a.sav").format == "qualtrics"


def test_repeated_names_are_told_apart_by_their_importid(tmp_path: Path) -> None:
    rows = export([("Q5", "Before", "QID12"), ("Q5", "After", "QID31")], [{"QID12": "1", "QID31": "2"}])
    table = read(write(tmp_path / "a.csv", rows))
    assert table.frame.loc[4, ["Q5 [QID12]", "Q5 [QID31]"]].to_list() == ["1", "2"]
    assert table.labels["Q5 [QID31]"] == "After"
    assert "ImportId: Q5" in note(table, "stand twice")


@pytest.mark.parametrize(
    "response",
    [
        {"Status": "Survey Preview"},
        {"Status": "Survey Test"},
        {"Status": "1"},
        {"Status": "2"},
        {"Status": "17"},
        {"Status": "Umfragevorschau", "DistributionChannel": "preview"},
    ],
)
def test_preview_and_test_responses_are_left_out_and_counted(tmp_path: Path, response: dict[str, str]) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"QID1": "1"}, response | {"QID1": "2"}, {"QID1": "3"}])))
    assert table.frame["Q1"].to_dict() == {4: "1", 6: "3"}
    assert note(table, "preview") == "1 row left out (preview and test responses): 5"


@pytest.mark.parametrize("status", ["Spam", "8", "12"])
def test_spam_is_left_out_and_counted(tmp_path: Path, status: str) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"QID1": "1"}, {"Status": status, "QID1": "2"}])))
    assert table.frame["Q1"].to_list() == ["1"]
    assert "5" in note(table, "spam")


@pytest.mark.parametrize("status", ["0", "4", "16", "Imported", "32"])
def test_imported_and_offline_responses_stay(tmp_path: Path, status: str) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"Status": status, "QID1": "2"}])))
    assert table.frame["Q1"].to_list() == ["2"]
    assert not [text for text in table.notes if "status" in text]


def test_a_status_that_is_not_known_stays_and_is_told(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"Status": "Unbekannt", "QID1": "2"}])))
    assert len(table.frame) == 1
    assert "unbekannt (1)" in note(table, "not known")


@pytest.mark.parametrize(
    "unfinished", [{"Finished": "False", "Progress": "40"}, {"Finished": "0"}, {"Finished": "FALSCH", "Progress": "40"}]
)
def test_unfinished_responses_are_kept_or_left_out_as_declared(tmp_path: Path, unfinished: dict[str, str]) -> None:
    path = write(tmp_path / "a.csv", export(ONE, [{"QID1": "1"}, unfinished | {"QID1": "2"}]))
    kept, left = read(path), read(path, unfinished="leave out")
    assert kept.frame["Q1"].to_list() == ["1", "2"] and note(kept, "unfinished") == "1 unfinished response kept"
    assert left.frame["Q1"].to_list() == ["1"] and "5" in note(left, "unfinished")


def test_personal_columns_are_left_out_and_named(tmp_path: Path) -> None:
    person = {"IPAddress": "10.0.0.1", "RecipientEmail": "a@example.org", "LocationLatitude": "47.1"}
    table = read(write(tmp_path / "a.csv", export(ONE, [person | {"QID1": "1"}])))
    gone = ["IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "LocationLatitude"]
    assert not set(gone) & set(table.frame.columns)
    assert ", ".join(gone) in note(table, "personal data")
    assert not (table.frame == "a@example.org").any(axis=None)


@pytest.mark.parametrize(
    ("cells", "stays", "told"),
    [
        (["p1", "p2"], True, "key that joins"),
        (["a@example.org", "b@example.org"], False, "e-mail addresses"),
        (["", ""], False, "(empty)"),
    ],
)
def test_an_external_reference_stays_unless_it_is_personal(
    tmp_path: Path, cells: list[str], stays: bool, told: str
) -> None:
    rows = export(ONE, [{"ExternalReference": cell, "QID1": "1"} for cell in cells])
    table = read(write(tmp_path / "a.csv", rows))
    assert ("ExternalReference" in table.frame.columns) is stays
    assert "ExternalReference" in note(table, told)


def test_minus_99_counts_as_missing_where_it_is_a_question(tmp_path: Path) -> None:
    questions = [*ONE, ("Q2", "And?", "QID2"), ("score", "score", "score")]
    table = read(write(tmp_path / "a.csv", export(questions, [{"QID1": "-99", "QID2": "3", "score": "-99"}])))
    assert table.missing == {"Q1": frozenset({"-99"})}
    assert "1 cell in 1 column" in note(table, "-99")
    assert "score" in note(table, "embedded data")


def test_loops_and_several_answers_in_one_cell_are_told(tmp_path: Path) -> None:
    questions = [("1_Q3", "Site A", "1_QID3"), ("2_Q3", "Site B", "2_QID3"), ("Q4", "Tick", "QID4")]
    answers = [{"1_QID3": "5", "2_QID3": "4", "QID4": "1,3"}, {"QID4": "2"}]
    table = read(write(tmp_path / "a.csv", export(questions, answers)))
    assert note(table, "loop") == "loop and merge: 2 columns, rounds 1, 2"
    assert note(table, "several answers").endswith(": Q4")


def test_ticked_answers_in_a_file_of_tabs_are_not_taken_for_decimal_commas(tmp_path: Path) -> None:
    rows = export(ONE, [{"QID1": "1,3"}, {"QID1": "2,5"}, {"QID1": "2"}])
    table = read(write(tmp_path / "a.tsv", rows, encoding="utf-16", delimiter="\t"))
    assert table.frame["Q1"].to_list() == ["1,3", "2,5", "2"]


@pytest.mark.parametrize(("finished", "kind"), [("True", "choice text"), ("1", "numeric values")])
def test_the_reading_says_whether_answers_are_words_or_numbers(tmp_path: Path, finished: str, kind: str) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [{"Finished": finished, "QID1": "1"}])))
    assert kind in table.reading


def test_newlines_in_header_cells_do_not_move_the_rows(tmp_path: Path) -> None:
    rows = export([("Q1", "one\ntwo\n\nthree", "QID1")], [{"QID1": "first\nsecond"}, {"QID1": "x"}])
    table = read(write(tmp_path / "a.csv", rows))
    assert table.frame["Q1"].to_dict() == {4: "first\nsecond", 5: "x"}


def test_a_legacy_export_takes_its_names_from_the_second_row(tmp_path: Path) -> None:
    rows = [
        ["V1", "V2", "V3", "V6", "V7", "V10", "Q1", "LocationLatitude", ""],
        [
            "ResponseID",
            "ResponseSet",
            "Name",
            "IPAddress",
            "Status",
            "Finished",
            "How are you?",
            "LocationLatitude",
            "",
        ],
        ["R_1", "Default", "Ada", "10.0.0.1", "0", "1", "2", "47.1", ""],
        ["R_2", "Default", "Bo", "10.0.0.2", "1", "1", "3", "47.1", ""],
    ]
    table = read(write(tmp_path / "a.csv", rows))
    assert table.frame.to_dict("index") == {
        3: {"ResponseID": "R_1", "ResponseSet": "Default", "Status": "0", "Finished": "1", "Q1": "2"}
    }
    assert table.labels["Q1"] == "How are you?"
    assert "Name, IPAddress, LocationLatitude" in note(table, "personal")


@pytest.mark.parametrize("word", ["Response ID", "Antwort-ID", "回复 ID"])
def test_two_header_rows_without_importids_are_known_by_the_response_ids(tmp_path: Path, word: str) -> None:
    rows = export(ONE, [{"QID1": "4"}, {"QID1": "2"}])
    rows[1] = [word if name == "ResponseId" else "?" for name in rows[0][:-1]] + ["Fine?"]
    table = read(write(tmp_path / "a.csv", [*rows[:2], *rows[3:]]))
    assert table.frame["Q1"].to_dict() == {3: "4", 4: "2"}
    assert table.labels["Q1"] == "Fine?"
    assert "2 header rows" in table.reading and "IPAddress" in note(table, "personal")


def test_a_question_called_name_is_no_personal_column_of_a_new_export(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", export([("name", "Your nickname", "QID9")], [{"QID9": "zed"}])))
    assert table.frame["name"].to_list() == ["zed"]


def test_an_export_with_its_extra_header_rows_deleted_is_read_when_declared(tmp_path: Path) -> None:
    rows = export(ONE, [{"QID1": "1"}, {"QID1": "2", "Status": "Survey Preview"}])
    table = read(write(tmp_path / "a.csv", [rows[0], *rows[3:]]), format="qualtrics")
    assert table.frame["Q1"].to_dict() == {2: "1"}
    assert "1 header row" in table.reading


def test_an_export_without_responses_is_an_empty_table(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", export(ONE, [])))
    assert len(table.frame) == 0 and "Q1" in table.frame.columns


def test_another_table_declared_qualtrics_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["id", "q1"], ["1", "2"]])
    with pytest.raises(UserError, match="not an export of Qualtrics") as caught:
        read(path, format="qualtrics")
    assert caught.value.place == "data_raw/c/a.csv"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
        .map(lambda t: " ".join(t.split()))
        .filter(bool),
        min_size=1,
        max_size=5,
    )
)
def test_any_question_text_leaves_names_and_answers_alone(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    questions = [(f"Q{place}", text, f"QID{place}") for place, text in enumerate(texts)]
    answers = {f"QID{place}": str(place + 1) for place in range(len(texts))}
    path = write(tmp_path_factory.mktemp("q") / "a.csv", export(questions, [answers]))
    table = read(path)
    assert [table.frame.loc[4, f"Q{place}"] for place in range(len(texts))] == [str(p + 1) for p in range(len(texts))]
