"""A QualCoder project for the tests: the tables that QualCoder 3.8 makes, as its source says, with invented rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
create table source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text);
create table code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
 owner text, date text, memo text, avid integer, important integer);
create table code_name (cid integer primary key, name text, memo text, catid integer, owner text, color text);
create table code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
create table cases (caseid integer primary key, name text, memo text, owner text, date text);
create table case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer);
create table attribute (attrid integer primary key, name text, attr_type text, value text, id integer);
create table code_image (imid integer primary key, id integer, cid integer);
"""
TEXT = "P1: There is never a quiet minute 😀.\nP2: We talk it over at breakfast.\n"
MINUTE, TALK = "There is never a quiet minute 😀.", "We talk it over at breakfast."


def write(folder: Path, *, utf16: bool = False, text: str = TEXT) -> Path:
    """The folder of a project."""

    def at(place: int) -> int:
        return len(text[:place].encode("utf-16-le")) // 2 if utf16 else place

    project = folder / "ward.qda"
    project.mkdir(parents=True)
    connection = sqlite3.connect(project / "data.qda")
    connection.executescript(TABLES)
    connection.execute("insert into source (id, name, fulltext) values (1, 'FGD_1', ?)", [text])
    connection.execute("insert into code_cat values (1, 'Work', '', '', 'About work', null)")
    connection.execute("insert into code_cat values (2, 'Barriers', '', '', '', 1)")
    names = [(1, "Time", "Too little", 2), (2, "Peers", "", None), (3, "Food", "", None)]
    connection.executemany("insert into code_name (cid, name, memo, catid) values (?, ?, ?, ?)", names)
    rows = []
    for code, words, owner in ((1, MINUTE, "anna"), (2, TALK, "bert"), (9, TALK, "bert")):
        start = text.index(words)
        rows.append((code, words, at(start), at(start + len(words)), owner))
    connection.executemany(
        "insert into code_text (cid, fid, seltext, pos0, pos1, owner, memo) values (?, 1, ?, ?, ?, ?, 'm')", rows
    )
    connection.executemany("insert into cases (caseid, name) values (?, ?)", [(1, "P 01"), (2, "P 02")])
    line = text.index("\n")
    spans = [(1, 0, at(line)), (2, at(line + 1), at(len(text)))]
    connection.executemany("insert into case_text (caseid, fid, pos0, pos1) values (?, 1, ?, ?)", spans)
    told = [("Specialty", "case", "Surgery", 1), ("Ward", "file", "North", 1)]
    connection.executemany("insert into attribute (name, attr_type, value, id) values (?, ?, ?, ?)", told)
    connection.execute("insert into code_image values (1, 1, 1)")
    connection.commit()
    connection.close()
    return project
