"""What the README says of commands and measurements is what there is."""

from __future__ import annotations

import re

import pytest
from braid.cli.app import app

from tests.benchmark.__main__ import BEGIN, END, RESULT
from tests.project_copy import REPOSITORY

TEXT = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_command_that_is_named_exists() -> None:
    known = {
        command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands
    }
    named = set(re.findall(r"`(?:\.venv/bin/)?braid ([a-z]+)", TEXT))
    assert len(named) > 8
    assert named <= known


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:analysis|reports|tests|data_raw)/[\w./-]+)`", TEXT))))
def test_every_file_that_is_named_exists_or_is_made(name: str) -> None:
    parts = {"spring", "language", "notes", "bundle", "report.html", "index.html"}
    assert (REPOSITORY / name).exists() or parts & set(name.split("/"))


def test_the_measurements_are_those_of_the_last_bench() -> None:
    """`make bench` writes both; nobody edits one alone."""
    _, begun, rest = TEXT.partition(BEGIN)
    quoted, ended, _ = rest.partition(END)
    assert begun and ended
    assert quoted.strip() == RESULT.read_text(encoding="utf-8").strip()
