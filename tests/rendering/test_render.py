"""Rendering as a whole: the same bytes, all files or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.errors import RunError, UserError
from braid.rendering import pandoc, render

from .conftest import House, Rendered

FILES = ("report.html", "report.pdf", "report.docx")


def test_a_second_rendering_by_one_worker_gives_the_same_bytes(rendered: Rendered, house: House) -> None:
    staged = house.stage().directory
    told: list[str] = []
    paths = render(staged, house.root / "out", workers=1, progress=lambda name, seconds: told.append(name))
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


def pandoc_that_fails(folder: Path, failure: str) -> Path:
    """A program that is pandoc, but for the Word file it does something else."""
    path = folder / "pandoc"
    script = f'case "$*" in *--to=docx*) {failure};; esac\nexec "{pandoc.program()}" "$@"\n'
    path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("failure", "told"), [("echo no room >&2; exit 1", "no room"), ("kill -9 $$", "ended from outside by the signal 9")]
)
def test_a_program_that_stops_is_told_with_its_format(
    house: House, monkeypatch: pytest.MonkeyPatch, failure: str, told: str, workers: int
) -> None:
    staged, output = house.stage().directory, house.root / "out"
    render(staged, output, ("html",))
    old = (output / "report.html").read_bytes()
    house.edit("sections/_words.qmd", "# Words", "# Other words")
    failing = str(pandoc_that_fails(house.root, failure))
    monkeypatch.setattr(pandoc, "program", lambda: failing)
    with pytest.raises(RunError, match=rf"report\.docx was not made: pandoc (.|\n)*{told}"):
        render(house.stage().directory, output, workers=workers)
    assert (output / "report.html").read_bytes() == old
    assert [path.name for path in output.iterdir()] == ["report.html"]


def test_an_unknown_format_is_refused(house: House) -> None:
    with pytest.raises(UserError, match="unknown format odt"):
        render(house.stage().directory, house.root / "out", ("odt",))
