"""REDCap exports, raw or with labels, become the same codes with the meanings of the data dictionary."""

import csv
from pathlib import Path

import pytest
from braid.errors import UserError
from braid.intake import RawTable, is_codebook, read_file
from braid.study import FileReading

HEADER = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
]
API = ["field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations"]
AGREE = "1, Disagree | 2, Neither | 3, Agree | -999, Refused"


def field(name: str, form: str, kind: str, label: str, choices: str = "", **more: str) -> list[str]:
    cells = dict.fromkeys(HEADER, "") | dict(
        zip([*HEADER[:2], *HEADER[3:6]], [name, form, kind, label, choices], strict=True)
    )
    spelled = {"validation": HEADER[7], "identifier": "Identifier?", "annotation": "Field Annotation"}
    return list((cells | {spelled[key]: value for key, value in more.items()}).values())


FIELDS = [
    field("record_id", "about", "text", "Record ID"),
    field("surname", "about", "text", "Your name", identifier="y"),
    field("mail", "about", "text", "How to reach you", validation="email"),
    field("consent", "about", "yesno", "Do you <b>agree</b>?"),
    field("hello", "about", "descriptive", "Welcome"),
    field("why", "about", "checkbox", "Why?", "1, Pay | -1, Other, please say | A, مہارت"),
    field("sat", "views", "radio", "Satisfied?", AGREE),
    field("hope", "views", "radio", "Hopeful?", AGREE, annotation="@NOMISSING"),
    field("pain", "views", "slider", "Pain", "none | | worst"),
    field("total", "views", "calc", "Total", "[sat] + 1"),
    field("smokes", "views", "truefalse", "I smoke"),
]
RAW = [
    [
        "record_id",
        "surname",
        "mail",
        "consent",
        "why___1",
        "why____1",
        "why___a",
        "about_complete",
        "views_timestamp",
        "sat",
        "hope",
        "pain",
        "total",
        "smokes",
        "views_complete",
    ],
    ["1", "Ada", "a@x.org", "1", "1", "0", "1", "2", "2024-03-05 10:00:00", "3", "2", "55", "4", "1", "2"],
    ["2", "Bo", "b@x.org", "0", "0", "0", "0", "0", "[not completed]", "-999", "", "", "", "", "0"],
    ["3", "Cy", "c@x.org", "1", "0", "1", "0", "2", "", "1", "1", "7", "2", "0", "1"],
]
LABELS = [
    [
        "Record ID",
        "Your name",
        "How to reach you",
        "Do you agree?",
        "Why? (choice=Pay)",
        "Why? (choice=Other, please say)",
        "Why? (choice=مہارت)",
        "Complete?",
        "Survey Timestamp",
        "Satisfied?",
        "Hopeful?",
        "Pain",
        "Total",
        "I smoke",
        "Complete?",
    ],
    [
        "1",
        "Ada",
        "a@x.org",
        "Yes",
        "Checked",
        "Unchecked",
        "Checked",
        "Complete",
        "2024-03-05 10:00:00",
        "Agree",
        "Neither",
        "55",
        "4",
        "True",
        "Complete",
    ],
    [
        "2",
        "Bo",
        "b@x.org",
        "No",
        "Unchecked",
        "Unchecked",
        "Unchecked",
        "Incomplete",
        "[not completed]",
        "Refused",
        "",
        "",
        "",
        "",
        "Incomplete",
    ],
    [
        "3",
        "Cy",
        "c@x.org",
        "Yes",
        "Unchecked",
        "Checked",
        "Unchecked",
        "Complete",
        "",
        "Disagree",
        "Disagree",
        "7",
        "2",
        "False",
        "Unverified",
    ],
]


def write(
    folder: Path, rows: list[list[str]], fields: list[list[str]] | None = None, header: list[str] = HEADER
) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in (("data.csv", rows), ("dictionary.csv", [header, *(fields or FIELDS)])):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(content)
    return folder / "data.csv"


def read(path: Path, *, dictionary: str | None = "dictionary.csv", **how: str) -> RawTable:
    return read_file(path, f"data_raw/c/{path.name}", FileReading(format="redcap", dictionary=dictionary, **how))


def note(table: RawTable, word: str) -> str:
    found = [text for text in table.notes if word in text]
    assert len(found) == 1, table.notes
    return found[0]


