"""Tables of coded segments: of MAXQDA in two languages, NVivo and QualCoder, by any column, and the canonical one."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from braid.errors import UserError
from braid.intake.coded import CodedProject, read_project

MAXQDA = {
    "en": [
        "Document group",
        "Document name",
        "Code",
        "Beginning",
        "End",
        "Weight score",
        "Segment",
        "Comment",
        "Modified by",
    ],
    "de": [
        "Dokumentgruppe",
        "Dokumentname",
        "Code",
        "Anfang",
        "Ende",
        "Gewicht",
        "Segment",
        "Kommentar",
        "Bearbeitet von",
    ],
}
ROWS = [
    ["Surgery", "FGD_1", "Barriers > Time", "2", "2", "0", "There is never a quiet minute.", "short", "ab"],
    ["Surgery", "FGD_1", "Helps\\Peers", "3", "3", "0", "My colleagues cover for me.", "", "ab"],
    ["Paediatrics", "FGD_2", "Barriers > Time", "1", "1", "0", "Nights are short.", "", "cd"],
    ["Paediatrics", "FGD_2", "", "1", "1", "0", "Nothing coded.", "", "cd"],
]


def workbook(folder: Path, header: list[str], rows: list[list[str]] = ROWS) -> Path:
    path = folder / "coded.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Segments")
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return path


def read(path: Path, columns: dict[str, str | list[str]] | None = None) -> CodedProject:
    return read_project(path, path.name, columns=columns)


@pytest.mark.parametrize("language", MAXQDA)
def test_segments_of_maxqda_are_known_by_their_headers(tmp_path: Path, language: str) -> None:
    found = read(workbook(tmp_path, MAXQDA[language]))
    assert found.segments[["source", "code_path", "quote", "coder", "memo"]].to_numpy().tolist() == [
        ["FGD_1", "Barriers > Time", "There is never a quiet minute.", "Coder A", "short"],
        ["FGD_1", "Helps > Peers", "My colleagues cover for me.", "Coder A", ""],
        ["FGD_2", "Barriers > Time", "Nights are short.", "Coder B", ""],
    ]
    assert found.segments["start"].isna().all(), "its Beginning counts paragraphs"
    assert "1 row without a code or a source left out" in found.notes
    assert found.sources.set_index("source")[MAXQDA[language][0]].to_dict() == {
        "FGD_1": "Surgery",
        "FGD_2": "Paediatrics",
    }


def test_any_headers_are_read_as_declared(tmp_path: Path) -> None:
    header = ["Groep", "Bestand", "Thema", "x", "y", "z", "Citaat", "Opmerking", "Wie"]
    columns: dict[str, str | list[str]] = {"source": "Bestand", "code_path": ["Groep", "Thema"], "quote": "Citaat"}
    found = read(workbook(tmp_path, header), {**columns, "coder": "Wie"})
    assert found.segments["code_path"].tolist()[:2] == ["Surgery > Barriers > Time", "Surgery > Helps > Peers"]
    assert found.segments["coder"].tolist() == ["Coder A", "Coder A", "Coder B", "Coder B"]


def test_the_codes_of_nvivo_lose_the_word_before_them(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(
        "File,Node,Coded text\nFGD_1,Nodes\\\\Barriers\\\\Time,There is no time.\n", encoding="utf-8"
    )
    found = read(tmp_path / "n.csv", {"source": "File"})
    assert found.segments["code_path"].tolist() == ["Barriers > Time"]


def test_the_canonical_columns_need_no_word(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "text,source,participant,group,coder,code_path,start,end,quote,memo\n"
        "x,FGD_1,P1,surgical,Coder A,Barriers > Time,3,8,never,\n",
        encoding="utf-8",
    )
    row = read(tmp_path / "s.csv").segments.to_dict("records")[0]
    assert (row["start"], row["end"], row["quote"], row["participant"]) == (3, 8, "never", "P1")


def test_wrong_columns_and_offsets_are_told(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column of this file is known to hold the source") as told:
        read(tmp_path / "s.csv")
    assert "columns: {source: a}" in str(told.value)
    with pytest.raises(UserError, match="the file has no column 'Quelle'"):
        read(tmp_path / "s.csv", {"source": "Quelle", "code_path": "b"})
    (tmp_path / "t.csv").write_text("source,code,start,end position\nF,c,one,2\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"t\.csv: row 2, column start: this is no offset"):
        read(tmp_path / "t.csv")


QUALCODER = (
    '"Case","Filename","Coder","Coded","Id","Codename","Coded_Memo","Category","Category","FileVar_Ward","CaseVar_Specialty"\n'
    '"P 01","FGD_1","anna","There is no time.","ctid:1","Time","m","Barriers","Work","North","Surgery"\n'
    '"P 02","FGD_1","bert","We talk.","ctid:2","Peers","","Helps","","North","Paediatrics"\n'
    '"P 02","FGD_1","bert","image","imid:1","Peers","","Helps","","North","Paediatrics"\n'
)


def test_the_report_of_qualcoder_has_cases_categories_and_variables(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(QUALCODER, encoding="utf-8-sig")
    found = read(tmp_path / "q.csv")
    assert found.segments[["participant", "coder", "code_path", "quote", "memo"]].to_numpy().tolist() == [
        ["P 01", "Coder A", "Work > Barriers > Time", "There is no time.", "m"],
        ["P 02", "Coder B", "Helps > Peers", "We talk.", ""],
        ["P 02", "Coder B", "Helps > Peers", "", ""],
    ]
    assert found.participants.to_dict("list") == {
        "participant": ["P 01", "P 02"],
        "Specialty": ["Surgery", "Paediatrics"],
    }
    assert found.sources.to_dict("list") == {"source": ["FGD_1"], "Ward": ["North"]}
    assert "1 coding of pictures, sound or film count, and cannot be quoted" in found.notes
