"""The command called in this process, in a small project: how it ended, and what it said and wrote."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from braid.cli import app as application

from ..cleaning.small_cohort import make


@dataclass(frozen=True)
class Said:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str


Braid = Callable[..., Said]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a cohort `c`; commands are called in its folder."""
    make(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def braid(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Braid:
    """Call the command in this process."""

    def call(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["braid", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        try:
            application.run_app()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        else:
            code = 0
        heard = capsys.readouterr()
        return Said(code, heard.out, heard.err)

    return call


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the journal of runs."""
    found = (path for path in root.rglob("*") if path.is_file() and path.name != "run.log")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