def test_codes_get_the_meanings_of_the_dictionary(tmp_path: Path) -> None:
    table = read(write(tmp_path, RAW))
    assert table.frame["sat"].to_dict() == {2: "3", 3: "-999", 4: "1"}
    assert table.values["sat"] == {"1": "Disagree", "2": "Neither", "3": "Agree", "-999": "Refused"}
    assert table.values["consent"] == {"1": "Yes", "0": "No"}
    assert table.values["smokes"] == {"1": "True", "0": "False"}
    assert not {"pain", "total", "record_id"} & set(table.values)
    assert table.labels["consent"] == "Do you agree?"
    assert "raw export with the data dictionary dictionary.csv" in table.reading


def test_a_checkbox_has_a_column_per_choice_with_its_own_label(tmp_path: Path) -> None:
    table = read(write(tmp_path, RAW))
    assert table.labels["why___a"] == "Why?: مہارت"
    assert table.labels["why____1"] == "Why?: Other, please say"
    assert table.values["why___1"] == {"0": "Unchecked", "1": "Checked"}


def test_a_label_export_becomes_the_same_table_as_a_raw_one(tmp_path: Path) -> None:
    raw, labelled = read(write(tmp_path / "raw", RAW)), read(write(tmp_path / "label", LABELS))
    assert labelled.frame.to_dict() == raw.frame.to_dict()
    assert labelled.values == raw.values and labelled.missing == raw.missing
    assert "label export" in labelled.reading
    assert "15 columns" in note(labelled, "headers are labels")


def test_labels_that_two_fields_share_go_to_them_in_order(tmp_path: Path) -> None:
    fields = [FIELDS[0], *(field(f"rate{n}", f"form{n}", "radio", "How was it?", AGREE) for n in (1, 2))]
    rows = [["Record ID", "How was it?", "Complete?", "How was it?", "Complete?"]]
    rows += [["1", "Agree", "Complete", "Disagree", "Incomplete"]]
    table = read(write(tmp_path, rows, fields))
    assert table.frame.loc[2].to_dict() == {
        "record_id": "1",
        "rate1": "3",
        "rate2": "1",
        "form1_complete": "2",
        "form2_complete": "0",
    }


def test_a_shared_label_with_a_field_missing_is_not_guessed(tmp_path: Path) -> None:
    fields = [FIELDS[0], *(field(f"rate{n}", f"form{n}", "radio", "How was it?", AGREE) for n in (1, 2))]
    table = read(write(tmp_path, [["Record ID", "How was it?"], ["1", "Agree"]], fields))
    assert list(table.frame.columns) == ["record_id", "How was it?"]
    assert "How was it?" in note(table, "several fields")


def test_two_choices_with_one_label_keep_the_label(tmp_path: Path) -> None:
    fields = [FIELDS[0], field("sat", "views", "radio", "Satisfied?", "1, Yes | 2, Other | 3, Other")]
    table = read(write(tmp_path, [["Record ID", "Satisfied?"], ["1", "Other"], ["2", "Yes"]], fields))
    assert table.frame["sat"].to_list() == ["Other", "Yes"]
    assert "sat" in note(table, "stand for two codes")


def test_identifiers_are_left_out_and_named_but_not_the_record(tmp_path: Path) -> None:
    fields = [field("record_id", "about", "text", "Record ID", identifier="y"), *FIELDS[1:]]
    table = read(write(tmp_path, RAW, fields))
    assert "surname" not in table.frame.columns and "record_id" in table.frame.columns
    assert note(table, "(identifiers)").endswith(": surname")
    assert "record_id" in note(table, "being the record's id")
    assert note(table, "validated as e-mail").endswith(": mail")


def test_the_state_and_time_of_forms_stand_last_and_are_counted(tmp_path: Path) -> None:
    table = read(write(tmp_path, RAW))
    assert list(table.frame.columns[-3:]) == ["views_timestamp", "about_complete", "views_complete"]
    assert table.values["views_complete"]["1"] == "Unverified"
    assert note(table, "form views") == "form views: complete (1), incomplete (1), unverified (1)"
    assert note(table, "not completed") == "surveys begun and not completed: views_timestamp (1)"


def test_rows_without_a_complete_form_are_kept_or_left_out_as_declared(tmp_path: Path) -> None:
    path = write(tmp_path, RAW)
    assert "1 row with no form complete kept" in read(path).notes
    left = read(path, unfinished="leave out")
    assert list(left.frame.index) == [2, 4]
    assert note(left, "no form complete").endswith(": 3")


def test_a_negative_code_of_the_dictionary_counts_as_missing(tmp_path: Path) -> None:
    table = read(write(tmp_path, RAW))
    assert table.missing == {"sat": frozenset({"-999"})}
    assert "-999" in note(table, "for missing answers")


