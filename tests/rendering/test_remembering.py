"""What is remembered between renderings: never more than what is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.rendering import pandoc, render
from braid.rendering.remembering import remembered

from .conftest import House


def test_something_is_made_again_only_when_what_it_is_made_of_changes(tmp_path: Path) -> None:
    answers = iter([b"first\nwith lines", b"second", b"third"])
    first = b"first\nwith lines"
    for made_of, expected in (([b"a", b"b"], first), ([b"a", b"b"], first), ([b"ab"], b"second")):
        assert remembered(tmp_path / "kept", "thing", made_of, lambda: next(answers)) == expected
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["thing"]
    assert remembered(None, "thing", [b"ab"], lambda: next(answers)) == b"third"


def test_after_an_edit_the_page_is_the_same_as_one_made_from_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    read: list[bytes] = []
    real = pandoc.run

    def page(pictures: Path) -> bytes:
        return render(house.stage().directory, tmp_path / "out", ("html",), pictures=pictures)[0].read_bytes()

    def run(arguments: list[str], *, text: bytes = b"", directory: Path | None = None) -> bytes:
        read.append(text)
        return real(arguments, text=text, directory=directory)

    page(kept)
    monkeypatch.setattr(pandoc, "run", run)
    house.edit("sections/_words.qmd", "@tbl-quotes follows", "Edited: @tbl-quotes follows")
    edited = page(kept)
    assert b"Edited:" in edited
    assert not any(b"| Women" in text for text in read), "a table was read again"
    house.edit("references.bib", "Learning to teach", "Learning to listen")
    notebook = house.notebooks / "02_baseline.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("3.41 ", "3.47 "), encoding="utf-8")
    changed = page(kept)
    assert b"Learning to Listen" in changed
    assert b">3.47<" in changed
    assert changed == page(tmp_path / "empty")
    assert any(b"| Women" in text for text in read)
