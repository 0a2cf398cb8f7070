"""Rendering as a whole: the same bytes, all files or none."""

from __future__ import annotations

import pytest
from braid.errors import UserError
from braid.rendering import render

from .conftest import House, Rendered

FILES = ("report.html", "report.pdf", "report.docx")


def test_a_second_rendering_gives_the_same_bytes(rendered: Rendered, house: House) -> None:
    staged = house.stage().directory
    told: list[str] = []
    paths = render(staged, house.root / "out", progress=lambda name, seconds: told.append(name))
    assert told == ["html", "pdf", "docx"]
    assert [path.name for path in paths] == list(FILES)
    for name in FILES:
        assert (house.root / "out" / name).read_bytes() == (rendered.output / name).read_bytes(), name


def test_a_failure_leaves_the_old_files_and_nothing_else(house: House) -> None:
    output = house.root / "out"
    render(house.stage().directory, output, ("html",))
    old = (output / "report.html").read_bytes()
    house.edit("sections/_words.qmd", "# Words", "# Words\n\nSee @tbl-nothing.")
    with pytest.raises(UserError):
        render(house.stage().directory, output, ("html",))
    assert (output / "report.html").read_bytes() == old
    assert [path.name for path in output.iterdir()] == ["report.html"]


def test_an_unknown_format_is_refused(house: House) -> None:
    with pytest.raises(UserError, match="unknown format odt"):
        render(house.stage().directory, house.root / "out", ("odt",))
