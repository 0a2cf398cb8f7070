"""QualCoder's project: codes below categories, coders, cases by where they stand, and variables."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.intake.coded import read_project

from tests.intake.coded.qualcoder_files import MINUTE, TALK, TEXT, write


@pytest.mark.parametrize("utf16", [False, True])
def test_a_project_is_read_with_its_cases_and_variables(tmp_path: Path, utf16: bool) -> None:
    found = read_project(write(tmp_path, utf16=utf16), "ward.qda")
    assert found.segments[["participant", "coder", "code_path", "quote", "memo"]].to_numpy().tolist() == [
        ["P 01", "Coder A", "Work > Barriers > Time", MINUTE, "m"],
        ["P 02", "Coder B", "Peers", TALK, "m"],
    ]
    assert found.texts == {"FGD_1": TEXT}
    assert [(code.label, code.codable) for code in found.codes] == [
        ("Food", True),
        ("Peers", True),
        ("Work", False),
        ("Work > Barriers", False),
        ("Work > Barriers > Time", True),
    ]
    assert found.participants.to_dict("list") == {"participant": ["P 01", "P 02"], "Specialty": ["Surgery", ""]}
    assert found.sources.to_dict("list") == {"source": ["FGD_1"], "Ward": ["North"]}
    assert "1 coding of a deleted document or code left out" in found.notes
    assert "1 coding of pictures, sound or film left out" in found.notes


def test_the_database_alone_is_enough_and_coders_may_keep_their_names(tmp_path: Path) -> None:
    found = read_project(write(tmp_path) / "data.qda", "data.qda", names=True)
    assert found.segments["coder"].tolist() == ["anna", "bert"]


def test_reading_makes_no_file_beside_the_project(tmp_path: Path) -> None:
    project = write(tmp_path)
    before = sorted(project.iterdir())
    read_project(project, "ward.qda")
    assert sorted(project.iterdir()) == before
