"""Both renderers say the same: our report against the outline that real Quarto gave, and Quarto's where it is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from braid.rendering import find_quarto, render

from .conftest import Rendered
from .outline import RECORD, Outline, of_page, of_word

RECORDED: dict[str, Outline] = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", ["headings", "captions", "references", "tables"])
def test_the_page_has_the_outline_that_quarto_gave_it(rendered: Rendered, part: str) -> None:
    assert of_page(rendered.html)[part] == RECORDED["html"][part]
    assert RECORDED["html"][part]


@pytest.mark.parametrize("part", ["headings", "captions", "references", "tables"])
def test_the_word_file_has_the_outline_that_quarto_gave_it(rendered: Rendered, part: str) -> None:
    assert of_word(rendered.word())[part] == RECORDED["docx"][part]
    assert RECORDED["docx"][part]


@pytest.mark.slow
def test_the_record_is_what_quarto_gives_now(rendered: Rendered, tmp_path: Path) -> None:
    quarto = find_quarto()
    if quarto is None:
        pytest.skip("Quarto is not installed")
    render(rendered.staged, tmp_path, ("html", "docx"), quarto=quarto)
    now = Rendered(rendered.staged, tmp_path)
    assert {"html": of_page(now.html), "docx": of_word(now.word())} == RECORDED
