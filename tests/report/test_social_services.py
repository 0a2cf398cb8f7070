"""`braid run social-services`: two small groups, attendance and interviews, no questionnaire, as a whole report."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from braid.records import Record

from tests.project_copy import REPOSITORY, Copy, copy_project

from .conftest import empty_tables_or_figures, headings, pdf_text, simulated_again, word_text

pytestmark = pytest.mark.slow
COHORT = "social-services"
FOLDER = REPOSITORY / "data_raw" / COHORT


def test_the_files_hold_the_published_counts() -> None:
    people = pd.read_csv(FOLDER / "participants.csv", dtype=str).set_index("participant")
    held = pd.read_csv(FOLDER / "attendance.csv").set_index("participant")["sessions"]
    group = people["group"]
    assert group.value_counts().to_dict() == {"pedagogical": 19, "social": 17}
    attended = {name: held[group.reindex(held.index) == name] for name in ("pedagogical", "social")}
    assert len(attended["pedagogical"]) == 19 and (attended["pedagogical"] >= 6).all()
    assert len(attended["social"]) == 15
    assert ((attended["social"] == 8).sum(), (attended["social"] < 5).sum()) == (7, 8)
    known = {name: people.loc[group == name, "age"].dropna() for name in attended}
    printed = {
        "pedagogical": {"twenties": 0.0, "thirties": 10.5, "fifties": 26.3, "sixties": 5.3},
        "social": {"twenties": 14.3, "thirties": 21.4, "forties": 50.0, "fifties": 7.1, "sixties": 7.1},
    }
    for name, bands in printed.items():
        for band, percent in bands.items():
            assert round(100 * float((known[name] == band).mean()), 1) == percent
    educated = people.dropna(subset=["education"]).groupby("group")["education"].value_counts(normalize=True)
    assert round(100 * educated["pedagogical", "degree"], 1) == 78.9
    assert round(100 * educated["social", "degree"], 1) == 64.3
    gender = people.loc[group == "social", "gender"].value_counts().to_dict()
    assert gender == {"women": 15, "men": 2}
    assert "printed 51.9" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_report_tells_the_flow_with_reasons_and_attendance_by_group(
    text: str, source: str, records: dict[str, Record]
) -> None:
    assert "36 people were enrolled (19 pedagogical staff and 17 social workers), and 34 started" in text
    flow = re.search(r'id="fig-flow".*?alt="([^"]*)"', source, re.DOTALL)
    assert flow is not None
    assert "Pedagogical staff: Enrolled 19; Started 19; Interviewed 4" in flow[1]
    assert (
        "Social workers: Enrolled 17 (did not go on: 1 changed to another post, 1 fell ill for a long time)" in flow[1]
    )
    assert "Started 15; Interviewed 3" in flow[1]
    assert "Pedagogical staff: all 19 who started attended at least 6 of the 8 sessions" in text
    assert "Social workers: 7 of the 15 who started attended every session and 8 fewer than 5" in text
    assert records["attendance.social.all"].text == "7 of 15 (46.7%)"
    assert records["attendance.social.fewer"].text == "8 of 15 (53.3%)"
    assert records["attendance.pedagogical.atleast6"].text == "19 of 19 (100.0%)"
    assert "40 to 49 11 (57.9%) 7 (50.0%)" in text
    assert "Men 2 (10.5%) 2 (11.8%)" in text


def test_seven_themes_are_told_by_participant_and_compared_between_groups(
    text: str, source: str, records: dict[str, Record]
) -> None:
    themes = {name.removeprefix("theme."): record.text for name, record in records.items() if name.startswith("theme.")}
    assert {path: told for path, told in themes.items() if "." in path} == {
        "acceptability.rhythm": "6 of 7",
        "acceptability.safety": "6 of 7",
        "acceptability.relevance": "6 of 7",
        "acceptability.overload": "3 of 7",
        "use.pausing": "7 of 7",
        "use.gentler": "7 of 7",
        "use.passing": "4 of 7",
    }
    assert "Only social work participants voiced task overload" in text
    assert "Task overload 3 (43%) 10 to 82 0 3" in text
    assert "2 themes with 7 sub-themes" in text
    assert "Fisher" not in text, "groups of four and three are not tested against each other"


def test_researchers_are_compared_and_the_sample_is_judged(text: str, records: dict[str, Record]) -> None:
    settled = pd.read_csv(FOLDER / "consensus.csv")
    assert f"Of {len(settled)} disagreements, all {len(settled)} were settled by consensus" in text
    assert "judged by information power" in text
    assert "Reflexivity" in text
    assert "codes in use" in text


def test_attendance_stands_beside_words_and_no_outcome_is_invented(
    text: str, source: str, records: dict[str, Record]
) -> None:
    assert "Social workers: fewer than 5 sessions 8 of 15 (53.3%)" in text
    assert records["joint.coming"].text == "agreement"
    assert records["joint.used"].text == "silence"
    assert "have to be decided again" not in text and "has to decide again" not in text
    told = headings(source)
    for heading in ("Change", "Satisfaction", "Before the programme", "Statistical analysis"):
        assert not [one for one in told if one.endswith(heading)], heading
    assert not [name for name in records if name.startswith(("change.", "baseline.", "satisfaction."))]
    assert "No adverse event was recorded in 34 people" in text


def test_nobody_can_be_recognised_in_a_quotation(text: str, made: Copy) -> None:
    quoted = re.findall(r"“([^”]*)” \((Participant \d+[^)]*)\)", text)
    assert len(quoted) >= 12
    for words, who in quoted:
        assert re.fullmatch(r"Participant \d+", who), "a group of fewer than five is not named"
        assert "Hill Street" not in words
        assert not re.search(r"\b\d\d\b", words)
    assert "Hill Street" not in text
    assert not re.search(r"\bT0[1-7]\b|\bP0\d\d\b", text)
    for notebook in made.report(COHORT, "notebooks").glob("*.ipynb"):
        assert not re.search(r"\bT0[1-7]\b|Hill Street", notebook.read_text(encoding="utf-8")), notebook.name


def test_nothing_is_empty_and_nothing_is_left_of_the_machine(made: Copy, text: str, source: str) -> None:
    assert empty_tables_or_figures(source) == []
    for word in ("NaN", "nan ", "<NA>", "{{<", "@tbl-", "@fig-", "@sec-", "not found", "??"):
        assert word not in text, word
    for other in (pdf_text(made.report(COHORT, "report.pdf")), word_text(made.report(COHORT, "report.docx"))):
        assert "Sessions attended" in other
        assert "@tbl-" not in other


def test_small_counts_are_hidden_where_the_people_are_real(tmp_path: Path) -> None:
    """The same files, said to be real: no count of one to four people can be read in the table of participants."""
    from braid.presentation.table import Table
    from braid.stages import participant_groups
    from braid.stages.participants import Participants, clean_survey
    from braid.study import open_cohort

    copy = copy_project(tmp_path, COHORT)
    file = copy.root / "data_raw" / COHORT / "cohort.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("synthetic: true", "synthetic: false"), encoding="utf-8")
    cohort = open_cohort(COHORT, copy.root)
    stage = Participants(cohort, clean_survey(cohort), None)
    shown = participant_groups.table(stage)
    assert isinstance(shown, Table)
    cells = [str(cell) for row in shown.rows for cell in getattr(row, "cells", ())[1:]]
    counts = [int(found[1]) for cell in cells if (found := re.match(r"(\d+)", cell))]
    assert counts and not [count for count in counts if 0 < count < 5]
    assert "fewer than 5" in str(shown.notes)
    told = {record.id: record.text for record in participant_groups.records(stage)}
    assert told["attendance.social.all"] == "7 of 15 (46.7%)"


def test_it_is_made_again_from_its_source_files(tmp_path: Path) -> None:
    before, after = simulated_again(tmp_path, COHORT)
    assert after == before
