"""One entry reads every kind of file, and knows a platform's export where it shows itself."""

import csv
import unicodedata
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from braid.errors import UserError
from braid.intake import read_file, read_table, recognise
from braid.intake.headers import plain, tidy, unique
from braid.study import FileReading
from hypothesis import given, settings
from hypothesis import strategies as st

PLAIN = "id,q1\n1,3\n2,4\n"
IDS = '"{""ImportId"":""_recordId""}","{""ImportId"":""finished""}","{""ImportId"":""QID1""}"\n'
QUALTRICS = f"ResponseId,Finished,Q1\nResponse ID,Finished,Fine?\n{IDS}R_1,1,3\n"
LEGACY = "V1,V2,V3,Q1\nResponseID,ResponseSet,Finished,Fine?\nR_1,Default,1,3\n"
CLEANED = "StartDate,Status,Progress,Finished,ResponseId,Q1\n2024-03-05,0,100,1,R_1,3\n"
REDCAP = "record_id,redcap_event_name,sat,views_complete\n1,baseline_arm_1,3,2\n"
REDCAP_CLASSIC = "record_id,sat,why___1,views_complete\n1,3,0,2\n"
REDCAP_LABELS = "Record ID,Satisfied?,Complete?\n1,Agree,Complete\n"
LIMESURVEY = "id,submitdate,lastpage,startlanguage,SCQ[SQ001]\n1,2024-03-05 10:00:00,3,en,A4\n"
KOBO = "sat;_id;_uuid;_submission_time\n3;11;u-1;2024-03-05T10:00:00\n"
ODK = "SubmissionDate,sat,KEY\n2024-03-05T10:00:00Z,3,uuid:1\n"
GOOGLE = "Timestamp,Fine?\n13/02/2024 10:00:00,3\n"


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("content", "format", "sure"),
    [
        (QUALTRICS, "qualtrics", "certain"),
        (LEGACY, "qualtrics", "certain"),
        (CLEANED, "qualtrics", "likely"),
        (REDCAP, "redcap", "certain"),
        (REDCAP_CLASSIC, "redcap", "likely"),
        (REDCAP_LABELS, "redcap", "likely"),
        (LIMESURVEY, "limesurvey", "certain"),
        (KOBO, "kobo", "certain"),
        (ODK, "kobo", "certain"),
        (GOOGLE, "google-forms", "likely"),
        (PLAIN, "delimited", "likely"),
        ("", "delimited", "a guess"),
    ],
)
def test_what_wrote_a_file_is_recognised_by_its_content(tmp_path: Path, content: str, format: str, sure: str) -> None:
    found = recognise(write(tmp_path / "a.csv", content))
    assert (found.format, found.sure) == (format, sure)
    assert found.why


@pytest.mark.parametrize("content", [QUALTRICS, REDCAP, LIMESURVEY, KOBO])
def test_a_certain_export_is_read_as_such_without_being_declared_and_says_so(tmp_path: Path, content: str) -> None:
    table = read_file(write(tmp_path / "a.csv", content), "a.csv")
    assert any(note.startswith("read as an export of ") for note in table.notes)


@pytest.mark.parametrize("content", [REDCAP_CLASSIC, GOOGLE, CLEANED])
def test_a_likely_export_is_a_plain_table_until_it_is_declared(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "a.csv", content)
    table, plain_table = read_file(path, "a.csv"), read_table(path, "a.csv")
    assert table.frame.equals(plain_table.frame) and table.notes == plain_table.notes


@pytest.mark.parametrize("content", [QUALTRICS, REDCAP, KOBO])
def test_a_file_declared_delimited_is_not_taken_for_an_export(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "a.csv", content)
    table = read_file(path, "a.csv", FileReading(format="delimited"))
    assert table.frame.equals(read_table(path, "a.csv").frame)


def test_a_long_file_is_known_by_its_beginning(tmp_path: Path) -> None:
    rows = "".join(f"{number},baseline_arm_1,Ä,2\n" for number in range(20_000))
    assert recognise(write(tmp_path / "a.csv", REDCAP + rows)).format == "redcap"
    assert (
        recognise(write(tmp_path / "b.csv", "Timestamp,Why?\n" + f'13/02/2024 10:00,"{"é" * 300_000}"\n')).sure
        == "likely"
    )


def test_the_ending_does_not_matter_where_it_says_nothing(tmp_path: Path) -> None:
    assert read_file(write(tmp_path / "a.dat", PLAIN), "a.dat").frame["q1"].to_list() == ["3", "4"]


def test_the_dictionary_stands_beside_the_file_or_where_its_companion_is(tmp_path: Path) -> None:
    fields = "Variable / Field Name,Form Name,Field Type,Field Label,Choices OR Calculations\n"
    fields += 'record_id,views,text,Record,\nsat,views,radio,Fine?,"1, No | 3, Yes"\n'
    path = write(tmp_path / "a.csv", REDCAP)
    how = FileReading(format="redcap", dictionary="fields.csv")
    with pytest.raises(UserError, match="does not exist") as caught:
        read_file(path, "data_raw/c/a.csv", how)
    assert caught.value.place == "data_raw/c/fields.csv"
    (tmp_path / "other").mkdir()
    write(tmp_path / "other" / "fields.csv", fields)
    table = read_file(path, "data_raw/c/a.csv", how, companions=lambda name: tmp_path / "other" / name)
    assert table.values["sat"] == {"1": "No", "3": "Yes"}


