"""Transcripts beside the table of a coding program: as they come, and under the names that the program uses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from braid.cleaning import CodedInterviews
from braid.errors import UserError

from tests.cleaning.test_coded_interviews import folder, make, read

TALK = (
    "FGD_1_Speaker_1: There is never a quiet minute — café.\n"
    "FGD_1_Speaker_2: My colleagues cover for me when it gets hard.\n"
)
CODED = [
    ("Time", "There is never a quiet minute — café."),
    ("Helps > Peers", "My colleagues cover for me when it gets hard."),
]
SPEAKERS = ["FGD_1_Speaker_1", "FGD_1_Speaker_2"]


def coded(root: Path, source: str, talk: bytes, *, name: str = "FGD_1.txt") -> CodedInterviews:
    """Segments of one source without offsets, and its transcript in the folder `talk`."""
    raw = folder(root)
    with (raw / "coded.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("File Name", "Node", "Reference"), *((source, code, q) for code, q in CODED)])
    (raw / "talk").mkdir(exist_ok=True)
    (raw / "talk" / name).write_bytes(talk)
    return read(
        make(
            root,
            "{project: coded.csv, columns: {source: File Name, code_path: Node, quote: Reference}, transcripts: talk}",
        )
    )


@pytest.mark.parametrize(
    "source", ["FGD_1", "Files\\\\Interviews\\\\FGD_1", "FGD_1.docx", "fgd_1.TXT", "Internals/FGD_1"]
)
def test_a_source_is_found_whatever_folder_or_ending_the_program_keeps(tmp_path: Path, source: str) -> None:
    found = coded(tmp_path, source, TALK.encode())
    assert found.segments["source"].tolist() == ["FGD_1", "FGD_1"]
    assert found.segments["participant"].tolist() == SPEAKERS
    for row in found.segments.to_dict("records"):
        assert TALK[row["start"] : row["end"]] == row["quote"]


def test_two_sources_that_would_be_called_alike_keep_their_names(tmp_path: Path) -> None:
    coded(tmp_path, "FGD_1.docx", TALK.encode())
    with (folder(tmp_path) / "coded.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("FGD_1.pdf", *CODED[0]))
    found = read(make(tmp_path, (folder(tmp_path) / "cohort.yml").read_text().split("interviews: ")[1]))
    assert found.segments["source"].tolist() == ["FGD_1.docx", "FGD_1.docx", "FGD_1.pdf"]
    said = "no transcript is called like the source of 3 segments, so that they have no offsets: FGD_1.docx, FGD_1.pdf"
    assert said in found.notes["data_raw/c/coded.csv"]


def test_a_source_without_a_transcript_is_named(tmp_path: Path) -> None:
    notes = coded(tmp_path, "FGD_9", TALK.encode()).notes["data_raw/c/coded.csv"]
    assert "no transcript is called like the source of 2 segments, so that they have no offsets: FGD_9" in notes


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_transcript_in_another_encoding_is_read_and_a_guess_is_told(tmp_path: Path, encoding: str) -> None:
    found = coded(tmp_path, "FGD_1", TALK.encode(encoding))
    assert found.segments["quote"].tolist() == [quote for _, quote in CODED]
    said = found.notes.get("data_raw/c/talk/FGD_1.txt", ())
    guess = "read as Windows-1252, which is a guess: if letters are wrong, save it as UTF-8"
    assert said == ((guess,) if encoding == "cp1252" else ())


def test_what_is_no_transcript_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="this is not a text file") as told:
        coded(tmp_path, "FGD_1", bytes(range(256)) * 20)
    assert str(told.value).startswith("data_raw/c/talk/FGD_1.txt: ")
    assert "save each transcript as plain text (.txt, UTF-8), named like its source" in str(told.value)


def test_a_folder_that_is_not_there_or_holds_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="this folder holds no transcript as plain text") as told:
        coded(tmp_path, "FGD_1", TALK.encode(), name="FGD_1.docx")
    assert "found: FGD_1.docx" in str(told.value)
    (folder(tmp_path) / "talk" / "FGD_1.docx").unlink()
    (folder(tmp_path) / "talk").rmdir()
    cohort = make(tmp_path, (folder(tmp_path) / "cohort.yml").read_text().split("interviews: ")[1])
    with pytest.raises(UserError, match="this folder of transcripts does not exist") as told:
        read(cohort)
    assert str(told.value).startswith("data_raw/c/talk: ")


def test_what_is_no_text_beside_transcripts_is_told_and_left_out(tmp_path: Path) -> None:
    (folder(tmp_path) / "talk").mkdir()
    (folder(tmp_path) / "talk" / "FGD_2.docx").write_bytes(b"PK")
    found = coded(tmp_path, "FGD_1", TALK.encode())
    assert found.notes["data_raw/c/talk"] == ("not read, since only .txt is: FGD_2.docx",)
