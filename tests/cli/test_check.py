"""`braid check` as a person meets it: what it says of files, and that it writes nothing."""

from __future__ import annotations

from pathlib import Path

from .conftest import Braid, files


def test_check_says_what_was_read_and_writes_nothing(braid: Braid, project: Path) -> None:
    before = files(project)
    said = braid("check", "c")
    assert said.code == 0
    assert "the files can be used" in said.out
    assert "paired by key: 2" in said.out
    assert files(project) == before


def test_check_tells_every_mistake_at_once_with_its_row(braid: Braid, project: Path) -> None:
    (project / "data_raw/c/pre.csv").write_text("id,q1,q2,q3,q4\nP1,1,Nevr,2,9\nP2,x,1,1,1\n", encoding="utf-8")
    (project / "data_raw/c/post.csv").unlink()
    said = braid("check", "c")
    assert said.code == 2
    assert "data_raw/c/pre.csv: row 2, column q2" in said.err
    assert "data_raw/c/pre.csv: row 3, column q1" in said.err
    assert "data_raw/c/post.csv: this file does not exist" in said.err
    assert "did you mean Never?" in said.err


def test_check_shows_cells_as_they_are_and_never_as_markup(braid: Braid, project: Path) -> None:
    study = project / "analysis" / "study.yml"
    study.write_text(study.read_text(encoding="utf-8").replace("1: Never", "1: '[red]Never[/red]'"), encoding="utf-8")
    (project / "data_raw/c/pre.csv").write_text("id,q1,q2,q3,q4\nP1,[red]never[/red],2,2,2\n", encoding="utf-8")
    said = braid("check", "c")
    assert said.code == 0
    assert "[red]never[/red]" in said.out
