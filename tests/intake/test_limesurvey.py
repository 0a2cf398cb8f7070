"""LimeSurvey exports with headers as codes, as questions, or as both."""

import csv
from pathlib import Path

import pytest
from braid.errors import UserError
from braid.intake import RawTable, read_file, recognise
from braid.study import FileReading

OWN = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "ipaddr", "refurl"]
FULL = [
    "Response ID",
    "Date submitted",
    "Last page",
    "Start language",
    "Seed",
    "Access code",
    "IP address",
    "Referrer URL",
]
CODES = ["SCQ[SQ001]", "SCQ[SQ002]", "job", "job[other]", "why[a]", "why[b]"]
TEXTS = [
    "How confident? [In lectures]",
    "How confident? [In groups]",
    "What is your work?",
    "What is your work? [Other]",
    "Why did you come? [Pay]",
    "Why did you come? [Fun]",
]
ANSWERS = [
    ["1", "2024-03-05 10:00:00", "4", "en", "77", "tk1", "10.0.0.1", "http://x.org", "A4", "A5", "A1", "", "Y", ""],
    ["2", "", "1", "ur", "78", "tk2", "10.0.0.2", "", "A2", "", "-oth-", "ماہی گیر", "", "Y"],
    ["3", "1980-01-01 00:00:00", "4", "en", "79", "tk3", "10.0.0.3", "", "N/A", "N/A", "A2", "", "N/A", "N/A"],
]


def write(path: Path, header: list[str], rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return path


def read(path: Path, **how: str) -> RawTable:
    return read_file(path, path.name, FileReading(**how))


def note(table: RawTable, word: str) -> str:
    found = [text for text in table.notes if word in text]
    assert len(found) == 1, table.notes
    return found[0]


def test_codes_stay_the_names(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert table.frame["SCQ[SQ001]"].to_dict() == {2: "A4", 3: "A2", 4: "N/A"}
    assert "codes as headers" in table.reading
    assert note(table, "several columns").endswith(": SCQ (2), why (2)")


@pytest.mark.parametrize("separator", [". ", " - ", ": "])
def test_codes_and_texts_part_into_names_and_labels(tmp_path: Path, separator: str) -> None:
    header = [f"{code}{separator}{text}" for code, text in zip([*OWN, *CODES], [*FULL, *TEXTS], strict=True)]
    table = read(write(tmp_path / "a.csv", header, ANSWERS))
    assert set(CODES) <= set(table.frame.columns)
    assert table.labels["SCQ[SQ002]"] == "How confident? [In groups]"
    assert "codes and questions" in table.reading
    assert "ipaddr" not in table.frame.columns


def test_questions_as_headers_stay_and_the_own_columns_get_their_codes(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*FULL, *TEXTS], ANSWERS))
    assert set(TEXTS) <= set(table.frame.columns)
    assert {"id", "submitdate", "token"} <= set(table.frame.columns)
    assert table.labels["submitdate"] == "Date submitted"
    assert "questions as headers" in table.reading


def test_german_headers_are_known_too(tmp_path: Path) -> None:
    header = ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "Zugangscode"]
    header += ["IP-Adresse", "Weiterleitungs-URL", *TEXTS]
    table = read(write(tmp_path / "a.csv", header, ANSWERS))
    assert note(table, "personal data").endswith(": ipaddr, refurl")


def test_underscored_codes_are_questions_with_several_columns(tmp_path: Path) -> None:
    header = [*OWN, "SCQ_SQ001", "SCQ_SQ002", "job", "job_other", "why_a", "why_b"]
    assert "SCQ (2)" in note(read(write(tmp_path / "a.csv", header, ANSWERS)), "several columns")


def test_address_and_referrer_are_left_out_and_the_token_stays(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert not {"ipaddr", "refurl"} & set(table.frame.columns)
    assert note(table, "personal data") == "2 columns left out (personal data): ipaddr, refurl"
    assert table.frame["token"].to_list() == ["tk1", "tk2", "tk3"]
    assert "key" in note(table, "token")


def test_names_of_participants_are_left_out(tmp_path: Path) -> None:
    header = [*OWN, *CODES, "firstname", "lastname", "email"]
    table = read(write(tmp_path / "a.csv", header, [[*row, "Ada", "L", "a@x.org"] for row in ANSWERS]))
    assert note(table, "personal data").endswith("ipaddr, refurl, firstname, lastname, email")


def test_a_response_without_a_date_of_submission_is_unfinished(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS)
    assert note(read(path), "unfinished") == "1 unfinished response (no submitdate) kept"
    left = read(path, unfinished="leave out")
    assert list(left.frame.index) == [2, 4]
    assert note(left, "unfinished") == "1 row left out (unfinished responses): 3"


def test_other_and_yes_get_their_meaning(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert table.values["job"] == {"-oth-": "Other"}
    assert table.values["why[a]"] == {"Y": "Yes", "N": "No"}
    assert note(table, "-oth-").endswith(": job")


def test_not_shown_counts_as_missing(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert table.missing == dict.fromkeys(["SCQ[SQ001]", "SCQ[SQ002]", "why[a]", "why[b]"], frozenset({"N/A"}))
    assert "4 cells" in note(table, "N/A")


def test_answers_that_are_only_codes_are_told(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert note(table, "codes such as A1").endswith(": SCQ[SQ001], SCQ[SQ002], job")


def test_semicolons_and_any_script_are_read(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS, ";"))
    assert table.frame["job[other]"].to_list()[1] == "ماہی گیر"


def test_it_is_recognised_for_certain(tmp_path: Path) -> None:
    found = recognise(write(tmp_path / "a.csv", [*OWN, *CODES], ANSWERS))
    assert (found.format, found.sure) == ("limesurvey", "certain")


def test_another_table_declared_limesurvey_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not an export of LimeSurvey"):
        read(write(tmp_path / "a.csv", ["id", "q"], [["1", "2"]]), format="limesurvey")
