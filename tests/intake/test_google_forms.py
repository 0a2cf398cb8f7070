"""Google Forms: whole questions as headers, times of any country, grids and ticked answers."""

import csv
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from braid.errors import UserError
from braid.intake import RawTable, read_file, recognise
from braid.intake.timestamps import read_times
from braid.study import FileReading
from hypothesis import given, settings
from hypothesis import strategies as st


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path, **how: str) -> RawTable:
    return read_file(path, path.name, FileReading(format="google-forms", **how))


def note(table: RawTable, word: str) -> str:
    found = [text for text in table.notes if word in text]
    assert len(found) == 1, table.notes
    return found[0]


DAYS = ["13/02/2024 09:05:00", "14/02/2024 10:00:00"]


def test_a_question_with_newlines_is_a_column_of_one_line_and_a_label_as_it_stands(tmp_path: Path) -> None:
    question = "How are you?\n\n(1 = bad,  5 = good) "
    table = read(write(tmp_path / "a.csv", [["Timestamp", question], [DAYS[0], "4"], [DAYS[1], "5"]]))
    assert table.frame["How are you? (1 = bad, 5 = good)"].to_dict() == {2: "4", 3: "5"}
    assert table.labels["How are you? (1 = bad, 5 = good)"] == question.strip()


def test_repeated_questions_are_numbered_and_told(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [["Timestamp", "Why?", "Why? "], [DAYS[0], "a", "b"]]))
    assert table.frame.loc[2, ["Why?", "Why? (2)"]].to_list() == ["a", "b"]
    assert note(table, "stand twice").endswith(": Why?")


@pytest.mark.parametrize(
    ("cells", "iso", "order"),
    [
        (["13/02/2024 09:05:00"], ["2024-02-13T09:05:00"], "day first"),
        (["2/13/2024 9:05:00"], ["2024-02-13T09:05:00"], "month first"),
        (["2024/02/03 2:13:45 PM GMT+1"], ["2024-02-03T14:13:45+01:00"], "year first"),
        (["2024/02/03 12:13:45 AM GMT-3:30"], ["2024-02-03T00:13:45-03:30"], "year first"),
        (["12/02/2026 19.07.17", "13/02/2026 8.00.00"], ["2026-02-12T19:07:17", "2026-02-13T08:00:00"], "day first"),
        (["31.01.2024 14:00:00"], ["2024-01-31T14:00:00"], "day first"),
        (["2024/02/03 下午 2:13:45"], ["2024-02-03T14:13:45"], "year first"),
        (["2024. 2. 3 오후 2:13:45"], ["2024-02-03T14:13:45"], "year first"),
        (
            ["3/2/2024 2:13:45 μ.μ.", "13/2/2024 2:13:45 π.μ."],
            ["2024-02-03T14:13:45", "2024-02-13T02:13:45"],
            "day first",
        ),
        (["13/2/2024 2:13:45 p. m."], ["2024-02-13T14:13:45"], "day first"),
        (["2020/04/03 12:21:50 nachm. OESZ"], ["2020-04-03T12:21:50"], "year first"),
        (["13/02/2024"], ["2024-02-13"], "day first"),
        (["2024-02-03T14:13:45Z"], ["2024-02-03T14:13:45+00:00"], "year first"),
    ],
)
def test_times_of_many_countries_become_iso_8601(cells: list[str], iso: list[str], order: str) -> None:
    times = read_times(pd.Series(cells, dtype="str"))
    assert times is not None
    assert times.cells.to_list() == iso
    assert times.order == order


def test_an_order_that_cannot_be_told_is_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["Timestamp", "q"], ["03/02/2024 10:00:00", "1"], ["04/02/2024 10:00:00", "2"]])
    table = read(path)
    assert table.frame["Timestamp"].to_list() == ["03/02/2024 10:00:00", "04/02/2024 10:00:00"]
    assert "dates: day first" in note(table, "kept as it is")
    declared = read(path, dates="month first")
    assert declared.frame["Timestamp"].to_list() == ["2024-03-02T10:00:00", "2024-04-02T10:00:00"]
    assert "as declared" in note(declared, "month first")


def test_the_order_of_the_rows_tells_the_order_of_day_and_month(tmp_path: Path) -> None:
    cells = ["11/02/2024 10:00:00", "12/02/2024 10:00:00", "01/03/2024 10:00:00"]
    table = read(write(tmp_path / "a.csv", [["Timestamp", "q"], *([cell, "1"] for cell in cells)]))
    assert table.frame["Timestamp"].to_list()[-1] == "2024-03-01T10:00:00"
    assert "order of time" in note(table, "day first")


def test_contradicting_orders_keep_the_cells(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [["Timestamp", "q"], ["13/02/2024 10:00", "1"], ["02/13/2024 10:00", "2"]]))
    assert table.frame["Timestamp"].to_list() == ["13/02/2024 10:00", "02/13/2024 10:00"]
    assert "others the month" in note(table, "kept as it is")


def test_a_cell_that_is_no_time_of_the_order_stays_and_is_counted(tmp_path: Path) -> None:
    cells = ["13/02/2024 10:00:00"] * 10 + ["31/02/2024 10:00:00"]
    table = read(write(tmp_path / "a.csv", [["Timestamp", "q"], *([cell, "1"] for cell in cells)]))
    assert table.frame["Timestamp"].iloc[-1] == "31/02/2024 10:00:00"
    assert "1 cell" in note(table, "not of this order")


