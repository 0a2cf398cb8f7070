"""The answer that comes at once when nothing has changed, and that never comes when something has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from braid.cli.unchanged import answered, remember


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("analysis/study.yml", "data_raw/c/before.csv", "data_processed/c/run.log", "_quarto.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content", encoding="utf-8")
    files = [tmp_path / "analysis/study.yml", tmp_path / "data_raw/c", tmp_path / "data_raw/c/before.csv"]
    remember(tmp_path, "c", files, ["title", "headline"], ["headline"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_that_is_as_it_was_is_answered(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(["run", "c"])
    assert capsys.readouterr().out == "title\nheadline\n"
    assert answered(["run", "c", "--quiet"])
    assert capsys.readouterr().out == "headline\n"


def test_it_is_answered_from_a_folder_inside_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "analysis")
    assert answered(["run", "c"])


def test_a_changed_file_is_not_answered(project: Path) -> None:
    (project / "data_raw/c/before.csv").write_text("other content", encoding="utf-8")
    assert not answered(["run", "c"])


def test_a_file_of_the_same_size_and_another_time_is_not_answered(project: Path) -> None:
    os.utime(project / "data_raw/c/before.csv", ns=(1, 1))
    assert not answered(["run", "c"])


def test_an_added_and_a_missing_file_are_not_answered(project: Path) -> None:
    (project / "data_raw/c/after.csv").write_text("new", encoding="utf-8")
    assert not answered(["run", "c"])
    (project / "data_raw/c/after.csv").unlink()
    (project / "data_raw/c/before.csv").unlink()
    assert not answered(["run", "c"])


def test_another_commit_is_not_answered(project: Path) -> None:
    (project / ".git").mkdir()
    (project / ".git" / "HEAD").write_text("0" * 40, encoding="utf-8")
    assert not answered(["run", "c"])


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["run", "d"], ["run", "c", "--force"], ["run", "c", "--to", "pdf"], ["check", "c"]]
)
def test_other_calls_go_their_ordinary_way(project: Path, arguments: list[str]) -> None:
    assert not answered(arguments)


@pytest.mark.parametrize("name", ["../c", "a/../c", ".", ".."])
def test_no_path_is_made_of_a_name(project: Path, name: str) -> None:
    assert not answered(["run", name])


def test_signs_that_cannot_be_read_are_not_answered(project: Path) -> None:
    (project / "data_processed/c/unchanged.json").write_text("{", encoding="utf-8")
    assert not answered(["run", "c"])


def test_the_answer_loads_nothing_but_the_standard_library() -> None:
    loaded = "[m for m in ('typer', 'pydantic', 'yaml', 'pandas') if m in sys.modules]"
    code = f"import sys, braid.cli.unchanged; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
