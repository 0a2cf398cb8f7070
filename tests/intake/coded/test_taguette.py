"""Exports that Taguette 1.5.2 itself made (taguette/make.py says how).

Where BRAID_TAGUETTE names the Python of an environment that has Taguette, it makes them anew here.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from braid.intake.coded import CodedProject, read_project

MADE = Path(__file__).parent / "taguette"
CODES = ["Barriers", "Barriers > Time", "Barriers > Noise", "Helps", "Helps > Peers", "Helps > Food", "e.g. unclear"]


def read(file: str) -> CodedProject:
    return read_project(MADE / file, file)


@pytest.mark.skipif("BRAID_TAGUETTE" not in os.environ, reason="no environment with Taguette is named")
def test_taguette_makes_the_exports_that_are_kept_here(tmp_path: Path) -> None:
    call = [os.environ["BRAID_TAGUETTE"], str(MADE / "make.py"), str(tmp_path)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(call, check=True, env=clean, capture_output=True)
    for name in ("anna-highlights.csv", "bert-highlights.csv", "codebook.csv", "codebook.qdc"):
        assert (tmp_path / name).read_bytes() == (MADE / name).read_bytes()
    for name in ("anna.sqlite3", "bert.sqlite3", "anna-highlights.xlsx", "codebook.xlsx"):
        made, kept = read_project(tmp_path / name, name), read(name)
        assert (made.codes, made.texts, made.notes) == (kept.codes, kept.texts, kept.notes)
        pd.testing.assert_frame_equal(made.segments, kept.segments)


def test_a_project_file_gives_exact_words_though_it_counts_bytes_without_markup() -> None:
    found = read("anna.sqlite3")
    for row in found.segments.to_dict("records"):
        assert found.texts[row["source"]][row["start"] : row["end"]] == row["quote"]
    assert found.segments[["source", "code_path", "quote"]].to_numpy().tolist() == [
        ["FGD_1", "Barriers > Time", "There is never a quiet minute."],
        ["FGD_1", "Barriers > Time", "The phones ring all day & all night."],
        ["FGD_1", "Barriers > Noise", "The phones ring all day & all night."],
        ["FGD_1", "Helps > Peers", "My colleagues cover for me, always, when it gets hard."],
        ["FGD_1", "Barriers > Time", "café at four, 😀 at five."],
        ["FGD_2", "Helps > Peers", "We talk it over at breakfast."],
        ["FGD_2", "Barriers > Time", "Nobody has the time"],
    ]
    assert not found.untrusted
    assert "1 highlight without a tag ignored" in found.notes


def test_each_paragraph_is_a_line_of_its_own_whether_the_markup_has_a_line_end_or_not() -> None:
    found = read("anna.sqlite3")
    assert found.texts["FGD_1"].splitlines()[0] == "Moderator: What keeps you from listening?"
    assert [line.split(":")[0] for line in found.texts["FGD_2"].splitlines()] == [
        "Moderator",
        "FGD_2_Speaker_1",
        "FGD_2_Speaker_2",
    ]


def test_tags_make_a_tree_by_their_points() -> None:
    found = read("anna.sqlite3")
    assert [code.label for code in found.codes] == CODES
    assert [code.label for code in found.codes if not code.codable] == ["Barriers", "Helps"]
    assert {code.label: code.description for code in found.codes}["Helps > Food"] == "Never applied"


@pytest.mark.parametrize("file", ["anna-highlights.csv", "anna-highlights.xlsx"])
def test_a_table_of_highlights_has_a_row_for_each_tag(file: str) -> None:
    found = read(file)
    assert len(found.segments) == 7
    assert found.segments["start"].isna().all()
    assert found.segments["code_path"].value_counts().to_dict() == {
        "Barriers > Time": 4,
        "Helps > Peers": 2,
        "Barriers > Noise": 1,
    }


@pytest.mark.parametrize("file", ["codebook.csv", "codebook.xlsx", "codebook.qdc"])
def test_a_codebook_lists_the_codes_that_nobody_applied_too(file: str) -> None:
    found = read(file)
    assert [code.label for code in found.codes] == CODES
    assert found.segments.empty


def test_words_that_are_not_those_kept_with_a_highlight_are_never_quoted(tmp_path: Path) -> None:
    shutil.copy(MADE / "anna.sqlite3", tmp_path)
    connection = sqlite3.connect(tmp_path / "anna.sqlite3")
    shift = "update highlights set start_offset = start_offset + 3, end_offset = end_offset + 3"
    connection.execute(f"{shift} where id = 1")
    connection.commit()
    found = read_project(tmp_path / "anna.sqlite3", "anna.sqlite3")
    assert found.segments["quote"].eq("").tolist() == [True, *[False] * 6]
    assert "1 highlight with other words at its place than those kept with it: not quoted" in found.notes
    connection.execute(shift)
    connection.commit()
    connection.close()
    lost = read_project(tmp_path / "anna.sqlite3", "anna.sqlite3")
    assert lost.untrusted == {"FGD_1", "FGD_2"}
    assert len(lost.segments) == 7
    assert lost.segments["quote"].eq("").all()