def test_letters_of_a_time_zone_are_left_out_and_told(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [["Zeitstempel", "q"], ["2020/04/03 12:21:50 nachm. OESZ", "1"]]))
    assert table.frame["Zeitstempel"].to_list() == ["2020-04-03T12:21:50"]
    assert note(table, "time zones").endswith(": OESZ")


@pytest.mark.parametrize("header", ["Email Address", "Username", "E-Mail-Adresse", "メールアドレス", "email address "])
def test_collected_addresses_are_left_out_and_named(tmp_path: Path, header: str) -> None:
    table = read(write(tmp_path / "a.csv", [["Timestamp", header, "q"], [DAYS[0], "a@example.org", "1"]]))
    assert list(table.frame.columns) == ["Timestamp", "q"]
    assert header.strip() in note(table, "personal data")


def test_a_question_on_e_mail_is_not_taken_for_the_collected_address(tmp_path: Path) -> None:
    question = "How often do you read your email address book?"
    table = read(write(tmp_path / "a.csv", [["Timestamp", question], [DAYS[0], "daily"]]))
    assert question in table.frame.columns


def test_a_grid_is_told_with_its_number_of_items(tmp_path: Path) -> None:
    grid = ["How confident are you [in lectures]", "How confident are you [in groups]"]
    table = read(write(tmp_path / "a.csv", [["Timestamp", *grid], [DAYS[0], "Very", "A little"]]))
    assert list(table.frame.columns) == ["Timestamp", *grid]
    assert note(table, "grid") == "grid of 2 items: 'How confident are you'"


@pytest.mark.parametrize("mark", [";", ", "])
def test_several_ticked_answers_in_a_cell_are_told_and_kept(tmp_path: Path, mark: str) -> None:
    ticked = [mark.join(["Work", "Home"]), "Home", mark.join(["Home", "Work"]), "Work"]
    table = read(write(tmp_path / "a.csv", [["Timestamp", "Where?"], *([DAYS[0], cell] for cell in ticked)]))
    assert table.frame["Where?"].to_list() == ticked
    assert note(table, "several answers") == f"several answers in one cell, parted by {mark!r}: Where?"


@pytest.mark.parametrize(
    "said",
    [
        ["Well, it was good", "I liked it, mostly", "Long, cold, and dull", "Fine"],
        ["Yes, it was good", "Yes, mostly", "No, too long", "Yes"],
    ],
)
def test_sentences_with_commas_are_no_ticked_answers(tmp_path: Path, said: list[str]) -> None:
    table = read(write(tmp_path / "a.csv", [["Timestamp", "Say more"], *([DAYS[0], cell] for cell in said)]))
    assert not [text for text in table.notes if "several answers" in text]


def test_points_of_a_quiz_become_numbers(tmp_path: Path) -> None:
    rows = [
        ["Timestamp", "Score", "Q1", "Q1 [Score]"],
        [DAYS[0], "8 / 10", "b", "1.00 / 1"],
        [DAYS[1], "7.50 / 10", "c", ""],
    ]
    table = read(write(tmp_path / "a.csv", rows))
    assert table.frame["Score"].to_list() == ["8", "7.50"]
    assert table.frame["Q1 [Score]"].to_list() == ["1", ""]
    assert "Score: points out of 10" in table.notes


def test_a_zipped_download_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "answers.csv.zip", "w") as archive:
        archive.writestr("answers.csv", "Timestamp,q\n")
    with pytest.raises(UserError, match="archive") as caught:
        read(tmp_path / "answers.csv.zip")
    assert caught.value.found == "answers.csv"
    assert caught.value.todo is not None and "unzip" in caught.value.todo


def test_a_table_without_timestamps_is_read_and_the_lack_is_told(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [["When", "q"], ["then", "1"]]))
    assert "no column of timestamps was found" in table.notes


@pytest.mark.parametrize(
    "header", ["Timestamp", "Zeitstempel", "タイムスタンプ", "Informazioni cronologiche", "时间戳记"]
)
def test_a_form_is_recognised_in_several_languages(tmp_path: Path, header: str) -> None:
    found = recognise(write(tmp_path / "a.csv", [[header, "q"], [DAYS[0], "1"]]))
    assert (found.format, found.sure) == ("google-forms", "likely")
    assert header in found.why


def test_a_timestamp_column_that_holds_no_times_is_no_form(tmp_path: Path) -> None:
    assert recognise(write(tmp_path / "a.csv", [["Timestamp", "q"], ["first", "1"]])).format == "delimited"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r")), min_size=1, max_size=6))
def test_any_header_text_survives_as_a_label_and_gives_its_own_column(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str]
) -> None:
    import unicodedata

    path = write(
        tmp_path_factory.mktemp("g") / "a.csv", [["Timestamp", *headers, "end"], [DAYS[0], *["x"] * len(headers), "e"]]
    )
    table = read(path)
    asked = [text for text in (unicodedata.normalize("NFC", h).replace("\ufeff", "").strip() for h in headers) if text]
    kept = list(table.labels.values())
    personal = [text for text in asked if text not in kept]
    assert all(any(text in told for told in table.notes if "personal" in told) for text in personal)
    assert len(set(table.frame.columns)) == len(table.frame.columns)
