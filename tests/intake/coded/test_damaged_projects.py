"""Damaged and hostile files: one sentence each, in no time, and nothing is written anywhere."""

from __future__ import annotations

import io
import random
import re
import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest
from braid.errors import UserError
from braid.intake.coded import read_project

from tests.intake.coded import qualcoder_files
from tests.intake.coded.refi_files import TEXT, project, selections, source, write

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Project><Codes>&c;</Codes></Project>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]><Project name="&x;"/>"""
GOOD = project(source(selections(TEXT)))


def refused(path: Path, name: str = "") -> str:
    """The message, which names the file."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(UserError) as told:
        read_project(path, name or path.name)
    assert sorted(path.parent.rglob("*")) == before
    assert str(told.value).startswith(name or path.name)
    return told.value.message


def packed(folder: Path, **files: bytes) -> Path:
    path = folder / "coding.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_qde", ".qde").replace("_txt", ".txt"), content)
    return path


def test_a_zip_bomb_stops_at_its_limit(tmp_path: Path) -> None:
    assert refused(packed(tmp_path, project_qde=GOOD.encode(), Sources__t1_txt=bytes(60 * 2**20))) == (
        "t1.txt inside of this file unpacks to more than 50 MB, which no transcript needs"
    )
    assert refused(packed(tmp_path, project_qde=b" " * (101 * 2**20))) == (
        "project.qde inside of this file unpacks to more than 100 MB, which no transcript needs"
    )


def test_a_zip_that_lies_about_its_size_stops_too(tmp_path: Path) -> None:
    path = packed(tmp_path, project_qde=GOOD.encode(), Sources__t1_txt=bytes(60 * 2**20))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 60 * 2**20), struct.pack("<I", 100)))
    assert refused(path) in (
        "t1.txt inside of this file is damaged",
        "t1.txt inside of this file unpacks to more than 50 MB, which no transcript needs",
    )


def test_a_zip_of_countless_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "coding.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"Sources/{number}.txt", b"")
    assert refused(path) == "this file holds more than 20,000 files"


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE], ids=["billion laughs", "external entity"])
@pytest.mark.parametrize("kind", ["qdpx", "qde", "qdc"])
def test_entities_are_refused_before_they_are_read(tmp_path: Path, xml: str, kind: str) -> None:
    path = packed(tmp_path, project_qde=xml.encode()) if kind == "qdpx" else tmp_path / f"p.{kind}"
    if kind != "qdpx":
        path.write_text(xml, encoding="utf-8")
    assert refused(path) == (
        "this file declares entities or a document type, which no coding program writes and attacks do"
    )


@pytest.mark.parametrize("member", ["../outside.txt", "Sources/../../outside.txt", "/etc/outside", "C:\\outside.txt"])
def test_names_that_lead_out_of_the_file_are_refused(tmp_path: Path, member: str) -> None:
    assert refused(write(tmp_path, GOOD, {member: b"x"})) == (
        "this file names a place outside of itself, as an attack would"
    )
    assert not (tmp_path.parent / "outside.txt").exists()


@pytest.mark.parametrize("path", ["internal://../../../etc/passwd", "..\\secret.txt", "internal://Sources/../../x.txt"])
def test_a_source_that_leads_out_of_the_file_is_refused(tmp_path: Path, path: str) -> None:
    assert refused(write(tmp_path, project(source("", path=path)), {"Sources/t1.txt": TEXT})) == (
        "a source of this file names a place outside of it, as an attack would"
    )


@pytest.mark.parametrize("path", ["relative:///t1.txt", "absolute:///etc/passwd", "absolute://C:/t1.txt"])
def test_a_source_that_lies_elsewhere_is_missing_and_never_looked_for(tmp_path: Path, path: str) -> None:
    found = read_project(write(tmp_path, project(source(selections(TEXT), path=path))), "coding.qdpx")
    assert found.texts == {}
    assert any("the text of 1 source is not in the file: FGD_1" in note for note in found.notes)


def test_broken_xml_is_told_with_its_place(tmp_path: Path) -> None:
    path = packed(tmp_path, project_qde=GOOD[:-20].encode())
    assert refused(path) == "this is not whole XML"
    with pytest.raises(UserError, match=r"line 6, column 972"):
        read_project(path, "coding.qdpx")


def test_xml_of_something_else_is_told(tmp_path: Path) -> None:
    assert refused(packed(tmp_path, project_qde=b"<html/>")) == "this XML is not REFI-QDA"
    (tmp_path / "b.qdc").write_text(GOOD, encoding="utf-8")
    assert refused(tmp_path / "b.qdc") == "this XML is not REFI-QDA"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\3\4 cut off"])
