"""REFI-QDA: the rules of the readers, each seen in files of a real program."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.intake.coded import CodedProject, read_project

from tests.intake.coded.refi_files import (
    CODED,
    COVER,
    MINUTE,
    NIGHTS,
    PHONES,
    TEXT,
    project,
    selection,
    selections,
    source,
    write,
)


def read(
    folder: Path, xml: str, stored: str | bytes = TEXT, *, file: str = "Sources/t1.txt", **how: bool
) -> CodedProject:
    content = stored.encode() if isinstance(stored, str) else stored
    return read_project(write(folder, xml, {file: content}), "coding.qdpx", **how)


def test_codes_segments_and_coders_of_a_project(tmp_path: Path) -> None:
    found = read(tmp_path, project(source(selections(TEXT))))
    assert [(code.label, code.description, code.codable) for code in found.codes] == [
        ("Barriers", "What hinders", False),
        ("Barriers > Time", "Too little of it", True),
        ("Barriers > Noise", "", True),
        ("Helps", "", True),
        ("Helps > Peers", "", True),
        ("Helps > Food", "", True),
    ]
    assert found.segments["quote"].tolist() == [words for words, *_ in CODED]
    assert found.segments["code_path"].tolist() == [
        "Barriers > Time",
        "Barriers > Noise",
        "Helps > Peers",
        "Barriers > Time",
    ]
    assert found.segments["coder"].tolist() == ["Coder A", "Coder A", "Coder A", "Coder B"]
    assert found.texts == {"FGD_1": TEXT}
    for row in found.segments.to_dict("records"):
        assert TEXT[row["start"] : row["end"]] == row["quote"]


def test_neither_names_of_users_nor_folders_reach_anything(tmp_path: Path) -> None:
    found = read(tmp_path, project(source(selections(TEXT))))
    assert not [word for word in ("Anna", "Schmidt", "anna.schmidt", "Bert") if word in f"{found}{found.segments}"]


def test_coders_keep_their_names_where_the_study_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, project(source(selections(TEXT))), names=True)
    assert set(found.segments["coder"]) == {"Anna Schmidt", "Bert Vogel"}


@pytest.mark.parametrize(
    ("namespace", "qde", "file", "path"),
    [
        ("urn:QDA-XML:project:1.5", "Project.qde", "sources/t1.txt", "internal://t1.txt"),
        ("urn:QDA-XML:project:0:4", "My ward.qde", "SOURCES/T1.TXT", "t1.txt"),
        ("", "project.QDE", "Sources/deep/t1.txt", "internal://Sources/t1.txt"),
    ],
)
def test_every_dialect_says_the_same(tmp_path: Path, namespace: str, qde: str, file: str, path: str) -> None:
    xml = project(source(selections(TEXT), path=path), namespace=namespace)
    found = read_project(write(tmp_path, xml, {file: TEXT}, qde=qde), "coding.qdpx")
    assert found.segments["quote"].tolist() == [words for words, *_ in CODED]


def test_text_may_stand_inside_of_the_xml_and_the_xml_alone(tmp_path: Path) -> None:
    inside = source(selections(TEXT) + f"<PlainTextContent>{TEXT}</PlainTextContent>", path="")
    (tmp_path / "p.qde").write_text(project(inside), encoding="utf-8")
    found = read_project(tmp_path / "p.qde", "p.qde")
    assert found.segments["quote"].tolist() == [words for words, *_ in CODED]


DIALECTS = {
    "code points, LF": (TEXT, False, False, ""),
    "UTF-16, LF": (TEXT, True, False, ""),
    "UTF-16, CRLF, as NVivo for Windows": (TEXT.replace("\n", "\r\n"), True, False, "\ufeff"),
    "code points, CRLF, byte order mark counted": (TEXT.replace("\n", "\r\n"), False, True, "\ufeff"),
    "UTF-16, byte order mark counted": (TEXT, True, True, "\ufeff"),
}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_offsets_are_found_out_by_words_or_by_ends_of_words(tmp_path: Path, dialect: str, named: bool) -> None:
    stored, utf16, mark, start = DIALECTS[dialect]
    xml = project(source(selections(stored, named=named, utf16=utf16, mark=mark)))
    found = read(tmp_path, xml, (start + stored).encode())
    assert found.segments["quote"].tolist() == [words for words, *_ in CODED], found.reading
    assert found.texts["FGD_1"] == TEXT
    assert not found.untrusted
    assert ("texts are exact" in found.reading) == named


def test_offsets_into_a_text_whose_line_ends_were_changed_later(tmp_path: Path) -> None:
    xml = project(source(selections(TEXT.replace("\n", "\r\n"), named=True)))
    assert read(tmp_path, xml, TEXT).segments["quote"].tolist() == [words for words, *_ in CODED]


def test_a_text_in_utf16_or_windows_1252_is_read(tmp_path: Path) -> None:
    wide = read(tmp_path, project(source(selections(TEXT))), TEXT.encode("utf-16"))
    assert wide.texts["FGD_1"] == TEXT
    text = "A café at four, and a tea at five."
    old = read(tmp_path, project(source(selection("A café at four", "time", "u1", text))), text.encode("cp1252"))
    assert old.segments["quote"].tolist() == ["A café at four"]
    assert any("Windows-1252" in note for note in old.notes)


def test_offsets_that_fit_nothing_count_and_are_never_quoted(tmp_path: Path) -> None:
    wrong = "".join(
        f'<PlainTextSelection guid="s{n}" startPosition="{52 + 5 * n}" endPosition="{62 + 5 * n}">'
        f'<Coding><CodeRef targetGUID="time"/></Coding></PlainTextSelection>'
        for n in range(8)
    ).replace('"52"', '"50"')
    text = "abcdefghijklmnopqrstuvwxyz" * 8
    found = read(tmp_path, project(source(wrong)), text)
    assert found.untrusted == {"FGD_1"}
    assert found.segments["quote"].eq("").all()
    assert len(found.segments) == 8
    assert "FGD_1" not in found.texts
    assert any("the offsets of FGD_1 fit no way of counting characters (best: " in note for note in found.notes)


def test_a_selection_repeated_for_each_code_is_one_segment_and_said_once(tmp_path: Path) -> None:
    twice = [
        selection(MINUTE, "time", "u1", TEXT, number=1),
        selection(MINUTE, "noise", "u1", TEXT, number=2),
        selection(MINUTE, "time", "u1", TEXT, number=3),
        selection(MINUTE, "time", "u2", TEXT, number=4),
    ]
    found = read(tmp_path, project(source("".join(twice))))
    rows = list(zip(found.segments["code_path"], found.segments["coder"], strict=True))
    assert rows == [("Barriers > Time", "Coder A"), ("Barriers > Noise", "Coder A"), ("Barriers > Time", "Coder B")]
    assert "1 selection of the same words, coder and code merged" in found.notes


def test_line_ends_behind_a_selection_are_no_part_of_it(tmp_path: Path) -> None:
    found = read(tmp_path, project(source(selection(f"{PHONES}\n", "noise", "u1", TEXT))))
    assert found.segments["quote"].tolist() == [PHONES]


def test_annotations_and_codings_of_unknown_codes_are_counted_and_left_out(tmp_path: Path) -> None:
    inside = selection(MINUTE, "", "u1", TEXT, number=1) + selection(PHONES, "nowhere", "u1", TEXT, number=2)
    found = read(tmp_path, project(source(inside + selection(NIGHTS, "time", "u1", TEXT, number=3))))
    assert found.segments["quote"].tolist() == [NIGHTS]
    assert "1 coding with a code that the codebook does not have left out" in found.notes
    assert any(note.startswith("2 annotations without a code ignored") for note in found.notes)


CASES = """
<Variables><Variable guid="{V1}" name="Specialty"/><Variable guid="V2" name="Years"/>
 <Variable guid="V3" name="Ward"/></Variables>