def test_a_file_that_is_not_there_is_a_users_mistake(tmp_path: Path) -> None:
    for read in (lambda p: read_file(p, "a.csv"), recognise):
        with pytest.raises(UserError, match="does not exist"):
            read(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.zip", "a.csv"])
def test_an_archive_is_refused_with_what_is_in_it(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("survey/answers.csv", PLAIN)
    with pytest.raises(UserError, match="archive") as caught:
        read_file(tmp_path / name, name)
    assert caught.value.found == "survey/answers.csv"


def test_a_row_with_more_cells_than_the_header_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Timestamp,Why?\n13/02/2024 10:00,a\n\n13/02/2024 10:00,b,c\n")
    with pytest.raises(UserError, match="more cells") as caught:
        read_file(path, "a.csv", FileReading(format="google-forms"))
    assert caught.value.place == "a.csv: row 4"
    assert caught.value.found is not None and caught.value.found.startswith("3 cells")


def test_an_empty_row_is_left_out_and_still_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Timestamp,Why?\n13/02/2024 10:00,a\n\n,\n14/02/2024 10:00,b\n")
    table = read_file(path, "a.csv", FileReading(format="google-forms"))
    assert list(table.frame.index) == [2, 5]


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", ",,\n"])
def test_an_empty_export_is_a_users_mistake(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match="empty"):
        read_file(write(tmp_path / "a.csv", content), "a.csv", FileReading(format="redcap"))


def test_a_declared_encoding_and_delimiter_are_used(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Timestamp|Ερώτηση, δύο\n13/02/2024 10:00|Ναι\n", "iso8859-7")
    how = FileReading(format="google-forms", encoding="iso8859-7", delimiter="|")
    table = read_file(path, "a.csv", how)
    assert table.frame["Ερώτηση, δύο"].to_list() == ["Ναι"]
    with pytest.raises(UserError, match="declared encoding"):
        read_file(path, "a.csv", how.model_copy(update={"encoding": "utf-8"}))


def test_a_plain_file_is_read_as_it_is_declared(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "id;Ärger, heute\n1;ja\n", "cp850")
    table = read_file(path, "a.txt", FileReading(delimiter=";", encoding="cp850"))
    assert table.frame.to_dict("list") == {"id": ["1"], "Ärger, heute": ["ja"]}
    assert table.reading == "cp850, parted by semicolon"


def test_letters_that_were_composed_in_headers_are_told(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Größe")
    table = read_file(write(tmp_path / "a.csv", f"Timestamp,{apart}\n13/02/2024 10:00,1\n"), "a.csv", GOOGLE_FORMS)
    assert "Größe" in table.frame.columns
    assert any("composed" in note and "Größe" in note for note in table.notes)


def test_columns_without_a_header_get_their_place_and_empty_ones_at_the_end_go(tmp_path: Path) -> None:
    table = read_file(write(tmp_path / "a.csv", "Timestamp,,q,,\n13/02/2024 10:00,x,1,,\n"), "a.csv", GOOGLE_FORMS)
    assert list(table.frame.columns) == ["Timestamp", "column 2", "q"]
    assert any("without a header" in note and "column 2" in note for note in table.notes)


GOOGLE_FORMS = FileReading(format="google-forms")
SCRIPTS = ["آپ کیسے ہیں؟", "你好吗？", "Πώς είστε;", "お元気ですか", "आप कैसे हैं?", "می‌خواهم", "a < b & c", "1 > 0"]


@pytest.mark.parametrize("text", SCRIPTS)
def test_text_of_any_script_stays_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Timestamp", text], ["13/02/2024 10:00", text]])
    table = read_file(path, "a.csv", GOOGLE_FORMS)
    assert table.frame[text].to_list() == [text]
    assert table.labels[text] == text
    assert plain(text) == text


def test_a_number_for_a_repeat_is_not_taken_from_a_column_that_has_it() -> None:
    assert unique(["a", "a", "a (2)", ""]) == ["a", "a (3)", "a (2)", "column 4"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "a (2)", "", "column 2", "a [x]"]), max_size=8))
def test_names_made_unique_are_unique_and_keep_their_beginning(names: list[str]) -> None:
    made = unique(names)
    assert len(set(made)) == len(names)
    assert all(new.startswith(old) for old, new in zip(names, made, strict=True))


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_tidied_header_is_one_line_and_stays_when_tidied_again(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once and "\n" not in once
    assert once.replace(" ", "") == "".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").split())


def test_the_frame_is_text_everywhere(tmp_path: Path) -> None:
    for content in (QUALTRICS, REDCAP, LIMESURVEY, KOBO):
        frame = read_file(write(tmp_path / "a.csv", content), "a.csv").frame
        assert all(pd.api.types.is_string_dtype(frame[column]) for column in frame.columns)
        assert frame.index.name == "row"
