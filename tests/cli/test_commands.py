"""What all commands have in common: help, names, calls that cannot be understood, and exit codes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Braid, files

COMMANDS = ("run", "compare", "status", "check", "new", "quotes", "simulate", "preview", "verify", "doctor", "lab")


def test_the_help_lists_every_command_and_each_has_a_help_of_its_own(braid: Braid) -> None:
    listed = braid("--help")
    assert listed.code == 0
    words = re.sub(r"\x1b\[[0-9;]*m", "", listed.out)
    assert set(re.findall(r"^[│|]? *([a-z]+)  +[A-Z]", words, re.MULTILINE)) == set(COMMANDS)
    for name in COMMANDS:
        one = braid(name, "--help")
        assert one.code == 0, name
        assert f"braid {name}" in one.out


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_does_can_be_loaded(name: str) -> None:
    import importlib

    assert importlib.import_module(f"braid.cli.{name}")


def test_the_help_loads_neither_pandas_nor_papermill() -> None:
    heavy = "[m for m in ('pandas', 'numpy', 'scipy', 'papermill', 'matplotlib', 'pingouin') if m in sys.modules]"
    code = (
        "import sys; sys.argv = ['braid', '--help']\n"
        "from braid.cli import main\n"
        f"try: main()\nexcept SystemExit as end: print('ended', end.code)\nprint('loaded', {heavy})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["ended 0", "loaded []"]
    assert "Usage" in done.stdout


def test_the_module_and_the_command_give_the_exit_code_to_the_shell(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "braid", "check", "nowhere"], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "there is no cohort nowhere" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["run", "check", "verify"])
def test_an_unknown_cohort_is_told_with_the_one_that_was_meant(braid: Braid, project: Path, command: str) -> None:
    shutil.copytree(project / "data_raw" / "c", project / "data_raw" / "spring")
    before = files(project)
    said = braid(command, "sprnig")
    assert said.code == 2
    assert "there is no cohort sprnig" in said.err
    assert "did you mean spring?" in said.err
    assert "Traceback" not in said.err
    assert files(project) == before


@pytest.mark.parametrize("name", ["../c", "a/b", "/etc", "..", ".hidden", "a b", "sections", "Styles", "a\n", "x" * 65])
@pytest.mark.parametrize("command", ["run", "check", "verify", "simulate"])
def test_a_name_of_which_a_path_could_be_made_is_refused(braid: Braid, project: Path, command: str, name: str) -> None:
    before = files(project.parent)
    said = braid(command, name)
    assert said.code == 2
    assert "this is not a name for a cohort" in said.err
    assert files(project.parent) == before


@pytest.mark.parametrize(
    "arguments", [("run", "c", "--forec"), ("rnu", "c"), ("run", "c", "d"), ("new", "x"), ("simulate",)]
)
def test_a_call_that_cannot_be_understood_is_a_users_mistake(
    braid: Braid, project: Path, arguments: tuple[str, ...]
) -> None:
    said = braid(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


def test_outside_of_a_project_it_is_told(braid: Braid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = braid("check", "no-cohort-of-this-name")
    assert said.code == 2
    assert "not inside a braid project" in said.err
    assert files(tmp_path) == {}