def test_what_is_no_zip_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "coding.qdpx").write_bytes(content)
    assert refused(tmp_path / "coding.qdpx") == "this is not a zip, as a .qdpx project is"


def test_a_truncated_project_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, {"Sources/t1.txt": TEXT})
    path.write_bytes(path.read_bytes()[:-300])
    assert refused(path) == "this is not a zip, as a .qdpx project is"


def test_a_project_with_a_spoiled_text_is_told(tmp_path: Path) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("project.qde", GOOD)
        archive.writestr("Sources/t1.txt", TEXT)
    content = stored.getvalue().replace(b"quiet minute", b"noisy minute")
    (tmp_path / "coding.qdpx").write_bytes(content)
    assert refused(tmp_path / "coding.qdpx") == "t1.txt inside of this file is damaged"


def test_a_protected_zip_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    assert refused(path) == "this file is protected by a password"


def test_no_project_or_two_in_one_file_are_told(tmp_path: Path) -> None:
    assert refused(packed(tmp_path, Sources__t1_txt=b"x")) == "this file holds no project (.qde)"
    assert (
        refused(packed(tmp_path, a_qde=GOOD.encode(), b_qde=GOOD.encode())) == "this file holds several projects (.qde)"
    )


def test_codes_that_nest_without_end_are_refused(tmp_path: Path) -> None:
    deep = '<Code name="x">' * 60 + "</Code>" * 60
    assert refused(packed(tmp_path, project_qde=project("", codes=deep).encode())) == (
        "codes of this file nest deeper than 50 levels"
    )


@pytest.mark.parametrize("content", [b"", b"SQLite", b"something else altogether" * 9])
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.sqlite3").write_bytes(content)
    assert refused(tmp_path / "t.sqlite3") == "this is not an SQLite database"


@pytest.mark.parametrize("kept", [150, 5000, 9000])
def test_a_database_that_was_cut_off_is_told(tmp_path: Path, kept: int) -> None:
    path = qualcoder_files.write(tmp_path) / "data.qda"
    path.write_bytes(path.read_bytes()[:kept])
    assert refused(path) == "this database is damaged or was cut off"


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("create table things (a)")
    connection.commit()
    connection.close()
    assert refused(path) == "this database has no table documents"


def test_a_database_that_is_still_open_is_told(tmp_path: Path) -> None:
    path = qualcoder_files.write(tmp_path) / "data.qda"
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = wal")
    connection.execute("update code_name set name = 'Other'")
    connection.commit()
    assert refused(path) == (
        "this database is open in its program, or was not closed: its last changes are still outside of it"
    )
    connection.close()
    assert read_project(path, "data.qda").segments.shape[0] == 2


def test_a_project_with_columns_that_are_not_there_is_told(tmp_path: Path) -> None:
    path = qualcoder_files.write(tmp_path) / "data.qda"
    connection = sqlite3.connect(path)
    connection.execute("alter table code_text rename column pos0 to begin")
    connection.close()
    assert refused(path) == "the table code_text of this database has no column pos0"


def test_files_that_only_their_program_reads_are_told(tmp_path: Path) -> None:
    (tmp_path / "ward.nvp").write_bytes(b"x")
    assert refused(tmp_path / "ward.nvp") == "this is NVivo's own file, which only NVivo can read"


@pytest.mark.parametrize("name", ["a.qdpx", "a.qde", "a.qdc", "a.sqlite3", "a.csv"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name) == "this file does not exist"


@pytest.mark.parametrize("kind", ["xml", "zip", "sqlite"])
def test_whatever_is_spoiled_is_read_or_told(tmp_path: Path, kind: str) -> None:
    chance = random.Random(3)
    whole = write(tmp_path, GOOD, {"Sources/t1.txt": TEXT}).read_bytes()
    database = (Path(__file__).parent / "taguette" / "anna.sqlite3").read_bytes()
    said = 0
    for _ in range(60):
        if kind == "xml":
            cut = chance.choice(list(re.finditer(r'"[^"]*"', GOOD)))
            value = chance.choice(["", "-5", "9" * 30, "NaN", "..", "&#0;"])
            path = write(tmp_path, f'{GOOD[: cut.start()]}"{value}"{GOOD[cut.end() :]}', {"Sources/t1.txt": TEXT})
        else:
            content = bytearray(whole if kind == "zip" else database)
            for _ in range(chance.choice([1, 5, 50])):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path = tmp_path / ("coding.qdpx" if kind == "zip" else "t.sqlite3")
            path.write_bytes(content)
        try:
            read_project(path, path.name)
        except UserError as error:
            said += error.place == path.name
    assert said
