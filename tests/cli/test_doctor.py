"""`braid doctor` as a program meets it."""

from __future__ import annotations

from pathlib import Path

from .conftest import Braid


def test_doctor_ends_with_1_where_something_keeps_braid_from_working(braid: Braid, project: Path) -> None:
    said = braid("doctor")
    assert said.code == 1
    assert "requirements.lock is missing" in said.out
    assert "braid cannot work well before this is mended" in said.err