def test_cells_outside_of_the_choices_are_told(tmp_path: Path) -> None:
    rows = [RAW[0], [*RAW[1][:9], "UNK", *RAW[1][10:]], *RAW[2:]]
    table = read(write(tmp_path, rows))
    assert table.frame.loc[2, "sat"] == "UNK"
    assert "sat: UNK (1)" in note(table, "not among the choices")


def test_events_stay_a_column_and_are_counted_as_waves(tmp_path: Path) -> None:
    rows = [["record_id", "redcap_event_name", "redcap_data_access_group", "sat"]]
    rows += [
        ["1", "baseline_arm_1", "north", "1"],
        ["2", "baseline_arm_2", "south", "2"],
        ["1", "after_arm_1", "north", "3"],
    ]
    table = read(write(tmp_path, rows))
    assert table.frame["redcap_event_name"].to_list() == ["baseline_arm_1", "baseline_arm_2", "after_arm_1"]
    told = note(table, "events")
    assert "baseline_arm_1 (1), baseline_arm_2 (1), after_arm_1 (1)" in told
    assert "rows: {redcap_event_name: baseline_arm_1}" in told
    assert note(table, "arms") == "arms: arm 1 (1 records), arm 2 (1 records)"
    assert table.frame["redcap_data_access_group"].to_list() == ["north", "south", "north"]


def test_rows_of_repeated_instruments_stay_and_are_counted(tmp_path: Path) -> None:
    rows = [["record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "sat"]]
    rows += [["1", "", "", "1"], ["1", "views", "1", "2"], ["1", "views", "2", "3"]]
    table = read(write(tmp_path, rows))
    assert len(table.frame) == 3
    assert note(table, "repeated").startswith("2 rows of repeated instruments, several to a record: views (2)")


def test_a_survey_identifier_is_left_out(tmp_path: Path) -> None:
    rows = [["record_id", "redcap_survey_identifier", "sat"], ["1", "a@x.org", "1"]]
    table = read(write(tmp_path, rows))
    assert "redcap_survey_identifier" not in table.frame.columns
    assert "redcap_survey_identifier" in note(table, "(identifiers)")


def test_system_columns_of_a_label_export_get_their_names(tmp_path: Path) -> None:
    rows = [["Record ID", "Event Name", "Repeat Instrument", "Repeat Instance", "Data Access Group", "Satisfied?"]]
    rows += [["1", "Baseline (Arm 1: All)", "", "", "North", "Agree"]]
    table = read(write(tmp_path, rows))
    assert list(table.frame.columns[1:5]) == [
        "redcap_event_name",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
        "redcap_data_access_group",
    ]
    assert table.frame.loc[2, "sat"] == "3"


def test_without_a_dictionary_the_table_is_read_and_the_lack_is_told(tmp_path: Path) -> None:
    table = read(write(tmp_path, RAW), dictionary=None)
    assert table.frame["sat"].to_list() == ["3", "-999", "1"]
    assert "sat" not in table.values
    assert "`dictionary`" in note(table, "no data dictionary")
    assert "form views" in note(table, "form views")


def test_a_column_that_the_dictionary_does_not_have_is_told(tmp_path: Path) -> None:
    rows = [["record_id", "sat", "why___999"], ["1", "1", "0"]]
    assert note(read(write(tmp_path, rows)), "not in the data dictionary").endswith(": why___999")


def test_the_dictionary_of_the_api_is_read_too(tmp_path: Path) -> None:
    fields = [[*cells[:2], "", *cells[3:6]] for cells in FIELDS]
    table = read(write(tmp_path, RAW, fields, API))
    assert table.values["sat"]["3"] == "Agree"


def test_a_dictionary_that_is_none_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, RAW, [["1", "2"]], ["id", "q1"])
    with pytest.raises(UserError, match="not a data dictionary") as caught:
        read(path)
    assert caught.value.place == "data_raw/c/dictionary.csv"


def test_a_choice_without_a_code_is_refused_with_its_row_and_field(tmp_path: Path) -> None:
    path = write(tmp_path, RAW, [FIELDS[0], field("sat", "views", "radio", "Satisfied?", "1, Yes | No")])
    with pytest.raises(UserError, match="no code") as caught:
        read(path)
    assert caught.value.place == "data_raw/c/dictionary.csv: row 3, field sat"
    assert caught.value.found == "'No'"


def test_a_dictionary_is_known_as_a_codebook(tmp_path: Path) -> None:
    path = write(tmp_path, RAW)
    assert is_codebook(tmp_path / "dictionary.csv") == "REDCap data dictionary"
    assert is_codebook(path) == ""
