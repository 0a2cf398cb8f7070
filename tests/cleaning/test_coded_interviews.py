"""Interviews as coding programs write them: the same segments, participants and themes, whatever the program."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from braid.checking import check
from braid.cleaning import CodedInterviews, read_interviews
from braid.cleaning.interviews import read_interviewees
from braid.errors import UserError
from braid.qualitative import prevalence, select
from braid.study import Cohort, open_cohort

from tests.intake.coded import qualcoder_files
from tests.intake.coded.refi_files import CODED, MINUTE, TEXT, project, selection, selections, source, write
from tests.project_copy import REPOSITORY, copy_project

TAGUETTE = REPOSITORY / "tests" / "intake" / "coded" / "taguette"
STUDY = """
title: A small study
authors: [{name: A. Author}]
question: What hinders?
design: Focus groups.
programme: {name: P, participants: staff, description: One day.}
coding:
  groups: {surgical: Surgery, children: Paediatrics}
  themes:
    helps: {label: Helps, themes: {peers: {label: Peers}, food: {label: Food}}}
    barriers:
      label: Barriers
      themes:
        noise: {label: Noise, attributes: {phase: early}}
        time: {label: Lack of time, codes: [Time]}
"""


def make(root: Path, interviews: str, study: str = STUDY) -> Cohort:
    (root / "analysis").mkdir(exist_ok=True)
    (root / "_quarto.yml").touch()
    (root / "analysis" / "study.yml").write_text(study, encoding="utf-8")
    folder = root / "data_raw" / "c"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cohort.yml").write_text(f"title: A cohort\ninterviews: {interviews}\n", encoding="utf-8")
    return open_cohort("c", root)


def read(cohort: Cohort) -> CodedInterviews:
    found = read_interviews(cohort)
    assert found is not None
    return found


def folder(root: Path) -> Path:
    path = root / "data_raw" / "c"
    path.mkdir(parents=True, exist_ok=True)
    return path


def with_project(root: Path, xml: str, text: str = TEXT) -> None:
    write(folder(root), xml, {"Sources/t1.txt": text})


def people(found: CodedInterviews) -> list[list[str]]:
    return found.interviewees.to_numpy().tolist()


# The demonstration cohort, taken through REFI-QDA as NVivo for Windows writes it


def demo_as_refi(root: Path) -> Cohort:
    """The demo cohort with its segments in a project: CRLF, a byte order mark, offsets in units of UTF-16."""
    copy_project(root, "demo")
    raw = root / "data_raw" / "demo"
    texts = {path.stem: path.read_bytes().decode() for path in sorted((raw / "transcripts").glob("*.txt"))}
    with (raw / "segments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    paths = dict.fromkeys(tuple(row["code_path"].split(" > ")) for row in rows)
    tree: dict[str, list[str]] = {}
    for parent, name in paths:
        tree.setdefault(parent, []).append(name)
    codes = "".join(
        f'<Code guid="{parent}" name="{parent}">'
        + "".join(f'<Code guid="{name}" name="{name}"/>' for name in names)
        + "</Code>"
        for parent, names in tree.items()
    )
    sources, files = "", {}
    for place, (name, text) in enumerate(texts.items()):
        stored = text.replace("\n", "\r\n")
        files[f"sources/{place}.txt"] = ("\ufeff" + stored).encode()
        inside = ""
        for number, row in enumerate(row for row in rows if row["source"] == name):
            coder = {"Coder A": "u1", "Coder B": "u2"}[row["coder"]]
            words = text[int(row["start"]) : int(row["end"])]
            inside += selection(words, row["code_path"].split(" > ")[1], coder, stored, number=number, utf16=True)
        sources += source(inside, name=name, path=f"internal://{place}.txt")
    write(raw, project(sources, codes=codes, origin="NVivo for Windows 14"), files)
    content = yaml.safe_load((raw / "cohort.yml").read_text(encoding="utf-8"))
    content["interviews"] = {
        "project": "coding.qdpx",
        "participants": "focus_groups.csv",
        "quotes": "quotes.csv",
        "consensus": "consensus.csv",
    }
    (raw / "cohort.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return open_cohort("demo", root)


def test_the_demo_read_from_refi_qda_is_the_demo(tmp_path: Path) -> None:
    expected = read(open_cohort("demo", REPOSITORY))
    found = read(demo_as_refi(tmp_path))
    columns = ["source", "participant", "group", "coder", "theme", "start", "end", "quote"]
    left, right = (one.segments[columns].sort_values(columns).reset_index(drop=True) for one in (found, expected))
    pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(found.interviewees, expected.interviewees)
    assert found.transcripts == expected.transcripts
    assert check(open_cohort("demo", tmp_path)).errors == ()


# Who speaks


def test_speakers_are_found_by_their_turns_and_nobody_else_is_counted(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    found = read(make(tmp_path, "{project: coding.qdpx}"))
    by_words = dict(zip(found.segments["quote"], found.segments["participant"], strict=True))
    assert by_words[CODED[0][0]] == "FGD_1_Speaker_1"
    assert by_words[CODED[3][0]] == "FGD_1_Speaker_1"
    assert "FGD_1_Moderator" not in found.interviewees["participant"].tolist()


def test_cases_tell_who_took_part_and_the_group(tmp_path: Path) -> None:
    rest = """<Variables><Variable guid="v" name="Specialty"/><Variable guid="w" name="Ward"/></Variables><Cases>
     <Case name="P 01"><VariableValue><VariableRef targetGUID="v"/><TextValue>Surgery</TextValue></VariableValue>
      <VariableValue><VariableRef targetGUID="w"/><TextValue>North</TextValue></VariableValue>
      <SelectionRef targetGUID="S0"/></Case>
     <Case name="P 02"><VariableValue><VariableRef targetGUID="v"/><TextValue>paediatrics</TextValue></VariableValue>
      <SelectionRef targetGUID="S2"/></Case></Cases>"""
    with_project(tmp_path, project(source(selections(TEXT)), rest=rest))
    found = read(make(tmp_path, "{project: coding.qdpx, group: Specialty, site: Ward}"))
    assert people(found) == [["P 01", "surgical", "North", ""], ["P 02", "children", "", ""]]
    assert found.segments[["participant", "group", "site"]].to_numpy().tolist() == [
        ["P 01", "surgical", "North"],
        ["", "", ""],
        ["P 02", "children", ""],
        ["", "", ""],
    ]
    assert "2 segments without a known participant count as mentions only" in str(found.notes)


def test_turns_count_before_cases_where_the_study_says_so(tmp_path: Path) -> None:
    rest = '<Cases><Case name="P 01"><SelectionRef targetGUID="S0"/></Case></Cases>'
    with_project(tmp_path, project(source(selections(TEXT)), rest=rest))
    found = read(make(tmp_path, "{project: coding.qdpx, participant: speaker}"))
    assert [row[0] for row in people(found)] == ["FGD_1_Speaker_1", "FGD_1_Speaker_2"]


def test_words_for_groups_are_translated(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    (folder(tmp_path) / "who.csv").write_text(
        "participant,Fach,Ort,Zeit\nFGD_1_Speaker_1,Chirurgie,Nord,1\nFGD_1_Speaker_2,Kinder,Nord,1\nFGD_1_Speaker_9,,,\n",
        encoding="utf-8",
    )
    words = "{column: Fach, values: {Chirurgie: surgical, Kinder: children}}"
    cohort = make(
        tmp_path, f"{{project: coding.qdpx, participants: who.csv, group: {words}, site: Ort, occasion: Zeit}}"
    )
    found = read(cohort)
    assert people(found) == [
        ["FGD_1_Speaker_1", "surgical", "Nord", "1"],
        ["FGD_1_Speaker_2", "children", "Nord", "1"],
        ["FGD_1_Speaker_9", "", "", ""],
    ]
    assert set(found.segments["occasion"]) == {"1"}
    assert read_interviewees(cohort).equals(found.interviewees)


def test_names_tell_site_and_occasion_where_the_study_says_how(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    found = read(make(tmp_path, '{project: coding.qdpx, ids: "{site}_{occasion}_Speaker_{person}"}'))
    assert people(found) == [["FGD_1_Speaker_1", "", "FGD", "1"], ["FGD_1_Speaker_2", "", "FGD", "1"]]


def test_without_turns_and_cases_each_source_is_one_participant_and_it_is_said(tmp_path: Path) -> None:
    text = "There is never a quiet minute 😀."
    with_project(tmp_path, project(source(selection(MINUTE, "time", "u1", text), name="P 01")), text)
    found = read(make(tmp_path, "{project: coding.qdpx}"))
    assert people(found) == [["P 01", "", "", ""]]
    assert "nothing says who speaks, so that each source counts as one participant" in str(found.notes)


# Codes and themes


def test_themes_take_codes_by_label_or_as_the_study_lists_them(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    found = read(make(tmp_path, "{project: coding.qdpx}"))
    assert found.segments["theme"].tolist() == ["barriers.time", "barriers.noise", "helps.peers", "barriers.time"]
    assert found.segments["code"].tolist()[0] == "Barriers > Time"
    assert found.unused_codes() == ("Helps > Food",)
    cohort = open_cohort("c", tmp_path)
    assert cohort.study.coding is not None
    assert found.unused_themes(cohort.study.coding) == ("helps.food",)
    assert list(cohort.study.coding.paths()) == [
        "helps",
        "helps.peers",
        "helps.food",
        "barriers",
        "barriers.noise",
        "barriers.time",
    ], "in the order the team gave"


@pytest.mark.parametrize(
    ("listed", "theme"),
    [("Barriers > Time", "barriers.time"), ("time", "barriers.time"), ("Barriers", "barriers.time")],
)
def test_codes_below_a_listed_code_go_with_it(tmp_path: Path, listed: str, theme: str) -> None:
    codes = (
        '<Code guid="b" name="Barriers"><Code guid="t" name="Time"><Code guid="time" name="At night"/></Code></Code>'
    )
    with_project(tmp_path, project(source(selection(MINUTE, "time", "u1", TEXT)), codes=codes))
    found = read(make(tmp_path, "{project: coding.qdpx}", STUDY.replace("codes: [Time]", f'codes: ["{listed}"]')))
    assert found.segments["theme"].tolist() == [theme]


def test_a_code_that_no_theme_takes_is_told_with_a_guess_and_two_ways_out(tmp_path: Path) -> None:
    codes = '<Code guid="time" name="Barriers"><Code guid="x" name="Nois"/></Code>'
    with_project(tmp_path, project(source(selection(MINUTE, "x", "u1", TEXT)), codes=codes))
    cohort = make(tmp_path, "{project: coding.qdpx}")
    found = check(cohort)
    assert [(error.rule, error.value, error.file) for error in found.errors] == [
        ("this code is not in the codebook", "'Barriers > Nois'", "data_raw/c/coding.qdpx")
    ]
    assert "did you mean Barriers > Noise?" in str(found.errors[0].todo)
    assert "`coding.ignore`" in str(found.errors[0].todo)
    ignoring = make(tmp_path, "{project: coding.qdpx}", STUDY.replace("coding:", "coding:\n  ignore: [Nois]"))
    assert read(ignoring).segments.empty
    assert "1 segment of codes that the study ignores left out: Barriers > Nois" in str(read(ignoring).notes)


def test_a_theme_renamed_in_a_table_of_segments_is_told_with_its_row_and_a_guess(tmp_path: Path) -> None:
    head = "source,participant,group,coder,code_path,start,end,quote,memo\n"
    table = f"{head}FGD_1,P1,,A,Barriers > Time,1,2,x,\nFGD_1,P1,,A,Barriers > Nois,1,2,x,\n"
    cohort = make(tmp_path, "{segments: segments.csv, participants: people.csv}")
    (folder(tmp_path) / "segments.csv").write_text(table, encoding="utf-8")
    (folder(tmp_path) / "people.csv").write_text("participant,group\nP1,surgical\n", encoding="utf-8")
    (error,) = [error for error in check(cohort).errors if "codebook" in error.rule]
    assert (error.file, error.row, error.column) == ("data_raw/c/segments.csv", 3, "code_path")
    assert error.value == "'Barriers > Nois'"
    assert "did you mean Barriers > Noise?" in str(error.todo)


def test_words_that_are_not_known_are_never_quoted(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT), path="internal://gone.txt")))
    (folder(tmp_path) / "quotes.csv").write_text(
        "source,start,end,approved,approved_by,reason\nFGD_1,65,97,yes,Researcher C,\n", encoding="utf-8"
    )
    study = STUDY.replace("groups: {surgical: Surgery, children: Paediatrics}", "groups: {}")
    cohort = make(tmp_path, "{project: coding.qdpx, participant: source, quotes: quotes.csv}", study)
    found = read(cohort)
    chosen = select(found.segments, found.quotes, found.interviewees, cohort="c", coding=cohort.study.coding)
    assert chosen.quotes == ()
    assert [blocked.reason for blocked in chosen.blocked] == [
        "its words are not known: its source has no text, or its offsets fit none"
    ]
    assert prevalence(found.segments, found.interviewees, cohort.study.coding)[-1].k == 1  # type: ignore[arg-type]


# Several files, other programs


def test_one_taguette_project_for_each_coder(tmp_path: Path) -> None:
    for file in ("anna.sqlite3", "bert.sqlite3"):
        shutil.copy(TAGUETTE / file, folder(tmp_path))
    study = STUDY.replace("codes: [Time]", "codes: [Barriers > Time]").replace(
        "coding:", 'coding:\n  ignore: ["e.g. unclear"]'
    )
    files = "[{file: anna.sqlite3, coder: Coder A}, {file: bert.sqlite3, coder: Coder B}]"
    found = read(make(tmp_path, f"{{project: {files}}}", study))
    assert found.segments["coder"].value_counts().to_dict() == {"Coder A": 7, "Coder B": 2}
    first = found.segments[found.segments["quote"] == "There is never a quiet minute."]
    assert first[["coder", "participant", "theme"]].to_numpy().tolist() == [
        ["Coder A", "FGD_1_Speaker_1", "barriers.time"],
        ["Coder B", "FGD_1_Speaker_1", "barriers.time"],
    ]
    assert len(found.interviewees) == 5
    assert check(open_cohort("c", tmp_path)).errors == ()
    with pytest.raises(UserError, match="several files were coded, and it is not said by whom each"):
        read(make(tmp_path, "{project: [anna.sqlite3, bert.sqlite3]}", study))


def test_a_table_of_highlights_finds_its_places_in_the_transcripts(tmp_path: Path) -> None:
    transcripts = folder(tmp_path) / "transcripts"
    transcripts.mkdir()
    whole = read_texts()
    for name, text in whole.items():
        (transcripts / f"{name}.txt").write_text(text, encoding="utf-8")
    shutil.copy(TAGUETTE / "anna-highlights.csv", folder(tmp_path))
    shutil.copy(TAGUETTE / "codebook.csv", folder(tmp_path))
    cohort = make(tmp_path, "{project: [anna-highlights.csv, codebook.csv], transcripts: transcripts}")
    found = read(cohort)
    assert found.segments["start"].notna().all()
    for row in found.segments.to_dict("records"):
        assert whole[row["source"]][row["start"] : row["end"]] == row["quote"]
    assert "My colleagues cover for me, always, when it gets hard." in set(found.segments["quote"])
    assert found.segments["participant"].ne("").all()
    assert found.unused_codes() == ("Helps > Food", "e.g. unclear")


def read_texts() -> dict[str, str]:
    from braid.intake.coded import read_project

    return dict(read_project(TAGUETTE / "anna.sqlite3", "anna.sqlite3").texts)


def test_words_that_stand_nowhere_or_twice_have_no_place_and_it_is_said(tmp_path: Path) -> None:
    (folder(tmp_path) / "transcripts").mkdir()
    text = "A_1: It is loud. It is loud.\nA_2: Yes.\nA_1: So it is.\n"
    (folder(tmp_path) / "transcripts" / "A.txt").write_text(text, encoding="utf-8")
    (folder(tmp_path) / "h.csv").write_text(
        "id,document,tag,content\n1,A,Noise,It is loud.\n2,A,Noise,Never said.\n3,A,Noise,Yes.\n", encoding="utf-8"
    )
    study = STUDY.replace("label: Noise", "label: Noise, codes: [Noise]")
    found = read(make(tmp_path, "{project: h.csv, transcripts: transcripts}", study))
    assert found.segments["start"].isna().tolist() == [True, True, False]
    assert "stand more than once in the transcripts of A" in str(found.notes)
    assert "stand nowhere in the transcripts of A" in str(found.notes)
    assert found.transcripts == {}


def test_a_qualcoder_project_is_a_folder(tmp_path: Path) -> None:
    qualcoder_files.write(folder(tmp_path))
    study = STUDY.replace("codes: [Time]", "codes: [Work]").replace("{label: Peers}", "{label: Peers, codes: [Peers]}")
    found = read(make(tmp_path, "{project: ward.qda, site: Ward}", study))
    assert found.segments[["participant", "site", "theme"]].to_numpy().tolist() == [
        ["P 01", "North", "barriers.time"],
        ["P 02", "North", "helps.peers"],
    ]


def test_another_text_under_the_same_name_is_told(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    (folder(tmp_path) / "coding.qdpx").rename(folder(tmp_path) / "other.qdpx")
    other = TEXT + "FGD_1_Speaker_1: More.\n"
    with_project(tmp_path, project(source(selections(other))), other)
    files = "[{file: coding.qdpx, coder: A}, {file: other.qdpx, coder: B}]"
    with pytest.raises(UserError, match="two files hold another text under the same name"):
        read(make(tmp_path, f"{{project: {files}}}"))


# cohort.yml


@pytest.mark.parametrize(
    ("interviews", "said"),
    [
        ("{}", "name either `segments`, a table, or `project`"),
        ("{segments: a.csv, project: b.qdpx, participants: c.csv}", "name either `segments`, a table, or `project`"),
        ("{segments: a.csv}", "`participants` is missing"),
        ("{project: a.qdpx, columns: {sorce: x}}", "interviews.columns"),
        ("{project: a.qdpx, ids: FGD_1}", "interviews.ids"),
        ("{project: ../a.qdpx}", "interviews.project"),
    ],
)
def test_what_cohort_yml_says_wrongly_is_told(tmp_path: Path, interviews: str, said: str) -> None:
    with pytest.raises(UserError) as told:
        make(tmp_path, interviews)
    assert said in str(told.value)


def test_a_variable_that_is_not_there_is_told(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    with pytest.raises(UserError, match=r"no column or variable .* has the name that `site` gives"):
        read(make(tmp_path, "{project: coding.qdpx, site: Ward}"))


def test_deviant_cases_and_edited_words_reach_the_quotes(tmp_path: Path) -> None:
    with_project(tmp_path, project(source(selections(TEXT))))
    (folder(tmp_path) / "quotes.csv").write_text(
        "source,start,end,approved,approved_by,reason,deviant,edited_text\n"
        "FGD_1,65,97,yes,Researcher C,,yes,There is never [...] 😀.\nFGD_1,98,122,no,Researcher C,,,\n",
        encoding="utf-8",
    )
    quotes = read(make(tmp_path, "{project: coding.qdpx, quotes: quotes.csv}")).quotes
    assert quotes is not None
    assert quotes["deviant"].tolist() == [True, False]
    assert quotes["edited_text"].tolist() == ["There is never [...] 😀.", ""]