<Cases>
 <Case guid="K1" name="P 01"><VariableValue><VariableRef targetGUID="v1"/><TextValue>Surgery</TextValue></VariableValue>
  <VariableValue><VariableRef targetGUID="V2"/><IntegerValue>3</IntegerValue></VariableValue>
  <SelectionRef targetGUID="S0"/><SelectionRef targetGUID="A9"/></Case>
 <Case guid="K2" name="P 02">
  <VariableValue><VariableRef targetGUID="{v1}"/><TextValue>Paediatrics</TextValue></VariableValue>
  <SelectionRef targetGUID="{s2}"/></Case>
 <Case guid="K3" name="P 03"/>
</Cases>"""


def test_cases_tell_whose_words_they_are_and_variables_what_is_known(tmp_path: Path) -> None:
    around = selection(f"{MINUTE} {PHONES}", "", "u1", TEXT).replace('guid="S0"', 'guid="A9"')
    ward = '<VariableValue><VariableRef targetGUID="V3"/><TextValue>North</TextValue></VariableValue>'
    found = read(tmp_path, project(source(selections(TEXT) + around, more=ward), rest=CASES))
    assert found.segments["participant"].tolist() == ["P 01", "P 01", "P 02", ""]
    assert found.participants.to_dict("list") == {
        "participant": ["P 01", "P 02", "P 03"],
        "Specialty": ["Surgery", "Paediatrics", ""],
        "Years": ["3", "", ""],
    }
    assert found.sources.to_dict("list") == {"source": ["FGD_1"], "Ward": ["North"]}


def test_a_case_of_a_whole_source_speaks_in_it_unless_several_do(tmp_path: Path) -> None:
    one = '<Cases><Case name="P 07"><SourceRef targetGUID="t1"/></Case></Cases>'
    assert set(read(tmp_path, project(source(selections(TEXT)), rest=one)).segments["participant"]) == {"P 07"}
    two = one.replace("</Cases>", '<Case name="P 08"><SourceRef targetGUID="t1"/></Case></Cases>')
    found = read(tmp_path, project(source(selections(TEXT)), rest=two))
    assert set(found.segments["participant"]) == {""}
    assert found.participants["participant"].tolist() == ["P 07", "P 08"]


NVIVO = """
<Code guid="CASES" name="Cases" isCodable="false"><Code guid="K1" name="Anna"/><Code guid="K2" name="Bert"/></Code>
<Code guid="TIME" name="Time"/><Code guid="NOISE" name="Noise"/><Code guid="PEERS" name="Peers"/>"""


@pytest.mark.parametrize("reference", ["", '<CodeRef targetGUID="{k1}"/>'], ids=["the same id", "named by the case"])
def test_a_code_that_is_a_case_tells_whose_words_they_are_and_is_no_theme(tmp_path: Path, reference: str) -> None:
    spoken = selection(f"{MINUTE} {PHONES}", "K1", "u1", TEXT, number=7) + selection(COVER, "K2", "u1", TEXT, number=8)
    own = "K9" if reference else "K1"
    rest = f'<Cases><Case guid="{own}" name="Anna">{reference}</Case><Case guid="{{K2}}" name="Bert"/></Cases>'
    found = read(tmp_path, project(source(selections(TEXT) + spoken), codes=NVIVO, rest=rest))
    assert found.segments[["code_path", "participant"]].to_numpy().tolist() == [
        ["Time", "Anna"],
        ["Noise", "Anna"],
        ["Peers", "Bert"],
        ["Time", ""],
    ]
    assert [code.label for code in found.codes] == ["Time", "Noise", "Peers"]
    assert "2 codings with the name of a case taken for whose words they are" in found.notes


def test_a_case_that_names_a_theme_leaves_it_a_theme(tmp_path: Path) -> None:
    rest = '<Cases><Case guid="K1" name="Anna"><CodeRef targetGUID="time"/></Case></Cases>'
    found = read(tmp_path, project(source(selections(TEXT)), rest=rest))
    assert len(found.segments) == 4
    assert "Barriers > Time" in [code.label for code in found.codes]


def test_a_case_without_a_name_is_what_is_known_of_a_source(tmp_path: Path) -> None:
    rest = CASES.replace(' name="P 01"', "").replace("<SelectionRef", '<SourceRef targetGUID="T1"/><SelectionRef', 1)
    found = read(tmp_path, project(source(selections(TEXT)), rest=rest))
    assert found.participants["participant"].tolist() == ["P 02", "P 03"]
    assert found.sources.to_dict("list") == {"source": ["FGD_1"], "Specialty": ["Surgery"], "Years": ["3"]}
    assert found.segments["participant"].tolist() == ["", "", "P 02", ""]


def test_a_missing_text_is_told_and_its_codes_count(tmp_path: Path) -> None:
    found = read(tmp_path, project(source(selections(TEXT))), file="Sources/other.txt")
    assert len(found.segments) == 4
    assert found.segments["quote"].eq("").all()
    assert any(note.startswith("the text of 1 source is not in the file: FGD_1; codes in them") for note in found.notes)


def test_a_project_with_codes_and_no_codings_is_a_codebook(tmp_path: Path) -> None:
    found = read(tmp_path, project(""))
    assert (len(found.codes), len(found.segments)) == (6, 0)
    assert "no segment is coded: only the codebook can be used" in found.notes


def test_codes_on_pages_and_pictures_count_and_have_no_words(tmp_path: Path) -> None:
    pdf = """<PDFSource guid="P" name="Leaflet.pdf"><PDFSelection guid="p1" page="1">
     <Coding creatingUser="u1"><CodeRef targetGUID="time"/></Coding></PDFSelection>
     <PDFSelection guid="p2" page="2"><Coding creatingUser="u1"><CodeRef targetGUID="time"/></Coding></PDFSelection>
     <PDFSelection guid="p3"><Representation><PlainTextContent>Nights are short</PlainTextContent></Representation>
     <Coding creatingUser="u1"><CodeRef targetGUID="time"/></Coding></PDFSelection>
     <Representation guid="R" plainTextPath="internal://t1.txt">{}</Representation></PDFSource>"""
    found = read(tmp_path, project(pdf.format(selection(COVER, "peers", "u1", TEXT))))
    assert found.segments["quote"].tolist() == [COVER, "", "", "Nights are short"]
    assert "2 coded selections of pictures, pages, sound or film count, and cannot be quoted" in found.notes


def test_a_transcript_of_sound_is_coded_between_its_marks_of_time(tmp_path: Path) -> None:
    start = TEXT.index(PHONES)
    sound = f"""<AudioSource guid="A" name="Tape"><Transcript guid="TR" plainTextPath="internal://t1.txt">
     <SyncPoint guid="m1" timeStamp="0" position="{start}"/>
     <SyncPoint guid="m2" timeStamp="9" position="{start + len(PHONES)}"/>
     <TranscriptSelection guid="x" fromSyncPoint="M1" toSyncPoint="m2"><Coding><CodeRef targetGUID="noise"/></Coding>
     </TranscriptSelection></Transcript></AudioSource>"""
    found = read(tmp_path, project(sound, origin="other"))
    assert found.segments[["source", "quote"]].to_numpy().tolist() == [["Tape", PHONES]]


def test_two_sources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    other = source(selection(NIGHTS, "time", "u1", TEXT)).replace('"T1"', '"T2"')
    found = read(tmp_path, project(source(selections(TEXT)) + other))
    assert sorted(set(found.segments["source"])) == ["FGD_1", "FGD_1 (2)"]


def test_a_set_is_known_of_its_sources(tmp_path: Path) -> None:
    rest = '<Sets><Set guid="X" name="North ward"><MemberSource targetGUID="t1"/></Set></Sets>'
    found = read(tmp_path, project(source(selections(TEXT)), rest=rest))
    assert found.sources.to_dict("list") == {"source": ["FGD_1"], "Set": ["North ward"]}


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4", ""])
def test_a_codebook_alone_is_read(tmp_path: Path, namespace: str) -> None:
    from tests.intake.coded.refi_files import CODES

    xml = f'<CodeBook xmlns="{namespace}" origin="NVivo 12"><Codes>{CODES}</Codes><Sets/></CodeBook>'
    (tmp_path / "b.qdc").write_text(xml, encoding="utf-8")
    found = read_project(tmp_path / "b.qdc", "b.qdc")
    assert [code.label for code in found.codes][:3] == ["Barriers", "Barriers > Time", "Barriers > Noise"]
    assert found.segments.empty


def test_a_name_with_the_sign_that_parts_names_stays_one_name(tmp_path: Path) -> None:
    codes = '<Code guid="time" name="Work > home"/>'
    found = read(tmp_path, project(source(selection(MINUTE, "time", "u1", TEXT)), codes=codes))
    assert found.segments["code_path"].tolist() == ["Work › home"]
