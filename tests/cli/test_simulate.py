"""`braid simulate` makes what can be checked, and never touches what a person has put there."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Braid, files


def test_simulate_makes_a_cohort_of_the_study_that_can_be_checked(braid: Braid, project: Path) -> None:
    said = braid("simulate", "try-out", "--people", "12", "--seed", "3")
    assert said.code == 0
    assert "synthetic files in data_raw/try-out from the seed 3" in said.out
    before = files(project / "data_raw" / "try-out")
    assert b"synthetic: true" in before["cohort.yml"]
    checked = braid("check", "try-out")
    assert checked.code == 0
    assert "12 persons answered" in checked.out
    again = braid("simulate", "try-out", "--people", "12", "--seed", "3")
    assert again.code == 0
    assert files(project / "data_raw" / "try-out") == before


def test_simulate_replaces_synthetic_files_only_when_told(braid: Braid, project: Path) -> None:
    assert braid("simulate", "try-out", "--people", "12", "--seed", "3").code == 0
    before = files(project / "data_raw" / "try-out")
    refused = braid("simulate", "try-out", "--people", "13", "--seed", "4")
    assert refused.code == 2
    assert "exist already" in refused.err
    assert files(project / "data_raw" / "try-out") == before
    assert braid("simulate", "try-out", "--people", "13", "--seed", "4", "--replace").code == 0
    assert files(project / "data_raw" / "try-out") != before


@pytest.mark.parametrize("arguments", [(), ("--replace",), ("--people", "8", "--seed", "1", "--replace")])
def test_simulate_never_touches_a_real_cohort(braid: Braid, project: Path, arguments: tuple[str, ...]) -> None:
    before = files(project)
    said = braid("simulate", "c", *arguments)
    assert said.code == 2
    assert "does not say that it is synthetic" in said.err
    assert files(project) == before


def test_simulate_never_mixes_with_files_that_have_no_definition_yet(braid: Braid, project: Path) -> None:
    (project / "data_raw" / "real").mkdir()
    (project / "data_raw" / "real" / "survey_pre.csv").write_text("id\nP1\n", encoding="utf-8")
    before = files(project)
    said = braid("simulate", "real", "--replace")
    assert said.code == 2
    assert "holds files but no cohort.yml" in said.err
    assert files(project) == before


def test_a_simulation_that_is_refused_leaves_no_half_cohort(braid: Braid, project: Path) -> None:
    before = files(project)
    said = braid("simulate", "try-out", "--people", "2")
    assert said.code == 2
    assert "at least 4 people" in said.err
    assert files(project) == before
    assert not (project / "data_raw" / "try-out").exists()
