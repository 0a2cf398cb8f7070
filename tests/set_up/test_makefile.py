"""The Makefile explains itself, and starts nothing when there is nothing to set up."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import set_up

ROOT = Path(__file__).parents[2]
TARGETS = {"help", "report", "test", "verify", "lab", "lock", "lint", "bench", "clean"}
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(folder: Path, *arguments: str) -> str:
    """What make would run, or prints, in a folder; the variables of a make around these tests left out."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment.pop("COHORT", None)
    done = subprocess.run(["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder, with a space in its name, that looks to make as if it were set up."""
    root = tmp_path / "our evaluation"
    for name in (*set_up.KEYED_FILES, ".venv/bin/python"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    shutil.copy(ROOT / "Makefile", root)
    write_mark(root)
    return root


def write_mark(root: Path) -> None:
    ready = root / ".venv" / "ready"
    ready.write_text(f"{root.resolve()}\n3.11\n0\n", encoding="utf-8")
    os.utime(ready, (time.time() + 60, time.time() + 60))


def test_every_target_has_a_help_line() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):(?!=)", text, re.MULTILINE))
    assert targets == TARGETS
    assert set(re.findall(r"^([a-z]+):.* ## \S", text, re.MULTILINE)) == TARGETS


@needs_make
def test_help_prints_a_line_for_every_target() -> None:
    lines = make(ROOT, "help").splitlines()
    assert {line.split()[1] for line in lines} == TARGETS
    assert all(re.fullmatch(r"make [a-z]+ +[A-Z]\S* .+", line) for line in lines)


@needs_make
def test_a_folder_that_is_set_up_starts_no_set_up(checkout: Path) -> None:
    assert make(checkout, "-n", "report") == ".venv/bin/braid run 'demo'\n"
    assert make(checkout, "-n", "report", "COHORT=spring-2026") == ".venv/bin/braid run 'spring-2026'\n"


@needs_make
@pytest.mark.parametrize("name", set_up.KEYED_FILES)
def test_a_newer_file_starts_set_up(checkout: Path, name: str) -> None:
    later = time.time() + 120
    os.utime(checkout / name, (later, later))
    assert make(checkout, "-n", "test").splitlines()[0] == "python3 analysis/set_up.py"


@needs_make
def test_a_copied_folder_starts_set_up(checkout: Path) -> None:
    copy = checkout.with_name("copy")
    shutil.copytree(checkout, copy)
    assert make(copy, "-n", "test").splitlines()[0] == "python3 analysis/set_up.py"


@needs_make
def test_an_environment_whose_python_is_gone_starts_set_up(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout / "no such python")
    assert make(checkout, "-n", "test").splitlines()[0] == "python3 analysis/set_up.py"


@needs_make
def test_clean_leaves_reports_raw_data_and_the_environment(checkout: Path) -> None:
    kept = [checkout / name for name in ("reports/demo/report.html", "data_raw/demo/cohort.yml", ".venv/ready")]
    kept.append(checkout / "data_processed" / "README.md")
    gone = checkout / "data_processed" / "demo" / "clean.csv"
    for path in (*kept, gone):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    make(checkout, "clean")
    assert all(path.exists() for path in kept)
    assert not gone.parent.exists()


def test_continuous_integration_runs_the_tests_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert [line for line in lines[1:] if not line.startswith(("set ", "cd "))] == ["make test"]
    assert os.name == "nt" or os.access(script, os.X_OK)
